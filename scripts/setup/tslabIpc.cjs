"use strict";
// Preloaded (`node -r`) by stock tslab. On sockets in the file system (the transport "ipc"), which a
// shared machine needs so that no other user can listen to a kernel, Jupyter looks for `<ip>-<port>`
// and tslab 1.0.22 binds `<ip>:<port>`. Links lead from the one to the other; those who connect
// before the socket is there try again.
const { readFileSync, rmSync, symlinkSync } = require("node:fs");
const { basename } = require("node:path");

const at = process.argv.indexOf("--config-path");
const connection = at < 0 ? {} : JSON.parse(readFileSync(process.argv[at + 1], "utf8"));
if (connection.transport === "ipc") {
  const links = ["shell", "iopub", "stdin", "control", "hb"].map((channel) => {
    const port = connection[`${channel}_port`];
    const link = `${connection.ip}-${port}`;
    // A restarted kernel has the connection of the one before, which may have been killed.
    rmSync(link, { force: true });
    symlinkSync(`${basename(connection.ip)}:${port}`, link);
    return link;
  });
  process.once("exit", () => {
    for (const link of links) {
      rmSync(link, { force: true });
    }
  });
}

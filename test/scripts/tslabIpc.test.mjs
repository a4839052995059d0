import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { project } from "../../scripts/setup/project.mjs";

/** Listens where tslab does, and says what one who connects where Jupyter does gets there. */
const TSLAB = `
  const net = require("node:net"), fs = require("node:fs");
  const { ip, iopub_port: port } = JSON.parse(fs.readFileSync(process.argv[3], "utf8"));
  const server = net.createServer((socket) => socket.end("hello")).listen(ip + ":" + port, () => {
    net.connect(ip + "-" + port).on("data", (data) => {
      console.log(String(data));
      server.close();
    });
  });`;

/** What the stand-in for tslab prints, with a connection of this kind; and what it leaves behind. */
function start(t, connection) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ipc-"));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, "kernel.json");
  const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
  const ip = path.join(folder, "kernel-ipc");
  fs.writeFileSync(file, JSON.stringify({ ip, ...ports, ...connection }));
  const script = path.join(folder, "tslab.cjs");
  fs.writeFileSync(script, TSLAB);
  const run = () =>
    execFileSync(process.execPath, ["-r", project.tslabIpc, script, "--config-path", file], {
      encoding: "utf8",
    });
  return { folder, ip, run, left: () => fs.readdirSync(folder).sort() };
}

test("tslab is reached over sockets in the file system", (t) => {
  if (process.platform === "win32") {
    return t.skip("Windows has no such sockets");
  }
  const { ip, run, left } = start(t, { transport: "ipc" });
  assert.equal(run(), "hello\n");
  assert.deepEqual(left(), ["kernel.json", "tslab.cjs"]);
  // A kernel that was killed has left its links.
  fs.symlinkSync("elsewhere", `${ip}-2`);
  assert.equal(run(), "hello\n");
});

test("over TCP there is nothing to link", (t) => {
  if (process.platform === "win32") {
    return t.skip("Windows has no such sockets");
  }
  const { run } = start(t, { transport: "tcp" });
  assert.throws(run, /ENOENT/);
});

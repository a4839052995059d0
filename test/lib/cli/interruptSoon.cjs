"use strict";
// Loaded before a command: sends it SIGINT as soon as lib/cli/exit.ts listens for it. Packages listen
// too, and earlier.
process.on("newListener", (name, listener) => {
  if (name !== "SIGINT" || listener.name !== "handler") {
    return;
  }
  setImmediate(() => process.kill(process.pid, "SIGINT"));
});

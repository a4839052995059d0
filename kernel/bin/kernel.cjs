#!/usr/bin/env node
// karenina-kernel start CONNECTION_FILE | install [options]
// Runs the built files; in a checkout where they are missing, builds them first.
const { existsSync } = require("node:fs");
const path = require("node:path");

const starting = process.argv[2] === "start" && process.argv.length === 4;
const script = path.join(__dirname, "..", "dist", starting ? "kernel.cjs" : "install.cjs");

function run() {
  require(script);
}

if (existsSync(script)) {
  run();
} else {
  import("../build.mjs")
    .then(({ build }) => build())
    .then(run)
    .catch((error) => {
      console.error(
        "karenina-kernel is not built, and building it failed. Run `npm install` and " +
          `\`node ${path.join(__dirname, "..", "build.mjs")}\`.\n${error.stack}`,
      );
      process.exitCode = 1;
    });
}

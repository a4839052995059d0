#!/usr/bin/env node
"use strict";
// `npx karenina train ...`: the commands under the package's own name.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

require("../host/node/preload.cjs");
// TypeScript in a checkout, JavaScript in the package on npm.
if (existsSync(join(__dirname, "cli.ts"))) {
  require("tsx/cjs");
}
require("./cli");

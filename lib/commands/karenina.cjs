#!/usr/bin/env node
"use strict";
// `npx karenina train ...`: the three commands under the package's own name.
require("../backend/preload.cjs");
require("tsx/cjs");
require("./cli.ts");

"use strict";
// node:process for the package that reads a command's options.
module.exports = require("./commandProcess").commandProcess;

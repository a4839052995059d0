"use strict";
// node:assert/strict, which all of its forms are here.
module.exports = require("assert/build/assert.js").strict;

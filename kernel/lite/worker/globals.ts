// What Node has as globals: to be imported before anything else.
import { Buffer } from "../web/buffer";
import webProcess from "../web/process";
import timers from "../web/timers";

Object.assign(globalThis, {
  Buffer,
  global: globalThis,
  process: webProcess,
  setImmediate: timers.setImmediate,
  clearImmediate: timers.clearImmediate,
});

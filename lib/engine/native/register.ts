// Imported for its effect by what runs in Node: the only way by which the native engine is loaded.
import { registerEngine } from "../registration";

registerEngine(() => {
  const { nativeBinding } = require("../tensorflow") as typeof import("../tensorflow");
  // Where TensorFlow runs on WebAssembly, ../choice.ts knows what computes.
  return nativeBinding() && (require("./engine") as typeof import("./engine")).nativeEngine;
});

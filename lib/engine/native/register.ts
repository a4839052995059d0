// Imported for its effect by what runs in Node: the only way by which the native engine is loaded.
import { registerEngine } from "../choice";
import { nativeBinding } from "../tensorflow";
import { nativeEngine } from "./engine";

// Where TensorFlow runs on WebAssembly, the plain engine goes on.
if (nativeBinding() !== undefined) {
  registerEngine(nativeEngine);
}

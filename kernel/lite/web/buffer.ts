// Node's Buffer. One class for all scripts of a worker, so that each takes the others' bytes.
import { Buffer as Own } from "buffer/";

const scope = globalThis as unknown as { Buffer?: typeof Own };
const known = scope.Buffer !== undefined;
scope.Buffer ??= Own;

export const Buffer = scope.Buffer;

if (!known) {
  // Node copies into any Uint8Array, the package into its own class only.
  Buffer.prototype.copy = function (this: Uint8Array, target, at = 0, from = 0, to = this.length) {
    const part = this.subarray(from, to).subarray(0, Math.max(0, target.length - at));
    Uint8Array.prototype.set.call(target, part, at);
    return part.length;
  };
}

export default { Buffer };

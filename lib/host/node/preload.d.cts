/** What runs the tensors of this process; `reason` says why where it is not the native library. */
declare const selection: { name: "native" | "wasm"; reason: string };
export = selection;

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { test } from "node:test";

const root = path.resolve(__dirname, "../../..");

/** Runs a script in a process of its own, where the backend has not been chosen yet. */
function run(script: string, env: Record<string, string> = {}): string {
  const loader = path.join(root, "node_modules/tsx/dist/cjs/index.cjs");
  const preload = path.join(root, "lib/host/node/preload.cjs");
  return execFileSync(process.execPath, ["-r", preload, "-r", loader, "-e", script], {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();
}

for (const order of ["karenina first", "danfojs first"]) {
  for (const backend of ["", "wasm"]) {
    test(`danfojs shares the library's tensors: ${order}, backend ${backend || "default"}`, () => {
      const imports = [
        'const { tf, ready } = require("karenina");',
        'const { DataFrame } = require("danfojs-node");',
      ];
      if (order === "danfojs first") {
        imports.reverse();
      }
      const output = run(
        `${imports.join("")}
         ready().then(({ name }) => {
           const frame = new DataFrame([[1, 2], [3, 4]]);
           const sum = tf.tidy(() => tf.sum(frame.tensor).dataSync()[0]);
           console.log(name, sum, frame.tensor instanceof tf.Tensor);
         });`,
        backend ? { KARENINA_BACKEND: backend } : {},
      );
      assert.match(output, backend ? /^wasm 10 true$/ : /^(native|wasm) 10 true$/);
    });
  }
}

test("a script that preloads nothing gets the backend that it asks for", () => {
  const loader = path.join(root, "node_modules/tsx/dist/cjs/index.cjs");
  const script = 'require("karenina").ready().then(({ name }) => console.log(name));';
  const output = execFileSync(process.execPath, ["-r", loader, "-e", script], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: "", KARENINA_BACKEND: "wasm" },
    encoding: "utf8",
  });
  assert.equal(output.trim(), "wasm");
});

test("WebAssembly trains an LSTM on an embedding and saves it", () => {
  const output = run(
    `const { tf, ready } = require("karenina");
     const fs = require("node:fs"), os = require("node:os"), path = require("node:path");
     (async () => {
       await ready();
       const model = tf.sequential({ layers: [
         tf.layers.embedding({ inputDim: 5, outputDim: 4, inputLength: 3 }),
         tf.layers.lstm({ units: 3 }), tf.layers.dense({ units: 1 })] });
       model.compile({ loss: "meanSquaredError", optimizer: tf.train.adam(0.05) });
       const x = tf.tensor2d([[1, 2, 3], [0, 1, 4]], [2, 3], "int32"), y = tf.tensor2d([[1], [-1]]);
       const before = tf.memory().numTensors;
       const { history } = await model.fit(x, y, { epochs: 1, verbose: 0 });
       const settled = tf.memory().numTensors;
       const later = (await model.fit(x, y, { epochs: 20, verbose: 0 })).history;
       const folder = fs.mkdtempSync(path.join(os.tmpdir(), "karenina-"));
       await model.save("file://" + folder);
       const loaded = await tf.loadLayersModel("file://" + folder + "/model.json");
       const same = tf.tidy(() => tf.max(tf.abs(tf.sub(model.predict(x), loaded.predict(x)))).dataSync()[0]);
       fs.rmSync(folder, { recursive: true });
       console.log(JSON.stringify({ fell: later.loss.at(-1) < history.loss[0] / 2, same }));
     })();`,
    { KARENINA_BACKEND: "wasm" },
  );
  assert.deepEqual(JSON.parse(output), { fell: true, same: 0 });
});

test("an unknown KARENINA_BACKEND is named, with the values that exist", () => {
  assert.throws(
    () => run('require("karenina")', { KARENINA_BACKEND: "gpu" }),
    /"gpu".*"native".*"wasm"/s,
  );
});

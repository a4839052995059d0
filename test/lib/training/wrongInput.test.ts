import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { before, describe, test } from "node:test";

const root = path.resolve(__dirname, "../../..");

/** What TensorFlow, tfjs and JavaScript itself say where nobody has looked before. */
const FOREIGN = [
  "{{node",
  "In[0]",
  "Matrix size-incompatible",
  "INVALID_ARGUMENT",
  "TF_Status",
  "NodeDef",
  "napi",
  "Cannot read properties",
  "is not a function",
  "is not iterable",
  "Error in matMul",
  "Argument '",
  "passed to '",
  "must match",
  "Size(",
  "gather",
  "Invalid",
];

/** The answers of wrongInput.ts under some environment. */
function answersWith(env: Record<string, string>): Record<string, string> {
  const options = [
    "-r",
    path.join(root, "lib/host/node/preload.cjs"),
    "-r",
    path.join(root, "node_modules/tsx/dist/cjs/index.cjs"),
  ];
  const { NODE_TEST_CONTEXT: _, ...rest } = process.env;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...options, path.join(__dirname, "wrongInput.ts")],
    { cwd: root, env: { ...rest, ...env }, encoding: "utf8" },
  );
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout.trim().split("\n").at(-1)!);
}

describe("what does not fit is refused before TensorFlow sees it", () => {
  let answers: Record<string, string>;
  before(() => {
    answers = answersWith({ TF_ENABLE_ONEDNN_OPTS: "0" });
  });

  test("by every entry point, in words of our own", () => {
    assert.ok(Object.keys(answers).length > 200);
    const taken = Object.keys(answers).filter((name) => answers[name] === "taken");
    assert.deepEqual(taken, []);
    for (const [name, answer] of Object.entries(answers)) {
      const foreign = FOREIGN.filter((words) => answer.includes(words));
      assert.deepEqual(foreign, [], `${name}: ${answer}`);
      assert.ok(!answer.startsWith("TypeError"), `${name}: ${answer}`);
    }
  });

  test("with the batch's real size, the layer's name and what was expected", () => {
    for (const way of ["train", "train by the tape", "evaluate", "accuracy"]) {
      assert.match(
        answers[`${way}, mlp: 3 features of 4`],
        /\[64,3\].*\[batch, 4\].*"karenina_dense\w*".*3 numbers there instead of 4/s,
      );
      assert.match(
        answers[`${way}, mlp: label 3 of 3`],
        /label is 3, but with 3 classes.*0 to 2.*64/s,
      );
      assert.match(
        answers[`${way}, classifier: 2 features of 3`],
        /\[32,5,2\].*\[batch, any, 3\]/s,
      );
    }
    assert.match(answers["lstm of [2,5,3]"], /lstm\S* expects .*\[batch, time, 4\].*\[2,5,3\]/s);
    assert.match(
      answers["train, meanSquaredError: [N] against [N, 1]"],
      /\[64,1\].*targets of the shape \[64\].*y\.reshape\(\[64,1\]\)/s,
    );
  });

  for (const [name, env] of Object.entries<Record<string, string>>({
    "oneDNN's kernels": { TF_ENABLE_ONEDNN_OPTS: "1" },
    WebAssembly: { KARENINA_BACKEND: "wasm" },
  })) {
    test(`and ${name} make no difference`, () => assert.deepEqual(answersWith(env), answers));
  }
});

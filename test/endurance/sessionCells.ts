import assert from "node:assert/strict";
import type { ExecuteResult, Kernel } from "../../runner/client";

/** A file beside the session that is another one before each cell. */
export const MODULE = "edited.ts";

export const PREPARATION = [
  'import * as tf from "@tensorflow/tfjs";',
  'import { lineFigure } from "karenina";',
].join("\n");

const LIMIT = { timeoutMs: 30_000 };

const run = (kernel: Kernel, code: string) => kernel.execute(code, LIMIT);

function resultOf({ status, outputs }: ExecuteResult): unknown {
  assert.equal(status, "ok", JSON.stringify(outputs));
  const last = outputs.at(-1);
  return last?.output_type === "execute_result" ? last.data["text/plain"] : undefined;
}

function errorOf({ status, outputs }: ExecuteResult) {
  assert.equal(status, "error");
  const last = outputs.at(-1);
  return last?.output_type === "error" ? last : undefined;
}

const helpOn = async (kernel: Kernel, type: string, code: string) =>
  (await kernel.request(type, { code, cursor_pos: code.length, detail_level: 0 }, LIMIT)).content;

/**
 * What is done in turns; the number is another one each time, so that no answer can come from an
 * earlier turn.
 *
 * @throws AssertionError where the kernel's answer is wrong
 */
export const kinds: readonly ((kernel: Kernel, i: number) => Promise<void>)[] = [
  async function declaresAgain(kernel, i) {
    const code = `const rows = Array.from({ length: 1000 }, (_, k) => k + ${i});\nrows.at(-1)`;
    assert.equal(resultOf(await run(kernel, code)), String(999 + i));
  },
  async function declaresAClass(kernel, i) {
    const code =
      "class Point {\n  constructor(readonly x: number, readonly y: number) {}\n" +
      `  sum() { return this.x + this.y; }\n}\nnew Point(${i}, 1).sum()`;
    assert.equal(resultOf(await run(kernel, code)), String(i + 1));
  },
  async function usesWhatIsThere(kernel, i) {
    const code = `new Point(rows.length, ${i}).sum()`;
    assert.equal(resultOf(await run(kernel, code)), String(1000 + i));
  },
  async function prints(kernel, i) {
    const { outputs } = await run(kernel, `for (let k = 0; k < 500; k++) console.log(k, ${i});`);
    const text = outputs[0].output_type === "stream" ? outputs[0].text : "";
    assert.equal(text, Array.from({ length: 500 }, (_, k) => `${k} ${i}\n`).join(""));
  },
  async function throws(kernel, i) {
    const error = errorOf(await run(kernel, `throw new RangeError("number ${i}");`));
    assert.deepEqual([error?.ename, error?.evalue], ["RangeError", `number ${i}`]);
  },
  async function hasATypeError(kernel, i) {
    const error = errorOf(await run(kernel, `const name: string = ${i};`));
    assert.match(error?.evalue ?? "", /'number' is not assignable to type 'string'/);
  },
  async function waits(kernel, i) {
    const code = `await new Promise<void>((resolve) => setTimeout(resolve, 5));\n${i}`;
    assert.equal(resultOf(await run(kernel, code)), String(i));
  },
  async function computes(kernel, i) {
    const code =
      `const total = tf.tidy(() => tf.fill([64, 64], ${i}).matMul(tf.ones([64, 64])).max());\n` +
      "const [found, tensors] = [total.arraySync(), tf.memory().numTensors - 1];\n" +
      "total.dispose();\n[found, tensors]";
    assert.equal(resultOf(await run(kernel, code)), `[ ${64 * i}, 0 ]`);
  },
  async function showsLive(kernel, i) {
    const code =
      'const shown = display({ "text/html": "<b>0</b>" });\n' +
      `for (let k = 0; k <= ${i % 20}; k++) shown.update({ "text/html": \`<b>\${k}, ${i}</b>\` });`;
    const { outputs } = await run(kernel, code);
    const [only] = outputs;
    assert.equal(outputs.length, 1);
    assert.ok(only.output_type === "display_data");
    assert.equal(only.data["text/html"], `<b>${i % 20}, ${i}</b>`);
  },
  async function draws(kernel, i) {
    const code = `lineFigure([0, 1], [${i}, 0], { title: "Number ${i}" })`;
    const { outputs } = await run(kernel, code);
    assert.ok(JSON.stringify(outputs).includes(`Number ${i}`), JSON.stringify(outputs));
  },
  async function importsAnEditedFile(kernel, i) {
    const code = 'import { edited } from "./edited";\nedited';
    assert.equal(resultOf(await run(kernel, code)), String(i));
  },
  async function completes(kernel, i) {
    const { matches } = await helpOn(kernel, "complete_request", `rows.slice(${i}).reduceR`);
    assert.deepEqual(matches, ["reduceRight"]);
  },
  async function inspects(kernel, i) {
    const { found, data } = await helpOn(kernel, "inspect_request", `const t${i} = tf.matMul`);
    assert.ok(found && JSON.stringify(data).includes("transposeA"));
  },
  async function isStopped(kernel, i) {
    const running = kernel.execute(`console.log(${i});\nwhile (true) {}`, {
      ...LIMIT,
      onOutput: ({ header }) => {
        if (header.msg_type === "stream") {
          void kernel.interrupt();
        }
      },
    });
    assert.equal(errorOf(await running)?.ename, "KeyboardInterrupt");
  },
];

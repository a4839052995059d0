// Controls on real kernels: what goes over the sockets, and what a training hears of it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  type ExecuteResult,
  type Kernel,
  type Message,
  startKernel,
} from "../../../../runner/client";
import { KARENINA, ROOT, TSLAB } from "../../../runner/client/kernels";

const LIMIT = { timeoutMs: 120_000 };
/** A cell that somebody runs who is there to answer questions. */
const ATTENDED = { ...LIMIT, onStdin: () => "" };

const TRAINING = [
  'import { button, charRnn, sequenceBatches, slider, toggle, train, Vocabulary } from "karenina";',
  'const text = "all happy families are alike. ".repeat(4);',
  "const vocabulary = Vocabulary.of(text);",
  "const encoded = vocabulary.encode(text);",
  "const batches = () => sequenceBatches(encoded, { batchSize: 2, steps: 10 });",
  "const network = () => charRnn({ vocabularySize: vocabulary.size, batchSize: 2, hiddenSize: 8 });",
].join("\n");

function textsOf({ outputs }: ExecuteResult): unknown[] {
  return outputs.flatMap((output) =>
    output.output_type === "display_data" ? [output.data["text/plain"]] : [],
  );
}

describe("controls on a real kernel", {
  skip: KARENINA ? false : "the kernel is not installed",
  timeout: 300_000,
}, () => {
  let kernel: Kernel;
  const heard: Message[] = [];

  before(async () => {
    kernel = await startKernel({ spec: KARENINA!, cwd: ROOT });
    kernel.listen((channel, message) => {
      if (channel === "iopub") {
        heard.push(message);
      }
    });
    await run(TRAINING);
  });
  after(() => kernel?.shutdown());

  async function run(code: string): Promise<ExecuteResult> {
    heard.length = 0;
    const done = await kernel.execute(code, ATTENDED);
    assert.equal(done.status, "ok", JSON.stringify(done.outputs));
    return done;
  }

  /** The comm of a widget that the last cell opened. */
  function opened(model: string): string {
    const found = heard.findLast(
      ({ header, content }) =>
        header.msg_type === "comm_open" &&
        (content.data as { state: Record<string, unknown> }).state._model_name === model,
    );
    assert.ok(found, `no ${model} was opened`);
    return String(found.content.comm_id);
  }

  /** Sends what a page would, and resolves when the kernel has served it. */
  async function say(comm: string, data: object): Promise<Message[]> {
    const before = heard.length;
    // Nobody answers comm messages; that they were served says a status.
    kernel.request("comm_msg", { comm_id: comm, data }, LIMIT).catch(() => {});
    for (;;) {
      const ours = heard
        .slice(before)
        .filter(({ parent_header }) => parent_header.msg_type === "comm_msg");
      if (ours.some(({ content }) => content.execution_state === "idle")) {
        return ours;
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  test("a slider arrives as ipywidgets' messages, and stands below its cell once", async () => {
    const done = await run('slider("rate", { min: 0, max: 1, value: 0.25 })');
    const opens = heard.filter(({ header }) => header.msg_type === "comm_open");
    assert.deepEqual(
      opens.map(({ content, metadata }) => [content.target_name, metadata]),
      Array(3).fill(["jupyter.widget", { version: "2.1.0" }]),
    );
    const [{ data }] = done.outputs as unknown as { data: Record<string, unknown> }[];
    assert.equal(done.outputs.length, 1);
    assert.deepEqual(data, {
      "application/vnd.jupyter.widget-view+json": {
        version_major: 2,
        version_minor: 0,
        model_id: opened("FloatSliderModel"),
      },
      "text/plain": "rate: 0.25",
    });
    const { content } = await kernel.request("comm_info_request", {}, LIMIT);
    assert.equal(Object.keys(content.comms as object).length, 3);
  });

  test("in a later cell it is shown again, and a page that asks gets its state", async () => {
    await run('const rate = slider("rate", { min: 0, max: 1, value: 0.25 });');
    const comm = opened("FloatSliderModel");
    const again = await run("rate");
    assert.equal(again.outputs[0].output_type, "execute_result");
    const [update] = (await say(comm, { method: "request_state" })).filter(
      ({ header }) => header.msg_type === "comm_msg",
    );
    const { method, state } = update.content.data as { method: string; state: { value: number } };
    assert.deepEqual([method, state.value], ["update", 0.25]);
  });

  test("what a handler prints belongs to the cell that made the control, the echo to the page's message", async () => {
    const { outputs, reply } = await run(
      'const loud = toggle("loud"); loud.onChange((on) => console.log("now", on));',
    );
    assert.equal(outputs.length, 1, "what onChange gives is nothing to look at");
    const comm = opened("CheckboxModel");
    const ours = await say(comm, { method: "update", state: { value: true }, buffer_paths: [] });
    const [echo] = ours.filter(({ header }) => header.msg_type === "comm_msg");
    assert.equal((echo.content.data as { method: string }).method, "echo_update");
    const printed = () => heard.find(({ header }) => header.msg_type === "stream");
    while (!printed()) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.equal(printed()?.content.text, "now true\n");
    assert.equal(printed()?.parent_header.msg_id, reply.parent_header.msg_id);
  });

  test("what a handler throws appears below that cell and ends nothing", async () => {
    const { reply } = await run(
      'const bad = toggle("bad"); bad.onChange(() => { throw new RangeError("in the handler"); });',
    );
    await say(opened("CheckboxModel"), { method: "update", state: { value: true } });
    const failed = () => heard.find(({ header }) => header.msg_type === "error");
    while (!failed()) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.equal(failed()?.content.evalue, "in the handler");
    assert.equal(failed()?.parent_header.msg_id, reply.parent_header.msg_id);
    assert.equal((await run("bad.value")).status, "ok");
  });

  test("a slider moved while train runs changes the rate of the next steps; a click ends it", async () => {
    await run(
      'const speed = slider("speed", { min: 1e-4, max: 1, scale: "log", value: 0.01 });\nconst enough = button("Enough");',
    );
    const comms = { speed: opened("FloatLogSliderModel"), enough: opened("ButtonModel") };
    const code = [
      "let movedAt = 0, steps = 0;",
      "speed.onChange(() => { movedAt = steps; });",
      "const onStep = ({ step, learningRate }: { step: number; learningRate: number }) => {",
      "  steps = step;",
      "  if (step === 20 || (learningRate > 0.01 && step === movedAt + 20)) console.log(learningRate);",
      "};",
      "const rows = await train(network(), batches, { epochs: 1e6, learningRate: speed, stopWhen: enough, callbacks: [{ onStep }] });",
      "[...new Set(rows.map((row) => row.learningRate))].join() + '; ' + rows.filter((row) => row.learningRate === 0.01).length + ' ' + movedAt",
    ].join("\n");
    heard.length = 0;
    const done = await kernel.execute(code, {
      ...ATTENDED,
      onOutput: async ({ content }) => {
        if (content.text === "0.01\n") {
          await say(comms.speed, { method: "update", state: { value: 0.1 }, buffer_paths: [] });
        } else if (content.text === "0.1\n") {
          await say(comms.enough, { method: "custom", content: { event: "click" } });
        }
      },
    });
    assert.equal(done.status, "ok", JSON.stringify(done.outputs));
    const result = done.outputs.find((output) => output.output_type === "execute_result");
    assert.ok(result?.output_type === "execute_result");
    const text = String(result.data["text/plain"]).slice(1, -1);
    const [rates, before, movedAt] = text.split(/; | /);
    assert.equal(rates, "0.01,0.1");
    assert.equal(before, movedAt, "the step after the move has the new rate");
  });

  test("a cell waits for a click, and Stop ends the wait", async () => {
    await run('const go = button("Go");');
    const comm = opened("ButtonModel");
    const waits = "console.log('waiting'); await go.click(); go.clicks";
    const clicked = await kernel.execute(waits, {
      ...ATTENDED,
      onOutput: async ({ header }) => {
        if (header.msg_type === "stream") {
          await say(comm, { method: "custom", content: { event: "click" } });
        }
      },
    });
    assert.equal(clicked.status, "ok");
    const stopped = await kernel.execute(waits, {
      ...ATTENDED,
      onOutput: async ({ header }) => {
        if (header.msg_type === "stream") {
          await kernel.interrupt();
        }
      },
    });
    assert.equal(stopped.status, "error");
  });

  test("for a program that runs the notebook they are their value and a line of text", async () => {
    heard.length = 0;
    const code =
      'const alone = slider("alone", { min: 0, max: 1, value: 0.5 });\nconst b = button("Go");\nawait b.click();\nalone.value';
    const done = await kernel.execute(code, LIMIT);
    assert.equal(done.status, "ok");
    assert.deepEqual(textsOf(done), ["alone: 0.5", "Go: not clicked"]);
    assert.ok(heard.every(({ header }) => !header.msg_type.startsWith("comm_")));
  });
});

describe("controls on stock tslab", { timeout: 180_000 }, () => {
  test("are their value and a line of text", async () => {
    const kernel = await startKernel({ spec: TSLAB, cwd: ROOT });
    try {
      const code = [
        'import { button, interact, slider } from "karenina";',
        'const rate = slider("rate", { min: 0, max: 1, value: 0.25 });',
        'const go = button("Go");',
        "await go.click();",
        "interact(({ a }) => 2 * a, { a: rate });",
      ].join("\n");
      const done = await kernel.execute(code, LIMIT);
      assert.equal(done.status, "ok", JSON.stringify(done.outputs));
      const [moved, clicked, shown, remark] = textsOf(done);
      assert.deepEqual([moved, clicked, shown], ["rate: 0.25", "Go: not clicked", "0.5"]);
      assert.match(String(remark), /^Fixed: the controls cannot be moved here/);
    } finally {
      await kernel.shutdown();
    }
  });
});

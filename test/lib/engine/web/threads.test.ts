import "../../training/oneThread";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { adam, charRnn, layers, random, randomInteger, ready, setSeed, tf } from "karenina";
import { registerEngine } from "../../../../lib/engine/registration";
import { webEngine } from "../../../../lib/engine/web/engine";
import { loadModule, threadCount } from "../../../../lib/engine/web/load";
import type { WebModule } from "../../../../lib/engine/web/module";
import { host, registerHost } from "../../../../lib/host/host";
import { StepUpdate } from "../../../../lib/training/stepUpdate";

// What threads compute is what one computes, to the last bit.

const modules = new Map<number, WebModule>();
let restore: (() => void) | undefined;

before(async () => {
  await ready();
  for (const count of [1, 2, 3]) {
    modules.set(count, moduleFor(count));
  }
});
after(() => restore?.());

/** A module on so many threads, all of which are there. */
function moduleFor(count: number): WebModule {
  const module = loadModule(undefined, count) as WebModule;
  module.threads?.start();
  assert.ok(module.threads?.waitUntilReady(60_000) ?? count === 1, "the threads start");
  return module;
}

const V = 11;
const codes = (N: number, T: number) =>
  Array.from({ length: N }, () => Int32Array.from({ length: T }, () => randomInteger(V)));
const sequences = (N: number, T: number, D: number) =>
  tf.tensor3d(
    Float32Array.from({ length: N * T * D }, () => 2 * random() - 1),
    [N, T, D],
  );
const labels = (N: number) => tf.tensor1d(codes(1, N)[0], "int32");

interface Net {
  model: tf.LayersModel;
  x: tf.Tensor | Int32Array[];
  y: tf.Tensor | Int32Array[];
}

const text = (N: number, T: number, options: object): Net => ({
  model: charRnn({ vocabularySize: V, batchSize: N, hiddenSize: 96, ...options }),
  x: codes(N, T),
  y: codes(N, T),
});

/** Stacks of layers that end with a class. */
const stack = (x: tf.Tensor, inner: tf.layers.Layer[]): Net => ({
  model: tf.sequential({ layers: [...inner, layers.dense({ units: V })] }),
  x,
  y: labels(x.shape[0]),
});

/** Large enough, most of them, that instructions of each kind are divided. */
const nets: Record<string, () => Net> = {
  "LSTM with an embedding": () => text(10, 30, { embeddingSize: 33, dropout: 0.3 }),
  "LSTM of one-hot rows": () => text(5, 40, { numLayers: 1 }),
  "LSTM on one sequence": () => text(1, 120, { hiddenSize: 160 }),
  "GRU on three sequences": () => text(3, 60, { cell: "gru" }),
  "GRU, its reset gate after the product": () =>
    text(7, 30, { cell: "gru", resetAfter: true, embeddingSize: 20 }),
  "simple RNN on rows of one number": () =>
    stack(sequences(13, 90, 1), [
      layers.simpleRNN({ units: 130, returnSequences: true, inputShape: [90, 1] }),
      layers.simpleRNN({ units: 70 }),
    ]),
  dense: () =>
    stack(tf.randomUniform([129, 301], -1, 1, "float32", 1), [
      layers.dense({ units: 203, activation: "relu", inputShape: [301] }),
      layers.dropout({ rate: 0.2 }),
      layers.dense({ units: 150, activation: "tanh" }),
    ]),
};

/** The bits of all weights after some steps, and the losses. */
function train(module: WebModule, make: () => Net, options: object): [Int32Array[], number[]] {
  registerEngine(webEngine(module));
  setSeed("threads");
  const { model, x, y } = make();
  const update = new StepUpdate(model, options);
  const optimizer = adam({ learningRate: 0.01 });
  const losses = [1, 2, 3].map((step) => update.run({ x, y }, optimizer, step).loss);
  const weights = model.getWeights().map((each) => Float32Array.from(each.dataSync()));
  for (const each of [update, model, optimizer]) {
    each.dispose();
  }
  return [weights.map(({ buffer }) => new Int32Array(buffer)), losses];
}

/** How many rounds of a module's threads there were meanwhile. */
function roundsOf({ threads }: WebModule, work: () => void): number {
  assert.ok(threads);
  let rounds = 0;
  const { run } = threads;
  threads.run = (...round) => {
    rounds++;
    run.apply(threads, round);
  };
  work();
  threads.run = run;
  return rounds;
}

test("what is large is divided, and what is small is not", () => {
  const two = modules.get(2) as WebModule;
  for (const [name, make] of Object.entries(nets)) {
    assert.ok(roundsOf(two, () => void train(two, make, {})) > 0, name);
  }
  const small = () => text(4, 5, { hiddenSize: 8 });
  assert.equal(
    roundsOf(two, () => void train(two, small, {})),
    0,
  );
});

for (const [name, make] of Object.entries(nets)) {
  test(`${name}: two and three threads learn what one learns, to the last bit`, () => {
    for (const options of [{}, { clipNorm: 0.01, weightDecay: 0.1 }]) {
      const [[weights, losses], ...others] = [...modules.values()].map((module) =>
        train(module, make, options),
      );
      assert.ok(losses[0] !== losses[2], "it learns");
      for (const [theirs, lossesOfTheirs] of others) {
        assert.deepEqual(lossesOfTheirs, losses);
        for (const [i, each] of weights.entries()) {
          assert.deepEqual(theirs[i], each);
        }
      }
    }
  });
}

test("parts are done by whichever thread comes, and a round ends when all of them are done", () => {
  const web = modules.get(3) as WebModule;
  const { threads } = web;
  assert.ok(threads);
  const [rowsAt, step, instruction] = [48, 24, 16].map((count) => web.take(count));
  const rows = web.floats(rowsAt, 48).fill(7);
  // fill: no row to copy, 3 rows of 16 numbers, one to a part; 0 in place of 7.
  web.ints(instruction, 16).set([0, 0, 3, 16, rowsAt]);
  const round = { instructions: instruction, count: 1, step, scratch: step, scratchBytes: 0 };
  const done: number[] = [];
  const pause = new Int32Array(new SharedArrayBuffer(4));
  threads.run({ ...round, parts: 3 }, (part) => {
    // This thread leaves its row as it is, and waits in it until others have done theirs.
    done.push(part);
    const others = [0, 1, 2].filter((other) => other !== part);
    const until = Date.now() + 60_000;
    while (others.some((other) => rows[16 * other] !== 0)) {
      assert.ok(Date.now() < until, "the other parts are done by others");
      Atomics.wait(pause, 0, 0, 1);
    }
  });
  assert.ok(done.length <= 1);
  assert.deepEqual(
    [...rows],
    [0, 1, 2].flatMap((part) => Array(16).fill(part === done[0] ? 7 : 0)),
  );
});

test("a thread whose instructions fail makes the round fail, and the next one is done", () => {
  const web = modules.get(2) as WebModule;
  assert.ok(web.threads);
  const [instruction, to] = [web.take(16), web.take(32)];
  const round = { count: 1, step: to, scratch: to, scratchBytes: 0, parts: 2 };
  const pause = new Int32Array(new SharedArrayBuffer(4));
  // An address beyond the memory.
  web.ints(instruction, 16).set([0, 0, 2, 16, -1024]);
  const { threads } = web;
  let others = 0;
  const waitForOthers = () => Atomics.wait(pause, 0, 0, 50);
  while (others === 0) {
    try {
      threads.run({ ...round, instructions: instruction }, waitForOthers);
    } catch (error) {
      assert.match(String(error), /A thread of the WebAssembly module failed/);
      others++;
    }
  }
  assert.ok(threads.waitUntilReady(0));
  web.ints(instruction, 16).set([0, 0, 2, 16, to]);
  const rows = web.floats(to, 32).fill(7);
  threads.run({ ...round, instructions: instruction }, (part) => {
    rows.fill(0, 16 * part, 16 * part + 16);
  });
  assert.deepEqual([...rows], Array(32).fill(0));
});

test("a round that ends in its middle leaves the next ones as they are", () => {
  const two = modules.get(2) as WebModule;
  const expected = train(two, nets.dense, {});
  const { threads } = two;
  assert.ok(threads);
  // A product that takes some milliseconds: the other thread may be at its part when this one has left.
  const [a, c] = [two.take(512 * 512), two.take(512 * 512)];
  const instruction = two.take(16);
  two.floats(a, 512 * 512).fill(1);
  two.ints(instruction, 16).set([3, 512, 512, 512, a, 512, 1, a, 512, 1, c, 0]);
  const scratch = two.take(2 * two.productScratch(512, 512, 512));
  const round = {
    instructions: instruction,
    count: 1,
    step: c,
    scratch,
    scratchBytes: 0,
    parts: 2,
  };
  // The other thread may be so fast that none of the parts is left for this one.
  const endInTheMiddle = () => {
    for (;;) {
      threads.run(round, () => {
        throw new Error("stopped");
      });
    }
  };
  assert.throws(endInTheMiddle, /stopped/);
  assert.deepEqual(train(two, nets.dense, {}), expected);
});

test("where no thread can start, or none comes, one goes on", () => {
  const expected = train(modules.get(1) as WebModule, nets.dense, {});
  const starts = [
    () => {
      throw new Error("refused");
    },
    () => {},
  ];
  for (const start of starts) {
    restore = registerHost({
      process: { ...host.process, environment: process.env, threads: { processors: 4, start } },
    });
    const module = loadModule(undefined, 4) as WebModule;
    assert.deepEqual(train(module, nets.dense, {}), expected);
    assert.equal(module.threads?.ready, 1);
    restore();
  }
});

test("how many there are: the machine's, at most four, or KARENINA_THREADS", () => {
  const count = (processors: number | undefined, KARENINA_THREADS?: string) =>
    threadCount({
      ...host.process,
      environment: { KARENINA_THREADS },
      threads: processors === undefined ? undefined : { processors, start: () => {} },
    });
  assert.deepEqual([count(1), count(3), count(16), count(undefined)], [1, 3, 4, 1]);
  assert.deepEqual([count(2, "1"), count(2, "6"), count(2, "")], [1, 6, 2]);
  for (const wrong of ["0", "2.5", "many", "65"]) {
    assert.throws(() => count(2, wrong), /KARENINA_THREADS is ".*", but must be a whole number/);
  }
});

test("without shared memory, as where a device has none left, there is one thread", () => {
  const { WebAssembly } = globalThis as unknown as { WebAssembly: { Memory: unknown } };
  const { Memory } = WebAssembly;
  WebAssembly.Memory = class {
    constructor(limits: { shared?: boolean }) {
      if (limits.shared) {
        throw new RangeError("could not allocate memory");
      }
      // biome-ignore lint/correctness/noConstructorReturn: a memory as the language makes it
      return new (Memory as new (limits: object) => object)(limits);
    }
  };
  try {
    assert.equal(loadModule(undefined, 2)?.threads, undefined);
  } finally {
    WebAssembly.Memory = Memory;
  }
});

test("a program that has trained on threads ends by itself", () => {
  const script = `
    const { adam, layers, ready, tf, train } = require("karenina");
    (async () => {
      await ready();
      const model = tf.sequential({ layers: [
        layers.dense({ units: 400, activation: "relu", inputShape: [500] }), layers.dense({ units: 10 }) ] });
      const batch = { x: tf.randomNormal([100, 500]), y: tf.zeros([100], "int32") };
      await train(model, () => Array(5).fill(batch), { epochs: 2, optimizer: adam({ learningRate: 0.01 }) });
      const { webModule } = require("./lib/engine/web/load");
      const { threads } = webModule();
      console.log(threads.count, threads.waitUntilReady(60000));
    })();`;
  const root = join(__dirname, "../../../..");
  const preload = ["-r", "./lib/host/node/preload.cjs", "-r", "tsx/cjs", "-r", "./lib/node.ts"];
  const { stdout, stderr, status } = spawnSync(process.execPath, [...preload, "-e", script], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, KARENINA_BACKEND: "wasm", KARENINA_THREADS: "2" },
    timeout: 120_000,
  });
  assert.equal(stdout, "2 true\n", stderr);
  assert.equal(status, 0);
});

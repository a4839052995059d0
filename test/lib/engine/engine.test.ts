import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { before, describe, test } from "node:test";
import { charRnn, layers, ready, setSeed, tf, train } from "karenina";
import { engine } from "../../../lib/engine/choice";
import type { Activation, CellKind, Engine } from "../../../lib/engine/engine";
import { plainEngine } from "../../../lib/engine/plain/engine";
import { registerEngine } from "../../../lib/engine/registration";

const ROOT = resolve(__dirname, "../../..");
const LIB = join(ROOT, "lib");

/** An import of what computes, as against one of types. */
const COMPUTES =
  /^import (?!type )[^;]*? from "[./]+lib\/(layers|losses|models|sampling|training)(\/(?!pretrained)|")/m;

before(() => ready());

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = join(folder, entry.name);
    if (entry.isDirectory()) {
      return entry.name === "node_modules" ? [] : sourcesIn(file);
    }
    return /\.(ts|cjs)$/.test(file) ? [file] : [];
  });
}

describe("who knows which engine computes", () => {
  const sources = sourcesIn(LIB).map((file) => ({
    name: relative(LIB, file).split(sep).join("/"),
    text: readFileSync(file, "utf8"),
  }));
  const outside = sources.filter(({ name }) => !name.startsWith("engine/"));

  test("outside of lib/engine nobody asks", () => {
    assert.ok(outside.length > 100, "sources were found");
    for (const { name, text } of outside) {
      assert.doesNotMatch(text, /\b(isNative|nativeBinding)\b/, `lib/${name}`);
    }
  });

  test("the native engine is loaded by its registration only", () => {
    const importing = sources.filter(({ text }) =>
      /(from|import) "[./]+native\/|\/native\/[^"]+";/.test(text),
    );
    const places = importing.map(({ name, text }) => [
      name,
      ...[...text.matchAll(/"([./]+(?:engine\/)?native\/[^"]+)"/g)].map(([, path]) => path),
    ]);
    assert.deepEqual(Object.fromEntries(places.map(([name, ...rest]) => [name, rest])), {
      "node.ts": ["./engine/native/register"],
    });
  });

  test("layers, losses, training and sampling load nothing of it", () => {
    const entries = ["layers/index", "losses/losses", "training/train", "sampling/sample"];
    // In a process of its own, because this one has loaded the whole library.
    const program = `
      for (const entry of ${JSON.stringify(entries)}) require("./lib/" + entry + ".ts");
      console.log(JSON.stringify(Object.keys(require.cache)));`;
    const loaders = ["lib/host/node/preload.cjs", "node_modules/tsx/dist/cjs/index.cjs"];
    const options = loaders.flatMap((file) => ["-r", join(ROOT, file)]);
    const { stdout, stderr } = spawnSync(process.execPath, [...options, "-e", program], {
      cwd: ROOT,
      encoding: "utf8",
    });
    const loaded: string[] = JSON.parse(stdout || assert.fail(stderr));
    const ours = loaded.map((file) => relative(LIB, file).split(sep).join("/"));
    assert.ok(ours.includes("engine/choice.ts"), "the choice is there");
    assert.deepEqual(
      ours.filter((file) => file.startsWith("engine/native/")),
      [],
    );
  });

  test("tests of numbers run on the engine that computes for users", () => {
    const folder = join(ROOT, "test", "lib");
    const tests = sourcesIn(folder).filter((file) => file.endsWith(".test.ts"));
    assert.ok(tests.length > 50, "tests were found");
    for (const file of tests) {
      const text = readFileSync(file, "utf8");
      if (!COMPUTES.test(text)) {
        continue;
      }
      assert.match(
        text,
        /from "karenina"|import "[./]+lib\/engine\/native\/register"/,
        `${relative(ROOT, file)} imports parts of the library: let it import the registration, too`,
      );
    }
  });

  test("the engine imports no other folder of the library but the host", () => {
    for (const { name, text } of sources.filter(({ name }) => name.startsWith("engine/"))) {
      for (const [, path] of text.matchAll(/from "(\.[^"]+)"/g)) {
        const imported = relative(LIB, resolve(LIB, name, "..", path))
          .split(sep)
          .join("/");
        assert.match(imported, /^(engine|host)\//, `lib/${name} imports lib/${imported}`);
      }
    }
  });
});

test("TensorFlow's library has the native engine, WebAssembly that with the library's own module", async () => {
  const { name } = await ready();
  assert.equal(engine().name, name === "native" ? "native" : "web");
});

/** Lets an engine compute while something runs. */
async function on<Result>(other: Engine, run: () => Result | Promise<Result>): Promise<Result> {
  const usual = engine();
  registerEngine(other);
  try {
    return await run();
  } finally {
    registerEngine(usual);
  }
}

describe("both engines compute the same", () => {
  const normal = (shape: number[]) => tf.randomNormal(shape);
  const codes = (shape: number[], below: number) =>
    tf.cast(tf.floor(tf.randomUniform(shape, 0, below)), "int32");

  /** Numbers that each engine makes of the same seed. */
  const computations: Record<string, (engine: Engine) => tf.Tensor[]> = {
    oneHot: (engine) => [engine.oneHot(codes([3, 2], 5), 5)],
    lookUp: (engine) => [engine.lookUp(normal([5, 3]), codes([2, 4], 5))],
    sumByIndex: (engine) => [engine.sumByIndex(normal([2, 4, 3]), codes([2, 4], 5), 5)],
    scaled: (engine) => engine.scaled([normal([3, 2]), normal([4])], -1.5),
    limited: (engine) => engine.limited([normal([30])], 0.4),
    plusScaled: (engine) => engine.plusScaled([normal([3, 2])], [normal([3, 2])], 0.3),
    sumOfSquares: (engine) => [tf.scalar(engine.sumOfSquares(normal([30])))],
    crossEntropy: (engine) =>
      withGradients([normal([2, 3, 4])], ([logits]) =>
        engine.crossEntropy(logits, codes([2, 3], 4)),
      ),
    "crossEntropy with shares": (engine) =>
      withGradients([normal([3, 4])], ([logits]) =>
        engine.crossEntropy(logits, codes([3], 4), Float32Array.of(0.2, 0, 0.8)),
      ),
  };
  for (const activation of ["linear", "relu", "sigmoid", "tanh"] satisfies Activation[]) {
    computations[`dense, ${activation}`] = (engine) =>
      withGradients([normal([2, 5, 3]), normal([3, 4]), normal([4])], ([x, kernel, bias]) =>
        tf.sum(
          tf.square(engine.dense(x, { kernel: kernel, bias }, { activation, training: true })),
        ),
      );
  }
  for (const [cell, G] of Object.entries({ lstm: 4, gru: 3, gruResetAfter: 3, simpleRnn: 1 })) {
    computations[`recurrence, ${cell}`] = (engine) => {
      const [N, T, D, H] = [2, 4, 3, 5];
      const bias = normal(cell === "gruResetAfter" ? [2, G * H] : [G * H]);
      const weights = { kernel: normal([D, G * H]), recurrentKernel: normal([H, G * H]), bias };
      const initial = Array.from({ length: cell === "lstm" ? 2 : 1 }, () => normal([N, H]));
      const run = { training: false };
      const { sequence, final } = engine
        .recurrence(cell as CellKind, run)
        .forward(normal([T, N, D]), initial, weights);
      return [sequence, ...final];
    };
  }

  for (const [name, compute] of Object.entries(computations)) {
    test(name, async () => {
      const [expected, actual] = [plainEngine, engine()].map((each) => {
        setSeed("both engines");
        return tf.tidy(() => compute(each).map((tensor) => Array.from(tensor.dataSync())));
      });
      assert.ok(expected.flat().some((value) => value !== 0));
      assertClose(actual.flat(), expected.flat());
    });
  }

  test("a training", async () => {
    const losses: number[][] = [];
    for (const each of [plainEngine, engine()]) {
      await on(each, async () => {
        setSeed("both engines");
        const model = charRnn({ vocabularySize: 5, batchSize: 2, hiddenSize: 6, cell: "gru" });
        const text = (start: number) => Int32Array.from({ length: 6 }, (_, t) => (start + t) % 5);
        const batches = [{ x: [text(0), text(2)], y: [text(1), text(3)] }];
        const history = await train(model, batches, { epochs: 5, clipNorm: 1, weightDecay: 0.01 });
        losses.push(history.map(({ loss }) => loss));
        model.dispose();
      });
    }
    assert.ok(losses[0].at(-1)! < losses[0][0]);
    assertClose(losses[1], losses[0]);
  });
});

test("a model goes on when another engine takes over", async () => {
  const model = tf.sequential({
    layers: [
      layers.embedding({ inputDim: 4, outputDim: 3, inputShape: [5] }),
      layers.lstm({ units: 4 }),
    ],
  });
  const x = tf.tensor2d([[0, 1, 2, 3, 0]], [1, 5], "int32");
  const usual = (model.predict(x) as tf.Tensor).dataSync();
  const plain = await on(plainEngine, () => (model.predict(x) as tf.Tensor).dataSync());
  assertClose(Array.from(plain), Array.from(usual));
});

/** A scalar and its gradients by each of the tensors. */
function withGradients(
  inputs: tf.Tensor[],
  compute: (inputs: tf.Tensor[]) => tf.Scalar | tf.Tensor,
): tf.Tensor[] {
  const { value, grads } = tf.valueAndGrads((...each: tf.Tensor[]) => compute(each) as tf.Scalar)(
    inputs,
  );
  return [value, ...grads];
}

function assertClose(actual: number[], expected: number[]): void {
  assert.equal(actual.length, expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  for (const [place, value] of expected.entries()) {
    assert.ok(
      Math.abs(actual[place] - value) <= 1e-5 * scale,
      `number ${place} is ${actual[place]}, not ${value}`,
    );
  }
}

import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import {
  adam,
  type Checkpoint,
  charRnn,
  latestCheckpoint,
  loadCheckpoint,
  modelFromCheckpoint,
  ready,
  sequenceBatches,
  setSeed,
  tf,
  train,
  Vocabulary,
} from "karenina";
import { CheckpointError } from "../../../lib/checkpoints/checkpoint";
import { decodeCheckpoint, encodeCheckpoint } from "../../../lib/checkpoints/checkpointFormat";
import { TensorFileError } from "../../../lib/formats/safetensors";
import { fuzz } from "../settings";
import { changedAt, changeKind, mutations, nastyValue, pathsIn } from "./mutations";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "karenina-fuzz-"));
after(() => fs.rmSync(folder, { recursive: true, force: true }));
const vocabulary = Vocabulary.of("abcde 🙂");
let bytes: Buffer;

before(async () => {
  await ready();
  setSeed(1);
  const model = charRnn({ vocabularySize: 7, batchSize: 2, hiddenSize: 3, embeddingSize: 2 });
  const text = vocabulary.encode("abc 🙂 edcba ".repeat(5));
  await train(model, () => sequenceBatches(text, { batchSize: 2, steps: 5 }), {
    optimizer: adam(),
    checkpoints: { folder, vocabulary },
  });
  bytes = fs.readFileSync(latestCheckpoint(folder));
});

/** The checkpoint's parts in a form that can be compared to the last bit. */
function plain(checkpoint: Checkpoint): unknown {
  const bits = (entries: Iterable<[string, { shape: number[]; values: ArrayLike<number> }]>) =>
    [...entries].map(([name, { shape, values }]) => [name, shape, [...Array.from(values)]]).sort();
  const { weights, states, vocabulary: symbols, ...rest } = checkpoint;
  return { ...rest, symbols: symbols?.symbols, weights: bits(weights), states: bits(states) };
}

/** All numbers in a value. */
function* numbersIn(value: unknown): Generator<number> {
  if (typeof value === "number") {
    yield value;
  } else if (value instanceof Map) {
    for (const inside of value.values()) {
      yield* numbersIn(inside);
    }
  } else if (typeof value === "object" && value !== null) {
    for (const inside of Object.values(value)) {
      yield* numbersIn(inside);
    }
  }
}

test("a checkpoint of any numbers is read as it was written", () => {
  const good = decodeCheckpoint(bytes);
  const [name] = good.weights.keys();
  const numbers = fc.float32Array({ maxLength: 12 });
  const whole = fc.integer({ min: 0, max: 2 ** 40 });
  fc.assert(
    fc.property(
      numbers,
      whole,
      whole,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      (values, step, batch, loss) => {
        const row = { ...good.history[0], loss, step };
        const checkpoint: Checkpoint = {
          ...good,
          position: { step, epoch: 1, batch },
          history: [row],
          weights: new Map([[name, { shape: [values.length], values }]]),
        };
        const read = decodeCheckpoint(encodeCheckpoint(checkpoint));
        // JSON has no minus zero.
        const expected = { ...checkpoint, history: [{ ...row, loss: loss + 0 }] };
        assert.deepEqual(plain(read), plain(expected));
      },
    ),
    fuzz(0.1),
  );
});

test("a file with changed bytes is refused in words, or means what it meant", () => {
  const weights = plain({ ...decodeCheckpoint(bytes), topology: {} }) as { weights: unknown };
  let refused = 0;
  fc.assert(
    fc.property(mutations, (mutate) => {
      let read: Checkpoint;
      try {
        read = decodeCheckpoint(mutate(bytes));
      } catch (error) {
        assert.ok(error instanceof TensorFileError, String(error));
        assert.ok(error.message.length > 10);
        refused++;
        return;
      }
      // The header's text is not under the checksum: names may change, values may not.
      const values = (from: { weights: unknown }) =>
        (from.weights as unknown[][]).map(([, , numbers]) => numbers);
      const found = values(plain(read) as { weights: unknown });
      for (const numbers of found) {
        assert.ok(
          values(weights).some((expected) => JSON.stringify(expected) === JSON.stringify(numbers)),
        );
      }
    }),
    fuzz(0.5),
  );
  assert.ok(refused > fuzz(0.5).numRuns / 2, `only ${refused} were refused`);
});

/** The file with another description of the training. */
function withDescription(change: (description: unknown) => unknown): Buffer {
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString());
  const metadata = header.__metadata__;
  metadata.checkpoint = JSON.stringify(change(JSON.parse(metadata.checkpoint)));
  return withHeader(header, bytes.subarray(8 + length));
}

function withHeader(header: unknown, values: Buffer): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([start, text, values]);
}

test("a header that says something else is refused in words, or is whole and all its numbers finite", () => {
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString());
  const paths = pathsIn(header);
  fc.assert(
    fc.property(fc.constantFrom(...paths), changeKind, nastyValue, (at, kind, other) => {
      const file = withHeader(changedAt(header, at, kind, other), bytes.subarray(8 + length));
      readOrRefused(file);
    }),
    fuzz(0.2),
  );
});

function readOrRefused(file: Buffer): Checkpoint | undefined {
  let read: Checkpoint;
  try {
    read = decodeCheckpoint(file);
  } catch (error) {
    assert.ok(error instanceof TensorFileError, `${(error as Error).stack}`);
    return undefined;
  }
  const { topology: _, callbacks: __, ...rest } = read;
  for (const number of numbersIn(rest)) {
    assert.ok(Number.isFinite(number));
  }
  for (const { shape, values } of read.weights.values()) {
    assert.equal(
      values.length,
      shape.reduce((product, size) => product * size, 1),
    );
  }
  return read;
}

test("a description that says something else is refused in words, also where the network is built of it", async () => {
  const length = Number(bytes.readBigUInt64LE(0));
  const { checkpoint } = JSON.parse(bytes.subarray(8, 8 + length).toString()).__metadata__;
  const description = JSON.parse(checkpoint);
  const paths = pathsIn(description);
  const file = path.join(folder, "changed.safetensors");
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), changeKind, nastyValue, async (at, kind, other) => {
      const changed = withDescription((value) => changedAt(value, at, kind, other));
      const read = readOrRefused(changed);
      if (read === undefined || at[0] !== "topology") {
        return;
      }
      fs.writeFileSync(file, changed);
      const before = tf.memory().numTensors;
      try {
        const model = await modelFromCheckpoint(loadCheckpoint(file));
        for (const weight of model.getWeights()) {
          for (const number of weight.dataSync()) {
            assert.ok(Number.isFinite(number));
          }
        }
        model.dispose();
      } catch (error) {
        assert.ok(error instanceof CheckpointError, `${at.join(".")}: ${(error as Error).stack}`);
        tf.disposeVariables();
      }
      assert.ok(tf.memory().numTensors <= before + 50, "tensors pile up");
    }),
    fuzz(0.2),
  );
});

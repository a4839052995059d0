import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { normalizeArguments, switchValue, wholeFrom } from "../../../lib/commands/arguments";
import { createProgram } from "../../../lib/commands/program";

const command = createProgram(() => {}).commands.find((each) => each.name() === "train")!;

test("every option is known in torch-rnn's, Python's and npm's spelling", () => {
  const options = command.options.filter(({ required }) => required);
  fc.assert(
    fc.property(
      fc.constantFrom(...options),
      fc.constantFrom("-", "--"),
      fc.boolean(),
      fc.constantFrom("a value", "-1", "--batch_size", "-batch_size", "x=y", ""),
      fc.boolean(),
      ({ long }, dashes, underscores, value, joined) => {
        const name = long!.slice(2);
        const spelt = dashes + (underscores ? name.replaceAll("-", "_") : name);
        const { args, notes } = normalizeArguments(
          joined ? [`${spelt}=${value}`] : [spelt, value],
          command,
        );
        assert.deepEqual(args, joined ? [`${long}=${value}`] : [long, value]);
        assert.deepEqual(notes, []);
      },
    ),
  );
});

test("torch-rnn's names for data are taken, and what means nothing here is left out with a note", () => {
  const { args, notes } = normalizeArguments(
    ["-input_h5", "a.h5", "-gpu", "-1", "-gpu_backend", "cuda", "-batch_size", "3", "-batchnorm"],
    command,
  );
  assert.deepEqual(args, ["--input-data", "a.h5", "--batch-size", "3"]);
  assert.equal(notes.length, 3);
  assert.match(notes[0]!, /^-gpu is left out of account: everything runs on the processor/);
});

test("an option without a value does not swallow the next option", () => {
  const { args } = normalizeArguments(
    ["-gpu", "-seq_length", "7", "-reset_iterations", "0"],
    command,
  );
  assert.deepEqual(args, ["--seq-length", "7", "--reset-iterations", "0"]);
});

test("what is no option stays as it is", () => {
  const words = ["-h", "text.txt", "-", "--", "-5", "ünder_score"];
  assert.deepEqual(normalizeArguments(words, command).args, words);
});

test("numbers and switches out of range are refused", () => {
  for (const text of ["", " ", "0", "-1", "1.5", "1e99", "NaN", "five"]) {
    assert.throws(() => wholeFrom(1)(text), /whole number from 1 up/, text);
  }
  assert.equal(wholeFrom(1)("1e3"), 1000);
  assert.deepEqual(["1", "0", "true", "no"].map(switchValue), [true, false, true, false]);
  assert.throws(() => switchValue("2"), /1 or 0/);
});

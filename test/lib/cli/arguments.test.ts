import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { normalizeArguments } from "../../../lib/cli/arguments";
import { switchValue, wholeFrom } from "../../../lib/cli/options";
import { createProgram } from "../../../lib/cli/program";

const named = (name: string) =>
  createProgram(() => {}).commands.find((each) => each.name() === name)!;
const sampleCommand = named("sample");
const command = named("train");

test("every option is known in torch-rnn's, Python's and npm's spelling", () => {
  const options = command.options.filter(({ required }) => required);
  fc.assert(
    fc.property(
      fc.constantFrom(...options),
      fc.constantFrom("-", "--"),
      fc.boolean(),
      fc.constantFrom("a value", "-1", "--batch_size", "-batch_size", "x=y"),
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
  assert.match(notes[0], /^-gpu is ignored: everything runs on the processor/);
});

test("char-rnn's options are taken where they mean the same", () => {
  const { args, notes } = normalizeArguments(
    [
      "-data_dir",
      "data/tinyshakespeare",
      "-rnn_size",
      "128",
      "-num_layers",
      "2",
      "-model",
      "gru",
      "-learning_rate",
      "2e-3",
      "-dropout",
      "0",
      "-seq_length",
      "50",
      "-batch_size",
      "50",
      "-max_epochs",
      "50",
      "-grad_clip",
      "5",
      "-val_frac",
      "0.05",
      "-init_from",
      "",
      "-seed",
      "123",
      "-print_every",
      "1",
      "-eval_val_every",
      "500",
      "-checkpoint_dir=cv",
      "-gpuid",
      "-1",
      "-opencl",
      "0",
      "-accurate_gpu_timing",
      "0",
    ],
    command,
  );
  assert.deepEqual(args, [
    "--input-txt",
    "data/tinyshakespeare/input.txt",
    "--rnn-size",
    "128",
    "--num-layers",
    "2",
    "--model-type",
    "gru",
    "--learning-rate",
    "2e-3",
    "--dropout",
    "0",
    "--seq-length",
    "50",
    "--batch-size",
    "50",
    "--max-epochs",
    "50",
    "--grad-clip",
    "5",
    "--val-frac",
    "0.05",
    "--seed",
    "123",
    "--print-every",
    "1",
    "--checkpoint-every",
    "500",
    "--checkpoint-name=cv/checkpoint",
  ]);
  assert.deepEqual(
    notes.map((note) => note.split(" ")[0]),
    ["-gpuid", "-opencl", "-accurate_gpu_timing"],
  );
  const sampling = normalizeArguments(
    ["-primetext", "The ", "-sample", "0", "-length", "9", "-temperature", "1", "-gpuid", "0"],
    sampleCommand,
  );
  assert.deepEqual(sampling.args, [
    "--start-text",
    "The ",
    "--sample",
    "0",
    "--length",
    "9",
    "--temperature",
    "1",
  ]);
  assert.deepEqual(normalizeArguments(["-primetext", ""], sampleCommand).args, [
    "--start-text",
    "",
  ]);
});

test("char-rnn's options that mean something else are answered with the one to take", () => {
  const answers: [args: string[], option: RegExp][] = [
    [["-learning_rate_decay", "0.97"], /-learning_rate_decay is .* --lr-decay-factor/],
    [["--learning-rate-decay-after=10"], /--learning-rate-decay-after is .* --lr-decay-every/],
    [["-decay_rate", "0.95"], /Adam/],
    [["-train_frac", "0.95"], /--val-frac and --test-frac/],
    [["-savefile", "lstm"], /--checkpoint-name/],
  ];
  for (const [args, option] of answers) {
    assert.throws(() => normalizeArguments(args, command), {
      name: "CommandError",
      message: option,
    });
  }
  // Where there is no option to take, none is recommended.
  assert.deepEqual(normalizeArguments(["-savefile", "a"], sampleCommand).args, ["--savefile", "a"]);
  assert.deepEqual(normalizeArguments(["-data_dir", "a"], sampleCommand).args, ["--data-dir", "a"]);
  assert.deepEqual(normalizeArguments(["--constructor", "a"], command).args, [
    "--constructor",
    "a",
  ]);
});

test("an empty value stands for none where torch-rnn's defaults have it, is a text, or is refused", () => {
  assert.deepEqual(normalizeArguments(["-init_from", "", "-seed", "1"], command).args, [
    "--seed",
    "1",
  ]);
  assert.deepEqual(normalizeArguments(["--init-from="], command).args, []);
  assert.deepEqual(normalizeArguments(["--start-text="], sampleCommand).args, ["--start-text="]);
  assert.deepEqual(normalizeArguments(["-gpu_backend", ""], command).args, []);
  for (const name of ["-input_h5", "--input-txt", "-checkpoint_name", "-batch_size", "-data_dir"]) {
    assert.throws(() => normalizeArguments([name, ""], command), {
      name: "CommandError",
      message: new RegExp(`^${name} has an empty value\\. Give --[a-z-]+ a value, or leave it out`),
    });
  }
  assert.throws(
    () => normalizeArguments(["-checkpoint", ""], sampleCommand),
    /Give --checkpoint a/,
  );
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

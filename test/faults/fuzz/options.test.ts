import assert from "node:assert/strict";
import { test } from "node:test";
import { type Command, CommanderError } from "commander";
import fc from "fast-check";
import { normalizeArguments } from "../../../lib/cli/arguments";
import { CommandError } from "../../../lib/cli/exit";
import { createProgram } from "../../../lib/cli/program";
import { takeOver } from "../../../lib/cli/trainingStart";
import { fuzz } from "../settings";
import { nastyText, nastyValue } from "./mutations";

type Values = Record<string, unknown>;

/** What a command understands of its arguments, without running; undefined where it refuses them. */
function understood(name: string, args: readonly string[]): Values | undefined {
  const program = createProgram(() => {});
  const command = program.commands.find((each) => each.name() === name)!;
  const said: string[] = [];
  for (const each of [program, command]) {
    each.configureOutput({
      writeOut: (text) => said.push(text),
      writeErr: (text) => said.push(text),
    });
  }
  let values: Values | undefined;
  command.action(() => {
    values = command.opts();
  });
  try {
    const normal = normalizeArguments(args, command);
    program.parse([name, ...normal.args], { from: "user" });
  } catch (error) {
    assert.ok(
      error instanceof CommanderError || error instanceof CommandError,
      `${(error as Error).stack}`,
    );
    // A CommandError is reported by whoever runs the command.
    const isTold = error instanceof CommandError || said.join("").length > 0;
    assert.ok(error.message.length > 5 && isTold, "it says why");
    return undefined;
  }
  return values;
}

/** Ranges that the help states, said independently of the parsers. */
const RANGES: Record<string, (value: number) => boolean> = Object.fromEntries([
  ...[
    "batchSize",
    "seqLength",
    "wordvecSize",
    "rnnSize",
    "numLayers",
    "maxEpochs",
    "lrDecayEvery",
  ].map((option) => [option, (n: number) => Number.isSafeInteger(n) && n >= 1] as const),
  ...["printEvery", "checkpointEvery", "sampleEvery", "seed", "length"].map(
    (option) => [option, (n: number) => Number.isSafeInteger(n) && n >= 0] as const,
  ),
  ...["learningRate", "lrDecayFactor"].map(
    (option) => [option, (n: number) => Number.isFinite(n) && n > 0] as const,
  ),
  ...["gradClip", "temperature"].map(
    (option) => [option, (n: number) => Number.isFinite(n) && n >= 0] as const,
  ),
  ...["dropout", "valFrac", "testFrac"].map(
    (option) => [option, (n: number) => n >= 0 && n < 1] as const,
  ),
]);

function requireInRange(values: Values): void {
  for (const [option, value] of Object.entries(values)) {
    const inRange = RANGES[option];
    if (!inRange || value === undefined) {
      continue;
    }
    assert.ok(typeof value === "number" && inRange(value), `${option} became ${value}`);
  }
  for (const option of ["sample", "verbose", "resetIterations", "quiet", "lowerCase"]) {
    if (option in values) {
      assert.equal(typeof values[option], "boolean");
    }
  }
}

const names = (command: string): string[] =>
  createProgram(() => {})
    .commands.find((each) => each.name() === command)!
    .options.map(({ long }) => long!);
const COMMANDS = ["preprocess", "train", "sample", "score"] as const;
const KNOWN = new Map(COMMANDS.map((command) => [command, names(command)]));

test("any arguments are understood within the stated ranges, or refused in words", () => {
  const word = (command: (typeof COMMANDS)[number]) =>
    fc.oneof(
      fc.constantFrom(...KNOWN.get(command)!),
      fc.constantFrom(...KNOWN.get(command)!).map((name) => name.slice(1).replaceAll("-", "_")),
      nastyText,
      fc.tuple(fc.constantFrom(...KNOWN.get(command)!), nastyText).map((pair) => pair.join("=")),
      fc.oneof(fc.integer(), fc.double()).map(String),
      fc.constantFrom("--", "-", "-1", "--batch_size=", "-gpu", "lstm", "utf8", "1981-2021"),
    );
  const lines = fc
    .constantFrom(...COMMANDS)
    .chain((command) => fc.tuple(fc.constant(command), fc.array(word(command), { maxLength: 8 })));
  fc.assert(
    fc.property(lines, ([command, args]) => {
      const values = understood(
        command,
        args.filter((arg) => !/^-{1,2}h(elp)?$/i.test(arg)),
      );
      if (values) {
        requireInRange(values);
      }
    }),
    fuzz(0.5),
  );
});

/** Right values, with what they must become. */
const right = {
  "batch-size": fc.integer({ min: 1, max: 2 ** 31 }),
  "seq-length": fc.integer({ min: 1, max: 2 ** 31 }),
  "model-type": fc.constantFrom("lstm", "gru", "rnn", "transformer"),
  "num-layers": fc.integer({ min: 1, max: 9 }),
  dropout: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  "learning-rate": fc.double({ min: 1e-300, max: 1e6, noNaN: true }),
  "grad-clip": fc.double({ min: 0, max: 1e6, noNaN: true }),
  "checkpoint-every": fc.nat(),
  "checkpoint-name": fc.string({ minLength: 1 }),
  "input-txt": fc.string({ minLength: 1 }),
  seed: fc.maxSafeNat(),
  temperature: fc.double({ min: 0, max: 9, noNaN: true }),
} satisfies Record<string, fc.Arbitrary<string | number>>;

const spellings: ((name: string, value: string) => string[])[] = [
  (name, value) => [`--${name}`, value],
  (name, value) => [`--${name}=${value}`],
  (name, value) => [`--${name.replaceAll("-", "_")}`, value],
  (name, value) => [`-${name.replaceAll("-", "_")}`, value],
  (name, value) => [`--${name.toUpperCase()}`, value],
];

test("right values arrive exactly, in every spelling and order", () => {
  const option = fc.constantFrom(...(Object.keys(right) as (keyof typeof right)[])).chain((name) =>
    fc.record({
      name: fc.constant(name),
      value: right[name] as fc.Arbitrary<string | number>,
      spelling: fc.nat({ max: spellings.length - 1 }),
    }),
  );
  const lines = fc.uniqueArray(option, { selector: ({ name }) => name, maxLength: 8 });
  fc.assert(
    fc.property(lines, (options) => {
      const args = options.flatMap(({ name, value, spelling }) =>
        spellings[spelling](name, String(value)),
      );
      const values = understood("train", args);
      assert.ok(values, `refused: ${args.join(" ")}`);
      requireInRange(values);
      for (const { name, value } of options) {
        const attribute = name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
        assert.deepEqual(values[attribute], typeof value === "number" ? value + 0 : value, name);
      }
    }),
    fuzz(0.3),
  );
});

test("what a history holds is taken over within the stated ranges, or refused in words", () => {
  const keys = Object.keys(right).map((name) => name.replaceAll("-", "_"));
  fc.assert(
    fc.property(fc.constantFrom(...keys, "max_epochs", "__proto__"), nastyValue, (key, value) => {
      const program = createProgram(() => {});
      const command = program.commands.find((each) => each.name() === "train") as Command;
      try {
        takeOver(command, { [key]: value as string });
      } catch (error) {
        assert.ok(error instanceof CommandError, `${(error as Error).stack}`);
        assert.match(error.message, /history beside the checkpoint.*Give --/s);
        return;
      }
      requireInRange(command.opts());
    }),
    fuzz(0.2),
  );
});

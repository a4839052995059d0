// npm run test:faults: processes killed at random moments, broken disks, networks and clocks, and
// random input for everything that reads. Takes long, so `npm test` leaves it out.
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import * as jupyter from "./setup/jupyter.mjs";
import { project } from "./setup/project.mjs";
import { runMain, SetupError } from "./setup/report.mjs";
import { ALL, setUp } from "./setup/steps.mjs";
import { runTestFiles, testFiles } from "./test/files.mjs";
import { summarize } from "./test/summary.mjs";

const USAGE = `npm run test:faults -- [PATTERN] [--kills N] [--fuzz N] [--seed N]

  PATTERN      only the files in test/faults whose path matches this regular expression
  --kills N    processes to kill, in all (default: 200)
  --fuzz N     random inputs for each reader (default: 10000)
  --seed N     repeats the run that printed this seed`;

function readArguments() {
  const option = { type: "string" };
  const options = { kills: option, fuzz: option, seed: option, help: { type: "boolean" } };
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    if (positionals.length > 1) {
      throw new Error("There is only one PATTERN.");
    }
    return { ...values, pattern: positionals[0] };
  } catch (error) {
    throw new SetupError(`${error.message.split("\n")[0]}\n\n${USAGE}`);
  }
}

function whole(name, text, standard) {
  if (text === undefined) {
    return standard;
  }
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value < 2 ** 31) {
    return value;
  }
  throw new SetupError(`--${name} is "${text}", but must be a whole number from 1.\n\n${USAGE}`);
}

await runMain(async () => {
  const { pattern, help, ...given } = readArguments();
  if (help) {
    console.log(USAGE);
    return 0;
  }
  const kills = whole("kills", given.kills, 200);
  const fuzz = whole("fuzz", given.fuzz, 10_000);
  const seed = whole("seed", given.seed, randomInt(1, 2 ** 31));
  const files = testFiles(project, { pattern, faults: true });
  if (files.length === 0) {
    throw new SetupError(`No file in test/faults matches "${pattern}".`);
  }
  await setUp(project, { steps: ALL, optional: [jupyter] });
  console.log(`\n${kills} kills, ${fuzz} inputs for each reader, --seed ${seed}\n`);
  const start = performance.now();
  const counts = await runTestFiles(project, files, {
    env: {
      ...process.env,
      KARENINA_KILLS: `${kills}`,
      KARENINA_FUZZ: `${fuzz}`,
      KARENINA_FAULT_SEED: `${seed}`,
    },
    limitSeconds: 3600,
  });
  const seconds = (performance.now() - start) / 1000;
  console.log(`\n${summarize([{ name: "faults", ...counts, seconds }])}`);
  if (counts.failed > 0) {
    console.log(`\nThe same again: npm run test:faults -- --seed ${seed}`);
  }
  return counts.failed > 0 ? 1 : 0;
});

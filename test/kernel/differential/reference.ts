import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { join } from "node:path";
import ts from "typescript";
import type { Snippet } from "./snippets";

/** What a snippet came to. */
export interface Outcome {
  /** What it wrote to the standard output and error, in order. */
  output: string;
  error?: {
    name: string;
    message: string;
    /** The functions on the stack that are the snippet's, innermost first, with their lines. */
    places: string[];
  };
}

const MARK = "\u0001";

/**
 * Runs in the process of the reference: each snippet is the body of an async function in a file of
 * its own, called from the event loop. Both descriptors are one file, so that their order shows.
 */
const RUNNER = `
const fs = require("node:fs");
const path = require("node:path");
let fail = () => {};
process.on("uncaughtException", (error) => fail(error));
const { inspect } = require("node:util");
// A proxy has no stack from Node 24 on; what Node itself shows of it when it ends by it has one.
const describe = (error) => error instanceof Error
  ? { name: String(error.name), message: String(error.message), stack: String(error.stack ?? inspect(error)) }
  : { name: "Uncaught", message: inspect(error), stack: "" };
const turn = () => new Promise((resolve) => setImmediate(resolve));
// A kernel never ends for want of work.
setInterval(() => {}, 1e6);
async function main() {
  const count = Number(process.argv[2]);
  for (let i = 0; i < count; i++) {
    const file = path.join(__dirname, "snippet-" + i + ".cjs");
    const outcome = await new Promise((resolve) => {
      fail = (error) => resolve({ error: describe(error) });
      setImmediate(() => {
        try {
          const module = { exports: {} };
          require(file).call(module.exports, module.exports, require, module, file, __dirname)
            .then(() => resolve({}), fail);
        } catch (error) {
          fail(error);
        }
      });
    });
    for (let turns = 0; turns < 3; turns++) await turn();
    fs.writeSync(1, ${JSON.stringify(MARK)} + JSON.stringify(outcome) + ${JSON.stringify(MARK)});
  }
}
main().then(() => process.exit(0));
`;

/** Runs snippets by plain Node, compiled as cells are but for the kernel's own changes. */
export function runByNode(snippets: Snippet[], folder: string): Outcome[] {
  const home = join(folder, "reference");
  mkdirSync(home);
  writeFileSync(join(home, "runner.cjs"), RUNNER);
  const maps = snippets.map(({ code }, index) => {
    // A cell is a module, whether or not it imports or exports anything.
    const { outputText, sourceMapText } = ts.transpileModule(`${code}\nexport {};`, {
      fileName: "snippet.ts",
      compilerOptions: {
        module: ts.ModuleKind.CommonJS,
        target: ts.ScriptTarget.ES2022,
        esModuleInterop: true,
        sourceMap: true,
        useDefineForClassFields: true,
      },
    });
    const body = outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
    writeFileSync(
      join(home, `snippet-${index}.cjs`),
      `module.exports = async function (exports, require, module, __filename, __dirname) {\n${body}};\n`,
    );
    return new SourceMap(JSON.parse(sourceMapText as string));
  });
  const log = join(home, "log");
  const descriptor = openSync(log, "a");
  const { status } = spawnSync(
    process.execPath,
    [join(home, "runner.cjs"), String(snippets.length)],
    {
      cwd: folder,
      stdio: ["ignore", descriptor, descriptor],
      env: plainEnvironment(),
      timeout: 300_000,
    },
  );
  closeSync(descriptor);
  const parts = readFileSync(log, "utf8").split(MARK);
  if (status !== 0 || parts.length !== 2 * snippets.length + 1) {
    const last = snippets[Math.floor(parts.length / 2)];
    throw new Error(
      `Node itself ended at the snippet "${last?.name}": ${parts.at(-1)?.slice(-2000)}`,
    );
  }
  return snippets.map((_, index) => {
    const { error } = JSON.parse(parts[2 * index + 1]);
    const output = parts[2 * index];
    if (!error) {
      return { output };
    }
    const { name, message, stack } = error as { name: string; message: string; stack: string };
    return { output, error: { name, message, places: placesIn(stack, index, maps[index]) } };
  });
}

/** Without what a test's runner puts into the environment of what it starts. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
  return env;
}

/** The frames of a stack that lie in a snippet, as in `f:3`. */
function placesIn(stack: string, index: number, map: SourceMap): string[] {
  const own = new RegExp(`^ +at (?:(.*) \\()?[^()]*snippet-${index}\\.cjs:(\\d+):(\\d+)\\)?$`);
  return stack.split("\n").flatMap((line) => {
    const [match, name, row, column] = own.exec(line) ?? [];
    if (!match) {
      return [];
    }
    // The body begins in the second line of its file.
    const entry = map.findEntry(Number(row) - 2, Number(column) - 1);
    const place = "originalLine" in entry ? entry.originalLine + 1 : 0;
    return [`${called(name)}:${place}`];
  });
}

/** The function that a snippet is wrapped in has no name in a cell. */
export function called(name: string | undefined): string {
  return (name ?? "")
    .replace(/^async (?=module\.exports|Object\.<anonymous>)/, "")
    .replace(/^(module\.exports|Object\.<anonymous>|async)$/, "");
}

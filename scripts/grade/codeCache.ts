// Compiled code of the packages: a sandbox that has it starts in two thirds of the time. Imported first by
// inside.ts.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";

/** Made by {@link rememberCode}, beside the bundle: where the code of each file stands in the other. */
const INDEX = join(__dirname, "code.json");
const CODE = join(__dirname, "code.bin");

type Compiling = Module & { _compile(this: Module, text: string, file: string): unknown };

const places: Record<string, [begin: number, end: number]> = existsSync(INDEX)
  ? JSON.parse(readFileSync(INDEX, "utf8"))
  : {};
const code = existsSync(INDEX) ? readFileSync(CODE) : Buffer.alloc(0);
const scripts = new Map<string, Script>();
const own = Module.prototype as Compiling;
const compile = own._compile;

/** Has modules compiled with the code that is there; V8 leaves code alone that it was not made for. */
function begin(remembers: boolean): void {
  own._compile = function (text, file) {
    const place = places[file];
    if (!(remembers || place) || text.startsWith("#!")) {
      return compile.call(this, text, file);
    }
    const cachedData = place && code.subarray(...place);
    const script = new Script(Module.wrap(text), { filename: file, cachedData });
    if (remembers) {
      scripts.set(file, script);
    }
    const run = script.runInThisContext() as (...given: unknown[]) => unknown;
    return run.call(this.exports, this.exports, createRequire(file), this, file, dirname(file));
  };
}

/** Writes the code of all modules that this process has compiled. */
export function rememberCode(): void {
  let at = 0;
  const parts: Buffer[] = [];
  const index: typeof places = {};
  for (const [file, script] of scripts) {
    const part = script.createCachedData();
    index[file] = [at, at + part.length];
    at += part.length;
    parts.push(part);
  }
  writeFileSync(CODE, Buffer.concat(parts));
  writeFileSync(INDEX, JSON.stringify(index));
}

begin(process.argv.includes("--remember-code"));

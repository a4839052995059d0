// node scripts/webAssembly/make.mjs [--check]: compiles the module of lib/engine/web/cpp and writes its bytes
// to lib/engine/web/moduleBytes.ts, for everybody who has no compiler; with --check it only compares. Needs
// clang and lld of the version in sources.mjs (Debian: apt install clang-19 lld-19).
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { lastLine, run, which } from "../setup/run.mjs";
import { COMPILER, FLAGS, FOLDERS, hashOfSources, SOURCE, TARGET, VARIANTS } from "./sources.mjs";

const { name, version } = COMPILER;
const compiler = which([`${name}-${version}`, name], process.env);
const found = compiler && (await run(compiler, ["--version"])).stdout;
if (!found?.includes(`version ${version}.`)) {
  fail(
    `The module is made with ${name} ${version}, which is not here: apt install clang-${version} lld-${version}`,
  );
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "karenina-webassembly-"));
const modules = {};
try {
  for (const [variant, flags] of Object.entries(VARIANTS)) {
    const file = path.join(folder, `${variant}.wasm`);
    const includes = FOLDERS.map((each) => `-I${each}`);
    const options = [...FLAGS, ...flags, `-DVARIANT=${variant}`, ...includes];
    const result = await run(compiler, [...options, SOURCE, "-o", file]);
    if (!result.ok) {
      fail(`${compiler} failed: ${result.stderr || lastLine(result.failure)}`);
    }
    modules[variant] = fs.readFileSync(file);
  }
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}

const entries = Object.entries(modules).map(
  ([variant, bytes]) => `  ${variant}:\n    "${bytes.toString("base64")}",\n`,
);
const text =
  "// Written by scripts/webAssembly/make.mjs from cpp/module.cc; not to be edited.\n" +
  "// biome-ignore-all format: as the script writes it\n\n" +
  "/** Stands for the sources that the modules were made from. */\n" +
  `export const SOURCES = "${hashOfSources()}";\n\n` +
  "/** The modules in base64, by their sets of instructions, the best first. */\n" +
  `export const MODULES: Readonly<Record<string, string>> = {\n${entries.join("")}};\n`;

if (process.argv.includes("--check")) {
  const same = fs.existsSync(TARGET) && fs.readFileSync(TARGET, "utf8") === text;
  console.log(
    same ? "The module is what its sources make." : "The module is another than its sources make.",
  );
  process.exitCode = same ? 0 : 1;
} else {
  fs.writeFileSync(TARGET, text);
  const sizes = Object.entries(modules).map(([each, bytes]) => `${each} ${bytes.length} bytes`);
  console.log(`${path.relative(process.cwd(), TARGET)}: ${sizes.join(", ")}`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

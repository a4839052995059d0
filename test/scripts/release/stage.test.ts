import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { compileFiles, filesIn, writeDeclarations } from "../../../scripts/release/compile";
import { kernelManifest, libraryManifest } from "../../../scripts/release/manifests";
import { strangersEnv } from "../../../scripts/release/npm";
import { stageLibrary } from "../../../scripts/release/stage";

const ROOT = resolve(__dirname, "../../..");
const readManifest = (folder: string) =>
  JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "release-test-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function write(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

test("compiled files serve import and require alike, and declarations name other packages", async (t) => {
  const folder = temporaryFolder(t);
  const [source, target] = [join(folder, "source"), join(folder, "target")];
  write(source, {
    "index.ts": 'export * from "./part";\nexport * as whole from "./part";\n',
    "part/index.ts":
      'import type { URL } from "node:url";\n/** Not `from "other"`. */\n' +
      "export const twice = (n: number): number => 2 * n;\nexport type Address = URL;\n",
    "part/index.d.cts": "export {};\n",
  });
  await compileFiles(source, target);
  assert.deepEqual(filesIn(target), ["index.js", join("part", "index.js")]);
  write(target, {
    "use.mjs":
      'import { createRequire } from "node:module"; import { twice, whole } from "./index.js";\n' +
      'const required = createRequire(import.meta.url)("./index.js");\n' +
      "console.log(twice(21), whole.twice === required.twice);",
  });
  const said = execFileSync(process.execPath, [join(target, "use.mjs")], { encoding: "utf8" });
  assert.equal(said.trim(), "42 true");

  const named = writeDeclarations(source, target, {
    entries: ["index.ts"],
    configFile: join(ROOT, "tsconfig.json"),
    rename: { "node:url": "@scope/other/url" },
  });
  assert.deepEqual([...named], ["@scope/other"]);
  const declared = readFileSync(join(target, "part", "index.d.ts"), "utf8");
  assert.match(declared, /import type \{ URL \} from "@scope\/other\/url"/);
  assert.match(declared, /Not `from "other"`/);
});

test("the library's package installs without the project's overrides", () => {
  const manifest = libraryManifest(readManifest("lib"), { "@types/node": "20.0.0" });
  assert.equal(manifest.private, undefined);
  assert.deepEqual(manifest.optionalDependencies, { "@tensorflow/tfjs-node": "4.22.0" });
  assert.deepEqual(manifest.peerDependenciesMeta, { "danfojs-node": { optional: true } });
  assert.equal(manifest.dependencies?.["@types/node"], "20.0.0");
  for (const name of ["@tensorflow/tfjs-node", "danfojs-node"]) {
    assert.equal(manifest.dependencies?.[name], undefined);
  }
  assert.throws(
    () => libraryManifest({ name: "karenina", version: "1.0.0", dependencies: {} }, {}),
    /no dependency "@tensorflow\/tfjs-node"/,
  );
});

test("the sources cannot be published by mistake, the packages can", () => {
  for (const folder of ["lib", "kernel"]) {
    assert.equal(readManifest(folder).private, true);
  }
  const kernel = kernelManifest(readManifest("kernel"));
  assert.equal(kernel.private, undefined);
  assert.equal(kernel.devDependencies, undefined);
});

test("the library is staged with JavaScript, declarations, registry and networks", async (t) => {
  const folder = temporaryFolder(t);
  await stageLibrary(folder);
  const files = filesIn(folder).map((file) => file.replaceAll("\\", "/"));
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const named = Object.values(manifest.exports).flatMap((entry) =>
    typeof entry === "string" ? [entry] : Object.values(entry as Record<string, string>),
  );
  for (const file of [...named, manifest.main, manifest.types, ...Object.values(manifest.bin)]) {
    assert.ok(existsSync(join(folder, file as string)), `${file} is there`);
  }
  for (const file of ["datasets/registry.json", "LICENSE", "README.md"]) {
    assert.ok(files.includes(file), `${file} is there`);
  }
  assert.ok(files.some((file) => file.endsWith(".safetensors")));
  assert.deepEqual(
    files.filter((file) => /(?<!\.d)\.ts$/.test(file)),
    [],
  );
  const declared = readFileSync(join(folder, "engine/tensorflow.d.ts"), "utf8");
  assert.match(declared, /from "@tensorflow\/tfjs"/);
});

test("a stranger's environment has nothing of the project's but where npm looks", () => {
  const env = {
    PATH: "/bin",
    npm_config_registry: "http://localhost/",
    npm_config_ignore_scripts: "true",
    npm_lifecycle_event: "release",
    INIT_CWD: "/here",
    KARENINA_BACKEND: "native",
  };
  assert.deepEqual(strangersEnv(env), { PATH: "/bin", npm_config_registry: "http://localhost/" });
});

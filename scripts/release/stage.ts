import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { compileFiles, filesIn, writeDeclarations } from "./compile";
import { lazyIndex } from "./lazyIndex";
import { kernelManifest, libraryManifest, type Manifest } from "./manifests";
import { type Modules, writeModules } from "./modules";

const ROOT = resolve(__dirname, "../..");
const CONFIG = join(ROOT, "tsconfig.json");

const readManifest = (file: string): Manifest => JSON.parse(readFileSync(file, "utf8"));

function writeManifest(folder: string, manifest: Manifest): void {
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

function copyInto(folder: string, files: Record<string, string>): void {
  for (const [name, source] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    cpSync(join(ROOT, source), join(folder, name), { recursive: true });
  }
}

/**
 * The dependency, with its version, through which strangers get the types that a declaration names.
 * @throws Error where there is none
 */
function typesFor(name: string, library: Manifest, project: Manifest): [string, string] {
  const { dependencies = {} } = library;
  // Parts of TensorFlow.js have its version.
  const own = dependencies[name.startsWith("@tensorflow/tfjs-") ? "@tensorflow/tfjs" : name];
  if (own) {
    return [name, own];
  }
  const typed = `@types/${name}`;
  const version = project.devDependencies?.[typed];
  if (version) {
    return [typed, version];
  }
  throw new Error(
    `The library's declarations name "${name}", which is no dependency of lib/package.json. Add it ` +
      `there, or ${typed} to the project's package.json.`,
  );
}

/** The library as bundlers take it for a browser. */
export function writeBrowserModules(folder: string): Promise<Modules> {
  return writeModules(join(ROOT, "lib"), folder, {
    entry: "index.ts",
    rename: { "@tensorflow/tfjs-node": "@tensorflow/tfjs" },
    replace: { "node.ts": "web.ts" },
  });
}

/** The library as npm gets it, in a folder that is emptied first. */
export async function stageLibrary(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  const source = join(ROOT, "lib");
  await compileFiles(source, folder);
  await writeBrowserModules(join(folder, "esm"));
  const named = writeDeclarations(source, folder, {
    entries: ["index.ts", "frames/index.ts", "web.ts"],
    configFile: CONFIG,
    // tfjs-node is not there for everybody; its types are those of tfjs and a few more.
    rename: { "@tensorflow/tfjs-node": "@tensorflow/tfjs" },
  });
  const asItIs = filesIn(source).filter(
    (file) => /\.(cjs|cts|safetensors|md)$/.test(file) && !/^(index|contents)\./.test(file),
  );
  copyInto(folder, {
    ...Object.fromEntries(asItIs.map((file) => [file, join("lib", file)])),
    "datasets/registry.json": "datasets/registry.json",
    LICENSE: "LICENSE",
  });
  writeFileSync(
    join(folder, "index.js"),
    lazyIndex(readFileSync(join(source, "index.ts"), "utf8")),
  );
  const manifest = readManifest(join(source, "package.json"));
  const project = readManifest(join(ROOT, "package.json"));
  const types = Object.fromEntries([...named].map((name) => typesFor(name, manifest, project)));
  writeManifest(folder, libraryManifest(manifest, types));
}

/** The kernel as npm gets it, in a folder that is emptied first. */
export function stageKernel(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  const source = join(ROOT, "kernel");
  execFileSync(process.execPath, [join(source, "build.mjs")], { stdio: ["ignore", "ignore", 2] });
  const bundles = [
    ...["index", "kernel", "front", "install"].map((name) => `dist/${name}.cjs`),
    "dist/remoteEntry.js",
  ];
  copyInto(folder, {
    ...Object.fromEntries(
      ["README.md", "bin", "install/logos", "labextension/package.json", "types", ...bundles].map(
        (path) => [path, join("kernel", path)],
      ),
    ),
    LICENSE: "LICENSE",
  });
  const named = writeDeclarations(source, join(folder, "dist"), {
    entries: ["index.ts"],
    configFile: CONFIG,
  });
  const manifest = readManifest(join(source, "package.json"));
  for (const name of named) {
    if (name !== "node" && !manifest.dependencies?.[name]) {
      throw new Error(`The kernel's declarations name "${name}", no dependency of kernel/.`);
    }
  }
  writeManifest(folder, kernelManifest(manifest));
}

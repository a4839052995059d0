// npm run release -- [--dry-run]: packs both packages and proves that strangers can use them.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { Command } from "commander";
import { npm, strangersEnv } from "./npm";
import { obstacles } from "./preconditions";
import { proveKernel, proveLibrary } from "./prove";
import { stageKernel, stageLibrary } from "./stage";

const ROOT = resolve(__dirname, "../..");
const OUT = join(ROOT, "build", "release");
const MANIFESTS = ["package.json", "lib/package.json", "kernel/package.json"];

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

/** The project's state; the version is that of package.json. */
function readState() {
  const versionOf = (file: string): string => JSON.parse(read(file)).version;
  return {
    versions: Object.fromEntries(MANIFESTS.map((file) => [file, versionOf(file)])),
    changelog: read("CHANGELOG.md"),
    workTree: execFileSync("git", ["status", "--porcelain"], { cwd: ROOT, encoding: "utf8" }),
  };
}

async function pack(staged: string): Promise<string> {
  const words = await npm(["pack", "--json", staged], OUT, strangersEnv(process.env));
  const [{ filename, size, unpackedSize, entryCount }] = JSON.parse(words);
  const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  console.log(`${filename}: ${entryCount} files, ${mb(size)}, unpacked ${mb(unpackedSize)}`);
  return join(OUT, filename);
}

async function release({ dryRun }: { dryRun?: boolean }): Promise<void> {
  const state = readState();
  const against = obstacles(state);
  if (against.length > 0 && !dryRun) {
    throw new Error(against.join("\n"));
  }
  for (const obstacle of against) {
    console.log(`A release would be refused: ${obstacle}`);
  }

  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  const staged = { kernel: join(OUT, "karenina-kernel"), library: join(OUT, "karenina") };
  stageKernel(staged.kernel);
  await stageLibrary(staged.library);
  const tarballs = { kernel: await pack(staged.kernel), library: await pack(staged.library) };
  await proveKernel(tarballs.kernel, console.log);
  await proveLibrary(tarballs.library, console.log);

  const [version] = Object.values(state.versions);
  const files = Object.values(tarballs).map((file) => relative(ROOT, file));
  console.log(
    dryRun
      ? `\nA rehearsal: ${files.join(" and ")} work. Nothing was published.`
      : `\nBoth work. To publish them:\n\n  git tag v${version} && git push origin v${version}\n` +
          files.map((file) => `  npm publish ${file}\n`).join(""),
  );
}

new Command("release")
  .description(
    "Packs karenina and karenina-kernel into build/release and proves that the tarballs install and " +
      "run in an empty folder. Publishes nothing: at the end it prints the commands that do.",
  )
  .option("--dry-run", "go on where the work tree, the versions or CHANGELOG.md forbid a release")
  .action(release)
  .parseAsync()
  .catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });

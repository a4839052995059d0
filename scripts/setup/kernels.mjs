// Step 5: the kernelspecs, under build/ for the notebook runner and in .venv for Jupyter.
import fs from "node:fs";
import path from "node:path";
import { SetupError } from "./report.mjs";
import { run } from "./run.mjs";

export const name = "kernels";

/** @param {import("./project.mjs").Project} project */
export async function check(project) {
  const names = wantedKernels(project);
  for (const folder of targets(project)) {
    for (const kernel of names) {
      const problem = whyStale(project, path.join(folder, kernel, "kernel.json"));
      if (problem) {
        return { ok: false, detail: `${kernel}: ${problem}` };
      }
    }
  }
  return { ok: true, detail: names.join(", ") };
}

/** @param {import("./project.mjs").Project} project */
export async function install(project) {
  writeSpec(path.join(project.kernelspecs, "tslab"), tslabSpec(project));
  if (hasOwnKernel(project)) {
    await writeOwnSpec(project);
  }
  // Where the clock was set back after the kernel was built, a spec would count as older forever.
  // A second later than the kernel, since times are rounded when they are set.
  const built = kernelBuilt(project);
  const later = built / 1000 + 1;
  for (const kernel of wantedKernels(project)) {
    const file = path.join(project.kernelspecs, kernel, "kernel.json");
    if (built > Date.now()) {
      fs.utimesSync(file, later, later);
    }
  }
  if (fs.existsSync(project.venv)) {
    for (const kernel of wantedKernels(project)) {
      replaceFolder(path.join(project.jupyterKernelspecs, kernel), (folder) => {
        const from = path.join(project.kernelspecs, kernel);
        fs.cpSync(from, folder, { recursive: true, preserveTimestamps: true });
      });
    }
  }
  const after = await check(project);
  if (!after.ok) {
    throw new SetupError(`The kernelspecs could not be written: ${after.detail}.`);
  }
  return after.detail;
}

/**
 * Stock tslab, started so that it finds the library's TypeScript and the one TensorFlow.
 *
 * @param {import("./project.mjs").Project} project
 */
export function tslabSpec(project) {
  return {
    argv: [
      process.execPath,
      "-r",
      project.preload,
      "-r",
      project.tsx,
      "-r",
      project.tslabIpc,
      tslabProgram(project),
      "kernel",
      "--config-path",
      "{connection_file}",
    ],
    display_name: "TypeScript (tslab)",
    language: "typescript",
    // libtensorflow reads it when it is loaded.
    env: { TF_CPP_MIN_LOG_LEVEL: "2" },
  };
}

function tslabProgram(project) {
  return path.join(project.nodeModules, "tslab", "bin", "tslab");
}

function wantedKernels(project) {
  return hasOwnKernel(project) ? ["karenina", "tslab"] : ["tslab"];
}

function hasOwnKernel(project) {
  return fs.existsSync(ownKernelCli(project));
}

function ownKernelCli(project) {
  return path.join(project.root, "kernel", "bin", "kernel.cjs");
}

/** The kernel knows how it wants to be started; its own command writes the spec. */
async function writeOwnSpec(project) {
  // One name for all: set-up holds a lock, and what a killed one left is replaced.
  const prefix = path.join(project.build, "kernelspec.making");
  fs.rmSync(prefix, { recursive: true, force: true });
  try {
    const result = await run(
      process.execPath,
      [ownKernelCli(project), "install", "--prefix", prefix, "--require", project.preload],
      { cwd: project.root, env: project.env, limitSeconds: 60 },
    );
    const written = path.join(prefix, "share", "jupyter", "kernels", "karenina");
    if (!result.ok || !fs.existsSync(path.join(written, "kernel.json"))) {
      throw new SetupError(
        `The kernelspec of the karenina kernel could not be written: ${result.failure}. ` +
          "Delete node_modules and run `npm run setup` again.",
      );
    }
    replaceFolder(path.join(project.kernelspecs, "karenina"), (folder) => {
      fs.renameSync(written, folder);
    });
    const extensions = path.join("share", "jupyter", "labextensions");
    const extension = path.join(prefix, extensions, "karenina-kernel");
    if (fs.existsSync(project.venv) && fs.existsSync(extension)) {
      replaceFolder(path.join(project.venv, extensions, "karenina-kernel"), (folder) => {
        fs.cpSync(extension, folder, { recursive: true });
      });
    }
  } finally {
    fs.rmSync(prefix, { recursive: true, force: true });
  }
}

/** A spec is stale when Node or the project has moved or the kernel was rebuilt since then. */
function whyStale(project, file) {
  let spec;
  try {
    if (kernelBuilt(project) > fs.statSync(file).mtimeMs) {
      return "written by an older kernel";
    }
    spec = JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return "no kernelspec";
  }
  if (spec.argv[0] !== process.execPath) {
    return "written for another Node";
  }
  const files = spec.argv.slice(1).filter((argument) => path.isAbsolute(argument));
  const elsewhere = files.some((at) => path.relative(project.root, at).startsWith(".."));
  if (elsewhere || !files.includes(project.preload)) {
    return "written for another folder";
  }
  const isTslab = files.includes(tslabProgram(project));
  return isTslab && !files.includes(project.tslabIpc) ? "written by an older set-up" : null;
}

/** When the kernel's own `install` was built, in milliseconds; 0 where it is not built yet. */
function kernelBuilt(project) {
  const installer = path.join(project.root, "kernel", "dist", "install.cjs");
  return fs.statSync(installer, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function targets(project) {
  return fs.existsSync(project.venv)
    ? [project.kernelspecs, project.jupyterKernelspecs]
    : [project.kernelspecs];
}

function writeSpec(folder, spec) {
  replaceFolder(folder, (making) => {
    fs.mkdirSync(making, { recursive: true });
    fs.writeFileSync(path.join(making, "kernel.json"), `${JSON.stringify(spec, null, 2)}\n`);
  });
}

function replaceFolder(folder, fill) {
  // Not among the kernelspecs, where what a killed set-up left would be offered as a kernel.
  const making = path.join(path.dirname(folder), "..", `${path.basename(folder)}.making`);
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  fs.rmSync(making, { recursive: true, force: true });
  fill(making);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.renameSync(making, folder);
}

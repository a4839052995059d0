// The second way to a native TensorFlow: tfjs-node's add-on, compiled here against the libraries of
// TensorFlow's Python wheel. Python only downloads and unpacks; its tensorflow is never imported.
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { findCompiler } from "./compiler.mjs";
import { probe } from "./probe.mjs";
import { findPip, pipComplaint, pythonEnv } from "./python.mjs";
import { run } from "./run.mjs";
import { addOnIn, homeOf, linkHome, makeHome } from "./tensorflowHome.mjs";

export const name = "built against the PyPI wheel";

const VERSION = "2.21.0";

/** One exact file a platform, whatever the version of the Python that fetches it. */
const WHEELS = {
  "linux-x64": {
    package: "tensorflow-cpu",
    platform: "manylinux_2_27_x86_64",
    sha256: "dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb",
    megabytes: 274,
  },
  // tensorflow-cpu is not published for this platform; this package holds no GPU code there either.
  "linux-arm64": {
    package: "tensorflow",
    platform: "manylinux_2_27_aarch64",
    sha256: "b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552",
    megabytes: 282,
  },
};

/** What the sources below include. */
const HEADERS = [
  "absl/log/globals.h",
  "tensorflow/c/c_api.h",
  "tensorflow/c/eager/c_api.h",
  "tensorflow/c/tf_datatype.h",
  "tensorflow/c/tf_status.h",
  "tensorflow/c/tf_tensor.h",
  "tensorflow/core/platform/ctstring_internal.h",
];

const FLAGS = [
  "-std=c++17",
  "-O2",
  "-fPIC",
  "-shared",
  "-DNAPI_VERSION=8",
  // The libraries log while they are initialised: quiet_log.cc has to come before that.
  "-Wl,-z,initfirst",
];

const quietLog = fileURLToPath(new URL("quiet_log.cc", import.meta.url));

/** A step of the way that did not work; its message is one clause. */
class WayBlocked extends Error {}

/**
 * @param {import("./project.mjs").Project} project
 * @param {import("./report.mjs").Reporter} report
 * @returns {Promise<{ ok: true, version: string, note?: string } | { ok: false, reason: string }>}
 */
export async function install(project, report) {
  const platform = `${process.platform}-${process.arch}`;
  const wheel = WHEELS[platform];
  if (!wheel) {
    return { ok: false, reason: `it serves Linux on x64 and arm64, and this is ${platform}` };
  }
  const tfjs = JSON.parse(fs.readFileSync(path.join(project.tfjsNode, "package.json"), "utf8"));
  const { folder: home, reason: note } = homeOf(
    project,
    `wheel-${VERSION}-tfjs-node-${tfjs.version}-${platform}`,
  );
  try {
    // From the cheapest to the dearest: what is cached, a new add-on, everything from the start.
    if (readRecipe(home) === recipe() && fs.existsSync(addOnIn(home))) {
      const cached = await linkAndProbe(project, home);
      if (cached.ok) {
        return { ...cached, note };
      }
    }
    const { compiler, reason } = findCompiler(project.env);
    if (compiler === null) {
      throw new WayBlocked(reason);
    }
    if (fs.existsSync(path.join(home, "deps", "lib"))) {
      const rebuilt = await compile(project, home, compiler).then(
        () => linkAndProbe(project, home),
        () => ({ ok: false }),
      );
      if (rebuilt.ok) {
        return { ...rebuilt, note };
      }
    }
    if (project.offline) {
      throw new WayBlocked("KARENINA_OFFLINE is set");
    }
    const pip = await findPip(project);
    if (pip.python === null) {
      throw new WayBlocked(pip.reason);
    }
    await makeHome(home, async (folder) => {
      await download(project, wheel, pip.python, folder, report);
      report.doing("TensorFlow", "compiling the add-on");
      await compile(project, folder, compiler);
    });
    const made = await linkAndProbe(project, home);
    return made.ok ? { ...made, note } : { ok: false, reason: `it does not run: ${made.failure}` };
  } catch (error) {
    if (error instanceof WayBlocked) {
      return { ok: false, reason: error.message };
    }
    if (error.code === "ENOSPC") {
      return { ok: false, reason: "the disk is full (1.2 GB are needed)" };
    }
    throw error;
  }
}

async function linkAndProbe(project, home) {
  linkHome(project, home);
  return probe(project, "native");
}

async function download(project, wheel, python, folder, report) {
  const requirements = path.join(folder, "requirements.txt");
  fs.writeFileSync(requirements, `${wheel.package}==${VERSION} --hash=sha256:${wheel.sha256}\n`);
  report.say(
    `  ${"TensorFlow".padEnd(13)}downloading ${wheel.package} ${VERSION}, ${wheel.megabytes} MB, once for all projects`,
  );
  const fetched = await run(
    python,
    [
      "-m",
      "pip",
      "download",
      "--no-deps",
      "--require-hashes",
      "-r",
      requirements,
      "--only-binary=:all:",
      "--implementation=cp",
      "--python-version=3.12",
      "--abi=cp312",
      `--platform=${wheel.platform}`,
      "-d",
      folder,
      // pip would keep a second copy of the file, and some versions would hold it in memory.
      "--no-cache-dir",
      "--retries=2",
      "--timeout=20",
    ],
    { cwd: folder, env: pythonEnv(project.env), limitSeconds: 3600, show: "progress" },
  );
  if (!fetched.ok) {
    throw new WayBlocked(pipComplaint(fetched));
  }
  const file = fs.readdirSync(folder).find((entry) => entry.endsWith(".whl"));
  report.doing("TensorFlow", "unpacking");
  const unpacked = await run(
    python,
    [
      fileURLToPath(new URL("unpack_wheel.py", import.meta.url)),
      path.join(folder, file),
      path.join(folder, "deps"),
      ...HEADERS,
    ],
    { env: pythonEnv(project.env) },
  );
  if (/No space left/.test(unpacked.stderr)) {
    throw Object.assign(new Error(), { code: "ENOSPC" });
  }
  if (!unpacked.ok) {
    throw new WayBlocked(`the wheel could not be unpacked: ${unpacked.failure}`);
  }
  fs.rmSync(path.join(folder, file));
  fs.rmSync(requirements);
}

/** One compiler call; the result is renamed into place, because others may be using the old one. */
async function compile(project, home, compiler) {
  const libraries = path.join(home, "deps", "lib");
  const addOn = addOnIn(home);
  const making = `${addOn}.${process.pid}`;
  fs.mkdirSync(path.dirname(addOn), { recursive: true });
  const result = await run(
    compiler,
    [
      ...FLAGS,
      `-I${path.join(project.nodeModules, "node-api-headers", "include")}`,
      `-I${path.join(home, "deps", "include")}`,
      `-I${project.tfjsNode}`,
      path.join(project.tfjsNode, "binding", "tfjs_backend.cc"),
      path.join(project.tfjsNode, "binding", "tfjs_binding.cc"),
      quietLog,
      "-o",
      making,
      "-Wl,-rpath,$ORIGIN/../../deps/lib",
      `-L${libraries}`,
      ...fs.readdirSync(libraries).map((library) => `-l:${library}`),
    ],
    { env: project.env },
  );
  if (!result.ok) {
    throw new WayBlocked(`${compiler} failed: ${result.failure}`);
  }
  fs.renameSync(making, addOn);
  fs.writeFileSync(recipeFile(home), recipe());
}

/** What an add-on was made from; one that an older version of this project made is made again. */
function recipe() {
  const parts = [FLAGS.join(" "), HEADERS.join(" "), fs.readFileSync(quietLog)];
  const hash = createHash("sha256");
  for (const part of parts) {
    hash.update(part);
  }
  return hash.digest("hex");
}

function recipeFile(home) {
  return path.join(home, "lib", "recipe.sha256");
}

function readRecipe(home) {
  const file = recipeFile(home);
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : null;
}

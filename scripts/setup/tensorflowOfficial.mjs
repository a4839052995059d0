// The first way to a native TensorFlow: the binary that tfjs-node's makers publish.
import fs from "node:fs";
import path from "node:path";
import { probe } from "./probe.mjs";
import { run } from "./run.mjs";
import { addOnIn, homeOf, linkHome, makeHome, unlinkHome } from "./tensorflowHome.mjs";

export const name = "official binary";

const LIMIT_SECONDS = 600;

/**
 * @param {import("./project.mjs").Project} project
 * @param {import("./report.mjs").Reporter} report
 * @returns {Promise<{ ok: true, version: string, note?: string } | { ok: false, reason: string }>}
 */
export async function install(project, report) {
  const manifest = JSON.parse(fs.readFileSync(path.join(project.tfjsNode, "package.json"), "utf8"));
  const { folder: home, reason: note } = homeOf(
    project,
    `official-${manifest.version}-${process.platform}-${process.arch}`,
  );
  if (fs.existsSync(addOnIn(home))) {
    linkHome(project, home);
    const cached = await probe(project, "native");
    if (cached.ok) {
      return { ...cached, note };
    }
  }
  if (project.offline) {
    return { ok: false, reason: "KARENINA_OFFLINE is set" };
  }
  const unreachable = await whyNotOffered(manifest, project.env);
  if (unreachable) {
    return { ok: false, reason: unreachable };
  }

  unlinkHome(project);
  report.handOver();
  const script = await run(process.execPath, [path.join("scripts", "install.js")], {
    cwd: project.tfjsNode,
    // The script calls node-pre-gyp by its bare name.
    env: withBin(project),
    limitSeconds: LIMIT_SECONDS,
    show: "progress",
  });
  if (!script.ok) {
    return { ok: false, reason: `its install script failed: ${script.failure}` };
  }
  const inPlace = await probe(project, "native");
  if (!inPlace.ok) {
    return { ok: false, reason: `it does not run here: ${inPlace.failure}` };
  }

  // Windows finds the libraries beside the add-on through links that do not survive a move.
  if (process.platform === "win32") {
    return inPlace;
  }
  await makeHome(home, async (folder) => {
    for (const part of ["deps", "lib"]) {
      fs.cpSync(path.join(project.tfjsNode, part), path.join(folder, part), {
        recursive: true,
        verbatimSymlinks: true,
      });
    }
  });
  linkHome(project, home);
  const moved = await probe(project, "native");
  return moved.ok ? { ...moved, note } : { ok: false, reason: moved.failure };
}

/**
 * Asks for the add-on's headers before the script does: where its host cannot be reached the script
 * would try for minutes, and where the file is missing it would begin to compile.
 *
 * @param {{ version: string, binary: { host: string } }} manifest tfjs-node's package.json
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | null>} the reason in one clause, or null when it is offered
 */
export async function whyNotOffered(manifest, env) {
  const system = { linux: "linux", darwin: "darwin", win32: "windows" }[process.platform];
  if (!system) {
    return `there is none for ${process.platform}`;
  }
  // The Linux file is for x64, though its name does not say so.
  if (system === "linux" && process.arch !== "x64") {
    return `there is none for Linux ${process.arch}`;
  }
  // fetch knows no proxy on Node 20; the script does.
  if (env.HTTPS_PROXY || env.https_proxy) {
    return null;
  }
  // node-pre-gyp's own variable for those who mirror binaries.
  const host = env.npm_config_tfjs_binding_binary_host_mirror || manifest.binary.host;
  const file = `CPU-${system}-${manifest.version}.${system === "windows" ? "zip" : "tar.gz"}`;
  const url = `${host.replace(/\/$/, "")}/napi-v8/${manifest.version}/${file}`;
  try {
    const answer = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(5000) });
    return answer.ok ? null : `its host answers ${answer.status} for ${file}`;
  } catch {
    return "its host cannot be reached";
  }
}

function withBin(project) {
  const variable = Object.keys(project.env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  const bin = path.join(project.nodeModules, ".bin");
  return { ...project.env, [variable]: [bin, project.env[variable]].join(path.delimiter) };
}

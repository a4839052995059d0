// Step 1: the npm packages that package-lock.json names.
import fs from "node:fs";
import path from "node:path";
import { SetupError } from "./report.mjs";
import { run } from "./run.mjs";

export const name = "npm packages";

/**
 * @param {import("./project.mjs").Project} project
 * @returns {Promise<{ ok: boolean, detail: string }>}
 */
export async function check(project) {
  const lock = readPackages(path.join(project.root, "package-lock.json"));
  if (lock === null) {
    return { ok: false, detail: "package-lock.json cannot be read" };
  }
  const installed = readPackages(path.join(project.nodeModules, ".package-lock.json"));
  if (installed === null) {
    return { ok: false, detail: "not installed" };
  }
  const difference = firstDifference(lock, installed);
  if (difference) {
    return { ok: false, detail: difference };
  }
  const names = Object.keys(installed);
  const gone = names.find((at) => !fs.existsSync(path.join(project.root, at, "package.json")));
  return gone ? { ok: false, detail: `${gone} is gone` } : { ok: true, detail: `${names.length}` };
}

/**
 * npm writes node_modules/.package-lock.json last, as the record of what it really unpacked; this
 * finds the first package in which that record differs from package-lock.json.
 *
 * @param {Record<string, object>} lock the `packages` of package-lock.json
 * @param {Record<string, object>} installed the `packages` of node_modules/.package-lock.json
 * @returns {string | null} one clause, or null when they agree
 */
export function firstDifference(lock, installed) {
  for (const [at, entry] of Object.entries(lock)) {
    if (!at.includes("node_modules/")) {
      continue;
    }
    const there = installed[at];
    if (!there) {
      // Optional packages of other platforms are in the lock file only.
      if (entry.optional || entry.devOptional) {
        continue;
      }
      return `${at} is missing`;
    }
    if (there.version !== entry.version || there.integrity !== entry.integrity) {
      return `${at} is ${there.version}, wanted is ${entry.version}`;
    }
  }
  for (const [at, entry] of Object.entries(installed)) {
    if (!lock[at]) {
      return `${at} is not in package-lock.json`;
    }
    if (!fits(entry.os, process.platform) || !fits(entry.cpu, process.arch)) {
      return `${at} was installed on another platform`;
    }
  }
  return null;
}

/** npm's rule for `os` and `cpu`: a list of names, of which those with `!` are excluded. */
function fits(allowed, value) {
  if (!allowed?.length) {
    return true;
  }
  if (allowed.includes(`!${value}`)) {
    return false;
  }
  return allowed.includes(value) || allowed.every((entry) => entry.startsWith("!"));
}

/** @param {string} file */
function readPackages(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")).packages;
  } catch {
    return null;
  }
}

/**
 * @param {import("./project.mjs").Project} project
 * @returns {Promise<string>}
 */
export async function install(project) {
  const [command, ...before] = npmCommand(project.env);
  const npm = (args, limitSeconds, show) =>
    run(command, [...before, ...args], { cwd: project.root, env: project.env, limitSeconds, show });
  const offline = project.offline ? "KARENINA_OFFLINE is set" : await whyUnreachable(npm);
  // What npm has in its cache may be enough; the lock file pins every byte.
  const source = offline ? "--offline" : "--prefer-offline";
  const result = await npm(["ci", "--loglevel=error", source], 1200, "progress");
  if (!result.ok) {
    throw failed(project, offline ?? npmComplaint(result));
  }
  const after = await check(project);
  if (!after.ok) {
    throw failed(project, after.detail);
  }
  return after.detail;
}

/** Asked first, because without a network `npm ci` would try for two minutes. */
async function whyUnreachable(npm) {
  const ping = await npm(["ping", "--fetch-retries=0", "--fetch-timeout=10000"], 30);
  const codes = /\b(EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ENETUNREACH|ETIMEDOUT)\b/;
  return codes.test(ping.stderr) ? npmComplaint(ping) : null;
}

function failed(project, reason) {
  return new SetupError(
    `The npm packages could not be installed: \`npm ci\` in ${project.root} ended with ` +
      `"${reason}". If the network is down or a proxy is needed, mend that (npm reads ` +
      "HTTPS_PROXY and `npm config`); if the disk is full, make room; then run the same command again.",
  );
}

/** The one line of npm's many that says what went wrong. */
function npmComplaint({ stderr, failure }) {
  const lines = [...stderr.matchAll(/^npm (?:error|ERR!) (.+)$/gm)].map((match) => match[1]);
  const preamble = /^(code|errno|syscall|path|type|signal|command|dest) |^A complete log/;
  return lines.find((line) => !preamble.test(line)) ?? failure;
}

/**
 * The npm that started us, where it did: a shell is then not needed on any platform.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export function npmCommand(env) {
  const own = env.npm_execpath;
  if (own && /^npm-cli\.c?js$/.test(path.basename(own)) && fs.existsSync(own)) {
    return [process.execPath, own];
  }
  return [process.platform === "win32" ? "npm.cmd" : "npm"];
}

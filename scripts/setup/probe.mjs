// Asks a backend to compute, in a child process: a broken native library may kill its process.
import { lastLine, run } from "./run.mjs";

/**
 * @param {import("./project.mjs").Project} project
 * @param {"native" | "wasm"} backend
 * @param {{ speed?: boolean }} [options] speed: measure a 1024 x 1024 matrix product as well
 * @returns {Promise<{ ok: true, version: string, gigaflops?: number } | { ok: false, failure: string }>}
 */
export async function probe(project, backend, { speed = false } = {}) {
  const result = await run(
    process.execPath,
    ["-r", project.preload, project.probe, ...(speed ? ["--speed"] : [])],
    {
      cwd: project.root,
      env: { ...project.env, KARENINA_BACKEND: backend, TF_CPP_MIN_LOG_LEVEL: "3" },
      limitSeconds: 120,
    },
  );
  if (!result.ok) {
    return { ok: false, failure: lastLine(result.stderr) || result.failure };
  }
  const { version, gigaflops } = JSON.parse(result.stdout);
  return { ok: true, version, gigaflops };
}

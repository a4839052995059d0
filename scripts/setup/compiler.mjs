// The C++ compiler that the add-ons are made with, the same for all of them.
import { which } from "./run.mjs";

const NAMES = ["g++", "c++", "clang++"];

/**
 * The compiler that CXX names, else the first known one on the PATH.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ compiler: string, reason: null } | { compiler: null, reason: string }} reason: one clause
 */
export function findCompiler(env) {
  const compiler = which(env.CXX ? [env.CXX] : NAMES, env);
  if (compiler) {
    return { compiler, reason: null };
  }
  const missing = env.CXX ? `CXX names ${env.CXX}, which is not there` : "no C++ compiler";
  return { compiler: null, reason: `${missing}: install g++ (Debian: apt install g++)` };
}

/**
 * What a change of makes another try worthwhile.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export function compilerOnPath(env) {
  return env.CXX || which(NAMES, env);
}

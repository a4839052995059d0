// What the machine brings: Node, npm, Python, a compiler, a browser.
import { npmCommand } from "../setup/npm.mjs";
import { findPython } from "../setup/python.mjs";
import { run, which } from "../setup/run.mjs";
import { findChromium } from "../test/chromium.mjs";

/** @typedef {{ state: "ok" | "note" | "FAIL", name: string, text: string }} Finding */

/** @param {import("../setup/project.mjs").Project} project @returns {AsyncGenerator<Finding>} */
export async function* examineTools(project) {
  const { env } = project;
  const recent = Number(process.versions.node.split(".")[0]) >= 20;
  yield {
    state: recent ? "ok" : "FAIL",
    name: "Node",
    text: `${process.version}, ${process.execPath}${recent ? "" : ": install Node 20, 22, 24 or 26"}`,
  };

  const [npm, ...before] = npmCommand(env);
  const npmVersion = await run(npm, [...before, "--version"], { env, limitSeconds: 60 });
  yield npmVersion.ok
    ? { state: "ok", name: "npm", text: npmVersion.stdout.trim() }
    : { state: "FAIL", name: "npm", text: `${npmVersion.failure}: install npm 10 or newer` };

  const found = await findPython(project);
  yield found.python
    ? { state: "ok", name: "Python", text: `${found.version}, ${found.python}` }
    : { state: "note", name: "Python", text: found.reason };

  const compiler = which(env.CXX ? [env.CXX] : ["g++", "c++", "clang++"], env);
  const compilerVersion = compiler && (await run(compiler, ["--version"], { env }));
  yield compiler
    ? { state: "ok", name: "C++", text: `${compilerVersion.stdout.split("\n")[0]}, ${compiler}` }
    : {
        state: "note",
        name: "C++",
        text: "no compiler: apt install g++, or xcode-select --install",
      };

  const chromium = findChromium(env);
  yield chromium
    ? { state: "ok", name: "browser", text: chromium }
    : { state: "note", name: "browser", text: "no Chromium, which only the browser tests need" };
}

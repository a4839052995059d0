import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ChangedCase } from "./cases";

const ROOT = join(__dirname, "../../../..");
const PYTHON = join(
  ROOT,
  ".venv",
  process.platform === "win32" ? "Scripts/python.exe" : "bin/python",
);

/** Runs cells in the shell that ipykernel runs them in, each case in a folder and a shell of its own. */
const RUNNER = `
import asyncio, json, os, shutil, sys, tempfile
from IPython.core.interactiveshell import InteractiveShell

async def run(case):
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    given = "nothing"
    for cell in case["python"]:
        if isinstance(cell, list):
            open(cell[0], "w").write(cell[1])
            continue
        kept = sys.stdout
        sys.stdout = open(os.devnull, "w")
        try:
            outcome = await shell.run_cell_async(cell, transformed_cell=shell.transform_cell(cell))
        finally:
            sys.stdout = kept
        error = outcome.error_before_exec or outcome.error_in_exec
        given = type(error).__name__ if error else str(outcome.result)
    return given

async def main():
    outcomes = []
    for case in json.load(sys.stdin):
        folder = tempfile.mkdtemp()
        os.chdir(folder)
        sys.path_importer_cache.clear()
        outcomes.append(await run(case))
        os.chdir("/")
        shutil.rmtree(folder)
    print("\\x01" + json.dumps(outcomes))

asyncio.run(main())
`;

/** Is Python's kernel installed in the project's own environment? */
export const hasPython = existsSync(PYTHON);

/** What the last cell of each case gives in Python's kernel. */
export function runInPython(cases: readonly ChangedCase[]): string[] {
  const { status, stdout, stderr } = spawnSync(PYTHON, ["-c", RUNNER], {
    input: JSON.stringify(cases),
    encoding: "utf8",
    env: { ...process.env, IPYTHONDIR: join(ROOT, "build", "ipython") },
  });
  const [, json] = stdout.split("\u0001");
  if (status !== 0 || json === undefined) {
    throw new Error(`Python's kernel did not run the cells: ${stderr.slice(-1000)}`);
  }
  return JSON.parse(json) as string[];
}

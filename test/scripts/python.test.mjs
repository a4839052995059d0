import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { install as installJupyter, readPins } from "../../scripts/setup/jupyter.mjs";
import { findPip, findPython, makeVenv, pipComplaint } from "../../scripts/setup/python.mjs";
import { silentReport, temporaryProject, write } from "./temporaryProject.mjs";

const options = { skip: process.platform === "win32" ? "the stand-ins are shell scripts" : false };

/** A PATH on which there are only these stand-ins: name to shell script. */
function withPrograms(t, programs) {
  const project = temporaryProject(t);
  const bin = path.join(project.base, "bin");
  fs.mkdirSync(bin);
  for (const [name, script] of Object.entries(programs)) {
    write(path.join(bin, name), `#!/bin/sh\n${script}`, 0o755);
  }
  project.env.PATH = bin;
  return { project, bin };
}

/** A Debian python3 to which nobody has added anything. */
const DEBIAN = `
case "$*" in
  -c*) echo 3.11.2 ;;
  *"-m venv"*) echo "The virtual environment was not created successfully because ensurepip is not"
               echo "available. On Debian/Ubuntu systems, you need to install the python3-venv package"
               exit 1 ;;
  *) echo "/usr/bin/python3: No module named $2" >&2; exit 1 ;;
esac`;

test("the first Python that is new enough is taken, whatever it is called", options, async (t) => {
  const { project, bin } = withPrograms(t, { python3: "exit 1", python: "echo 3.12.1" });
  assert.deepEqual(await findPython(project), {
    python: path.join(bin, "python"),
    version: "3.12.1",
  });
});

test("why there is no Python to use is said with the remedy", options, async (t) => {
  const none = withPrograms(t, {});
  assert.deepEqual(await findPython(none.project), {
    python: null,
    reason:
      "there is no python3 on the PATH: install Python 3.10 or newer (Debian: apt install python3-venv)",
  });
  const old = withPrograms(t, { python3: "echo 3.8.10", python: "exit 9" });
  const { reason } = await findPython(old.project);
  assert.match(
    reason,
    /python3 is version 3\.8\.10, .*python does not start: install Python 3\.10/,
  );
});

test("a Debian Python without venv and pip names the package to install", options, async (t) => {
  const { project, bin } = withPrograms(t, { python3: DEBIAN });
  const reason = `${path.join(bin, "python3")} cannot make virtual environments: install Debian's python3-venv (apt install python3-venv)`;
  assert.deepEqual(await makeVenv(project, path.join(bin, "python3")), { ok: false, reason });
  assert.deepEqual(await findPip(project), { python: null, reason });
  assert.ok(!fs.existsSync(project.venv), "nothing half made is left");
  await assert.rejects(installJupyter(project, { report: silentReport() }), {
    name: "SetupError",
    message: /JupyterLab cannot be installed: .*python3-venv.*`npm run setup`.*`npm run notebooks`/,
  });
});

test("where pip's index cannot be reached, that is said and not its last words", () => {
  const stderr =
    "WARNING: Retrying: NewConnectionError: [Errno -3] Temporary failure in name resolution\n" +
    "ERROR: No matching distribution found for jupyterlab";
  const failure = "ERROR: No matching distribution found for jupyterlab";
  assert.match(
    pipComplaint({ stderr, failure }),
    /cannot reach its package index \(temporary fail/,
  );
  assert.equal(pipComplaint({ stderr: failure, failure }), `pip: ${failure}`);
});

test("only exact versions count as pins", () => {
  const pins = readPins("# a comment\njupyterlab==4.6.6\n\nplotly>=6\n  notebook==7.6.5  \n");
  assert.deepEqual(
    [...pins],
    [
      ["jupyterlab", "4.6.6"],
      ["notebook", "7.6.5"],
    ],
  );
});

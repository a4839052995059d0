// A student's way through exercises in JupyterLab: a wrong answer, hints, a right one, progress that outlives
// the kernel, goes to another machine by a file, and is made blank again.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { parseProgress } from "../../lessons/exercises/standings";
import { findChromium } from "../../scripts/test/chromium.mjs";
import { launchBrowser, newPage } from "./browser";
import { JupyterServer, ROOT } from "./jupyterServer";
import { NotebookPage } from "./notebookPage";

const KEPT = join(ROOT, "build/browser/student/progress.json");

const CELLS = {
  wrong: 'import { check, hint, progress } from "karenina-lessons";\ncheck.cellRunThrice(7);',
  hint: "hint.cellRunThrice();",
  right: "check.cellRunThrice(15);",
  progress: 'progress("00");',
  save: 'progress.save("mine.json");',
  reset: 'progress.reset("cellRunThrice");\nprogress("00");',
  load: 'progress.load("mine.json");\nprogress();',
  blank: 'progress.reset("course");\nprogress();',
};
const NAMES = Object.keys(CELLS) as (keyof typeof CELLS)[];
const at = (name: keyof typeof CELLS) => NAMES.indexOf(name);

describe("a student in JupyterLab", {
  skip: findChromium() ? false : "no Chromium was found; name one in KARENINA_CHROMIUM",
  timeout: 600_000,
}, () => {
  let server: JupyterServer;
  let browser: Browser;
  let notebook: NotebookPage;

  before(async () => {
    const env = { KARENINA_PROGRESS: KEPT, KARENINA_BACKEND: "wasm" };
    [server, browser] = await Promise.all([
      JupyterServer.start({ name: "student", env }),
      launchBrowser(),
    ]);
    server.writeNotebook("student.ipynb", Object.values(CELLS));
    notebook = new NotebookPage(await newPage(browser, { width: 1200, height: 1500 }), "student");
    await notebook.open(server.url("lab/workspaces/student/tree/student.ipynb"), () =>
      server.connected("student.ipynb"),
    );
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  const shows = async (name: keyof typeof CELLS, text: RegExp) => {
    await notebook.run(at(name));
    await notebook.shows(at(name), text);
  };

  test("answers and hints are counted, and a restarted kernel knows them", async () => {
    await shows("wrong", /Try again/);
    await shows("hint", /Hint 1 of \d/);
    await shows("right", /Right/);
    await shows("progress", /1 of 4 exercises right/);
    await notebook.screenshot("progress");
    const { cellRunThrice } = parseProgress(readFileSync(KEPT, "utf8"));
    const { attempts, hints, right } = cellRunThrice;
    assert.deepEqual({ attempts, hints, right }, { attempts: 2, hints: 1, right: true });
    await notebook.toolbar("restart-kernel");
    await notebook.accept();
    await shows("wrong", /Try again/);
    await shows("progress", /1 of 4 exercises right/);
  });

  test("progress is saved to a file, blanked, brought back, and blanked as a whole", async () => {
    await shows("save", /Saved/);
    await shows("reset", /Blank again: cellRunThrice[\s\S]*0 of 4 exercises right/);
    await shows("load", /Loaded[\s\S]*1 of \d+ exercises right/);
    await notebook.screenshot("course");
    await shows("blank", /Blank again: course[\s\S]*0 of \d+ exercises right/);
    assert.deepEqual(parseProgress(readFileSync(KEPT, "utf8")), {});
  });
});

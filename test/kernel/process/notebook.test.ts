import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { expectedCode } from "../../../kernel/process/notebook";
import { projectFolder } from "../session/folder";

const cell = (cell_type: string, source: unknown) => ({ cell_type, source });

test("the code of the notebook that Jupyter names is expected, and nothing where it can't be read", (t) => {
  const cells = [
    cell("markdown", "# Title"),
    cell("code", ["const a = 1;\n", "a"]),
    cell("code", "a + 1"),
  ];
  const folder = projectFolder({
    "notebook.ipynb": JSON.stringify({ cells }),
    "script.ts": "const b = 2;",
    "odd.ipynb": '{"cells": 3}',
  });
  const former = process.env.JPY_SESSION_NAME;
  t.after(() => {
    if (former === undefined) {
      delete process.env.JPY_SESSION_NAME;
    } else {
      process.env.JPY_SESSION_NAME = former;
    }
  });
  const codeOf = (name: string) => {
    process.env.JPY_SESSION_NAME = join(folder, name);
    return expectedCode();
  };
  assert.equal(codeOf("notebook.ipynb"), "const a = 1;\na\na + 1");
  for (const name of ["script.ts", "odd.ipynb", "none.ipynb", "."]) {
    assert.equal(codeOf(name), "");
  }
  delete process.env.JPY_SESSION_NAME;
  assert.equal(expectedCode(), "");
});

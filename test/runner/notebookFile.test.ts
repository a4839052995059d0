import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import {
  notebookText,
  parseNotebook,
  sourceOf,
  storedOutput,
  upgradeNotebook,
  writeAtomically,
} from "../../runner/notebookFile";
import { temporaryFolder } from "./client/kernels";
import { notebookOf } from "./notebooks";

test("what is no notebook of format 4 is refused with the reason and the file's name", () => {
  for (const [text, reason] of [
    ["# A heading", /x\.ipynb is not a notebook: it is not JSON/],
    ["null", /not a notebook: expected an object/],
    ["[]", /not a notebook: expected an object/],
    ['{"cells": []}', /"nbformat": 4/],
    ['{"nbformat": 4, "cells": [{"source": ""}]}', /"cell_type"/],
    ['{"nbformat": 4, "cells": [{"cell_type": "code"}]}', /"source"/],
    ['{"nbformat": 3, "worksheets": []}', /format 3; format 4 is needed/],
  ] as const) {
    assert.throws(() => parseNotebook(text, "x.ipynb"), reason);
  }
});

test("upgrading keeps ids and gives the rest distinct ones", () => {
  const notebook = parseNotebook(JSON.stringify(notebookOf(["1", "2"])), "x");
  notebook.nbformat_minor = 2;
  notebook.cells[1].id = undefined;
  notebook.cells[2].outputs = undefined;
  upgradeNotebook(notebook);
  assert.equal(notebook.nbformat_minor, 5);
  assert.deepEqual([notebook.cells[0].id, notebook.cells[2].id], ["heading", "cell-1"]);
  assert.match(notebook.cells[1].id ?? "", /^[a-zA-Z0-9-_]{1,64}$/);
  assert.deepEqual(notebook.cells[2].outputs, []);
});

test("a stored stream is the list of its lines", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", "ж", "\n") }), (text) => {
      const stored = storedOutput({ output_type: "stream", name: "stdout", text }) as {
        text: string[];
      };
      assert.equal(stored.text.join(""), text);
      assert.ok(stored.text.every((line) => /^[^\n]*\n$|^[^\n]+$/.test(line)));
      assert.equal(sourceOf({ cell_type: "raw", source: stored.text, metadata: {} }), text);
    }),
  );
});

test("JSON content is stored as it is, text content in lines", () => {
  const data = { "text/html": "<b>\n</b>", "application/vnd.plotly.v1+json": { data: [] } };
  assert.deepEqual(storedOutput({ output_type: "display_data", data, metadata: {} }), {
    output_type: "display_data",
    data: { "text/html": ["<b>\n", "</b>"], "application/vnd.plotly.v1+json": { data: [] } },
    metadata: {},
  });
});

test("a notebook's text is canonical: sorted keys, one blank of indentation, a last line feed", () => {
  const notebook = parseNotebook('{"nbformat":4,"cells":[],"metadata":{"b":1,"a":[{}]}}', "x");
  assert.equal(
    notebookText(notebook),
    '{\n "cells": [],\n "metadata": {\n  "a": [\n   {}\n  ],\n  "b": 1\n },\n "nbformat": 4\n}\n',
  );
});

test("a figure's JSON stands on one line, and is the same when read again", () => {
  const figure = { data: [{ y: [1, 2, 3], name: "a $& b" }], layout: {} };
  const output = { data: { "application/vnd.plotly.v1+json": figure, "text/plain": ["words\n"] } };
  const notebook = {
    cells: [{ cell_type: "code", source: "", metadata: {}, outputs: [output, output] }],
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  } as unknown as Parameters<typeof notebookText>[0];
  const text = notebookText(notebook);
  assert.equal(text.split("\n").filter((line) => line.includes('"y":[1,2,3]')).length, 2);
  assert.deepEqual(JSON.parse(text), notebook);
});

test("writing leaves the whole file or the old one, and nothing beside it", () => {
  const folder = temporaryFolder();
  const path = join(folder, "file");
  writeFileSync(path, "old");
  writeAtomically(path, "new");
  assert.equal(readFileSync(path, "utf8"), "new");
  assert.throws(() => writeAtomically(folder, "a folder cannot be replaced"));
  assert.deepEqual(readdirSync(folder), ["file"]);
});

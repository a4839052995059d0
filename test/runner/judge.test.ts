import assert from "node:assert/strict";
import { test } from "node:test";
import type { Output } from "../../runner/client";
import { judge, plain } from "../../runner/judge";

const error: Output = {
  output_type: "error",
  ename: "TypeError",
  evalue: "x is not a function\nsecond line",
  traceback: ["\u001b[31mTypeError\u001b[39m: x", "    at cell 1"],
};
const stderr = (text: string): Output => ({ output_type: "stream", name: "stderr", text });
const stdout = (text: string): Output => ({ output_type: "stream", name: "stdout", text });

test("a good cell has no fault, whatever it prints", () => {
  const outputs = [stdout("Error: only printed"), stderr("a warning")];
  assert.equal(judge({ status: "ok", outputs }, false), undefined);
});

test("an error output is a fault, whatever the reply says", () => {
  for (const status of ["ok", "error"]) {
    assert.deepEqual(judge({ status, outputs: [stdout("x"), error] }, false), {
      summary: "TypeError: x is not a function",
      details: "TypeError: x\n    at cell 1",
    });
  }
});

test("an error reply without output is reported by what the reply holds", () => {
  const reply = { ename: "RangeError", evalue: "far", traceback: ["where"] };
  assert.deepEqual(judge({ status: "error", outputs: [], reply }, false), {
    summary: "RangeError: far",
    details: "where",
  });
  assert.match(judge({ status: "error", outputs: [] }, false)!.summary, /reported an error/);
});

test("stock tslab's errors are read from its stderr text", () => {
  const thrown = stderr(
    "evalmachine.<anonymous>:3\nthrow new Error('boom');\n^\n\nError: boom\n    at x",
  );
  assert.equal(judge({ status: "error", outputs: [thrown] }, false)?.summary, "Error: boom");
  const compiler = stderr("\n1:7 - Type 'string' is not assignable to type 'number'.\n");
  assert.match(judge({ status: "error", outputs: [compiler] }, false)!.summary, /^1:7 - Type/);
});

test("rejections and timers that stock tslab passes over are faults", () => {
  for (const name of ["UnhandledPromiseRejection", "UncaughtException"]) {
    const outputs = [stderr(`warning\n${name}: Error: lost\n    at x\n`)];
    assert.equal(judge({ status: "ok", outputs }, false)?.summary, `${name}: Error: lost`);
  }
});

test("an answer that the cell was not run is a fault, even where an error is expected", () => {
  for (const status of ["abort", "aborted", "undefined"]) {
    for (const expected of [false, true]) {
      assert.match(judge({ status, outputs: [] }, expected)!.summary, /the cell was not run/);
    }
  }
});

test("an expected error is no fault, its absence is", () => {
  assert.equal(judge({ status: "error", outputs: [] }, true), undefined);
  assert.equal(judge({ status: "ok", outputs: [error] }, true), undefined);
  assert.match(
    judge({ status: "ok", outputs: [] }, true)!.summary,
    /raises-exception.*raised none/,
  );
});

test("plain text has no colours and nothing that XML forbids", () => {
  assert.equal(
    plain("\u001b[1;31mred\u001b[0m\tand\u0000 \ud800\u0008\nжx\u{1f600}"),
    "red\tand \nжx\u{1f600}",
  );
});

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { displayTo, notice } from "../../../lib/display/display";

test("a notice is plain output in a notebook, and stays out of a script's results", () => {
  const log = mock.method(console, "log", () => {});
  const error = mock.method(console, "error", () => {});
  const said = () =>
    [log, error].map(({ mock }) => mock.calls.map(({ arguments: [line] }) => line));
  try {
    notice("in a script");
    const restore = displayTo({ kind: "notebook", show: () => {} });
    notice("in a notebook");
    restore();
    assert.deepEqual(said(), [["in a notebook"], ["in a script"]]);
  } finally {
    mock.restoreAll();
  }
});

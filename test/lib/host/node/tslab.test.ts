import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { display } from "../../../../lib/display/display";
import { tslabTarget } from "../../../../lib/host/node/display";

const globals = globalThis as { __tslab__?: unknown };

/** The part of tslab's module that is used, with outputs that keep what they were sent. */
class FakeTslab {
  readonly sent: { output: number; type: string; content: unknown }[] = [];
  private count = 0;
  readonly display = this.newDisplay();

  newDisplay() {
    const output = this.count++;
    return {
      raw: (type: string, content: unknown) => this.sent.push({ output, type, content }),
    };
  }
}

function runningTslab(): FakeTslab {
  const tslab = new FakeTslab();
  globals.__tslab__ = { require: (id: string) => (id === "tslab" ? tslab : undefined) };
  return tslab;
}

afterEach(async () => {
  await nextTurn();
  delete globals.__tslab__;
});

test("without tslab there is no such target", () => {
  assert.equal(tslabTarget(), undefined);
});

test("tslab gets HTML alone, or the only form there is", () => {
  const tslab = runningTslab();
  display({ "application/json": {}, "text/html": "<b>hi</b>", "text/plain": "hi" });
  display({ "text/plain": "hi" });
  assert.deepEqual(tslab.sent, [
    { output: 0, type: "text/html", content: "<b>hi</b>" },
    { output: 0, type: "text/plain", content: "hi" },
  ]);
});

test("an update takes the place of the output with its id", () => {
  const tslab = runningTslab();
  display({ "text/html": "1" }, { id: "a" });
  display({ "text/html": "2" }, { id: "b" });
  display({ "text/html": "3" }, { id: "a", update: true });
  display({ "text/html": "4" }, { id: "a" });
  const order = tslab.sent.map(({ output, content }) => [output, content]);
  assert.deepEqual(order, [
    [1, "1"],
    [2, "2"],
    [1, "3"],
    [3, "4"],
  ]);
});

test("a loop that never yields sends fewer messages than tslab can take, and the last one", async () => {
  const tslab = runningTslab();
  display({ "text/html": "0" }, { id: "loop" });
  for (let i = 1; i <= 2000; i++) {
    display({ "text/html": String(i) }, { id: "loop", update: true });
  }
  assert.ok(tslab.sent.length < 500);
  await nextTurn();
  await nextTurn();
  assert.equal(tslab.sent[tslab.sent.length - 1].content, "2000");
  assert.ok(tslab.sent.length < 500);
});

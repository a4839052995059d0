import assert from "node:assert/strict";
import { test } from "node:test";
import { DisplayRegistry, OutputArea } from "../../../runner/client";
import { Wire } from "../../../runner/client/message";

const wire = new Wire("");

function area(displays?: DisplayRegistry) {
  const collected = new OutputArea(displays);
  const add = (type: string, content: object) =>
    collected.add({ ...wire.compose(type, { ...content }) });
  return { collected, add };
}

function stdout(text: string) {
  return { name: "stdout", text };
}
function shown(text: string, displayId?: string) {
  return { data: { "text/plain": text }, metadata: {}, transient: { display_id: displayId } };
}
function texts(collected: OutputArea): unknown[] {
  return collected.outputs.map((output) =>
    "text" in output ? output.text : "data" in output && output.data["text/plain"],
  );
}

test("pieces of a stream become one output, two streams do not mix", () => {
  const { collected, add } = area();
  add("stream", stdout("a\n"));
  add("stream", { name: "stderr", text: "x" });
  add("stream", stdout("b"));
  assert.deepEqual(collected.outputs, [
    { output_type: "stream", name: "stdout", text: "a\nb" },
    { output_type: "stream", name: "stderr", text: "x" },
  ]);
});

test("text after a display stays after it", () => {
  const { collected, add } = area();
  add("stream", stdout("before"));
  add("display_data", shown("figure"));
  add("stream", stdout("after"));
  assert.deepEqual(texts(collected), ["before", "figure", "after"]);
});

test("clear_output clears at once, or with the next output when asked to wait", () => {
  const { collected, add } = area();
  add("stream", stdout("one"));
  add("clear_output", { wait: false });
  assert.deepEqual(collected.outputs, []);
  add("stream", stdout("two"));
  add("clear_output", { wait: true });
  assert.deepEqual(texts(collected), ["two"]);
  add("stream", stdout("three"));
  assert.deepEqual(texts(collected), ["three"]);
});

test("an update changes every output of its id, in other cells too, and adds none", () => {
  const displays = new DisplayRegistry();
  const first = area(displays);
  const second = area(displays);
  first.add("display_data", shown("old", "loss"));
  second.add("display_data", shown("new", "loss"));
  assert.deepEqual(texts(first.collected), ["new"], "showing an id again updates its older places");
  second.add("update_display_data", shown("newest", "loss"));
  second.add("update_display_data", shown("nobody's", "other"));
  assert.deepEqual(texts(first.collected), ["newest"]);
  assert.deepEqual(texts(second.collected), ["newest"]);
});

test("a display that was cleared away is no longer updated", () => {
  const { collected, add } = area();
  add("display_data", shown("one", "id"));
  const [gone] = [...collected.outputs];
  add("clear_output", { wait: false });
  add("update_display_data", shown("two", "id"));
  assert.deepEqual(collected.outputs, []);
  assert.deepEqual("data" in gone && gone.data, { "text/plain": "one" });
});

test("results carry the count, errors their parts, and what is malformed is made storable", () => {
  const { collected, add } = area();
  add("execute_result", { ...shown("4"), execution_count: 7 });
  add("error", { ename: "TypeError", evalue: "no", traceback: ["line"] });
  add("error", {});
  add("display_data", { data: { "text/plain": 5, "application/json": { a: 1 } } });
  assert.equal(collected.executionCount, 7);
  assert.deepEqual(collected.outputs, [
    {
      output_type: "execute_result",
      execution_count: 7,
      data: { "text/plain": "4" },
      metadata: {},
    },
    { output_type: "error", ename: "TypeError", evalue: "no", traceback: ["line"] },
    { output_type: "error", ename: "", evalue: "", traceback: [] },
    {
      output_type: "display_data",
      data: { "text/plain": "5", "application/json": { a: 1 } },
      metadata: {},
    },
  ]);
});

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import fc from "fast-check";
import { anywidget, OptionError } from "../../../../lib";
import { joinState, splitState } from "../../../../lib/display/widgets/binaryState";
import { record } from "../recorder";
import { FrontEnd } from "./frontEnd";

let front: FrontEnd;
beforeEach(() => {
  front = new FrontEnd();
});
afterEach(() => front.close());

const esm = "export default { render({ model, el }) { el.textContent = model.get('count'); } };";

test("a widget of one's own is opened as anywidget's own package does", () => {
  anywidget({ esm, css: "b { color: red }", state: { count: 1 } });
  const { state } = front.widget("AnyModel");
  const { _anywidget_id, layout, ...rest } = state;
  assert.deepEqual(rest, {
    _model_module: "anywidget",
    _model_module_version: "~0.11.*",
    _model_name: "AnyModel",
    _view_module: "anywidget",
    _view_module_version: "~0.11.*",
    _view_name: "AnyView",
    _esm: esm,
    _css: "b { color: red }",
    count: 1,
  });
  assert.match(String(_anywidget_id), /^karenina\./);
  assert.equal(layout, `IPY_MODEL_${front.widget("LayoutModel").id}`);
  assert.deepEqual(front.texts, ["count: 1"]);
});

test("state and messages go both ways, bytes among them", () => {
  const widget = anywidget({ esm, state: { count: 1, pixels: new Uint8Array([1, 2]) } });
  const model = front.widget("AnyModel");
  assert.equal(model.state.pixels, null);
  assert.deepEqual(model.buffers[0], [new Uint8Array([1, 2])]);
  const told: unknown[] = [];
  widget.onChange(({ count }) => told.push(count));
  widget.set({ count: 2 });
  assert.deepEqual(model.received.at(-1), {
    method: "update",
    state: { count: 2 },
    buffer_paths: [],
  });
  front.change(model, { count: 3, pixels: null }, [new Uint8Array([9])], [["pixels"]]);
  assert.deepEqual(told, [2, 3]);
  assert.deepEqual(widget.state, { count: 3, pixels: new Uint8Array([9]) });
  const heard: unknown[] = [];
  widget.onMessage((content, buffers) => heard.push(content, buffers.length));
  model.comm.onMessage?.({ method: "custom", content: { hi: 1 } }, [new Uint8Array(3)]);
  widget.send({ back: 1 }, [new Uint8Array(4)]);
  assert.deepEqual(heard, [{ hi: 1 }, 1]);
  assert.deepEqual(model.received.at(-1), { method: "custom", content: { back: 1 } });
  assert.equal(model.buffers.at(-1)?.[0].length, 4);
});

test("splitting a state and joining it again changes nothing", () => {
  const leaf = fc.oneof(
    fc.constantFrom(null, true, "x"),
    fc.integer(),
    fc.uint8Array({ maxLength: 4 }),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      leaf,
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom("a", "b", "0"), tie("value"), { noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom("a", "b"), value, { noNullPrototype: true }),
      (state) => {
        const { buffers, ...rest } = splitState(state);
        const travelled = JSON.parse(JSON.stringify(rest));
        assert.deepEqual(joinState({ ...travelled, buffers }), state);
      },
    ),
  );
});

test("without a front end it is a line of text, its own where it has one", () => {
  const shown = record(() => {
    anywidget({ esm, state: { count: 1, name: "Levin" } });
    anywidget({ esm, state: { count: 1 }, text: ({ count }) => `${count} so far` });
  });
  assert.deepEqual(
    shown.map(({ text }) => text),
    ["count: 1, name: Levin", "1 so far"],
  );
});

test("what cannot be drawn is refused", () => {
  assert.throws(() => anywidget({ esm: undefined as never, state: {} }), OptionError);
  assert.throws(() => anywidget({ esm, state: [] }), /state is an Array, but must be an object/);
  assert.throws(() => anywidget({ esm, css: 1 as never, state: {} }), /css is 1/);
});

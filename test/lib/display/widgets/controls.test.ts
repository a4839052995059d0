import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import fc from "fast-check";
import { button, type Control, OptionError, select, slider, text, toggle } from "../../../../lib";
import { record } from "../recorder";
import { FrontEnd } from "./frontEnd";

let front: FrontEnd;
beforeEach(() => {
  front = new FrontEnd();
});
afterEach(() => front.close());

const VIEW = "application/vnd.jupyter.widget-view+json";

test("a slider is opened by ipywidgets' protocol and shown with a text beside it", () => {
  slider("learning rate", { min: 1e-4, max: 1, scale: "log", value: 0.01 });
  const layout = front.widget("LayoutModel");
  const style = front.widget("SliderStyleModel");
  const model = front.widget("FloatLogSliderModel");
  assert.deepEqual(model.state, {
    _model_module: "@jupyter-widgets/controls",
    _model_module_version: "2.0.0",
    _model_name: "FloatLogSliderModel",
    _view_module: "@jupyter-widgets/controls",
    _view_module_version: "2.0.0",
    _view_name: "FloatLogSliderView",
    layout: `IPY_MODEL_${layout.id}`,
    style: `IPY_MODEL_${style.id}`,
    description: "learning rate",
    base: 10,
    min: -4,
    max: 0,
    step: 0.04,
    readout_format: ".3g",
    value: 0.01,
  });
  assert.deepEqual(model.metadata, { version: "2.1.0" });
  assert.equal(style.state._view_name, "StyleView");
  assert.equal(style.state._view_module, "@jupyter-widgets/base");
  const [{ bundle }] = front.shown;
  assert.deepEqual(bundle, {
    [VIEW]: { version_major: 2, version_minor: 0, model_id: model.id },
    "text/plain": "learning rate: 0.01",
  });
});

test("whole numbers get a slider of whole steps, others a hundredth of the way", () => {
  slider("width", { min: 8, max: 512, value: 64 });
  assert.equal(front.widget("IntSliderModel").state.step, 1);
  slider("dropout", { min: 0, max: 1 });
  const { step, value } = front.widget("FloatSliderModel").state;
  assert.deepEqual([step, value], [0.01, 0.5]);
  slider("layers", { min: 1, max: 3, value: 2, step: 1 });
  assert.equal(front.widget("IntSliderModel").state.max, 3);
});

test("what somebody sets is the value, is echoed to other pages and told to listeners", () => {
  const rate = slider("rate", { min: 0, max: 1 });
  const told: number[] = [];
  const forget = rate.onChange((value) => told.push(value));
  const model = front.widget("FloatSliderModel");
  front.change(model, { value: 0.25 });
  assert.equal(rate.value, 0.25);
  assert.deepEqual(model.received, [
    { method: "echo_update", state: { value: 0.25 }, buffer_paths: [] },
  ]);
  front.change(model, { value: 0.25 });
  front.change(model, { disabled: true });
  forget();
  front.change(model, { value: 0.5 });
  assert.deepEqual(told, [0.25]);
});

test("what code sets moves the widget", () => {
  const rate = slider("rate", { min: 0, max: 1 });
  const told: number[] = [];
  rate.onChange((value) => told.push(value));
  rate.value = 0.75;
  rate.value = 0.75;
  assert.equal(front.widget("FloatSliderModel").state.value, 0.75);
  assert.deepEqual(told, [0.75]);
  assert.throws(
    () => {
      rate.value = 2;
    },
    { name: "OptionError", message: "rate is 2, but must be a number from 0 to 1." },
  );
  assert.equal(rate.value, 0.75);
});

test("a page that is opened later asks for the state and gets all of it", () => {
  const rate = slider("rate", { min: 0, max: 1 });
  rate.value = 0.125;
  const model = front.widget("FloatSliderModel");
  const before = { ...model.state };
  model.comm.onMessage?.({ method: "request_state" }, []);
  assert.deepEqual(model.received.at(-1), { method: "update", state: before, buffer_paths: [] });
});

test("a log slider's ends are its own, whatever powers of ten give", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-6, max: 1e3, noNaN: true }),
      fc.double({ min: 1.5, max: 1e6, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (min, factor, way) => {
        const max = min * factor;
        const rate = slider("rate", { min, max, scale: "log" });
        const model = front.widget("FloatLogSliderModel");
        const { min: low, max: high } = model.state as Record<string, number>;
        const exponent = low + way * (high - low);
        front.change(model, { value: 10 ** exponent });
        assert.ok(rate.value >= min && rate.value <= max, `${rate.value}`);
        assert.ok(Math.abs(Math.log10(rate.value) - exponent) < 1e-9);
      },
    ),
  );
});

test("nonsense from a page changes nothing and is put right", () => {
  const cell = select("cell", ["lstm", "gru"]);
  const on = toggle("on");
  const line = text("line");
  const rate = slider("rate", { min: 0, max: 1 });
  front.change(front.widget("DropdownModel"), { index: 7 });
  front.change(front.widget("DropdownModel"), { index: null });
  front.change(front.widget("CheckboxModel"), { value: "yes" });
  front.change(front.widget("TextModel"), { value: 5 });
  front.change(front.widget("FloatSliderModel"), { value: Number.NaN });
  front.change(front.widget("FloatSliderModel"), { value: "0.1" });
  assert.deepEqual([cell.value, on.value, line.value, rate.value], ["lstm", false, "", 0.5]);
  assert.equal(front.widget("FloatSliderModel").state.value, 0.5);
});

test("a select gives the value behind the name", () => {
  const first = { units: 1 };
  const second = { units: 2 };
  const size = select("size", { small: first, large: second }, { value: second });
  const model = front.widget("DropdownModel");
  assert.deepEqual(model.state._options_labels, ["small", "large"]);
  assert.equal(model.state.index, 1);
  front.change(model, { index: 0 });
  assert.equal(size.value, first);
  assert.equal(String(size), "size: small");
  const typed: Control<"lstm" | "gru"> = select("cell", ["lstm", "gru"]);
  assert.equal(typed.value, "lstm");
});

test("a button counts, calls, and resolves the one who waits", async () => {
  const enough = button("Enough");
  let heard = 0;
  enough.onClick(() => heard++);
  const waiting = enough.click();
  front.click(front.widget("ButtonModel"));
  await waiting;
  front.click(front.widget("ButtonModel"));
  assert.deepEqual([enough.clicks, heard], [2, 2]);
  assert.equal(String(enough), "Enough: clicked 2 times");
});

test("the text that a notebook keeps follows where it is asked to, and only then", () => {
  const rate = slider("rate", { min: 0, max: 1 });
  front.change(front.widget("FloatSliderModel"), { value: 0.25 });
  assert.deepEqual(front.texts, ["rate: 0.5"]);
  rate.keep();
  rate.keep();
  assert.deepEqual(front.texts, ["rate: 0.5", "rate: 0.25"]);
  const [made, kept] = front.shown;
  assert.ok(kept.update && kept.id === made.id);
  rate.close();
  assert.ok(front.widgets.every(({ closed }) => closed));
  assert.deepEqual(front.shown[2].bundle, { "text/plain": "rate: 0.25" });
});

test("without a front end they are their value and a line of text, and a click is not waited for", async () => {
  for (const kind of ["terminal", "notebook"] as const) {
    const shown = record(() => {
      const rate = slider("learning rate", { min: 1e-4, max: 1, scale: "log", value: 0.01 });
      assert.equal(rate.value, 0.01);
      select("cell", ["lstm", "gru"], { value: "gru" });
      toggle("dropout", { value: true });
      text("begin with", { value: "Anna " });
      button("Enough");
    }, kind);
    assert.deepEqual(
      shown.map(({ text: line }) => line),
      [
        "learning rate: 0.01",
        "cell: gru",
        "dropout: on",
        'begin with: "Anna "',
        "Enough: not clicked",
      ],
    );
    assert.ok(shown.every(({ bundle }) => Object.keys(bundle).length === 1));
  }
  front.close();
  let enough: ReturnType<typeof button> | undefined;
  record(() => {
    enough = button("Enough");
  });
  await enough?.click();
  assert.equal(enough?.clicks, 0);
});

test("what makes no control is refused with what would", () => {
  const refused: [() => unknown, RegExp][] = [
    [() => slider("", { min: 0, max: 1 }), /name is "", but must be a text that is not empty/],
    [() => slider("a", { min: 1, max: 1 }), /min is 1 and max 1, but min must be below max/],
    [() => slider("a", { min: 0, max: 1, scale: "log" }), /min is 0, .* above 0, for a log scale/],
    [() => slider("a", { min: 0, max: 1, value: 2 }), /a is 2, but must be a number from 0 to 1/],
    [() => slider("a", { min: 0, max: 1, step: 0 }), /step is 0, but must be a number above 0/],
    [() => slider("a", { min: 0, max: Number.NaN }), /max is NaN, but must be a number/],
    [() => slider("a", { min: 0, max: 1, scale: "cubic" as "log" }), /"linear" or "log"/],
    [() => slider("a", undefined as never), /beside its name is undefined/],
    [() => select("a", []), /"a" has no choices/],
    [() => select("a", ["x", "x"]), /the choice "x" twice/],
    [() => select("a", ["x", "y"], { value: "z" as "x" }), /a is "z", .* one of its choices, x, y/],
    [() => select("a", "xy" as never), /choices is "xy"/],
    [() => toggle("a", { value: 1 as never }), /a is 1, but must be true or false/],
    [() => text("a", { value: 1 as never }), /a is 1, but must be a text/],
    [() => button(undefined as never), /name is undefined/],
    [() => button("a").onClick(3 as never), /listener is 3, but must be a function/],
  ];
  for (const [make, message] of refused) {
    assert.throws(make, (error) => error instanceof OptionError && message.test(error.message));
  }
});

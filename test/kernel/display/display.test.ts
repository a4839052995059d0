import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createDisplay,
  type DisplayOptions,
  isDisplayHandle,
  type SendDisplay,
} from "../../../kernel/display/display";

type Sent = Parameters<SendDisplay>;

/** What `display` sends for a value. */
function sent(value: unknown, options?: DisplayOptions): Sent {
  const messages: Sent[] = [];
  const display = createDisplay(
    () =>
      (...message) =>
        messages.push(message),
    (error) => assert.fail(String(error)),
  );
  assert.ok(isDisplayHandle(display(value, options)));
  assert.equal(messages.length, 1);
  return messages[0];
}

test("a plain object whose keys are MIME types is a bundle, any other object is shown as it is", () => {
  assert.deepEqual(sent({ "text/html": "<b>x</b>" })[1].data, { "text/html": "<b>x</b>" });
  assert.deepEqual(sent({ html: "x" })[1].data, { "text/plain": "{ html: 'x' }" });
});

test("as in IPython, raw says that a value is a bundle already", () => {
  const bundle = { "text/html": "<b>x</b>", "image/png": new Uint8Array([1]) };
  assert.deepEqual(sent(bundle, { raw: true })[1].data, {
    "text/html": "<b>x</b>",
    "image/png": "AQ==",
  });
  assert.throws(() => sent({ html: "x" }, { raw: true }), /maps MIME types to data/);
  assert.throws(() => sent("text", { raw: true }), /maps MIME types to data/);
});

test("raw: false shows an object that looks like a bundle", () => {
  assert.deepEqual(sent({ "text/html": "x" }, { raw: false })[1].data, {
    "text/plain": "{ 'text/html': 'x' }",
  });
});

test("an id names the output, so that it can be updated", () => {
  const [kind, { transient }] = sent(1, { id: "mine" });
  assert.equal(kind, "display_data");
  assert.deepEqual(transient, { display_id: "mine" });
  assert.equal(sent(2, { id: "mine", update: true })[0], "update_display_data");
});

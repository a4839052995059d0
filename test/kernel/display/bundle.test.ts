import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bundleOf, checkBundle, isBundle } from "../../../kernel/display/bundle";
import { textOf } from "../../../kernel/display/text";

test("values are written the way Node's console does, deeper", () => {
  assert.equal(textOf("a"), "'a'");
  assert.equal(
    textOf(new Map([["k", { deep: { er: { still: { on: 1 } } } }]])).includes("Object"),
    false,
  );
  assert.match(textOf(new Float32Array([1, 2])), /Float32Array\(2\) \[ 1, 2 \]/);
  assert.match(textOf(new Error("x")), /^Error: x\n/);
  assert.match(textOf(new Date(0)), /1970-01-01T00:00:00\.000Z/);
});

test("a class that says how it is written is believed", () => {
  class Tensor {
    toString() {
      return "Tensor\n    [1, 2]";
    }
  }
  assert.equal(textOf(new Tensor()), "Tensor\n    [1, 2]");
  class Plain {
    a = 1;
  }
  assert.equal(textOf(new Plain()), "Plain { a: 1 }");
});

test("nasty values are written without a throw and within bounds", () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  assert.match(textOf(circle), /\[Circular \*1\]/);
  const hostile = {
    get boom() {
      throw new Error("no");
    },
  };
  assert.match(textOf(hostile), /boom: \[Getter\]/);
  const proxy = new Proxy(
    {},
    {
      get: () => {
        throw new Error("no");
      },
      ownKeys: () => {
        throw new Error("no");
      },
    },
  );
  assert.equal(typeof textOf(proxy), "string");
  assert.ok(textOf("x".repeat(5_000_000)).length < 1_100_000);
});

test("a bundle is an object of MIME types", async () => {
  assert.ok(isBundle({ "text/html": "x", "application/vnd.plotly.v1+json": {} }));
  assert.ok(
    !isBundle({}) && !isBundle({ html: "x" }) && !isBundle(["text/html"]) && !isBundle(null),
  );
  assert.deepEqual(checkBundle({ "image/png": new Uint8Array([1]) }), { "image/png": "AQ==" });
  assert.throws(() => checkBundle("no"), /maps MIME types/);
  const own = { [Symbol.for("Jupyter.display")]: async () => ({ "text/html": "hi" }) };
  assert.deepEqual(await bundleOf(own), { "text/html": "hi" });
});

test("data never becomes HTML by itself: whatever comes from JSON is shown as text", async () => {
  const tags = fc.constantFrom("<script>alert(1)</script>", "<img src=x onerror=alert(1)>");
  const key = fc.oneof(
    fc.constantFrom("text/html", "Jupyter.display", "image/svg+xml"),
    fc.string(),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      tags,
      fc.string(),
      fc.double(),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(key, tie("value"), { maxKeys: 3 }),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(value, async (data) => {
      const parsed: unknown = JSON.parse(JSON.stringify(data));
      assert.deepEqual(Object.keys(await bundleOf(parsed)), ["text/plain"]);
    }),
    { seed: 8, numRuns: 100 },
  );
});

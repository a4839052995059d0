import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { svgUrl } from "../../../lib/display/svgUrl";

const decoded = (url: string) => decodeURIComponent(url.replace("data:image/svg+xml,", ""));

test("any text comes back from the URL", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const escaped = text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
      assert.equal(decoded(svgUrl(escaped)), escaped);
    }),
  );
});

test("only the quotes of attributes change, and only where none stand in them", () => {
  assert.equal(decoded(svgUrl('<a b="c">"d"</a>')), "<a b='c'>\"d\"</a>");
  assert.equal(decoded(svgUrl(`<a b="c's"/>`)), `<a b="c's"/>`);
});

test("nothing in the URL can end an attribute or begin a fragment", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary-ascii" }), (text) => {
      assert.match(svgUrl(text), /^data:image\/svg\+xml,[^"<>#&\\\n]*$/);
    }),
  );
});

test("a picture takes little more room than its text", () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0,0L12.5,13.5L14,15"/></svg>';
  assert.ok(svgUrl(svg).length < 1.4 * svg.length);
});

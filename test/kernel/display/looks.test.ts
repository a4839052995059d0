import assert from "node:assert/strict";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { bundleOf } from "../../../kernel/display/bundle";
import { createDisplay } from "../../../kernel/display/display";

const { window } = new JSDOM("");
const { document } = window;

test("elements are shown as HTML, drawings as SVG", async () => {
  const list = document.createElement("ul");
  list.innerHTML = "<li>a &amp; b</li>";
  const html = "<ul><li>a &amp; b</li></ul>";
  assert.deepEqual(await bundleOf(list), { "text/html": html, "text/plain": html });
  list.innerHTML = "<li>x</li>".repeat(1000);
  const long = await bundleOf(list);
  assert.equal(long["text/html"], list.outerHTML);
  assert.match(String(long["text/plain"]), /^<ul><li>x.*\.\.\.$/);
  assert.ok(String(long["text/plain"]).length < 600);

  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const title = svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "title"));
  title.textContent = "a\u00a0<\u00a0b";
  const bundle = await bundleOf(svg);
  assert.deepEqual(Object.keys(bundle), ["image/svg+xml", "text/plain"]);
  const drawing = String(bundle["image/svg+xml"]);
  assert.match(drawing, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  const { DOMParser } = window;
  const read = new DOMParser().parseFromString(drawing, "image/svg+xml");
  assert.equal(read.querySelector("title")?.textContent, "a\u00a0<\u00a0b", "it is XML");
});

test("a drawing of a DOM that writes no XML becomes a document, too", async () => {
  class Drawing {
    constructor(readonly text: string) {}
    get outerHTML() {
      return this.text;
    }
  }
  const svg = async (text: string) => (await bundleOf(new Drawing(text)))["image/svg+xml"];
  assert.equal(
    await svg("<svg><text>a&nbsp;b</text></svg>"),
    '<svg xmlns="http://www.w3.org/2000/svg"><text>a&#160;b</text></svg>',
  );
  const whole = '<svg width="1" xmlns="http://www.w3.org/2000/svg"></svg>';
  assert.equal(await svg(whole), whole);
});

test("data that only has such a field, and objects that throw, stay text", async () => {
  for (const value of [
    { outerHTML: "<b>page</b>" },
    Object.assign(Object.create(null), { outerHTML: "<b>page</b>" }),
    new Proxy({}, { get: () => "<b>x</b>" }),
    new (class {
      get outerHTML() {
        throw new Error("no");
      }
    })(),
    new (class {
      get outerHTML() {
        return 5;
      }
    })(),
    "<svg></svg>",
    "<b>text</b>",
  ]) {
    assert.deepEqual(Object.keys(await bundleOf(value)), ["text/plain"]);
  }
});

const heads: Record<string, number[]> = {
  "image/png": [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  "image/jpeg": [0xff, 0xd8, 0xff, 0xe0],
  "image/gif": [...Buffer.from("GIF89a")],
  "image/webp": [...Buffer.from("RIFF"), 1, 2, 0x0a, 4, ...Buffer.from("WEBP")],
};

test("images are known by how they begin, whatever they come in", async () => {
  for (const [type, head] of Object.entries(heads)) {
    const bytes = new Uint8Array(40);
    bytes.set(head);
    const base64 = Buffer.from(bytes).toString("base64");
    for (const value of [bytes, Buffer.from(bytes), bytes.buffer, new Blob([bytes])]) {
      const bundle = await bundleOf(value);
      assert.equal(bundle[type], base64, type);
      assert.match(String(bundle["text/plain"]), /Uint8Array|Buffer|Blob/);
    }
  }
  for (const value of [
    new Uint8Array(heads["image/png"]),
    new Uint8Array(100),
    new Float32Array(100),
    new Blob(["text ".repeat(20)]),
    new ArrayBuffer(64),
    [...heads["image/jpeg"]],
  ]) {
    assert.deepEqual(Object.keys(await bundleOf(value)), ["text/plain"]);
  }
});

test("display shows them, too, and at once where nothing has to be read", async () => {
  const shown: object[] = [];
  const failures: unknown[] = [];
  let last = () => {};
  const arrived = new Promise<void>((resolve) => {
    last = resolve;
  });
  const display = createDisplay(
    () => (_, content) => {
      shown.push(content.data);
      if ("image/gif" in content.data) {
        last();
      }
    },
    (error) => failures.push(error),
  );
  const gif = new Uint8Array(40);
  gif.set(heads["image/gif"]);
  display(new Blob([gif]));
  display(document.createElement("hr"));
  assert.deepEqual(shown, [{ "text/html": "<hr>", "text/plain": "<hr>" }]);
  await arrived;
  assert.deepEqual(failures, []);
});

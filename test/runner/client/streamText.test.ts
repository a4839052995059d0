import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { StreamText } from "../../../runner/client/streamText";

function streamed(...pieces: string[]): string {
  const text = new StreamText();
  for (const piece of pieces) {
    text.append(piece);
  }
  return text.toString();
}

const terminalText = fc
  .array(fc.constantFrom("a", "bc", "d e", "\n", "\r", "\b", "\r\n"), { maxLength: 30 })
  .map((parts) => parts.join(""));

test("text without carriage returns and backspaces is kept as it is", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom("x", "é", "ж", "\n", "\t") })),
      (pieces) => {
        assert.equal(streamed(...pieces), pieces.join(""));
      },
    ),
  );
});

test("how a text is cut into pieces makes no difference", () => {
  fc.assert(
    fc.property(terminalText, fc.nat(), fc.nat(), (text, a, b) => {
      const [from, to] = [a % (text.length + 1), b % (text.length + 1)].sort((x, y) => x - y);
      const cut = streamed(text.slice(0, from), text.slice(from, to), text.slice(to));
      assert.equal(cut, streamed(text));
      assert.doesNotMatch(cut, /[\r\b]/);
    }),
  );
});

test("a carriage return rewrites its own line, and is a line's end before a line feed", () => {
  assert.equal(streamed("done: 10%\r", "done: 20%\r", "done: 30%\n", "next"), "done: 30%\nnext");
  assert.equal(streamed("kept\none\rtwo"), "kept\ntwo");
  assert.equal(streamed("a\r\nb\r", "\nc"), "a\nb\nc");
  assert.equal(streamed("last state\r"), "last state");
});

test("a backspace takes back one character, never a line feed", () => {
  assert.equal(streamed("12\b3\b\b4"), "4");
  assert.equal(streamed("a\n\bb"), "a\nb");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cleanPieces, cleanText } from "../../../lib/text/sourceText";

test("audience marks go, and the blank before them; other brackets stay", () => {
  const clean = (text: string) => cleanText(text, { removeMarks: true });
  assert.equal(clean("Thank you. [Applause] God bless you."), "Thank you. God bless you.");
  assert.equal(clean("We won. (Laughter and cheers.)\nYes."), "We won.\nYes.");
  assert.equal(clean("Great (APPLAUSE) (cheering)"), "Great");
  assert.equal(clean("Yes [Audience member: four more\nyears!] we can"), "Yes we can");
  const kept = "the act (of 1964) and [sic] a clause (the applauded one)";
  assert.equal(clean(kept), kept);
});

test("lines that are a date go; dates within sentences stay", () => {
  const dates = [
    "January 29, 2018",
    "Washington, D.C., January 8, 1790",
    "Tuesday, March 3rd, 2020.",
    "(30 January 2018)",
    "2018-01-30",
    "30.01.2018",
  ];
  for (const line of dates) {
    const text = `Before.\n${line}\nOn September 11, 2001, we stood.\n`;
    assert.equal(
      cleanText(text, { removeDates: true }),
      "Before.\nOn September 11, 2001, we stood.\n",
      line,
    );
  }
  assert.equal(cleanText("May 1, 1999", { removeDates: true }), "");
});

test("letters become small, and only the characters asked for remain", () => {
  assert.equal(cleanText("Ünder THE 🙂", { lowerCase: true }), "ünder the 🙂");
  assert.equal(cleanText("a🙂b\u200bc", { characters: "abc🙂" }), "a🙂bc");
  assert.equal(cleanText("ABC def", { lowerCase: true, characters: "abcdef" }), "abcdef");
});

test("nothing asked, nothing changed", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => cleanText(text, {}) === text));
});

test("a text in pieces is cleaned as the whole is, wherever it is cut", async () => {
  const words = fc.constantFrom(
    "[Applause]",
    "(Laughter)",
    "[App",
    "lause]",
    "May 1, 1999",
    "\n",
    "\n\n",
    "\r\n\r\n",
    "word ",
    "🙂",
    "x".repeat(30_000),
    "(",
    "]",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(words, { maxLength: 6 })), async (parts) => {
      const pieces = parts.map((part) => part.join(""));
      const options = { removeMarks: true, removeDates: true, lowerCase: true };
      let cleaned = "";
      for await (const piece of cleanPieces(pieces, options)) {
        cleaned += piece;
      }
      assert.ok(cleaned === cleanText(pieces.join(""), options));
    }),
    { numRuns: 60 },
  );
});

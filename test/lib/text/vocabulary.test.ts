import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Vocabulary, VocabularyError } from "karenina";

test("codes follow the code points, as Python's sorted(set(text)) does", () => {
  // UTF-16 order would put the emoji before U+FB01.
  const vocabulary = Vocabulary.of("b\u{1F600}a\uFB01 b");
  assert.deepEqual(vocabulary.symbols, [" ", "a", "b", "\uFB01", "\u{1F600}"]);
  assert.deepEqual([...vocabulary.encode("\u{1F600}ab")], [4, 1, 2]);
});

const wellFormed = fc.string({ unit: "binary", minLength: 1 });

test("decode(encode(s)) is s for every string over the vocabulary", () => {
  fc.assert(
    fc.property(
      wellFormed.chain((text) => fc.tuple(fc.constant(text), fc.array(fc.constantFrom(...text)))),
      ([text, symbols]) => {
        const vocabulary = Vocabulary.of(text);
        const s = symbols.join("");
        assert.equal(vocabulary.decode(vocabulary.encode(s)), s);
        assert.equal(vocabulary.decode(vocabulary.encode(text)), text);
      },
    ),
  );
});

test("codes are 0 to V - 1 in ascending order of code points", () => {
  fc.assert(
    fc.property(wellFormed, (text) => {
      const { symbols, size } = Vocabulary.of(text);
      assert.equal(size, new Set(text).size);
      const points = symbols.map((symbol) => symbol.codePointAt(0)!);
      assert.deepEqual(
        points,
        points.toSorted((a, b) => a - b),
      );
    }),
  );
});

test("a symbol without a code is named with its code point and place", () => {
  assert.throws(() => Vocabulary.of("abc").encode("ab\u{1F600}"), {
    name: "VocabularyError",
    message: /"😀" \(U\+1F600\), symbol 3 of the text.*3 symbols/s,
  });
});

test("a code out of range, an empty text and half a surrogate pair are refused", () => {
  const vocabulary = Vocabulary.of("abc");
  for (const code of [-1, 3, 1.5, Number.NaN]) {
    assert.throws(() => vocabulary.decode([code]), VocabularyError);
  }
  assert.throws(() => Vocabulary.of(""), /empty/);
  assert.throws(() => Vocabulary.of("a\uD83D"), /not one Unicode code point/);
  assert.throws(() => new Vocabulary(["a", "a"]), /two codes/);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Edits } from "../../../../kernel/session/compile/edits";

test("positions map to the edited text and back, and removing the insertions gives the original", () => {
  const insertion = fc.record({
    at: fc.nat(40),
    text: fc.constantFrom("<", "<<"),
    closes: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.stringMatching(/^[a-z\n]{0,40}$/),
      fc.array(insertion),
      (original, insertions) => {
        const edits = new Edits();
        for (const { at, text, closes } of insertions) {
          const position = Math.min(at, original.length);
          if (closes) {
            edits.close(position, text);
          } else {
            edits.open(position, text);
          }
        }
        const edited = edits.apply(original, "<header>\n");
        assert.equal(edited.text.slice("<header>\n".length).replaceAll("<", ""), original);
        for (let offset = 0; offset <= original.length; offset++) {
          assert.equal(edited.toOriginal(edited.toEdited(offset)), offset);
          if (offset < original.length) {
            assert.equal(edited.text[edited.toEdited(offset)], original[offset]);
          }
        }
      },
    ),
  );
});

test("at one position what closes stands before what opens, inner before outer", () => {
  const edits = new Edits();
  edits.open(1, "(");
  edits.close(2, ")");
  edits.open(1, "[");
  edits.close(2, "]");
  edits.open(2, "{");
  assert.equal(edits.apply("abc").text, "a([b]){c");
});

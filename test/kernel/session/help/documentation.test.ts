import assert from "node:assert/strict";
import { test } from "node:test";
import { Session } from "../../../../kernel/index";
import { projectFolder } from "../folder";

const session = new Session({ folder: projectFolder() });

/** What is shown about the function `f` with a doc comment of these lines. */
function documented(...lines: string[]): string {
  const code = `/**\n${lines.map((line) => ` * ${line}\n`).join("")} */
function f(x: number, y: number) { return x + y; }
f`;
  return session.inspect(code, code.length)?.documentation ?? "";
}

test("parameters stand one a line, with or without a dash, and keep their second lines", () => {
  assert.equal(
    documented(
      "Adds.",
      "@param x the first,",
      "of two",
      "@param y - the second",
      "@returns the sum",
    ),
    "Adds.\n\n**Parameters**\n\n- `x`: the first,\n  of two\n- `y`: the second\n\n**Returns**: the sum",
  );
});

test("tags that only tools read are left out", () => {
  const text = documented("Adds.", "@param x one", "@doc {heading: 'Operations'}", "@internal");
  assert.equal(text, "Adds.\n\n**Parameters**\n\n- `x`: one");
});

test("what users must know is shown: deprecation, errors, examples", () => {
  assert.equal(documented("@deprecated use `g`"), "**Deprecated**: use `g`");
  assert.equal(documented("@deprecated"), "**Deprecated**");
  assert.equal(documented("@throws RangeError below 0"), "**Throws**: RangeError below 0");
  assert.equal(documented("@example", "f(1, 2);"), "**Example**\n\n```typescript\nf(1, 2);\n```");
  assert.equal(documented("@example", "```js", "f(1)", "```"), "**Example**\n\n```js\nf(1)\n```");
});

test("links are plain where they lead to code and Markdown where they lead to pages", () => {
  assert.equal(
    documented("See {@link Math.max} or {@link Math.min the least}."),
    "See Math.max or the least.",
  );
  assert.equal(documented("See {@link Math.max | the most}."), "See the most.");
  assert.equal(
    documented("See {@link https://example.org/a the page}, {@link https://example.org/b}."),
    "See [the page](https://example.org/a), https://example.org/b.",
  );
});

test("within the parentheses of a call the parameters are described as well", () => {
  const code =
    "/** Adds. @param x the first @param y the second @doc {a: 1} */\nfunction f(x: number, y: number) {}\nf(1, ";
  assert.equal(
    session.inspect(code, code.length)?.documentation,
    "Adds.\n\n**Parameters**\n\n- `x`: the first\n- `y`: the second",
  );
});

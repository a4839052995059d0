import assert from "node:assert/strict";
import { test } from "node:test";
import typescript from "typescript";
import { Session } from "../../../kernel/index";
import { readCommandLines } from "../../../kernel/session/compile/commandLines";
import { projectFolder } from "./folder";

const session = new Session({ folder: projectFolder(), typescript });

function commands(written: string, known: string[] = []): string[] {
  const text = readCommandLines(typescript, written, (name) => known.includes(name));
  assert.equal(text.code.length, written.length);
  assert.equal(text.code.split("\n").length, written.split("\n").length);
  for (const { start, end } of text.commands) {
    assert.equal(written[start], "!");
    assert.match(text.code.slice(start, end), /^\s+$/);
  }
  return text.commands.map(({ command }) => command);
}

test("lines for the shell begin with an exclamation mark", () => {
  for (const line of [
    "!ls",
    "!ls -la /tmp",
    "!git status",
    "!npm install zod",
    "!./run.sh",
    "!/bin/ls -l",
    "!/bin/ls",
    "!~/bin/tool",
    "!~/x/y",
    "!echo 'it is'",
    '!echo "a;b" && echo c',
    "!node script.js",
    "!echo $HOME",
    "!$EDITOR file",
    "!cat <<< text | wc -l > out.txt",
    "!echo /* no comment",
    "!echo `date`",
    "!FOO=1 env",
    "  !ls",
  ]) {
    assert.deepEqual(commands(line), [line.trim().slice(1)], line);
    assert.deepEqual(commands(`const a = 1\n${line}\nlet b = a`), [line.trim().slice(1)], line);
    assert.deepEqual(commands(`const a = 1;\r\n${line}\r\na`), [line.trim().slice(1)], line);
  }
  assert.deepEqual(commands("!!ls"), ["ls"]);
  assert.deepEqual(commands("!ls\n!pwd\n1\n!make"), ["ls", "pwd", "make"]);
  assert.deepEqual(commands("!npm install \\\n  zod \\\n  d3\n1"), [
    "npm install \\\n  zod \\\n  d3",
  ]);
});

test("no line is one within a string, a template, a comment, a list, a block, or an expression", () => {
  for (const code of [
    "const t = `\n!ls -la\n`",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a piece of code.
    "const t = `${\n!ls\n}`",
    "/*\n!ls -la\n*/",
    "// \\\n/* x\n!git status\n*/",
    "const s = 'a\\\n!ls -la\\\n'",
    "f(\n!ls\n)",
    "const a = [\n!ls,\n!b]",
    "if (a) {\n!ls\n}",
    "if (a)\n!ls",
    "const f = () =>\n!ls",
    "const x = a &&\n!b",
    "const r = a ||\n  !b",
    "function f() {\n!git status\n}",
  ]) {
    assert.deepEqual(commands(code), [], code);
  }
});

test("what negates stays TypeScript", () => {
  for (const code of [
    "!true",
    "!0",
    "!(a || b)",
    "!!process.env.X",
    "![1, 2].length",
    "!/x/.test(s)",
    "!missing;",
    "!await f()",
    "!new Set().size",
    "!`text`",
    "!'text'",
    "!=",
    "! ",
  ]) {
    assert.deepEqual(commands(code, ["process"]), [], code);
  }
  assert.deepEqual(commands("!done", ["done"]), []);
  assert.deepEqual(commands("!done.has(1)", ["done"]), []);
  assert.deepEqual(commands("!done(\n  1,\n)", ["done"]), []);
  assert.deepEqual(commands("!done a.txt", ["done"]), ["done a.txt"], "it can be nothing else");
  for (const code of [
    "const ok = 1\n!ok",
    'import { ok } from "x"\n!ok.a',
    "function ok() {}\n!ok()",
  ]) {
    assert.deepEqual(commands(code), [], code);
  }
  assert.deepEqual(commands("const x = a\n!ls -la"), ["ls -la"], "a statement ends before it");
});

test("a session runs them without Jupyter, and knows its own names", async () => {
  await session.execute("const kept = false;");
  assert.equal((await session.execute("!kept")).value, true);
  await assert.rejects(session.execute("1\n!exit 4"), { name: "CommandError", exitCode: 4 });
  const { hasValue } = await session.execute(
    "for (const n of [1]) { await n }\n!exit 0\nvar m = 1",
  );
  assert.equal(hasValue, false);
  assert.equal((await session.execute("m")).value, 1);
});

test("an editor's help works beside them", () => {
  const code = "!npm run build\nconst list = [1];\nlist.ma";
  const { matches } = session.complete(code, code.length);
  assert.deepEqual(
    matches.map(({ text }) => text),
    ["map"],
  );
  assert.deepEqual(session.complete("!npm in", 7).matches, []);
  assert.match(session.inspect("!ls -la\nparseInt", 12)?.code ?? "", /function parseInt/);
  assert.equal(session.isComplete("!npm install zod").status, "complete");
  assert.equal(session.isComplete("!ls -la\nconst f = () => {").status, "incomplete");
});

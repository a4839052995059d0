// What functions see of names that later cells declare again: here, and in Python's kernel.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Session } from "../../../../kernel/index";
import { packageRoot } from "../../../../kernel/node/packageRoot";
import { projectFolder, write } from "../folder";
import { type ChangedCase, CASES as FIRST_CASES } from "./cases";
import { FURTHER_CASES } from "./furtherCases";
import { hasPython, runInPython } from "./python";

const CASES = [...FIRST_CASES, ...FURTHER_CASES];

/** One session for all: each case declares what it uses. */
const folder = projectFolder();
const session = new Session({ folder });
session.install();

async function give({ cells }: ChangedCase): Promise<string> {
  let given = "nothing";
  for (const cell of cells) {
    if (typeof cell !== "string") {
      write(folder, ...cell);
      continue;
    }
    try {
      given = String((await session.execute(cell)).value);
    } catch (error) {
      given = (error as Error).name;
    }
  }
  return given;
}

for (const each of CASES) {
  test(each.what, async () => {
    assert.equal(await give(each), each.gives);
  });
}

test("Python's kernel does what is recorded of it", { skip: !hasPython }, () => {
  assert.deepEqual(
    runInPython(CASES),
    CASES.map(({ pythonGives }) => pythonGives),
  );
});

test("where the two kernels differ it is said why, and the README says so too", () => {
  const readme = readFileSync(join(packageRoot(), "README.md"), "utf8").replace(/ +/g, " ");
  for (const { what, gives, pythonGives, because } of CASES) {
    const isSame = gives === pythonGives;
    assert.equal(isSame, because === undefined, what);
    const row = `| ${what} | \`${gives}\` | ${isSame ? "the same" : `\`${pythonGives}\`. ${because}`} |`;
    assert.ok(readme.includes(row), `the README lacks the row:\n${row}`);
  }
  const [, table] = /\n## When cells change\n([\s\S]*?)\n## /.exec(readme) ?? [];
  assert.equal(table?.match(/^\| (?!-|A changed )/gm)?.length, CASES.length);
});

// Commands of IPython's, which people write from habit.
import assert from "node:assert/strict";
import { test } from "node:test";
import typescript from "typescript";
import { NodeSession as Session } from "../../../kernel/node/host";
import { MagicError } from "../../../kernel/session/compile/magics";
import { projectFolder } from "./folder";

const session = new Session({ folder: projectFolder(), typescript });
session.install();

async function refusal(code: string): Promise<MagicError> {
  try {
    await session.execute(code, "cell-7.ts");
  } catch (error) {
    assert.ok(error instanceof MagicError, `${code}: ${error}`);
    return error;
  }
  throw new Error(`The cell did not fail: ${code}`);
}

test("a command of IPython's is answered by the way to do it here", async () => {
  for (const [code, advice] of [
    ["%matplotlib inline", /^%matplotlib is .* IPython.* display\(figure\)/],
    ["%load_ext autoreload", /import packages/],
    ["%run other.ipynb", /import "\.\/file"/],
    ["%cd data", /process\.chdir\("folder"\)/],
    ["%env HOME", /process\.env/],
    ["%who", /Tab shows/],
    ["%time f(1)", /console\.time/],
    ["%pip install numpy", /!npm install/],
    ["%%bash\nls | wc -l", /^%%bash is .*: !ls -l/],
    ["%%html\n<b>hi</b>", /"text\/html"/],
    ["%%javascript\nalert(1)", /"text\/javascript"/],
    ["%%latex\n\\frac{1}{2}", /"text\/latex"/],
    ["%%writefile a.txt\nit's", /writeFileSync/],
    ["%%time\n1 + 1", /console\.time/],
    ["%nonsense at all", /^%nonsense is .*done in code/],
    ["// A comment.\n\n  %who_ls", /Tab/],
  ] as const) {
    assert.match((await refusal(code)).message, advice, code);
  }
  const error = await refusal('const before = 1;\n%load_ext x\nconst wrong: number = "x"');
  assert.equal(error.name, "MagicError");
  assert.equal(error.stack?.split("\n").at(-1)?.trim(), "at cell-7.ts:2:1");
  await assert.rejects(
    session.execute("before"),
    /Cannot find name/,
    "nothing of the cell has run",
  );
});

test("a remainder stays a remainder", async () => {
  const { value } = await session.execute(
    "const time = 7, n = 4;\nconst rest = time\n%n;\nrest",
    "a.ts",
  );
  assert.equal(value, 3);
  assert.equal((await session.execute("const run = 3;\n17\n%run")).value, 2);
  assert.equal((await session.execute("`\n%time\n`.length")).value, 7);
  await assert.rejects(session.execute("time\n%missing"), /Cannot find name 'missing'/);
});

test("an editor's help and completeness live with them", () => {
  assert.equal(session.isComplete("%matplotlib inline").status, "complete");
  const code = "%load_ext x\n[1].ma";
  assert.deepEqual(
    session.complete(code, code.length).matches.map(({ text }) => text),
    ["map"],
  );
});

import assert from "node:assert/strict";
import { basename } from "node:path";
import { test } from "node:test";
import { Session } from "../../../../kernel/index";
import type { Workspace } from "../../../../kernel/session/compile/workspace";
import { projectFolder } from "../folder";

test("a cell has no text parsed again but its own, however many names the session has", async () => {
  const session = new Session({ folder: projectFolder() });
  const { workspace } = session as unknown as { workspace: Workspace };
  const names = Array.from({ length: 100 }, (_, i) => `const name${i} = ${i};`);
  await session.execute(names.join("\n"));
  await session.execute("const first = name1 + 1");
  const before = new Set(workspace.program().getSourceFiles());
  await session.execute("const second = first + name2; second");
  await session.execute("second + first");
  const parsed = workspace
    .program()
    .getSourceFiles()
    .filter((file) => !before.has(file))
    .map(({ fileName }) => basename(fileName));
  assert.deepEqual(parsed.sort(), ["__cell_3__.ts", "__cell_4__.ts"]);
});

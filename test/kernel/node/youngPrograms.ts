// Writes down how many bytes the check and the emission of a small cell make, and how many of them are
// left when the young generation has been collected. Run by compilerText.test.ts, in a process of its own.
import { NodeSession as Session } from "../../../kernel/node/host";
import { findTypeScript, loadTypeScript } from "../../../kernel/node/typescript";
import { projectFolder } from "../session/folder";

/** What V8 learns of the code's speed and shapes is there by then. */
const BEFORE = 25;
const TIMES = 15;

const collect = (globalThis as unknown as { gc(how?: object): void }).gc;
const used = () => process.memoryUsage().heapUsed;
/** After it, nothing of the last cell is on the stack. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

async function main() {
  const { ts: typescript } = loadTypeScript(findTypeScript(__dirname));
  const session = new Session({ folder: projectFolder(), typescript });
  await session.execute('import { sep } from "node:path"');
  const cell = (i: number) => session.compile(`const list = [${i}, sep.length];\nlist[0] + 1`);
  for (let i = 0; i < BEFORE; i++) {
    cell(i);
  }
  collect();
  await turn();
  collect();
  const before = used();
  for (let i = 0; i < TIMES; i++) {
    cell(i);
    await turn();
  }
  const made = used() - before;
  collect({ type: "minor", execution: "sync" });
  await turn();
  const left = used() - before;
  process.stdout.write(
    JSON.stringify({ made: Math.round(made / TIMES), left: Math.round(left / TIMES) }),
  );
}

void main();

// A session knows of the program that it runs in what its host tells it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeHost, Session, type SessionHost } from "../../../kernel/index";
import { projectFolder } from "./folder";

/** A host that keeps texts in memory. */
function remembering(): SessionHost & { texts: Map<string, string>; found: string[] } {
  const texts = new Map<string, string>();
  const found: string[] = [];
  return {
    ...nodeHost(),
    texts,
    found,
    kept: {
      get(key) {
        const text = texts.get(key.join("\0"));
        if (text !== undefined) {
          found.push(key[1]);
        }
        return text;
      },
      put: (key, text) => void texts.set(key.join("\0"), text),
      prune: () => texts.clear(),
    },
  };
}

test("what one session has emitted the next finds with its host", async () => {
  const folder = projectFolder({ "a.ts": "export const a: number = 1;" });
  const host = remembering();
  const run = () => new Session({ folder, host }).execute('import { a } from "./a"; a + 1');
  assert.equal((await run()).value, 2);
  assert.deepEqual([host.texts.size, host.found], [1, []]);
  assert.equal((await run()).value, 2);
  assert.deepEqual(host.found, [`${folder}/a.ts`]);

  const [[key]] = [...host.texts];
  host.texts.set(key, "{ damaged");
  assert.equal((await run()).value, 2, "what is damaged is emitted again");
  new Session({ folder, host }).tidy();
  assert.equal(host.texts.size, 0);
});

test("stacks leave out the frames that the host calls its own", async () => {
  const folder = projectFolder({
    "machinery.ts": "export const call = (f: () => unknown) => f();",
  });
  const code = 'import { call } from "./machinery";\ncall(() => new Error("x").stack)';
  const stackIn = async (host: SessionHost) => {
    const session = new Session({ folder, host });
    session.install();
    return String((await session.execute(code)).value);
  };
  assert.match(await stackIn(nodeHost()), /at call \(machinery\.ts:1:43\)/);
  const host = { ...nodeHost(), isMachinery: (file: string) => file.endsWith("machinery.ts") };
  assert.doesNotMatch(await stackIn(host), /machinery/);
});

test("loops look at what the engine has in place of shared memory", async () => {
  const host = nodeHost();
  let reads = 0;
  const flagOver = (memory: Int32Array) => ({
    get raised() {
      reads++;
      return memory[0];
    },
  });
  const session = new Session({
    folder: projectFolder(),
    host: { ...host, engine: { ...host.engine, flagOver } },
  });
  const readsOf = async (code: string) => {
    const before = reads;
    await session.run(session.compile(code, undefined, { everyLoop: true }));
    return reads - before;
  };
  assert.equal(await readsOf("for (let i = 0; i < 5; i++) {}"), 5);
  const onCopies = "let sum = 0;\nfor (let i = 0; i < 5; i++) {\n  sum += i;\n}";
  assert.ok((await readsOf(onCopies)) > 5, "a loop that works on copies of variables");
  assert.equal((await session.execute("sum")).value, 10);
});

test("a session without a folder of its own is where its host is", async () => {
  const folder = projectFolder({ "here.ts": 'export const here = "here";' });
  const session = new Session({ host: { ...nodeHost(), folder } });
  assert.equal(session.folder, folder);
  assert.equal((await session.execute('import { here } from "./here"; here')).value, "here");
});

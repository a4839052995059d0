// What the project around a notebook decides: kinds of files, Node's types, references, NODE_PATH.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { test } from "node:test";
import typescript from "typescript";
import { Session } from "../../../kernel/index";
import { projectFolder, write } from "./folder";

const ROOT = resolve(__dirname, "../../..");

function sessionIn(folder: string): Session {
  const session = new Session({ folder, typescript });
  session.install();
  return session;
}

const KINDS = {
  "a.mjs": "export const n = 1; export default 'default of mjs';",
  "b.mts": "export const n: number = 2; export default 'default of mts';",
  "c.cjs": "module.exports = { n: 3 };",
  "d.cts": "const n: number = 4;\nexport = { n };",
  "e.js": "export const n = 5;",
  "f.ts": "export const n: number = 6;",
  "g.mjs": "globalThis.ranBare = (globalThis.ranBare ?? 0) + 1;",
  "through.ts": 'export { n } from "./a.mjs";\nexport { n as m } from "./b.mjs";',
  "through.mjs":
    'import { n } from "./a.mjs";\nexport const twice = 2 * n;\nexport const file = import.meta.url;',
  "waits.mts": "export const waited = await Promise.resolve(7);",
  "strict.mjs": "export const self = (function () { return this; })();",
};

test("files of every kind can be imported, statically, dynamically and by require", async () => {
  for (const extra of [
    {},
    { "package.json": '{ "type": "module" }' },
    { "tsconfig.json": "{}" },
  ] as Record<string, string>[]) {
    const session = sessionIn(projectFolder({ ...KINDS, ...extra }));
    const value = async (code: string) => (await session.execute(code)).value;
    assert.equal(await value('import { n as n1 } from "./a.mjs"; n1'), 1);
    assert.equal(await value('import d1 from "./a.mjs"; d1'), "default of mjs");
    assert.equal(await value('import d2, { n as n2 } from "./b.mjs"; d2 + n2'), "default of mts2");
    assert.equal(await value('import { n as n3 } from "./b.mts"; n3'), 2);
    assert.equal(await value('import c from "./c.cjs"; c.n'), 3);
    assert.equal(await value('import d from "./d.cjs"; d.n'), 4);
    assert.equal(await value('import { n as n5 } from "./e.js"; n5'), 5);
    assert.equal(await value('import { n as n6 } from "./f"; n6'), 6);
    assert.deepEqual(await value('import { n as n7, m } from "./through"; [n7, m]'), [1, 2]);
    assert.equal(await value('import { twice, file } from "./through.mjs"; twice'), 2);
    assert.match(String(await value("file")), /^file:.*through\.mjs$/);
    assert.equal(await value('import { waited } from "./waits.mjs"; waited'), 7);
    assert.equal(await value('import { self } from "./strict.mjs"; String(self)'), "undefined");
    assert.deepEqual(
      await value(
        '[(await import("./a.mjs")).n, (await import("./b.mts")).n, (await import("./c.cjs")).n, (await import("./d.cts")).n]',
      ),
      [1, 2, 3, 4],
    );
    assert.deepEqual(
      await value('["./a.mjs", "./b.mts", "./c.cjs", "./d.cts"].map((file) => require(file).n)'),
      [1, 2, 3, 4],
    );
    Object.assign(globalThis, { ranBare: 0 });
    assert.equal(await value('import "./g.mjs"; (globalThis as any).ranBare'), 1);
  }
});

test("a file of another kind is loaded again after an edit", async () => {
  const folder = projectFolder({
    "a.mjs": "export const n = 1;",
    "b.ts": 'export { n } from "./a.mjs";',
  });
  const session = sessionIn(folder);
  assert.equal((await session.execute('import { n } from "./b"; n')).value, 1);
  write(folder, "a.mjs", "export const n = 2;");
  assert.equal((await session.execute('import { n } from "./b"; n')).value, 2);
});

test("cells know Node's types, whichever types the project asks for", async () => {
  const own = {
    "node_modules/@types/node/package.json":
      '{ "name": "@types/node", "version": "20.0.0", "types": "index.d.ts" }',
    "node_modules/@types/node/index.d.ts":
      'declare const ofTheProject: number; declare var process: { version: string }; declare module "node:fs" { export const mine: 1 }',
  };
  const other = { "node_modules/@types/other/index.d.ts": "declare const other: number;" };
  for (const types of [undefined, [], ["node"], ["other"]]) {
    const config = {
      "tsconfig.json": JSON.stringify({ compilerOptions: { types, lib: ["ES2023"] } }),
    };
    const without = sessionIn(projectFolder({ ...config, ...other }));
    const { value } = await without.execute(
      "import fs from 'node:fs'; [typeof fs.readFileSync, process.version.length > 0, Buffer.from('a').length, typeof console.log]",
    );
    assert.deepEqual(value, ["function", true, 1, "function"], String(types));
    const withOwn = sessionIn(projectFolder({ ...config, ...own, ...other }));
    const ones =
      "const seen: [number, 1] | undefined = undefined as [typeof ofTheProject, typeof import('node:fs').mine] | undefined; process.version.length > 0";
    assert.equal((await withOwn.execute(ones)).value, true, String(types));
  }
});

test("a tsconfig.json that only refers to others stands for the one that the folder belongs to", async () => {
  const app = {
    compilerOptions: {
      strict: true,
      noImplicitAny: true,
      baseUrl: ".",
      paths: { "@/*": ["src/*"] },
      lib: ["ES2023"],
    },
    include: ["src"],
  };
  const tools = {
    compilerOptions: { strict: false, paths: { "#/*": ["tools/*"] } },
    include: ["vite.config.ts", "tools"],
  };
  const folder = projectFolder({
    "tsconfig.json": JSON.stringify({
      files: [],
      references: [{ path: "./tsconfig.node.json" }, { path: "./tsconfig.app.json" }],
    }),
    "tsconfig.app.json": JSON.stringify(app),
    "tsconfig.node.json": JSON.stringify({ ...tools, include: ["vite.config.ts"] }),
    "vite.config.ts": "export default {};",
    "src/value.ts": "export const value = 5;",
    "notebooks/.keep": "",
    "tools/tsconfig.json": JSON.stringify({
      files: [],
      references: [{ path: "../tsconfig.tools.json" }, { path: "../tsconfig.app.json" }],
    }),
    "tsconfig.tools.json": JSON.stringify(tools),
    "tools/tool.ts": "export const tool = 6;",
  });
  for (const place of [folder, join(folder, "src"), join(folder, "notebooks")]) {
    const session = sessionIn(place);
    const { value } = await session.execute('import { value } from "@/value"; value');
    assert.equal(value, 5, place);
    await assert.rejects(session.execute("function f(x) {}"), /TS7006/, place);
    await assert.rejects(session.execute("const s: string = null;"), /TS2322/, place);
  }
  const session = sessionIn(join(folder, "tools"));
  assert.equal((await session.execute('import { tool } from "#/tool"; tool')).value, 6);
  await session.execute("const s: string = null;");
});

test("a tsconfig.json with files of its own holds itself, whatever it refers to", async () => {
  const session = sessionIn(
    projectFolder({
      "tsconfig.json": JSON.stringify({
        compilerOptions: { strict: false },
        references: [{ path: "./lib" }],
      }),
      "index.ts": "export {};",
      "lib/tsconfig.json": JSON.stringify({ compilerOptions: { strict: true, composite: true } }),
      "lib/index.ts": "export {};",
    }),
  );
  await session.execute("const s: string = null;");
});

test("packages in the folders of NODE_PATH are found by import, by require and by the checker", () => {
  const packages = {
    "typed/package.json": '{ "name": "typed", "main": "./main.js", "types": "./main.d.ts" }',
    "typed/main.js": "exports.n = 1;",
    "typed/main.d.ts": "export declare const n: number;",
    "plain/index.js": "exports.p = 2;",
    "esm/package.json": '{ "name": "esm", "type": "module", "main": "./index.js" }',
    "esm/index.js": "export const e = 3; await null;",
  };
  const modern = {
    "modern/package.json":
      '{ "name": "modern", "type": "module", "exports": { "import": "./index.js" } }',
    "modern/index.js": "export const m = 4;",
  };
  const within = (folder: string, files: Record<string, string>) =>
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));
  const shared = projectFolder({
    ...within("shared", packages),
    ...within("other/node_modules", modern),
    "shared/source.ts": "export const s: number = 5;",
  });
  const script = `
    const { Session } = require(${JSON.stringify(join(ROOT, "kernel/index"))});
    const session = new Session({ folder: ${JSON.stringify(projectFolder())} });
    (async () => {
      const value = async (code) => (await session.execute(code)).value;
      const found = [
        await value('import { n } from "typed"; n'),
        await value('import { p } from "plain"; p'),
        await value('import { e } from "esm"; e'),
        await value('import { m } from "modern"; m'),
        await value('import { s } from "source"; s'),
        await value('(await import("typed")).n'),
        await value('require("typed").n'),
        await session.execute('const text: string = n;').catch((error) => error.diagnostics[0].code),
        await session.execute('import x from "not-there"; x').catch((error) => error.diagnostics[0].code),
      ];
      console.log(JSON.stringify(found));
    })();`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "-e", script], {
    cwd: ROOT,
    encoding: "utf8",
    env: {
      ...process.env,
      NODE_PATH: [join(shared, "shared"), join(shared, "other/node_modules")].join(
        process.platform === "win32" ? ";" : ":",
      ),
    },
  });
  assert.equal(stdout.trim(), "[1,2,3,4,5,1,1,2322,2307]", stderr);
});

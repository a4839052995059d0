import assert from "node:assert/strict";
import { test } from "node:test";
import { type Body, DebugClient, type Shown } from "./client";

const client = DebugClient.start();

/** Stops at the last line of a cell, and goes on when all has been looked at. */
async function atEnd<T>(code: string, look: (c: DebugClient) => Promise<T>): Promise<T> {
  const c = await client;
  const whole = `${code}\n;"end"`;
  await c.breakIn(whole, whole.split("\n").length);
  const run = c.kernel.execute(whole);
  const failed = run.then(({ status, outputs }) => {
    throw new Error(`The cell ended as ${status}: ${JSON.stringify(outputs)}`);
  });
  failed.catch(() => {});
  await Promise.race([c.event("stopped"), failed]);
  try {
    return await look(c);
  } finally {
    await c.breakIn(whole);
    await c.ask("continue");
    await run;
  }
}

test("names of the session have the types that TypeScript gives them, without a stop", async () => {
  const c = await client;
  await c.kernel.execute(
    "interface Point { x: number; y: number }\nconst point: Point = { x: 1, y: 2 };\n" +
      "let count = 3; const names = ['a', 'b']; const fixed = 5 as const;\n" +
      "const table = new Map<string, number[]>([['a', [1]]]); class Box<T> { constructor(readonly held: T) {} }\n" +
      "const box = new Box(1n); async function load(path: string): Promise<number> { return path.length; }\n" +
      "import { join } from 'node:path'; 5 + 5",
  );
  const { variables } = await c.ask("inspectVariables");
  const shown = new Map(variables.map((one: Shown) => [one.name, [one.type, one.value]]));
  assert.deepEqual(Object.fromEntries(shown), {
    point: ["Point", "{x: 1, y: 2}"],
    count: ["number", "3"],
    names: ["string[]", "(2) ['a', 'b']"],
    fixed: ["5", "5"],
    table: ["Map<string, number[]>", "Map(1) {'a' => (1) [1]}"],
    Box: ["typeof Box", "class Box"],
    box: ["Box<bigint>", "Box {held: 1n}"],
    load: ["(path: string) => Promise<number>", "load(path)"],
    join: ["(...paths: string[]) => string", "join(...args)"],
  });
  const held = await c.children(variables[0].variablesReference);
  assert.deepEqual([held.get("x")?.value, held.get("y")?.value], ["1", "2"]);
});

test("JupyterLab's list, which shows a type or a value and never both, gets both", async () => {
  const c = new DebugClient((await client).kernel);
  await c.open("jupyterlab");
  const { variables } = await c.ask("inspectVariables");
  const types = variables.map(({ name, type }: Body) => `${name}: ${type}`);
  assert.ok(types.includes("count: number = 3"), types.join());
  assert.ok(types.includes("names: string[] = (2) ['a', 'b']"), types.join());
  await c.open("test-client");
});

test("scopes are the user's: neither the kernel's variables nor the module's wrapper are in them", async () => {
  await atEnd(
    "import { readFileSync as read } from 'node:fs';\nlet a = 1; { const inner = 2; void inner; }\nfor await (const x of [1]) { a += x; }\ntry { await null; a++; } catch (error) { console.log(error); }\nconst f = async () => { await null; return a; };\nawait f();",
    async (c) => {
      assert.deepEqual([...(await c.variables("Locals")).keys()].sort(), ["a", "f"]);
      const frames = await c.stack();
      const { scopes } = await c.ask("scopes", { frameId: frames[0].id });
      assert.deepEqual(
        scopes.map(({ name }: Body) => name),
        ["Locals", "Globals"],
      );
      assert.ok([...(await c.variables("Globals")).keys()].includes("read"));
      assert.equal(frames.length, 1);
    },
  );
});

test("closures are scopes of their own; inner names cover outer ones", async () => {
  const c = await client;
  const code =
    "function outer(start: number) {\n  let total = start;\n  return function add(n: number) {\n    { const n = 'inner';\n      total += n.length;\n    }\n    return total;\n  };\n}\nouter(10)(1)";
  await c.breakIn(code, 5);
  const run = c.kernel.execute(code);
  await c.event("stopped");
  assert.equal((await c.variables("Locals")).get("n")?.value, "'inner'");
  assert.equal((await c.variables("Closure (outer)")).get("total")?.value, "10");
  assert.equal(
    await c.evaluate("total + n.length + start", 0).catch((e: Error) => e.message),
    "evaluate: ReferenceError: start is not defined",
  );
  assert.equal(await c.evaluate("total + n.length"), "15");
  await c.breakIn(code);
  await c.ask("continue");
  await run;
});

const values: Record<string, [code: string, value: string, type: string]> = {
  "a typed array": [
    "new Float32Array([0.1, 0.25, 3])",
    "Float32Array(3) [0.1, 0.25, 3]",
    "Float32Array",
  ],
  "a long array": [
    "Array.from({ length: 1000 }, (_, i) => i)",
    "(1000) [0, 1, 2, 3, 4, 5, …]",
    "number[]",
  ],
  "an array of arrays": ["[[1, 2], [3, 4]]", "(2) [(2) [1, 2], (2) [3, 4]]", "number[][]"],
  "a mixed array": ["[1, 'a', null]", "(3) [1, 'a', null]", "(number | string | null)[]"],
  "a text": ["'it\\'s\\nnew'", '"it\'s\\nnew"', "string"],
  "a set": ["new Set([1, 2])", "Set(2) {1, 2}", "Set"],
  "a date": ["new Date(0)", "1970-01-01T00:00:00.000Z", "Date"],
  "an expression": ["/a+/gi", "/a+/gi", "RegExp"],
  "an error": ["new RangeError('too far')", "RangeError: too far", "RangeError"],
  "an arrow function": ["(x: number, y = 2) => x + y", "it(x, y = 2)", "Function"],
  nothing: ["undefined", "undefined", "undefined"],
  "a big number": ["2n ** 70n", "1180591620717411303424n", "bigint"],
  "a settled promise": ["Promise.resolve(5)", "Promise { 5 }", "Promise"],
  "minus zero": ["-0", "-0", "number"],
};

for (const [name, [code, value, type]] of Object.entries(values)) {
  test(`${name} is shown as ${value}`, async () => {
    const found = await atEnd(`const it: any = ${code};`, async (c) =>
      (await c.variables()).get("it"),
    );
    assert.deepEqual([found?.value, found?.type], [value, type]);
  });
}

test("nothing is run by looking: getters, toString, proxies, inspect methods", async () => {
  const code = `const calls: string[] = [];
class Shy { #n = 1; get n() { calls.push("class getter"); return this.#n; } toString() { calls.push("toString"); return "x"; } [Symbol.for("nodejs.util.inspect.custom")]() { calls.push("inspect"); return "x"; } [Symbol.for("Jupyter.display")]() { calls.push("display"); return { "text/plain": "x" }; } get [Symbol.toStringTag]() { calls.push("tag"); return "x"; } }
const shy = new Shy();
const own = { get secret() { calls.push("own getter"); return 1; }, plain: 2 };
const proxy = new Proxy({ a: 1 }, { get() { calls.push("trap"); return 1; }, ownKeys() { calls.push("ownKeys"); return []; }, getOwnPropertyDescriptor() { calls.push("descriptor"); return undefined; }, getPrototypeOf() { calls.push("prototype"); return null; } });
const nested = { shy, own, proxy, list: [shy, own, proxy] };`;
  await atEnd(code, async (c) => {
    const locals = await c.variables();
    assert.equal(locals.get("own")?.value, "{secret: (getter), plain: 2}");
    assert.match(String(locals.get("proxy")?.value), /^Proxy/);
    for (const one of locals.values()) {
      if (one.variablesReference > 0) {
        const children = await c.children(one.variablesReference);
        for (const child of children.values()) {
          await c.children(child.variablesReference);
        }
      }
    }
    const own = await c.children(locals.get("own")?.variablesReference ?? 0);
    assert.equal(own.get("secret")?.value, "(getter)");
    await c.ask("inspectVariables");
    assert.equal(await c.evaluate("calls.join()"), "''");
  });
});

test("variables are changed: locals, names of the session, elements, properties", async () => {
  const c = await client;
  await c.kernel.execute("let outside = 1;");
  const code =
    "function change(a: number) {\n  const held = { list: [1, 2, 3] };\n  return [a, held.list.join(), outside].join(';');\n}\nchange(1)";
  await c.breakIn(code, 3);
  const run = c.kernel.execute(code);
  await c.event("stopped");
  const [{ id: frameId }] = await c.stack();
  const { scopes } = await c.ask("scopes", { frameId });
  const [locals, globals] = ["Locals", "Globals"].map(
    (name) => scopes.find((one: Body) => one.name === name).variablesReference,
  );
  const set = (variablesReference: number, name: string, value: string) =>
    c.ask("setVariable", { variablesReference, name, value });
  assert.equal((await set(locals, "a", "a + outside + 40")).value, "42");
  await set(globals, "outside", "'x' as string");
  const held = (await c.children(locals)).get("held");
  const list = (await c.children(held?.variablesReference ?? 0)).get("list");
  await set(list?.variablesReference ?? 0, "1", "[20 as number][0]");
  await c.breakIn(code);
  await c.ask("continue");
  assert.match(JSON.stringify((await run).outputs), /'42;1,20,3;x'/);
});

test("constants of the session are not changed, and it is said why", async () => {
  const c = await client;
  await c.kernel.execute("const fixedForever = 1;");
  await atEnd("1;", async () => {
    const [{ id: frameId }] = await c.stack();
    const { scopes } = await c.ask("scopes", { frameId });
    const { variablesReference } = scopes.find((one: Body) => one.name === "Globals");
    const reply = await c.reply("setVariable", {
      variablesReference,
      name: "fixedForever",
      value: "2",
    });
    assert.deepEqual(
      [reply.success, reply.message],
      [false, "TypeError: Assignment to constant variable."],
    );
  });
});

test("expressions are TypeScript; statements, assignments and errors", async () => {
  const c = await client;
  await c.kernel.execute("let level = 2; const twice = (x: number): number => x * 2;");
  await atEnd("const local = { deep: { n: 5 } };", async () => {
    assert.equal(await c.evaluate("twice(local.deep.n satisfies number) as unknown"), "10");
    assert.equal(await c.evaluate("const t = level * 10; t + 1"), "21");
    assert.equal(await c.evaluate("level = 7"), "7");
    assert.equal(await c.evaluate("{ level, twice: twice(4) }"), "{level: 7, twice: 8}");
    assert.equal(await c.evaluate("level + `!`"), "'7!'");
    const [{ id: frameId }] = await c.stack();
    const failing = async (expression: string) => {
      const reply = await c.reply("evaluate", { expression, frameId, context: "repl" });
      assert.equal(reply.success, false);
      return reply.message;
    };
    assert.equal(await failing("nowhere.x"), "ReferenceError: nowhere is not defined");
    assert.match(String(await failing("1 +")), /Expression expected/);
    assert.equal(await failing("throw new RangeError('far')"), "RangeError: far");
    const hover = await c.reply("evaluate", { expression: "level = 9", frameId, context: "hover" });
    assert.equal(hover.success, false);
    assert.equal(await c.evaluate("level"), "7");
  });
});

test("without a stop, expressions see the names of the session", async () => {
  const c = await client;
  await c.kernel.execute("let plain = 20;");
  const { result, type } = await c.ask("evaluate", { expression: "plain * 2 + 2" });
  assert.deepEqual([result, type], ["42", "number"]);
});

test("long arrays are listed in parts", async () => {
  await atEnd("const long = new Int32Array(5000).map((_, i) => i);", async (c) => {
    const long = (await c.variables()).get("long") as Shown & { indexedVariables: number };
    assert.equal(long.indexedVariables, 5000);
    const { variables } = await c.ask("variables", {
      variablesReference: long.variablesReference,
      start: 4990,
      count: 5,
    });
    assert.deepEqual(
      variables.map(({ name, value }: Body) => `${name}=${value}`),
      ["4990=4990", "4991=4991", "4992=4992", "4993=4993", "4994=4994"],
    );
    assert.equal((await c.children(long.variablesReference)).size, 100);
  });
});

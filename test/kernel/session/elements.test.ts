import assert from "node:assert/strict";
import { test } from "node:test";
import typescript from "typescript";
import { NodeSession as Session } from "../../../kernel/node/host";
import { projectFolder } from "./folder";

/** What makes elements, in the way of React's packages. */
const RUNTIME = {
  "node_modules/tiny/package.json":
    '{"name": "tiny", "exports": {"./jsx-runtime": {"types": "./jsx.d.ts", "default": "./jsx.js"}}}',
  "node_modules/tiny/jsx.js":
    "exports.jsx = exports.jsxs = (type, props) => ({ type, props }); exports.Fragment = 'fragment';",
  "node_modules/tiny/jsx.d.ts":
    "export declare function jsx(type: unknown, props: object): Element;\n" +
    "export declare const jsxs: typeof jsx; export declare const Fragment: string;\n" +
    "interface Element { type: unknown; props: { [name: string]: unknown } }\n" +
    "export namespace JSX { interface Element { type: unknown; props: { [name: string]: unknown } }\n" +
    "interface ElementChildrenAttribute { children: unknown }\n" +
    "interface IntrinsicElements { b: { id?: string; children?: unknown }; hr: {} } }\n",
};

function session(compilerOptions: object): Session {
  const files = { ...RUNTIME, "tsconfig.json": JSON.stringify({ compilerOptions }) };
  return new Session({ folder: projectFolder(files), typescript });
}

const automatic = session({ jsx: "react-jsx", jsxImportSource: "tiny", strict: true });

test("cells have elements where tsconfig.json has them", async () => {
  const { value } = await automatic.execute('const name: string = "x";\n<b id={name}>{1 + 1}</b>');
  assert.deepEqual(value, { type: "b", props: { id: "x", children: 2 } });
  const code =
    "const Box = ({ id }: { id: number }) => <><hr />{id}</>;\n(<Box id={3} />).props.id";
  assert.equal((await automatic.execute(code)).value, 3);
  const again = "const view = <Box id={name.length} />;\nfor (const n of [1]) { await n; }\nview";
  assert.equal(Object((await automatic.execute(again)).value).props.id, 1);
});

test("elements are checked, and errors have their places", async () => {
  await assert.rejects(automatic.execute("<hr />;\n<b id={5} />", "cell-4.ts"), {
    message: /^cell-4\.ts:2:4 - .*TS2322/,
  });
  await assert.rejects(automatic.execute("<b>\n  {missing}\n</b>", "cell-5.ts"), {
    message: /^cell-5\.ts:2:4 - .*TS2304/,
  });
  automatic.install();
  const error: Error = await automatic
    .execute(
      'const Fail = () => {\n  throw new RangeError("far");\n};\n<b>{Fail()}</b>',
      "cell-6.ts",
    )
    .then(
      () => assert.fail("It ran."),
      (thrown) => thrown,
    );
  assert.match(String(error.stack), /cell-6\.ts:2:9\)\n.*cell-6\.ts:4:5/);
});

test("TypeScript that looks like elements stays TypeScript", async () => {
  const { value } = await automatic.execute(
    "const same = <T>(x: T) => x;\nconst one = <number>(5 as unknown);\nsame(one) + 1",
  );
  assert.equal(value, 6);
  assert.equal(
    (await automatic.execute("const less = 1 < 2, more = 2 > 1; less && more")).value,
    true,
  );
});

test("an editor's help works within elements", () => {
  const code = "const text = 'x';\n<b id={text.toUpper}>a</b>";
  const { matches } = automatic.complete(code, code.indexOf("}"));
  assert.deepEqual(
    matches.map(({ text }) => text),
    ["toUpperCase"],
  );
  assert.equal(automatic.isComplete("<b>\n  hi there").status, "incomplete");
  assert.equal(automatic.isComplete("<b>hi</b>").status, "complete");
  assert.equal(automatic.isComplete("const = 1").status, "invalid");
});

test("elements can be made by a function of an earlier cell", async () => {
  const classic = session({
    jsx: "react",
    jsxFactory: "h",
    jsxFragmentFactory: "Part",
    strict: false,
  });
  await classic.execute(
    "const h = (type: any, props: any, ...children: any[]) => [type, props, ...children];\n" +
      "const Part = 'part';\ndeclare global { namespace JSX { interface IntrinsicElements { [tag: string]: any } } }",
  );
  assert.deepEqual((await classic.execute("<p a='1'>{2}</p>")).value, ["p", { a: "1" }, 2]);
  assert.deepEqual((await classic.execute("<><i /></>")).value, ["part", null, ["i", null]]);
});

test("where a bundler would make them, the kernel does", async () => {
  const preserving = session({ jsx: "preserve", jsxImportSource: "tiny" });
  assert.deepEqual((await preserving.execute("<hr />")).value, { type: "hr", props: {} });
});

test("a project without JSX, or without what makes elements, hears what is missing", async () => {
  await assert.rejects(
    session({}).execute("<b>hi</b>"),
    /without JSX.*set "jsx" in tsconfig\.json/,
  );
  await assert.rejects(
    session({ jsx: "react-jsx", jsxImportSource: "absent" }).execute("<b>hi</b>"),
    /'absent\/jsx-runtime'.*\n.*!npm install absent/,
  );
});

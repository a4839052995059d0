import type { ChangedCase } from "./cases";

/** More of them, for other forms of declarations and of what uses them. */
export const FURTHER_CASES: ChangedCase[] = [
  {
    what: "a getter of an object reads a name",
    cells: [
      "let rate = 2; const shop = { get price() { return rate * 10; } };",
      "let rate = 3;",
      "shop.price",
    ],
    gives: "30",
    python: [
      "rate = 2\nclass Shop:\n  @property\n  def price(self): return rate * 10\nshop = Shop()",
      "rate = 3",
      "shop.price",
    ],
    pythonGives: "30",
  },
  {
    what: "a method of a class calls a helper",
    cells: [
      "const scale = (x: number) => x; class M { run() { return scale(5); } } const m = new M();",
      "const scale = (x: number) => x * 100;",
      "m.run()",
    ],
    gives: "500",
    python: [
      "scale = lambda x: x\nclass M:\n  def run(self): return scale(5)\nm = M()",
      "scale = lambda x: x * 100",
      "m.run()",
    ],
    pythonGives: "500",
  },
  {
    what: "a field that was set when the object was made",
    cells: [
      "const size0 = 1; class F { n = size0; } const old0 = new F();",
      "const size0 = 9;",
      "[old0.n, new F().n].join()",
    ],
    gives: "1,9",
    python: [
      "size0 = 1\nclass F:\n  def __init__(self): self.n = size0\nold0 = F()",
      "size0 = 9",
      "f'{old0.n},{F().n}'",
    ],
    pythonGives: "1,9",
  },
  {
    what: "a static field that was set when the class was declared",
    cells: ["const base1 = 1; class S { static n = base1; }", "const base1 = 9;", "S.n"],
    gives: "1",
    python: ["base1 = 1\nclass S:\n  n = base1", "base1 = 9", "S.n"],
    pythonGives: "1",
  },
  {
    what: "a decorator's wrapper reads a name",
    cells: [
      "const label = 'a'; const wrap = (f: () => string) => () => label + f(); const said1 = wrap(() => 'x');",
      "const label = 'b';",
      "said1()",
    ],
    gives: "bx",
    python: [
      "label = 'a'\ndef wrap(f): return lambda: label + f()\nsaid1 = wrap(lambda: 'x')",
      "label = 'b'",
      "said1()",
    ],
    pythonGives: "bx",
  },
  {
    what: "a value that a closure took into a variable of its own",
    cells: [
      "let seed = 1; const make1 = () => { const mine = seed; return () => mine + seed; }; const add1 = make1();",
      "let seed = 10;",
      "add1()",
    ],
    gives: "11",
    python: [
      "seed = 1\ndef make1():\n  mine = seed\n  return lambda: mine + seed\nadd1 = make1()",
      "seed = 10",
      "add1()",
    ],
    pythonGives: "11",
  },
  {
    what: "a list of functions made in a loop",
    cells: [
      "const k1 = 1; const fs1: (() => number)[] = []; for (let i = 0; i < 3; i++) fs1.push(() => i * k1);",
      "const k1 = 10;",
      "fs1.map((f) => f()).join()",
    ],
    gives: "0,10,20",
    python: [
      "k1 = 1\nfs1 = [(lambda i=i: i * k1) for i in range(3)]",
      "k1 = 10",
      "','.join(str(f()) for f in fs1)",
    ],
    pythonGives: "0,10,20",
  },
  {
    what: "a function is called in the middle of the cell that declares its helper again",
    cells: [
      "function h2() { return 1; } function c2() { return h2(); }",
      "const r2 = [c2()]; function h2() { return 2; } r2.push(c2());",
      "r2.join()",
    ],
    gives: "2,2",
    python: [
      "def h2(): return 1\ndef c2(): return h2()",
      "r2 = [c2()]\ndef h2(): return 2\nr2.append(c2())",
      "','.join(map(str, r2))",
    ],
    pythonGives: "1,2",
    because: "Functions are there from a cell's beginning, by JavaScript's rules.",
  },
  {
    what: "a name becomes a class that was a function",
    cells: [
      "function Thing() { return { v: 1 }; } const get3 = () => (Thing as any).kind ?? 'function';",
      "class Thing { static kind = 'class'; }",
      "get3()",
    ],
    gives: "class",
    python: [
      "def Thing(): return 1\nget3 = lambda: getattr(Thing, 'kind', 'function')",
      "class Thing:\n  kind = 'class'",
      "get3()",
    ],
    pythonGives: "class",
  },
  {
    what: "an interval sees the new function at its next turn",
    cells: [
      "let n6 = 0; const step6 = () => { n6 += 1; }; const t6 = setInterval(() => step6(), 1);",
      "const step6 = () => { n6 = 1000; };",
      "await new Promise((r) => setTimeout(r, 30)); clearInterval(t6); n6",
    ],
    gives: "1000",
    python: [
      "import asyncio\nn6 = 0\ndef step6():\n  global n6\n  n6 += 1\nasync def tick6():\n  while True:\n    await asyncio.sleep(0.001)\n    step6()\nt6 = asyncio.ensure_future(tick6())",
      "def step6():\n  global n6\n  n6 = 1000",
      "await asyncio.sleep(0.03)\nt6.cancel()\nn6",
    ],
    pythonGives: "1000",
  },
  {
    what: "an async generator in flight",
    cells: [
      "const unit7 = () => 1; async function* gen7() { for (;;) { await null; yield unit7(); } } const it7 = gen7(); await it7.next();",
      "const unit7 = () => 7;",
      "(await it7.next()).value",
    ],
    gives: "7",
    python: [
      "unit7 = lambda: 1\nasync def gen7():\n  while True: yield unit7()\nit7 = gen7()\nawait it7.__anext__()",
      "unit7 = lambda: 7",
      "await it7.__anext__()",
    ],
    pythonGives: "7",
  },
  {
    what: "a sort's comparison function",
    cells: [
      "let up8 = true; const cmp8 = (a: number, b: number) => up8 ? a - b : b - a; const sorted8 = () => [2, 3, 1].sort(cmp8).join();",
      "const up8 = false;",
      "sorted8()",
    ],
    gives: "3,2,1",
    python: [
      "up8 = True\nsorted8 = lambda: ','.join(map(str, sorted([2, 3, 1], reverse=not up8)))",
      "up8 = False",
      "sorted8()",
    ],
    pythonGives: "3,2,1",
  },
  {
    what: "a destructured default and a rest take names over",
    cells: [
      "const a9 = 1, rest9 = [0]; const sum9 = () => a9 + rest9.length;",
      "const [a9 = 5, ...rest9] = [undefined, 7, 8];",
      "sum9()",
    ],
    gives: "7",
    python: [
      "a9, rest9 = 1, [0]\nsum9 = lambda: a9 + len(rest9)",
      "a9, *rest9 = [5, 7, 8]",
      "sum9()",
    ],
    pythonGives: "7",
  },
  {
    what: "a loop's variable takes a name over",
    cells: [
      "var i10 = 5; const read10 = () => i10;",
      "for (var i10 = 0; i10 < 3; i10++) {}",
      "read10()",
    ],
    gives: "3",
    python: ["i10 = 5\nread10 = lambda: i10", "i10 = 0\nwhile i10 < 3: i10 += 1", "read10()"],
    pythonGives: "3",
  },
  {
    what: "a block's variable takes no name over",
    cells: [
      "let i11 = 5; const read11 = () => i11;",
      "for (let i11 = 0; i11 < 3; i11++) {} { const i11 = 9; }",
      "read11()",
    ],
    gives: "5",
    python: ["i11 = 5\nread11 = lambda: i11", "[i11 for i11 in range(3)]", "read11()"],
    pythonGives: "5",
  },
  {
    what: "an error half way: a function that stands before it",
    cells: [
      "function f12() { return 1; } const g12 = () => f12();",
      "function f12() { return 2; } if (Date.now() > 0) throw new Error('half way');",
      "g12()",
    ],
    gives: "2",
    python: [
      "def f12(): return 1\ng12 = lambda: f12()",
      "def f12(): return 2\nraise Exception('half way')",
      "g12()",
    ],
    pythonGives: "2",
  },
  {
    what: "an error half way: a function that stands behind it",
    cells: [
      "function f13() { return 1; } const g13 = () => f13();",
      "if (Date.now() > 0) throw new Error('half way'); function f13() { return 2; }",
      "g13()",
    ],
    gives: "2",
    python: [
      "def f13(): return 1\ng13 = lambda: f13()",
      "raise Exception('half way')\ndef f13(): return 2",
      "g13()",
    ],
    pythonGives: "1",
    because: "Functions are there from a cell's beginning, by JavaScript's rules.",
  },
  {
    what: "a cell that does not pass the check changes nothing",
    cells: ["const n14 = 1; const read14 = () => n14;", "const n14: string = 5;", "read14()"],
    gives: "1",
    python: ["n14 = 1\nread14 = lambda: n14", "n14 = = 5", "read14()"],
    pythonGives: "1",
  },
  {
    what: "an error while a name is given its new value",
    cells: ["const v15 = 1; const read15 = () => v15;", "const v15 = JSON.parse('{');", "read15()"],
    gives: "1",
    python: ["v15 = 1\nread15 = lambda: v15", "import json\nv15 = json.loads('{')", "read15()"],
    pythonGives: "1",
  },
  {
    what: "some of several names were given before an error",
    cells: [
      "let a16 = 1, b16 = 2; const both16 = () => [a16, b16].join();",
      "let a16 = 10, b16 = JSON.parse('{');",
      "both16()",
    ],
    gives: "10,2",
    python: [
      "a16, b16 = 1, 2\nboth16 = lambda: f'{a16},{b16}'",
      "import json\na16 = 10; b16 = json.loads('{')",
      "both16()",
    ],
    pythonGives: "10,2",
  },
  {
    what: "a constant is assigned to",
    cells: ["const c17 = 1; const read17 = () => c17;", "c17 = 2", "read17()"],
    gives: "1",
    python: ["c17 = 1\nread17 = lambda: c17", "c17 = 2", "read17()"],
    pythonGives: "2",
    because: "A constant is one: the checker stops the cell.",
  },
  {
    what: "an enum becomes an object of constants",
    cells: [
      "enum Mode18 { Fast = 1 } const fast18 = () => Mode18.Fast;",
      "const Mode18 = { Fast: 'fast' };",
      "fast18()",
    ],
    gives: "fast",
    python: [
      "from enum import Enum\nclass Mode18(Enum):\n  Fast = 1\nfast18 = lambda: Mode18.Fast",
      "class Mode18: Fast = 'fast'",
      "fast18()",
    ],
    pythonGives: "fast",
  },
  {
    what: "a namespace's members are declared again",
    cells: [
      "namespace Cfg19 { export const k = 1; } const k19 = () => Cfg19.k;",
      "namespace Cfg19 { export const k = 2; }",
      "k19()",
    ],
    gives: "2",
    python: ["class Cfg19: k = 1\nk19 = lambda: Cfg19.k", "class Cfg19: k = 2", "k19()"],
    pythonGives: "2",
  },
  {
    what: "the same class is declared again: `instanceof` of an old object",
    cells: ["class P20 {} const o20 = new P20();", "class P20 {}", "o20 instanceof P20"],
    gives: "false",
    python: [
      "class P20: pass\no20 = P20()",
      "class P20: pass",
      "str(isinstance(o20, P20)).lower()",
    ],
    pythonGives: "false",
  },
  {
    what: "an imported value is changed by its own module",
    cells: [
      ["live21.ts", "export let n = 1; export const up = () => { n++; };"],
      "import { n, up } from './live21'; const read21 = () => n;",
      "up(); read21()",
    ],
    gives: "2",
    python: [
      ["live21.py", "n = 1\ndef up():\n  global n\n  n += 1"],
      "import sys; sys.path.insert(0, '.'); sys.dont_write_bytecode = True\nfrom live21 import n, up\nread21 = lambda: n",
      "up()\nread21()",
    ],
    pythonGives: "1",
    because: "An import is the module's variable, by JavaScript's rules, and no copy.",
  },
  {
    what: "an edited module that another module imports",
    cells: [
      ["in22.ts", "export const f = () => 1;"],
      ["out22.ts", "import { f } from './in22'; export const g = () => f();"],
      "import { g } from './out22'; const h22 = () => g();",
      ["in22.ts", "export const f = () => 2;"],
      "import { g } from './out22'; h22()",
    ],
    gives: "2",
    python: [
      ["in22.py", "def f(): return 1"],
      ["out22.py", "from in22 import f\ndef g(): return f()"],
      "import sys; sys.path.insert(0, '.'); sys.dont_write_bytecode = True\nfrom out22 import g\nh22 = lambda: g()",
      ["in22.py", "def f(): return 2"],
      "from out22 import g\nh22()",
    ],
    pythonGives: "1",
    because: "Python's kernel does not load a module again unless it is asked to reload it.",
  },
  {
    what: "an import under another name",
    cells: [
      "import { sep as s23 } from 'node:path'; const get23 = () => s23;",
      "import { EOL as s23 } from 'node:os';",
      "JSON.stringify(get23())",
    ],
    gives: '"\\n"',
    python: [
      "from os import sep as s23\nget23 = lambda: s23",
      "from os import linesep as s23",
      "import json\njson.dumps(get23())",
    ],
    pythonGives: '"\\n"',
  },
  {
    what: "a cell declares a name of the language's that an earlier function uses",
    cells: [
      "const ceil24 = () => Math.ceil(1.2);",
      "const Math = { ceil: (x: number) => 'mine' };",
      "ceil24()",
    ],
    gives: "2",
    python: ["ceil24 = lambda: len([1])", "len = lambda x: 'mine'", "ceil24()"],
    pythonGives: "mine",
    because:
      "In the earlier cell the name means the language's own: a cell that calls something `URL` breaks nothing.",
  },
];

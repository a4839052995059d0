/** Cells that run one after the other, some of which change what others use. */
export interface ChangedCase {
  what: string;
  /** The cells; the value of the last counts. A pair is a file that is written, and its text. */
  cells: (string | [file: string, text: string])[];
  /** What the last cell gives here: a value as text, or the name of the error that ends it. */
  gives: string;
  /** The same in Python. */
  python: (string | [file: string, text: string])[];
  /** What that gives in Python's kernel, as recorded. */
  pythonGives: string;
  /** Where the two differ: why. */
  because?: string;
}

export const CASES: ChangedCase[] = [
  {
    what: "a helper function is declared again",
    cells: [
      "function helper() { return 2; }",
      "function caller() { return helper(); }",
      "function helper() { return 100; }",
      "caller()",
    ],
    gives: "100",
    python: [
      "def helper(): return 2",
      "def caller(): return helper()",
      "def helper(): return 100",
      "caller()",
    ],
    pythonGives: "100",
  },
  {
    what: "helper and caller of one cell; the helper is declared again in another",
    cells: [
      "const helper = () => 2; const caller = () => helper();",
      "const helper = () => 100;",
      "caller()",
    ],
    gives: "100",
    python: ["helper = lambda: 2\ncaller = lambda: helper()", "helper = lambda: 100", "caller()"],
    pythonGives: "100",
  },
  {
    what: "a function is declared again as a constant",
    cells: ["function f() { return 1; } function g() { return f(); }", "const f = () => 5;", "g()"],
    gives: "5",
    python: ["def f(): return 1\ndef g(): return f()", "f = lambda: 5", "g()"],
    pythonGives: "5",
  },
  {
    what: "a constant becomes a variable",
    cells: ["const n = 1; const read = () => n;", "let n = 2;", "n = 3; read()"],
    gives: "3",
    python: ["n = 1\nread = lambda: n", "n = 2", "n = 3\nread()"],
    pythonGives: "3",
  },
  {
    what: "a variable becomes a function",
    cells: ["let f: any = 1; const kind = () => typeof f;", "function f() {}", "kind()"],
    gives: "function",
    python: ["f = 1\nkind = lambda: type(f).__name__", "def f(): pass", "kind()"],
    pythonGives: "function",
  },
  {
    what: "a later cell assigns to a variable",
    cells: ["let counter = 0; function inc() { return ++counter; }", "counter = 10", "inc()"],
    gives: "11",
    python: [
      "counter = 0\ndef inc():\n  global counter\n  counter += 1\n  return counter",
      "counter = 10",
      "inc()",
    ],
    pythonGives: "11",
  },
  {
    what: "a later cell declares the variable again",
    cells: [
      "let counter = 0; function inc() { return ++counter; }",
      "let counter = 100;",
      "inc(); counter",
    ],
    gives: "101",
    python: [
      "counter = 0\ndef inc():\n  global counter\n  counter += 1\n  return counter",
      "counter = 100",
      "inc()\ncounter",
    ],
    pythonGives: "101",
  },
  {
    what: "a function changes the variable, then a later cell declares it again",
    cells: [
      "let total = 0; function add(x: number) { total += x; }",
      "add(5)",
      "let total = 1; add(2); total",
    ],
    gives: "3",
    python: [
      "total = 0\ndef add(x):\n  global total\n  total += x",
      "add(5)",
      "total = 1\nadd(2)\ntotal",
    ],
    pythonGives: "3",
  },
  {
    what: "the same cell is run again",
    cells: [
      "let count = 0; function up() { return ++count; }",
      "up(); up()",
      "let count = 0; function up() { return ++count; }",
      "up()",
    ],
    gives: "1",
    python: [
      "count = 0\ndef up():\n  global count\n  count += 1\n  return count",
      "up()\nup()",
      "count = 0\ndef up():\n  global count\n  count += 1\n  return count",
      "up()",
    ],
    pythonGives: "1",
  },
  {
    what: "a type changes: a number becomes a text",
    cells: [
      "const unit = 1; const twice = () => [unit, unit].join('');",
      "const unit = 'ab';",
      "twice()",
    ],
    gives: "abab",
    python: ["unit = 1\ntwice = lambda: str(unit) + str(unit)", "unit = 'ab'", "twice()"],
    pythonGives: "abab",
  },
  {
    what: "a function of an earlier cell is called with a type that no longer fits",
    cells: ["const size = 3; const double = () => size * 2;", "const size = 'x';", "double()"],
    gives: "NaN",
    python: ["size = 3\ndouble = lambda: size * 2", "size = 'x'", "double()"],
    pythonGives: "xx",
    because: "`*` is each language's own.",
  },
  {
    what: "a class is declared again: new objects",
    cells: [
      "class Box { size() { return 1; } } const make = () => new Box();",
      "class Box { size() { return 2; } }",
      "make().size()",
    ],
    gives: "2",
    python: [
      "class Box:\n  def size(self): return 1\nmake = lambda: Box()",
      "class Box:\n  def size(self): return 2",
      "make().size()",
    ],
    pythonGives: "2",
  },
  {
    what: "a class is declared again: objects that are there already",
    cells: [
      "class Box { size() { return 1; } } const box = new Box();",
      "class Box { size() { return 2; } }",
      "box.size()",
    ],
    gives: "1",
    python: [
      "class Box:\n  def size(self): return 1\nbox = Box()",
      "class Box:\n  def size(self): return 2",
      "box.size()",
    ],
    pythonGives: "1",
  },
  {
    what: "a class is declared again: a method of the old one names its class",
    cells: [
      "class Box { size = 1; copy() { return new Box(); } } const box = new Box();",
      "class Box { size = 2; copy() { return new Box(); } }",
      "box.copy().size",
    ],
    gives: "1",
    python: [
      "class Box:\n  size = 1\n  def copy(self): return Box()\nbox = Box()",
      "class Box:\n  size = 2\n  def copy(self): return Box()",
      "box.copy().size",
    ],
    pythonGives: "2",
    because: "Within its own body a class's name is the class itself, by JavaScript's rules.",
  },
  {
    what: "the class that another extends is declared again",
    cells: [
      "class Base { n() { return 1; } }",
      "class Leaf extends Base {}",
      "class Base { n() { return 2; } }",
      "new Leaf().n()",
    ],
    gives: "1",
    python: [
      "class Base:\n  def n(self): return 1",
      "class Leaf(Base): pass",
      "class Base:\n  def n(self): return 2",
      "Leaf().n()",
    ],
    pythonGives: "1",
  },
  {
    what: "a function that makes a subclass, after its base has been declared again",
    cells: [
      "class Base { n() { return 1; } } function leaf() { return new (class extends Base {})(); }",
      "class Base { n() { return 2; } }",
      "leaf().n()",
    ],
    gives: "2",
    python: [
      "class Base:\n  def n(self): return 1\ndef leaf():\n  class Leaf(Base): pass\n  return Leaf()",
      "class Base:\n  def n(self): return 2",
      "leaf().n()",
    ],
    pythonGives: "2",
  },
  {
    what: "`instanceof` in an earlier function",
    cells: [
      "class Box {} const old = new Box(); const isBox = (x: unknown) => x instanceof Box;",
      "class Box {}",
      "[isBox(old), isBox(new Box())].join()",
    ],
    gives: "false,true",
    python: [
      "class Box: pass\nold = Box()\nisBox = lambda x: isinstance(x, Box)",
      "class Box: pass",
      "','.join(str(isBox(x)).lower() for x in [old, Box()])",
    ],
    pythonGives: "false,true",
  },
  {
    what: "an enum is declared again",
    cells: [
      "enum Color { Red = 1 } const red = () => Color.Red;",
      "enum Color { Red = 7 }",
      "red()",
    ],
    gives: "7",
    python: [
      "from enum import Enum\nclass Color(Enum):\n  Red = 1\nred = lambda: Color.Red.value",
      "class Color(Enum):\n  Red = 7",
      "red()",
    ],
    pythonGives: "7",
  },
  {
    what: "destructuring declares names again",
    cells: [
      "const { a, b } = { a: 1, b: 2 }; const sum = () => a + b;",
      "const [a, b] = [10, 20];",
      "sum()",
    ],
    gives: "30",
    python: ["a, b = 1, 2\nsum_ = lambda: a + b", "a, b = 10, 20", "sum_()"],
    pythonGives: "30",
  },
  {
    what: "destructuring assigns to names of an earlier cell",
    cells: ["let a = 1, b = 2; const list = () => [a, b].join();", "[a, b] = [b, a];", "list()"],
    gives: "2,1",
    python: ["a, b = 1, 2\nlist_ = lambda: f'{a},{b}'", "a, b = b, a", "list_()"],
    pythonGives: "2,1",
  },
  {
    what: "two functions swap their names",
    cells: [
      "let f = () => 'f', g = () => 'g'; const both = () => f() + g();",
      "const f1 = f, g1 = g;",
      "const f = g1, g = f1;",
      "both()",
    ],
    gives: "gf",
    python: [
      "f = lambda: 'f'\ng = lambda: 'g'\nboth = lambda: f() + g()",
      "f1, g1 = f, g",
      "f, g = g1, f1",
      "both()",
    ],
    pythonGives: "gf",
  },
  {
    what: "a value that was taken under another name before",
    cells: [
      "function f() { return 1; } const alias = f; const list = [f];",
      "function f() { return 2; }",
      "[alias(), list[0](), f()].join()",
    ],
    gives: "1,1,2",
    python: [
      "def f(): return 1\nalias = f\nlist_ = [f]",
      "def f(): return 2",
      "f'{alias()},{list_[0]()},{f()}'",
    ],
    pythonGives: "1,1,2",
  },
  {
    what: "the old function calls itself by its name",
    cells: [
      "function fact(n: number): number { return n <= 1 ? 1 : n * fact(n - 1); } const old = fact;",
      "function fact(n: number): number { return 0; }",
      "old(3)",
    ],
    gives: "0",
    python: [
      "def fact(n): return 1 if n <= 1 else n * fact(n - 1)\nold = fact",
      "def fact(n): return 0",
      "old(3)",
    ],
    pythonGives: "0",
  },
  {
    what: "two functions of two cells call each other",
    cells: [
      "let odd = (n: number): boolean => false;",
      "function even(n: number): boolean { return n === 0 || odd(n - 1); }",
      "function odd(n: number): boolean { return n !== 0 && even(n - 1); }",
      "even(10)",
    ],
    gives: "true",
    python: [
      "odd = lambda n: False",
      "def even(n): return n == 0 or odd(n - 1)",
      "def odd(n): return n != 0 and even(n - 1)",
      "str(even(10)).lower()",
    ],
    pythonGives: "true",
  },
  {
    what: "a parameter has the name",
    cells: ["const x = 1; const same = (x: number) => x;", "const x = 2;", "same(9)"],
    gives: "9",
    python: ["x = 1\nsame = lambda x: x", "x = 2", "same(9)"],
    pythonGives: "9",
  },
  {
    what: "a function has a variable of the name of its own",
    cells: [
      "const x = 1; function own() { const x = 5; return () => x; }",
      "const x = 2;",
      "own()()",
    ],
    gives: "5",
    python: ["x = 1\ndef own():\n  x = 5\n  return lambda: x", "x = 2", "own()()"],
    pythonGives: "5",
  },
  {
    what: "a default value names a value that is declared again",
    cells: ["const base = 1; const plus = (n = base) => n + 1;", "const base = 10;", "plus()"],
    gives: "11",
    python: ["base = 1\nplus = lambda n=base: n + 1", "base = 10", "plus()"],
    pythonGives: "2",
    because: "JavaScript evaluates defaults at each call, Python once.",
  },
  {
    what: "a generator in flight",
    cells: [
      "const step = () => 1; function* steps() { for (;;) yield step(); } const it = steps();",
      "it.next()",
      "const step = () => 2;",
      "it.next().value",
    ],
    gives: "2",
    python: [
      "step = lambda: 1\ndef steps():\n  while True: yield step()\nit = steps()",
      "next(it)",
      "step = lambda: 2",
      "next(it)",
    ],
    pythonGives: "2",
  },
  {
    what: "an async function in flight",
    cells: [
      "let go = (_: unknown) => {}; const word = () => 'old';\n" +
        "const gate = new Promise((r) => { go = r; });\n" +
        "const said = (async () => { await gate; return word(); })();",
      "const word = () => 'new';",
      "go(0); await said",
    ],
    gives: "new",
    python: [
      "import asyncio\nword = lambda: 'old'\ngate = asyncio.Event()\n" +
        "async def say():\n  await gate.wait()\n  return word()\nsaid = asyncio.ensure_future(say())",
      "word = lambda: 'new'",
      "gate.set()\nawait said",
    ],
    pythonGives: "new",
  },
  {
    what: "a closure in a timer",
    cells: [
      "const word = () => 'old'; let fired = (_: string) => {};\n" +
        "const heard = new Promise<string>((r) => { fired = r; }); setTimeout(() => fired(word()), 1);\n" +
        "const word2 = word;",
      "const word = () => 'new';",
      "await heard",
    ],
    gives: "new",
    python: [
      "import asyncio\nword = lambda: 'old'\nheard = asyncio.get_running_loop().create_future()\n" +
        "async def later():\n  await asyncio.sleep(0.2)\n  heard.set_result(word())\nkept = asyncio.ensure_future(later())\nawait asyncio.sleep(0)",
      "word = lambda: 'new'",
      "await heard",
    ],
    pythonGives: "new",
  },
  {
    what: "a handler of events",
    cells: [
      "import { EventEmitter } from 'node:events'; const events = new EventEmitter(); const answer = () => 1;\n" +
        "let got = 0; events.on('x', () => { got = answer(); });",
      "const answer = () => 42;",
      "events.emit('x'); got",
    ],
    gives: "42",
    python: [
      "handlers = []\nanswer = lambda: 1\ngot = 0\ndef on():\n  global got\n  got = answer()\nhandlers.append(on)",
      "answer = lambda: 42",
      "handlers[0]()\ngot",
    ],
    pythonGives: "42",
  },
  {
    what: "an own module is edited, and its function imported again",
    cells: [
      ["late.ts", "export const f = () => 1;"],
      "import { f } from './late'; const call = () => f();",
      ["late.ts", "export const f = () => 2;"],
      "import { f } from './late';",
      "call()",
    ],
    gives: "2",
    python: [
      ["late.py", "def f(): return 1"],
      "import sys; sys.path.insert(0, '.'); sys.dont_write_bytecode = True\nfrom late import f\ncall = lambda: f()",
      ["late.py", "def f(): return 2"],
      "from late import f",
      "call()",
    ],
    pythonGives: "1",
    because: "Python's kernel does not load a module again unless it is asked to reload it.",
  },
  {
    what: "an own module is edited, and all of it imported again",
    cells: [
      ["whole.ts", "export const f = () => 1;"],
      "import * as whole from './whole'; const call = () => whole.f();",
      ["whole.ts", "export const f = () => 2;"],
      "import * as whole from './whole'; call()",
    ],
    gives: "2",
    python: [
      ["whole.py", "def f(): return 1"],
      "import sys; sys.path.insert(0, '.'); sys.dont_write_bytecode = True\nimport whole\ncall = lambda: whole.f()",
      ["whole.py", "def f(): return 2"],
      "import whole\ncall()",
    ],
    pythonGives: "1",
    because: "Python's kernel does not load a module again unless it is asked to reload it.",
  },
  {
    what: "a function takes the name of an import",
    cells: [
      "import { basename } from 'node:path'; const call = () => basename('/a/b');",
      "const basename = (path: string) => 'mine';",
      "call()",
    ],
    gives: "mine",
    python: [
      "from os.path import basename\ncall = lambda: basename('/a/b')",
      "basename = lambda path: 'mine'",
      "call()",
    ],
    pythonGives: "mine",
  },
  {
    what: "an import takes the name of a function",
    cells: [
      "const basename = (path: string) => 'mine'; const call = () => basename('/a/b');",
      "import { basename } from 'node:path';",
      "call()",
    ],
    gives: "b",
    python: [
      "basename = lambda path: 'mine'\ncall = lambda: basename('/a/b')",
      "from os.path import basename",
      "call()",
    ],
    pythonGives: "b",
  },
  {
    what: "a cell that declared a name is deleted from the notebook",
    cells: ["const gone = 7;", "gone"],
    gives: "7",
    python: ["gone = 7", "gone"],
    pythonGives: "7",
  },
  {
    what: "an error half way: what stands before it",
    cells: [
      "const a1 = 1; const read = () => a1;",
      "const a1 = 2; throw new Error('half way');",
      "read()",
    ],
    gives: "2",
    python: ["a1 = 1\nread = lambda: a1", "a1 = 2\nraise Exception('half way')", "read()"],
    pythonGives: "2",
  },
  {
    what: "an error half way: what stands behind it",
    cells: [
      "const b1 = 1; const read = () => b1;",
      "if (Date.now() > 0) throw new Error('half way'); const b1 = 2;",
      "read()",
    ],
    gives: "1",
    python: ["b1 = 1\nread = lambda: b1", "raise Exception('half way')\nb1 = 2", "read()"],
    pythonGives: "1",
  },
  {
    what: "an error half way, and a later cell declares what is missing",
    cells: [
      "function useC() { return c1; } if (Date.now() > 0) throw new Error('half way'); const c1 = 1;",
      "const c1 = 5;",
      "useC()",
    ],
    gives: "5",
    python: ["def useC(): return c1\nraise Exception('half way')\nc1 = 1", "c1 = 5", "useC()"],
    pythonGives: "5",
  },
  {
    what: "an error half way: a function is called that needs what is missing",
    cells: [
      "function useD() { return d1; } if (Date.now() > 0) throw new Error('half way'); const d1 = 1;",
      "useD()",
    ],
    gives: "ReferenceError",
    python: ["def useD(): return d1\nraise Exception('half way')\nd1 = 1", "useD()"],
    pythonGives: "NameError",
    because: "The same error has another name.",
  },
  {
    what: "a function is called in a cell before that declares again what it uses",
    cells: [
      "const e1 = 1; const read = () => e1;",
      "const before = read(); const e1 = 2;",
      "[before, read()].join()",
    ],
    gives: "1,2",
    python: ["e1 = 1\nread = lambda: e1", "before = read()\ne1 = 2", "f'{before},{read()}'"],
    pythonGives: "1,2",
  },
  {
    what: "a cell gives a name a new value made of its old one",
    cells: ["const x1 = 1;", "const x1 = x1 + 1;", "x1"],
    gives: "1",
    python: ["x1 = 1", "x1 = x1 + 1", "x1"],
    pythonGives: "2",
    because:
      "A declaration cannot read what it declares: the checker stops the cell. `x1 += 1` works for `let`.",
  },
];

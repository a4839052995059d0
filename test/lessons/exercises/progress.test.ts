import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { JSDOM } from "jsdom";
import { check, course, hint, progress } from "../../../lessons/exercises";
import { forgetMemory, progressFile, readStandings } from "../../../lessons/exercises/progressBook";
import { registerHost } from "../../../lib/host/host";
import { record } from "../../lib/display/recorder";
import { type MemoryHost, memoryHost } from "../../lib/host/memoryHost";

// Wrong answers are errors in fast mode.
delete process.env.KARENINA_MODE;

const FILE = "/home/anna/progress.json";
let host: MemoryHost;
let restore: (() => void) | undefined;

/** A machine of its own, with these variables. */
function machine(environment: Record<string, string>): void {
  restore?.();
  host = memoryHost(environment);
  const { store, process } = host;
  restore = registerHost({ store, process });
  forgetMemory();
}
beforeEach(() => machine({ KARENINA_PROGRESS: FILE }));
afterEach(() => restore?.());

const texts = (act: () => void) => record(act).map(({ text }) => text);
const answer = (act: () => void) => void record(act);

test("the map has a sign for each exercise, and counts what is right", () => {
  answer(() => check.cellRunThrice(15));
  answer(() => check.shapeThatFits([4, 3]));
  answer(() => hint.guessFault());
  const [{ text, html }] = record(() => progress());
  assert.match(
    text,
    /^1 of \d+ exercises right\n00 Welcome +●○◐○ {11}1 of 4, attempts 2, hints 1\n/,
  );
  const total = course.reduce((sum, { exercises }) => sum + exercises.length, 0);
  assert.ok(text.startsWith(`1 of ${total} exercises`));
  assert.match(text, /\n09 Digits, row by row +○○○○○○ +0 of 6, attempts 0, hints 0\n/);
  const { document } = new JSDOM(html).window;
  const signs = [...document.querySelectorAll("[role=img]")].map((each) => each.textContent);
  assert.equal(signs.length, total);
  assert.deepEqual(signs.slice(0, 4), ["●", "○", "◐", "○"]);
  assert.equal(
    document.querySelector("[role=img]")?.getAttribute("aria-label"),
    "A cell that is run three times: right",
  );
  assert.equal(document.querySelectorAll("th[scope=row]").length, 11);
});

test("a lesson is shown exercise by exercise, by its name or number", () => {
  answer(() => check.cellRunThrice(7));
  for (const name of ["00", "0", "welcome", "00-welcome"]) {
    const [text] = texts(() => progress(name));
    assert.match(
      text,
      /^00 Welcome: 0 of 4 exercises right\n◐ A cell that is run three times \(check\.cellRunThrice\): tried, attempts 1, hints 0\n○ /,
    );
  }
  assert.throws(() => progress("11"), /Nothing in the course is called "11".*"10-attention"/s);
});

test("an exercise, a lesson and the course can be made blank again", () => {
  const fill = () => {
    answer(() => check.cellRunThrice(15));
    answer(() => check.neuron((x) => x));
    answer(() => check.slopeByHand(6));
  };
  fill();
  answer(() => progress.reset("neuron"));
  assert.deepEqual(Object.keys(readStandings()), ["cellRunThrice", "slopeByHand"]);
  answer(() => progress.reset("00"));
  assert.deepEqual(Object.keys(readStandings()), ["slopeByHand"]);
  fill();
  answer(() => progress.reset("course"));
  assert.deepEqual(readStandings(), {});
  assert.throws(
    () => progress.reset("neurons"),
    /called "neurons".*such as "neuron", or "course"/s,
  );
});

test("one file carries progress to another machine, and may be loaded twice", () => {
  answer(() => check.cellRunThrice(3));
  answer(() => check.cellRunThrice(15));
  answer(() => progress.save("/stick/mine.json"));
  const carried = host.files.get("/stick/mine.json")!;
  machine({ KARENINA_PROGRESS: FILE });
  answer(() => check.cellRunThrice(7));
  answer(() => hint.cellRunThrice());
  answer(() => check.neuron((x) => x));
  host.files.set("/stick/mine.json", carried);
  for (const _ of [1, 2]) {
    assert.match(
      texts(() => progress.load("/stick/mine.json"))[0],
      /^✓ Loaded · progress\n1 exercise /,
    );
    const { cellRunThrice, neuron } = readStandings();
    const { time: _time, ...counts } = cellRunThrice;
    assert.deepEqual(counts, { attempts: 2, hints: 1, solution: false, right: true });
    assert.equal(neuron.attempts, 1);
  }
  assert.throws(() => progress.load("/stick/none.json"), /no file \/stick\/none\.json/);
  host.files.set("/stick/x.json", new TextEncoder().encode('{"a": 1}'));
  assert.throws(() => progress.load("/stick/x.json"), /holds no progress: it does not begin with/);
});

test("what an older course called by other names is kept, and counts for nothing", () => {
  answer(() => check.cellRunThrice(15));
  answer(() => progress.save("/stick/mine.json"));
  const saved = JSON.parse(new TextDecoder().decode(host.files.get("/stick/mine.json")!));
  // Exercises of earlier editions of lessons 06 and 09.
  saved.exercises.clipToNorm = { ...saved.exercises.cellRunThrice, attempts: 4 };
  saved.exercises.keptEpoch = saved.exercises.cellRunThrice;
  machine({ KARENINA_PROGRESS: FILE });
  host.files.set("/stick/mine.json", new TextEncoder().encode(JSON.stringify(saved)));
  answer(() => progress.load("/stick/mine.json"));
  assert.match(texts(() => progress())[0], /^1 of \d+ exercises right\n/);
  assert.match(texts(() => progress("06"))[0], /^06 [^:]+: 0 of 9 exercises right\n/);
  answer(() => check.neuron((x, w, b) => Math.tanh(w * x + b)));
  assert.equal(readStandings().clipToNorm.attempts, 4);
});

test("a broken file is reported, kept aside, and ends nothing", () => {
  for (const [n, broken] of [
    '{"format": "kar',
    '{"format": "karenina-progress", "version": 2}',
  ].entries()) {
    host.files.set(FILE, new TextEncoder().encode(broken));
    const [fault, verdict] = texts(() => check.cellRunThrice(15));
    assert.match(fault, /^! Your progress could not be read.*progress\.json is broken: it/s);
    assert.match(verdict, /^✓ Right/);
    const aside = host.files.get(`${FILE}.broken-${n + 1}`);
    assert.equal(new TextDecoder().decode(aside), broken);
    assert.equal(readStandings().cellRunThrice.right, true);
  }
});

test("where the file cannot be written, that is reported once, and all else goes on", () => {
  host.store.write = () => {
    throw new Error("/home/anna/progress.json could not be written: the disk is full.");
  };
  const all = texts(() => {
    check.cellRunThrice(7);
    check.cellRunThrice(15);
    progress("00");
  });
  assert.equal(all.length, 4);
  assert.match(all[0], /^! Your progress is not kept.*the disk is full/s);
  assert.match(all[3], /● A cell that is run three times .*: right, attempts 2/);
});

test("nothing is kept where a program runs lessons, unless a file is named", () => {
  const cell = Symbol.for("Jupyter.cell");
  const mode = process.env.KARENINA_MODE;
  Object.defineProperty(globalThis, cell, { value: { code: "1" }, configurable: true });
  try {
    delete process.env.KARENINA_MODE;
    machine({});
    assert.equal(progressFile(), "/home/progress.json");
    machine({ CI: "true" });
    assert.equal(progressFile(), undefined);
    machine({ KARENINA_PROGRESS: "" });
    assert.equal(progressFile(), undefined);
    process.env.KARENINA_MODE = "fast";
    machine({});
    assert.equal(progressFile(), undefined);
    answer(() => check.cellRunThrice(15));
    assert.equal(host.files.size, 0);
    machine({ KARENINA_PROGRESS: FILE });
    assert.equal(progressFile(), FILE);
    process.env.KARENINA_MODE = "lesson";
    Reflect.deleteProperty(globalThis, cell);
    machine({});
    assert.equal(progressFile(), undefined, "a script, or a kernel that does not say what runs");
  } finally {
    Reflect.deleteProperty(globalThis, cell);
    if (mode === undefined) {
      delete process.env.KARENINA_MODE;
    } else {
      process.env.KARENINA_MODE = mode;
    }
  }
});

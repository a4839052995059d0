// Commands in a page, against a shell and Node's own processes and events.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import childProcess from "../../../kernel/lite/web/childProcess";
import { type Command, keeper, provided, wordsOf } from "../../../kernel/lite/web/commands";
import { EventEmitter as WebEmitter } from "../../../kernel/lite/web/events";

const LINES = [
  "npm run train -- --seed 1",
  `a "b c" 'd "e" f' g\\ h`,
  `"" '' x""y 'it'"'"'s'`,
  `"a \\"b\\" \\\\ c \\d" 'e \\ f'`,
  "one \\\ntwo\tthree",
];

test("a line is cut into the words that a shell would hand over", {
  skip: process.platform === "win32" && "it has another shell",
}, () => {
  const show = "for word; do printf '%s\\0' \"$word\"; done";
  for (const line of LINES) {
    const shell = execFileSync("/bin/sh", ["-c", `set -- ${line}; ${show}`], { encoding: "utf8" });
    assert.deepEqual(wordsOf(line), shell.split("\0").slice(0, -1), line);
  }
});

test("what takes a shell, and what is not closed, is refused", () => {
  for (const line of ["ls | wc", "a > b", "a && b", "echo $HOME", "rm *", "(a)"]) {
    assert.throws(() => wordsOf(line), /takes a shell/, line);
  }
  assert.throws(() => wordsOf('say "hello'), /is not closed/);
});

/** Says its words and ends with their number; "wait" waits until it is stopped. */
const program: Command = async ([, ...words], { out, err, signal }) => {
  out(`${words.join("|")}\n`);
  if (words[0] === "wait") {
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    err("stopped\n");
  }
  return words.length;
};

interface Said {
  out: string;
  err: string;
  events: string[];
}

function listenTo(child: ReturnType<typeof childProcess.spawn>): Promise<Said> {
  const said: Said = { out: "", err: "", events: [] };
  child.stdout.setEncoding().on("data", (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding().on("data", (text: string) => {
    said.err += text;
  });
  child.on("exit", (code: number) => said.events.push(`exit ${code}`));
  return new Promise((resolve) => {
    child.on("error", (error: Error) => resolve({ ...said, err: error.message }));
    child.on("close", (code: number) => {
      said.events.push(`close ${code}`);
      resolve(said);
    });
  });
}

test("spawn runs a site's function in the shape of a process", async () => {
  provided.set("program", program);
  const shell = childProcess.spawn("program a 'b c'", { shell: true });
  assert.deepEqual(await listenTo(shell), {
    out: "a|b c\n",
    err: "",
    events: ["exit 2", "close 2"],
  });
  const plain = childProcess.spawn("program", ["it's", "$HOME"]);
  assert.equal((await listenTo(plain)).out, "it's|$HOME\n");
  assert.equal(plain.exitCode, 2);
  const unknown = await listenTo(childProcess.spawn("ls", ["-l"]));
  assert.match(unknown.err, /no shell to run .*functions of its own for program/);
});

test("exec hands over what was written; commands run one by one; a stopped cell stops its own", async () => {
  provided.set("program", program);
  const stops: (() => void)[] = [];
  keeper.track = (stop) => {
    stops.push(stop);
    return () => {};
  };
  const waiting = childProcess.spawn("program", ["wait"]);
  const first = listenTo(waiting);
  let secondIsOver = false;
  const second = new Promise<unknown[]>((resolve) =>
    childProcess.exec("program x", (...result: unknown[]) => {
      secondIsOver = true;
      resolve(result);
    }),
  );
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(secondIsOver, false);
  stops[0]();
  assert.deepEqual(await first, { out: "wait\n", err: "stopped\n", events: ["exit 1", "close 1"] });
  const [error, stdout] = await second;
  assert.equal((error as { code?: number }).code, 1);
  assert.equal(stdout, "x\n");
  keeper.track = () => () => {};
});

test("standing still for a command is refused", () => {
  assert.throws(() => childProcess.execSync(), /cannot stand still/);
});

test("events are heard as in Node", () => {
  const heard = [EventEmitter, WebEmitter].map((Emitter) => {
    const log: unknown[] = [];
    const emitter = new Emitter() as EventEmitter;
    const twice = (value: unknown) => log.push(["twice", value]);
    emitter.on("a", twice).on("a", twice);
    emitter.prependListener("a", () => log.push("first"));
    emitter.once("a", function (this: unknown) {
      log.push(this === emitter);
    });
    log.push(emitter.emit("a", 1), emitter.listenerCount("a"), emitter.emit("nobody"));
    emitter.off("a", twice);
    // One that goes while others are called is called all the same.
    emitter.on("b", () => emitter.removeAllListeners("b"));
    emitter.on("b", () => log.push("told"));
    log.push(emitter.emit("b"), emitter.emit("b"), emitter.emit("a", 2), emitter.eventNames());
    try {
      emitter.emit("error", new RangeError("lost"));
    } catch (error) {
      log.push(String(error));
    }
    return log;
  });
  assert.deepEqual(heard[1], heard[0]);
});

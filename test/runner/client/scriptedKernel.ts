import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Publisher, Reply, Router } from "zeromq";
import { type Message, Wire } from "../../../runner/client/message";

/**
 * A kernel whose cells say, in JavaScript, which messages it sends: a real process on real
 * sockets that can misbehave in every way a test asks for.
 *
 * A cell sees `publish(type, content)`, `reply(content)`, `ask(prompt)`, `later(ms, action)`,
 * `interrupted` (a promise), `state` (kept between cells) and `raw` (the sockets). Unless it says
 * otherwise, the reply is `ok`, busy comes before and idle after it.
 *
 * Usage: node -r tsx/cjs scripted-kernel.ts CONNECTION_FILE [ignore-sigint] [mute-iopub]
 */
const [connectionFile, ...traits] = process.argv.slice(2);
const info = JSON.parse(readFileSync(connectionFile, "utf8"));
const wire = new Wire(info.key);
const iopub = new Publisher({ sendHighWaterMark: 0, linger: 1000 });
const shell = new Router({ linger: 1000 });
const control = new Router({ linger: 1000 });
const stdin = new Router({ linger: 1000, mandatory: true });
const heartbeat = new Reply();
const state: Record<string, unknown> = {};
const AsyncFunction = (async () => {}).constructor as new (
  ...args: string[]
) => (...args: unknown[]) => Promise<unknown>;

let count = 0;
let interrupt: () => void = () => {};
let sending: Promise<void> = Promise.resolve();

function publish(parent: Message, type: string, content: object): void {
  const frames = wire.encode(wire.compose(type, content, parent.header));
  sending = sending.then(() => iopub.send([type, ...frames]));
}

async function execute(identity: Buffer, request: Message): Promise<void> {
  const say = (type: string, content: object) => publish(request, type, content);
  const interrupted = new Promise<void>((resolve) => {
    interrupt = resolve;
  });
  count += 1;
  let answer: object | undefined = { status: "ok", execution_count: count };
  let idle = true;
  say("status", { execution_state: "busy" });
  say("execute_input", { code: request.content.code, execution_count: count });
  const cell = {
    publish: say,
    reply: (content: object | undefined) => {
      answer = content;
    },
    withholdIdle: () => {
      idle = false;
    },
    ask: async (prompt: string) => {
      const question = wire.compose("input_request", { prompt, password: false }, request.header);
      await sendOnceConnected([identity, ...wire.encode(question)]);
      const [, ...frames] = await stdin.receive();
      return wire.decode(frames).content.value;
    },
    later: (ms: number, action: () => void) => setTimeout(action, ms),
    request,
    interrupted,
    state,
    wire,
    iopub,
    require,
  };
  const run = new AsyncFunction(...Object.keys(cell), String(request.content.code));
  try {
    await run(...Object.values(cell));
  } catch (error) {
    const { name, message, stack } = error as Error;
    const content = { ename: name, evalue: message, traceback: String(stack).split("\n") };
    say("error", content);
    answer = { status: "error", execution_count: count, ...content };
  }
  if (answer) {
    const frames = wire.encode(wire.compose("execute_reply", answer, request.header));
    await shell.send([identity, ...frames]);
  }
  if (idle) {
    say("status", { execution_state: "idle" });
  }
  await sending;
}

/** A client may have asked by its shell socket before its stdin socket is connected. */
async function sendOnceConnected(frames: Buffer[]): Promise<void> {
  for (;;) {
    try {
      return await stdin.send(frames);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EHOSTUNREACH") {
        throw error;
      }
      await sleep(10);
    }
  }
}

async function answerControl(identity: Buffer, request: Message): Promise<void> {
  const type = request.header.msg_type.replace("_request", "_reply");
  const reply = wire.compose(type, { status: "ok" }, request.header);
  await control.send([identity, ...wire.encode(reply)]);
  if (type === "interrupt_reply") {
    interrupt();
  } else if (type === "shutdown_reply" && !traits.includes("ignore-shutdown")) {
    process.exit(0);
  }
}

async function main(): Promise<void> {
  const address = (port: number) => `tcp://127.0.0.1:${port}`;
  await Promise.all([
    iopub.bind(address(info.iopub_port)),
    shell.bind(address(info.shell_port)),
    control.bind(address(info.control_port)),
    stdin.bind(address(info.stdin_port)),
    heartbeat.bind(address(info.hb_port)),
  ]);
  process.on("SIGINT", () => interrupt());
  void (async () => {
    for await (const ping of heartbeat) {
      await heartbeat.send(ping);
    }
  })();
  void (async () => {
    for await (const [identity, ...frames] of control) {
      await answerControl(identity, wire.decode(frames));
    }
  })();
  for await (const [identity, ...frames] of shell) {
    const request = wire.decode(frames);
    if (request.header.msg_type === "kernel_info_request") {
      if (!traits.includes("mute-iopub")) {
        publish(request, "status", { execution_state: "idle" });
      }
      const content = { status: "ok", implementation: "scripted", language_info: { name: "js" } };
      const reply = wire.compose("kernel_info_reply", content, request.header);
      await shell.send([identity, ...wire.encode(reply)]);
    } else if (request.header.msg_type === "execute_request") {
      await execute(identity, request);
    }
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});

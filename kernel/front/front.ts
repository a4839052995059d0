import { parentPort, workerData } from "node:worker_threads";
import { type CommKind, type FrontData, SHARED, type ToFront, type ToMain } from "../channel";
import { DebugFront } from "../debugger/debugFront";
import { ExecutionRecord } from "./executions";
import { History } from "./history";
import { Interrupter } from "./interrupter";
import { kernelInfo } from "./kernelInfo";
import { NativeOutput } from "./nativeOutput";
import { watchParent } from "./parent";
import { IoPublisher } from "./publisher";
import { Shells } from "./shells";
import { type Channel, Sockets } from "./sockets";
import { Usage } from "./usage";
import type { Message } from "./wire";

/** The worker that speaks with Jupyter. It never runs the user's code and so is never busy. */
function start(data: FrontData, main: NonNullable<typeof parentPort>): void {
  const shared = new Int32Array(data.shared);
  const toMain = (message: ToMain) => main.postMessage(message);
  const sockets = new Sockets(data.connection);
  const publisher = new IoPublisher(sockets);
  const history = new History(data.historyFolder);
  const record = new ExecutionRecord(history);
  const shells = new Shells(sockets, publisher, record, toMain);
  const usage = new Usage();
  const interrupter = new Interrupter(
    shared,
    toMain,
    (text) => publisher.stream("stderr", text, shells.main.running?.message.header),
    () => shells.remind(),
  );
  const show = (name: "stdout" | "stderr") => (text: string) => {
    const shown = shells.main.latest;
    if (shown?.content.silent !== true) {
      publisher.stream(name, text, shown?.header);
    }
  };
  const native = data.nativeOutput;
  const nativeOutputs = [
    new NativeOutput(native?.stdout, show("stdout")),
    new NativeOutput(native?.stderr, show("stderr"), native?.terminal),
  ];
  /** Questions that the main thread is working on, by the id of the request. */
  const asked = new Map<string, { message: Message; channel: Channel }>();
  /** Questions to the person at the notebook: who asks, and which cell. */
  let inputs: { id: number; cell: string }[] = [];
  let comms: Record<string, { target_name: string }> = {};

  const reply = (channel: Channel, { identities, header }: Message, content: object) =>
    sockets.send(channel, {
      identities,
      type: header.msg_type.replace(/_request$/, "_reply"),
      parent: header,
      content,
    });

  const debug = new DebugFront({
    shared,
    publisher,
    reply: (message, content) => reply("control", message, content),
    interrupt: () => interrupter.interrupt(),
  });

  const shutDown = async (channel: Channel, message: Message) => {
    publisher.flush();
    reply(channel, message, { status: "ok", restart: message.content.restart === true });
    sockets.publish({
      type: "shutdown_reply",
      parent: message.header,
      content: { status: "ok", restart: message.content.restart === true },
    });
    publisher.status("idle", message.header);
    await sockets.drained();
    leave();
  };
  /** A request has been served. Where a cell runs beside it, the kernel is as busy as before. */
  const served = (header: Message["header"] | undefined) => {
    publisher.status("idle", header);
    const running = shells.main.running?.message.header;
    if (running) {
      publisher.status("busy", running);
    }
  };
  /** The main thread ends the process; where code keeps it busy the system has to. */
  const leave = () => {
    // zeromq hands messages to a thread of its own, which needs a moment to write them.
    setTimeout(() => {
      debug.end();
      sockets.close();
      toMain({ type: "shutdown" });
    }, 50);
    setTimeout(() => process.kill(process.pid, "SIGKILL"), 1000);
  };

  /** Answers what can be answered here. */
  const serve = (channel: Channel, message: Message): void => {
    const { header, content } = message;
    const answer = (given: object) => reply(channel, message, given);
    switch (header.msg_type) {
      case "kernel_info_request":
        answer(kernelInfo(data));
        break;
      case "history_request":
        answer(history.answer(content));
        break;
      case "comm_info_request": {
        const target = content.target_name;
        const chosen = Object.entries(comms).filter(
          ([, comm]) => target === undefined || comm.target_name === target,
        );
        answer({ status: "ok", comms: Object.fromEntries(chosen) });
        break;
      }
      case "interrupt_request":
        debug.release();
        interrupter.interrupt();
        answer({ status: "ok" });
        break;
      case "usage_request":
        answer(usage.measure());
        break;
      default: {
        // Unknown requests are answered by nobody, as the protocol has it.
        const given = shells.answer(message);
        if (given) {
          answer(given);
        }
      }
    }
  };

  const receive = (channel: Channel, message: Message): void => {
    const { header, content } = message;
    switch (header.msg_type) {
      case "execute_request":
        shells.execute(message, channel);
        break;
      case "input_reply":
        receiveInput(String(content.value ?? ""));
        break;
      case "complete_request":
      case "inspect_request":
      case "is_complete_request":
        publisher.status("busy", header);
        asked.set(header.msg_id, { message, channel });
        toMain({
          type: "ask",
          id: header.msg_id,
          kind: header.msg_type,
          content: content as { code: string; cursor_pos?: number },
        });
        break;
      case "comm_open":
      case "comm_msg":
      case "comm_close":
        publisher.status("busy", header);
        record.remember(header);
        toMain({
          type: "comm",
          id: header.msg_id,
          kind: header.msg_type,
          content: content as never,
          buffers: message.buffers,
        });
        break;
      case "debug_request":
        void debug.receive(message);
        break;
      case "shutdown_request":
        publisher.status("busy", header);
        void shutDown(channel, message);
        break;
      default:
        publisher.status("busy", header);
        serve(channel, message);
        served(header);
    }
  };

  const receiveInput = (value: string): void => {
    const input = inputs.shift();
    if (input) {
      data.answers.postMessage({ id: input.id, value });
      Atomics.add(shared, SHARED.input, 1);
      Atomics.notify(shared, SHARED.input);
    }
  };

  const handlers: { [T in ToFront["type"]]: (message: Extract<ToFront, { type: T }>) => void } = {
    stream({ name, text, cell }) {
      for (const output of nativeOutputs) {
        output.drainOnce();
      }
      publisher.stream(name, text, record.parentOf(cell));
      Atomics.sub(shared, SHARED.backlog, text.length);
      Atomics.notify(shared, SHARED.backlog);
    },
    publish({ kind, content, cell, ...parts }) {
      publisher.publish(kind as CommKind, content, record.parentOf(cell), parts);
    },
    started: ({ id }) => shells.started(id),
    done({ id, outcome }) {
      inputs = inputs.filter(({ cell }) => cell !== id);
      for (const output of nativeOutputs) {
        output.drain();
      }
      debug.cellEnded();
      shells.done(id, outcome);
    },
    reply({ id, content }) {
      const request = asked.get(id);
      asked.delete(id);
      if (request) {
        reply(request.channel, request.message, content);
        served(request.message.header);
      }
    },
    served: ({ id }) => served(record.parentOf(id)),
    input({ id, prompt, password, cell }) {
      const asker = shells.asker(cell);
      if (asker) {
        publisher.flush();
        inputs.push({ id, cell: asker.header.msg_id });
        sockets.send("stdin", {
          identities: asker.identities,
          type: "input_request",
          parent: asker.header,
          content: { prompt, password },
        });
      }
    },
    comms(message) {
      comms = message.comms;
    },
    interrupted({ round, cells }) {
      interrupter.acknowledge(round);
      debug.interrupted();
      shells.stopped(cells, () => interrupter.interrupt());
    },
    logged: ({ breakpoint, text }) => debug.logged(breakpoint, text),
  };
  main.on("message", (message: ToFront) => handlers[message.type](message as never));
  watchParent(leave);
  sockets.open(receive).then(
    () => publisher.status("starting"),
    (error: Error) => {
      throw new Error(
        `The kernel could not bind the ports of its connection file: ${error.message}. Another ` +
          "program may have taken one of them: restart the kernel.",
      );
    },
  );
}

if (parentPort) {
  start(workerData as FrontData, parentPort);
}

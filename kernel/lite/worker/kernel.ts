import { FRAGILE, SHARED, type ToMain } from "../../channel";
import { createTslab } from "../../display/tslab";
import { Comms } from "../../process/comms";
import { Contexts } from "../../process/contexts";
import { Executor } from "../../process/executor";
import { installFailures } from "../../process/failures";
import { installGlobals } from "../../process/globals";
import { Input } from "../../process/input";
import { Link } from "../../process/link";
import { nextTurn } from "../../process/rawTimers";
import { serve } from "../../process/requests";
import { createRuntime, Trampoline } from "../../process/runtime";
import { StaleMarks } from "../../process/staleMarks";
import { usingCompiler } from "../../session/compile/compilerUse";
import type { TypeScript } from "../../session/host";
import { Session } from "../../session/session";
import { Mailbox } from "../mailbox";
import type { SiteSettings, StartMessage, ToPage } from "../messages";
import { bytes } from "../web/bytes";
import { keeper } from "../web/commands";
import { installConsole } from "../web/console";
import { webProcess } from "../web/process";
import timers from "../web/timers";
import { filesPlace } from "./database";
import { PackedTexts } from "./files";
import { FOLDER, GLOBALS, OTHERS, TSLAB, webHost } from "./host";
import { KeptFiles } from "./keptFiles";
import { adviceOf, declarationsOfOthers, siteModules } from "./siteModules";
import { setSystem, systemOver } from "./system";
import { installTimers } from "./timers";

declare function importScripts(address: string): void;
declare function addEventListener(
  event: string,
  listener: (event: { reason?: unknown; error?: unknown; preventDefault(): void }) => void,
): void;

/**
 * Characters that the page has yet to draw, after which printing waits. A page with more to do than it can draw
 * hears no click on Stop.
 */
const BACKLOG_LIMIT = 1 << 16;

/**
 * Starts a kernel in this worker.
 *
 * @param base where its files lie: an address that ends in "/"
 * @returns what takes the page's messages from then on
 * @throws Error with a sentence for people where a file of the site is missing
 */
export async function startKernel(
  { memory, environment }: StartMessage,
  base: string,
  post: (message: ToPage) => void,
): Promise<(message: ToMain) => void> {
  const begun = performance.now();
  const milliseconds: Record<string, number> = {};
  const mark = (name: string) => {
    milliseconds[name] = Math.round(performance.now() - begun);
  };
  const coming = [fetchJson<Record<string, string>>(base, "types.json")] as const;
  const settings = await fetchJson<SiteSettings>(base, "site.json");
  Object.assign(webProcess.env, settings.environment, environment);
  importScripts(`${base}typescript.js`);
  // Frames of the site's scripts are left out of stacks, and those of cells often lie behind many.
  Error.stackTraceLimit = 50;
  const { ts } = globalThis as unknown as { ts: TypeScript };
  mark("compiler");
  const texts = new PackedTexts({ ...(await coming[0]), [OTHERS]: declarationsOfOthers(settings) });
  mark("types");
  setSystem(ts, systemOver(texts));
  bytes.beneath = (file) => {
    const text = texts.read(file);
    return text === undefined ? undefined : new TextEncoder().encode(text);
  };

  const shared = new Int32Array(memory?.flags ?? new ArrayBuffer(4 * SHARED.length));
  // Nobody can terminate code in a worker and keep its variables: every loop looks at the flag.
  shared[SHARED.fragile] = FRAGILE.hooks;
  const worker = {
    postMessage(message: ToPage) {
      // Memory of its own is read by nobody else: the page can be no more behind than its messages.
      if (!memory) {
        shared[SHARED.backlog] = 0;
      }
      post(message);
    },
  };
  const link = new Link(worker as never, shared, BACKLOG_LIMIT);
  const contexts = new Contexts(nextTurn);
  const trampoline = new Trampoline(shared);
  const input = new Input(link, contexts, shared, new Mailbox(memory?.answers) as never);
  if (!memory) {
    input.ask = refuseToAsk;
  }
  const comms = new Comms(link, contexts);
  let loaded: Session | undefined;
  const session = () => loaded as Session;
  for (const stream of ["stdout", "stderr"] as const) {
    webProcess[stream].write = (text) => {
      link.stream(stream, String(text), contexts.current);
      return true;
    };
  }
  installConsole((stream, text) => link.stream(stream, text, contexts.current));
  const { fail } = installFailures(link, contexts, () => loaded);
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    webProcess.emit("unhandledRejection", event.reason);
  });
  addEventListener("error", (event) => {
    event.preventDefault();
    webProcess.emit("uncaughtException", event.error);
  });
  const { owner } = installGlobals({
    link,
    contexts,
    input,
    comms,
    fail,
    stale: () => session().stale(),
    runStale: (show) => executor.runStale(show),
  });
  installTimers(contexts);
  keeper.track = (stop) => contexts.current?.track(stop) ?? (() => {});

  const kept = await KeptFiles.open(bytes, filesPlace(base), (text) =>
    link.stream("stderr", text, contexts.current),
  );
  const modules = siteModules(settings, base, ts);
  modules.set("tslab", { types: TSLAB, exports: createTslab(owner, ts.version) });
  loaded = usingCompiler(
    () =>
      new Session({
        host: webHost(ts, texts, base, adviceOf(settings)),
        folder: FOLDER,
        typescript: ts,
        modules,
        globals: [GLOBALS, OTHERS],
        runtime: createRuntime(shared, contexts, trampoline),
      }),
  );
  loaded.install();
  const marks = new StaleMarks(comms, () => session().staleById());
  const executor = new Executor(link, contexts, shared, trampoline, session, {
    // A browser tells of rejections that nobody handles a task later than Node does.
    ended: async () => {
      await new Promise<void>((resolve) => timers.setTimeout(() => resolve(), 0));
      await kept?.settled();
    },
    changed: () => marks.update(),
    debugging: () => false,
  });
  mark("session");
  post({ type: "ready", milliseconds, languageVersion: ts.version });

  const warmingUp = session().warmUp(() => settings.expected);
  const step = () => {
    if (!executor.inCompiler(() => warmingUp.next()).done) {
      nextTurn(step);
    }
  };
  nextTurn(step);

  return (message) => {
    switch (message.type) {
      case "execute":
        void executor.execute(message);
        break;
      case "shutdown":
        break;
      default:
        serve(message, { link, contexts, comms, executor, session, shared });
    }
  };
}

function refuseToAsk(): never {
  throw new Error(
    "prompt() waits for an answer, which takes memory that page and kernel share. This page has none, " +
      "because it is not cross-origin isolated.",
  );
}

async function fetchJson<T>(base: string, name: string): Promise<T> {
  const response = await fetch(base + name);
  if (!response.ok) {
    throw new Error(`The kernel's file ${base}${name} cannot be had: HTTP ${response.status}.`);
  }
  return (await response.json()) as T;
}

import fs, { readFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { MessageChannel, Worker } from "node:worker_threads";
import { type ConnectionInfo, type FrontData, SHARED, type ToMain } from "../channel";
import { Debuggee } from "../debugger/debuggee";
import { createTslab } from "../display/tslab";
import { whenCompiled } from "../node/engine";
import { historyFolder } from "../node/historyFolder";
import { NodeSession, nodeHost } from "../node/host";
import { packageRoot } from "../node/packageRoot";
import { compilerNote, findTypeScript, loadTypeScript } from "../node/typescript";
import { usingCompiler } from "../session/compile/compilerUse";
import type { Session } from "../session/session";
import { installChildren } from "./children";
import { offerColours } from "./colours";
import { Comms } from "./comms";
import { type CellContext, Contexts } from "./contexts";
import { installDescriptors } from "./descriptors";
import { Executor } from "./executor";
import { installFailures } from "./failures";
import { installGlobals } from "./globals";
import { watchAsyncHooks } from "./hooks";
import { Input } from "./input";
import { Link } from "./link";
import { captureNativeOutput } from "./nativeOutput";
import { NodeTest } from "./nodeTest";
import { expectedCode } from "./notebook";
import { afterSeconds, nextTurn } from "./rawTimers";
import { serve } from "./requests";
import { createRuntime, Trampoline } from "./runtime";
import { installServers } from "./servers";
import { StaleMarks } from "./staleMarks";
import { installStdin } from "./stdin";
import { installStreams } from "./streams";
import { installTimers } from "./timers";

/** Node's own: what is written through node:fs goes to the notebook later (see descriptors.ts). */
const { writeSync } = fs;

/**
 * Runs a kernel in this process until it is shut down.
 *
 * @param connectionFile the path of the file in which Jupyter says which ports to bind
 * @param frontFile the script of the worker that owns the sockets
 */
export function startKernel(connectionFile: string, frontFile: string): void {
  // V8 lets a heap double before it collects all of it: 700 MB after some hundred cells, where 250
  // are in use. Collected after each growth by a fifth, mostly beside the running code, it stays
  // within 450.
  setFlagsFromString("--heap-growing-percent=20");
  // What V8 has seen live long it puts into its old generation at once, by the place in the code: of a
  // checker, that keeps all of it until the heap is collected as a whole.
  setFlagsFromString("--no-allocation-site-pretenuring");
  // Of the compiler's largest function, which makes a checker, V8 would have a fast version: after 300
  // cells it works at one for seconds, beside the running code and in 130 MB, and has to give it up.
  setFlagsFromString("--max-optimized-bytecode-size=25000");
  const exit = process.exit.bind(process);
  const sharedBuffer = new SharedArrayBuffer(4 * SHARED.length);
  const shared = new Int32Array(sharedBuffer);
  const typescript = findTypeScript(process.cwd());
  const { port1, port2 } = new MessageChannel();
  const nativeOutput = captureNativeOutput();
  const data: FrontData = {
    connection: readConnection(connectionFile),
    shared: sharedBuffer,
    languageVersion: typescript.version,
    kernelVersion: kernelVersion(),
    answers: port2,
    nativeOutput,
    historyFolder: historyFolder(),
  };
  const worker = new Worker(frontFile, { workerData: data, transferList: [port2], execArgv: [] });
  worker.on("error", (error) => {
    // Nobody takes what goes to process.stderr any more.
    writeSync(nativeOutput?.terminal ?? 2, `The kernel's sockets failed: ${error.stack}\n`);
    exit(1);
  });
  worker.on("exit", (code) => exit(code));

  const link = new Link(worker, shared);
  const contexts = new Contexts(nextTurn);
  const trampoline = new Trampoline(shared);
  const input = new Input(link, contexts, shared, port1);
  const comms = new Comms(link, contexts);
  port1.on("message", ({ id, value }) => input.answer(id, value));

  let loaded: Session | undefined;
  const compiler = once(() => loadTypeScript(typescript));
  const { fail } = installFailures(link, contexts, () => loaded);
  const { owner } = installGlobals({
    link,
    contexts,
    input,
    comms,
    fail,
    stale: () => session().stale(),
    runStale: (show) => executor.runStale(show),
  });
  const tests = new NodeTest(contexts, () => session());
  const createSession = (): Session => {
    const session = new NodeSession({
      host: nodeHost(new Map([["node:test", (module) => tests.adapt(module)]])),
      typescript: compiler().ts,
      modules: new Map([
        [
          "tslab",
          {
            types: join(packageRoot(), "types", "tslab.d.ts"),
            exports: createTslab(owner, typescript.version),
          },
        ],
      ]),
      globals: [join(packageRoot(), "types", "globals.d.ts")],
      runtime: createRuntime(shared, contexts, trampoline),
    });
    session.install();
    return session;
  };
  const session = (): Session => {
    loaded ??= usingCompiler(createSession);
    return loaded;
  };

  const renewStreams = installStreams(link, contexts);
  offerColours();
  installDescriptors();
  const answered = installStdin(input, contexts);
  installTimers(contexts, trampoline);
  installChildren();
  const servers = installServers(contexts);
  watchAsyncHooks(shared);
  const ended = async (context: CellContext) => {
    await answered(context);
    await tests.finish(context);
  };
  const debuggee = new Debuggee(
    session,
    (breakpoint, text) => link.send({ type: "logged", breakpoint, text }),
    () => contexts.interrupt(),
  );
  debuggee.install();
  whenCompiled((file) => debuggee.compiled(file));
  const marks = new StaleMarks(comms, () => loaded?.staleById() ?? {});
  const executor = new Executor(link, contexts, shared, trampoline, session, {
    ended,
    changed: () => marks.update(),
    note: compilerNote(typescript),
    debugging: () => debuggee.debugging,
  });

  /** After a pause in which nothing else was run. */
  const warmUpHelp = () => {
    const { last } = contexts;
    afterSeconds(0.5, () => {
      if (!contexts.running && contexts.last === last) {
        executor.inCompiler(() => session().warmUpHelp());
      }
    });
  };

  const handle = (message: ToMain): void => {
    switch (message.type) {
      case "execute":
        servers.closeFor(message.notebookCell);
        void executor.execute(message).then(warmUpHelp);
        break;
      case "shutdown":
        exit(0);
        break;
      default:
        serve(message, {
          link,
          contexts,
          comms,
          executor,
          session,
          shared,
          stopping: renewStreams,
        });
    }
  };
  worker.on("message", handle);
  // The compiler takes most of a second to load and to warm up: most people pause that long
  // between opening a notebook and running its first cell. Those who do not need not wait for all.
  const warmingUp = lazily(() => session().warmUp(expectedCode));
  const step = () => {
    if (executor.inCompiler(() => warmingUp.next()).done) {
      afterSeconds(3, () =>
        executor.inCompiler(() => {
          compiler().keepCode();
          session().tidy();
        }),
      );
    } else {
      nextTurn(step);
    }
  };
  nextTurn(step);
}

/** Steps that are not even begun before the first is asked for. */
function* lazily(make: () => Generator<void, void>): Generator<void, void> {
  yield* make();
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function readConnection(file: string): ConnectionInfo {
  const connection = JSON.parse(readFileSync(file, "utf8")) as ConnectionInfo;
  const wanted = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"] as const;
  for (const key of wanted) {
    if (typeof connection[key] !== "number") {
      throw new Error(
        `The connection file ${file} gives no number as ${key}. Jupyter writes such files and ` +
          "passes them to kernels; to try this kernel by hand, run `jupyter console`.",
      );
    }
  }
  return connection;
}

function kernelVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8"));
  return version;
}

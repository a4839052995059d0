import childProcess, { type ChildProcess } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { withoutOffer } from "./colours";
import { nextTurn } from "./rawTimers";
import { forwardTo, type StandardName, standardStream } from "./streams";

type Options = { stdio?: unknown; silent?: boolean; env?: NodeJS.ProcessEnv } | undefined;

/** A descriptor of a child's that leads to one of our own standard streams. */
interface Shared {
  descriptor: 1 | 2;
  name: StandardName;
}

/** Turns of the event loop that a child's end waits for its output, which others may still hold. */
const PATIENCE = 100;

/**
 * Has child processes that inherit our standard output and error write to the notebook: what they
 * would inherit is the terminal of the Jupyter server, where nobody looks.
 */
export function installChildren(): void {
  const { spawn, fork, spawnSync, execSync, execFileSync } = childProcess;

  function redirected(options: Options): { options: Options; shared: Shared[] } {
    const given = options?.stdio;
    const list = typeof given === "string" ? [given, given, given] : given;
    if (!Array.isArray(list)) {
      return { options, shared: [] };
    }
    const shared: Shared[] = [];
    const stdio = list.map((entry, index) => {
      if (index === 0 && (entry === "inherit" || entry === 0 || entry === process.stdin)) {
        return "ignore";
      }
      const name = standardStream(entry === "inherit" ? index : entry);
      if (name && (index === 1 || index === 2)) {
        shared.push({ descriptor: index, name });
        return "pipe";
      }
      return entry;
    });
    return { options: { ...options, stdio }, shared };
  }

  /** The options are the last argument that is an object and no array. */
  function rewrite(parameters: unknown[], defaults?: (given: Options) => Options) {
    const index = parameters.findLastIndex(isOptions);
    const given = index < 0 ? undefined : (parameters[index] as Options);
    const { options, shared } = redirected(defaults ? defaults(given) : given);
    const rewritten = [...parameters];
    if (index >= 0) {
      rewritten[index] = options;
    } else if (options) {
      rewritten.push(options);
    }
    return { rewritten, shared };
  }

  const call = <T>(method: unknown, parameters: unknown[]) =>
    (method as (...parameters: unknown[]) => T)(...parameters);

  function forwarded(child: ChildProcess, shared: Shared[]): ChildProcess {
    const pipes: Readable[] = [];
    for (const { descriptor, name } of shared) {
      const pipe = child.stdio?.[descriptor] as Readable | null | undefined;
      if (pipe) {
        pipe.pipe(forwardTo(name));
        pipes.push(pipe);
      }
      // Who inherits has no stream to read.
      child[descriptor === 1 ? "stdout" : "stderr"] = null;
      if (child.stdio) {
        (child.stdio as unknown[])[descriptor] = null;
      }
    }
    if (pipes.length > 0) {
      outputBeforeExit(child, pipes);
    }
    return child;
  }

  const replacements = {
    spawn(...parameters: unknown[]) {
      const { rewritten, shared } = rewrite(parameters);
      return forwarded(call<ChildProcess>(spawn, rewritten), shared);
    },
    fork(...parameters: unknown[]) {
      const { rewritten, shared } = rewrite(parameters, (given) =>
        given?.stdio || given?.silent
          ? given
          : { ...given, stdio: ["inherit", "inherit", "inherit", "ipc"] },
      );
      return forwarded(call<ChildProcess>(fork, rewritten), shared);
    },
    spawnSync(...parameters: unknown[]) {
      const { rewritten, shared } = rewrite(parameters, withoutOffer);
      const result = call<ReturnType<typeof spawnSync>>(spawnSync, rewritten);
      for (const { descriptor, name } of shared) {
        const text = result.output?.[descriptor];
        if (text?.length) {
          process[name].write(text);
        }
        result[descriptor === 1 ? "stdout" : "stderr"] = null as never;
        if (result.output) {
          result.output[descriptor] = null;
        }
      }
      return result;
    },
  };
  // These tell nobody what a child wrote that did well, unless it goes to a file.
  const synchronous =
    (method: typeof execSync | typeof execFileSync) =>
    (...parameters: unknown[]) => {
      const { rewritten, shared } = rewrite(parameters, (given) =>
        // What the child writes to its error is ours too, unless somebody asked for it.
        withoutOffer(given?.stdio ? given : { ...given, stdio: ["pipe", "pipe", "inherit"] }),
      );
      const options = rewritten.findLast(isOptions) as { stdio: unknown[]; encoding?: string };
      const folder = mkdtempSync(join(tmpdir(), "output-"));
      const files = shared.map((one) => ({ ...one, path: join(folder, String(one.descriptor)) }));
      try {
        for (const { descriptor, path } of files) {
          options.stdio[descriptor] = openSync(path, "w");
        }
        return call(method, rewritten);
      } catch (error) {
        const asked = (parameters.findLast(isOptions) as Options)?.stdio;
        if (!asked) {
          // Node gives along what the child wrote to its error, where that was not asked for.
          const text = readFileSync(join(folder, "2"));
          const given = error as { stderr?: unknown; output?: unknown[]; message: string };
          if (text.length > 0) {
            given.message += `\n${text}`;
          }
          given.stderr = options.encoding && options.encoding !== "buffer" ? String(text) : text;
          if (given.output) {
            given.output[2] = given.stderr;
          }
        }
        throw error;
      } finally {
        for (const { descriptor, name, path } of files) {
          closeSync(options.stdio[descriptor] as number);
          process[name].write(readFileSync(path));
        }
        rmSync(folder, { recursive: true });
      }
    };
  Object.assign(childProcess, replacements, {
    execSync: synchronous(execSync),
    execFileSync: synchronous(execFileSync),
  });
  syncBuiltinESMExports();
}

/**
 * A child that inherits has written all by the time it ends, so nobody expects more after its
 * `exit`: the event waits for the pipes in the place of what it would have inherited. It does not
 * wait forever, since children of the child may hold them open.
 */
function outputBeforeExit(child: ChildProcess, pipes: Readable[]): void {
  const { emit } = child;
  let held: unknown[] | undefined;
  const release = () => {
    const parameters = held;
    held = undefined;
    if (parameters) {
      Reflect.apply(emit, child, ["exit", ...parameters]);
    }
  };
  const wait = (turns: number) => {
    if (turns === 0 || pipes.every((pipe) => pipe.closed || pipe.readableEnded)) {
      release();
    } else if (held) {
      nextTurn(() => wait(turns - 1));
    }
  };
  child.emit = ((event: string, ...parameters: unknown[]) => {
    if (event === "exit") {
      held = parameters;
      wait(PATIENCE);
      return true;
    }
    if (event === "close") {
      release();
    }
    return Reflect.apply(emit, child, [event, ...parameters]);
  }) as typeof child.emit;
}

function isOptions(parameter: unknown): boolean {
  return typeof parameter === "object" && parameter !== null && !Array.isArray(parameter);
}

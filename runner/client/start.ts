import { createConnectionFile } from "./connection";
import { KernelError } from "./errors";
import { Kernel } from "./kernel";
import { KernelProcess } from "./kernelProcess";
import type { KernelSpec } from "./spec";

export interface StartOptions {
  spec: KernelSpec;
  /** Default: this process's. */
  cwd?: string;
  /** Variables on top of this process's and of the specification's, over which they win. */
  env?: NodeJS.ProcessEnv;
  /** Encrypts the sockets by CurveZMQ, which the kernel has to be able to. Default false. */
  encrypted?: boolean;
  /** How long the kernel may take until it answers. Default 60 s. */
  startupTimeoutMs?: number;
  /** How long a kernel may neither answer its heartbeat nor use the processor. Default 30 s. */
  heartbeatTimeoutMs?: number;
  /** Gives up the start when aborted. Afterwards it has no effect. */
  signal?: AbortSignal;
}

const TRIES = 5;

/**
 * Starts a kernel process and resolves when it answers on its sockets and its output is heard.
 * @throws KernelError of kind `start` when it cannot be run, ends, or stays mute.
 */
export async function startKernel(options: StartOptions): Promise<Kernel> {
  for (let tries = 1; ; tries++) {
    try {
      return await tryToStart(options);
    } catch (error) {
      if (tries === TRIES || !(error instanceof WorthAnotherTry)) {
        throw error;
      }
    }
  }
}

/** The kernel failed by bad luck, see `badLuck`. */
class WorthAnotherTry extends KernelError {}

async function tryToStart(options: StartOptions): Promise<Kernel> {
  const { spec, cwd = process.cwd(), encrypted, startupTimeoutMs = 60_000 } = options;
  const connection = await createConnectionFile(spec.name, { encrypted });
  let kernel: Kernel | undefined;
  try {
    const child = new KernelProcess({
      argv: spec.argv.map((arg) => fillIn(arg, spec, connection.path)),
      cwd,
      env: { ...process.env, ...specEnv(spec), ...options.env, JPY_PARENT_PID: `${process.pid}` },
      connectionFolder: connection.folder,
    });
    kernel = new Kernel(spec, child, connection);
    await becomeReady(kernel, startupTimeoutMs, options.signal);
    kernel.watchHeartbeat(options.heartbeatTimeoutMs ?? 30_000);
    return kernel;
  } catch (error) {
    await kernel?.kill();
    connection.remove();
    throw startError(error as Error, kernel, spec);
  }
}

/**
 * Asks for kernel_info until it is answered and the iopub subscription has carried a message: a
 * subscription takes effect some time after connecting, and what is published before is lost.
 */
async function becomeReady(kernel: Kernel, limitMs: number, signal?: AbortSignal): Promise<void> {
  const deadline = Date.now() + limitMs;
  let heard = false;
  const stop = kernel.listen((channel) => {
    heard ||= channel === "iopub";
  });
  try {
    while (!heard) {
      const reply = await answer(kernel, deadline - Date.now(), signal);
      kernel.info = reply.content;
      const patience = Math.min(deadline, Date.now() + 200);
      while (!heard && Date.now() < patience) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      if (!heard && Date.now() >= deadline) {
        const text = `it answers, but publishes nothing on iopub within ${limitMs / 1000} s`;
        throw new KernelError("start", text);
      }
    }
  } finally {
    stop();
  }
}

/**
 * The reply to kernel_info_request. Ends early when given up, or when a kernel that lives on all the
 * same reports that it had bad luck.
 */
async function answer(kernel: Kernel, timeoutMs: number, signal?: AbortSignal) {
  let watch: NodeJS.Timeout | undefined;
  const hopeless = new Promise<never>((_, reject) => {
    watch = setInterval(() => {
      if (signal?.aborted) {
        reject(new KernelError("start", "the start was given up"));
        return;
      }
      const reason = badLuck(kernel);
      if (reason) {
        reject(new KernelError("start", reason));
      }
    }, 100);
  });
  try {
    return await Promise.race([kernel.request("kernel_info_request", {}, { timeoutMs }), hopeless]);
  } finally {
    clearInterval(watch);
  }
}

/**
 * What went wrong that may go right the next time: another server took one of the ports between our
 * choice and the kernel's bind; or our first request reached stock tslab while it was still binding
 * its sockets, which it does not survive.
 */
function badLuck({ lastWords }: Kernel): string | undefined {
  if (/EADDRINUSE|address (is )?already in use/i.test(lastWords)) {
    return "a port was taken";
  }
  if (/Socket is blocked by a bind/.test(lastWords)) {
    return "it was asked before it was ready";
  }
  return undefined;
}

function startError(error: Error, kernel: Kernel | undefined, spec: KernelSpec): KernelError {
  const text = `The kernel "${spec.name}" (${spec.argv.join(" ")}) did not start: ${error.message}`;
  if (kernel && badLuck(kernel)) {
    return new WorthAnotherTry("start", text);
  }
  const words = kernel?.lastWords;
  const quoted =
    words && !error.message.includes(words) ? `\nThe last that it wrote:\n${words}` : "";
  return new KernelError("start", text + quoted);
}

function fillIn(arg: string, spec: KernelSpec, connectionFile: string): string {
  return arg
    .replaceAll("{connection_file}", connectionFile)
    .replaceAll("{resource_dir}", spec.resourceDir);
}

/** A specification's variables may refer to those of this process as ${NAME}. */
function specEnv({ env }: KernelSpec): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      value.replace(/\$\{(\w+)\}/g, (whole, reference) => process.env[reference] ?? whole),
    ]),
  );
}

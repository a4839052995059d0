import {
  type DisplayRegistry,
  type Kernel,
  type KernelSpec,
  type OutputArea,
  type StartOptions,
  startKernel,
} from "./client";

/** What the runner does with a kernel, wherever that runs; see the client's Kernel. */
export interface NotebookKernel extends Pick<Kernel, "info" | "interrupt" | "kill" | "listen"> {
  readonly displays: DisplayRegistry;
  /** @throws KernelError as the client's `execute` */
  execute(code: string, options: CellOptions): Promise<CellOutcome>;
  shutdown(): Promise<void>;
}

export interface CellOptions {
  area: OutputArea;
  timeoutMs: number;
  drainMs?: number;
  stopOnError: boolean;
}

export type CellOutcome = Pick<
  Awaited<ReturnType<Kernel["execute"]>>,
  "status" | "outputs" | "reply"
>;

/** What the runner says of the kernel that it wants. */
export type StartRequest = Pick<StartOptions, "cwd" | "env" | "signal" | "heartbeatTimeoutMs">;

/** Kernels that are no programs of this machine, such as those in a page. */
export interface KernelMaker {
  readonly name: string;
  /** @throws KernelError of kind `start` */
  start(options: StartRequest): Promise<NotebookKernel>;
}

/** Where kernels come from: a specification, whose program is run, or somebody who makes them. */
export type KernelSource = KernelSpec | KernelMaker;

export function startFrom(source: KernelSource, options: StartRequest): Promise<NotebookKernel> {
  return "start" in source ? source.start(options) : startKernel({ ...options, spec: source });
}

/**
 * A client for Jupyter kernels: starts a kernel process from its specification, talks to it over
 * its sockets, and collects a cell's outputs as a notebook stores them.
 *
 * ```ts
 * const kernel = await startKernel({ spec: findKernelSpec("karenina"), cwd });
 * const { status, outputs } = await kernel.execute("1 + 1", { timeoutMs: 5000 });
 * await kernel.shutdown();
 * ```
 */
export type { Channel, RequestChannel } from "./channels";
export { KernelError, type KernelErrorKind } from "./errors";
export type { ExecuteOptions, ExecuteResult } from "./execution";
export type { Kernel, MessageListener, RequestOptions } from "./kernel";
export type { Message, MessageHeader } from "./message";
export {
  DisplayRegistry,
  type ErrorOutput,
  isJsonType,
  type MimeBundle,
  type Output,
  OutputArea,
} from "./outputs";
export { findKernelSpec, type KernelSpec, listKernelNames, type SpecLookup } from "./spec";
export { type StartOptions, startKernel } from "./start";

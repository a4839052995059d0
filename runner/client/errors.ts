/**
 * What went wrong between client and kernel:
 * - `start`: the kernel could not be started or never became ready.
 * - `died`: the kernel process ended while something was asked of it.
 * - `silent`: the process is there, but neither answers its heartbeat nor uses the processor.
 * - `timeout`: the caller's time limit passed.
 * - `no-idle`: the reply came, but not the `idle` status that ends a cell's output.
 * - `no-reply`: the `idle` status came, but not the reply.
 * - `input`: the code asks for input and nobody is there to answer.
 * - `closed`: the client had already shut the kernel down.
 */
export type KernelErrorKind =
  | "start"
  | "died"
  | "silent"
  | "timeout"
  | "no-idle"
  | "no-reply"
  | "input"
  | "closed";

/** A failure of the kernel or of the connection, never an error raised by a cell's own code. */
export class KernelError extends Error {
  override readonly name = "KernelError";

  constructor(
    readonly kind: KernelErrorKind,
    message: string,
  ) {
    super(message);
  }
}

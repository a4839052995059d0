import type { PartialFile } from "./partialFile";

/** Why one attempt at one mirror failed. */
export class TransferError extends Error {
  constructor(
    message: string,
    /** Whether the same mirror may do better in a moment. */
    readonly passing: boolean,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** What is to be transferred. */
export interface TransferJob {
  bytes: number;
  sha256: string;
  stallSeconds: number;
  /** Aborts the transfer from outside. */
  signal: AbortSignal;
  onProgress: (bytes: number) => void;
}

/** Server errors and "too many requests" pass; "not found" and "forbidden" stay. */
function isPassing(status: number): boolean {
  return status >= 500 || status === 429 || status === 408;
}

/** The innermost message of a failed fetch, where Node says what really happened. */
function networkReason(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  if (inner instanceof AggregateError && inner.errors.length > 0) inner = inner.errors[0];
  return inner instanceof Error ? inner.message || inner.name : String(inner);
}

/** Checks an answer before its body is read, and makes the partial file fit it. */
async function accept(response: Response, partial: PartialFile, job: TransferJob): Promise<void> {
  const range = response.headers.get("content-range") ?? "";
  if (response.status === 416) {
    await partial.restart();
    throw new TransferError("the server cannot continue an interrupted transfer", true);
  }
  if (!response.ok) {
    const text = `HTTP status ${response.status} ${response.statusText}`.trim();
    throw new TransferError(text, isPassing(response.status));
  }
  const type = response.headers.get("content-type") ?? "";
  if (/^text\/html\b/i.test(type)) {
    throw new TransferError("the answer is an HTML page, not the file", false);
  }
  if (response.status === 206 && !range.startsWith(`bytes ${partial.bytes}-`)) {
    await partial.restart();
    throw new TransferError(`the server sent another part than asked for (${range})`, true);
  }
  if (response.status !== 206) await partial.restart();

  const announced = response.headers.get("content-length");
  const expected = job.bytes - partial.bytes;
  const encoded = response.headers.get("content-encoding") ?? "identity";
  if (announced !== null && encoded === "identity" && Number(announced) !== expected) {
    const what = /json|text/i.test(type) ? ` of type ${type}` : "";
    throw new TransferError(
      `the answer has ${announced} bytes${what} where ${expected} are expected`,
      false,
    );
  }
}

/**
 * One attempt: continues the partial file from one address until it is whole and its hash right.
 *
 * @throws {TransferError} after which the partial file holds only bytes worth continuing.
 */
export async function transfer(url: string, partial: PartialFile, job: TransferJob): Promise<void> {
  const request = new AbortController();
  const stop = () => request.abort();
  job.signal.addEventListener("abort", stop);
  let stalled = false;
  let timer: NodeJS.Timeout | undefined;
  const expectByte = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      stalled = true;
      stop();
    }, job.stallSeconds * 1000);
  };
  const resumed = partial.bytes > 0;
  expectByte();
  try {
    const response = await fetch(url, {
      signal: request.signal,
      headers: {
        "accept-encoding": "identity",
        ...(resumed ? { range: `bytes=${partial.bytes}-` } : {}),
      },
    });
    await accept(response, partial, job);
    const reader = response.body?.getReader();
    for (;;) {
      const { done = true, value: chunk } = (await reader?.read()) ?? {};
      if (done || !chunk) break;
      expectByte();
      if (partial.bytes + chunk.length > job.bytes) {
        await partial.restart();
        throw new TransferError(`it sends more than the ${job.bytes} bytes expected`, resumed);
      }
      await partial.append(chunk);
      job.onProgress(partial.bytes);
    }
  } catch (error) {
    if (error instanceof TransferError) throw error;
    if (job.signal.aborted) {
      throw new TransferError(
        "stopped, because another process took the lock of the cache folder over (this one may have been asleep)",
        false,
        { cause: error },
      );
    }
    if (stalled) {
      throw new TransferError(
        `stalled: no byte within ${job.stallSeconds} seconds (after ${partial.bytes} of ${job.bytes})`,
        true,
        { cause: error },
      );
    }
    const { code } = error as NodeJS.ErrnoException;
    // Not the network, but the disk that the file is written to.
    if (code && /^E(NOSPC|DQUOT|IO|ROFS|ACCES)$/.test(code)) throw error;
    const after = partial.bytes > 0 ? ` (after ${partial.bytes} of ${job.bytes} bytes)` : "";
    throw new TransferError(`${networkReason(error)}${after}`, true, { cause: error });
  } finally {
    clearTimeout(timer);
    job.signal.removeEventListener("abort", stop);
    // Frees the connection where the body was not read to its end.
    stop();
  }
  if (partial.bytes < job.bytes) {
    throw new TransferError(`ended after ${partial.bytes} of ${job.bytes} bytes`, true);
  }
  await checkHash(partial, job, resumed);
}

/** Compares the hash of a whole file; a wrong file is forgotten. */
export async function checkHash(
  partial: PartialFile,
  job: Pick<TransferJob, "sha256">,
  resumed: boolean,
): Promise<void> {
  const found = partial.sha256;
  if (found === job.sha256) return;
  await partial.restart();
  // What was continued may be a mixture of two files: worth another try from the start.
  throw new TransferError(
    `hash mismatch: sha256 ${found} where ${job.sha256} is expected`,
    resumed,
  );
}

import { FetchError, type FetchOptions, type WantedBytes } from "./host";

const TRIES_PER_MIRROR = 2;

/**
 * Bytes from the first address that gives them whole and with the right hash.
 *
 * @param hint what may be wrong on this machine, for the end of the error
 * @throws FetchError naming each address and what was wrong with it
 */
export async function fetchFromMirrors(
  wanted: WantedBytes,
  options: FetchOptions,
  hint: () => string = () => "",
): Promise<Uint8Array> {
  const failures: string[] = [];
  for (const url of wanted.mirrors) {
    for (let attempt = 1; ; attempt++) {
      try {
        return await fetchOnce(url, wanted, options);
      } catch (error) {
        if (!(error instanceof TransferError)) {
          throw error;
        }
        if (error.passing && attempt < TRIES_PER_MIRROR) {
          await new Promise((resolve) => setTimeout(resolve, options.retryDelaySeconds * 1000));
          continue;
        }
        failures.push(`${url}: ${error.message}`);
        break;
      }
    }
  }
  throw new FetchError(failures.join("; ") + hint());
}

/** Why one attempt at one mirror failed. */
class TransferError extends Error {
  constructor(
    message: string,
    /** Whether the same mirror may do better in a moment. */
    readonly passing: boolean,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** One attempt at one address. */
async function fetchOnce(
  url: string,
  { bytes, sha256 }: WantedBytes,
  { stallSeconds, onProgress }: FetchOptions,
): Promise<Uint8Array> {
  const content = new Uint8Array(bytes);
  let length = 0;
  const request = new AbortController();
  let stalled = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expectByte = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      stalled = true;
      request.abort();
    }, stallSeconds * 1000);
  };
  expectByte();
  try {
    const response = await fetch(url, {
      signal: request.signal,
      headers: { "accept-encoding": "identity" },
    });
    accept(response, bytes);
    const reader = response.body?.getReader();
    for (;;) {
      const { done = true, value: chunk } = (await reader?.read()) ?? {};
      if (done || !chunk) {
        break;
      }
      expectByte();
      if (length + chunk.length > bytes) {
        throw new TransferError(`it sends more than the ${bytes} bytes expected`, false);
      }
      content.set(chunk, length);
      length += chunk.length;
      onProgress(length);
    }
  } catch (error) {
    if (error instanceof TransferError) {
      throw error;
    }
    const after = `(after ${length} of ${bytes} bytes)`;
    const why = stalled
      ? `stalled: no byte within ${stallSeconds} seconds ${after}`
      : `${networkReason(error)} ${after}`;
    throw new TransferError(why, true, { cause: error });
  } finally {
    clearTimeout(timer);
    // Frees the connection where the body was not read to its end.
    request.abort();
  }
  if (length < bytes) {
    throw new TransferError(`ended after ${length} of ${bytes} bytes`, true);
  }
  const found = await sha256Of(content);
  if (found !== sha256) {
    throw new TransferError(`hash mismatch: sha256 ${found} where ${sha256} is expected`, false);
  }
  return content;
}

async function sha256Of(content: Uint8Array): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", content as BufferSource));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Checks an answer before its body is read. */
function accept(response: Response, expected: number): void {
  const { status, statusText, headers } = response;
  if (!response.ok) {
    // Server errors and "too many requests" pass; "not found" and "forbidden" stay.
    const passing = status >= 500 || status === 429 || status === 408;
    throw new TransferError(`HTTP status ${status} ${statusText}`.trim(), passing);
  }
  const type = headers.get("content-type") ?? "";
  if (/^text\/html\b/i.test(type)) {
    throw new TransferError("the answer is an HTML page, not the file", false);
  }
  const announced = headers.get("content-length");
  const encoded = headers.get("content-encoding") ?? "identity";
  if (announced !== null && encoded === "identity" && Number(announced) !== expected) {
    const what = /json|text/i.test(type) ? ` of type ${type}` : "";
    throw new TransferError(
      `the answer has ${announced} bytes${what} where ${expected} are expected`,
      false,
    );
  }
}

/** The innermost message of a failed fetch, where Node says what really happened. */
function networkReason(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) {
    inner = inner.cause;
  }
  if (inner instanceof AggregateError && inner.errors.length > 0) {
    inner = inner.errors[0];
  }
  return inner instanceof Error ? inner.message || inner.name : String(inner);
}

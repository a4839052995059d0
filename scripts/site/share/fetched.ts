// A notebook's text, from wherever a link says that it is.

import type { Request } from "./link";
import { LARGEST_NOTEBOOK } from "./notebook";
import { gathered, unpack } from "./packing";

/** Longer than that no site takes to answer that ever will, in milliseconds. */
const PATIENCE_MS = 60_000;

/** @throws Error in whole sentences, saying also what else to do */
export async function textOf(request: Request): Promise<string> {
  if (request.kind === "packed") {
    try {
      return await unpack(request.packed, LARGEST_NOTEBOOK);
    } catch (error) {
      throw new Error(
        `The notebook in this link can't be read: ${(error as Error).message} Some programs cut long ` +
          "links: ask for the whole of it, or for the notebook as a file.",
      );
    }
  }
  return await fetchedText(request.address);
}

async function fetchedText(address: string): Promise<string> {
  const { host } = new URL(address);
  let response: Response;
  try {
    response = await fetch(address, {
      // Nothing of the reader's goes there, nor where the reader is.
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    throw new Error(
      `${host} could not be asked, or does not let pages of other sites read this file. ${INSTEAD}`,
    );
  }
  if (!response.ok) {
    throw new Error(`${host} does not hand it over (HTTP status ${response.status}). ${INSTEAD}`);
  }
  if (!response.body) {
    return "";
  }
  try {
    return new TextDecoder().decode(
      await gathered(response.body as Parameters<typeof gathered>[0], LARGEST_NOTEBOOK),
    );
  } catch (error) {
    const reason =
      error instanceof RangeError ? error.message : "the connection broke off. Try it again.";
    throw new Error(`What ${host} sends is not taken: ${reason}`);
  }
}

const INSTEAD =
  "If you can open the address in a tab of its own, save the file there and open it here from your machine.";

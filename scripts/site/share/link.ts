// Links that open a notebook: what is in them, and how they are read.
import {
  checkNotebook,
  fileName,
  forTravel,
  LARGEST_NOTEBOOK,
  type SharedNotebook,
} from "./notebook";
import { pack } from "./packing";

/** The page that links lead to, from the site's first page. */
export const OPEN_PAGE = "open.html";

/** The longest link that is made, in characters: Safari takes no more than 80,000. */
export const LONGEST_LINK = 60_000;

/** Programs are known to cut links that are longer, in characters. */
export const OFTEN_CUT = 2000;

/** What a link asks for. */
export type Request =
  | { kind: "packed"; packed: string; name: string }
  | {
      kind: "address";
      /** Where the file is fetched from. */
      address: string;
      /** Whether it lies on this site, so that no other host hears of it. */
      own: boolean;
      name: string;
    };

/** A notebook is too large for a link; `length` is that of the link, in characters. */
export class TooLong extends Error {
  constructor(readonly length: number) {
    super(
      `A link to this notebook would have ${length.toLocaleString("en")} characters, of which browsers ` +
        `and mail take ${LONGEST_LINK.toLocaleString("en")} at most.`,
    );
  }
}

/**
 * A link that holds a notebook, without outputs.
 *
 * @param site the address of the first page
 * @param text the notebook's file
 * @param path its name among the files, of which the folders stay behind
 * @throws TooLong; Error where the text is no notebook
 */
export async function linkTo(site: string, text: string, path: string): Promise<string> {
  const notebook: SharedNotebook = forTravel(checkNotebook(text));
  const packed = await pack(JSON.stringify(notebook));
  const link = new URL(OPEN_PAGE, site);
  link.hash = new URLSearchParams({ name: fileName(path), notebook: packed }).toString();
  if (link.href.length > LONGEST_LINK) {
    throw new TooLong(link.href.length);
  }
  return link.href;
}

/**
 * What the part of an address behind "#" asks for.
 *
 * @param site the address of the first page
 * @returns undefined where it asks for nothing
 * @throws Error in one sentence, where nothing can come of it
 */
export function readFragment(fragment: string, site: string): Request | undefined {
  const fields = new URLSearchParams(fragment.replace(/^#/, ""));
  const [packed, address] = [fields.get("notebook"), fields.get("address")];
  if (packed !== null) {
    // Packed text is never longer than what it was made of, but for a few letters.
    if (packed.length > LARGEST_NOTEBOOK) {
      throw new Error("The link is too long.");
    }
    return { kind: "packed", packed, name: fileName(fields.get("name") ?? undefined) };
  }
  return address === null ? undefined : readAddress(address, site);
}

function readAddress(text: string, site: string): Request {
  let url: URL;
  try {
    url = new URL(text, site);
  } catch {
    throw new Error(`The link names no address that could be read: ${text}`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new Error("The link names an address with a user or a password in it.");
  }
  url.hash = "";
  const own = url.href.startsWith(site);
  if (!own && url.protocol !== "https:") {
    throw new Error(`The link names an address that does not begin with "https://": ${url.href}`);
  }
  return {
    kind: "address",
    address: own ? url.href : rawFile(url),
    own,
    name: fileName(decoded(url.pathname)),
  };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Where GitHub has the file itself whose page this is; other addresses as they are. */
function rawFile(url: URL): string {
  const [, owner, repository, kind, ...rest] = url.pathname.split("/");
  if (url.host === "github.com" && (kind === "blob" || kind === "raw") && rest.length > 1) {
    return `https://raw.githubusercontent.com/${owner}/${repository}/${rest.join("/")}`;
  }
  if (url.host === "gist.github.com" && repository) {
    return `https://gist.githubusercontent.com/${owner}/${repository}/raw`;
  }
  return url.href;
}

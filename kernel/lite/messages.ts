// What a page and the kernel's worker say to each other besides what every front says (see channel.ts).
import { SHARED, type ToFront, type ToMain } from "../channel";

/** A module that a site bundles for cells. */
export interface SiteModule {
  /** The path of the declarations among the site's types. Without one, all of it is `any`. */
  types?: string;
  /** The script that brings it, seen from the kernel's folder; it calls `kareninaLite.provide`. */
  script: string;
}

/** What `integrity` is like: the name of a hash and the hash in base64 (https://www.w3.org/TR/SRI/). */
export const INTEGRITY = /^(sha256|sha384|sha512)-([A-Za-z0-9+/]+=*)$/;

/** A module that a site's owner lets cells have from another host. */
export interface CdnModule {
  /** As in {@link SiteModule}. */
  types?: string;
  /**
   * The address of an ES module: of one exact version. What it imports has to be named by other modules'
   * addresses; names of packages stand for what cells import by them.
   */
  url: string;
  /** The file's hash, as in a page's `integrity`: `sha384-` and the hash in base64. */
  integrity: string;
}

/** What a site says about the kernel that it serves: `site.json` beside the worker. */
export interface SiteSettings {
  /** What lies on the site, by specifier. */
  modules: Record<string, SiteModule>;
  /** What comes from other hosts, by specifier. Default: nothing. */
  cdn?: Record<string, CdnModule>;
  /** How an owner adds a module, in a sentence for errors. */
  howToAdd?: string;
  /** Scripts that bring commands, by the program's name; each calls `kareninaLite.provideCommand`. */
  commands?: Record<string, string>;
  /** Code that is likely to come: the types of what it imports are read beforehand. */
  expected: string;
  /** Variables that cells find in `process.env`. */
  environment: Record<string, string>;
}

/** What a worker is started with. */
export interface StartMessage {
  type: "start";
  /** Undefined where the page may not share memory. */
  memory: SharedMemory | undefined;
  environment: Record<string, string>;
}

/** Memory that page and worker see at once. */
export interface SharedMemory {
  /** The cells of channel.ts's `SHARED`. */
  flags: SharedArrayBuffer;
  /** Where answers to `prompt` are laid (see mailbox.ts). */
  answers: SharedArrayBuffer;
}

export type ToWorker = StartMessage | ToMain;

export type ToPage =
  | ToFront
  /** `milliseconds`: since the worker began, by what was loaded then. */
  | { type: "ready"; milliseconds: Record<string, number>; languageVersion: string }
  | { type: "failed"; reason: string };

export function newMemory(): SharedMemory {
  return {
    flags: new SharedArrayBuffer(4 * SHARED.length),
    answers: new SharedArrayBuffer(ANSWER_BYTES),
  };
}

/** More than anybody types. */
const ANSWER_BYTES = 1 << 16;

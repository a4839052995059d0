import { NOTHING_ITERABLE, RUNTIME_NAME } from "../compile/instrument";
import { placeOf, withoutPlaces } from "../compile/lateNames";
import type { Engine } from "../host";

/** A place as it stands in a line of a stack. */
export interface FramePlace {
  /** Where it stands in the line. */
  start: number;
  end: number;
  /** A path, a file URL, or a name such as `node:fs` or `<anonymous>`. */
  path: string;
  /** From 1. */
  line: number;
  column: number;
}

/** After these a place may begin; a path may hold them too. */
const BEFORE = /\(|, |\bat |\basync /g;
/** With these a place may end. */
const POSITION = /:(\d+):(\d+)(?=[),\s]|$)/g;

/**
 * The places in a line of a stack, such as `at f (eval at g (/a b (1)/c.ts:1:2), <anonymous>:3:4)`.
 * Since paths may hold spaces and parentheses, the line alone does not say where they begin: what
 * is known to be a path counts, then what is an absolute one.
 */
export function placesIn(
  frame: string,
  isKnown: (path: string) => boolean,
  isAbsolute: (path: string) => boolean,
): FramePlace[] {
  const starts = [...frame.matchAll(BEFORE)].map((match) => (match.index ?? 0) + match[0].length);
  const ends = [...frame.matchAll(POSITION)].map((match) => ({
    from: match.index ?? 0,
    to: (match.index ?? 0) + match[0].length,
    line: Number(match[1]),
    column: Number(match[2]),
  }));
  const places: FramePlace[] = [];
  for (let at = 0; ; at = places[places.length - 1].end) {
    const positions = ends.filter(({ from }) => from > at);
    const candidates = starts
      .filter((start) => start >= at)
      .flatMap((start) =>
        positions
          .filter(({ from }) => from > start)
          .map(({ from, to, line, column }): FramePlace => {
            return { start, end: to, path: frame.slice(start, from), line, column };
          }),
      );
    const nearest = candidates.filter(({ end }) => end === positions[0].to);
    const chosen =
      candidates.find(({ path }) => isKnown(path)) ??
      nearest.find(({ path }) => isAbsolute(path) || /^(file|node):/.test(path)) ??
      nearest.at(-1);
    if (!chosen) {
      return places;
    }
    places.push(chosen);
  }
}

/** Is a line of a stack one that tells of a call? */
export function isFrame(line: string): boolean {
  return /^\s+at /.test(line);
}

/**
 * V8 quotes code in its messages, and what it knows is the emitted code: `exports.f is not a
 * function`. This puts them in terms of the user's text.
 *
 * @param javascript the emitted code
 * @param edited the text that was emitted
 * @param before the user's text up to where the error was thrown
 * @param place the rest of it
 */
export function plainMessage(
  message: string,
  {
    javascript,
    edited,
    before,
    place,
  }: Record<"javascript" | "edited" | "before" | "place", string>,
): string {
  // A message of the user's own is left as it is.
  if (/^(?:new\s+)?(?:globalThis\s*\.\s*)?TypeError\b/.test(place)) {
    return message;
  }
  const modules = requiredModules(javascript, edited);
  const line = (before.split("\n").at(-1) ?? "") + place.split("\n", 1);
  const quoted = [...modules.keys(), ...(/\bexports\b/.test(line) ? [] : ["exports"])];
  const names = quoted.map((name) => name.replaceAll("$", "\\$")).join("|");
  const local = (module: string, name: string) => {
    const locals = importedAs(edited, modules.get(module), name);
    return locals.find((each) => place.startsWith(each)) ?? locals[0] ?? name;
  };
  const plain =
    names === ""
      ? message
      : message.replace(
          new RegExp(`\\(0 , (${names})\\.([\\w$]+)\\)|(?<![\\w$.])(${names})\\.([\\w$]+)`, "g"),
          (_, called: string, function_: string, module: string, name: string) =>
            called ? local(called, function_) : local(module, name),
        );
  return withoutPlaces(namingPatternValue(plain, before, place))
    .replaceAll(`${RUNTIME_NAME}.resume(...)`, "(intermediate value)")
    .replaceAll(`${RUNTIME_NAME}.iterate(...)${NOTHING_ITERABLE}`, () => iteratedIn(place))
    .replaceAll(`${RUNTIME_NAME}.import`, "import");
}

/**
 * Of `const [a] = pair` V8 says `pair is not iterable` where `pair` is a variable, and names the
 * value's kind alone where it has become a member, or where the pattern has become an assignment.
 */
function namingPatternValue(message: string, before: string, place: string): string {
  const [, name] = /^([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*(?:[;,)]|$)/mu.exec(place) ?? [];
  const isDeclared = /\b(?:const|let|var)\s[^;]*\]\s*(?::[^=;]*)?=\s*$/.test(before);
  return name && isDeclared && NOT_ITERABLE.test(message) ? `${name} is not iterable` : message;
}

/** What V8 would call the value that the `for await` there goes through. */
function iteratedIn(place: string): string {
  const [, name] = /^([\p{ID_Start}$_][\p{ID_Continue}$.]*)\s*\)/u.exec(place) ?? [];
  return name ?? `(intermediate value)${NOTHING_ITERABLE}`;
}

const NOT_ITERABLE = /is not iterable \(cannot read property Symbol\(Symbol\.iterator\)\)$/;

const EMITTED = new RegExp(`\\bexports\\.|_\\d+\\.|\\b${RUNTIME_NAME}\\.|\\b${placeOf("")}`);

/** Is an error one in whose message V8 may have quoted emitted code? */
export function mayQuoteCode(engine: Engine, error: unknown): error is TypeError {
  try {
    return (
      engine.isError(error) &&
      error instanceof TypeError &&
      (NOT_ITERABLE.test(error.message) || EMITTED.test(error.message))
    );
  } catch {
    return false;
  }
}

/** The names that the compiler gave to required modules, and what was required. */
function requiredModules(javascript: string, edited: string): Map<string, string> {
  const requires =
    /^(?:const|let|var) ([\w$]+_\d+) = (?:__import(?:Star|Default)\()?require\("([^"]*)"\)/gm;
  const modules = new Map<string, string>();
  for (const [, name, specifier] of javascript.matchAll(requires)) {
    if (!edited.includes(name)) {
      modules.set(name, specifier);
    }
  }
  return modules;
}

/** What a text calls an export of a module that it imports; it may have several names for it. */
function importedAs(edited: string, specifier: string | undefined, name: string): string[] {
  const clauses = [...edited.matchAll(IMPORT)].filter(([, , from]) => from === specifier);
  return clauses.flatMap(([, clause]) => {
    const [, whole] = /^\s*([\w$]+)\s*(?:,|$)/.exec(clause) ?? [];
    const [, list = ""] = /\{([^}]*)\}/.exec(clause) ?? [];
    const elements = list.split(",").flatMap((element) => {
      const [, imported, local] = /^\s*"?([\w$]+)"?(?:\s+as\s+([\w$]+))?\s*$/.exec(element) ?? [];
      return imported === name ? [local ?? imported] : [];
    });
    return name === "default" && whole ? [whole, ...elements] : elements;
  });
}

const IMPORT = /\bimport\s*(?!type\s)([\w$\s,{}*"]+?)\s*from\s*["']([^"']+)["']/g;

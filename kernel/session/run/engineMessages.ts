import { RUNTIME_NAME } from "../compile/instrument";
import type { Engine } from "../host";

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
  return plain
    .replaceAll(`${RUNTIME_NAME}.resume(...)`, "(intermediate value)")
    .replaceAll(`${RUNTIME_NAME}.import`, "import");
}

/** Is an error one in whose message V8 may have quoted emitted code? */
export function mayQuoteCode(engine: Engine, error: unknown): error is TypeError {
  try {
    return (
      engine.isError(error) &&
      error instanceof TypeError &&
      new RegExp(`\\bexports\\.|_\\d+\\.|\\b${RUNTIME_NAME}\\.`).test(error.message)
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

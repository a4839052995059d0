import { pathToFileURL } from "node:url";

/** The URL of code that is evaluated for the debugger: it is stepped over. */
export const OWN_CODE = "karenina:debugger";

/** Patterns of the URLs of scripts that are stepped over. */
export function hiddenScripts(packages: boolean): string[] {
  const own = pathToFileURL(__dirname).href.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return ["^node:", `^${own}/`, packages ? "/node_modules/" : "/node_modules/(typescript|zeromq)/"];
}

/** Is a script one of those that are never shown? */
export function isHidden(url: string): boolean {
  return (
    url === "" || url.startsWith("node:") || url.startsWith(`${pathToFileURL(__dirname).href}/`)
  );
}

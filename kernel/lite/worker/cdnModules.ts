// Modules that a site's owner lets cells have from other hosts. Each is fetched when a cell first imports
// it, and runs only where it is, byte for byte, the file that the owner named.
import type ts from "typescript";
import type { TypeScript } from "../../session/host";
import { commonJsOf } from "../../session/run/namespaces";
import { type CdnModule, INTEGRITY } from "../messages";

/** Hashes by the names that `integrity` begins with. */
const HASHES: Record<string, string> = {
  sha256: "SHA-256",
  sha384: "SHA-384",
  sha512: "SHA-512",
};

/** What the browser has, as far as it is used. */
declare const URL: typeof globalThis.URL & { createObjectURL(blob: Blob): string };

export class CdnModules {
  /** Addresses of scripts that are checked and ready to run, by the names of their modules. */
  private readonly scripts = new Map<string, Promise<string>>();
  private readonly loaded = new Map<string, object>();

  /** @param modules by what cells import them as */
  constructor(
    private readonly typescript: TypeScript,
    private readonly modules: Readonly<Record<string, CdnModule>>,
  ) {}

  /**
   * Fetches a module and what it imports, and runs them.
   * @throws Error naming what could not be had, or is not what it should be; nothing of it has run then
   */
  async load(name: string): Promise<void> {
    if (!this.loaded.has(name)) {
      const script = await this.script(name, []);
      this.loaded.set(name, commonJsOf(await import(script)));
    }
  }

  /** @throws Error where it has not been loaded */
  exportsOf(name: string): object {
    const found = this.loaded.get(name);
    if (!found) {
      throw new Error(
        `${name} comes from another host, and require() cannot wait for it: import it, by ` +
          `import ... from "${name}" or await import("${name}").`,
      );
    }
    return found;
  }

  /** @param above the modules that want it, the outermost first */
  private script(name: string, above: readonly string[]): Promise<string> {
    if (above.includes(name)) {
      const circle = [...above.slice(above.indexOf(name)), name].join(" imports ");
      throw new Error(
        `${circle}: modules from other hosts that import each other in a circle cannot be loaded.`,
      );
    }
    const known = this.scripts.get(name);
    if (known) {
      return known;
    }
    const coming = this.make(name, above);
    this.scripts.set(name, coming);
    // The next import tries once more: the network may be back.
    coming.catch(() => this.scripts.delete(name));
    return coming;
  }

  /** Fetches and checks a module, and has its imports lead to others that are checked. */
  private async make(name: string, above: readonly string[]): Promise<string> {
    const { url } = this.modules[name];
    const text = new TextDecoder().decode(await fetchChecked(name, this.modules[name]));
    const parts: string[] = [];
    let from = 0;
    for (const literal of importsOf(this.typescript, text)) {
      const wanted = this.nameFor(literal.text, name);
      parts.push(text.slice(from, literal.getStart()));
      parts.push(JSON.stringify(await this.script(wanted, [...above, name])));
      from = literal.end;
    }
    // Stacks call it by where it comes from.
    const javascript = `${parts.join("")}${text.slice(from)}\n//# sourceURL=${url}`;
    return URL.createObjectURL(new Blob([javascript], { type: "text/javascript" }));
  }

  /** The name of the module that another one imports. */
  private nameFor(specifier: string, by: string): string {
    const { url } = this.modules[by];
    const isAddress = /^(?:[./]|https?:)/.test(specifier);
    const address = isAddress ? new URL(specifier, url).href : specifier;
    const found = isAddress
      ? Object.keys(this.modules).find((name) => this.modules[name].url === address)
      : specifier;
    if (found === undefined || !Object.hasOwn(this.modules, found)) {
      throw new Error(
        `${by} was not loaded, because its file ${url} imports ${address}, which this site's owner has not ` +
          "allowed. The owner can add that to the list, too, or take a file that brings all that it needs.",
      );
    }
    return found;
  }
}

async function fetchChecked(name: string, { url, integrity }: CdnModule): Promise<ArrayBuffer> {
  const [, kind, wanted] = INTEGRITY.exec(integrity) ?? [];
  if (kind === undefined) {
    throw new Error(
      `${name} was not loaded: its \`integrity\`, "${integrity}", in the site's settings is not like sha384-...`,
    );
  }
  if (!("subtle" in crypto)) {
    throw new Error(
      `${name} was not loaded: browsers check hashes only in pages whose address begins with https://.`,
    );
  }
  // What is known by its hash never changes: a copy that the browser keeps is as good, however old.
  const response = await fetch(url, {
    cache: "force-cache",
    credentials: "omit",
    referrerPolicy: "no-referrer",
  }).catch((cause: unknown) => {
    throw new Error(
      `${name} could not be fetched from ${url}: there is no network, or that host does not let pages of ` +
        "others read its files.",
      { cause },
    );
  });
  if (!response.ok) {
    throw new Error(
      `${name} could not be fetched from ${url}: the host answers HTTP status ${response.status}.`,
    );
  }
  const content = await response.arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest(HASHES[kind], content));
  const found = btoa(String.fromCharCode(...hash));
  if (found !== wanted) {
    throw new Error(
      `${name} was not loaded, and nothing of it has run: ${url} is not the file that the site's owner ` +
        `allowed. Its hash is ${kind}-${found}, and ${integrity} was expected.`,
    );
  }
  return content;
}

/** The specifiers in a module's text, in their order. */
function importsOf(typescript: TypeScript, text: string): ts.StringLiteralLike[] {
  const { ScriptKind, ScriptTarget, SyntaxKind } = typescript;
  const file = typescript.createSourceFile(
    "module.js",
    text,
    ScriptTarget.Latest,
    true,
    ScriptKind.JS,
  );
  const found: ts.StringLiteralLike[] = [];
  const add = (node: ts.Node | undefined) => {
    if (node && typescript.isStringLiteralLike(node)) {
      found.push(node);
    }
  };
  const visit = (node: ts.Node): void => {
    if (typescript.isImportDeclaration(node) || typescript.isExportDeclaration(node)) {
      add(node.moduleSpecifier);
    } else if (
      typescript.isCallExpression(node) &&
      node.expression.kind === SyntaxKind.ImportKeyword
    ) {
      add(node.arguments[0]);
    }
    typescript.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

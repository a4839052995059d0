import { join, resolve } from "node:path";
import type { PageEvent, ProjectReflection, ReflectionKind, Router } from "typedoc";

const ROOT = resolve(__dirname, "../..");

/** Something exported, where the reference tells of it. */
export interface ApiEntry {
  name: string;
  /** "function", "class", ... */
  kind: string;
  /** The first paragraph of its doc comment. */
  summary: string;
  /** From the reference's folder. */
  url: string;
}

/**
 * Writes the API reference of both packages by typedoc.
 *
 * @returns all that it tells of
 * @throws Error with the number of errors that typedoc has told on stderr
 */
export async function makeApi(folder: string): Promise<ApiEntry[]> {
  const { Application, JSX, LogLevel, PageEvent, ReflectionKind, RendererEvent } = await import(
    "typedoc"
  );
  const app = await Application.bootstrap({
    name: "Karenina: API reference",
    entryPoints: ["lib/index.ts", "lib/frames/index.ts", "kernel/index.ts"].map((file) =>
      join(ROOT, file),
    ),
    tsconfig: join(ROOT, "tsconfig.json"),
    // Types are checked by the tests.
    skipErrorChecking: true,
    basePath: ROOT,
    disableSources: true,
    // TensorFlow.js, which the library hands on, has a reference of its own.
    excludeExternals: true,
    excludePrivate: true,
    excludeProtected: true,
    excludeInternal: true,
    readme: "none",
    // Its links lead to names that it leaves out.
    includeHierarchySummary: false,
    customJs: join(__dirname, "assets", "api.js"),
    githubPages: false,
    logLevel: LogLevel.Error,
  });
  const names: Record<string, string> = {
    lib: "karenina",
    "lib/frames": "karenina/frames",
    kernel: "karenina-kernel",
  };
  const project = await app.convert();
  if (!project) {
    throw new Error("typedoc could not read the packages; it says why above.");
  }
  for (const module of project.children ?? []) {
    module.name = names[module.name] ?? module.name;
  }
  app.renderer.hooks.on("sidebar.begin", (context) => {
    const home = context.relativeURL("index.html").replace(/index\.html$/, "../index.html");
    return JSX.createElement(
      "p",
      null,
      JSX.createElement("a", { href: home }, "Back to the course"),
    );
  });
  app.renderer.on(PageEvent.END, (page: PageEvent) => {
    page.contents = withoutLinksInSummaries(page.contents ?? "");
  });
  let entries: ApiEntry[] = [];
  // Afterwards typedoc forgets the addresses.
  app.renderer.on(RendererEvent.END, () => {
    entries = entriesOf(project, app.renderer.router!, ReflectionKind);
  });
  await app.generateDocs(project, folder);
  if (app.logger.hasErrors()) {
    throw new Error(`typedoc found ${app.logger.errorCount} errors; it tells them above.`);
  }
  return entries;
}

/**
 * The headings that open and close a part of a page are buttons to screen readers, and a link within a
 * button cannot be reached: typedoc's links there, to the heading itself, are taken out.
 */
function withoutLinksInSummaries(html: string): string {
  return html.replace(
    /(<summary\b[^>]*>)([\s\S]*?)(<\/summary>)/g,
    (_, open: string, inside: string, close: string) =>
      open + inside.replace(/<a\b[^>]*tsd-anchor-icon[\s\S]*?<\/a>/g, "") + close,
  );
}

/** All that is exported and has a place in the reference. */
function entriesOf(
  project: ProjectReflection,
  router: Router,
  Kind: typeof ReflectionKind,
): ApiEntry[] {
  const kinds =
    Kind.Class | Kind.Interface | Kind.Function | Kind.Variable | Kind.TypeAlias | Kind.Namespace;
  return project
    .getReflectionsByKind(kinds)
    .filter((reflection) => router.hasUrl(reflection))
    .map((reflection) => {
      const { comment } = reflection.isDeclaration()
        ? (reflection.signatures?.[0] ?? reflection)
        : reflection;
      // As it is read: without the marks of code.
      const summary = (comment?.summary ?? [])
        .map(({ kind, text }) => (kind === "code" ? text.replace(/^`+|`+$/g, "") : text))
        .join("");
      return {
        name: reflection.name,
        kind: Kind.singularString(reflection.kind).toLowerCase(),
        summary: summary.split(/\n\s*\n/)[0].replaceAll("\n", " "),
        url: router.getFullUrl(reflection),
      };
    });
}

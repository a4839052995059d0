// docs/dependencies.md: its table is generated from the manifests and from what is installed.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** One package that the project asks for directly. */
export interface Asked {
  /** As it is imported; an override's names what stands in its place, too. */
  name: string;
  version: string;
  /** The part that asks for it, the table's column "for". */
  part: string;
}

interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  overrides?: Record<string, string | object>;
  license?: string;
}

const PINNED_BY_PIP = [
  ["Jupyter", "scripts/setup/requirements.txt"],
  ["site", "scripts/site/requirements.txt"],
  ["classroom", "classroom/requirements.txt"],
  ["bench", "bench/training/requirements.txt"],
] as const;

const BEGIN = "<!-- dependencies -->";
const END = "<!-- /dependencies -->";
const HEADS = ["package", "version", "for", "licence", "size", "last release", "why"];

/** All that the manifests and the requirements ask for, in the table's order. */
export function askedFor(root: string): Asked[] {
  const manifest = (folder: string) =>
    JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;
  const asked: Asked[] = [];
  const add = (part: string, pins: Record<string, string> = {}) => {
    for (const name of Object.keys(pins).sort()) {
      // The packages of this very project are no dependencies.
      if (!/^karenina/.test(name)) {
        asked.push({ name, version: pins[name] as string, part });
      }
    }
  };
  for (const part of ["lib", "lessons", "kernel"]) {
    const { dependencies, devDependencies } = manifest(part);
    add(part, { ...dependencies, ...devDependencies });
  }
  const project = manifest(".");
  add("project", { ...project.dependencies, ...project.devDependencies });
  for (const [name, other] of Object.entries(project.overrides ?? {})) {
    const [, source, version] =
      (typeof other === "string" && /^npm:(.+)@([^@]+)$/.exec(other)) || [];
    if (source && version) {
      asked.push({ name: `${name} as ${source}`, version, part: "override" });
    }
  }
  for (const [part, path] of PINNED_BY_PIP) {
    for (const line of readFileSync(join(root, path), "utf8").split("\n")) {
      const [, name, version] = /^\s*([^#\s=-][^=\s]*)==(\S+)/.exec(line) ?? [];
      if (name && version) {
        asked.push({ name, version, part });
      }
    }
  }
  return asked;
}

/** The cells of each row of the table in a page, by `part: name`. */
export function rowsOf(page: string): Map<string, string[]> {
  const rows = page
    .slice(page.indexOf(BEGIN), page.indexOf(END))
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return new Map(
    rows.map((cells) => [`${cells[2]}: ${(cells[0] as string).replaceAll("`", "")}`, cells]),
  );
}

/**
 * The page with its table made from what is asked for now. Versions, licences and sizes of npm packages
 * are read from what is installed; the date of the last release is asked of the registry for a package
 * that has no row yet; the reasons are written by hand and stay.
 *
 * @throws Error naming the packages whose reason is missing
 */
export function withTable(page: string, root: string): string {
  const known = rowsOf(page);
  const width = Math.max(...[...known.values()].map((cells) => cells.length), HEADS.length);
  const missing: string[] = [];
  const rows = askedFor(root).map(({ name, version, part }) => {
    const same = [...known].find(([key]) => key.split(": ")[1] === name)?.[1] ?? [];
    const cells = known.get(`${part}: ${name}`) ?? same;
    const folder = join(root, "node_modules", name.split(" as ")[0] as string);
    const installed = !PINNED_BY_PIP.some(([other]) => other === part);
    const own = installed && existsSync(folder);
    const reasons = cells.slice(6);
    if (reasons.length === 0) {
      missing.push(`${name} (${part})`);
    }
    return [
      name
        .split(" as ")
        .map((each) => `\`${each}\``)
        .join(" as "),
      version,
      part,
      (own && licenceOf(folder)) || cells[3] || "",
      cells[4] && cells[1] === version ? cells[4] : own ? sizeOf(folder) : (cells[4] ?? ""),
      cells[5] ?? lastRelease(name),
      ...reasons,
    ];
  });
  if (missing.length > 0) {
    throw new Error(
      `docs/dependencies.md does not say why the project needs ${missing.join(", ")}: give each a row ` +
        "with a reason (the other cells may be empty), then run this command again.",
    );
  }
  const heads = headsOf(page) ?? HEADS;
  const table = [heads, Array.from({ length: width }, () => "---"), ...rows];
  const text = table.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  return `${page.slice(0, begin)}${BEGIN}\n\n${aligned(text)}\n\n${page.slice(end)}`;
}

function headsOf(page: string): string[] | undefined {
  const line = page
    .slice(page.indexOf(BEGIN))
    .split("\n")
    .find((each) => each.startsWith("| pack"));
  return line
    ?.split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** A table whose columns stand below each other. */
function aligned(text: string): string {
  const rows = text.split("\n").map((line) => line.slice(2, -2).split(" | "));
  const widths = (rows[0] as string[]).map((_, i) =>
    Math.max(...rows.map((row) => row[i]?.length ?? 0)),
  );
  return rows
    .map((row, index) => {
      const cells = row.map((cell, i) => cell.padEnd(widths[i] as number, index === 1 ? "-" : " "));
      return `| ${cells.join(" | ")} |`;
    })
    .join("\n");
}

function licenceOf(folder: string): string | undefined {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  return typeof manifest.license === "string" ? manifest.license.replace(/[()]/g, "") : undefined;
}

function sizeOf(folder: string): string {
  const bytes = (at: string): number =>
    readdirSync(at, { withFileTypes: true }).reduce((sum, entry) => {
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        return entry.name === "node_modules" ? sum : sum + bytes(path);
      }
      return entry.isFile() ? sum + statSync(path).size : sum;
    }, 0);
  const size = bytes(folder);
  if (size < 1e5) {
    return `${Math.max(1, Math.round(size / 1e3))} kB`;
  }
  return `${(size / 1e6).toFixed(size < 1e7 ? 1 : 0)} MB`;
}

function lastRelease(name: string): string {
  const told = execFileSync("npm", ["view", name.split(" as ").at(-1) as string, "time.modified"]);
  return told.toString().trim().slice(0, 10);
}

import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { TestContext } from "node:test";
import type { DataOptions } from "../../../lib/datasets/dataOptions";
import { type FileEntry, parseRegistry, type Registry } from "../../../lib/datasets/registry";

/** An empty folder that goes when the test ends. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), "karenina-data-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function sha256(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Bytes that look like nothing else. */
export function someBytes(length: number): Buffer {
  return randomBytes(length);
}

/** A registry's entry for a file with this content. */
export function fileEntry(name: string, content: Buffer, mirrors: string[]): FileEntry {
  return { name, bytes: content.length, sha256: sha256(content), mirrors };
}

/** A registry with the data set "sample" and a stand-in for it. */
export function sampleRegistry(
  files: FileEntry[],
  entry: Partial<Registry["dataSets"][string]> = {},
): Registry {
  const described = {
    title: "A sample",
    description: "Made for a test.",
    kind: "text",
    licence: "CC0 1.0",
    citation: "Nobody (2000). A sample.",
  };
  return parseRegistry({
    version: 1,
    dataSets: {
      sample: { ...described, standIn: "other-sample", files, ...entry },
      "other-sample": {
        ...described,
        title: "Another sample",
        files: [fileEntry("other.txt", Buffer.from("other"), ["http://127.0.0.1:9/other.txt"])],
      },
    },
  });
}

/** Options that keep everything in one folder, without waiting and without output. */
export function quietOptions(
  folder: string,
  registry: Registry,
): DataOptions & { cacheFolder: string; lines: string[] } {
  const lines: string[] = [];
  return {
    registry,
    cacheFolder: path.join(folder, "cache"),
    dataFolder: path.join(folder, "data"),
    offline: false,
    stallSeconds: 60,
    retryDelaySeconds: 0,
    notify: (line) => lines.push(line),
    lines,
  };
}

/** What lies in the cache for "sample", the mark of the licence aside. */
export function cachedFiles(options: { cacheFolder: string }): string[] {
  const folder = path.join(options.cacheFolder, "datasets", "sample");
  return readdirSync(folder)
    .filter((name) => name !== ".licence-shown")
    .sort();
}

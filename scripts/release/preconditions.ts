/** What a release is made of, read from files and git. */
export interface ReleaseState {
  /** Version by the package.json that states it. */
  versions: Record<string, string>;
  changelog: string;
  /** What `git status --porcelain` prints. */
  workTree: string;
}

/**
 * What stands against a release, each in a sentence that says how to mend it; nothing where all is well.
 */
export function obstacles({ versions, changelog, workTree }: ReleaseState): string[] {
  const found: string[] = [];
  const [version = ""] = Object.values(versions);
  if (new Set(Object.values(versions)).size > 1) {
    const list = Object.entries(versions).map(([file, each]) => `${file} says ${each}`);
    found.push(`The packages share one version, but ${list.join(", ")}. Set all to the same.`);
  }
  if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version)) {
    found.push(`"${version}" is no version: it must be like 0.1.0 or 0.2.0-beta.1.`);
  }
  const entry = entryOf(changelog, version);
  if (entry === undefined) {
    found.push(`CHANGELOG.md has no entry "## [${version}] - DATE". Write what is new.`);
  } else if (!/^\d{4}-\d{2}-\d{2}$/.test(entry)) {
    found.push(
      `CHANGELOG.md dates version ${version} "${entry}". Write the day of the release, as in ` +
        `"## [${version}] - 2026-01-31".`,
    );
  }
  const changed = workTree.split("\n").filter((line) => line.trim() !== "");
  if (changed.length > 0) {
    const names = changed.slice(0, 5).map((line) => line.slice(3));
    const more = changed.length > names.length ? ` and ${changed.length - names.length} more` : "";
    found.push(
      `The work tree is not clean: ${names.join(", ")}${more}. A release must be what a commit holds: ` +
        "commit or remove these.",
    );
  }
  return found;
}

/** The date of a version's heading, or undefined where there is none. */
function entryOf(changelog: string, version: string): string | undefined {
  const headings = [...changelog.matchAll(/^## \[([^\]]+)\](?: - (.+))?$/gm)];
  const heading = headings.find((match) => match[1] === version);
  return heading === undefined ? undefined : (heading[2] ?? "").trim();
}

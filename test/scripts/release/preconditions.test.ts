import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { obstacles } from "../../../scripts/release/preconditions";

const version = fc.stringMatching(/^[0-9]\.[0-9]{1,2}\.[0-9]$/);
const ready = (v: string) => ({
  versions: { "package.json": v, "lib/package.json": v },
  changelog: `# Changelog\n\n## [Unreleased]\n\n## [${v}] - 2026-11-22\n\n- All.\n`,
  workTree: "",
});

test("nothing stands against a release of one version, dated, from a clean work tree", () => {
  fc.assert(fc.property(version, (v) => assert.deepEqual(obstacles(ready(v)), [])));
});

test("each fault is reported alone, by the place to mend", () => {
  const state = ready("1.2.3");
  const told = (change: Partial<typeof state>) => obstacles({ ...state, ...change });
  const one = (found: string[], pattern: RegExp) => {
    assert.equal(found.length, 1, found.join("\n"));
    assert.match(found[0], pattern);
  };
  const versions = { ...state.versions, "kernel/package.json": "1.2.4" };
  one(told({ versions }), /lib\/package\.json says 1\.2\.3, kernel\/package\.json says 1\.2\.4/);
  one(told({ changelog: "## [1.2.4] - 2026-11-22\n" }), /no entry "## \[1\.2\.3\] - DATE"/);
  one(told({ changelog: "## [1.2.3] - Unreleased\n" }), /dates version 1\.2\.3 "Unreleased"/);
  one(told({ changelog: "## [1.2.3]\n" }), /dates version 1\.2\.3 ""/);
  one(told({ workTree: " M lib/index.ts\n?? new.ts\n" }), /not clean: lib\/index\.ts, new\.ts\./);
  const many = Array.from({ length: 8 }, (_, i) => `?? f${i}`).join("\n");
  one(told({ workTree: many }), /f4 and 3 more/);
});

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import cacheRule from "../../lib/host/node/cacheFolder.cjs";
import { temporaryProject, write } from "./temporaryProject.mjs";

const { cacheFolder, preferredCacheFolder } = cacheRule;

test("each system's own place for caches is preferred", () => {
  const preferred = (platform, env, home = "/home/anna") =>
    preferredCacheFolder({ platform, env, home });
  assert.equal(preferred("linux", {}), "/home/anna/.cache/karenina");
  assert.equal(preferred("linux", { XDG_CACHE_HOME: "/var/x" }), "/var/x/karenina");
  assert.equal(preferred("linux", { XDG_CACHE_HOME: "x" }), "/home/anna/.cache/karenina");
  assert.equal(preferred("darwin", {}), "/home/anna/Library/Caches/karenina");
  const windows = { LOCALAPPDATA: "C:\\Users\\anna\\AppData\\Local" };
  assert.equal(preferred("win32", windows), "C:\\Users\\anna\\AppData\\Local\\karenina");
  assert.equal(preferred("win32", {}, "C:\\U\\a"), "C:\\U\\a\\AppData\\Local\\karenina");
  for (const platform of ["linux", "darwin", "win32"]) {
    assert.equal(preferred(platform, {}, ""), null);
    assert.equal(preferred(platform, { KARENINA_CACHE: "/mine" }), path.resolve("/mine"));
  }
});

test("a folder that can be written is made and used", (t) => {
  const { root, base } = temporaryProject(t);
  const folder = path.join(base, "new", "cache");
  assert.deepEqual(cacheFolder({ project: root, env: { KARENINA_CACHE: folder } }), {
    folder,
    reason: null,
  });
  assert.deepEqual(fs.readdirSync(folder), []);
});

test("one that cannot be written is replaced by the project's, and it is said why", (t) => {
  const { root, base } = temporaryProject(t);
  // Below a file nobody can make a folder, root neither.
  write(path.join(base, "file"), "");
  const env = { KARENINA_CACHE: path.join(base, "file", "cache") };
  const { folder, reason } = cacheFolder({ project: root, env });
  assert.equal(folder, path.join(root, "build", "cache"));
  assert.match(reason, /file.cache cannot be written \(\w+\)/);
  assert.ok(fs.statSync(folder).isDirectory());
});

test("without a home the project's own folder is used", (t) => {
  const { root } = temporaryProject(t);
  const { folder, reason } = cacheFolder({ project: root, env: {}, home: "", platform: "linux" });
  assert.equal(folder, path.join(root, "build", "cache"));
  assert.match(reason, /no home folder/);
});

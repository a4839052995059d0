import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { test } from "node:test";
import { createConnectionFile } from "../../../runner/client/connection";

test("a connection file is its owner's alone and names five free ports", async () => {
  const { info, path, folder, remove } = await createConnectionFile("k");
  assert.deepEqual(JSON.parse(readFileSync(path, "utf8")), info);
  if (process.platform !== "win32") {
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
  }
  const ports = [
    info.shell_port,
    info.iopub_port,
    info.stdin_port,
    info.control_port,
    info.hb_port,
  ];
  assert.equal(new Set(ports).size, 5);
  for (const port of ports) {
    await new Promise<void>((resolve, reject) => {
      const server = createServer().once("error", reject);
      server.listen(port, "127.0.0.1", () => server.close(() => resolve()));
    });
  }
  remove();
  assert.equal(existsSync(folder), false);
});

test("two connections share neither key nor folder", async () => {
  const [a, b] = await Promise.all([createConnectionFile("k"), createConnectionFile("k")]);
  assert.notEqual(a.info.key, b.info.key);
  assert.notEqual(a.folder, b.folder);
  a.remove();
  b.remove();
});

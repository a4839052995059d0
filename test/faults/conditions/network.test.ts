import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { loadFile } from "../../../lib/datasets/dataSets";
import { DataError } from "../../../lib/text/dataError";
import {
  type MirrorServer,
  stalled,
  startMirrorServer,
  truncated,
  whole,
} from "../../lib/datasets/mirrorServer";
import {
  cachedFiles,
  fileEntry,
  quietOptions,
  sampleRegistry,
  sha256,
  someBytes,
  temporaryFolder,
} from "../../lib/datasets/workspace";

const content = someBytes(200_000);
let server: MirrorServer;
before(async () => {
  server = await startMirrorServer();
});
after(() => server.close());

test("without a network the error names every address and what to do, and nothing is left", async (t) => {
  // A port where nobody listens, and a name that no server knows (RFC 2606).
  const mirrors = ["http://127.0.0.1:9/file.bin", "http://karenina.invalid/file.bin"];
  const options = quietOptions(
    temporaryFolder(t),
    sampleRegistry([fileEntry("file.bin", content, mirrors)]),
  );
  await assert.rejects(loadFile("sample", "file.bin", options), (error: Error) => {
    assert.ok(error instanceof DataError && error.code === "download-failed", String(error));
    for (const url of mirrors) {
      assert.ok(error.message.includes(url), error.message);
    }
    assert.match(error.message, /other-sample/);
    return true;
  });
  assert.deepEqual(cachedFiles(options), []);
});

test("a network that is slow but alive is waited for, however long it takes in all", async (t) => {
  const url = server.serve("/slow/file.bin", async (_request, response) => {
    response.writeHead(200, { "content-length": content.length });
    for (let at = 0; at < content.length; at += 2000) {
      response.write(content.subarray(at, at + 2000));
      await new Promise((resolve) => setTimeout(resolve, 80));
    }
    response.end();
  });
  // Eight seconds in all, never five without a byte.
  const options = quietOptions(
    temporaryFolder(t),
    sampleRegistry([fileEntry("file.bin", content, [url])]),
  );
  assert.equal(sha256(await loadFile("sample", "file.bin", options)), sha256(content));
  assert.equal(server.requests.filter(({ path }) => path === "/slow/file.bin").length, 1);
});

test("a network that stalls or breaks off again and again is left for the next mirror", async (t) => {
  const mirrors = [
    server.serve("/broken/file.bin", truncated(content, 50_000)),
    server.serve("/stalled/file.bin", stalled(content, 80_000)),
    server.serve("/good/file.bin", whole(content)),
  ];
  const options = {
    ...quietOptions(temporaryFolder(t), sampleRegistry([fileEntry("file.bin", content, mirrors)])),
    stallSeconds: 5,
  };
  assert.equal(sha256(await loadFile("sample", "file.bin", options)), sha256(content));
  const good = server.requests.filter(({ path }) => path === "/good/file.bin");
  assert.equal(good.length, 1);
  assert.deepEqual(cachedFiles(options), ["file.bin"]);
});

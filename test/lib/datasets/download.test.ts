import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { loadFile } from "../../../lib/datasets/dataSets";
import { DataError } from "../../../lib/text/dataError";
import {
  answer,
  type Behaviour,
  type MirrorServer,
  stalled,
  startMirrorServer,
  truncated,
  whole,
} from "./mirrorServer";
import {
  cachedFiles,
  fileEntry,
  quietOptions,
  sampleRegistry,
  sha256,
  someBytes,
  temporaryFolder,
} from "./workspace";

let server: MirrorServer;
before(async () => {
  server = await startMirrorServer();
});
after(() => server.close());

const content = someBytes(300_000);
const wrong = someBytes(300_000);
let served = 0;

/** An address of its own for every use. */
function mirror(behaviour: Behaviour): string {
  served++;
  return server.serve(`/${served}/file.bin`, behaviour);
}

/** How long a transfer waits for a byte in the tests of stalls: longer than any of them takes. */
const STALL_SECONDS = 12_345;

/** The patience of the transfer that runs. It ends when a mirror says so, and never by itself. */
const patience: { end: () => void; endsWithNextByte: boolean } = {
  end: () => {},
  endsWithNextByte: false,
};

/** Takes the place of the timer that measures how long no byte has come. */
function holdPatience(t: TestContext): void {
  const { setTimeout: real } = globalThis;
  const held = (callback: () => void, ms?: number, ...rest: unknown[]) => {
    if (ms !== STALL_SECONDS * 1000) {
      return real(callback, ms, ...rest);
    }
    patience.end = callback;
    if (patience.endsWithNextByte) {
      setImmediate(callback);
    }
    patience.endsWithNextByte = false;
    return real(() => {}, 0);
  };
  t.mock.method(globalThis, "setTimeout", held as unknown as typeof setTimeout);
}

interface Fault {
  behaviour: Behaviour;
  says: RegExp;
  tries: number;
}

const faults: Record<string, Fault> = {
  "other bytes of the same length": {
    behaviour: whole(wrong),
    says: new RegExp(`hash mismatch: sha256 ${sha256(wrong)} where ${sha256(content)}`),
    tries: 1,
  },
  "an HTML page": {
    behaviour: answer(200, "text/html; charset=utf-8", "<html>This domain is for sale</html>"),
    says: /the answer is an HTML page, not the file/,
    tries: 1,
  },
  "a page that does not say it is HTML": {
    behaviour: answer(200, "text/plain", "<html>Please log in</html>"),
    says: /the answer has 26 bytes of type text\/plain where 300000 are expected/,
    tries: 1,
  },
  "404": {
    behaviour: answer(404, "text/plain", "gone"),
    says: /HTTP status 404 Not Found/,
    tries: 1,
  },
  "503": {
    behaviour: answer(503, "text/plain", "later"),
    says: /HTTP status 503 Service Unavailable/,
    tries: 2,
  },
  "more bytes than it announces": {
    behaviour: (_request, response) => {
      response.write(content);
      response.end(wrong);
    },
    says: /it sends more than the 300000 bytes expected/,
    tries: 1,
  },
  "a broken connection": {
    behaviour: (request) => request.socket.destroy(),
    says: /other side closed|socket hang up|ECONNRESET|terminated/,
    tries: 2,
  },
  "a transfer that breaks off": {
    behaviour: truncated(content, 100_000),
    says: /\(after \d+ of 300000 bytes\)/,
    tries: 2,
  },
  "an end that comes early": {
    behaviour: (_request, response) => {
      response.write(content.subarray(0, 1000));
      response.end();
    },
    says: /ended after 1000 of 300000 bytes/,
    tries: 2,
  },
  "a stall": {
    behaviour: (request, response) => {
      patience.endsWithNextByte = true;
      stalled(content, 1000)(request, response);
    },
    says: /stalled: no byte within 12345 seconds \(after 1000 of 300000 bytes\)/,
    tries: 2,
  },
  silence: {
    behaviour: () => patience.end(),
    says: /stalled: no byte within 12345 seconds \(after 0 of 300000 bytes\)/,
    tries: 2,
  },
};

for (const [name, { behaviour, says, tries }] of Object.entries(faults)) {
  test(`${name}: the next mirror is used`, async (t) => {
    holdPatience(t);
    const bad = mirror(behaviour);
    const good = mirror(whole(content));
    const registry = sampleRegistry([fileEntry("file.bin", content, [bad, good])]);
    const options = quietOptions(temporaryFolder(t), registry);
    const bytes = await loadFile("sample", "file.bin", { ...options, stallSeconds: STALL_SECONDS });
    assert.deepEqual(Buffer.from(bytes), content);
    assert.deepEqual(cachedFiles(options), ["file.bin"]);
    const asked = server.requests.filter((request) => bad.endsWith(request.path)).length;
    assert.equal(asked, tries);
  });

  test(`${name}: where no mirror is better, the error says so and nothing is left`, async (t) => {
    holdPatience(t);
    const mirrors = [mirror(behaviour), mirror(behaviour)];
    const registry = sampleRegistry([fileEntry("file.bin", content, mirrors)]);
    const options = quietOptions(temporaryFolder(t), registry);
    await assert.rejects(
      loadFile("sample", "file.bin", { ...options, stallSeconds: STALL_SECONDS }),
      (error) => {
        assert.ok(error instanceof DataError);
        assert.equal(error.code, "download-failed");
        for (const url of mirrors) {
          assert.ok(error.message.includes(url), error.message);
        }
        assert.match(error.message, says);
        assert.ok(error.message.includes(sha256(content)));
        assert.match(error.message, /KARENINA_DATA/);
        assert.match(error.message, /loadText\("other-sample"\)/);
        assert.ok(!error.message.includes("\n"));
        return true;
      },
    );
    assert.deepEqual(cachedFiles(options), []);
  });
}

test("no listening server: the error gives the system's reason", async (t) => {
  const closed = await startMirrorServer();
  const url = closed.serve("/file.bin", whole(content));
  await closed.close();
  const options = quietOptions(
    temporaryFolder(t),
    sampleRegistry([fileEntry("file.bin", content, [url])]),
  );
  await assert.rejects(loadFile("sample", "file.bin", options), /ECONNREFUSED/);
});

test("where a proxy is set that Node.js does not use, the error says so", async (t) => {
  const registry = sampleRegistry([
    fileEntry("file.bin", content, [mirror(faults["404"].behaviour)]),
  ]);
  const options = quietOptions(temporaryFolder(t), registry);
  const names = ["HTTPS_PROXY", "https_proxy", "NODE_USE_ENV_PROXY"];
  const before = names.map((name) => process.env[name]);
  try {
    for (const name of names) {
      delete process.env[name];
    }
    await assert.rejects(loadFile("sample", "file.bin", options), /^(?!.*PROXY)/);
    process.env.HTTPS_PROXY = "http://127.0.0.1:9";
    await assert.rejects(loadFile("sample", "file.bin", options), /NODE_USE_ENV_PROXY=1/);
  } finally {
    names.forEach((name, i) => {
      if (before[i] === undefined) {
        delete process.env[name];
      } else {
        process.env[name] = before[i];
      }
    });
  }
});

test("redirections and compressed answers are understood", async (t) => {
  const target = mirror((_request, response) => {
    response.writeHead(200, { "content-encoding": "gzip", "content-type": "text/plain" });
    response.end(gzipSync(content));
  });
  const moved = mirror((_request, response) => {
    response.writeHead(302, { location: target });
    response.end();
  });
  const registry = sampleRegistry([fileEntry("file.bin", content, [moved])]);
  const options = quietOptions(temporaryFolder(t), registry);
  assert.deepEqual(Buffer.from(await loadFile("sample", "file.bin", options)), content);
});

test("a file that is cut out of its download has both hashes checked", async (t) => {
  const raw = Buffer.from("Заглавие\nТекст\n");
  const text = Buffer.from("Текст\n");
  const url = mirror(whole(raw));
  const entry = (cut: number) => ({
    ...fileEntry("text.txt", text, [url]),
    raw: {
      bytes: raw.length,
      sha256: sha256(raw),
      transform: { kind: "cutCharacters" as const, count: cut },
    },
  });
  const options = quietOptions(temporaryFolder(t), sampleRegistry([entry(9)]));
  assert.deepEqual(Buffer.from(await loadFile("sample", "text.txt", options)), text);
  assert.deepEqual(cachedFiles(options), ["text.txt"]);

  const misfit = quietOptions(temporaryFolder(t), sampleRegistry([entry(8)]));
  await assert.rejects(
    loadFile("sample", "text.txt", misfit),
    /made of it by cutCharacters has 12 bytes where 11 are expected/,
  );
  assert.deepEqual(cachedFiles(misfit), []);
});

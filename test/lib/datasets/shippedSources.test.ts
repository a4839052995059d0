// Fetches every data set of the web from a loopback server under the registry's own paths, with
// the bytes that the public mirrors serve. Needs the files in KARENINA_DATA.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { after, before, test } from "node:test";
import { fetchDataSet } from "../../../lib/datasets/dataSets";
import { type FileEntry, parseRegistry, shippedRegistry } from "../../../lib/datasets/registry";
import { type MirrorServer, startMirrorServer, whole } from "./mirrorServer";
import { quietOptions, sha256, temporaryFolder } from "./workspace";

let server: MirrorServer;
before(async () => {
  server = await startMirrorServer();
});
after(() => server.close());

/** Author, title and epigraph, which the public file has before part one. */
const NOVEL_START = "Лев Николаевич Толстой. Анна Каренина\n\nМне отмщение, и аз воздам.\n\n\n";

/** What the mirrors serve for a file, made from the file itself. */
function rawBytes(file: FileEntry, content: Buffer): Buffer {
  switch (file.raw?.transform.kind) {
    case undefined:
      return content;
    case "cutCharacters":
      return Buffer.concat([Buffer.from(NOVEL_START), content]);
    case "semicolonToComma": {
      const [header = "", ...rows] = content.toString().split("\n");
      const names = header.split(",").map((name) => `"${name}"`);
      const cells = rows.map((row) => row.replace(/\.0(?=,)/g, "").replaceAll(",", ";"));
      // Of the whole numbers among the measurements, UCI writes this one alone with a fraction.
      const text = [names.join(";"), ...cells].join("\n");
      return Buffer.from(text.replace(";2.74;2;9.4;4", ";2.74;2.0;9.4;4"));
    }
  }
}

for (const [name, entry] of Object.entries(shippedRegistry().dataSets)) {
  if (entry.npm) {
    continue;
  }
  test(`${name} is fetched from its mirrors' bytes`, async (t) => {
    const folder = path.join(process.env.KARENINA_DATA || "nowhere", entry.folder ?? name);
    const files: FileEntry[] = [];
    for (const file of entry.files) {
      const source = path.join(folder, file.name);
      if (!existsSync(source)) {
        t.skip(`KARENINA_DATA has no ${file.name}`);
        return;
      }
      const raw = rawBytes(file, readFileSync(source));
      assert.equal(sha256(raw), (file.raw ?? file).sha256);
      // The first mirror has vanished; the others serve the file under its real path.
      const [, ...others] = file.mirrors.map((url, i) =>
        i === 0 ? url : server.serve(new URL(url).pathname, whole(raw)),
      );
      assert.ok(others.length > 0, "a file of the web has at least two mirrors");
      files.push({ ...file, mirrors: [new URL("/gone", others[0]).href, ...others] });
    }
    const registry = parseRegistry({
      version: 1,
      dataSets: { [name]: { ...entry, standIn: undefined, files } },
    });
    const options = { ...quietOptions(temporaryFolder(t), registry), dataFolder: "nowhere" };
    const fetched = await fetchDataSet(name, options);
    for (const file of entry.files) {
      assert.equal(sha256(readFileSync(fetched[file.name])), file.sha256);
    }
  });
}

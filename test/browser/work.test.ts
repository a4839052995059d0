// A reader's work on the live site's first page, in Chromium: one file out, and back beside what is there.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { deflateRawSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { parseProgress, progressText } from "../../lessons/exercises/standings";
import { writeContents } from "../../scripts/site/contents";
import { writeHome } from "../../scripts/site/home";
import { serve } from "../../scripts/site/serve";
import { unzip, zip } from "../../scripts/site/work/zip";
import { claiming } from "../scripts/site/claimingZip";
import { complaintsOf } from "./accessibility";
import { launchBrowser, newPage, onRequestElsewhere } from "./browser";

const ROOT = resolve(__dirname, "../..");

let folder: string;
let server: Server;
let browser: Browser;
let page: Page;
const elsewhere: string[] = [];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "work page-"));
  const lessons = [join(ROOT, "notebooks", "00-welcome.ipynb")];
  await writeHome(folder, lessons);
  writeContents(folder, lessons);
  const served = await serve(folder, { port: 0, below: "/a/course/" });
  server = served.server;
  browser = await launchBrowser();
  page = await newPage(browser);
  onRequestElsewhere(page, served.address, (url) => elsewhere.push(url));
  await page.goto(served.address);
});
after(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A reader's work as a file on the disk. */
async function workFile(name: string, entries: Record<string, string>): Promise<string> {
  const file = join(folder, name);
  const all = Object.entries(entries).map(([entry, text]) => ({
    name: entry,
    content: new TextEncoder().encode(text),
  }));
  writeFileSync(file, new Uint8Array(await (await zip(all)).arrayBuffer()));
  return file;
}

test("work comes back after a look at each file, beside what is there, and is downloaded again", async () => {
  const notebook = (source: string) => {
    const metadata = { trusted: true };
    const outputs = [
      {
        output_type: "display_data",
        metadata: {},
        data: { "text/html": "<script>top.ran=1</script>" },
      },
    ];
    const cell = { cell_type: "code", id: "a", source, metadata, outputs, execution_count: 1 };
    return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] });
  };
  const first = await workFile("first.zip", {
    "notebooks/mine.ipynb": notebook("1"),
    "files/home/notebooks/out.txt": "one",
    "../outside.txt": "x",
  });
  await page.locator("#work-file").setInputFiles(first);
  await page.getByText("../outside.txt: is left out: its name leads out of its folder.").waitFor();
  const shots = join(ROOT, "build/screenshots");
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, "home-work.png"), fullPage: true });
  assert.deepEqual(await complaintsOf(page), []);
  await page.getByRole("button", { name: "Bring back 2 files" }).click();
  await page.getByText("2 files brought back.").waitFor();
  await page.locator("#work-file").setInputFiles(first);
  await page.getByText("notebooks/mine.ipynb: is here already, the same.").waitFor();
  assert.equal(await page.locator("#carry-out").isVisible(), false);
  const standing = {
    attempts: 1,
    hints: 0,
    solution: false,
    right: true,
    time: "2027-01-02T03:04:05Z",
  };
  const second = await workFile("second.zip", {
    "notebooks/mine.ipynb": notebook("2"),
    "files/home/notebooks/out.txt": "two",
    "progress.json": progressText({ neuron: standing }),
  });
  await page.locator("#work-file").setInputFiles(second);
  await page.getByText("comes back as mine (2).ipynb, since there is another one here").waitFor();
  await page.getByRole("button", { name: "Bring back 3 files" }).click();
  await page.getByText("3 files brought back.").waitFor();
  await page.reload();
  await page.locator("#progress-sum").filter({ hasText: /^1 of/ }).waitFor();
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download my work" }).click();
  const download = await coming;
  assert.match(download.suggestedFilename(), /^karenina-work-\d{4}-\d\d-\d\d\.zip$/);
  const entries = await unzip(new Uint8Array(readFileSync(await download.path())));
  const texts = new Map(
    entries.map(({ name, content }) => [name, new TextDecoder().decode(content)]),
  );
  assert.deepEqual(
    [...texts.keys()],
    [
      "files/home/notebooks/out (2).txt",
      "files/home/notebooks/out.txt",
      "notebooks/mine (2).ipynb",
      "notebooks/mine.ipynb",
      "progress.json",
    ],
  );
  assert.equal(texts.get("files/home/notebooks/out.txt"), "one");
  assert.deepEqual(Object.keys(parseProgress(texts.get("progress.json") ?? "")), ["neuron"]);
  const mine = JSON.parse(texts.get("notebooks/mine.ipynb") ?? "");
  assert.deepEqual([mine.cells[0].source, mine.cells[0].metadata], ["1", {}]);
  assert.equal(mine.cells[0].outputs.length, 1);
  assert.equal(await page.evaluate<unknown>("top.ran"), undefined);
});

test("a file that is no work, a cut one and a bomb are refused in words", async () => {
  const good = readFileSync(await workFile("good.zip", { "notebooks/a.txt": "a" }));
  const packed = deflateRawSync(Buffer.alloc(100_000_000));
  for (const [content, words] of [
    [Buffer.from("hello"), "can't be brought back: it is no ZIP file, or its end is missing."],
    [good.subarray(0, good.length - 30), "it is no ZIP file, or its end is missing."],
    [claiming(100_000_000, packed), "it would unpack to 100 MB, and 4.9 MB are the most"],
  ] as const) {
    const file = join(folder, "wrong.zip");
    writeFileSync(file, new Uint8Array(content));
    await page.locator("#work-file").setInputFiles(file);
    await page.locator("#work-says", { hasText: words }).waitFor();
    assert.equal(await page.locator("#work-plan").isVisible(), false);
  }
});

test("no other site was asked for anything", () => {
  assert.deepEqual(elsewhere, []);
});

// npm packages in a tab: those that a site bundles, and those of other hosts that its owner allows.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import seedrandom from "seedrandom";
import { launchBrowser, onRequestElsewhere } from "./browser";
import { Cdn, integrityOf } from "./cdn";
import { failureOf, textOf, WorkerKernel } from "./workerKernel";
import { ISOLATION, WorkerSite } from "./workerSite";

const DOUBLING = "export const twice = (n) => 2 * n;";
const COUNTING = `import{twice as t}from"/npm/doubling@2.0.0/+esm";
export const four = () => t(2);
export let turns = 0;
export default function count() { turns++; return turns; }
export function refuse(what) {
  throw new RangeError("no " + what);
}`;
const LONELY = 'import "/npm/unlisted@1.0.0/+esm"; export const x = 1;';
const ROUND = 'export * from "./round.js"; export const y = 1;';
const LATE = "export const late = true;";

const files = new Map([
  ["/npm/doubling@2.0.0/+esm", DOUBLING],
  ["/npm/counting@1.2.3/+esm", COUNTING],
  ["/npm/lonely@1.0.0/+esm", LONELY],
  ["/npm/unlisted@1.0.0/+esm", "globalThis.unlistedHasRun = true;"],
  ["/npm/round@1.0.0/round.js", ROUND],
  ["/npm/changed@1.0.0/index.js", "globalThis.changedHasRun = true; export const x = 1;"],
]);

let folder: string;
let cdn: Cdn;
let site: WorkerSite;
let browser: Browser;
let kernel: WorkerKernel;
/** What a page with the kernel has asked other hosts for. */
const elsewhere: string[] = [];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "site packages-"));
  cdn = await Cdn.start(files);
  const nobody = await Cdn.start(new Map());
  nobody.close();
  writeFileSync(
    join(folder, "counting.d.ts"),
    `/** One more each time. */
export default function count(): number;
export declare let turns: number;
export declare function four(): 4;
export declare function refuse(what: string): never;`,
  );
  const at = (path: string, text: string, base = cdn.address) => ({
    url: base + path,
    integrity: integrityOf(text),
  });
  const packages = {
    counting: { ...at("/npm/counting@1.2.3/+esm", COUNTING), types: "counting.d.ts" },
    doubling: at("/npm/doubling@2.0.0/+esm", DOUBLING),
    lonely: at("/npm/lonely@1.0.0/+esm", LONELY),
    round: at("/npm/round@1.0.0/round.js", ROUND),
    changed: at("/npm/changed@1.0.0/index.js", "export const x = 1;"),
    late: at("/npm/late@1.0.0/index.js", LATE),
    unreachable: at("/npm/unreachable@1.0.0/index.js", LATE, nobody.address),
  };
  writeFileSync(join(folder, "cdn.json"), JSON.stringify({ packages }));
  site = await WorkerSite.make({
    bundle: ["minisearch", "seedrandom", "lodash.truncate"],
    cdn: join(folder, "cdn.json"),
  });
  browser = await launchBrowser();
  const address = await site.serve(ISOLATION);
  kernel = await WorkerKernel.start(browser, address, "worker.js");
  onRequestElsewhere(kernel.page, address, (found) => elsewhere.push(found));
});
after(async () => {
  await browser?.close();
  site?.remove();
  cdn?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What a cell that has a value shows as text. */
async function textFor(code: string): Promise<unknown> {
  const ran = await kernel.run(code);
  assert.equal(ran.outcome.status, "ok", failureOf(ran));
  return ran.outcome.status === "ok" && ran.outcome.result?.data["text/plain"];
}

test("a package that the site bundles is typed, completed and run, ESM and CommonJS alike", async () => {
  const found = await textFor(`import MiniSearch from "minisearch";
const index = new MiniSearch({ fields: ["text"] });
index.addAll([{ id: 1, text: "a neural net" }, { id: 2, text: "a novel" }]);
index.search("neural").map(({ id }) => id)`);
  assert.equal(found, "[ 1 ]");
  assert.match(failureOf(await kernel.run("index.search(1).lenght;")), /TS2551|TS2345/);
  const { matches } = (await kernel.ask("complete_request", "index.addA")) as {
    matches: string[];
  };
  assert.ok(matches.includes("addAll"), matches.join(" "));
  const number = await textFor(
    'import seedrandom, { alea } from "seedrandom"; [seedrandom("tab")(), alea("tab")()]',
  );
  const own = seedrandom("tab")();
  const other = seedrandom.alea("tab")();
  assert.equal(number, `[ ${own}, ${other} ]`);
});

test("a package without declarations is any, which a line says once", async () => {
  const code = 'import truncate from "lodash.truncate"; truncate("a neural net", { length: 6 })';
  const first = await kernel.run(code);
  assert.equal(
    first.outcome.status === "ok" && first.outcome.result?.data["text/plain"],
    "'a n...'",
  );
  assert.equal(
    textOf(first),
    "lodash.truncate comes without declarations of its types: all of it is `any` here.\n",
  );
  assert.equal(textOf(await kernel.run(code)), "");
});

test("nothing is asked of another host before a cell imports what the owner allows", () => {
  assert.deepEqual(elsewhere, []);
  assert.deepEqual(cdn.asked, []);
});

test("a package from another host is typed, and what it imports comes along", async () => {
  assert.equal(
    await textFor('import count, { four, turns } from "counting"; [count(), four(), turns]'),
    "[ 1, 4, 1 ]",
  );
  assert.match(failureOf(await kernel.run("const five: 5 = four();")), /TS2322/);
  assert.equal(await textFor("count(); turns"), "2");
  assert.equal(await textFor('(await import("counting")).four()'), "4");
  assert.equal(await textFor('import * as all from "counting"; all.default() + all.turns'), "6");
  const addresses = ["/npm/counting@1.2.3/+esm", "/npm/doubling@2.0.0/+esm"];
  assert.deepEqual(cdn.asked, addresses);
  // That the page's requests are seen is what the test before this one rests on.
  assert.deepEqual(
    elsewhere,
    addresses.map((path) => cdn.address + path),
  );
});

test("its errors have the cell's place", async () => {
  const failure = failureOf(await kernel.run('import { refuse } from "counting";\nrefuse("way");'));
  assert.match(failure, /^cell-\d+\.ts:2\n2 \| refuse\("way"\)/);
  assert.match(failure, /RangeError.*: no way\n.*counting@1\.2\.3\/\+esm:\d+:\d+/);
});

test("one that others have brought is there by its own name, as any", async () => {
  const ran = await kernel.run('import { twice } from "doubling"; twice(21)');
  assert.equal(ran.outcome.status === "ok" && ran.outcome.result?.data["text/plain"], "42");
  assert.match(textOf(ran), /^doubling comes without declarations/);
  assert.equal(cdn.asked.length, 2);
});

test("a file other than the owner allowed does not run", async () => {
  const failure = failureOf(await kernel.run('import { x } from "changed"; x'));
  const found = integrityOf(files.get("/npm/changed@1.0.0/index.js") as string);
  assert.match(failure, /changed was not loaded, and nothing of it has run/);
  assert.ok(failure.includes(found), failure);
  assert.equal(await textFor('"changedHasRun" in globalThis'), "false");
});

test("what the owner has not allowed is refused, whoever asks for it", async () => {
  const failure = failureOf(await kernel.run('import { x } from "lonely"; x'));
  assert.match(
    failure,
    /lonely was not loaded, because its file \S+ imports http\S+\/npm\/unlisted@1\.0\.0\/\+esm, which this site's owner has not allowed/,
  );
  assert.ok(!cdn.asked.includes("/npm/unlisted@1.0.0/+esm"));
  for (const ask of [
    'import d3 from "d3-array"; d3;',
    'await import(["d3", "array"].join("-"));',
  ]) {
    assert.match(
      failureOf(await kernel.run(ask)),
      /the site brings: nobody, minisearch, seedrandom, lodash\.truncate\. From other hosts its owner allows: counting, doubling, .*\. Ask whoever makes the site\./,
    );
  }
  assert.match(
    failureOf(await kernel.run('import { y } from "round"; y')),
    /round imports round: modules .* in a circle cannot be loaded/,
  );
});

test("a host that does not answer, or has no such file, is an error; the next import tries again", async () => {
  assert.match(
    failureOf(await kernel.run('import { late } from "unreachable"; late')),
    /unreachable could not be fetched from http\S+: there is no network, or that host does not let/,
  );
  const code = 'import { late } from "late"; late';
  assert.match(failureOf(await kernel.run(code)), /late could not be fetched.*HTTP status 404/);
  files.set("/npm/late@1.0.0/index.js", LATE);
  assert.equal(await textFor(code), "true");
});

test("require() of what has not been imported says how to import it", async () => {
  kernel = await WorkerKernel.start(browser, await site.serve(ISOLATION), "worker.js");
  assert.match(
    failureOf(await kernel.run('const { four } = require("counting"); four()')),
    /counting comes from another host, and require\(\) cannot wait for it/,
  );
});

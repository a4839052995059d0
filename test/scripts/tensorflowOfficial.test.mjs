import assert from "node:assert/strict";
import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { test } from "node:test";
import { addOnIn } from "../../scripts/setup/tensorflowHome.mjs";
import { install, whyNotOffered } from "../../scripts/setup/tensorflowOfficial.mjs";
import { silentReport, temporaryProject, write } from "./temporaryProject.mjs";

// Linux on another processor has no official binary, whatever a server says.
const offered = process.platform !== "linux" || process.arch === "x64";
const options = { skip: offered ? false : "there is no official binary for this platform" };

/** A host of binaries that gives every request one status. */
async function host(t, status) {
  const asked = [];
  const server = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(status).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  t.after(() => server.closeAllConnections());
  return { url: `http://127.0.0.1:${server.address().port}/binaries/`, asked };
}

function tfjsNode(project, binaryHost, script) {
  const manifest = { version: "4.22.0", binary: { host: binaryHost } };
  write(path.join(project.tfjsNode, "package.json"), JSON.stringify(manifest));
  write(path.join(project.tfjsNode, "scripts", "install.js"), script);
}

/** Leaves what tfjs-node's script leaves, and a trace of having run. */
const SCRIPT = `
  const fs = require("node:fs");
  fs.appendFileSync("../../../../runs", "run ");
  fs.mkdirSync("deps/lib", { recursive: true });
  fs.mkdirSync("lib/napi-v8", { recursive: true });
  fs.writeFileSync("lib/napi-v8/tfjs_binding.node", "works");`;

test("the host is asked first, and its answer is the reason", options, async (t) => {
  const ask = (url, env = {}) => whyNotOffered({ version: "4.22.0", binary: { host: url } }, env);
  const there = await host(t, 200);
  assert.equal(await ask(there.url), null);
  assert.match(there.asked[0], /^HEAD \/binaries\/napi-v8\/4\.22\.0\/CPU-\w+-4\.22\.0\./);
  assert.match(await ask((await host(t, 403)).url), /its host answers 403 for CPU-/);
  assert.equal(await ask("http://127.0.0.1:9/"), "its host cannot be reached");
  assert.equal(await ask("http://127.0.0.1:9/", { HTTPS_PROXY: "http://proxy" }), null);
});

test("what the script installed outlives node_modules", options, async (t) => {
  const project = temporaryProject(t);
  const { url } = await host(t, 200);
  tfjsNode(project, url, SCRIPT);
  const runs = () => fs.readFileSync(path.join(project.base, "runs"), "utf8");
  assert.deepEqual(await install(project, silentReport()), {
    ok: true,
    version: "2.0.0",
    gigaflops: undefined,
    note: null,
  });
  assert.equal(runs(), "run ");

  fs.rmSync(project.nodeModules, { recursive: true });
  tfjsNode(project, "http://127.0.0.1:9/", SCRIPT);
  const again = await install(project, silentReport());
  assert.equal(again.ok, true, "offline, from the cache");
  assert.equal(fs.readFileSync(addOnIn(project.tfjsNode), "utf8"), "works");
  assert.equal(runs(), "run ");
});

test("a script that fails, and a binary that does not run, are reasons", options, async (t) => {
  const { url } = await host(t, 200);
  const project = temporaryProject(t);
  tfjsNode(project, url, "console.error('Error: no room'); process.exit(1)");
  assert.deepEqual(await install(project, silentReport()), {
    ok: false,
    reason: "its install script failed: Error: no room",
  });
  tfjsNode(project, url, SCRIPT.replace("works", "old glibc"));
  const outcome = await install(project, silentReport());
  assert.match(outcome.reason, /it does not run here: .*it is broken/);
});

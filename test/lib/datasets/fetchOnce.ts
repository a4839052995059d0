// A process of its own for the tests: fetches "sample" into a cache and prints its sha256.
import "../../../lib/node";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { loadFile } from "../../../lib/datasets/dataSets";
import { parseRegistry } from "../../../lib/datasets/registry";

const [registryFile = "", cacheFolder = ""] = process.argv.slice(2);
const registry = parseRegistry(JSON.parse(readFileSync(registryFile, "utf8")));
process.stdout.write("started\n");
loadFile("sample", "file.bin", { registry, cacheFolder, offline: false, stallSeconds: 60 }).then(
  (bytes) => process.stdout.write(`${createHash("sha256").update(bytes).digest("hex")}\n`),
  (error) => {
    process.stderr.write(`${error.code}: ${error.message}\n`);
    process.exitCode = 1;
  },
);

import "../node";
import { Command } from "commander";
import { type Look, placesOf, readVerified, settle } from "../datasets/dataOptions";
import { fetchDataSet, listDataSets } from "../datasets/dataSets";
import { type DataSetEntry, findDataSet } from "../datasets/registry";
import { DataError } from "../text/dataError";

/** A file of a data set in one of the places where it may lie. */
interface Finding {
  file: string;
  path: string;
  label: string;
  look: Look;
}

async function inspect(name: string): Promise<{ entry: DataSetEntry; findings: Finding[] }> {
  const settings = settle();
  const entry = findDataSet(settings.registry, name);
  const findings: Finding[] = [];
  for (const file of entry.files) {
    for (const { path, label } of placesOf(name, entry, file, settings)) {
      findings.push({ file: file.name, path, label, look: readVerified(path, file) });
    }
  }
  return { entry, findings };
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Where each file is: "data folder", "cache", "not fetched" or "damaged". */
function whereabouts(entry: DataSetEntry, findings: Finding[]): string {
  const states = entry.files.map((file) => {
    const own = findings.filter((finding) => finding.file === file.name);
    const found = own.find((finding) => finding.look.state === "found");
    if (found) return found.label;
    return own.some((finding) => finding.look.state === "damaged") ? "damaged" : "not fetched";
  });
  return [...new Set(states)].join(", ");
}

function printTable(rows: string[][]): void {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  for (const row of rows) {
    console.log(
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join("  ")
        .trimEnd(),
    );
  }
}

async function list(): Promise<void> {
  const rows = [["NAME", "KIND", "SIZE", "ON THIS MACHINE", "TITLE"]];
  for (const { name, kind, bytes, title } of listDataSets()) {
    const { entry, findings } = await inspect(name);
    rows.push([name, kind, size(bytes), whereabouts(entry, findings), title]);
  }
  printTable(rows);
}

async function fetchAll(names: string[], all: boolean): Promise<void> {
  const known = listDataSets().map((dataSet) => dataSet.name);
  if (!all && names.length === 0) {
    throw new DataError(
      "bad-option",
      `Which data set? Give one or more names, or --all. The names are: ${known.join(", ")}.`,
    );
  }
  const wanted = all ? known : names;
  // A misspelt name is told before anything is fetched.
  for (const name of wanted) findDataSet(settle().registry, name);
  for (const name of wanted) {
    try {
      for (const path of Object.values(await fetchDataSet(name))) console.log(path);
    } catch (error) {
      // The others may still be had.
      report(error);
    }
  }
}

async function verify(names: string[]): Promise<void> {
  const wanted = names.length > 0 ? names : listDataSets().map((dataSet) => dataSet.name);
  let found = 0;
  let damaged = 0;
  for (const name of wanted) {
    for (const { path, look } of (await inspect(name)).findings) {
      if (look.state === "found") {
        found++;
        console.log(`ok       ${path}`);
      } else if (look.state === "damaged") {
        damaged++;
        console.log(`DAMAGED  ${path}: it ${look.why}`);
      }
    }
  }
  console.log(`${found} files are right, ${damaged} damaged.`);
  if (damaged > 0) {
    console.log(
      'Fetch the damaged ones again with "npm run datasets -- fetch NAME"; a file in your own data folder you must replace or delete yourself.',
    );
    process.exitCode = 1;
  }
}

/** Tells what went wrong: a data error as its text alone, any other with its stack. */
function report(error: unknown): void {
  console.error(error instanceof DataError ? error.message : error);
  process.exitCode = 1;
}

const program = new Command("datasets").description(
  "The data sets of the course: what there is, where it lies, and whether it is whole.",
);
program.command("list", { isDefault: true }).description("list all data sets").action(list);
program
  .command("fetch")
  .argument("[names...]", "names of data sets")
  .option("--all", "fetch every data set", false)
  .description("fetch data sets into the cache and print where their files lie")
  .action((names: string[], options: { all: boolean }) => fetchAll(names, options.all));
program
  .command("verify")
  .argument("[names...]", "names of data sets; all by default")
  .description("compare what is on this machine with the registry's hashes; exits 1 on damage")
  .action(verify);

program.parseAsync().catch(report);

import { Command } from "commander";
import { lookForDataSet, settle } from "../datasets/dataOptions";
import { fetchDataSet, listDataSets } from "../datasets/dataSets";
import { findDataSet } from "../datasets/registry";
import { DataError } from "../text/dataError";
import { CommandError, EXIT } from "./exit";
import { callOf } from "./terminal";

function size(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Where each file is: "data folder", "cache", "not fetched" or "damaged". */
function whereabouts(name: string): string {
  const states = lookForDataSet(name).map((places) => {
    const found = places.find(({ look }) => look.state === "found");
    return (
      found?.label ??
      (places.some(({ look }) => look.state === "damaged") ? "damaged" : "not fetched")
    );
  });
  return [...new Set(states)].join(", ");
}

function list(): void {
  const rows = [["NAME", "KIND", "SIZE", "ON THIS MACHINE", "TITLE"]];
  for (const { name, kind, bytes, title } of listDataSets()) {
    rows.push([name, kind, size(bytes), whereabouts(name), title]);
  }
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  for (const row of rows) {
    const cells = row.map((cell, i) => cell.padEnd(widths[i]));
    console.log(cells.join("  ").trimEnd());
  }
}

/** Returns the exit status. */
async function fetchAll(names: string[], all: boolean): Promise<number> {
  const known = listDataSets().map((dataSet) => dataSet.name);
  if (!all && names.length === 0) {
    throw new CommandError(
      `Which data set? Give one or more names, or --all. The names are: ${known.join(", ")}.`,
    );
  }
  const wanted = all ? known : names;
  // A misspelt name is reported before anything is fetched.
  for (const name of wanted) {
    findDataSet(settle().registry, name);
  }
  let status: number = EXIT.done;
  for (const name of wanted) {
    try {
      for (const path of Object.values(await fetchDataSet(name))) {
        console.log(path);
      }
    } catch (error) {
      // The others may still be had.
      console.error(error instanceof DataError ? error.message : error);
      status = EXIT.failed;
    }
  }
  return status;
}

/** Returns the exit status. */
function verify(names: string[]): number {
  const wanted = names.length > 0 ? names : listDataSets().map((dataSet) => dataSet.name);
  let found = 0;
  let damaged = 0;
  for (const name of wanted) {
    for (const { path, look } of lookForDataSet(name).flat()) {
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
      `Fetch the damaged ones again with "${callOf("datasets", "fetch NAME")}"; a file in your own data folder you must replace or delete yourself.`,
    );
  }
  return damaged > 0 ? EXIT.failed : EXIT.done;
}

/**
 * The data sets of the course, under the name by which the command is called.
 *
 * @param call what a user writes before `fetch`: "karenina datasets"
 * @param onExit gets the exit status of what was run
 */
export function datasetsCommand(call: string, onExit: (status: number) => void): Command {
  const datasets: Command = new Command("datasets")
    .description(
      "The data sets of the course: what there is, where it lies, and whether it is whole.",
    )
    .configureHelp({
      commandUsage: (command) =>
        [call, ...(command === datasets ? [] : [command.name()]), command.usage()].join(" "),
    });
  datasets
    .command("list", { isDefault: true })
    .argument("[others...]")
    .usage("[options]")
    .description("list all data sets")
    .action((others: string[]) => {
      if (others.length > 0) {
        throw new CommandError(
          `"${others[0]}" is none of list, fetch and verify. To fetch a data set: ${callOf("datasets", "fetch NAME")}`,
          true,
        );
      }
      list();
    });
  datasets
    .command("fetch")
    .argument("[names...]", "names of data sets")
    .option("--all", "fetch every data set", false)
    .description("fetch data sets into the cache and print where their files lie")
    .action(async (names: string[], options: { all: boolean }) =>
      onExit(await fetchAll(names, options.all)),
    );
  datasets
    .command("verify")
    .argument("[names...]", "names of data sets; all by default")
    .description("compare what is on this machine with the registry's hashes; exits 1 on damage")
    .action((names: string[]) => onExit(verify(names)));
  return datasets;
}

import fs from "node:fs";
import os from "node:os";
import * as path from "node:path";
import { z } from "zod";
import { processLives, writeAtomically } from "../host/node/writeAtomically";
import { CommandError } from "./commandError";

const ownerSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  /** When the process began, as the system counts it: the number of a dead process may be given again. */
  began: z.string(),
});
type Owner = z.output<typeof ownerSchema>;

/**
 * Keeps other trainings from writing checkpoints of the same name, by a file `<name>.lock` with this
 * process's number. The lock of a process that lives no more is taken over.
 *
 * @param name the checkpoints' name, such as `cv/checkpoint`
 * @returns what gives the lock back
 * @throws CommandError naming the process that holds it
 */
export function lockCheckpoints(name: string): () => void {
  const file = `${name}.lock`;
  const self = JSON.stringify({
    pid: process.pid,
    host: os.hostname(),
    began: beginOf(process.pid),
  });
  // Says in clear words what is wrong with a folder, and makes it where missing.
  const probe = `${file}.try`;
  writeAtomically(probe, "");
  fs.rmSync(probe, { force: true });
  const owner = readOwner(file);
  if (owner && lives(owner)) throw new CommandError(refusal(name, file, owner));
  fs.rmSync(file, { force: true });
  try {
    fs.writeFileSync(file, self, { flag: "wx" });
  } catch (error) {
    // Another process came first.
    const other = readOwner(file);
    throw other ? new CommandError(refusal(name, file, other)) : error;
  }
  return () => {
    if (JSON.stringify(readOwner(file)) === self) fs.rmSync(file, { force: true });
  };
}

function refusal(name: string, file: string, { pid, host }: Owner): string {
  const where = host === os.hostname() ? "" : ` on the machine ${host}`;
  return (
    `Another training, process ${pid}${where}, writes checkpoints named ${name} at this moment. Wait for it, ` +
    `stop it, or choose another --checkpoint-name. (If there is no such process, delete ${path.resolve(file)}.)`
  );
}

function readOwner(file: string): Owner | undefined {
  try {
    return ownerSchema.parse(JSON.parse(fs.readFileSync(file, "utf8")));
  } catch {
    // Missing, or nobody's.
    return undefined;
  }
}

function lives({ pid, host, began }: Owner): boolean {
  // Nothing is known of another machine's processes.
  if (host !== os.hostname()) return true;
  return processLives(pid) && beginOf(pid) === began;
}

/** A process's start time where the system gives it (Linux: field 22 of stat), else nothing. */
function beginOf(pid: number): string {
  try {
    const status = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    return status.slice(status.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

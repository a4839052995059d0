import { lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Hub } from "./hub";
import type { StudentKernel } from "./studentKernel";
import type { UnixUser } from "./unixUsers";

/** Something that a student tried, or that another could use, and whether it was refused. */
export interface Barrier {
  attempt: string;
  holds: boolean;
  /** What was seen instead. */
  seen: string;
}

export interface IsolationOptions {
  hub: Hub;
  /** Who tries, with a kernel of theirs. */
  student: UnixUser;
  kernel: StudentKernel;
  /** Whose work is tried; a kernel of theirs runs, too. */
  other: UnixUser;
  /** The shared installation. */
  course: string;
  /** The notebook that both have, relative to their folder. */
  notebook: string;
}

/** Lets one student try to get at another's work, and at the installation. */
export async function tryBarriers(options: IsolationOptions): Promise<Barrier[]> {
  const { hub, student, kernel, other, course, notebook } = options;
  const theirs = join(other.home, "karenina", notebook);
  const refusal = async (attempt: string, call: string): Promise<Barrier> => {
    const { printed, error } = await kernel.execute(
      `{ let seen = "done";
         try { require("node:fs").${call}; } catch (error) { seen = (error as { code: string }).code; }
         console.log(seen); }`,
    );
    const seen = error ?? printed.trim();
    return { attempt, holds: seen === "EACCES", seen };
  };
  const path = JSON.stringify;
  const files = [
    await refusal("read another's notebook", `readFileSync(${path(theirs)})`),
    await refusal(
      "list the sockets of another's kernels",
      `readdirSync(${path(join(other.home, ".run"))})`,
    ),
    await refusal(
      "write into the installation",
      `openSync(${path(join(course, "lib", "index.ts"))}, "a")`,
    ),
    await refusal(
      "add to the installation",
      `mkdirSync(${path(join(course, "node_modules", "new"))})`,
    ),
  ];
  const { token } = await hub.get<{ token: string }>(
    "POST",
    `/hub/api/users/${student.name}/tokens`,
  );
  const own = await hub.ask("GET", `/user/${student.name}/api/contents`, undefined, token);
  const server = await hub.ask("GET", `/user/${other.name}/api/contents`, undefined, token);
  const listening = listeningPorts(other.uid);
  const temporary = temporaryFiles(other);
  return [
    ...files,
    {
      attempt: "ask another's server, with a token that opens one's own",
      holds: own.status === 200 && server.status === 403,
      seen: `${own.status} from one's own, ${server.status} from the other`,
    },
    {
      attempt: "listen to another's kernel over TCP",
      holds: listening === 1,
      seen: `${listening} open port, that of the server`,
    },
    {
      attempt: "lay files where another's programs keep theirs for a while",
      holds: temporary === 0,
      seen: `${temporary} in the folder that all can write`,
    },
  ];
}

/** How many files and folders a user has made in the temporary folder of all. */
function temporaryFiles({ uid, home }: UnixUser): number {
  const folder = "/tmp";
  // An earlier user may have had the same number.
  const born = statSync(home).birthtimeMs;
  return readdirSync(folder)
    .map((name) => lstatSync(join(folder, name), { throwIfNoEntry: false }))
    .filter((entry) => entry?.uid === uid && entry.birthtimeMs >= born).length;
}

/** How many TCP ports a user's processes listen on. */
function listeningPorts(uid: number): number {
  const LISTEN = "0A";
  return ["/proc/net/tcp", "/proc/net/tcp6"]
    .flatMap((file) => readFileSync(file, "utf8").trim().split("\n").slice(1))
    .map((row) => row.trim().split(/\s+/))
    .filter((row) => row[3] === LISTEN && Number(row[7]) === uid).length;
}

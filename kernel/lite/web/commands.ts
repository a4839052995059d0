// Commands that a page has in the place of programs: functions that its site gives, by a program's name.

/** Where a command's texts go, and who stops it. */
export interface CommandStreams {
  out(text: string): void;
  err(text: string): void;
  /** Is aborted when it is to come to an end. */
  signal: AbortSignal;
}

/**
 * Does what a program would do.
 * @param words the program's name and what follows it, as a shell would hand them over
 * @returns the exit status
 */
export type Command = (words: readonly string[], streams: CommandStreams) => Promise<number>;

/** Commands that the site has given, by the program's name. */
export const provided = new Map<string, Command>();

/** Loads the script that brings a program, where the site has one. */
export const source = { load: (_program: string): void => {} };

/** Remembers how to stop a command with the cell that has started it. */
export const keeper = {
  track:
    (_stop: () => void): (() => void) =>
    () => {},
};

/** A command on its way. */
export interface RunningCommand {
  /** Its exit status; the error says why there is no such command. */
  ended: Promise<number>;
  stop(): void;
}

/** Commands share the worker's files and random numbers, as programs do not: they run one by one. */
let last: Promise<unknown> = Promise.resolve();

/** Starts a line as a shell would, as far as a page has what it names. */
export function startLine(line: string, streams: Omit<CommandStreams, "signal">): RunningCommand {
  const controller = new AbortController();
  const stop = () => controller.abort();
  const run = async () => {
    const words = wordsOf(line);
    const [program] = words;
    if (program !== undefined && !provided.has(program)) {
      source.load(program);
    }
    const command = program === undefined ? undefined : provided.get(program);
    if (!command) {
      throw new Error(
        `A page in a browser has no shell to run ${JSON.stringify(line)} in${known()}.`,
      );
    }
    return await command(words, { ...streams, signal: controller.signal });
  };
  const ended = last.then(run, run);
  last = ended.catch(() => {});
  const forget = keeper.track(stop);
  ended.then(forget, forget);
  return { ended, stop };
}

const known = () =>
  provided.size === 0 ? "" : `; it has functions of its own for ${[...provided.keys()].join(", ")}`;

const OPERATOR = /[|&;<>()$`*?~#]/;

/**
 * The words of a line, as a POSIX shell cuts it: with quotes and backslashes.
 * @throws Error for all else that a shell does: pipes, redirections, variables, patterns
 */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < line.length; at++) {
    const character = line[at];
    if (character === "'" || character === '"') {
      const end = closing(line, at);
      const inside = line.slice(at + 1, end);
      word = (word ?? "") + (character === "'" ? inside : inside.replace(/\\(["\\$`])/g, "$1"));
      at = end;
    } else if (character === "\\") {
      at++;
      // A line goes on behind a backslash.
      word = line[at] === "\n" ? word : (word ?? "") + (line[at] ?? "");
    } else if (/\s/.test(character)) {
      if (word !== undefined) {
        words.push(word);
      }
      word = undefined;
    } else if (OPERATOR.test(character)) {
      throw new Error(
        `${JSON.stringify(line)} takes a shell, for its "${character}". A page has none: it knows single commands alone.`,
      );
    } else {
      word = (word ?? "") + character;
    }
  }
  return word === undefined ? words : [...words, word];
}

function closing(line: string, from: number): number {
  for (let at = from + 1; at < line.length; at++) {
    if (line[at] === line[from]) {
      return at;
    }
    at += line[from] === '"' && line[at] === "\\" ? 1 : 0;
  }
  throw new Error(`A quotation mark of ${JSON.stringify(line)} is not closed.`);
}

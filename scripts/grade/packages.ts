import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { buildSync, transformSync } from "esbuild";
import { exercisesIn, typesAlone, withoutAnswers } from "./answerless";

const ROOT = resolve(__dirname, "../..");

/** What submissions are compiled against and run with: packages that know no answer. */
export interface Packages {
  /** The folder that is seen in the sandbox: the packages as JavaScript, and what runs cells. */
  run: string;
  /** The folder in which cells are compiled: of the exercises only the types. */
  types: string;
  /** By exercise: a module of the lessons' package, as JavaScript, that knows this answer and no other. */
  answers: ReadonlyMap<string, string>;
}

/**
 * What runs cells with the packages in a folder, see {@link Packages.run}.
 *
 * @param memory bytes for the process; compiled code is good for processes with the same limit alone
 */
export function runner(
  run: string,
  memory: number,
): { command: string[]; environment: Record<string, string> } {
  const heap = `--max-old-space-size=${Math.round((memory / 2 ** 20) * 0.75)}`;
  const preload = join(run, "node_modules/karenina/host/node/preload.cjs");
  return {
    command: [realpathSync(process.execPath), heap, "-r", preload, join(run, "inside.cjs")],
    environment: { TF_CPP_MIN_LOG_LEVEL: "2", KARENINA_OFFLINE: "1" },
  };
}

/**
 * Makes the packages in an empty folder, once for all submissions.
 *
 * @param memory see {@link runner}
 */
export function makePackages(folder: string, memory: number): Packages {
  const run = join(folder, "run");
  const types = join(folder, "types");
  for (const each of [run, types]) {
    const modules = join(each, "node_modules");
    mkdirSync(modules, { recursive: true });
    mkdirSync(join(each, "notebooks"));
    for (const name of readdirSync(join(ROOT, "node_modules"))) {
      if (
        !["karenina", "karenina-lessons", "karenina-kernel"].includes(name) &&
        !name.startsWith(".")
      ) {
        symlinkSync(join(ROOT, "node_modules", name), join(modules, name), "junction");
      }
    }
  }
  cpSync(join(ROOT, "tsconfig.json"), join(types, "tsconfig.json"));
  symlinkSync(join(ROOT, "lib"), join(types, "node_modules", "karenina"), "junction");
  const lessonTypes = copyLessons(join(types, "lessons"), typesAlone);
  symlinkSync(lessonTypes, join(types, "node_modules", "karenina-lessons"), "junction");
  // Keeps both packages in the compiler's program when the cells that import them make way.
  writeFileSync(
    join(types, "always.d.ts"),
    'export type Always = [typeof import("karenina"), typeof import("karenina-lessons")];\n',
  );
  const lessons = copyLessons(join(folder, "lessons"), withoutAnswers);
  cpSync(join(lessons, "exercises/handIn.ts"), join(lessons, "exercises/exercise.ts"));
  asJavaScript(lessons, join(run, "node_modules", "karenina-lessons"));
  asJavaScript(join(ROOT, "lib"), join(run, "node_modules", "karenina"));
  cpSync(join(ROOT, "datasets"), join(run, "node_modules", "datasets"), { recursive: true });
  buildSync({
    entryPoints: [join(__dirname, "inside.ts")],
    outfile: join(run, "inside.cjs"),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    external: ["typescript"],
    logLevel: "error",
  });
  const { command, environment } = runner(run, memory);
  // Where this fails, processes take longer to start, and nothing else happens.
  const [program, ...args] = command;
  spawnSync(program, [...args, "--remember-code"], {
    cwd: folder,
    env: { ...process.env, ...environment, HOME: folder },
    stdio: ["ignore", "ignore", "ignore", "ignore"],
    timeout: 120_000,
  });
  return { run, types, answers: answersIn(join(ROOT, "lessons/exercises")) };
}

/** Copies the lessons' package, with its modules of exercises changed. */
function copyLessons(to: string, change: (text: string) => string): string {
  cpSync(join(ROOT, "lessons"), to, {
    recursive: true,
    filter: (file) => !/node_modules|(earlyStop|solutions)\.ts$/.test(file),
  });
  const exercises = join(to, "exercises");
  for (const name of readdirSync(exercises)) {
    const file = join(exercises, name);
    const text = readFileSync(file, "utf8");
    if (exercisesIn(text).length > 0) {
      writeFileSync(file, change(text));
    }
  }
  writeFileSync(
    join(exercises, "solutions.ts"),
    "export const solutions: Readonly<Record<string, string>> = {};\n",
  );
  return to;
}

/** A package with each TypeScript file as CommonJS, and all else as it is. */
function asJavaScript(from: string, to: string): void {
  const files = readdirSync(from, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => !relative(from, file).includes("node_modules"));
  const isCode = (file: string) => /\.ts$/.test(file) && !/\.d\.ts$/.test(file);
  buildSync({
    entryPoints: files.filter(isCode),
    outdir: to,
    outbase: from,
    platform: "node",
    target: "node20",
    format: "cjs",
    logLevel: "error",
  });
  for (const file of files.filter((each) => !isCode(each))) {
    const copy = join(to, relative(from, file));
    mkdirSync(dirname(copy), { recursive: true });
    cpSync(file, copy);
  }
  const about = join(to, "package.json");
  const { types: _, ...rest } = JSON.parse(readFileSync(about, "utf8"));
  writeFileSync(about, JSON.stringify({ ...rest, main: "index.js" }));
}

/** What some modules of exercises make answers of, and nothing else. */
const ANSWERS_ALONE = "earlyStop";

function answersIn(exercises: string): Map<string, string> {
  const javascript = (text: string) =>
    transformSync(text, { loader: "ts", format: "cjs", target: "node20" }).code;
  const shared = javascript(readFileSync(join(exercises, `${ANSWERS_ALONE}.ts`), "utf8"));
  const answers = new Map<string, string>();
  for (const name of readdirSync(exercises)) {
    const text = readFileSync(join(exercises, name), "utf8");
    for (const exercise of exercisesIn(text)) {
      const code = javascript(withoutAnswers(text, exercise)).replace(
        `require("./${ANSWERS_ALONE}")`,
        () => `((module) => { ${shared} return module.exports; })({ exports: {} })`,
      );
      answers.set(exercise, code);
    }
  }
  return answers;
}

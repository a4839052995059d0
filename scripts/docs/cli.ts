// npm run docs -- [FILES]: the lessons as students get them, with solutions, as a lecture, and a site.
import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { Command } from "commander";
import { findNotebooks } from "../../runner/findNotebooks";
import { readNotebook, writeAtomically } from "../../runner/notebookFile";
import { courseMapSvg } from "./courseMap";
import { withTable } from "./dependencyTable";
import { glossaryFile, glossaryOf } from "./glossary";
import { writeOwnNotebooks } from "./ownNotebooks";
import { makeSite } from "./site";
import { solutionsModule } from "./solutions";
import { TEACHING, withTimes } from "./teaching";
import { restampCommand, staleCommand } from "./translationCommands";
import { makeWebsite } from "./website";
import { type Language, WORDS } from "./words";

const ROOT = resolve(__dirname, "../..");

const EDITIONS = Object.entries(WORDS).flatMap(([language]) =>
  language === "en" ? [] : [language as Language],
);

interface CliOptions {
  out: string;
  slides: boolean;
}

async function run(files: string[], { out, slides }: CliOptions): Promise<void> {
  const folder = resolve(ROOT, out);
  // npm runs in the project's folder; INIT_CWD is where the user typed.
  const folders = [process.env.INIT_CWD ?? process.cwd(), ROOT];
  const whole = files.length === 0;
  const notebooks = whole ? findNotebooks(["notebooks"], [ROOT]) : findNotebooks(files, folders);
  const { files: made, editions } = await makeSite({ notebooks, root: ROOT, folder, slides });
  if (whole && slides) {
    made.push(...(await makeWebsite({ editions, folder })));
  }
  for (const file of made) {
    console.log(relative(process.cwd(), file));
  }
}

const dependencies = new Command("dependencies")
  .description("Writes the table of docs/dependencies.md from the manifests and what is installed.")
  .action(() => {
    const file = resolve(ROOT, "docs/dependencies.md");
    writeAtomically(file, withTable(readFileSync(file, "utf8"), ROOT));
    console.log(relative(process.cwd(), file));
  });

const glossary = new Command("glossary")
  .description(
    "Writes docs/glossary.md, in each language, from docs/glossary.json and the lessons.",
  )
  .action(() => {
    for (const language of Object.keys(WORDS) as Language[]) {
      const file = resolve(ROOT, glossaryFile(language));
      writeAtomically(file, glossaryOf(ROOT, language));
      console.log(relative(process.cwd(), file));
    }
  });

const teaching = new Command("teaching")
  .description(
    "Writes the times and the map of docs/teaching/README.md from the notebooks and what they need.",
  )
  .action(() => {
    const [page, map] = [TEACHING.page, TEACHING.map].map((file) => resolve(ROOT, file));
    writeAtomically(page, withTimes(readFileSync(page, "utf8"), ROOT));
    writeAtomically(map, courseMapSvg());
    console.log([page, map].map((file) => relative(process.cwd(), file)).join("\n"));
  });

const notebooks = new Command("notebooks")
  .description(
    "Writes the lessons in another language as notebooks to run and change, into notebooks-LANGUAGE. " +
      "What was changed there stays. `npm start -- --language ru` does this, too.",
  )
  .argument("<language>", "such as ru")
  .action((wanted: string) => {
    const [language] = EDITIONS.filter((each) => each === wanted);
    if (language === undefined) {
      throw new Error(
        `There are no notebooks to write in ${JSON.stringify(wanted)}. The lessons are translated to: ` +
          `${EDITIONS.join(", ")}; the English ones lie in notebooks/.`,
      );
    }
    const folder = resolve(ROOT, `notebooks-${language}`);
    const lessons = findNotebooks(["notebooks"], [ROOT]);
    for (const each of writeOwnNotebooks({ lessons, language, folder, root: ROOT })) {
      const shown = relative(process.cwd(), each.file);
      if (each.state === "left out") {
        console.error(`${shown} is left out:\n${each.reason}`);
      } else if (each.state === "kept") {
        console.log(
          `${shown} stays as you changed it. Rename it to get the newer lesson beside it.`,
        );
      } else {
        console.log(shown);
      }
    }
  });

const solutions = new Command("solutions")
  .description("Writes lessons/exercises/solutions.ts from the solutions' cells in the lessons.")
  .action(() => {
    const file = resolve(ROOT, "lessons/exercises/solutions.ts");
    const lessons = findNotebooks(["notebooks"], [ROOT]);
    writeAtomically(file, solutionsModule(lessons.map((path) => readNotebook(path))));
    console.log(relative(process.cwd(), file));
  });

new Command("docs")
  .description(
    "Makes of each lesson the student's version (without solutions), the solution version, and a " +
      "lecture: slides of the student's version, with the outputs that are stored in the lesson. " +
      "Where no files are named, makes a site of them, too: pages, API reference, search.",
  )
  .argument(
    "[files...]",
    "notebooks, folders or glob patterns (default: all lessons, and the site)",
  )
  .option("--out <folder>", "where they go, relative to the project", "build/site")
  .option("--no-slides", "the notebooks alone; slides and pages need Jupyter in .venv")
  .action(run)
  .addCommand(staleCommand())
  .addCommand(restampCommand())
  .addCommand(notebooks)
  .addCommand(dependencies)
  .addCommand(glossary)
  .addCommand(solutions)
  .addCommand(teaching)
  .parseAsync()
  .catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });

// npm start: set-up where it is missing, then JupyterLab on the first lesson, with `--language ru` on
// the first in Russian. All else after `--` is handed to Jupyter, `npm start -- --no-browser --port 8890`
// for one.
import path from "node:path";
import { parseArgs } from "node:util";
import { jupyterEnv, labArguments } from "./setup/lab.mjs";
import { runProgram, runServer } from "./setup/program.mjs";
import { project } from "./setup/project.mjs";
import { runMain, SetupError } from "./setup/report.mjs";
import { setUp } from "./setup/steps.mjs";
import { lessons } from "./test/notebooks.mjs";

/** The language that was asked for, English by default, and what is Jupyter's. */
function languageOf(args) {
  const { tokens } = parseArgs({
    args,
    options: { language: { type: "string" } },
    strict: false,
    tokens: true,
  });
  const asked = tokens.filter(({ kind, name }) => kind === "option" && name === "language");
  const taken = new Set(
    asked.flatMap(({ index, inlineValue }) => (inlineValue ? [index] : [index, index + 1])),
  );
  const language = asked.length === 0 ? "en" : asked.at(-1).value;
  if (typeof language !== "string" || !/^[a-z]{2}$/.test(language)) {
    throw new SetupError(
      "--language takes a language's two letters, as in: npm start -- --language ru",
    );
  }
  return { language, passedOn: args.filter((_, index) => !taken.has(index)) };
}

/** Where the lessons in another language lie, written first. */
async function translated(language) {
  const cli = path.join(project.root, "scripts", "docs", "cli.ts");
  const code = await runProgram(project, cli, ["notebooks", language]);
  return code === 0 ? `notebooks-${language}` : undefined;
}

await runMain(async () => {
  const { language, passedOn } = languageOf(process.argv.slice(2));
  await setUp(project);
  const folder = language === "en" ? "notebooks" : await translated(language);
  if (folder === undefined) {
    return 1;
  }
  const [first] = lessons(project, folder);
  return runServer(project.venvPython, [...labArguments(project, first), ...passedOn], {
    cwd: project.root,
    env: jupyterEnv(project),
  });
});

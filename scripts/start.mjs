// npm start: set-up where it is missing, then JupyterLab on the first lesson. Everything after `--`
// is handed to Jupyter, `npm start -- --no-browser --port 8890` for one.
import { jupyterEnv, labArguments } from "./setup/lab.mjs";
import { runServer } from "./setup/program.mjs";
import { project } from "./setup/project.mjs";
import { runMain } from "./setup/report.mjs";
import { setUp } from "./setup/steps.mjs";
import { lessons } from "./test/notebooks.mjs";

await runMain(async () => {
  const passedOn = process.argv.slice(2);
  await setUp(project);
  const [first] = lessons(project);
  return runServer(project.venvPython, [...labArguments(project, first), ...passedOn], {
    cwd: project.root,
    env: jupyterEnv(project),
  });
});

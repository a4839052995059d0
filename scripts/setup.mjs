// npm run setup: npm packages, TensorFlow, the kernel, Jupyter and the kernelspecs, in that order.
import { parseArgs } from "node:util";
import * as jupyter from "./setup/jupyter.mjs";
import { project } from "./setup/project.mjs";
import { runMain, SetupError } from "./setup/report.mjs";
import { setUp } from "./setup/steps.mjs";

const USAGE = `npm run setup -- [--backend native|wasm]

  --backend native   a native TensorFlow, or an error that says what is missing
  --backend wasm     WebAssembly, without a download, until the next plain \`npm run setup\``;

function readArguments() {
  try {
    return parseArgs({
      options: { backend: { type: "string" }, help: { type: "boolean", short: "h" } },
    }).values;
  } catch (error) {
    throw new SetupError(`${error.message.split("\n")[0]}\n\n${USAGE}`);
  }
}

await runMain(async () => {
  const { backend, help } = readArguments();
  if (help) {
    console.log(USAGE);
    return 0;
  }
  await setUp(project, { backend, verbose: true, retry: true, optional: [jupyter] });
  return 0;
});

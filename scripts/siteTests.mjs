// npm run test:site: the live site, made whole and used in Chromium. It installs JupyterLite in a folder
// of its own and takes minutes, so `npm test` leaves it out.
import * as jupyter from "./setup/jupyter.mjs";
import { project } from "./setup/project.mjs";
import { runMain, SetupError } from "./setup/report.mjs";
import { ALL, setUp } from "./setup/steps.mjs";
import { findChromium } from "./test/chromium.mjs";
import { runTestFiles, testFiles } from "./test/files.mjs";
import { summarize } from "./test/summary.mjs";

await runMain(async () => {
  const chromium = findChromium();
  if (!chromium) {
    throw new SetupError(
      "No Chromium was found. Install one (Debian: apt install chromium), or name it in KARENINA_CHROMIUM.",
    );
  }
  await setUp(project, { steps: ALL, optional: [jupyter] });
  const start = performance.now();
  const counts = await runTestFiles(project, testFiles(project, { site: true }), {
    env: { ...process.env, KARENINA_CHROMIUM: chromium },
  });
  const seconds = (performance.now() - start) / 1000;
  console.log(`\n${summarize([{ name: "site", ...counts, seconds }])}`);
  return counts.failed > 0 ? 1 : 0;
});

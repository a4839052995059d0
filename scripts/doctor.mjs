// npm run doctor: what is installed, why it is that, and whether it works. Changes nothing.
import { examineData } from "./doctor/data.mjs";
import { examineInstalled } from "./doctor/installed.mjs";
import { examineTools } from "./doctor/tools.mjs";
import * as npm from "./setup/npm.mjs";
import { project } from "./setup/project.mjs";
import { runMain } from "./setup/report.mjs";

await runMain(async () => {
  const examinations = [examineTools, examineInstalled];
  // The data registry is read by TypeScript, which needs the packages.
  if ((await npm.check(project)).ok) {
    examinations.push(examineData);
  }
  let failures = 0;
  for (const examine of examinations) {
    for await (const { state, name, text } of examine(project)) {
      console.log(`${state.padEnd(5)} ${name.padEnd(16)} ${text}`);
      if (state === "FAIL") {
        failures++;
      }
    }
  }
  console.log(
    failures === 0
      ? "\nNothing is broken."
      : `\n${failures} broken; each line marked FAIL says what to do.`,
  );
  return failures === 0 ? 0 : 1;
});

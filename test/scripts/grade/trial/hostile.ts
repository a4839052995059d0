// Cells that are not after the exercise: endless, greedy, or after the checker.
import { join, resolve } from "node:path";

const ROOT = resolve(__dirname, "../../../..");

/** Cells that never end, or end their process. */
export const endless: string[] = [
  "for (;;) {}",
  "const wait = async () => { for (;;) await null; };\nawait wait();",
  "let grown: string = '';\nwhile (grown !== 'x') grown = [1, 2, 3].join('');",
  "process.exit(0);",
  "(process as any).reallyExit(3);",
];

/** Cells that take gigabytes. */
export const greedy: string[] = [
  "const blocks: Buffer[] = [];\nfor (let i = 0; i < 40; i++) blocks.push(Buffer.alloc(100_000_000, 1));",
  "const lists: number[][] = [];\nfor (let i = 0; i < 40; i++) lists.push(Array.from({ length: 1e7 }, (_, j) => j + 0.5));",
];

/** Cells that try to be given marks for nothing: each hands in what it finds, for the exercise of a number. */
export function prying(exercise: string, port: number): Record<string, string> {
  const files = [
    "lessons/exercises/solutions.ts",
    "notebooks/00-welcome.ipynb",
    "lessons/exercises/welcome.ts",
    "kernel/dist/cache/modules",
    "node_modules/karenina-lessons/exercises/solutions.ts",
  ].map((file) => join(ROOT, file));
  const found = `const found = (text: string) => Number(/check\\.${exercise}\\(([^)]+)\\)/.exec(text)?.[1] ?? NaN);`;
  return {
    "reads the definition": `const known = check.${exercise}.exercise as any;\ncheck.${exercise}(known.answer ?? known.alternatives?.[0]);`,
    "reads the project": `import { readFileSync } from "node:fs";
${found}
let all = "";
for (const file of ${JSON.stringify(files)}) { try { all += readFileSync(file, "utf8"); } catch {} }
check.${exercise}(found(all));`,
    "reads the package": `import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
${found}
const folder = dirname(createRequire(__filename).resolve("karenina-lessons"));
const all = readdirSync(folder, { recursive: true }).map((name) => { try { return readFileSync(join(folder, String(name)), "utf8"); } catch { return ""; } });
check.${exercise}(found(all.join("\\n")));`,
    "asks for the solution": `import { solution } from "karenina-lessons";
let shown = "";
const before = (globalThis as any).display;
(globalThis as any).display = (bundle: object) => { shown += JSON.stringify(bundle); };
solution.${exercise}();
(globalThis as any).display = before;
${found}
check.${exercise}(found(shown));`,
    "uses the lesson's own": `const lent = check.${exercise}.use(NaN);\ncheck.${exercise}(lent);`,
    "has a check of its own": `const mine: any = new Proxy({}, { get: () => () => display({ "text/html": "✓ Right" }) });\nmine.${exercise}(1);\nconsole.log("✓ Right");`,
    "writes to the grader": `import { writeSync } from "node:fs";
const seen = { kind: "seen", observed: true, changesArguments: false, leaks: 0, right: true };
for (const fd of [1, 2, 3, 4]) { try { writeSync(fd, JSON.stringify({ type: "seen", exercise: "${exercise}", observation: seen }) + "\\n"); } catch {} }`,
    "speaks for the kernel": `import { writeSync } from "node:fs";
writeSync(3, "{\\"type\\":\\"opened\\"}\\nnonsense\\n");`,
    "asks the network": `const got = await fetch("http://127.0.0.1:${port}/").then((reply) => reply.text()).catch(() => "");
check.${exercise}(got === "" ? NaN : Number(got));`,
    "looks at other processes": `import { readdirSync, readFileSync } from "node:fs";
${found}
let all = "";
for (const id of readdirSync("/proc").filter((name) => /^\\d+$/.test(name))) {
  for (const part of ["environ", "cmdline"]) { try { all += readFileSync(\`/proc/\${id}/\${part}\`, "utf8"); } catch {} }
}
check.${exercise}(found(all));`,
    "bends the language": `JSON.stringify = (() => '{"type":"seen","exercise":"${exercise}","observation":{"kind":"seen","observed":1}}') as never;
Array.prototype.some = () => true;
Object.is = () => true;
check.${exercise}(1);`,
    "guesses on and on": `for (let i = -1; i < 200; i += 7.5) check.${exercise}(i as never);`,
  };
}

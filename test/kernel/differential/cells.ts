import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Kernel } from "../../../kernel/client";
import { start } from "../kernel/kernels";
import { called, type Outcome } from "./reference";
import type { Snippet } from "./snippets";

/** Starts the kernel that snippets are run in. They are about what code does, not about types. */
export function startForSnippets(folder: string): Promise<Kernel> {
  const compilerOptions = { strict: false, target: "ES2023", lib: ["ESNext", "DOM"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
  return start(folder);
}

/** Runs a snippet as a cell. */
export async function runInCell(kernel: Kernel, { code }: Snippet): Promise<Outcome> {
  const { outputs } = await kernel.execute(code, { timeoutMs: 120_000 });
  let output = "";
  let error: Outcome["error"];
  for (const one of outputs) {
    if (one.output_type === "stream") {
      output += one.text;
    } else if (one.output_type === "error") {
      const traceback = stripVTControlCharacters(one.traceback.join("\n"));
      error = { name: one.ename, message: one.evalue, places: placesIn(traceback) };
    }
  }
  return error ? { output, error } : { output };
}

function placesIn(traceback: string): string[] {
  return [...traceback.matchAll(/^ +at (?:(.*) \()?(?:async )?cell-\d+\.ts:(\d+):\d+\)?$/gm)].map(
    ([, name, line]) => `${called(name)}:${line}`,
  );
}

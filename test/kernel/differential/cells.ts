import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Kernel } from "../../../runner/client";
import { start } from "../process/kernels";
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
  let output = "";
  const { outputs } = await kernel.execute(code, {
    timeoutMs: 120_000,
    // As they come: a notebook keeps what belongs to one stream together.
    onOutput: ({ header, content }) => {
      output += header.msg_type === "stream" ? content.text : "";
    },
  });
  const failure = outputs.find((one) => one.output_type === "error");
  let error: Outcome["error"];
  if (failure?.output_type === "error") {
    const traceback = stripVTControlCharacters(failure.traceback.join("\n"));
    error = { name: failure.ename, message: failure.evalue, places: placesIn(traceback) };
  }
  return error ? { output, error } : { output };
}

function placesIn(traceback: string): string[] {
  return [
    ...traceback.matchAll(/^ {4}at (?:(.*) \()?(?:async )?cell-\d+\.ts:(\d+):\d+\)?(?: \{)?$/gm),
  ].map(([, name, line]) => `${called(name)}:${line}`);
}

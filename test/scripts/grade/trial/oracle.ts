// What the lessons' own judge says of answers that this project has made itself.
import { transformSync } from "esbuild";
import * as lessons from "../../../../lessons";
import { type Exercise, judge } from "../../../../lessons/exercises/judge";
import { watch } from "../../../../lessons/exercises/watch";
import * as karenina from "../../../../lib";
import type { Answer } from "./forms";

export const exerciseOf = (name: string): Exercise<unknown> =>
  (lessons.check as unknown as Record<string, { exercise: Exercise<unknown> }>)[name].exercise;

/** What an answer's code hands to its check; undefined where it needs names that only its lesson declares. */
export function answerOf({ before, value }: Answer): unknown {
  const { code } = transformSync(`${before}\nreturn_(${value});`, { loader: "ts" });
  const scope = {
    ...karenina,
    ...lessons,
    lossOf: exerciseOf("batchLoss").answer,
    ownAdam: exerciseOf("adamRule").answer,
  };
  let given: unknown;
  try {
    const names = Object.keys(scope);
    const run = new Function("return_", ...names, code);
    run(
      (answer: unknown) => {
        given = answer;
      },
      ...Object.values(scope),
    );
  } catch {
    return undefined;
  }
  return given;
}

/** The judge's verdict; undefined where an answer needs names that only its lesson declares. */
export function verdictOn(answer: Answer): "right" | "wrong" | undefined {
  const { kind } = judge(exerciseOf(answer.exercise), answerOf(answer));
  return kind === "not tried" ? undefined : kind;
}

/** An answer that knows what the right one gives for the exercise's inputs as they stand, and no more. */
export function tableOf(name: string): string | undefined {
  const { answer, observe } = exerciseOf(name);
  if (typeof answer !== "function" || !observe) {
    return undefined;
  }
  const table: Record<string, unknown> = {};
  const recording = (...given: unknown[]) => {
    const result = answer(...given);
    table[JSON.stringify(given)] = result;
    return result;
  };
  try {
    observe(watch(recording).answer);
  } catch {
    return undefined;
  }
  const isPlain = (value: unknown): boolean =>
    typeof value === "number" ||
    typeof value === "string" ||
    (Array.isArray(value) && value.every(isPlain));
  const calls = Object.values(table);
  return calls.length > 0 && calls.every(isPlain)
    ? `((...given: unknown[]) => (${JSON.stringify(table)} as any)[JSON.stringify(given)] ?? 0) as never`
    : undefined;
}

// Grades one submission after the other, in a process that markers.ts starts: it holds the compiler and the
// answers, and runs nothing that a student has written.
import { ready } from "../../lib/engine/tensorflow";
import { CellsCompiler } from "./cells";
import { type Grade, type GradeOptions, gradeSubmission } from "./gradeSubmission";
import type { Submission } from "./submissions";

/** What a marker is started with. */
export type MarkerSettings = Omit<GradeOptions, "compiler" | "due" | "packages"> & {
  due: string | undefined;
  packages: { run: string; types: string; answers: [string, string][] };
};

/** A submission as messages carry it. */
export type SentSubmission = Omit<Submission, "time"> & { time: string };

export type SentGrade = Omit<Grade, "submission">;

export type ToMarker =
  | { type: "begin"; settings: MarkerSettings }
  | { type: "grade"; submission: SentSubmission };

let options: GradeOptions | undefined;

async function begin({ due, packages, ...rest }: MarkerSettings): Promise<void> {
  await ready();
  options = {
    ...rest,
    due: due === undefined ? undefined : new Date(due),
    packages: { ...packages, answers: new Map(packages.answers) },
    compiler: new CellsCompiler(packages.types),
  };
}

async function grade(sent: SentSubmission): Promise<SentGrade> {
  const given = { ...sent, time: new Date(sent.time) };
  const { submission: _, ...found } = await gradeSubmission(given, options as GradeOptions);
  return found;
}

async function obey(message: ToMarker): Promise<SentGrade | "ready"> {
  if (message.type === "grade") {
    return await grade(message.submission);
  }
  await begin(message.settings);
  return "ready";
}

process.on("message", (message: ToMarker) => {
  obey(message).then(
    (answer) => process.send?.(answer),
    (error: Error) => {
      process.stderr.write(`${error.stack}\n`);
      process.exit(1);
    },
  );
});
process.on("disconnect", () => process.exit(0));

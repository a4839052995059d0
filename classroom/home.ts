// Run by start.sh as the student, before the student's server: gives the student the lessons.
import { homedir } from "node:os";
import { resolve } from "node:path";
import { prepareStudentFolder } from "./studentFolder";

try {
  const { folder, added } = prepareStudentFolder({
    home: homedir(),
    course: resolve(__dirname, ".."),
    // Set by the hub where a class has other lessons, those without solutions for one.
    lessons: process.env.KARENINA_LESSONS || undefined,
  });
  if (added.length > 0) {
    console.error(`New in ${folder}: ${added.join(", ")}`);
  }
} catch (error) {
  // The server starts all the same: how else could the student make room?
  console.error(`The lessons could not be copied into ${homedir()}: ${(error as Error).message}.`);
}

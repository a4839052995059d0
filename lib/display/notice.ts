import { displayTarget } from "./display";

/**
 * Says a line that is neither a result nor a fault, such as a data set's licence. In a notebook it is
 * plain output, for front ends show standard error in red; a script's results stay free of it.
 */
export function notice(line: string): void {
  if (displayTarget().kind === "notebook") console.log(line);
  else console.error(line);
}

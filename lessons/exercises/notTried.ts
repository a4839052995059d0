/** Thrown by `yourCode()`: the student has not begun yet. Checks catch it. */
export class NotTried extends Error {
  override name = "NotTried";
}

/**
 * Stands where the student's code goes, inside a function that a check will call.
 *
 * @throws NotTried always; the check then says "Not tried yet"
 *
 * @example
 * const clip = (x: number, max: number): number => yourCode();
 * check.clip(clip);
 */
export function yourCode(): never {
  throw new NotTried(
    "Here your own code is missing: replace yourCode() by it. Until then only a check can call this.",
  );
}

/** Whether a value is still the one that a notebook has in the student's place. */
export function isUntried(answer: unknown): boolean {
  if (answer === undefined || answer === null || answer === "") {
    return true;
  }
  if (typeof answer === "number") {
    return Number.isNaN(answer);
  }
  if (Array.isArray(answer)) {
    return answer.every(isUntried);
  }
  return isPlainObject(answer) && Object.values(answer).every(isUntried);
}

/** Made by `{ ... }`, in whichever realm: notebooks may have one of their own. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

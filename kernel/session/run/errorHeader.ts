/**
 * The first line of a stack, as Node writes it. It is not what the error's own `toString` gives:
 * that of a class may leave out the name, and objects without one get a header too.
 */
export function headerOf(error: unknown): string {
  try {
    if (isNodeError(error)) {
      const { name, code, message } = error;
      return `${name} [${code}]: ${message}`;
    }
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

/** Errors that Node itself makes carry a mark, for which it adds their code to the header. */
function isNodeError(error: unknown): error is Error & { code: string } {
  mark ??= findMark();
  return mark !== undefined && mark in (error as object);
}

let mark: symbol | undefined;

function findMark(): symbol | undefined {
  try {
    Buffer.alloc("" as never);
  } catch (error) {
    for (let at = error; at; at = Object.getPrototypeOf(at)) {
      const found = Object.getOwnPropertySymbols(at).find(
        ({ description }) => description === "kIsNodeError",
      );
      if (found) {
        return found;
      }
    }
  }
  return undefined;
}

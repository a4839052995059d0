/** `function@place`, behind what the call waited for where that is known: `async*f@a.js:1:2`. */
const CALL = /^((?:[\w ]+\*)*)([^@]*)@(.*)$/;
/** Code in a text that code made: `a.js line 3 > eval:1:2`, `a.js line 3 > eval line 1 > Function:3:1`. */
const MADE = /^(.*?) line (\d+) > (.*?)(?:eval|Function):(\d+):(\d+)$/;
const PLACE = /:\d+:\d+$/;
/** What JavaScriptCore calls code that is in no function. */
const NO_FUNCTION = /^(?:global|eval|module) code$/;

/**
 * The calls of a stack that SpiderMonkey (Firefox) or JavaScriptCore (Safari) has written, as lines
 * that V8 would write of them: `f@a.js:1:2` is `    at f (a.js:1:2)`. Neither engine writes the error
 * itself before them.
 *
 * Their lines say less: which class a method is of, whether `new` called a function, and, in
 * JavaScriptCore's, where code made by `eval` is. SpiderMonkey's form is that of `SavedFrame`
 * (js/src/vm/SavedStacks.cpp), JavaScriptCore's that of `StackFrame::toString`.
 */
export function foreignCalls(stack: string): string[] {
  return stack.split("\n").flatMap((line) => {
    const [, cause, name, place] = CALL.exec(line) ?? [];
    if (place === undefined || (name === "eval" && place === "[native code]")) {
      return [];
    }
    const at = cause === "" ? "    at " : "    at async ";
    const made = MADE.exec(place);
    if (made) {
      const [, path, from, way, madeLine, madeColumn] = made;
      // The name that a text gives itself does not count here: a cell's is that of what runs cells.
      const maker = way === "" ? `eval at <anonymous> (${path}:${from}:1), ` : "";
      return [`${at}eval (${maker}<anonymous>:${madeLine}:${madeColumn})`];
    }
    const known = PLACE.test(place) ? place : "<anonymous>";
    const called = plainName(name);
    return called !== "" ? [`${at}${called} (${known})`] : known === place ? [at + place] : [];
  });
}

/** The line of a call as V8 writes it of a function that goes on when what it awaits has ended. */
export function asAwaiting(frame: string): string {
  return frame.replace(/^\s+at (?!async )/, "    at async ");
}

/** V8 places such a call at the word `await`; what code tells of itself lies at what is awaited. */
export function awaitStart(text: string, offset: number): number {
  return /\bawait\s*$/.exec(text.slice(0, offset))?.index ?? offset;
}

/**
 * Were some calls made while the last of others was under way, by the same run of its function? It is so
 * where all beneath it are the same.
 */
export function areWithin(calls: readonly string[], others: readonly string[]): boolean {
  const from = calls.length - others.length;
  return (
    from >= 0 &&
    others.every((other, i) =>
      i === 0 ? calledIn(other) === calledIn(calls[from]) : other === calls[from + i],
    )
  );
}

const calledIn = (frame: string) => frame.replace(/:\d+:\d+\)?$/, "");

/** Is a text one that these engines write as a stack? */
export function isForeign(stack: string): boolean {
  return stack.split("\n").every((line) => line === "" || CALL.test(line));
}

/**
 * A function's name. SpiderMonkey makes one up for functions without, and ends it with `<`: `a/b<` is a
 * function in `a` that has something to do with what is assigned to `b`.
 */
function plainName(name: string): string {
  const [last = ""] = /[^/]*$/.exec(name) ?? [];
  return NO_FUNCTION.test(name) || last.endsWith("<") ? "" : last;
}

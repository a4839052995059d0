/**
 * The compiler's text with a few of its functions written in another way, so that what it makes for
 * a cell can be collected young.
 *
 * Each cell takes two programs with their checkers, of more than 1 MB together, which are garbage
 * when the next cell comes. V8 puts some functions straight into its old generation, and keeps what these see until it
 * collects all of the heap: getters and setters of object literals, functions that are assigned to a
 * property where they are written, and prototypes of generators that are declared within functions.
 * A single one of them, in a function of the checker's, holds the checker and its program. So young
 * collections copied programs, twice, instead of forgetting them.
 *
 * What is not found as it is known from TypeScript 5.0 to 6.0 stays as it is.
 */
export function collectableText(text: string): string {
  const edits = [...sharedIterationTypes(text), ...EDITS.flatMap((edit) => edited(text, edit))];
  let result = "";
  let at = 0;
  for (const { start, end, replacement } of edits.sort((a, b) => a.start - b.start)) {
    result += text.slice(at, start) + replacement;
    at = end;
  }
  return result + text.slice(at);
}

/** What is to stand in the place of a part of a text. */
interface Replacement {
  start: number;
  end: number;
  replacement: string;
}

const CHECKER = "function createTypeChecker(host) {";
const ITERATION_TYPES = "var noIterationTypes = {";
const GETTERS =
  /^var noIterationTypes = \{(?:\s*get \w+\(\) \{\s*return Debug\.fail\([^)]*\);\s*\},?)+\s*\};/;

/** What stands for "no iteration types", and only throws, is one for all checkers. */
function sharedIterationTypes(text: string): Replacement[] {
  const checker = text.indexOf(CHECKER);
  const start = text.indexOf(ITERATION_TYPES, checker);
  const [declared] = GETTERS.exec(text.slice(start, start + 500)) ?? [];
  return checker < 0 || declared === undefined
    ? []
    : [
        { start: checker, end: checker, replacement: declared },
        { start, end: start + declared.length, replacement: "" },
      ];
}

/** A change of a part of the compiler's text, so that not all of it need be searched. */
interface Edit {
  /** What the part begins with. */
  from: string;
  /** Its length, at least. */
  within: number;
  edit(part: string): string;
}

function edited(text: string, { from, within, edit }: Edit): Replacement[] {
  const start = text.indexOf(from);
  const end = start + within;
  return start < 0 ? [] : [{ start, end, replacement: edit(text.slice(start, end)) }];
}

const HOOKS =
  /get (on(?:SubstituteNode|EmitNode))\(\) \{\s*return \1;\s*\},\s*set \1\(value\) \{[^}]*\}/g;
const INITIALIZED = "const transformersWithContext = transformers.map((t) => t(context));";
const UNMATCHED =
  /^(function)\* (getUnmatchedProperties\([\w, ]+)(\) \{)([\s\S]*?)(\}\s*function getUnmatchedProperty\([\w, ]+\) \{\s*return )firstOrUndefinedIterator\((getUnmatchedProperties\([\w, ]+)\)\);/;

const EDITS: Edit[] = [
  // The hooks of a transformation can be set while its transformers are made, and not afterwards: then
  // they are read.
  {
    from: "function transformNodes(",
    within: 6000,
    edit: (part) => {
      const read = "onSubstituteNode = context.onSubstituteNode; onEmitNode = context.onEmitNode;";
      return part.match(HOOKS)?.length === 2 && part.includes(INITIALIZED)
        ? part.replace(HOOKS, "$1").replace(INITIALIZED, `${INITIALIZED} ${read}`)
        : part;
    },
  },
  // What a comma stands before is not assigned where it is written.
  {
    from: "result.getOrCreateCacheForModuleName = ",
    within: 500,
    edit: (part) => part.replace(/^(.* = )(\((?!0, ).*\) => .*);/, "$1(0, $2);"),
  },
  // The properties that a type lacks are a list, of one where one is enough.
  {
    from: "function* getUnmatchedProperties(",
    within: 3000,
    edit: (part) =>
      part.replace(UNMATCHED, (_, keyword, head, opening, body: string, between, call) => {
        const listed = body.replace(/yield (\w+);/g, "found.push($1); if (first) return found;");
        return (
          `${keyword} ${head}, first${opening} const found = [];${listed}` +
          `return found; ${between}${call}, true)[0];`
        );
      }),
  },
];

// Answers in many forms: made from the lessons' own solutions.
import ts from "typescript";

/** A solution: what stands before the check, and what is handed to it. */
export interface Answer {
  exercise: string;
  before: string;
  value: string;
}

/** Reads `class A {} check.x(A)`. */
export function readAnswer(exercise: string, code: string): Answer {
  const source = ts.createSourceFile("answer.ts", code, ts.ScriptTarget.Latest, true);
  const last = source.statements.at(-1);
  if (!last || !ts.isExpressionStatement(last) || !ts.isCallExpression(last.expression)) {
    throw new Error(`The solution of ${exercise} does not end in a check: ${code}`);
  }
  const [value] = last.expression.arguments;
  return { exercise, before: code.slice(0, last.getStart()), value: value.getText() };
}

/** Cells that hand in one answer, in one form. */
export type Form = (answer: Answer, own: number) => string[];

const isFunction = (value: string) => /^\(?[\w[\]{},:_ =]*\)? *=>/.test(value);
const isNumber = (value: string) =>
  /^[\d_.+\-*/() ]+$|^\(*Math\.|^1 \/ Math|^40 \* Math/.test(value);
const isWord = (value: string) => /^"[^"]*"$/.test(value);

/** Right answers as students write them. */
export const forms: Record<string, Form> = {
  plainly: ({ exercise, before, value }) => [`${before}check.${exercise}(${value});`],
  "by a name": ({ exercise, before, value }, own) => [
    `${before}const answer${own}: Parameters<typeof check.${exercise}>[0] = ${value};`,
    `check.${exercise}(answer${own});`,
  ],
  "after a wrong one": ({ exercise, before, value }) => [
    `check.${exercise}(undefined as never);\ncheck.${exercise}("7" as never);`,
    `${before}check.${exercise}(${value});`,
  ],
  "in a function": ({ exercise, before, value }, own) => [
    `function answer${own}() {\n  ${before}\n  return check.${exercise}(${value});\n}`,
    `answer${own}();`,
  ],
  "in other words": ({ exercise, before, value }, own) => {
    if (isWord(value)) {
      return [`check.${exercise}(" ${value.slice(1, -1).toUpperCase()}  " as never);`];
    }
    if (isNumber(value)) {
      return [`check.${exercise}([${value}, 0].reduce((a, b) => a + b));`];
    }
    const name = `wrapped${own}`;
    return isFunction(value)
      ? [
          `${before}const ${name}: Parameters<typeof check.${exercise}>[0] = ${value};`,
          `check.${exercise}(((...given: never[]) => (${name} as Function)(...given)) as never);`,
        ]
      : [`${before}check.${exercise}(${value}); // so`];
  },
  rounded: ({ exercise, before, value }) => [
    isNumber(value)
      ? `check.${exercise}(Number((${value}).toPrecision(7)));`
      : `/* mine */ ${before}\ncheck\n  .${exercise}(\n    ${value}\n  );`,
  ],
};

const swaps: [RegExp, string][] = [
  [/ \+ /, " - "],
  [/ - /, " + "],
  [/ \* /, " / "],
  [/ \/ /, " * "],
  [/ < /, " > "],
  [/ > /, " < "],
  [/\btanh\b/, "sin"],
  [/\bexp\b/, "log"],
  [/\bcos\b/, "sin"],
  [/\bmin\b/, "max"],
  [/\b0\.5\b/, "0.6"],
  [/\b1\b/, "2"],
  [/\b0\b/, "1"],
  [/\b2\b/, "3"],
  [/\b(\d{2,})\b/, "9"],
  [/\bsqrt\b/, "abs"],
  [/"relu"/, '"linear"'],
  [/\btrue\b/, "false"],
  [/\.neg\(\)/, ""],
];

/** A solution with one thing changed, each in another place: most are wrong, some are right all the same. */
export function mutants({ exercise, before, value }: Answer): Answer[] {
  return swaps.flatMap(([from, to]) => {
    const changed = [
      { exercise, before, value: value.replace(from, to) },
      { exercise, before: before.replace(from, to), value },
    ];
    return changed.filter((each) => each.before !== before || each.value !== value);
  });
}

import fc from "fast-check";

/** A statement of a made-up program; `id` makes what it prints unique. */
type Statement =
  | { kind: "log" | "null" | "promise" | "thenable" | "reject" }
  | { kind: "tick" | "microtask" | "then" | "async" | "forAwait" | "generator"; body: Statement[] }
  | { kind: "timer"; body: Statement[] }
  | { kind: "call"; awaited: boolean; body: Statement[] }
  | { kind: "try"; body: Statement[] };

const { statement } = fc.letrec<{ statement: Statement; body: Statement[] }>((tie) => ({
  body: fc.array(tie("statement"), { minLength: 1, maxLength: 4 }),
  statement: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.record({ kind: fc.constantFrom("log", "null", "promise", "thenable", "reject") }) as never,
    fc.record({
      kind: fc.constantFrom("tick", "microtask", "then", "async", "forAwait", "generator"),
      body: tie("body"),
    }) as never,
    fc.record({ kind: fc.constant("timer"), body: tie("body") }),
    fc.record({ kind: fc.constant("call"), awaited: fc.boolean(), body: tie("body") }),
    fc.record({ kind: fc.constant("try"), body: tie("body") }),
  ) as fc.Arbitrary<Statement>,
}));

/**
 * Programs in which awaits, ticks, promises, thenables, generators and timers meet at random. Each
 * prints what it gets to, and ends when all its timers have run.
 */
export const interleaving: fc.Arbitrary<string> = fc
  .array(statement, { minLength: 2, maxLength: 5 })
  .map((statements) => {
    let id = 0;
    const body = (inner: Statement[]): string => inner.map(write).join(" ");
    const write = (one: Statement): string => {
      const log = `log(${++id});`;
      switch (one.kind) {
        case "log":
          return log;
        case "null":
          return `await null; ${log}`;
        case "promise":
          return `await new Promise((r) => r(0)); ${log}`;
        case "thenable":
          return `await ({ then(r) { log(${++id}); r(0); } } as any); ${log}`;
        case "reject":
          return `await Promise.reject(0).catch(() => log(${++id})); ${log}`;
        case "tick":
          return `process.nextTick(async () => { ${log} ${body(one.body)} });`;
        case "microtask":
          return `queueMicrotask(async () => { ${log} ${body(one.body)} });`;
        case "then":
          return `Promise.resolve().then(async () => { ${log} ${body(one.body)} }).then(() => log(${++id}));`;
        case "async":
          return `(async () => { ${log} ${body(one.body)} })();`;
        case "forAwait":
          return `for await (const x of [0, Promise.resolve(1)]) { ${log} ${body(one.body)} }`;
        case "generator":
          return `for await (const x of (async function* () { ${log} ${body(one.body)} yield 1; log(${++id}); })()) { log(${++id}); }`;
        case "timer":
          return `later(async () => { ${log} ${body(one.body)} });`;
        case "call":
          return `${one.awaited ? "await " : ""}(async () => { ${log} ${body(one.body)} return Promise.resolve(0); })(); ${log}`;
        case "try":
          return `try { ${body(one.body)} throw 0; } catch { ${log} } finally { await null; log(${++id}); }`;
      }
    };
    const text = body(statements);
    return [
      "const seen: number[] = []; let timers = 0;",
      "const log = (n: number) => { seen.push(n); };",
      // Of one delay: which of two comes first is not left to the speed of the machine.
      "const later = (f: () => void) => { timers++; setTimeout(() => { timers--; f(); }, 1); };",
      text,
      "do await new Promise((r) => setTimeout(r, 8)); while (timers > 0);",
      "for (let i = 0; i < 60; i++) await null;",
      "console.log(seen.join(' '));",
    ].join("\n");
  });

import type { ToMain } from "../channel";
import type { Session } from "../session/session";

type Question = Extract<ToMain, { type: "ask" }>;

/** Answers what an editor asks. Jupyter counts in Unicode characters, TypeScript in UTF-16 units. */
export function answer({ kind, content }: Question, session: Session): object {
  const { code } = content;
  const cursor = content.cursor_pos ?? [...code].length;
  const offset = utf16Offset(code, cursor);
  if (kind === "is_complete_request") {
    return nameAskedAbout(code) ? { status: "complete" } : session.isComplete(code);
  }
  if (kind === "inspect_request") {
    const found = session.inspect(code, offset);
    return {
      status: "ok",
      found: found !== undefined,
      data: found ? inspectionBundle(found.code, found.documentation) : {},
      metadata: {},
    };
  }
  const { matches, start, end } = session.complete(code, offset);
  const first = [...code.slice(0, start)].length;
  const last = [...code.slice(0, end)].length;
  return {
    status: "ok",
    matches: matches.map(({ text }) => text),
    cursor_start: first,
    cursor_end: last,
    metadata: {
      _jupyter_types_experimental: matches.map(({ text, kind: type }) => ({
        text,
        type,
        start: first,
        end: last,
      })),
    },
  };
}

/**
 * The name that a cell asks about, if it does, as cells do in IPython: `Math.max?` or `?Math.max`.
 * No such cell is TypeScript.
 */
export function nameAskedAbout(code: string): string | undefined {
  const match = /^\s*(?:\?{1,2}\s*([\w$.]+)|([\w$.]+)\s*\?{1,2})\s*$/.exec(code);
  return match?.[1] ?? match?.[2];
}

/** What an execute_reply has the front end show in its pager about a name. */
export function page(session: Session, name: string): object {
  const found = session.inspect(name, name.length);
  const data = found
    ? inspectionBundle(found.code, found.documentation)
    : { "text/plain": `Nothing is known about ${name}.` };
  return { source: "page", data, start: 0 };
}

function inspectionBundle(code: string, documentation: string): Record<string, string> {
  return {
    "text/plain": documentation === "" ? code : `${code}\n\n${documentation}`,
    "text/markdown": `\`\`\`typescript\n${code}\n\`\`\`\n\n${documentation}`,
  };
}

function utf16Offset(code: string, characters: number): number {
  let offset = 0;
  for (let seen = 0; seen < characters && offset < code.length; seen++) {
    offset += (code.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}

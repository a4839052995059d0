import { escape as escapeHtml } from "html-escaper";
import type { MimeBundle } from "karenina";
import type { Verdict } from "./judge";

/** Okabe and Ito's green and vermilion, and a grey: with at least 3 : 1 on white and on black pages. */
const looks = {
  right: { icon: "✓", words: "Right", color: "#009E73" },
  wrong: { icon: "✗", words: "Try again", color: "#D55E00" },
  "not tried": { icon: "○", words: "Not tried yet", color: "#808080" },
} as const;

/** A verdict for students who see colours or do not, or who work in a terminal. */
export function verdictBundle(title: string, verdict: Verdict): MimeBundle {
  return judgementBundle(looks[verdict.kind], title, detailsOf(verdict));
}

/** What stands at the head of a judgement. */
interface Look {
  icon: string;
  words: string;
  /** As CSS writes it, with at least 3 : 1 on white and on black pages. */
  color: string;
}

/** A box in one colour, with a head and some paragraphs, in which backticks mark code; and a text twin. */
export function judgementBundle(
  { icon, words, color }: Look,
  title: string,
  details: readonly string[],
): MimeBundle {
  const paragraphs = details.map((text) => `<div>${withCode(text)}</div>`).join("");
  return {
    "text/html":
      `<div role="status" style="border-left: 4px solid ${color}; padding: 2px 12px; margin: 4px 0">` +
      `<div><span aria-hidden="true" style="color: ${color}; font-weight: bold">${icon}</span> ` +
      `<b>${words}</b> · ${escapeHtml(title)}</div>${paragraphs}</div>`,
    "text/plain": [`${icon} ${words} · ${title}`, ...details].join("\n"),
  };
}

/** What a verdict says beyond its kind. */
export function detailsOf(verdict: Verdict): string[] {
  if (verdict.kind === "wrong") {
    return [verdict.hint];
  }
  if (verdict.kind === "not tried") {
    return [];
  }
  return [verdict.because, verdict.remark].filter((text): text is string => text !== undefined);
}

/** A text as HTML, in which backticks mark code. */
export function withCode(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}

import type ts from "typescript";

/** What a doc comment says of one parameter. */
export interface DocumentedParameter {
  name: string;
  text: string;
}

/** A doc comment, as the language service hands it out. */
export interface DocComment {
  documentation?: ts.SymbolDisplayPart[];
  tags?: ts.JSDocTagInfo[];
  /** Instead of the `@param` tags. */
  parameters?: DocumentedParameter[];
}

/**
 * The tags that speak to those who use a thing, by the heading to show them under. All others are
 * for those who wrote it, or for their tools.
 */
const HEADINGS = new Map([
  ["remarks", "Remarks"],
  ["deprecated", "Deprecated"],
  ["returns", "Returns"],
  ["return", "Returns"],
  ["yields", "Yields"],
  ["throws", "Throws"],
  ["exception", "Throws"],
  ["default", "Default"],
  ["defaultValue", "Default"],
  ["defaultvalue", "Default"],
  ["see", "See"],
  ["since", "Since"],
  ["example", "Example"],
]);

/** A doc comment as Markdown that reads well as plain text, too. */
export function documentationText({ documentation, tags = [], parameters }: DocComment): string {
  const told = tags.map(({ name, text }) => ({ name, text: textOf(text).trim() }));
  const named = (tag: string) => told.filter(({ name }) => name === tag).map(({ text }) => text);
  const described = parameters ?? named("param").map(splitName);
  const sections = [
    textOf(documentation).trim(),
    list("Type parameters", named("template").map(splitName)),
    list("Parameters", described),
  ];
  for (const { name, text } of told) {
    const heading = HEADINGS.get(name);
    if (heading) {
      sections.push(section(heading, text));
    }
  }
  return sections.filter((text) => text !== "").join("\n\n");
}

/** The text of parts with links as Markdown has them, or plain where they lead to code. */
export function textOf(parts: ts.SymbolDisplayPart[] | undefined): string {
  let text = "";
  let name = "";
  for (const part of parts ?? []) {
    if (part.kind === "linkName") {
      name = part.text;
    } else if (part.kind === "linkText") {
      text += link(name, part.text);
      name = "";
    } else {
      // The braces around a link are parts too.
      text += name + (part.kind === "link" ? "" : part.text);
      name = "";
    }
  }
  return text + name;
}

/** `{@link URL words}`, `{@link name words}` or `{@link name | words}`. */
function link(name: string, given: string): string {
  const [, url, words] = /^\s*(https?:\/\/[^\s|]+)?[\s|]*(.*)$/s.exec(name + given) ?? [];
  if (url) {
    return words ? `[${words.trim()}](${url})` : url;
  }
  return given.replace(/^[\s|]+/, "").trim() || name;
}

function list(heading: string, entries: DocumentedParameter[]): string {
  const lines = entries
    .filter(({ name, text }) => name !== "" && text !== "")
    .map(({ name, text }) => `- \`${name}\`: ${text.replaceAll("\n", "\n  ")}`);
  return lines.length > 0 ? `**${heading}**\n\n${lines.join("\n")}` : "";
}

function section(heading: string, text: string): string {
  if (heading === "Example") {
    const fenced = text.includes("```") ? text : `\`\`\`typescript\n${text}\n\`\`\``;
    return `**${heading}**\n\n${fenced}`;
  }
  return text === "" ? `**${heading}**` : `**${heading}**: ${text}`;
}

/** `name - what it is` as both. */
function splitName(text: string): DocumentedParameter {
  const [, name, rest] = /^(\S*)\s*(?:-\s+)?(.*)$/s.exec(text) ?? ["", "", text];
  return { name, text: rest };
}

import { type Cell, type Notebook, sourceOf } from "../../runner/notebookFile";

/**
 * Gives the links of a Markdown text other targets. Links to other sites and within the page stay, and
 * so does code in fences; a link without a new target becomes its text.
 *
 * @param targetOf the new target of a relative link, without the part after `#`; undefined for none
 */
export function relink(text: string, targetOf: (target: string) => string | undefined): string {
  const change = (prose: string) =>
    prose.replace(LINK, (whole, bang: string, label: string, target: string) => {
      if (/^([a-z][a-z\d+.-]*:|#)/i.test(target)) {
        return whole;
      }
      const [path = "", fragment] = target.split("#");
      const other = targetOf(path);
      if (other === undefined) {
        return label;
      }
      const address = `${other}${fragment === undefined ? "" : `#${fragment}`}`;
      // Of Markdown nbconvert makes `%27`, but it leaves the apostrophe in the names of headings.
      return fragment?.includes("'") === true && bang === ""
        ? `<a href="${encodeURI(address)}">${label}</a>`
        : `${bang}[${label}](${address})`;
    });
  // Every second piece is fenced code.
  return text
    .split(/(^(?:```|~~~)[\s\S]*?^(?:```|~~~)$)/m)
    .map((piece, index) => (index % 2 === 0 ? change(piece) : piece))
    .join("");
}

/**
 * Gives links within a Markdown text, which name headings as GitHub does (`#reading-the-code`), the
 * names that nbconvert gives them (`#Reading-the-code`). What names no heading stays.
 */
export function relinkHeadings(text: string): string {
  const headings = [...text.matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, heading]) => {
    const plain = heading.replace(/[`*]/g, "");
    const slug = plain.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "");
    return [slug.replaceAll(" ", "-"), plain.replaceAll(" ", "-")] as const;
  });
  const names = new Map(headings);
  return text.replace(/\]\(#([^()\s]+)\)/g, (_, slug: string) => `](#${names.get(slug) ?? slug})`);
}

const LINK = /(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)/g;

/** A notebook whose Markdown cells have other links; see {@link relink}. */
export function relinkNotebook(
  notebook: Notebook,
  targetOf: (target: string) => string | undefined,
): Notebook {
  const cells = notebook.cells.map((cell): Cell => {
    if (cell.cell_type !== "markdown") {
      return cell;
    }
    return { ...cell, source: relink(sourceOf(cell), targetOf) };
  });
  return { ...notebook, cells };
}

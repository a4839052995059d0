/**
 * Makes a picture that Plotly drew smaller and changes nothing that can be seen: coordinates get one
 * decimal, straight curves become lines, marks of one shape are drawn once and then used, groups with nothing in them go. A picture is
 * stored in the notebook with every figure, and is often half as large for it.
 */
export function lighten(svg: string): string {
  let marks = 0;
  return svg
    .replace(/ (d|transform)="([^"]*)"/g, (_, name: string, value: string) => {
      const rounded = value.replace(/(\.\d)\d+/g, "$1").replace(/\.0(?!\d)/g, "");
      return ` ${name}="${name === "d" ? straighten(rounded) : rounded}"`;
    })
    .replace(/<g class="points">(.*?)<\/g>/gs, (group: string, content: string) => {
      const used = useMarks(content, `mark${marks}`);
      if (used === undefined) return group;
      marks += 1;
      return used;
    })
    .replace(/<(?:g|path)(?: class="[^"]*")?\/>/g, "");
}

/** Plotly draws contours without smoothing as curves too, whose handles lie at their ends. */
function straighten(path: string): string {
  return path
    .replace(/Q([\d.,-]+) \1(?![\d.,-])/g, "L$1")
    .replace(/(?<=[ MLQ]([\d.,-]+))C\1 ([\d.,-]+) \2(?![\d.,-])/g, "L$2");
}

const mark =
  /<path class="point" transform="translate\(([^,]+),([^)]+)\)" style="([^"]*)" d="([^"]*)"\/>/g;

/** The marks of a trace, where all have one shape and style; undefined where they differ. */
function useMarks(content: string, id: string): string | undefined {
  const found = [...content.matchAll(mark)];
  const [first] = found;
  if (!first || found.length < 3) return undefined;
  const length = found.reduce((sum, [whole]) => sum + whole.length, 0);
  const [, , , style, shape] = first;
  if (length !== content.length) return undefined;
  if (found.some(([, , , otherStyle, other]) => otherStyle !== style || other !== shape)) {
    return undefined;
  }
  const uses = found.map(
    ([, x, y]) => `<use class="point" xlink:href="#${id}" x="${x}" y="${y}"/>`,
  );
  return (
    `<g class="points" style="${style}"><defs><path id="${id}" d="${shape}"/></defs>` +
    `${uses.join("")}</g>`
  );
}

/**
 * Makes a picture that Plotly drew smaller and changes nothing that can be seen: coordinates get one
 * decimal, straight curves become lines, marks of one shape become one line with a mark at each corner, a
 * style that is said again and again is said once, what is empty or for Plotly's own use goes. A picture is stored in the
 * notebook with every figure, and is a third as large for it.
 */
export function lighten(svg: string): string {
  let marks = 0;
  const shorter = svg
    .replace(/ (d|transform|x|y|width|height)="([^"]*)"/g, (_, name: string, value: string) => {
      const rounded = value.replace(/(\.\d)\d+/g, "$1").replace(/\.0(?!\d)/g, "");
      return ` ${name}="${name === "d" ? straighten(rounded) : rounded}"`;
    })
    .replace(/<g class="points">(.*?)<\/g>/gs, (group: string, content: string) => {
      const used = useMarks(content, `mark${marks}`);
      if (used === undefined) {
        return group;
      }
      marks += 1;
      return used;
    })
    .replace(/<(?:g|path)(?: class="[^"]*")?\/>/g, "")
    .replace(/ (?:data-[\w-]+|pointer-events|shape-rendering)="[^"]*"/g, "")
    .replace(/ class="([^"]*)"/g, (_, names: string) => {
      const kept = names.split(" ").filter((name) => tellingNames.test(name));
      return kept.length > 0 ? ` class="${kept.join(" ")}"` : "";
    })
    .replace(/<g>(<text[^>]*>[^<]*<\/text>)<\/g>/g, "$1");
  return shareStyles(shorter);
}

/** What the parts of a picture are, for those who look into it; other class names say nothing there. */
const tellingNames =
  /^(?:trace|points?|bars|js-line|contourlevel|legendtext|[xy]tick|[gxy]\d?title|(?:scatter|heatmap)layer)$/;

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
  if (!first || found.length < 3) {
    return undefined;
  }
  const length = found.reduce((sum, [whole]) => sum + whole.length, 0);
  const [, , , style, shape] = first;
  if (length !== content.length) {
    return undefined;
  }
  if (found.some(([, , , otherStyle, other]) => otherStyle !== style || other !== shape)) {
    return undefined;
  }
  const path = found.map(([, x, y]) => `${x},${y}`).join("L");
  return (
    `<g class="points"><marker id="${id}" markerUnits="userSpaceOnUse" overflow="visible">` +
    `<path style="${style}" d="${shape}"/></marker><path class="points" d="M${path}" fill="none" ` +
    `marker-start="url(#${id})" marker-mid="url(#${id})" marker-end="url(#${id})"/></g>`
  );
}

/** Styles that several elements have, as classes. */
function shareStyles(svg: string): string {
  const counts = new Map<string, number>();
  for (const [, style] of svg.matchAll(/ style="([^"]+)"/g)) {
    counts.set(style, (counts.get(style) ?? 0) + 1);
  }
  const names = new Map(
    [...counts]
      .filter(([style, count]) => count > 1 && !style.includes("&"))
      .map(([style], i) => [style, `s${i}`]),
  );
  if (names.size === 0) {
    return svg;
  }
  const rules = [...names].map(
    ([style, name]) => `.${name}{${style.replace(/([:;,]) /g, "$1").replace(/;$/, "")}}`,
  );
  return svg
    .replace(/<(\w+)((?: [\w:-]+="[^"]*")*?) style="([^"]+)"/g, (tag, element, before, style) => {
      const name = names.get(style);
      if (name === undefined) {
        return tag;
      }
      if (/ class="/.test(before)) {
        return `<${element}${before.replace(/ class="/, ` class="${name} `)}`;
      }
      return `<${element} class="${name}"${before}`;
    })
    .replace(/^<svg[^>]*>/, (start) => `${start}<style>${rules.join("")}</style>`);
}

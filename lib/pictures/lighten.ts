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
    .replace(/ (?:data-[\w-]+|pointer-events|shape-rendering)="[^"]*"| transform=""/g, "")
    .replace(/ style="([^"]*)"/g, (_, style: string) => withoutDefaults(style))
    .replace(/<rect(?=[^>]*style="fill: none")[^>]*\/>/g, "")
    .replace(/ class="([^"]*)"/g, (_, names: string) => {
      const kept = names.split(" ").filter((name) => tellingNames.test(name));
      return kept.length > 0 ? ` class="${kept.join(" ")}"` : "";
    })
    .replace(/<g>(<text[^>]*>[^<]*<\/text>)<\/g>/g, "$1")
    .replace(/<g class="([xy]tick)"><text([^>]*)>([^<]*)<\/text><\/g>/g, placeLabel)
    .replace(/(?:<path[^>]* d="M[\d.-]+,[\d.-]+[vh][\d.-]+"[^>]*\/>)+/g, joinStrokes);
  return shareStyles(withoutShells(shorter));
}

/** What SVG takes where a style says nothing, as far as it is seen. */
const DEFAULT =
  /^(?:(?:stroke-|fill-)?opacity: 1|vector-effect: none|white-space: pre|stroke-dasharray: none)$/;

function withoutDefaults(style: string): string {
  const all = style.split(/; ?/).filter((rule) => rule !== "");
  const isUnfilled = all.includes("fill-opacity: 0");
  const isUndrawn = all.includes("stroke-width: 0px") || all.includes("stroke-opacity: 0");
  const kept = all.filter(
    (rule) =>
      !DEFAULT.test(rule) &&
      !(isUnfilled && rule.startsWith("fill")) &&
      !(isUndrawn && rule.startsWith("stroke")),
  );
  const rules = isUnfilled ? ["fill: none", ...kept] : kept;
  return rules.length > 0 ? ` style="${rules.join("; ")}"` : "";
}

const MOVED = / transform="translate\(([\d.-]+),([\d.-]+)\)"/;

/** The label of a tick stands where its group has moved it. */
function placeLabel(whole: string, kind: string, attributes: string, label: string): string {
  const [moved, dx = 0, dy = 0] = MOVED.exec(attributes) ?? [];
  if (moved === undefined) {
    return whole;
  }
  const placed = attributes
    .replace(moved, "")
    .replace(
      / (x|y)="([\d.-]+)"/g,
      (_, axis, at) => ` ${axis}="${sum(at, axis === "x" ? dx : dy)}"`,
    );
  return `<text class="${kind}"${placed}>${label}</text>`;
}

/** Straight strokes one behind the other that differ in their places alone are one: ticks, lines of a grid. */
function joinStrokes(run: string): string {
  const joined: { rest: string; shape: string }[] = [];
  for (const [path] of run.matchAll(/<path[^>]*\/>/g)) {
    const [, dx = 0, dy = 0] = MOVED.exec(path) ?? [];
    const [shape = "", x, y, line] = / d="M([\d.-]+),([\d.-]+)([vh][\d.-]+)"/.exec(path) ?? [];
    const rest = path.replace(shape, "").replace(MOVED, "");
    const place = `M${sum(x, dx)},${sum(y, dy)}${line}`;
    const last = joined.at(-1);
    if (last?.rest === rest) {
      last.shape += place;
    } else {
      joined.push({ rest, shape: place });
    }
  }
  return joined.map(({ rest, shape }) => rest.replace("/>", ` d="${shape}"/>`)).join("");
}

/** To the decimal that coordinates have. */
function sum(at: string | undefined, by: string | number): number {
  return Number((Number(at) + Number(by)).toFixed(1));
}

/** Groups that say nothing of what is in them, around a single shape or around nothing. */
function withoutShells(svg: string): string {
  const less = svg.replace(/<g>(<(?!g\b)[^>]*\/>)?<\/g>/g, "$1");
  return less === svg ? svg : withoutShells(less);
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

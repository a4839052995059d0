/**
 * An SVG picture as a data URL that can stand in an HTML attribute. As text it takes a quarter less room
 * than in base64, and in a notebook's JSON too.
 */
export function svgUrl(svg: string): string {
  // Within tags either kind of quote does, and the double ones would end the HTML attribute.
  const quoted = svg
    .replace(forbidden, "\ufffd")
    .replace(/<[^<>']*>/g, (tag) => tag.replace(/"/g, "'"));
  const encoded = quoted.replace(/[^ !$'()*+,./0-9:;=?@A-Z[\]_a-z{|}~-]+/g, encodeURIComponent);
  return `data:image/svg+xml,${encoded}`;
}

/** Controls but for tab and line ends, halves of surrogate pairs, and two that are no characters. */
const forbidden = /(?![\t\n\r])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu;

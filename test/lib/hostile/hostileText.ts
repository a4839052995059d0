import assert from "node:assert/strict";
import fc from "fast-check";
import { JSDOM } from "jsdom";

/** Texts that break out of HTML, of an attribute, of a script or of SVG, where somebody forgot. */
export const NASTY = [
  "<img src=x onerror=alert(1)>",
  `"><script>alert(1)</script><a href="javascript:alert(1)">`,
  "' onmouseover='alert(1)",
  "</script><script>alert(1)</script>",
  "</title></text></svg><svg onload=alert(1)>",
  "<!-- --> ]]> <![CDATA[ &lt;b&gt; &#x3c; &amp;quot;",
  `<a href="https://example.com">x</a><b onclick="a">y</b><br>`,
  "$\\href{javascript:alert(1)}{x}$ $(touch x); `x` %{x}",
  "-o --out=x\n\r\t\u2028\u2029\u0000\u001b[31m\ud800 \ufffe",
];

/** Such texts, parts of them, and anything else, put together. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...NASTY),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(..."<>\"'`&;=/\\$%{}-_#\n", "<!--", "-->", "</", "/>", "<script>", "&lt;"),
        fc.string({ unit: "binary", maxLength: 6 }),
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join("")),
);

/** Elements in their order, each with the names of its attributes. */
export function skeletonOf(root: ParentNode): string[] {
  return [...root.querySelectorAll("*")].map((element) =>
    [element.tagName, ...element.getAttributeNames()].join(" "),
  );
}

/** HTML as a front end puts it into its page. */
export const parseHtml = (html: string): DocumentFragment => JSDOM.fragment(html);

const parser = new new JSDOM().window.DOMParser();

/** The picture in an `img`, as a browser reads it: XML without mercy. */
export function parsePicture(image: HTMLImageElement): XMLDocument {
  const svg = decodeURIComponent(image.getAttribute("src")!.replace("data:image/svg+xml,", ""));
  const document = parser.parseFromString(svg, "image/svg+xml");
  assert.equal(document.documentElement.tagName, "svg", "the picture can be read");
  return document;
}

/** A text without what HTML, XML and Plotly may change in it: spaces, controls, odd code units. */
export const essence = (text: string | null): string =>
  (text ?? "").replace(/[\s\p{Cc}\p{Cs}\ufffd\ufffe\uffff]/gu, "");

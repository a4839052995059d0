// Texts that users, data and errors bring along stay texts in all that is displayed.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  computationGraphFigure,
  historyFigure,
  imageGridFigure,
  lineFigure,
  unfoldedRnnFigure,
} from "karenina";
import { verdictBundle } from "../../../lessons/exercises/verdictView";
import { figureHtml } from "../../../lib/display/figureHtml";
import { liveHistory } from "../../../lib/display/live";
import { show } from "../../../lib/display/show";
import { preformatted, table } from "../../../lib/display/table";
import { textHeatMap } from "../../../lib/display/textHeatMap";
import { record } from "../display/recorder";
import { trainingRows } from "../figures/trainingRows";
import { essence, hostileText, NASTY, parseHtml, parsePicture, skeletonOf } from "./hostileText";

const settings = { seed: 8, numRuns: 60 };
const htmlOf = (act: () => void) => record(act).at(-1)!.html;

/** What is shown of a text; each must show it whole, and nothing else than of a harmless one. */
const displays: Record<string, (text: string) => string> = {
  "a table's caption, column names, cells and row names": (text) =>
    htmlOf(() =>
      table([{ name: text, [`column ${text}`]: text, list: [text] }], {
        caption: text,
        rowHeaders: true,
      }),
    ),
  "a Map as a table": (text) => htmlOf(() => table(new Map([[text, 1]]))),
  "a preformatted text": (text) => htmlOf(() => preformatted(text, { title: text })),
  "a text's heat map": (text) =>
    htmlOf(() => {
      const symbols = [`a${text}`, "b"];
      textHeatMap(symbols, [1, 1], { title: text, valueName: text });
    }),
  "a live chart's title and sample": (text) =>
    htmlOf(() => {
      const live = liveHistory({ title: text });
      live.progress(1, 2);
      live.text(`a${text}`);
      live.done();
    }),
  "a right answer": (text) =>
    verdictBundle(text, { kind: "right", because: text, remark: text })["text/html"] as string,
  "a hint": (text) => verdictBundle(text, { kind: "wrong", hint: text })["text/html"] as string,
};

for (const [what, htmlFor] of Object.entries(displays)) {
  test(`${what}: no element and no attribute comes from the text`, () => {
    // Code between backticks is a hint's own; it brings no attributes.
    const bones = (html: string) => skeletonOf(parseHtml(html)).filter((tag) => tag !== "CODE");
    const harmless = bones(htmlFor("x"));
    fc.assert(
      fc.property(hostileText, (text) => {
        const html = htmlFor(text);
        assert.deepEqual(bones(html), harmless);
        const said = essence(text).replaceAll("`", "");
        assert.ok(essence(parseHtml(html).textContent).replaceAll("`", "").includes(said));
      }),
      { ...settings, examples: NASTY.map((text): [string] => [text]) },
    );
  });
}

const drawings: Record<string, (text: string) => void> = {
  "a computation graph": (text) =>
    show(
      computationGraphFigure(
        {
          nodes: [
            { id: text, label: `a${text}`, value: 1 },
            { id: `${text}2`, label: text, value: 2, gradient: 3 },
          ],
          edges: [[text, `${text}2`]],
        },
        { title: text },
      ),
    ),
  "an unfolded network": (text) => {
    const labels = [`${text}_1`, text];
    const weights = { input: text, recurrent: text, output: text };
    const lists = { inputs: labels, states: labels, outputs: labels };
    show(unfoldedRnnFigure({ ...lists, weights, initialState: text, title: text }));
  },
  "images with labels": (text) =>
    show(imageGridFigure([[0, 1, 0, 1]], { labels: [text], predictions: ["b"], title: text })),
};

for (const [what, draw] of Object.entries(drawings)) {
  test(`${what}: the picture is whole, and shows the text as it stands`, () => {
    // An index below the line is an element of its own.
    const bones = (document: ParentNode) =>
      skeletonOf(document).filter((tag) => !tag.startsWith("tspan"));
    const harmless = parseHtml(htmlOf(() => draw("x y")));
    const ofHarmless = bones(parsePicture(harmless.querySelector("img")!));
    fc.assert(
      fc.property(hostileText, (text) => {
        // A label of nothing is left out.
        const own = `x ${text}`;
        const html = parseHtml(htmlOf(() => draw(own)));
        assert.deepEqual(skeletonOf(html), skeletonOf(harmless));
        const picture = parsePicture(html.querySelector("img")!);
        assert.deepEqual(bones(picture), ofHarmless);
        assert.ok(essence(picture.querySelector("title")!.textContent).includes(essence(own)));
      }),
      { ...settings, numRuns: 25, examples: NASTY.map((text): [string] => [text]) },
    );
  });
}

test("a figure's script ends where it ends, and says the labels letter by letter", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const figure = historyFigure(trainingRows(3), { title: text, references: { [text]: 1 } });
      const html = figureHtml(figure, { keepAs: text });
      const body = parseHtml(html);
      assert.deepEqual(skeletonOf(body), ["DIV", "STYLE", "DIV style", "P", "SCRIPT"]);
      assert.match(
        body.querySelector("style")!.textContent,
        /^\.js-plotly-plot text\[[^<{]*\]\{[^<}]*\}$/,
      );
      const script = body.querySelector("script")!.textContent;
      assert.doesNotMatch(script, /[\u2028\u2029]/);
      // What stands within the script's last brackets is the figure.
      const parts = JSON.parse(script.slice(script.lastIndexOf("})({") + 3, -2));
      assert.equal(parts.keepAs, text);
      assert.deepEqual(parts.layout, JSON.parse(JSON.stringify(figure.layout)));
    }),
    { ...settings, examples: NASTY.map((text): [string] => [text]) },
  );
});

test("Plotly's still pictures are whole, and show labels as they stand", () => {
  // Each text in each place takes three times as long, and tells no more.
  for (let i = 0; i < NASTY.length; i += 3) {
    const [title, xTitle, name] = NASTY.slice(i, i + 3) as [string, string, string];
    const curves = { [name]: [1, 2], other: [2, 3] };
    const body = parseHtml(htmlOf(() => show(lineFigure([1, 2], curves, { title, xTitle }))));
    const image = body.querySelector("img");
    assert.ok(image, `there is a picture for ${title}, ${xTitle}, ${name}`);
    assert.deepEqual(skeletonOf(body), ["DIV", "STYLE", "DIV", "IMG src alt style", "SCRIPT"]);
    const picture = parsePicture(image);
    for (const element of picture.querySelectorAll("*")) {
      assert.doesNotMatch(element.tagName, /^(a|b|img|script|foreignObject)$/i);
      for (const attribute of element.getAttributeNames()) {
        assert.doesNotMatch(attribute, /^on|href$/);
      }
    }
    for (const [place, text] of Object.entries({
      gtitle: title,
      xtitle: xTitle,
      legendtext: name,
    })) {
      assert.equal(essence(picture.querySelector(`.${place}`)!.textContent), essence(text), place);
    }
  }
});

// Still pictures that the page of the site puts into notebooks it saves: which outputs get one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { figureHtml } from "../../../lib/display/figureHtml";
import type { Figure } from "../../../lib/figures/figure";
import { type Notebook, Stills } from "../../../scripts/site/lab/stills";

const figureOf = (title: string): Figure => ({ data: [], layout: { title: { text: title } } });

/** An output as `show` makes it where nothing draws pictures. */
function shown(title: string, picture?: string) {
  const figure = figureOf(title);
  return {
    output_type: "display_data",
    metadata: {},
    data: {
      "application/vnd.plotly.v1+json": figure,
      "text/html": figureHtml(figure, { picture }),
      "text/plain": title,
    },
  };
}

const notebookOf = (...outputs: object[]) => ({
  nbformat: 4,
  cells: [
    { cell_type: "markdown", source: "text" },
    { cell_type: "code", outputs },
  ],
});

const never = (error: unknown) => assert.fail(String(error));

/** Draws by writing the title down. */
function drawer() {
  const titles: string[] = [];
  const draw = async ({ layout }: Figure) => {
    const title = (layout.title as { text: string }).text;
    titles.push(title);
    return `data:image/svg+xml,${title}`;
  };
  return { titles, draw };
}

test("a figure without a picture gets one, as where the kernel draws; nothing else changes", async () => {
  const live = {
    output_type: "display_data",
    data: { "text/html": `<div>${figureHtml(figureOf("live"), { keepAs: "live-1" })}</div>` },
  };
  const foreign = {
    output_type: "display_data",
    data: { "application/vnd.plotly.v1+json": figureOf("other"), "text/html": "<p>other</p>" },
  };
  const printed = { output_type: "stream", name: "stdout", text: "printed" };
  const notebook = notebookOf(
    printed,
    shown("a <b> $& c"),
    live,
    shown("old", "data:,old"),
    foreign,
  );
  const before = structuredClone(notebook);
  const { titles, draw } = drawer();
  const stills = new Stills();
  await stills.draw(notebook as Notebook, draw, never);
  assert.deepEqual(titles, ["a <b> $& c"]);
  const saved = stills.into(notebook as Notebook);
  const picture = "data:image/svg+xml,a <b> $& c";
  assert.deepEqual(
    saved,
    notebookOf(printed, shown("a <b> $& c", picture), live, shown("old", "data:,old"), foreign),
  );
  assert.deepEqual(notebook, before, "the notebook in the page stays as it is");
});

test("HTML in lines, as files have it, is HTML", async () => {
  const output = shown("lines");
  const html = output.data["text/html"].split(/(?<=>)/);
  const notebook = notebookOf({ ...output, data: { ...output.data, "text/html": html } });
  const stills = new Stills();
  await stills.draw(notebook as Notebook, drawer().draw, never);
  const picture = "data:image/svg+xml,lines";
  assert.deepEqual(stills.into(notebook as Notebook), notebookOf(shown("lines", picture)));
});

test("no figure is drawn twice, also where one save comes while another draws", async () => {
  const { titles, draw } = drawer();
  const stills = new Stills();
  const first = notebookOf(shown("a"), shown("a")) as Notebook;
  const second = notebookOf(shown("b"), shown("a")) as Notebook;
  await Promise.all([stills.draw(first, draw, never), stills.draw(second, draw, never)]);
  await stills.draw(second, draw, never);
  assert.deepEqual(titles, ["a", "b"]);
});

test("a figure that cannot be drawn is saved as it is, and the others with pictures", async () => {
  const failures: unknown[] = [];
  const { titles, draw } = drawer();
  const stills = new Stills();
  const notebook = notebookOf(shown("bad"), shown("none"), shown("good")) as Notebook;
  const drawn = async (figure: Figure) => {
    const picture = await draw(figure);
    if (titles.at(-1) === "bad") {
      throw new RangeError("not this one");
    }
    return titles.at(-1) === "none" ? undefined : picture;
  };
  await stills.draw(notebook, drawn, (error) => failures.push(error));
  await stills.draw(notebook, drawn, (error) => failures.push(error));
  assert.deepEqual(titles, ["bad", "none", "good"]);
  assert.deepEqual(failures.map(String), ["RangeError: not this one"]);
  assert.deepEqual(
    stills.into(notebook),
    notebookOf(shown("bad"), shown("none"), shown("good", "data:image/svg+xml,good")),
  );
});

test("pictures of figures that the notebook no longer has are let go", async () => {
  const { titles, draw } = drawer();
  const stills = new Stills();
  for (const title of ["a", "b", "a"]) {
    await stills.draw(notebookOf(shown(title)) as Notebook, draw, never);
  }
  assert.deepEqual(titles, ["a", "b", "a"]);
});

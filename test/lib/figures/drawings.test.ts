import assert from "node:assert/strict";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { computationGraphFigure, type Drawing, unfoldedRnnFigure } from "karenina";

function parse({ svg }: Drawing): Element {
  const { document } = new JSDOM(svg, { contentType: "image/svg+xml" }).window;
  return document.documentElement;
}

const texts = (root: Element) =>
  [...root.querySelectorAll("text")].map(({ textContent }) => textContent);

const boxes = (root: Element) =>
  [...root.querySelectorAll("rect")].map((rect) => {
    const [x, y, width, height] = ["x", "y", "width", "height"].map((name) =>
      Number(rect.getAttribute(name)),
    ) as [number, number, number, number];
    return { x, y, width, height, right: x + width, bottom: y + height };
  });

const graph = {
  nodes: [
    { id: "a", label: "a", value: 2, gradient: -3 },
    { id: "b", label: "<b>", value: -3, gradient: 2 },
    { id: "c", label: "c_1: *", value: -6, gradient: 1 },
    { id: "d", label: "36", value: 36 },
  ],
  edges: [
    ["a", "c"],
    ["b", "c"],
    ["c", "d"],
    ["c", "d"],
  ] as [string, string][],
};

test("a graph has a box a value, with label, number and gradient, and an arrow an edge", () => {
  const drawing = computationGraphFigure(graph, { title: "c = a · b" });
  const root = parse(drawing);
  for (const text of ["c = a · b", "a", "2", "grad -3", "<b>", "36"]) {
    assert.ok(texts(root).includes(text), text);
  }
  assert.equal(texts(root).filter((text) => text === "36").length, 1);
  assert.equal(root.querySelectorAll("rect").length, 4);
  assert.equal(root.querySelectorAll("polyline").length, 4);
  assert.equal(
    drawing.summary,
    "c = a · b: 4 values, 4 edges: a = 2 (gradient -3); <b> = -3 (gradient 2); c_1: * = -6 from a, <b> " +
      "(gradient 1); 36 from c_1: *, c_1: *.",
  );
});

test("a label of an edge stands between its boxes, and in the words", () => {
  const [first, ...more] = graph.edges;
  const labelled = [[first[0], first[1], "× -3"], ...more] as [string, string, string?][];
  const drawing = computationGraphFigure({ nodes: graph.nodes, edges: labelled });
  const root = parse(drawing);
  const label = [...root.querySelectorAll("text")].find((text) => text.textContent === "× -3")!;
  const x = Number(label.getAttribute("x"));
  const [a, , c] = boxes(root);
  assert.ok(a.right < x && x < c.x, `${x} between ${a.right} and ${c.x}`);
  assert.match(drawing.summary, /c_1: \* = -6 from a \[× -3\], <b>/);
});

test("boxes lie apart and inside, inputs left of what is computed from them, or above it", () => {
  for (const direction of ["right", "down"] as const) {
    const root = parse(computationGraphFigure(graph, { direction }));
    const [a, b, c, d] = boxes(root) as ReturnType<typeof boxes>;
    const [width, height] = ["width", "height"].map((name) => Number(root.getAttribute(name)));
    for (const box of [a, b, c, d]) {
      assert.ok(box.x >= 0 && box.y >= 0 && box.right <= width && box.bottom <= height);
    }
    for (const input of [a, b]) {
      if (direction === "right") {
        assert.ok(input.right < c.x && c.right < d.x);
      } else {
        assert.ok(input.bottom < c.y && c.bottom < d.y);
      }
    }
    assert.ok(a.bottom < b.y || b.bottom < a.y || a.right < b.x || b.right < a.x);
  }
});

test("graphs that cannot be drawn are refused with a way out", () => {
  const node = (id: string) => ({ id, label: id });
  assert.throws(() => computationGraphFigure({ nodes: [], edges: [] }), /no nodes/);
  assert.throws(
    () => computationGraphFigure({ nodes: [node("a"), node("a")], edges: [] }),
    /Two nodes have the id "a"/,
  );
  assert.throws(
    () => computationGraphFigure({ nodes: [node("a")], edges: [["a", "z"]] }),
    /from "a" to "z", but no node has the id "z"/,
  );
  const many = Array.from({ length: 151 }, (_, i) => node(String(i)));
  assert.throws(
    () => computationGraphFigure({ nodes: many, edges: [] }),
    /151 nodes; more than 150/,
  );
});

test("an unfolded network has inputs, states, outputs and the shared weights at each step", () => {
  const drawing = unfoldedRnnFigure({ inputs: ["h", "e"], outputs: ["e", "l"] });
  const found = texts(parse(drawing));
  // x_t, h_t, y_t of the folded one; its underscore is set as an index.
  for (const text of ["xt", "ht", "yt", "h0", "h1", "h2", "h", "e", "l"]) {
    assert.ok(found.includes(text), text);
  }
  const count = (text: string) => found.filter((other) => other === text).length;
  assert.deepEqual([count("U"), count("W"), count("V")], [3, 3, 3]);
  assert.match(
    drawing.summary,
    /step 1: h and h0 give h1, which gives e; step 2: e and h1 give h2, which gives l\.$/,
  );
});

test("it can be drawn without loop and outputs, with other names", () => {
  const drawing = unfoldedRnnFigure({
    steps: 3,
    outputs: [],
    folded: false,
    weights: { input: "W_x", recurrent: "W_h" },
    title: "Encoder",
  });
  const root = parse(drawing);
  assert.equal(root.querySelectorAll("circle").length, 3);
  assert.equal(root.querySelectorAll("rect").length, 3);
  assert.ok(texts(root).includes("Wx") && !texts(root).includes("V"));
  assert.equal(texts(root)[0], "Encoder");
});

test("a system that runs by itself has no inputs, and an output may come at the end only", () => {
  const alone = unfoldedRnnFigure({
    inputs: [],
    outputs: [],
    states: ["s_1", "s_2"],
    initialState: "s_0",
    weights: { recurrent: "f" },
  });
  const root = parse(alone);
  assert.equal(root.querySelectorAll("rect").length, 0);
  assert.deepEqual(texts(root).slice(1), ["st", "f", "=", "s0", "f", "s1", "f", "s2"]);
  assert.match(alone.summary, /Weights f lead from state to state.*step 1: s0 gives s1; step 2/);

  const atTheEnd = unfoldedRnnFigure({ outputs: ["", "", "y"], folded: false });
  const found = texts(parse(atTheEnd));
  assert.equal(found.filter((text) => text === "V").length, 1);
  assert.equal(parse(atTheEnd).querySelectorAll("rect").length, 4);
  assert.match(atTheEnd.summary, /step 2: x2 and h1 give h2; step 3: .* give h3, which gives y\.$/);
});

test("labels that do not match the steps are refused", () => {
  assert.throws(() => unfoldedRnnFigure({ steps: 0 }), /`steps` is 0/);
  assert.throws(() => unfoldedRnnFigure({ steps: 13 }), /no more than 12/);
  assert.throws(
    () => unfoldedRnnFigure({ inputs: ["a"], outputs: ["b", "c"] }),
    /2 labels in `outputs`, but 1 steps/,
  );
});

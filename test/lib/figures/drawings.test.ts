import assert from "node:assert/strict";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import {
  computationGraphFigure,
  type Drawing,
  recurrentCellFigure,
  unfoldedRnnFigure,
} from "karenina";

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
  assert.equal(root.querySelectorAll("rect").length, 1, "the mark of a delay in the loop");
  assert.deepEqual(texts(root).slice(1), ["st", "f", "=", "s0", "f", "s1", "f", "s2"]);
  assert.match(alone.summary, /Weights f lead from state to state.*step 1: s0 gives s1; step 2/);

  const atTheEnd = unfoldedRnnFigure({ outputs: ["", "", "y"], folded: false });
  const found = texts(parse(atTheEnd));
  assert.equal(found.filter((text) => text === "V").length, 1);
  assert.equal(parse(atTheEnd).querySelectorAll("rect").length, 4);
  assert.match(atTheEnd.summary, /step 2: x2 and h1 give h2; step 3: .* give h3, which gives y\.$/);
});

test("above the outputs stand the losses and the targets, and layers lie one above the other", () => {
  const plain = parse(unfoldedRnnFigure({ steps: 3, folded: false }));
  const compared = unfoldedRnnFigure({ inputs: [..."abc"], targets: [..."bcd"], folded: false });
  const found = texts(parse(compared));
  for (const text of ["o1", "L1", "d", "o3", "L3"]) {
    assert.ok(found.includes(text), text);
  }
  assert.ok(!found.includes("y1"));
  assert.match(compared.summary, /which gives o1, compared with b by the loss L1/);
  // Per step: one circle more, one box more, and two arrows.
  const parts = (root: Element) =>
    ["circle", "rect", "polygon"].map((name) => root.querySelectorAll(name).length);
  const more = parts(parse(compared)).map((count, i) => count - parts(plain)[i]);
  assert.deepEqual(more, [3, 3, 6]);

  const stacked = parse(unfoldedRnnFigure({ steps: 3, folded: false, layers: 3 }));
  assert.deepEqual(
    parts(stacked).map((count, i) => count - parts(plain)[i]),
    [6, 0, 12],
  );
  assert.deepEqual(
    texts(stacked).filter((text) => /^h.*2$/.test(text)),
    ["h2", "h′2", "h″2"],
  );
  assert.equal(texts(stacked).filter((text) => text === "W″").length, 3);
  assert.throws(() => unfoldedRnnFigure({ layers: 4 }), /no more than 3 fit/);
});

test("the way back has an arrow to each state reached, from its output and to the state before", () => {
  const arrows = (backward: number) => {
    const drawing = unfoldedRnnFigure({ steps: 4, folded: false, backward });
    const found = texts(parse(drawing)).filter((text) => text === "δ").length;
    return found;
  };
  // From the first state nothing goes further back.
  assert.deepEqual([0, 1, 2, 3, 4].map(arrows), [0, 2, 4, 6, 7]);
  const atTheEnd = unfoldedRnnFigure({ outputs: ["", "", "", "o_4"], backward: 4, folded: false });
  assert.equal(texts(parse(atTheEnd)).filter((text) => text === "δ").length, 4);
  assert.match(atTheEnd.summary, /Gradients have gone back through 4 of 4 steps\.$/);
  assert.throws(() => unfoldedRnnFigure({ backward: 5 }), /`backward` is 5: .* 0 to 4/);
  assert.throws(() => unfoldedRnnFigure({ backward: 0.5 }), /whole number/);
});

test("a cell has a box for each of its layers and a circle for each operation", () => {
  // A GRU's third box that is not a layer is 1 − z. Circles: operations, and the dots of forks.
  const wanted = {
    lstm: { boxes: 4, signs: { "×": 3, "+": 1, ",": 1, tanh: 1 } },
    gru: { boxes: 4, signs: { "×": 3, "+": 1, ",": 1, "1 − z": 1 } },
  };
  for (const kind of ["lstm", "gru"] as const) {
    const figure = recurrentCellFigure(kind);
    const root = parse(figure);
    assert.equal(root.querySelectorAll("rect").length, wanted[kind].boxes);
    for (const [sign, count] of Object.entries(wanted[kind].signs)) {
      assert.equal(texts(root).filter((text) => text === sign).length, count, `${kind} ${sign}`);
    }
    assert.ok(texts(root).includes("ht−1") && texts(root).includes("xt"));
    assert.ok(figure.summary.startsWith(`A cell of ${kind === "lstm" ? "an LSTM" : "a GRU"}. `));
  }
  assert.equal(recurrentCellFigure("gru", { title: "Two gates" }).title, "Two gates");
  assert.throws(() => recurrentCellFigure("rnn" as "gru"), /no drawing of "rnn": give one of lstm/);
});

test("labels that do not match the steps are refused", () => {
  assert.throws(() => unfoldedRnnFigure({ steps: 0 }), /`steps` is 0/);
  assert.throws(() => unfoldedRnnFigure({ steps: 13 }), /no more than 12/);
  assert.throws(
    () => unfoldedRnnFigure({ inputs: ["a"], outputs: ["b", "c"] }),
    /2 labels in `outputs`, but 1 steps/,
  );
});

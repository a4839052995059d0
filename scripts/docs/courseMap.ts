// What leads to what: the lessons' prerequisites, as a drawing and in words.

export interface CourseLesson {
  /** The file's name in notebooks/, without the ending. */
  name: string;
  title: string;
  /** Lessons without which this one can't be followed. */
  needs: readonly string[];
  /** Lessons that it refers to, and that can be caught up on later. */
  helps?: readonly string[];
  /** Column and row in the drawing, both counted from 0. */
  at: readonly [column: number, row: number];
}

/** The numbered lessons in reading order. */
export const COURSE: readonly CourseLesson[] = [
  { name: "00-welcome", title: "Welcome", needs: [], at: [0, 1] },
  { name: "01-autograd", title: "Autograd", needs: ["00-welcome"], at: [1, 1] },
  { name: "02-keras-layers", title: "Keras layers", needs: ["01-autograd"], at: [2, 1] },
  { name: "03-hyperparameters", title: "Hyperparameters", needs: ["02-keras-layers"], at: [3, 0] },
  {
    name: "04-under-and-overfitting",
    title: "Under- and overfitting",
    needs: ["03-hyperparameters"],
    at: [4, 0],
  },
  {
    name: "05-optimizers",
    title: "Optimizers",
    needs: ["02-keras-layers"],
    helps: ["04-under-and-overfitting"],
    at: [4, 1],
  },
  {
    name: "06-recurrent-nets-from-scratch",
    title: "Recurrent nets",
    needs: ["02-keras-layers"],
    at: [3, 2],
  },
  {
    name: "07-anna-karenina",
    title: "Anna Karenina",
    needs: ["06-recurrent-nets-from-scratch"],
    at: [4, 2],
  },
  {
    name: "08-talk-like-a-president",
    title: "Talk like a president",
    needs: ["07-anna-karenina"],
    helps: ["05-optimizers"],
    at: [5, 2],
  },
  {
    name: "09-mnist-rows",
    title: "Digits, row by row",
    needs: ["06-recurrent-nets-from-scratch"],
    at: [4, 3],
  },
  { name: "10-attention", title: "Attention", needs: ["07-anna-karenina"], at: [5, 3] },
];

const numberOf = (name: string) => name.slice(0, 2);
const listed = new Intl.ListFormat("en");

/** What the drawing shows, in words, for who can't see it. */
export function courseMapText(): string {
  const leads = COURSE.map((lesson) => {
    const to = COURSE.filter(({ needs }) => needs.includes(lesson.name));
    const helped = COURSE.filter(({ helps = [] }) => helps.includes(lesson.name));
    const titled = (all: readonly CourseLesson[]) =>
      listed.format(all.map(({ name, title }) => `${numberOf(name)} ${title}`));
    const parts = [
      ...(to.length > 0 ? [`leads to ${titled(to)}`] : []),
      ...(helped.length > 0 ? [`helps with ${titled(helped)}`] : []),
    ];
    return parts.length > 0 ? `${numberOf(lesson.name)} ${listed.format(parts)}` : "";
  });
  return `The lessons as boxes with arrows. ${leads.filter((each) => each !== "").join("; ")}.`;
}

const BOX = { width: 164, height: 62 };
const STEP = { x: 196, y: 88 };
const MARGIN = 14;

const escaped = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");

/** The drawing, as SVG with a ground of its own, so that it can be read on dark pages, too. */
export function courseMapSvg(): string {
  const columns = 1 + Math.max(...COURSE.map(({ at }) => at[0]));
  const rows = 1 + Math.max(...COURSE.map(({ at }) => at[1]));
  const width = 2 * MARGIN + (columns - 1) * STEP.x + BOX.width;
  const height = 2 * MARGIN + (rows - 1) * STEP.y + BOX.height;
  const boxes = COURSE.map(({ name, title, at }) => {
    const [x, y] = cornerOf(at);
    return (
      `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6"/>` +
      `<text x="${x + 10}" y="${y + 25}" class="number">${numberOf(name)}</text>` +
      `<text x="${x + 10}" y="${y + 47}">${escaped(title)}</text>`
    );
  });
  const byName = new Map(COURSE.map((lesson) => [lesson.name, lesson]));
  const arrows = COURSE.flatMap(({ at, needs, helps = [] }) => [
    ...needs.map((name) => `<path d="${arrow(byName.get(name)!.at, at)}"/>`),
    ...helps.map((name) => `<path d="${arrow(byName.get(name)!.at, at)}" class="helps"/>`),
  ]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" ` +
      `height="${height}" role="img">`,
    `<title>${escaped(courseMapText())}</title>`,
    "<style>",
    "text { font: 13px system-ui, sans-serif; fill: #1f2933; } .number { font-weight: bold; font-size: 15px; }",
    "rect { fill: #f5f7fa; stroke: #0b5394; stroke-width: 1.5; } .ground { fill: #fff; stroke: none; }",
    "path { fill: none; stroke: #1f2933; stroke-width: 1.5; marker-end: url(#tip); }",
    ".helps { stroke-dasharray: 5 4; }",
    "</style>",
    '<marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">' +
      '<polygon points="0,0 8,4 0,8" fill="#1f2933"/></marker>',
    `<rect class="ground" width="${width}" height="${height}"/>`,
    ...arrows,
    ...boxes,
    "</svg>",
    "",
  ].join("\n");
}

const cornerOf = ([column, row]: CourseLesson["at"]) =>
  [MARGIN + column * STEP.x, MARGIN + row * STEP.y] as const;

/** From the right of a box to the left of another, or down where both stand in one column. */
function arrow(from: CourseLesson["at"], to: CourseLesson["at"]): string {
  const [[x1, y1], [x2, y2]] = [cornerOf(from), cornerOf(to)];
  const middle = BOX.height / 2;
  if (from[0] === to[0]) {
    return `M${x1 + BOX.width / 2} ${y1 + BOX.height}L${x2 + BOX.width / 2} ${y2}`;
  }
  const [begin, end] = [x1 + BOX.width, x2];
  const bend = end - (STEP.x - BOX.width) / 2;
  return `M${begin} ${y1 + middle}H${bend - 8}L${bend} ${y2 + middle}H${end}`;
}

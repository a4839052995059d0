import type { Descendable } from "./descend";

/** A function of the plane with its derivatives, to watch optimizers on. */
export interface Surface extends Descendable {
  name: string;
  hessian(at: readonly number[]): number[][];
  /** Its minima, the deepest first; empty where it falls forever. */
  minima: number[][];
  /** The part of the plane that is worth drawing. */
  x: [from: number, to: number];
  y: [from: number, to: number];
}

/** L = x²/10 + 2y²: a ravine twenty times as steep across as along; minimum 0 at the origin. */
export const ravine: Surface = {
  name: "ravine",
  value: ([x, y]) => x ** 2 / 10 + 2 * y ** 2,
  gradient: ([x, y]) => [x / 5, 4 * y],
  hessian: () => [
    [0.2, 0],
    [0, 4],
  ],
  minima: [[0, 0]],
  x: [-10, 10],
  y: [-3, 3],
};

/** L = x² - y²: a minimum along x, a maximum along y, and no lowest point anywhere. */
export const saddle: Surface = {
  name: "saddle",
  value: ([x, y]) => x ** 2 - y ** 2,
  gradient: ([x, y]) => [2 * x, -2 * y],
  hessian: () => [
    [2, 0],
    [0, -2],
  ],
  minima: [],
  x: [-2, 2],
  y: [-2, 2],
};

/** Himmelblau's function (1972), (x² + y - 11)² + (x + y² - 7)²: four minima, all 0. */
export const himmelblau: Surface = {
  name: "Himmelblau's function",
  value: ([x, y]) => (x ** 2 + y - 11) ** 2 + (x + y ** 2 - 7) ** 2,
  gradient: (at) => {
    const [x, y] = at;
    const [a, b] = [x ** 2 + y - 11, x + y ** 2 - 7];
    return [4 * x * a + 2 * b, 2 * a + 4 * y * b];
  },
  hessian: ([x, y]) => [
    [12 * x ** 2 + 4 * y - 42, 4 * (x + y)],
    [4 * (x + y), 12 * y ** 2 + 4 * x - 26],
  ],
  minima: [
    [3, 2],
    [-2.805118086953, 3.131312518251],
    [-3.779310253378, -3.283185991286],
    [3.584428340331, -1.848126526964],
  ],
  x: [-5, 5],
  y: [-5, 5],
};

/** The places of the lower and the higher minimum of (z⁴ - 16z² + 5z) / 2. */
const [lower, higher] = [-2.903534027772, 2.746802770989] as const;

/**
 * Styblinski and Tang's function (1990), the sum of (z⁴ - 16z² + 5z) / 2 over the coordinates: four
 * minima of different depth in the plane, the deepest -78.33. It takes points of any length; of
 * length 1 it is a curve with two valleys, -39.17 and -25.03 deep.
 */
export const styblinskiTang: Surface = {
  name: "Styblinski and Tang's function",
  value: (at) => at.reduce((sum, z) => sum + (z ** 4 - 16 * z ** 2 + 5 * z) / 2, 0),
  gradient: (at) => at.map((z) => (4 * z ** 3 - 32 * z + 5) / 2),
  hessian: (at) => at.map((z, i) => at.map((_, k) => (i === k ? 6 * z ** 2 - 16 : 0))),
  minima: [
    [lower, lower],
    [lower, higher],
    [higher, lower],
    [higher, higher],
  ],
  x: [-5, 5],
  y: [-5, 5],
};

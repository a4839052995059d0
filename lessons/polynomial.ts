/** Thrown where points make no polynomial; the message says what to change. */
export class PolynomialError extends Error {
  override name = "PolynomialError";
}

/** A polynomial fitted to points: c0 + c1 x + c2 x² + ..., or the like of other basic curves. */
export interface Polynomial {
  /** c0, c1, ...: one more than the degree. */
  coefficients: number[];
  /** The polynomial's value at x. */
  at(x: number): number;
}

export interface PolynomialOptions {
  /** The highest power, 0 or more. */
  degree: number;
  /** λ, how strongly large coefficients are punished; c0 is free. Default 0. */
  l2?: number;
}

/**
 * The polynomial that minimises the squared error, plus a penalty where wanted:
 *
 *     Σ (p(x_n) - y_n)² + λ Σ_{k>0} c_k²
 *
 * (ridge regression: Hoerl & Kennard 1970). Solved by orthogonalising the columns 1, x, x², ...
 * (modified Gram-Schmidt), which for |x| <= 1 is exact enough up to degree 20.
 *
 * @param x places, best between -1 and 1
 * @param y values, as many
 * @throws PolynomialError for lengths that differ, or fewer different places than coefficients with λ = 0
 */
export function fitPolynomial(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { degree, l2 = 0 }: PolynomialOptions,
): Polynomial {
  if (!(Number.isInteger(degree) && degree >= 0 && l2 >= 0)) {
    throw new PolynomialError(
      `degree is ${degree} and l2 ${l2}, but degree must be a whole number from 0 up and l2 0 or more.`,
    );
  }
  if (x.length !== y.length) {
    throw new PolynomialError(`There are ${x.length} places, but ${y.length} values.`);
  }
  const places = Array.from(x);
  if (l2 === 0 && new Set(places).size <= degree) {
    throw new PolynomialError(
      `${new Set(places).size} different places do not determine the ${degree + 1} coefficients of ` +
        `degree ${degree}. Take a lower degree, more points, or l2 above 0.`,
    );
  }
  // A row √λ e_k with the target 0 adds λ c_k² to the squared error.
  const columns = Array.from({ length: degree + 1 }, (_, k) => [
    ...places.map((place) => place ** k),
    ...Array.from({ length: degree }, (_, row) => (row + 1 === k ? Math.sqrt(l2) : 0)),
  ]);
  const coefficients = leastSquares(columns, [...Array.from(y), ...Array(degree).fill(0)]);
  return {
    coefficients,
    at: (place) => coefficients.reduceRight((sum, coefficient) => sum * place + coefficient, 0),
  };
}

/**
 * The curve Σ c_k P_k(x) of Legendre polynomials P_0 to P_degree that minimises the squared error. Where
 * there are more coefficients than places, many curves go through all points: this is the one with the
 * smallest Σ c_k². Legendre polynomials stay between -1 and 1, so degrees of a hundred are no trouble.
 *
 * @param x places from -1 to 1, all different
 * @param y values, as many
 * @param options.degree 1 or more
 * @throws PolynomialError for lengths that differ, a place outside of -1 to 1, one that comes twice, or a
 *   degree that is none
 */
export function fitLegendre(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { degree }: { degree: number },
): Polynomial {
  const places = Array.from(x);
  if (x.length !== y.length) {
    throw new PolynomialError(`There are ${x.length} places, but ${y.length} values.`);
  }
  if (!(Number.isInteger(degree) && degree >= 1)) {
    throw new PolynomialError(`degree is ${degree}, but must be a whole number from 1 up.`);
  }
  const outside = places.find((place) => !(Math.abs(place) <= 1));
  if (outside !== undefined || new Set(places).size < places.length) {
    const fault = outside === undefined ? "One of the places comes twice" : `${outside} is a place`;
    throw new PolynomialError(`${fault}, but places must be different, and from -1 to 1.`);
  }
  const rows = places.map((place) => legendreValues(place, degree));
  const columns = Array.from({ length: degree + 1 }, (_, k) => rows.map((row) => row[k]));
  const coefficients =
    degree < places.length
      ? leastSquares(columns, Array.from(y))
      : smallestThrough(rows, Array.from(y));
  return { coefficients, at: (place) => dot(coefficients, legendreValues(place, degree)) };
}

/** P_0 to P_degree at a place, by Bonnet's recursion. */
function legendreValues(x: number, degree: number): number[] {
  const values = [1, x];
  for (let k = 2; k <= degree; k++) {
    values.push(((2 * k - 1) * x * values[k - 1] - (k - 1) * values[k - 2]) / k);
  }
  return values;
}

/** The shortest c with dot(rows[i], c) = target[i] for all i: a sum of the rows, made orthogonal. */
function smallestThrough(rows: readonly number[][], target: readonly number[]): number[] {
  const c = rows[0].map(() => 0);
  const directions: number[][] = [];
  for (const [i, row] of rows.entries()) {
    const rest = [...row];
    // Twice, since one pass leaves rounding errors where rows are nearly dependent.
    for (const direction of [...directions, ...directions]) {
      takeOut(direction, rest);
    }
    const length = Math.sqrt(dot(rest, rest));
    const direction = rest.map((value) => value / length);
    const share = (target[i] - dot(row, c)) / length;
    for (let k = 0; k < c.length; k++) {
      c[k] += share * direction[k];
    }
    directions.push(direction);
  }
  return c;
}

/** The numbers c that bring Σ c_k columns[k] nearest to the target. */
function leastSquares(columns: number[][], target: number[]): number[] {
  const basis = columns.map((column) => [...column]);
  const rest = [...target];
  const count = basis.length;
  const triangle = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  const shares: number[] = [];
  for (let k = 0; k < count; k++) {
    const direction = basis[k];
    const length = Math.sqrt(dot(direction, direction));
    for (let i = 0; i < direction.length; i++) {
      direction[i] /= length;
    }
    triangle[k][k] = length;
    for (let j = k + 1; j < count; j++) {
      triangle[k][j] = takeOut(direction, basis[j]);
    }
    shares.push(takeOut(direction, rest));
  }
  const solution = new Array<number>(count).fill(0);
  for (let k = count - 1; k >= 0; k--) {
    const known = solution.reduce((sum, value, j) => sum + triangle[k][j] * value, 0);
    solution[k] = (shares[k] - known) / triangle[k][k];
  }
  return solution;
}

/** Makes a vector orthogonal to a direction of length 1, and returns how much of it was there. */
function takeOut(direction: readonly number[], vector: number[]): number {
  const share = dot(direction, vector);
  for (let i = 0; i < vector.length; i++) {
    vector[i] -= share * direction[i];
  }
  return share;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

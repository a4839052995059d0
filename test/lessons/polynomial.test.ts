import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fitLegendre, fitPolynomial, PolynomialError } from "../../lessons";

const places = Array.from({ length: 15 }, (_, i) => -1 + i / 7);

test("points of a polynomial give its coefficients back", () => {
  const coefficient = fc.integer({ min: -50, max: 50 }).map((whole) => whole / 10);
  const coefficients = fc.array(coefficient, { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(coefficients, (truth) => {
      const value = (x: number) => truth.reduce((sum, c, k) => sum + c * x ** k, 0);
      const fit = fitPolynomial(places, places.map(value), { degree: truth.length - 1 });
      for (const [k, c] of truth.entries()) {
        assert.ok(Math.abs(fit.coefficients[k] - c) < 1e-8);
      }
      assert.ok(Math.abs(fit.at(0.123) - value(0.123)) < 1e-9);
    }),
  );
});

test("a straight line is the textbook's: slope cov / var, through the means", () => {
  const x = [0, 1, 2, 3];
  const y = [1, 3, 2, 5];
  const { coefficients } = fitPolynomial(x, y, { degree: 1 });
  const slope = 5.5 / 5; // Σ (x - 1.5)(y - 2.75) / Σ (x - 1.5)²
  assert.ok(Math.abs(coefficients[1] - slope) < 1e-12);
  assert.ok(Math.abs(coefficients[0] - (2.75 - 1.5 * slope)) < 1e-12);
});

test("at its minimum the gradient of error and penalty is zero", () => {
  const values = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), {
    minLength: places.length,
    maxLength: places.length,
  });
  const strength = fc.double({ min: 0, max: 10, noNaN: true });
  fc.assert(
    fc.property(values, strength, fc.integer({ min: 0, max: 8 }), (y, l2, degree) => {
      const { at, coefficients } = fitPolynomial(places, y, { degree, l2 });
      for (let k = 0; k <= degree; k++) {
        const slope = places.reduce((sum, x, n) => sum + (at(x) - y[n]) * x ** k, 0);
        const penalty = k === 0 ? 0 : l2 * coefficients[k];
        assert.ok(Math.abs(slope + penalty) < 1e-7, `c${k}: ${slope + penalty}`);
      }
    }),
  );
});

test("as many coefficients as points go through every point", () => {
  const y = places.map((x) => Math.sin(5 * x) + (x > 0 ? 1 : 0));
  const { at } = fitPolynomial(places, y, { degree: places.length - 1 });
  for (const [n, x] of places.entries()) {
    assert.ok(Math.abs(at(x) - y[n]) < 1e-6);
  }
});

test("what makes no polynomial is refused", () => {
  assert.throws(() => fitPolynomial([0, 1], [0], { degree: 0 }), /2 places, but 1 values/);
  assert.throws(() => fitPolynomial([0, 0, 1], [0, 1, 2], { degree: 2 }), /2 different places/);
  assert.throws(() => fitPolynomial([0], [0], { degree: 0.5 }), PolynomialError);
  assert.throws(() => fitPolynomial([0], [0], { degree: 0, l2: -1 }), PolynomialError);
  const flat = fitPolynomial([0, 0], [1, 3], { degree: 4, l2: 1 });
  assert.ok(Math.abs(flat.at(0) - 2) < 1e-12);
});

test("with fewer coefficients than points, Legendre polynomials are the same curve as powers", () => {
  const x = [-1, -0.6, -0.1, 0.3, 0.7, 1];
  const y = [1, -2, 0.5, 3, 0, 1];
  for (const degree of [1, 2, 5]) {
    const [powers, legendre] = [fitPolynomial(x, y, { degree }), fitLegendre(x, y, { degree })];
    for (const place of [-1, -0.35, 0, 0.5, 1]) {
      assert.ok(Math.abs(powers.at(place) - legendre.at(place)) < 1e-9);
    }
  }
});

test("with more, the curve goes through all points, and no other such has smaller coefficients", () => {
  const x = [-0.9, 0.1, 0.8];
  const y = [1, -1, 2];
  const { coefficients, at } = fitLegendre(x, y, { degree: 40 });
  x.forEach((place, i) => {
    assert.ok(Math.abs(at(place) - y[i]) < 1e-12);
  });
  // The shortest solution is orthogonal to what vanishes at all places, such as (x - a)(x - b)(x - c).
  const vanishing = fitLegendre([-1, -0.9, 0.1, 0.8], [1, 0, 0, 0], { degree: 3 }).coefficients;
  const product = vanishing.reduce((sum, value, k) => sum + value * coefficients[k], 0);
  assert.ok(Math.abs(product) < 1e-9);
});

test("a fit of Legendre polynomials names what cannot be", () => {
  const wrong =
    /^PolynomialError: (degree is 0, but must be|There are 2 places|2 is a place|One of the places)/;
  assert.throws(() => fitLegendre([0, 1], [1, 2], { degree: 0 }), wrong);
  assert.throws(() => fitLegendre([0, 1], [1], { degree: 2 }), wrong);
  assert.throws(() => fitLegendre([0, 2], [1, 2], { degree: 2 }), wrong);
  assert.throws(() => fitLegendre([1, 1], [1, 2], { degree: 2 }), wrong);
});

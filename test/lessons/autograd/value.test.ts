import assert from "node:assert/strict";
import { before, test } from "node:test";
import fc from "fast-check";
import { ready, tf } from "karenina";
import { checkGradient, Value, ValueError } from "../../../lessons";

before(() => ready());

const number = fc.double({ min: -3, max: 3, noNaN: true });
const close = (actual: number, expected: number, within = 1e-9) =>
  assert.ok(
    Math.abs(actual - expected) <= within * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );

/** The gradients of a function of values. */
function gradients(f: (...inputs: Value[]) => Value, ...at: number[]): number[] {
  const inputs = at.map((x) => new Value(x));
  f(...inputs).backward();
  return inputs.map(({ gradient }) => gradient);
}

const unary: Record<string, [f: (x: Value) => Value, ofTensor: (x: tf.Tensor) => tf.Tensor]> = {
  neg: [(x) => x.neg(), (x) => tf.neg(x)],
  exp: [(x) => x.exp(), (x) => tf.exp(x)],
  "log of a square": [(x) => x.pow(2).add(0.1).log(), (x) => tf.log(tf.add(tf.square(x), 0.1))],
  tanh: [(x) => x.tanh(), (x) => tf.tanh(x)],
  relu: [(x) => x.relu(), (x) => tf.relu(x)],
  cube: [(x) => x.pow(3), (x) => tf.pow(x, 3)],
  "to the power 0": [(x) => x.pow(0), (x) => tf.pow(x, 0)],
  "itself twice": [(x) => x.mul(x).add(x), (x) => tf.add(tf.mul(x, x), x)],
};

for (const [name, [f, ofTensor]] of Object.entries(unary)) {
  test(`${name}: value and gradient are those of central differences and of tfjs`, () => {
    fc.assert(
      fc.property(number, (x) => {
        fc.pre(Math.abs(x) > 1e-3);
        assert.ok(checkGradient(f, [x]).largestError < 1e-7);
        const [value, gradient] = tf.tidy(() => {
          const { value, grad } = tf.valueAndGrad((t: tf.Tensor) => tf.sum(ofTensor(t)))(
            tf.scalar(x),
          );
          return [value.dataSync()[0], grad.dataSync()[0]];
        });
        close(f(new Value(x)).data, value, 1e-5);
        close(gradients(f, x)[0], gradient, 1e-4);
      }),
    );
  });
}

const binary: Record<string, (x: Value, y: Value) => Value> = {
  add: (x, y) => x.add(y),
  sub: (x, y) => x.sub(y),
  mul: (x, y) => x.mul(y),
  div: (x, y) => x.div(y.mul(y).add(0.5)),
};

for (const [name, f] of Object.entries(binary)) {
  test(`${name}: the gradient is that of central differences`, () => {
    fc.assert(
      fc.property(number, number, (x, y) => {
        assert.ok(checkGradient(f, [x, y]).largestError < 1e-7);
      }),
    );
  });
}

test("plain numbers stand in for values", () => {
  const x = new Value(2);
  const y = x.add(1).sub(4).mul(5).div(10);
  close(y.data, -0.5);
  y.backward();
  close(x.gradient, 0.5);
});

test("the gradient is linear: of a f + b g it is a times f's plus b times g's", () => {
  const f = (x: Value) => x.tanh().mul(x);
  const g = (x: Value) => x.exp();
  fc.assert(
    fc.property(number, number, number, (x, a, b) => {
      const [together] = gradients((v) => f(v).mul(a).add(g(v).mul(b)), x);
      close(together, a * gradients(f, x)[0] + b * gradients(g, x)[0]);
    }),
  );
});

test("product rule: (f g)' = f' g + f g'", () => {
  const f = (x: Value) => x.tanh();
  const g = (x: Value) => x.pow(2).add(1);
  fc.assert(
    fc.property(number, (x) => {
      const [product] = gradients((v) => f(v).mul(g(v)), x);
      const v = new Value(x);
      close(product, gradients(f, x)[0] * g(v).data + f(v).data * gradients(g, x)[0]);
    }),
  );
});

test("two ways from an input to a result add up, however they cross", () => {
  fc.assert(
    fc.property(number, (x) => {
      // A diamond on a diamond: s = t² + 3 t, t = x² + 2 x.
      const diamond = (v: Value) => {
        const t = v.mul(v).add(v.mul(2));
        return t.mul(t).add(t.mul(3));
      };
      const t = x * x + 2 * x;
      close(gradients(diamond, x)[0], (2 * t + 3) * (2 * x + 2));
    }),
  );
});

test("values in the middle get their gradients, and a second call begins at zero", () => {
  const [x, y] = [new Value(2), new Value(-3)];
  const product = x.mul(y);
  const result = product.add(x);
  for (let call = 0; call < 2; call++) {
    result.backward();
    assert.deepEqual(
      [result, product, x, y].map((v) => v.gradient),
      [1, 1, -2, 2],
    );
  }
});

test("a gradient is that of the moment when the value was computed", () => {
  const [x, w] = [new Value(2), new Value(5)];
  const y = x.mul(w);
  w.data = 100;
  y.backward();
  assert.equal(x.gradient, 5);
});

test("a chain longer than the call stack has a gradient", () => {
  const x = new Value(1);
  let y = x;
  for (let i = 0; i < 100_000; i++) {
    y = y.add(x);
  }
  y.backward();
  assert.equal(x.gradient, 100_001);
});

test("sum: of none it is 0, and every value gets the whole gradient", () => {
  assert.equal(Value.sum([]).data, 0);
  const x = new Value(1);
  Value.sum([x, new Value(2), x]).backward();
  assert.equal(x.gradient, 2);
});

test("as text it says what it is and what its gradient is", () => {
  const x = new Value(3);
  const y = x.mul(2);
  y.backward();
  assert.equal(`${x}, ${y}`, "Value(data=3, grad=2), Value(data=6, grad=1)");
});

test("an operation of one's own", () => {
  const sin = (x: Value) =>
    new Value(Math.sin(x.data), "", {
      operation: "sin",
      inputs: [x],
      gradientRule: (gradient) => [gradient * Math.cos(x.data)],
    });
  assert.ok(checkGradient((x) => sin(x.mul(2)), [0.3]).largestError < 1e-9);
});

test("what is no number is refused where it arises", () => {
  assert.throws(() => new Value(-1).log(), /log of -1 is NaN.*smaller learning rate/s);
  assert.throws(() => new Value(undefined as unknown as number), ValueError);
});

// A network of two layers that learns to tell two moons apart: 2 numbers in, H units with tanh, one
// probability out, by Adam on all points at once.

/** Points in the plane; a label is 0 or 1. */
export interface Points {
  x: Float64Array;
  y: Float64Array;
  label: Uint8Array;
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32, by Tommy Ettinger). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Normal numbers, after Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Two half circles that reach into each other, as scikit-learn's make_moons has them. */
export function twoMoons(count: number, noise: number, random: () => number): Points {
  const points: Points = {
    x: new Float64Array(count),
    y: new Float64Array(count),
    label: new Uint8Array(count),
  };
  for (let n = 0; n < count; n++) {
    const label = n % 2;
    const angle = Math.PI * random();
    points.label[n] = label;
    points.x[n] = (label ? 1 - Math.cos(angle) : Math.cos(angle)) + noise * normal(random);
    points.y[n] = (label ? 0.5 - Math.sin(angle) : Math.sin(angle)) + noise * normal(random);
  }
  return points;
}

export class MoonsNet {
  /** The parameters in a row: [x weights H, y weights H, biases H, out weights H, out bias]. */
  readonly parameters: Float64Array;
  /** Adam's averages of the gradient and of its square. */
  private readonly mean: Float64Array;
  private readonly square: Float64Array;
  steps = 0;

  /** @param units H */
  constructor(
    readonly units: number,
    random: () => number,
  ) {
    this.parameters = new Float64Array(4 * units + 1);
    for (let j = 0; j < units; j++) {
      this.parameters[j] = normal(random);
      this.parameters[units + j] = normal(random);
      this.parameters[3 * units + j] = normal(random) / Math.sqrt(units);
    }
    this.mean = new Float64Array(this.parameters.length);
    this.square = new Float64Array(this.parameters.length);
  }

  /** The probability that a point belongs to the moon with label 1. */
  probability(x: number, y: number): number {
    const { units, parameters: p } = this;
    let z = p[4 * units];
    for (let j = 0; j < units; j++) {
      z += p[3 * units + j] * Math.tanh(p[j] * x + p[units + j] * y + p[2 * units + j]);
    }
    return 1 / (1 + Math.exp(-z));
  }

  /** The mean cross-entropy, −ln of the label's probability, and its gradient by each parameter. */
  gradient({ x, y, label }: Points): { loss: number; gradient: Float64Array } {
    const { units, parameters: p } = this;
    const gradient = new Float64Array(p.length);
    const hidden = new Float64Array(units);
    let loss = 0;
    for (let n = 0; n < x.length; n++) {
      let z = p[4 * units];
      for (let j = 0; j < units; j++) {
        hidden[j] = Math.tanh(p[j] * x[n] + p[units + j] * y[n] + p[2 * units + j]);
        z += p[3 * units + j] * hidden[j];
      }
      // ln(1 + exp(-z)) for label 1, ln(1 + exp(z)) for label 0, without overflow.
      loss += Math.log1p(Math.exp(-Math.abs(z))) + Math.max(label[n] ? -z : z, 0);
      const dz = (1 / (1 + Math.exp(-z)) - label[n]) / x.length;
      gradient[4 * units] += dz;
      for (let j = 0; j < units; j++) {
        gradient[3 * units + j] += dz * hidden[j];
        const da = dz * p[3 * units + j] * (1 - hidden[j] ** 2);
        gradient[j] += da * x[n];
        gradient[units + j] += da * y[n];
        gradient[2 * units + j] += da;
      }
    }
    return { loss: loss / x.length, gradient };
  }

  /** A step of Adam (Kingma and Ba, 2015). @returns the loss before it */
  learn(points: Points, rate: number): number {
    const { loss, gradient } = this.gradient(points);
    this.steps += 1;
    const [b1, b2] = [0.9, 0.999];
    for (const [i, g] of gradient.entries()) {
      this.mean[i] = b1 * this.mean[i] + (1 - b1) * g;
      this.square[i] = b2 * this.square[i] + (1 - b2) * g * g;
      const m = this.mean[i] / (1 - b1 ** this.steps);
      const v = this.square[i] / (1 - b2 ** this.steps);
      this.parameters[i] -= (rate * m) / (Math.sqrt(v) + 1e-8);
    }
    return loss;
  }

  /** How many points it puts on the right side. */
  right({ x, y, label }: Points): number {
    return label.reduce(
      (sum, each, n) => sum + Number(this.probability(x[n], y[n]) > 0.5 === Boolean(each)),
      0,
    );
  }
}

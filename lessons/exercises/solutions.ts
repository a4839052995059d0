// Written by `npm run docs -- solutions` from the solutions' cells in notebooks/; do not edit.

/** The lessons' own solutions, as code, by the names of the exercises. */
export const solutions: Readonly<Record<string, string>> = {
  cellRunThrice: `check.cellRunThrice(15); // 1, then 3, then 7, then 15`,
  neuron: `check.neuron((x, weight, bias) => Math.tanh(weight * x + bias));`,
  shapeThatFits: `check.shapeThatFits([3, 4]);`,
  guessFault: `check.guessFault("too large");`,
  engineExp: `check.engineExp((a) => {
  const y = Math.exp(a.data);
  return new Scalar(y, [a], (g) => [g * y]);
});`,
  engineLog: `check.engineLog((a) => new Scalar(Math.log(a.data), [a], (g) => [g / a.data]));`,
  engineTanh: `check.engineTanh((a) => {
  const y = Math.tanh(a.data);
  return new Scalar(y, [a], (g) => [g * (1 - y * y)]);
});`,
  engineNeuron: `check.engineNeuron((weights, bias, inputs) =>
  weights.reduce((sum, weight, i) => sum.add(weight.mul(inputs[i])), bias));`,
  slopeByHand: `check.slopeByHand(2 * (2 * 3 - 1 - 4) * 3); // 6`,
  sine: `check.sine((x) => new Value(Math.sin(x.data), "", {
  operation: "sin",
  inputs: [x],
  gradientRule: (gradient) => [gradient * Math.cos(x.data)],
}));`,
  centralSlope: `check.centralSlope((f, x, h) => (f(x + h) - f(x - h)) / (2 * h));`,
  matrixGradient: `check.matrixGradient((X, dY) => tf.matMul(X, dY, true));`,
  reverseGradient: `check.reverseGradient(tf.customGrad((input) => ({
  value: (input as tf.Tensor).clone(),
  gradFunc: (dy: tf.Tensor) => dy.neg(),
})));`,
  moonsFault: `check.moonsFault("neurons alike");`,
  batchLoss: `check.batchLoss((model, x, y) => {
  const p = model.apply(x) as tf.Tensor;
  return tf.neg(tf.mean(tf.sum(tf.mul(y, tf.log(p)), 1))).asScalar();
});`,
  trainingStep: `check.trainingStep((each, optimizer, x, y) => {
  const { value, grads } = tf.variableGrads(() => lossOf(each, x, y));
  optimizer.applyGradients(grads);
  const loss = value.dataSync()[0];
  tf.dispose([value, grads]);
  return loss;
});`,
  trainingEpoch: `check.trainingEpoch((onBatch, x, y, batchSize) => {
  let sum = 0;
  for (let begin = 0; begin < x.shape[0]; begin += batchSize) {
    const size = Math.min(batchSize, x.shape[0] - begin);
    const [part, targets] = [tf.slice(x, begin, size), tf.slice(y, begin, size)];
    sum += onBatch(part, targets) * size;
    tf.dispose([part, targets]);
  }
  return sum / x.shape[0];
});`,
  backSoftmax: `check.backSoftmax((P, Y) => tf.div(tf.sub(P, Y), P.shape[0]));`,
  backDense: `check.backDense((X, W, dY) => [
  tf.matMul(dY, W, false, true),
  tf.matMul(X, dY, true),
  tf.sum(dY, 0),
]);`,
  backRelu: `check.backRelu((H, dH) => tf.mul(dH, tf.cast(tf.greater(H, 0), "float32")));`,
  denseParameters: `check.denseParameters(7 * 16 + 16);`,
  prelu: `check.prelu((x, slope) => (x > 0 ? x : slope * x));`,
  classifier: `check.classifier(() => tf.sequential({
  layers: [
    tf.layers.dense({ units: 8, activation: "relu", inputShape: [4] }),
    tf.layers.dense({ units: 3, activation: "softmax" }),
  ],
}));`,
  standardise: `check.standardise((training, values) => {
  const mean = training.reduce((a, b) => a + b) / training.length;
  const squares = training.map((value) => (value - mean) ** 2);
  const deviation = Math.sqrt(squares.reduce((a, b) => a + b) / training.length);
  return values.map((value) => (value - mean) / deviation);
});`,
  recallOfChinstrap: `check.recallOfChinstrap(11 / (3 + 11));`,
  scale: `class Scaled extends tf.layers.Layer {
  static readonly className = "Scaled";
  private scale!: tf.LayerVariable;
  override build(): void {
    this.scale = this.addWeight("scale", [1], "float32", tf.initializers.ones());
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.mul([inputs].flat()[0], this.scale.read());
  }
}
check.scale(Scaled);`,
  penguinsFault: `check.penguinsFault("softmax twice");`,
  mlpParameters: `check.mlpParameters((9 + 1) * 32 + (32 + 1) * 16 + (16 + 1) * 1);`,
  stepsOfTraining: `check.stepsOfTraining(40 * Math.ceil(200 / 32));`,
  gridTrainings: `check.gridTrainings(4 * 3 * 2 * 5);`,
  scaleForWidth: `check.scaleForWidth(1 / Math.sqrt(100));`,
  drawRate: `check.drawRate((from, to, share) =>
  Math.exp(Math.log(from) + share * (Math.log(to) - Math.log(from))),
);`,
  keepingScale: `check.keepingScale((inputs) => 1 / Math.sqrt(inputs));`,
  diagnose: `check.diagnose(["overfits", "underfits", "neither", "overfits"]);`,
  chooseDegree: `check.chooseDegree((_training, validation) => validation.indexOf(Math.min(...validation)));`,
  withL2: `check.withL2((loss, weights, strength) =>
  loss + strength * weights.reduce((sum, weight) => sum + weight ** 2, 0),
);`,
  dropOut: `check.dropOut((values, keep, rate) =>
  values.map((value, i) => (keep[i] ? value / (1 - rate) : 0)),
);`,
  stopsAfter: `check.stopsAfter((losses, patience) => {
  let [best, without] = [Infinity, 0];
  for (const [index, loss] of losses.entries()) {
    without = loss < best ? 0 : without + 1;
    best = Math.min(best, loss);
    if (without === patience) return index + 1;
  }
  return losses.length;
});`,
  dealtRows: `check.dealtRows((x, y, order) => ({ x: order.map((row) => x[row]!), y: order.map((row) => y[row]!) }));`,
  nesterovRule: `check.nesterovRule((w, loss, state = {}, options = {}) => {
  const { velocity = w.map(() => 0) } = state;
  const { learningRate = 0.01, momentum: gamma = 0.9 } = options;
  const g = loss.gradient(w.map((wi, i) => wi + gamma * velocity[i]));
  const v = velocity.map((vi, i) => gamma * vi - learningRate * g[i]);
  return { parameters: w.map((wi, i) => wi + v[i]), state: { velocity: v } };
});`,
  rmsPropRule: `check.rmsPropRule((w, loss, state = {}, options = {}) => {
  const { squares = w.map(() => 0) } = state;
  const { learningRate = 0.001, rho = 0.9, epsilon = 1e-8 } = options;
  const g = loss.gradient(w);
  const s = squares.map((si, i) => rho * si + (1 - rho) * g[i] ** 2);
  const parameters = w.map((wi, i) => wi - (learningRate * g[i]) / Math.sqrt(s[i] + epsilon));
  return { parameters: parameters, state: { squares: s } };
});`,
  adamRule: `check.adamRule((w, loss, state = {}, options = {}) => {
  const { mean = w.map(() => 0), squares = w.map(() => 0), steps = 0 } = state;
  const { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const [g, t] = [loss.gradient(w), steps + 1];
  const m = mean.map((mi, i) => beta1 * mi + (1 - beta1) * g[i]);
  const v = squares.map((vi, i) => beta2 * vi + (1 - beta2) * g[i] ** 2);
  const size = v.map((vi) => Math.sqrt(vi / (1 - beta2 ** t)) + epsilon);
  const parameters = w.map((wi, i) => wi - (learningRate * m[i]) / (1 - beta1 ** t) / size[i]);
  return { parameters: parameters, state: { mean: m, squares: v, steps: t } };
});`,
  adamWRule: `check.adamWRule((w, loss, state = {}, options = {}) => {
  const { learningRate = 0.001, weightDecay = 0.01 } = options;
  const step = ownAdam(w, loss, state, options);
  const parameters = step.parameters.map((wi, i) => wi - learningRate * weightDecay * w[i]);
  return { parameters: parameters, state: step.state };
});`,
  largestStableRate: `check.largestStableRate(2 / 10); // the curvature, the second derivative of 5 w², is 10`,
  stableWithMomentum: `check.stableWithMomentum((2 * (1 + 0.9)) / 4);`,
  halfLife: `check.halfLife(1000 * Math.log(2)); // exp(-t / 1000) = 1/2`,
  hessianGigabytes: `check.hessianGigabytes((4 * 100_000 ** 2) / 1e9); // 40`,
  mendedDescent: `check.mendedDescent((w, loss, _state, { learningRate = 0.01 } = {}) => {
  const g = loss.gradient(w);
  return { parameters: w.map((wi, i) => wi - learningRate * g[i]), state: {} };
});`,
  writingLoop: `check.writingLoop((read, draw, h, first, count) => {
  const written: number[] = [];
  let [code, state] = [first, h];
  for (let i = 0; i < count; i++) {
    const seen = read(code, state);
    [code, state] = [draw(seen.p), seen.h];
    written.push(code);
  }
  return written;
});`,
  gruStep: `check.gruStep((x, h, { z, r, g }) => tf.tidy(() => {
  const keep = x.matMul(z.U).add(h.matMul(z.W)).add(z.b).sigmoid();
  const reset = x.matMul(r.U).add(h.matMul(r.W)).add(r.b).sigmoid();
  const candidate = x.matMul(g.U).add(reset.mul(h).matMul(g.W)).add(g.b).tanh();
  return keep.mul(h).add(tf.sub(1, keep).mul(candidate));
}));`,
  rnnParameters: `check.rnnParameters(28 * 100 + 100 * 100 + 100 + 100 * 10 + 10);`,
  leakyStepBack: `check.leakyStepBack((dh, g, W, a) => tf.tidy(() => {
  const dz = dh.mul(a).mul(tf.sub(1, g.square()));
  return dh.mul(1 - a).add(dz.matMul(W, false, true));
}));`,
  gradientReach: `check.gradientReach(Math.ceil(Math.log(0.01) / Math.log(0.9)));`,
  pairsSeen: `check.pairsSeen((T, k) => {
  const within = (n: number) => (n * (n + 1)) / 2; // 1 + 2 + … + n
  return Math.floor(T / k) * within(k) + within(T % k);
});`,
  keepingGates: `check.keepingGates((mark, value) => ({
  zi: 20 * mark - 10, // open at the mark only
  zf: 10 - 20 * mark, // shut at the mark only
  zg: Math.atanh(value), // which the tanh undoes
}));`,
  lstmBackward: `check.lstmBackward(({ i, f, g, o }, c, dh, dc) => {
  const shown = Math.tanh(f * c + i * g);
  const all = dc + dh * o * (1 - shown ** 2); // the two ways by which c' matters
  return {
    zi: all * g * i * (1 - i), zf: all * c * f * (1 - f), zg: all * i * (1 - g ** 2),
    zo: dh * shown * o * (1 - o), c: all * f,
  };
});`,
  mendedBackward: `check.mendedBackward(({ u, w, v }, xs, ys) => {
  const [h, gradient] = [[0], { u: 0, w: 0, v: 0 }];
  for (const x of xs) h.push(Math.tanh(u * x + w * h[h.length - 1]));
  for (let [t, later] = [xs.length, 0]; t >= 1; t--) {
    const out = v * h[t] - ys[t - 1];
    const dz = (out * v + later) * (1 - h[t] ** 2);
    gradient.u += dz * xs[t - 1];
    gradient.w += dz * h[t - 1]; // the state before
    gradient.v += out * h[t];
    later = dz * w; // through the tanh first
  }
  return gradient;
});`,
  batchAt: `check.batchAt((codes, N, T, b) => {
  const W = T * Math.floor((codes.length - 1) / (N * T));
  const rows = (shift: number) => Array.from({ length: N }, (_, n) => {
    const begin = n * W + b * T + shift;
    return codes.slice(begin, begin + T);
  });
  return { x: rows(0), y: rows(1) };
});`,
  oneHotLoss: `check.oneHotLoss((logits, targets, numClasses) => {
  const ofRight = tf.sum(tf.mul(tf.oneHot(targets, numClasses), tf.logSoftmax(logits)), 1);
  return tf.neg(tf.mean(ofRight)).asScalar();
});`,
  lstmParameters: `check.lstmParameters(4 * 256 * (64 + 256 + 1));`,
  keepLikeliest: `check.keepLikeliest((probabilities, n) => {
  const order = probabilities.map((_, i) => i).sort((i, j) => probabilities[j] - probabilities[i]);
  const kept = new Set(order.slice(0, n));
  const sum = order.slice(0, n).reduce((total, i) => total + probabilities[i], 0);
  return probabilities.map((p, i) => (kept.has(i) ? p / sum : 0));
});`,
  keepNucleus: `check.keepNucleus((probabilities, p) => {
  const order = probabilities.map((_, i) => i).sort((i, j) => probabilities[j] - probabilities[i]);
  const kept = probabilities.map(() => 0);
  let sum = 0;
  for (const i of order) {
    if (sum >= p) break;
    kept[i] = probabilities[i];
    sum += probabilities[i];
  }
  return kept.map((each) => each / sum);
});`,
  lossOnRandomLetters: `check.lossOnRandomLetters(-Math.log(1 / 4));`,
  compressedSize: `check.compressedSize((1_707_618 * 1.5) / Math.LN2 / 8 / 1000); // nats, bits, bytes, kilobytes`,
  batchCount: `check.batchCount(Math.floor(1_707_618 / (100 * 100)));`,
  perplexity: `check.perplexity(Math.exp(1.386));`,
  soften: `check.soften((logits, temperature) => {
  const powers = logits.map((z) => Math.exp(z / temperature));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
});`,
  mendedScore: `check.mendedScore((windows, targets, start, step) => {
  let [state, sum, count] = [start, 0, 0]; // the state goes on from window to window
  for (const [b, window] of windows.entries()) {
    for (const [t, code] of window.entries()) {
      const seen = step(state, code);
      state = seen.state;
      sum -= Math.log(seen.p[targets[b][t]]);
      count++;
    }
  }
  return sum / count;
});`,
  trainingCharacters: `check.trainingCharacters((74_900 / 50) * 3 * 50);`,
  rateInEpoch12: `check.rateInEpoch12(0.002 * 0.5 ** 2); // halved after epochs 5 and 10`,
  symbolsByScore: `check.symbolsByScore(Math.exp(217.2 / 50)); // ln V = 4.344`,
  withoutMarks: `check.withoutMarks((speech) =>
  speech.replace(/ *(\\[[^\\]]*(applause|laughter)[^\\]]*\\]|\\([^)]*(applause|laughter)[^)]*\\))/gi, ""));`,
  warmCosine: `check.warmCosine((step, peak, warmUp, total) => {
  if (step < warmUp) return (peak * step) / warmUp;
  const share = (step - warmUp) / (total - warmUp); // of the way down
  return (peak * (1 + Math.cos(Math.PI * share))) / 2;
});`,
  updateRatio: `check.updateRatio((before, after) => {
  const sizeOf = (values: number[]) =>
    values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
  return Math.log10(sizeOf(after.map((value, i) => value - before[i])) / sizeOf(after));
});`,
  logFaults: `check.logFaults([
  "targets shuffled", // A learns the frequencies of characters, and there is no more to learn
  "rate too large", // B is worse than a network that knows nothing
  "text too short", // C gets better and better on its own text, and worse on others
  "targets are inputs", // D: nobody can predict a text so well
  "rate too small", // E is on a good way, but has hardly set out
]);`,
  greyOf: `check.greyOf((value) => 255 * (0.3081 * value + 0.1307));`,
  readRows: `check.readRows((rows, cells, H) => {
  const states = cells.map(() => new Array<number>(H).fill(0));
  for (const row of rows) {
    cells.forEach((cell, l) => {
      states[l] = cell(l === 0 ? row : states[l - 1]!, states[l]!);
    });
  }
  return states.at(-1)!;
});`,
  epochsOfProgram: `check.epochsOfProgram((5000 * 64) / 60_000);`,
  confusionCounts: `check.confusionCounts((truth, predicted, classes) => {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  truth.forEach((digit, n) => counts[digit]![predicted[n]!]!++);
  return counts;
});`,
  deviationsApart: `check.deviationsApart((rightA, rightB, n) => {
  const [a, b] = [rightA / n, rightB / n];
  return (a - b) / Math.sqrt((a * (1 - a) + b * (1 - b)) / n);
});`,
  mendedSteps: `check.mendedSteps((pixels, N, T, D) =>
  Array.from({ length: T }, (_, t) => Array.from({ length: N }, (_, n) => {
    const row = n * T + t; // n whole digits come before, and t rows
    return pixels.slice(row * D, (row + 1) * D);
  })));`,
  interpolated: `check.interpolated(function p(read, context, symbol, V): number {
  const after = [...read].filter((_, i) =>
    i >= context.length && read.slice(i - context.length, i) === context);
  const shorter = context === "" ? 1 / V : p(read, context.slice(1), symbol, V);
  if (after.length === 0) return shorter;
  const [count, kinds] = [after.filter((each) => each === symbol).length, new Set(after).size];
  return (count + kinds * shorter) / (after.length + kinds);
});`,
  causalAttention: `check.causalAttention((q, k, v) => tf.tidy(() => {
  const [T, d] = q.shape as number[];
  const products = tf.matMul(q, k, false, true).div(Math.sqrt(d));
  return tf.matMul(tf.softmax(products.add(causal(T))), v);
}));`,
  rotatePair: `check.rotatePair(([a, b], m, theta) => {
  const [c, s] = [Math.cos(m * theta), Math.sin(m * theta)];
  return [a * c - b * s, a * s + b * c];
});`,
  mostFrequentPair: `check.mostFrequentPair((words) => {
  const sums = new Map<string, { pair: [string, string]; sum: number }>();
  for (const { parts, count } of words) {
    for (let i = 0; i + 1 < parts.length; i++) {
      const key = JSON.stringify([parts[i], parts[i + 1]]);
      const sum = (sums.get(key)?.sum ?? 0) + count;
      sums.set(key, { pair: [parts[i], parts[i + 1]], sum: sum });
    }
  }
  return [...sums.values()].reduce((a, b) => (b.sum > a.sum ? b : a)).pair;
});`,
  attentionParameters: `check.attentionParameters(4 * 64 * 64 + 4 * 64);`,
  cacheNumbers: `check.cacheNumbers(2 * 4 * 128 * 100);`,
  mendedMask: `check.mendedMask((T) =>
  Array.from({ length: T }, (_, t) => Array.from({ length: T }, (_, s) => (s <= t ? 1 : 0))));`,
};

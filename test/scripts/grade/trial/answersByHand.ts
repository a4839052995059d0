// Answers as people write them, thought of by hand: not made from the lessons' solutions. Each is code that
// ends in its check.

/** Right answers and wrong ones to an exercise. */
export interface AnswersByHand {
  right: readonly string[];
  wrong: readonly string[];
}

/** By exercise. */
export const answersByHand: Readonly<Record<string, AnswersByHand>> = {
  cellRunThrice: {
    right: ["let n = 1;\nfor (let i = 0; i < 3; i++) n = 2 * n + 1;\ncheck.cellRunThrice(n);"],
    wrong: [
      'check.cellRunThrice("15" as never);',
      "check.cellRunThrice([15] as never);",
      "let calls = 0;\ncheck.cellRunThrice({ valueOf: () => 15 + calls++ } as never);",
    ],
  },
  shapeThatFits: {
    right: ["check.shapeThatFits(Int32Array.of(3, 4) as never);"],
    wrong: ['check.shapeThatFits("3,4" as never);', "check.shapeThatFits([3, 4, 1]);"],
  },
  neuron: {
    right: [
      "function own(this: unknown, x: number, ...[w, b]: number[]) { return Math.tanh(b + x * w); }\ncheck.neuron(own);",
      "class Wrapped { static value(x: number, w: number, b: number) { const e = Math.exp(-2 * (w * x + b)); return (1 - e) / (1 + e); } }\ncheck.neuron(Wrapped.value);",
      "const { tanh } = Math;\nconst sum = (...terms: number[]) => terms.reduce((a, b) => a + b, 0);\ncheck.neuron((x, w, b) => tanh(sum(w * x, b)));",
      "check.neuron((x, w, b) => tf.tidy(() => tf.tanh(tf.scalar(w).mul(x).add(b)).dataSync()[0]));",
    ],
    wrong: [
      "check.neuron((x, w, b) => Number(Math.tanh(w * x + b).toFixed(2)));",
      "check.neuron((x, w, b) => String(Math.tanh(w * x + b)) as never);",
      "check.neuron((async (x: number, w: number, b: number) => Math.tanh(w * x + b)) as never);",
      "check.neuron((x, w, b) => (x === 0.5 ? Math.tanh(2) : NaN));",
      "let before = 0;\ncheck.neuron((x, w, b) => { before += w * x + b; return Math.tanh(before); });",
    ],
  },
  engineNeuron: {
    right: [
      "check.engineNeuron((weights, bias, inputs) => {\n  let sum = weights[0].mul(inputs[0]);\n  for (let i = 1; i < weights.length; i++) sum = inputs[i].mul(weights[i]).add(sum);\n  return bias.add(sum);\n});",
    ],
    wrong: [
      "check.engineNeuron((weights, bias, inputs) => weights.slice(1).reduce((sum, w, i) => sum.add(w.mul(inputs[i + 1])), bias));",
    ],
  },
  matrixGradient: {
    right: [
      "check.matrixGradient((X, dY) => tf.tidy(() => tf.dot(tf.transpose(X), dY)));",
      'check.matrixGradient((X, dY) => tf.einsum("bi,bo->io", X, dY));',
      "check.matrixGradient((X, dY) => tf.tidy(() => tf.sum(tf.mul(tf.expandDims(X, 2), tf.expandDims(dY, 1)), 0)));",
    ],
    wrong: [
      "check.matrixGradient((X, dY) => tf.matMul(dY, X, true));",
      "check.matrixGradient((X, dY) => tf.div(tf.matMul(X, dY, true), X.shape[0]));",
    ],
  },
  batchLoss: {
    right: [
      "check.batchLoss((model, x, y) => tf.losses.softmaxCrossEntropy(y, tf.log(model.apply(x) as tf.Tensor)) as tf.Scalar);",
      "check.batchLoss((model, x, y) => {\n  const p = tf.sum(tf.mul(y, model.apply(x) as tf.Tensor), -1);\n  return tf.mean(tf.log(tf.div(1, p))).asScalar();\n});",
    ],
    wrong: [
      "check.batchLoss((model, x, y) => tf.neg(tf.mean(tf.sum(tf.mul(y, tf.log(model.apply(x) as tf.Tensor)), 0))).asScalar());",
      "check.batchLoss((model, x, y) => tf.scalar(tf.neg(tf.mean(tf.sum(tf.mul(y, tf.log(model.apply(x) as tf.Tensor)), 1))).dataSync()[0]));",
    ],
  },
  backSoftmax: {
    right: [
      "check.backSoftmax((P, Y) => tf.tidy(() => P.sub(Y).mul(tf.scalar(1 / P.shape[0]!))));",
    ],
    wrong: [
      "check.backSoftmax((P, Y) => tf.sub(P, Y));",
      "check.backSoftmax((P, Y) => tf.div(tf.sub(P, Y), P.shape[1]!));",
      "check.backSoftmax((P, Y) => { P.dispose(); return Y; });",
    ],
  },
  standardise: {
    right: [
      "check.standardise((training, values) => {\n  const n = training.length;\n  let [sum, squares] = [0, 0];\n  for (const x of training) { sum += x; squares += x * x; }\n  const s = Math.sqrt(squares / n - (sum / n) ** 2);\n  return Array.from(Float64Array.from(values, (x) => (x - sum / n) / s));\n});",
      "check.standardise((training, values) => tf.tidy(() => {\n  const { mean, variance } = tf.moments(tf.tensor1d([...training]));\n  return Array.from(tf.tensor1d([...values]).sub(mean).div(variance.sqrt()).dataSync());\n}));",
    ],
    wrong: [
      "check.standardise((training, values) => {\n  const mean = values.reduce((a, b) => a + b) / values.length;\n  const s = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);\n  return values.map((x) => (x - mean) / s);\n});",
      "check.standardise((training, values) => {\n  const mean = training.reduce((a, b) => a + b) / training.length;\n  const s = Math.sqrt(training.reduce((a, b) => a + (b - mean) ** 2, 0) / training.length);\n  values.forEach((x, i) => { values[i] = (x - mean) / s; });\n  return values;\n});",
    ],
  },
  drawRate: {
    right: [
      "check.drawRate((from, to, share) => 10 ** (Math.log10(from) * (1 - share) + Math.log10(to) * share));",
      "check.drawRate((from, to, share) => from ** (1 - share) * to ** share);",
    ],
    wrong: ["check.drawRate((from, to, share) => Math.sqrt(from * to));"],
  },
  dealtRows: {
    right: [
      "class Deal { x: number[][] = []; y: number[] = []; }\ncheck.dealtRows((x, y, order) => order.reduce((deal, row) => {\n  deal.x.push([...x[row]!]);\n  deal.y.push(y[row]!);\n  return deal;\n}, new Deal()));",
    ],
    wrong: [
      "check.dealtRows((x, y, order) => {\n  const pairs = order.map((row) => [x[row]!, y[row]!] as const);\n  pairs.forEach(([a, b], i) => { (x as number[][])[i] = a; (y as number[])[i] = b; });\n  return { x: x as number[][], y: y as number[] };\n});",
    ],
  },
  stopsAfter: {
    right: [
      "function stops([first, ...rest]: number[], patience: number, best = Infinity, bad = 0, epoch = 1): number {\n  const left = first! < best ? 0 : bad + 1;\n  if (left === patience || rest.length === 0) return epoch;\n  return stops(rest, patience, Math.min(best, first!), left, epoch + 1);\n}\ncheck.stopsAfter((losses, patience) => stops(losses, patience));",
    ],
    wrong: [
      "check.stopsAfter((losses, patience) => {\n  let [best, bad] = [Infinity, 0];\n  for (const [i, loss] of losses.entries()) {\n    bad = loss < best ? 0 : bad + 1;\n    best = Math.min(best, loss);\n    if (bad > patience) return i + 1;\n  }\n  return losses.length;\n});",
    ],
  },
  rmsPropRule: {
    right: [
      "check.rmsPropRule((w, loss, state = {}, { learningRate = 0.001, rho = 0.9, epsilon = 1e-8 } = {}) => {\n  const g = loss.gradient(w);\n  const squares: number[] = [];\n  const parameters: number[] = [];\n  for (let i = 0; i < w.length; i++) {\n    squares[i] = rho * (state.squares?.[i] ?? 0) + (1 - rho) * g[i]! * g[i]!;\n    parameters[i] = w[i]! - learningRate * g[i]! * (squares[i]! + epsilon) ** -0.5;\n  }\n  return { state: { squares }, parameters };\n});",
    ],
    wrong: [
      "check.rmsPropRule((w, loss, _state = {}, { learningRate = 0.001, rho = 0.9, epsilon = 1e-8 } = {}) => {\n  const g = loss.gradient(w);\n  const squares = g.map((gi) => (1 - rho) * gi * gi);\n  return { state: { squares }, parameters: w.map((wi, i) => wi - (learningRate * g[i]!) / Math.sqrt(squares[i]! + epsilon)) };\n});",
    ],
  },
  writingLoop: {
    right: [
      "check.writingLoop((read, draw, h, first, count) => {\n  const all = [first];\n  for (let i = 0; i < count; i++) {\n    const seen = read(all[i]!, h);\n    h = seen.h;\n    all.push(draw(seen.p));\n  }\n  return all.slice(1);\n});",
    ],
    wrong: [
      "check.writingLoop((read, draw, h, first, count) => Array.from({ length: count }, () => (first = draw(read(first, h).p))));",
    ],
  },
  gruStep: {
    right: [
      "check.gruStep((x, h, { z, r, g }) => tf.tidy(() => {\n  const sum = (w: typeof z, s: tf.Tensor) => tf.add(tf.add(tf.matMul(x, w.U), tf.matMul(s, w.W)), w.b);\n  const keep = tf.sigmoid(sum(z, h));\n  const c = tf.tanh(sum(g, tf.mul(tf.sigmoid(sum(r, h)), h)));\n  return tf.add(c, tf.mul(keep, tf.sub(h, c)));\n}));",
    ],
    wrong: [
      "check.gruStep((x, h, { z, g }) => tf.tidy(() => {\n  const keep = tf.sigmoid(tf.add(tf.matMul(x, z.U), tf.matMul(h, z.W)));\n  const c = tf.tanh(tf.add(tf.matMul(x, g.U), tf.matMul(h, g.W)));\n  return tf.add(tf.mul(keep, c), tf.mul(tf.sub(1, keep), h));\n}));",
    ],
  },
  pairsSeen: {
    right: [
      "check.pairsSeen((T, k) => {\n  let pairs = 0;\n  for (let from = 0; from < T; from += k) {\n    const n = Math.min(k, T - from);\n    pairs += (n * n + n) / 2;\n  }\n  return pairs;\n});",
      "const reach = (t: number, k: number): number => (t % k) + 1;\ncheck.pairsSeen((T, k) => tf.tidy(() => tf.sum(tf.tensor1d([...Array(T).keys()].map((t) => reach(t, k)), 'int32')).dataSync()[0]!));",
    ],
    wrong: [
      "check.pairsSeen((T, k) => (T / k) * ((k * (k + 1)) / 2));",
      "check.pairsSeen((T, k) => String(Math.floor(T / k) * ((k * (k + 1)) / 2) + ((T % k) * ((T % k) + 1)) / 2) as never);",
    ],
  },
  keepingGates: {
    right: [
      "class Sums {\n  constructor(private readonly mark: number, private readonly value: number) {}\n  get zi() { return this.mark ? 15 : -15; }\n  get zf() { return -this.zi; }\n  get zg() { return Math.log((1 + this.value) / (1 - this.value)) / 2; }\n}\ncheck.keepingGates((mark, value) => new Sums(mark, value));",
      "const open = { zi: 50, zf: -50 };\ncheck.keepingGates((mark, value) => ({ zi: -50, zf: 50, zg: Math.atanh(value), ...(mark === 1 ? open : {}) }));",
    ],
    wrong: [
      "check.keepingGates((mark, value) => ({ zi: 20 * mark - 10, zf: 10 - 20 * mark, zg: Math.tanh(value) }));",
      "check.keepingGates((mark, value) => new Map([['zi', 20 * mark - 10], ['zf', 10 - 20 * mark], ['zg', Math.atanh(value)]]) as never);",
    ],
  },
  keepLikeliest: {
    right: [
      "check.keepLikeliest((probabilities, n) => {\n  const left = Float64Array.from(probabilities);\n  const kept = new Float64Array(left.length);\n  for (let k = 0; k < Math.min(n, left.length); k++) {\n    const best = left.indexOf(Math.max(...left));\n    kept[best] = probabilities[best]!;\n    left[best] = -1;\n  }\n  const sum = kept.reduce((a, b) => a + b);\n  return Array.from(kept, (p) => p / sum);\n});",
    ],
    wrong: [
      "check.keepLikeliest((probabilities, n) => {\n  const kept = probabilities.sort((a, b) => b - a).slice(0, n);\n  const sum = kept.reduce((a, b) => a + b);\n  return probabilities.map((p) => (kept.includes(p) ? p / sum : 0));\n});",
    ],
  },
  keepNucleus: {
    right: [
      "check.keepNucleus((probabilities, p) => {\n  const left = Float64Array.from(probabilities);\n  const kept = new Float64Array(left.length);\n  let sum = 0;\n  while (sum < p) {\n    const best = left.indexOf(Math.max(...left));\n    kept[best] = left[best]!;\n    sum += left[best]!;\n    left[best] = -1;\n  }\n  return Array.from(kept, (each) => each / sum);\n});",
      "check.keepNucleus((probabilities, p) => Array.from(keepTopP(probabilities, p)));",
    ],
    wrong: [
      "check.keepNucleus((probabilities, p) => {\n  const sorted = probabilities.sort((a, b) => b - a);\n  let sum = 0;\n  return sorted.map((each) => ((sum += each) <= p ? each / p : 0));\n});",
    ],
  },
  soften: {
    right: [
      "check.soften((logits, temperature) => {\n  const most = Math.max(...logits);\n  const powers = Float32Array.from(logits, (z) => Math.exp((z - most) / temperature));\n  return powers.map((each, _i, all) => each / all.reduce((a, b) => a + b)) as never;\n});",
      "check.soften((logits, temperature) => tf.tidy(() => tf.softmax(tf.tensor1d(logits).div(temperature)).arraySync() as number[]));",
      "check.soften((logits, T) => logits.map((a) => 1 / logits.reduce((sum, b) => sum + Math.exp((b - a) / T), 0)));",
    ],
    wrong: [
      "check.soften((logits, temperature) => tf.softmax(tf.tensor1d(logits).div(temperature)) as never);",
      "check.soften((logits, temperature) => {\n  const powers = logits.map((z) => Math.exp(z / temperature));\n  const sum = powers.reduce((a, b) => a + b);\n  return powers.map((p) => (p / sum).toFixed(6)) as never;\n});",
    ],
  },
  symbolsByScore: {
    right: ["check.symbolsByScore(Math.round(Math.E ** (217.2 / 50)));"],
    wrong: ['check.symbolsByScore("77" as never);', "check.symbolsByScore([77] as never);"],
  },
  withoutMarks: {
    right: [
      "check.withoutMarks((speech) => {\n  const isMark = (text: string) => /applause|laughter/i.test(text);\n  return speech.replace(/ *\\[[^\\]]*\\]/g, (m) => (isMark(m) ? '' : m)).replace(/ *\\([^)]*\\)/g, (m) => (isMark(m) ? '' : m));\n});",
    ],
    wrong: [
      "check.withoutMarks((speech) => speech.replace(/ *[[(](applause|laughter)[\\])]/gi, ''));",
    ],
  },
  confusionCounts: {
    right: [
      "check.confusionCounts((truth, predicted, classes) => Array.from({ length: classes }, (_, t) =>\n  Int32Array.from({ length: classes }, (_, p) => truth.filter((digit, n) => digit === t && predicted[n] === p).length)) as never);",
      "check.confusionCounts((truth, predicted, classes) => tf.tidy(() =>\n  tf.math.confusionMatrix(tf.tensor1d(truth as number[], 'int32'), tf.tensor1d(predicted as number[], 'int32'), classes).arraySync()));",
    ],
    wrong: [
      "check.confusionCounts((truth, predicted, classes) => {\n  const counts = new Array(classes).fill(new Array(classes).fill(0));\n  truth.forEach((digit, n) => counts[digit][predicted[n]!]++);\n  return counts;\n});",
      "check.confusionCounts((truth, predicted, classes) => {\n  const counts = Array.from({ length: classes + 1 }, () => new Array(classes + 1).fill(0));\n  truth.forEach((digit, n) => counts[digit]![predicted[n]!]++);\n  return counts;\n});",
    ],
  },
  interpolated: {
    right: [
      "check.interpolated((read, context, symbol, V) => {\n  let p = 1 / V;\n  for (let length = 0; length <= context.length; length++) {\n    const h = context.slice(context.length - length);\n    const after: string[] = [];\n    for (let i = length; i < read.length; i++) if (read.slice(i - length, i) === h) after.push(read[i]!);\n    if (after.length === 0) break;\n    const kinds = new Set(after).size;\n    p = (after.filter((each) => each === symbol).length + kinds * p) / (after.length + kinds);\n  }\n  return p;\n});",
    ],
    wrong: [
      "check.interpolated((read, context, symbol, V) => {\n  const count = (piece: string) => read.split(piece).length - 1;\n  return (count(context + symbol) + 1) / (count(context) + V);\n});",
    ],
  },
  causalAttention: {
    right: [
      "check.causalAttention((q, k, v) => tf.tidy(() => {\n  const [T, d] = q.shape as number[];\n  const scores = tf.matMul(tf.div(q, Math.sqrt(d!)), tf.transpose(k));\n  const open = tf.linalg.bandPart(tf.ones([T!, T!]), -1, 0);\n  const powers = tf.mul(tf.exp(tf.sub(scores, tf.max(scores, 1, true))), open);\n  return tf.matMul(tf.div(powers, tf.sum(powers, 1, true)), v);\n}));",
      "check.causalAttention((q, k, v) => tf.tidy(() => {\n  const [Q, K, V] = [q, k, v].map((each) => each.arraySync() as number[][]);\n  const dot = (a: number[], b: number[]) => a.reduce((sum, each, i) => sum + each * b[i]!, 0);\n  return tf.tensor2d(Q!.map((query, i) => {\n    const powers = K!.slice(0, i + 1).map((key) => Math.exp(dot(query, key) / Math.sqrt(query.length)));\n    const sum = powers.reduce((a, b) => a + b);\n    return query.map((_, n) => powers.reduce((all, p, j) => all + (p / sum) * V![j]![n]!, 0));\n  }));\n}));",
    ],
    wrong: [
      "check.causalAttention((q, k, v) => tf.tidy(() => {\n  const [T, d] = q.shape as number[];\n  const open = tf.linalg.bandPart(tf.ones([T!, T!]), -1, 0);\n  const weights = tf.mul(tf.softmax(tf.matMul(q, k, false, true).div(Math.sqrt(d!))), open);\n  return tf.matMul(weights, v);\n}));",
      "check.causalAttention((q, k, v) => tf.tidy(() => tf.matMul(tf.softmax(tf.matMul(q, k, false, true).div(2), 0 as never), v)));",
    ],
  },
  rotatePair: {
    right: [
      "check.rotatePair((pair, m, theta) => {\n  const [length, angle] = [Math.hypot(...pair), Math.atan2(pair[1], pair[0]) + m * theta];\n  return Object.assign([length * Math.cos(angle), length * Math.sin(angle)]) as [number, number];\n});",
    ],
    wrong: [
      "check.rotatePair((pair, m, theta) => {\n  const own = pair as [number, number];\n  own[0] = own[0] * Math.cos(m * theta) - own[1] * Math.sin(m * theta);\n  own[1] = own[0] * Math.sin(m * theta) + own[1] * Math.cos(m * theta);\n  return own;\n});",
      "check.rotatePair(([a, b], m, theta) => [a * Math.cos((m - 1) * theta) - b * Math.sin((m - 1) * theta), a * Math.sin((m - 1) * theta) + b * Math.cos((m - 1) * theta)]);",
    ],
  },
  mendedMask: {
    right: [
      "check.mendedMask((T) => tf.tidy(() => tf.linalg.bandPart(tf.ones([T, T]), -1, 0).arraySync() as number[][]));",
      "check.mendedMask((T) => Array.from({ length: T }, (_, i) => [...Array(i + 1).fill(1), ...Array(T - i - 1).fill(0)]));",
    ],
    wrong: [
      "check.mendedMask((T) => Array.from({ length: T }, (_, i) => Array.from({ length: T }, (_, j) => j <= i)) as never);",
      "check.mendedMask((T) => Array.from({ length: T }, (_, i) => Array(i + 1).fill(1)));",
    ],
  },
};

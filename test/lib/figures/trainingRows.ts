import type { HistoryFigureRow } from "karenina";

/** A history that falls from 4.9 to about 1.6, with a ripple, validated after every 50th step. */
export function trainingRows(count: number): HistoryFigureRow[] {
  return Array.from({ length: count }, (_, i) => ({
    step: i + 1,
    epoch: 1 + Math.floor(i / 170),
    loss: 1.6 + 3.3 * Math.exp((-8 * i) / count) + 0.1 * Math.sin(i * 12.9898),
    gradientNorm: 1 + Math.abs(Math.sin(i)),
    learningRate: 0.001,
    seconds: (i + 1) / 10,
    ...(i % 50 === 49 ? { validationLoss: 1.7 + 3 * Math.exp((-8 * i) / count) } : {}),
  }));
}

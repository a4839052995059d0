import type { tf } from "../tensorflow";
import type { WebModule } from "./module";
import { addProduct } from "./products";
import type { Program } from "./program";

// What the module's steppers have in common: weights of their own, and products of a few rows.

/** From so many rows on, a product that packs its weights is faster than one that reads them for each. */
const MANY = 8;

/** A matrix in the module. */
export interface Matrix {
  at: number;
  rows: number;
  columns: number;
}

/** Numbers in the module that a stepper keeps until it is disposed of. */
export class KeptNumbers {
  private readonly taken: number[] = [];

  constructor(private readonly module: WebModule) {}

  /** A place for so many numbers, which hold whatever was there. */
  take(count: number): number {
    const at = this.module.take(count);
    this.taken.push(at);
    return at;
  }

  matrix(tensor: tf.Tensor): Matrix {
    const [rows, columns] = tensor.shape;
    return { at: this.row(tensor, rows * columns), rows, columns };
  }

  /** A tensor's numbers, or zeros where there is none. */
  row(tensor: tf.Tensor | undefined, count: number): number {
    return this.numbers(tensor ? (tensor.dataSync() as Float32Array) : new Float32Array(count));
  }

  numbers(values: Float32Array): number {
    const at = this.take(values.length);
    this.module.floats(at, values.length).set(values);
    return at;
  }

  dispose(): void {
    for (const at of this.taken.splice(0)) {
      this.module.give(at);
    }
  }
}

/** y += x W for the N rows of x. */
export function addRows(
  program: Program,
  N: number,
  x: number,
  { at, rows, columns }: Matrix,
  y: number,
): void {
  if (N < MANY) {
    program.add("fewRows", N, rows, columns, x, at, y);
  } else {
    addProduct(program, [N, columns, rows], [x, rows, 1], [at, columns, 1], y, true);
  }
}

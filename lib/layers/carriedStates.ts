import { tf } from "../engine/tensorflow";

/**
 * The state that a recurrent layer begins its next batch with: h, or h and c of an LSTM, each [N, H];
 * empty where that is zeros. The tensors are its own; whatever sets the next ones frees them.
 */
export class CarriedStates {
  private states: tf.Tensor[] = [];

  /**
   * @param layer the layer's name, for errors
   * @param count tensors that make up a state
   * @param units H
   */
  constructor(
    private readonly layer: string,
    private readonly count: number,
    private readonly units: number,
  ) {}

  /** The tensors: read them, do not dispose of them. */
  current(): tf.Tensor[] {
    return [...this.states];
  }

  /** For a batch of N: the carried state, or new zeros. @throws Error if N is not the batch before's */
  forBatch(N: number): tf.Tensor[] {
    if (this.states.length === 0) return this.zeros(N);
    this.check(this.states, N);
    return this.states;
  }

  /** New zeros for N sequences. */
  zeros(N: number): tf.Tensor[] {
    return Array.from({ length: this.count }, () => tf.zeros([N, this.units]));
  }

  /** Takes copies of the tensors. */
  keep(states: tf.Tensor[]): void {
    const before = this.states;
    this.states = states.map((state) => tf.keep(state.clone()));
    tf.dispose(before);
  }

  /** @throws Error if these are no states for a batch of N */
  check(states: tf.Tensor[], N: number): void {
    const fit = states.every(
      (state) => state instanceof tf.Tensor && state.shape.join() === [N, this.units].join(),
    );
    if (states.length !== this.count || !fit) {
      throw new Error(
        `${this.layer} takes ${this.count} state tensors of the shape [${N}, ${this.units}] with ` +
          `this batch of ${N} sequences, but has ${states.length}: ` +
          `${states.map((state) => (state instanceof tf.Tensor ? `[${state.shape}]` : typeof state)).join(", ")}. A stateful layer needs batches of one ` +
          "size; call resetStates() before another size comes.",
      );
    }
  }

  dispose(): void {
    tf.dispose(this.states);
    this.states = [];
  }
}

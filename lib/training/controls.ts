import { given, OptionError, requireOptions } from "../options";

/** A number that may be another at each step, such as that of a slider. */
export interface LiveNumber {
  readonly value: number;
  /** Is called once when the training has ended. */
  keep?(): void;
}

/** Something that says that it is enough: a button, or a toggle. */
export type StopControl = (
  | { onClick(listener: () => void): () => void }
  | { readonly value: boolean }
) & { keep?(): void };

/** Those options of `train` that are asked again at each step. */
interface ControlOptions {
  learningRate?: LiveNumber | undefined;
  stopWhen?: StopControl | undefined;
  schedule?: unknown;
}

/** What a button or a toggle says of whether the training has done enough. */
export class StopWish {
  private clicked = false;
  private readonly forget: (() => void) | undefined;

  constructor(private readonly control: StopControl | undefined) {
    if (control && "onClick" in control) {
      this.forget = control.onClick(() => {
        this.clicked = true;
      });
    }
  }

  get uttered(): boolean {
    const { control } = this;
    return this.clicked || (control !== undefined && "value" in control && control.value === true);
  }

  release(): void {
    this.forget?.();
  }
}

/** What is to be read while training runs. @throws OptionError naming the first that cannot be */
export function requireControls({ learningRate, schedule, stopWhen }: ControlOptions): void {
  const hasValue = (type: string) => (given: unknown) =>
    typeof given === "object" &&
    given !== null &&
    typeof (given as { value?: unknown }).value === type;
  if (learningRate !== undefined) {
    const remedy =
      typeof learningRate === "number"
        ? ". A rate that stays is the optimizer's: optimizer: adam({ learningRate: 0.01 })"
        : ', as slider("learning rate", { min: 0.0001, max: 1, scale: "log" }) makes one';
    requireOptions({ learningRate }, hasValue("number"), "a control with a number", { remedy });
    if (schedule !== undefined) {
      throw new OptionError(
        "Both learningRate and schedule are set. Choose one: both give the learning rate of each step.",
      );
    }
  }
  const stops = (given: unknown) =>
    typeof (given as { onClick?: unknown } | null)?.onClick === "function" ||
    hasValue("boolean")(given);
  requireOptions(given({ stopWhen }), stops, 'a control that stops: button("Enough") or a toggle');
}

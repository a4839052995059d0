import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { SHARED } from "../channel";
import type { CellContext, Contexts } from "./contexts";
import { KeyboardInterrupt } from "./errors";
import type { Link } from "./link";

/** Asks the person at the notebook, for `prompt` and for programs that read standard input. */
export class Input {
  private nextId = 1;
  private readonly asked = new Map<number, (value: string) => void>();

  constructor(
    private readonly link: Link,
    private readonly contexts: Contexts,
    private readonly shared: Int32Array,
    private readonly answers: MessagePort,
  ) {}

  /**
   * Asks a question and stands still until it is answered.
   * @throws Error where the front end does not take questions
   */
  ask(prompt: string, password = false): string {
    const context = this.contexts.current;
    const id = this.request(prompt, password, context);
    const answered = Atomics.load(this.shared, SHARED.input);
    for (;;) {
      const message = receiveMessageOnPort(this.answers)?.message as
        | { id: number; value: string }
        | undefined;
      if (message?.id === id) {
        return message.value;
      }
      if (message) {
        this.answer(message.id, message.value);
        continue;
      }
      if (Atomics.load(this.shared, SHARED.stop) !== 0) {
        const stopped = new KeyboardInterrupt();
        context?.fail(stopped);
        throw stopped;
      }
      Atomics.wait(this.shared, SHARED.input, answered, 100);
    }
  }

  /** Asks for a line in a running cell; it arrives later. */
  askLater(context: CellContext, answer: (value: string) => void): void {
    this.asked.set(this.request("", false, context), answer);
  }

  /** Takes an answer that came as a message. */
  answer(id: number, value: string): void {
    this.asked.get(id)?.(value);
    this.asked.delete(id);
  }

  /** Why nobody is asked. */
  refusal(): Error {
    return new Error(
      "This cell asks for input, but the program that runs the notebook takes none (its " +
        "request says allow_stdin: false).",
    );
  }

  private request(prompt: string, password: boolean, context: CellContext | undefined): number {
    if (!context?.allowStdin) {
      throw this.refusal();
    }
    const id = this.nextId++;
    this.link.send({ type: "input", id, prompt, password, cell: context.id });
    return id;
  }
}

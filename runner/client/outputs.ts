import type { Message } from "./message";
import { StreamText } from "./streamText";

/** MIME type to content: a string, or a JSON value under a JSON type. */
export type MimeBundle = Record<string, unknown>;

export interface StreamOutput {
  output_type: "stream";
  name: string;
  text: string;
}
export interface DisplayOutput {
  output_type: "display_data";
  data: MimeBundle;
  metadata: Record<string, unknown>;
}
export interface ResultOutput {
  output_type: "execute_result";
  execution_count: number | null;
  data: MimeBundle;
  metadata: Record<string, unknown>;
}
export interface ErrorOutput {
  output_type: "error";
  ename: string;
  evalue: string;
  traceback: string[];
}
/** An output as a notebook of format 4.5 stores it, multi-line strings unsplit. */
export type Output = StreamOutput | DisplayOutput | ResultOutput | ErrorOutput;

type RichOutput = DisplayOutput | ResultOutput;

/** Which outputs show a display_id, over all cells of one kernel. */
export class DisplayRegistry {
  private readonly shown = new Map<string, Set<RichOutput>>();

  add(displayId: string, output: RichOutput): void {
    const outputs = this.shown.get(displayId);
    if (outputs) {
      outputs.add(output);
    } else {
      this.shown.set(displayId, new Set([output]));
    }
  }

  update(displayId: string, data: MimeBundle, metadata: Record<string, unknown>): void {
    for (const output of this.shown.get(displayId) ?? []) {
      output.data = data;
      output.metadata = metadata;
    }
  }

  remove(displayId: string, output: RichOutput): void {
    this.shown.get(displayId)?.delete(output);
  }
}

/**
 * Collects one cell's outputs from the messages of the iopub channel, as nbclient and JupyterLab
 * do: pieces of a stream become one output, clear_output is obeyed (at once, or with the next
 * output), an update changes every output of its display_id in whichever cell it stands.
 */
export class OutputArea {
  /** The outputs so far. The array stays the same; its content follows the messages. */
  readonly outputs: Output[] = [];
  /** The cell's number as the kernel announced it in execute_input or execute_result. */
  executionCount: number | null = null;
  private readonly displayed: [string, RichOutput][] = [];
  private readonly texts = new WeakMap<StreamOutput, StreamText>();
  private clearBeforeNext = false;

  constructor(private readonly displays = new DisplayRegistry()) {}

  /** Takes in one message; other types than those that make outputs are passed over. */
  add({ header, content }: Message): void {
    switch (header.msg_type) {
      case "stream":
        this.addStream(String(content.name), String(content.text));
        break;
      case "display_data":
      case "execute_result":
        this.addRich(header.msg_type, content);
        break;
      case "update_display_data":
        this.displays.update(
          displayIdOf(content),
          cleanBundle(content.data),
          record(content.metadata),
        );
        break;
      case "error":
        this.push({
          output_type: "error",
          ename: String(content.ename ?? ""),
          evalue: String(content.evalue ?? ""),
          traceback: Array.isArray(content.traceback) ? content.traceback.map(String) : [],
        });
        break;
      case "clear_output":
        if (content.wait) {
          this.clearBeforeNext = true;
        } else {
          this.clear();
        }
        break;
      case "execute_input":
        this.executionCount = countOf(content);
        break;
    }
  }

  private addStream(name: string, text: string): void {
    this.clearIfAsked();
    const output = this.openStream(name) ?? this.newStream(name);
    const streamed = this.texts.get(output)!;
    streamed.append(text);
    output.text = streamed.toString();
  }

  /** The stream of that name that nothing but other streams has followed. */
  private openStream(name: string): StreamOutput | undefined {
    for (let i = this.outputs.length - 1; i >= 0; i--) {
      const output = this.outputs[i];
      if (output.output_type !== "stream") {
        return undefined;
      }
      if (output.name === name) {
        return output;
      }
    }
    return undefined;
  }

  private newStream(name: string): StreamOutput {
    const output: StreamOutput = { output_type: "stream", name, text: "" };
    this.texts.set(output, new StreamText());
    this.outputs.push(output);
    return output;
  }

  private addRich(type: "display_data" | "execute_result", content: Record<string, unknown>): void {
    const data = cleanBundle(content.data);
    const metadata = record(content.metadata);
    const displayId = displayIdOf(content);
    if (displayId) {
      this.displays.update(displayId, data, metadata);
    }
    let output: RichOutput = { output_type: "display_data", data, metadata };
    if (type === "execute_result") {
      const count = countOf(content);
      this.executionCount ??= count;
      output = { output_type: type, execution_count: count, data, metadata };
    }
    this.push(output);
    if (displayId) {
      this.displays.add(displayId, output);
      this.displayed.push([displayId, output]);
    }
  }

  private push(output: Output): void {
    this.clearIfAsked();
    this.outputs.push(output);
  }

  private clearIfAsked(): void {
    if (this.clearBeforeNext) {
      this.clear();
    }
  }

  private clear(): void {
    this.clearBeforeNext = false;
    this.outputs.length = 0;
    for (const [displayId, output] of this.displayed.splice(0)) {
      this.displays.remove(displayId, output);
    }
  }
}

function displayIdOf(content: Record<string, unknown>): string {
  const id = record(content.transient).display_id;
  return typeof id === "string" ? id : "";
}

function countOf(content: Record<string, unknown>): number | null {
  return typeof content.execution_count === "number" ? content.execution_count : null;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** The notebook format allows only strings outside the JSON types; kernels send what they like. */
function cleanBundle(value: unknown): MimeBundle {
  return Object.fromEntries(
    Object.entries(record(value)).map(([type, content]) => [
      type,
      typeof content === "string" || isJsonType(type) ? content : JSON.stringify(content),
    ]),
  );
}

/** Whether content of this MIME type is a JSON value rather than text. */
export function isJsonType(type: string): boolean {
  return type === "application/json" || (type.startsWith("application/") && type.endsWith("+json"));
}

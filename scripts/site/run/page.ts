// Runs in a page of the site: a kernel's worker, as JupyterLite's extension has it, for the runner.
import type { Outcome } from "../../../kernel/channel";
import { WorkerLine } from "../../../kernel/lite/extension/worker";
import type { ToPage } from "../../../kernel/lite/messages";

/** What the runner hears: a JSON text, one after the other. */
declare function karenina_tell(json: string): void;

/** What the page tells besides what the worker says. */
export type Told =
  | ToPage
  | { type: "end"; id: string; outcome: Outcome }
  | { type: "begun"; languageVersion: string }
  | { type: "broken"; reason: string };

/** What the runner may ask of the page. */
export interface RunnerPage {
  start(address: string, environment: Record<string, string>): void;
  execute(id: string, code: string, count: number): void;
  interrupt(): void;
}

const tell = (message: Told) =>
  karenina_tell(
    // The bytes of comms are for nobody's eyes.
    JSON.stringify(message, (key, value) => (key === "buffers" ? undefined : value)),
  );

let line: WorkerLine | undefined;

const page: RunnerPage = {
  start(address, environment) {
    const take = (message: ToPage) => {
      tell(message);
      if (message.type === "stream") {
        line?.taken(message.text.length);
      }
    };
    line = new WorkerLine(address, take, environment);
    line.started.then(
      (languageVersion) => tell({ type: "begun", languageVersion }),
      (error: Error) => tell({ type: "broken", reason: error.message }),
    );
  },
  execute(id, code, count) {
    void line
      ?.ask<Outcome>({
        type: "execute",
        id,
        code,
        count,
        silent: false,
        aside: false,
        storeHistory: true,
        allowStdin: false,
        userExpressions: {},
      })
      .then((outcome) => tell({ type: "end", id, outcome }));
  },
  interrupt() {
    line?.interrupt(() => {});
  },
};

Object.assign(globalThis, { kareninaPage: page });

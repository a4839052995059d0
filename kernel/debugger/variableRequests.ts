import type { Frame } from "./frames";
import type { Inspector } from "./inspector";
import type { Arguments, Variable } from "./messages";
import type { Stop } from "./pauses";
import type { Scopes } from "./scopes";

/** Answers requests for variables: at a stop those of its frames, at any time the session's. */
export class VariableRequests {
  /** JupyterLab's list of variables shows types in the place of values. */
  isJupyterLab = false;
  private inspecting: Promise<object> | undefined;

  constructor(
    private readonly inspector: Inspector,
    private readonly scopes: Scopes,
    /** Where the code has stopped, if it has. */
    private readonly stop: () => Stop | undefined,
  ) {}

  scopesOf({ frameId }: Arguments): object {
    return { scopes: this.scopes.of(this.frame(frameId)) };
  }

  async variables({ variablesReference, start, count }: Arguments): Promise<object> {
    const options = { start: start as number | undefined, count: count as number | undefined };
    const found = await this.scopes.variables(Number(variablesReference), options);
    return { variables: this.asShown(found) };
  }

  async setVariable({ variablesReference, name, value }: Arguments): Promise<object> {
    const frame = this.stop()?.frames[0];
    const reference = Number(variablesReference);
    const set = await this.scopes.set(reference, String(name), String(value), frame);
    return { value: set.value, type: set.type, variablesReference: set.variablesReference };
  }

  async evaluate({ expression, frameId, context }: Arguments): Promise<object> {
    const frame = frameId === undefined || frameId === null ? undefined : this.frame(frameId);
    const code = String(expression);
    const value = await this.scopes.evaluate(code, frame, { pure: context === "hover" });
    const shown = await this.inspector.call<Variable>("describe", code, value, `(${code})`);
    return {
      result: shown.value,
      type: shown.type,
      variablesReference: shown.variablesReference,
      ...(shown.indexedVariables === undefined ? {} : { indexedVariables: shown.indexedVariables }),
    };
  }

  /** JupyterLab asks at each output of a cell: whoever asks while an answer is made gets that one. */
  async inspectVariables(): Promise<object> {
    this.inspecting ??= this.inspectAll().finally(() => {
      this.inspecting = undefined;
    });
    return await this.inspecting;
  }

  private async inspectAll(): Promise<object> {
    if (!this.stop()) {
      await this.inspector.call("release");
    }
    return { variables: this.asShown(await this.inspector.call<Variable[]>("globals", true)) };
  }

  async richInspectVariables({ variableName, frameId }: Arguments): Promise<object> {
    const name = String(variableName);
    if (!isIdentifier(name)) {
      throw new Error(`${name} is no name of a variable.`);
    }
    const frame = this.stop() && frameId !== undefined ? this.frame(frameId) : undefined;
    const value = await this.scopes.evaluate(name, frame);
    return { data: await this.inspector.call("rich", value), metadata: {} };
  }

  async copyToGlobals(given: Arguments): Promise<object> {
    const { srcVariableName: source, dstVariableName: target, srcFrameId } = given;
    if (!isIdentifier(source) || !isIdentifier(target)) {
      throw new Error("srcVariableName and dstVariableName must be names of variables.");
    }
    const frame = srcFrameId === undefined ? undefined : this.frame(srcFrameId);
    const value = await this.scopes.evaluate(source, frame);
    const copy = await this.inspector.call<Variable>("copy", target, value, source);
    return { value: copy.value, type: copy.type, variablesReference: copy.variablesReference };
  }

  private frame(id: unknown): Frame {
    const frame = this.stop()?.frames[Number(id) - 1];
    if (!frame) {
      throw new Error(
        this.stop() ? `There is no frame ${id}.` : "The code runs: it has no frames now.",
      );
    }
    return frame;
  }

  /**
   * JupyterLab's tree of variables shows a type or, where there is none, a value, and never both: it
   * gets both as the type.
   */
  private asShown(variables: Variable[]): Variable[] {
    return this.isJupyterLab
      ? variables.map((one) => ({
          ...one,
          type: one.type ? `${one.type} = ${one.value}` : one.value,
        }))
      : variables;
  }
}

function isIdentifier(name: unknown): name is string {
  return typeof name === "string" && /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
}

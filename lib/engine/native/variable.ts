import {
  compute,
  createFloat,
  DataType,
  type Handle,
  perform,
  release,
  shapeAttribute,
  stringAttribute,
  typeAttribute,
} from "./operations";

/** The name by which TensorFlow makes a variable that no other can meet and its handle frees. */
const ANONYMOUS = "cd2c89b7-88b7-44c8-ad83-06c2a9158347";
const DTYPE = [typeAttribute("dtype", DataType.float32)];

/** A float32 variable inside TensorFlow, which its ResourceApply... operations update in place. */
export class NativeVariable {
  /** What those operations take as their first input. */
  readonly resource: Handle;

  constructor(readonly shape: number[]) {
    this.resource = compute(
      "VarHandleOp",
      [],
      [
        stringAttribute("container", ""),
        stringAttribute("shared_name", ANONYMOUS),
        ...DTYPE,
        shapeAttribute("shape", shape),
      ],
    );
  }

  /** Takes over a tensor's values. */
  assign(tensor: Handle): void {
    perform("AssignVariableOp", [this.resource, tensor], DTYPE);
  }

  /** Takes over the values of an array. */
  fill(values: Float32Array): void {
    const tensor = createFloat(this.shape, values);
    this.assign(tensor);
    release(tensor);
  }

  /** The attributes that operations on a variable's resource take. */
  static readonly attributes = DTYPE;

  /** {@link read} for whoever has only the resource. */
  static readResource(resource: Handle): Handle {
    return compute("ReadVariableOp", [resource], DTYPE);
  }

  /**
   * The values as a new tensor. It shares the variable's memory: as long as it lives, an update has
   * to copy that first.
   */
  read(): Handle {
    return NativeVariable.readResource(this.resource);
  }

  dispose(): void {
    release(this.resource);
  }
}

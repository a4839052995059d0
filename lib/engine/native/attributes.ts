/** An operation's attribute: what is fixed when it is compiled, in contrast to its inputs. */
export interface Attribute {
  name: string;
  type: number;
  value: boolean | number | string | number[];
}

// TF_AttrType and TF_DataType of TensorFlow's C interface.
const STRING = 0;
const INT = 1;
const FLOAT = 2;
const BOOL = 3;
const TYPE = 4;
const SHAPE = 5;
export const DataType = { float32: 1, int32: 3, int64: 9, bool: 10, uint16: 17 } as const;

export const stringAttribute = (name: string, value: string): Attribute => ({
  name,
  type: STRING,
  value,
});
export const intAttribute = (name: string, value: number): Attribute => ({
  name,
  type: INT,
  value,
});
export const floatAttribute = (name: string, value: number): Attribute => ({
  name,
  type: FLOAT,
  value,
});
export const boolAttribute = (name: string, value: boolean): Attribute => ({
  name,
  type: BOOL,
  value,
});
export const typeAttribute = (name: string, value: number): Attribute => ({
  name,
  type: TYPE,
  value,
});
export const shapeAttribute = (name: string, value: number[]): Attribute => ({
  name,
  type: SHAPE,
  value,
});

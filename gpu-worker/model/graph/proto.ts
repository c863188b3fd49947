import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import type { DType, Shape } from './spec.ts';

/** Numbers of tensorflow/core/framework/types.proto. */
const dataType: Record<DType, number> = { float32: 1, int32: 3, uint8: 4, bool: 10, bfloat16: 14, resource: 20 };

/** The GraphDef version to whose rules the graph is written. */
const producer = 1087;

interface ShapeMessage {
  dim: { size: number }[];
}

/** The value of a node's attribute. */
export type AttrValue =
  | { list: { i: number[] } }
  | { s: Uint8Array }
  | { i: number }
  | { f: number }
  | { b: boolean }
  | { type: number }
  | { shape: ShapeMessage }
  | { tensor: { dtype: number; tensor_shape: ShapeMessage; tensor_content: Uint8Array } };

export interface NodeDef {
  readonly name: string;
  readonly op: string;
  /** `node`, `node:output` or, last, `^node` for a control dependency. */
  readonly input: string[];
  readonly attr: Record<string, AttrValue>;
}

export interface TensorInfo {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
}

export interface SignatureDef {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly outputs: Readonly<Record<string, TensorInfo>>;
}

const shapeMessage = (shape: Shape): ShapeMessage => ({ dim: shape.map((size) => ({ size })) });

/** Constructors of attribute values. */
export const attr = {
  type: (dtype: DType): AttrValue => ({ type: dataType[dtype] }),
  text: (value: string): AttrValue => ({ s: Buffer.from(value) }),
  int: (value: number): AttrValue => ({ i: value }),
  float: (value: number): AttrValue => ({ f: value }),
  bool: (value: boolean): AttrValue => ({ b: value }),
  ints: (values: readonly number[]): AttrValue => ({ list: { i: [...values] } }),
  shape: (shape: Shape): AttrValue => ({ shape: shapeMessage(shape) }),
  /** `content` holds the elements in row-major order, little-endian. */
  tensor: (dtype: DType, shape: Shape, content: Uint8Array): AttrValue => ({
    tensor: { dtype: dataType[dtype], tensor_shape: shapeMessage(shape), tensor_content: content },
  }),
};

// keepCase: otherwise protobufjs renames the fields, and ignores those that bear their name in the file.
const schema = new protobuf.Root().loadSync(fileURLToPath(new URL('saved-model.proto', import.meta.url)), {
  keepCase: true,
});

const tensorInfos = (infos: SignatureDef['inputs']) =>
  Object.fromEntries(
    Object.entries(infos).map(([key, { name, dtype, shape }]) => [
      key,
      { name, dtype: dataType[dtype], tensor_shape: shapeMessage(shape) },
    ]),
  );

/** The content of a `saved_model.pb` with the tag `serve`. @throws Error if a message does not fit the format. */
export function encodeSavedModel(
  nodes: readonly NodeDef[],
  signatures: Readonly<Record<string, SignatureDef>>,
): Uint8Array {
  const signature_def = Object.fromEntries(
    Object.entries(signatures).map(([key, { inputs, outputs }]) => [
      key,
      { inputs: tensorInfos(inputs), outputs: tensorInfos(outputs), method_name: 'tensorflow/serving/predict' },
    ]),
  );
  const model = {
    saved_model_schema_version: 1,
    meta_graphs: [
      {
        meta_info_def: { tags: ['serve'] },
        graph_def: { node: nodes, versions: { producer } },
        signature_def,
      },
    ],
  };
  const type = schema.lookupType('SavedModel');
  const problem = type.verify(model);
  if (problem) throw new Error(`The graph cannot be written as a SavedModel: ${problem}.`);
  return type.encode(model).finish();
}

import { encodeBfloat16 } from './bfloat16.ts';
import { type AttrValue, attr, encodeSavedModel, type NodeDef, type TensorInfo } from './proto.ts';
import { type DType, describe, elementCount, ensure, type Shape, type Spec, sameShape } from './spec.ts';

/** An output of a node. */
export interface Tensor extends Spec {
  readonly node: string;
  readonly output: number;
}

export interface Node<Outputs extends readonly Spec[] = readonly Spec[]> {
  readonly name: string;
  readonly outputs: { [K in keyof Outputs]: Tensor };
}

export interface Variable {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
  readonly handle: Tensor;
}

/** One differentiable step of the forward pass: `backward` turns d/d(each output) into d/d(each input). */
export interface Step {
  readonly outputs: readonly Tensor[];
  readonly inputs: readonly Tensor[];
  readonly backward: (gradients: readonly Tensor[]) => readonly Tensor[];
}

/** An entry point: named placeholders in, named tensors out. */
export interface Signature {
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly outputs: Readonly<Record<string, Tensor>>;
}

type Attrs = Record<string, AttrValue>;
/** Nodes, or the nodes of tensors, that have to run first. */
type After = readonly (Node | Tensor)[];

/** A TensorFlow graph under construction: nodes, resource variables, signatures, and the tape of the forward pass. */
export class Graph {
  readonly nodes: NodeDef[] = [];
  readonly tape: Step[] = [];
  readonly variables = new Map<string, Variable>();
  readonly signatures = new Map<string, Signature>();
  readonly #names = new Set<string>();
  /** By label, the number to try next. */
  readonly #taken = new Map<string, number>();
  #scope = '';

  /** Names of the nodes that `body` adds begin with `name/`. */
  scope<T>(name: string, body: () => T): T {
    const outer = this.#scope;
    this.#scope = `${outer}${name}/`;
    try {
      return body();
    } finally {
      this.#scope = outer;
    }
  }

  /** Adds a node; it runs after the nodes that it takes its inputs from and after those listed in `after`. */
  node<const Outputs extends readonly Spec[]>(
    op: string,
    inputs: readonly Tensor[],
    attrs: Attrs,
    outputs: Outputs,
    after: After = [],
    label = op,
  ): Node<Outputs> {
    const name = this.#unique(label);
    this.nodes.push({
      name,
      op,
      input: [
        ...inputs.map((input) => (input.output ? `${input.node}:${input.output}` : input.node)),
        ...after.map((first) => `^${'node' in first ? first.node : first.name}`),
      ],
      attr: attrs,
    });
    const tensors = outputs.map(({ dtype, shape }, output): Tensor => ({ node: name, output, dtype, shape }));
    return { name, outputs: tensors as Node<Outputs>['outputs'] };
  }

  /** Adds a node of one output. */
  op(op: string, inputs: readonly Tensor[], attrs: Attrs, output: Spec, after: After = [], label = op): Tensor {
    return this.node(op, inputs, attrs, [output], after, label).outputs[0];
  }

  /** Says how to differentiate `output`; see gradients.ts. */
  differentiable(output: Tensor, inputs: readonly Tensor[], backward: (gradient: Tensor) => readonly Tensor[]): Tensor {
    this.tape.push({ outputs: [output], inputs, backward: ([gradient]) => backward(gradient!) });
    return output;
  }

  /** The same of several outputs; a loss has to depend on all of them or on none. */
  differentiableParts(
    outputs: readonly Tensor[],
    inputs: readonly Tensor[],
    backward: Step['backward'],
  ): readonly Tensor[] {
    this.tape.push({ outputs, inputs, backward });
    return outputs;
  }

  /** A constant: float32 or int32 as its array is; `dtype` bfloat16 rounds a Float32Array. */
  constant(values: number | Float32Array | Int32Array, shape: Shape = [], dtype?: 'bfloat16'): Tensor {
    const array = typeof values === 'number' ? Float32Array.of(values) : values;
    ensure(
      array.length === elementCount(shape),
      `A constant of shape [${shape.join(',')}] was given ${array.length} values.`,
    );
    const own = array instanceof Float32Array ? 'float32' : 'int32';
    ensure(dtype === undefined || own === 'float32', 'Only float32 values can become a bfloat16 constant.');
    const type = dtype ?? own;
    const content =
      array instanceof Float32Array && type === 'bfloat16'
        ? encodeBfloat16(array)
        : new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    const attrs = { dtype: attr.type(type), value: attr.tensor(type, shape, content) };
    return this.op('Const', [], attrs, { dtype: type, shape });
  }

  /** A one-dimensional int32 constant: a shape, a list of axes, a list of sizes. */
  integers(values: readonly number[]): Tensor {
    return this.constant(Int32Array.from(values), [values.length]);
  }

  placeholder(name: string, dtype: DType, shape: Shape): Tensor {
    const attrs = { dtype: attr.type(dtype), shape: attr.shape(shape) };
    return this.op('Placeholder', [], attrs, { dtype, shape }, [], name);
  }

  /** A variable that lives in the session; every signature sees the same one. */
  variable(name: string, shape: Shape, dtype: DType = 'float32'): Variable {
    ensure(!this.variables.has(name), `The graph already has a variable ${name}.`);
    const attrs = {
      dtype: attr.type(dtype),
      shape: attr.shape(shape),
      // Without it every variable would be the same one.
      shared_name: attr.text(name),
      container: attr.text(''),
    };
    const resource = { dtype: 'resource', shape: [] } as const;
    const handle = this.op('VarHandleOp', [], attrs, resource, [], `variables/${name}`);
    const variable = { name, dtype, shape, handle };
    this.variables.set(name, variable);
    return variable;
  }

  read({ handle, dtype, shape }: Variable, after: After = []): Tensor {
    return this.op('ReadVariableOp', [handle], { dtype: attr.type(dtype) }, { dtype, shape }, after);
  }

  /** `op` is AssignVariableOp, AssignAddVariableOp or AssignSubVariableOp. */
  assign({ name, handle, dtype, shape }: Variable, value: Tensor, after: After = [], op = 'AssignVariableOp'): Node {
    ensure(
      sameShape(shape, value.shape) && value.dtype === dtype,
      `${op}: ${describe(value)} does not fit variable ${name}[${shape.join(',')}].`,
    );
    return this.node(op, [handle, value], { dtype: attr.type(dtype) }, [], after);
  }

  /** `value`, once the nodes in `after` have run. */
  identity(value: Tensor, after: After = []): Tensor {
    return this.op('Identity', [value], { T: attr.type(value.dtype) }, value, after);
  }

  signature(name: string, inputs: Signature['inputs'], outputs: Signature['outputs']): void {
    this.signatures.set(name, { inputs, outputs });
  }

  /** The graph as the content of a `saved_model.pb`. */
  savedModel(): Uint8Array {
    const infos = (tensors: Signature['inputs']): Record<string, TensorInfo> =>
      Object.fromEntries(
        Object.entries(tensors).map(([key, { node, output, dtype, shape }]) => [
          key,
          { name: `${node}:${output}`, dtype, shape },
        ]),
      );
    const signatures = [...this.signatures].map(
      ([name, { inputs, outputs }]) => [name, { inputs: infos(inputs), outputs: infos(outputs) }] as const,
    );
    return encodeSavedModel(this.nodes, Object.fromEntries(signatures));
  }

  #unique(label: string): string {
    const base = this.#scope + label;
    let n = this.#taken.get(base) ?? 0;
    let name = n === 0 ? base : `${base}_${n}`;
    // A name may also have been asked for as a label.
    while (this.#names.has(name)) name = `${base}_${++n}`;
    this.#taken.set(base, n + 1);
    this.#names.add(name);
    return name;
  }
}

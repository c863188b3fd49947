import type { Graph, Tensor } from './graph.ts';
import { attr } from './proto.ts';
import { describe, ensure, type Shape, sameShape } from './spec.ts';

// Ops that gradients and updates are made of. They have no gradient themselves.

export function ensureSameType(op: string, ...tensors: readonly Tensor[]): void {
  ensure(
    new Set(tensors.map(({ dtype }) => dtype)).size === 1,
    `${op}: the types differ: ${tensors.map(describe).join(' ')}.`,
  );
}

/** A unary element-wise op. */
export const unary = (g: Graph, op: string, x: Tensor): Tensor => g.op(op, [x], { T: attr.type(x.dtype) }, x);

/** A binary element-wise op; `b` has the shape of `a` or is a scalar. */
export function binary(g: Graph, op: string, a: Tensor, b: Tensor): Tensor {
  ensureSameType(op, a, b);
  ensure(b.shape.length === 0 || sameShape(a.shape, b.shape), `${op}: ${describe(a)} with ${describe(b)}.`);
  return g.op(op, [a, b], { T: attr.type(a.dtype) }, a);
}

/** The sum of tensors of one shape; of one tensor, that tensor. */
export function addN(g: Graph, terms: readonly Tensor[]): Tensor {
  const [first] = terms;
  ensure(
    first !== undefined && terms.every(({ shape }) => sameShape(shape, first.shape)),
    `AddN: the shapes differ: ${terms.map(describe).join(' ')}.`,
  );
  ensureSameType('AddN', ...terms);
  if (terms.length === 1) return first;
  return g.op('AddN', terms, { N: attr.int(terms.length), T: attr.type(first.dtype) }, first);
}

/** A tensor whose elements all are the scalar `value`. */
export function fill(g: Graph, shape: Shape, value: Tensor): Tensor {
  const attrs = { T: attr.type(value.dtype), index_type: attr.type('int32') };
  return g.op('Fill', [g.integers(shape), value], attrs, { dtype: value.dtype, shape });
}

/** 1 if every element is a finite number, else 0: a float32 scalar. */
export function allFinite(g: Graph, x: Tensor): Tensor {
  const finite = g.op('IsFinite', [x], { T: attr.type(x.dtype) }, { dtype: 'bool', shape: x.shape });
  const castAttrs = { SrcT: attr.type('bool'), DstT: attr.type('float32'), Truncate: attr.bool(false) };
  const ones = g.op('Cast', [finite], castAttrs, { dtype: 'float32', shape: x.shape });
  const axes = g.integers(x.shape.map((_, axis) => axis));
  const attrs = { T: attr.type('float32'), Tidx: attr.type('int32'), keep_dims: attr.bool(false) };
  return g.op('Min', [ones, axes], attrs, { dtype: 'float32', shape: [] });
}

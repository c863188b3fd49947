import { addN } from './arithmetic.ts';
import type { Graph, Tensor } from './graph.ts';
import { describe, ensure, sameShape } from './spec.ts';

const keyOf = ({ node, output }: Tensor): string => `${node}:${output}`;

/**
 * d(loss)/d(each of `targets`), for a scalar loss: walks the graph's tape backwards and adds the gradients' nodes to the graph.
 * @throws Error if the loss does not depend on a target.
 */
export function gradients(g: Graph, loss: Tensor, targets: readonly Tensor[]): Tensor[] {
  ensure(
    loss.dtype === 'float32' && loss.shape.length === 0,
    `The loss has to be a float32 scalar, not ${describe(loss)}.`,
  );
  const wanted = dependents(g, targets);
  const partials = new Map<string, Tensor[]>([[keyOf(loss), [g.constant(1)]]]);
  const total = (of: Tensor): Tensor | undefined => {
    const terms = partials.get(keyOf(of));
    return terms && addN(g, terms);
  };
  for (const { outputs, inputs, backward } of g.tape.toReversed()) {
    if (!outputs.some((output) => wanted.has(keyOf(output)))) continue;
    const slopes = outputs.flatMap((output) => total(output) ?? []);
    if (slopes.length === 0) continue;
    const node = outputs[0]?.node;
    ensure(slopes.length === outputs.length, `The loss depends on ${slopes.length} of the parts of ${node} only.`);
    backward(slopes).forEach((partial, i) => {
      const input = inputs[i];
      ensure(
        input !== undefined && sameShape(input.shape, partial.shape) && input.dtype === partial.dtype,
        `Gradient ${describe(partial)} of ${node} does not fit its input ${i}.`,
      );
      if (wanted.has(keyOf(input))) partials.set(keyOf(input), [...(partials.get(keyOf(input)) ?? []), partial]);
    });
  }
  return targets.map((target) => {
    const gradient = total(target);
    ensure(gradient !== undefined, `The loss does not depend on ${target.node}.`);
    return gradient;
  });
}

/** The tensors whose value depends on one of `targets`, these included. */
function dependents(g: Graph, targets: readonly Tensor[]): Set<string> {
  const found = new Set(targets.map(keyOf));
  for (const { outputs, inputs } of g.tape) {
    if (!inputs.some((input) => found.has(keyOf(input)))) continue;
    for (const output of outputs) found.add(keyOf(output));
  }
  return found;
}

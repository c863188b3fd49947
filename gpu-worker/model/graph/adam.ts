import { addN, binary } from './arithmetic.ts';
import type { Graph, Node, Tensor, Variable } from './graph.ts';
import { attr } from './proto.ts';

export interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Added to the gradient, times the weight: L2 regularization, as in the paper. */
  readonly weightDecay: number;
}

export interface Trained {
  readonly variable: Variable;
  /** What was read of the variable for the forward pass. */
  readonly value: Tensor;
  readonly gradient: Tensor;
  readonly decays: boolean;
}

/** A variable of the optimizer, and the value that each of its elements starts from. */
export interface Slot {
  readonly variable: Variable;
  readonly initial: number;
}

/** Adds one step of Adam at the scalar `learningRate`; the returned nodes have all run when the step is done. */
export function adam(
  g: Graph,
  trained: readonly Trained[],
  learningRate: Tensor,
  { beta1, beta2, epsilon, weightDecay }: AdamOptions,
): { slots: Slot[]; updates: Node[] } {
  const slot = (name: string, shape: readonly number[], initial: number): Slot => ({
    variable: g.variable(name, shape),
    initial,
  });
  const [decay1, decay2] = [g.constant(beta1), g.constant(beta2)];
  const [smallest, l2] = [g.constant(epsilon), g.constant(weightDecay)];
  const powers = [slot('adam/beta1_power', [], beta1), slot('adam/beta2_power', [], beta2)] as const;
  const [power1, power2] = [g.read(powers[0].variable), g.read(powers[1].variable)];
  const slots: Slot[] = [...powers];
  const steps = trained.map(({ variable, value, gradient, decays }) => {
    const first = slot(`${variable.name}/adam_m`, variable.shape, 0);
    const second = slot(`${variable.name}/adam_v`, variable.shape, 0);
    slots.push(first, second);
    const slope = decays && weightDecay > 0 ? addN(g, [gradient, binary(g, 'Mul', value, l2)]) : gradient;
    const state = [variable.handle, first.variable.handle, second.variable.handle, power1, power2];
    return g.node(
      'ResourceApplyAdam',
      [...state, learningRate, decay1, decay2, smallest, slope],
      { T: attr.type('float32'), use_locking: attr.bool(false), use_nesterov: attr.bool(false) },
      [],
    );
  });
  const next = [
    g.assign(powers[0].variable, binary(g, 'Mul', power1, decay1), steps),
    g.assign(powers[1].variable, binary(g, 'Mul', power2, decay2), steps),
  ];
  return { slots, updates: [...steps, ...next] };
}

/** average -= (1 - momentum) (average - value) */
export function updateMovingAverage(g: Graph, average: Variable, value: Tensor, momentum: number): Node {
  const step = binary(g, 'Mul', binary(g, 'Sub', g.read(average), value), g.constant(1 - momentum));
  return g.assign(average, step, [], 'AssignSubVariableOp');
}

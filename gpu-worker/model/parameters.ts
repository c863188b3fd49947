import type { Network } from './architecture.ts';
import { googlenet25d } from './googlenet-25d.ts';
import { Graph } from './graph/graph.ts';
import type { Shape } from './graph/spec.ts';

/** Added to the variance by batch normalization. */
export const batchNormEpsilon = 1e-3;

export type ParameterKind = 'kernel' | 'head' | 'scale' | 'offset' | 'movingMean' | 'movingVariance';

/** How a kind of parameter starts, and how it learns: not at all, or with weight decay or without. */
export const parameterKinds: Readonly<
  Record<ParameterKind, { initial: number | 'random'; trained: boolean; decays: boolean }>
> = {
  kernel: { initial: 'random', trained: true, decays: true },
  head: { initial: 'random', trained: true, decays: true },
  scale: { initial: 1, trained: true, decays: false },
  offset: { initial: 0, trained: true, decays: false },
  movingMean: { initial: 0, trained: false, decays: false },
  movingVariance: { initial: 1, trained: false, decays: false },
};

export interface ParameterSpec {
  readonly name: string;
  readonly kind: ParameterKind;
  readonly shape: Shape;
}

/** The parameters of a layer that is a convolution with batch normalization; the kernel is [rows, columns, in, out]. */
export function convolutionParameters(name: string, inputs: number, filters: number, size: number) {
  const perChannel = (part: string, kind: ParameterKind): ParameterSpec => ({
    name: `${name}/${part}`,
    kind,
    shape: [filters],
  });
  return {
    kernel: { name: `${name}/kernel`, kind: 'kernel', shape: [size, size, inputs, filters] },
    scale: perChannel('scale', 'scale'),
    offset: perChannel('offset', 'offset'),
    movingMean: perChannel('moving_mean', 'movingMean'),
    movingVariance: perChannel('moving_variance', 'movingVariance'),
  } as const satisfies Record<string, ParameterSpec>;
}

/** The kernel of the head, [rows, columns, out, in]. */
export function headParameter(name: string, inputs: number): ParameterSpec {
  return { name: `${name}/kernel`, kind: 'head', shape: [8, 8, 1, inputs] };
}

/** Rows and columns that an output is multiplied by in the head. */
export const headStride = 4;

/** Every parameter of a network, in the order of its layers. */
export function networkParameters({ width, channels }: Network): ParameterSpec[] {
  const found: ParameterSpec[] = [];
  // Only shapes are followed, so any size and a graph that nobody runs will do.
  const g = new Graph();
  const x = g.placeholder('x', 'float32', [1, 16, 16, channels]);
  googlenet25d(
    g,
    x,
    { width },
    {
      convolution(name, input, filters, size) {
        found.push(...Object.values(convolutionParameters(name, input.shape[3]!, filters, size)));
        return { ...input, shape: [...input.shape.slice(0, 3), filters] };
      },
      head(name, input) {
        found.push(headParameter(name, input.shape[3]!));
        return input;
      },
    },
  );
  return found;
}

import type { Network } from './architecture.ts';
import type { Graph, Tensor } from './graph/graph.ts';
import { concat, maxPool } from './graph/layers.ts';

/**
 * How a pass realizes the network's two kinds of layer: with variables in training, with constants in a published model.
 * `name` is the same in all, so weights are exchanged by name.
 */
export interface Layers {
  /** A convolution of `size` x `size` with `filters` outputs, batch normalization, ReLU. */
  convolution(name: string, input: Tensor, filters: number, size: number): Tensor;
  /** The 1x1 convolutions of one input, made together; a pass that only follows shapes makes them one by one. */
  pointwise?(siblings: readonly Sibling[], input: Tensor): readonly Tensor[];
  /** The transpose convolution of 8 x 8, stride 4, to one channel of float32 logits. */
  head(name: string, input: Tensor): Tensor;
}

export interface Sibling {
  readonly name: string;
  readonly filters: number;
}

/** Filters of an inception: 1x1; 3x3 reduce, 3x3; 5x5 reduce, 5x5; after the pool. Szegedy et al. 2015, table 1. */
type Filters = readonly [one: number, three1: number, three: number, five1: number, five: number, pooled: number];

const inceptions3to4: Readonly<Record<string, Filters>> = {
  '3a': [64, 96, 128, 16, 32, 32],
  '3b': [128, 128, 192, 32, 96, 64],
  '4a': [192, 96, 208, 16, 48, 64],
  '4b': [160, 112, 224, 24, 64, 64],
  '4c': [128, 128, 256, 24, 64, 64],
  '4d': [112, 144, 288, 32, 64, 64],
  '4e': [256, 160, 320, 32, 128, 128],
};

const inceptions5: Readonly<Record<string, Filters>> = {
  '5a': [256, 160, 320, 32, 128, 128],
  '5b': [384, 192, 384, 48, 128, 128],
};

/**
 * Adds one pass of the paper's 2.5D GoogLeNet and returns its logits, [batch, rows, columns, 1]. Grøvik et al. 2020, "Network":
 * Inception v1 with a first stride of 1 and without its first and third max-pool, so that it down-samples by 4; the fully
 * connected layers give way to one transpose convolution.
 */
export function googlenet25d(g: Graph, x: Tensor, { width }: Pick<Network, 'width'>, layers: Layers): Tensor {
  const scaled = (filters: number): number => Math.max(4, Math.round(filters * width));
  const convolution = (name: string, input: Tensor, filters: number, size: number): Tensor =>
    layers.convolution(name, input, scaled(filters), size);

  const inception = (name: string, input: Tensor, [one, three1, three, five1, five, pooled]: Filters): Tensor => {
    const [direct, forThree, forFive] =
      layers.pointwise?.(
        [
          { name: `${name}/1x1`, filters: scaled(one) },
          { name: `${name}/3x3_reduce`, filters: scaled(three1) },
          { name: `${name}/5x5_reduce`, filters: scaled(five1) },
        ],
        input,
      ) ?? [];
    // One by one they are made branch after branch: networkParameters, and with it the first values, has this order.
    return concat(g, [
      direct ?? convolution(`${name}/1x1`, input, one, 1),
      convolution(`${name}/3x3`, forThree ?? convolution(`${name}/3x3_reduce`, input, three1, 1), three, 3),
      convolution(`${name}/5x5`, forFive ?? convolution(`${name}/5x5_reduce`, input, five1, 1), five, 5),
      convolution(`${name}/pooled`, maxPool(g, input, 3, 1), pooled, 1),
    ]);
  };

  let h = convolution('stem/7x7', x, 64, 7);
  h = convolution('stem/1x1', h, 64, 1);
  h = maxPool(g, convolution('stem/3x3', h, 192, 3), 3, 2);
  for (const [name, filters] of Object.entries(inceptions3to4)) h = inception(name, h, filters);
  h = maxPool(g, h, 3, 2);
  for (const [name, filters] of Object.entries(inceptions5)) h = inception(name, h, filters);
  return layers.head('head', h);
}

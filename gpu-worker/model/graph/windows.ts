import { gather, reshape, transpose } from './arrange.ts';
import type { Graph, Tensor } from './graph.ts';
import { cast } from './layers.ts';
import { attr } from './proto.ts';
import { type DType, describe, ensure } from './spec.ts';

/**
 * Images [batch, rows, columns, sequences windows] of a volume [sequences, slices, rows, columns]: for each of `centres` [batch]
 * the slices within `reach` of it, the first and the last slice repeated beyond the volume. Channels are sequence-major, values of
 * type `dtype`.
 */
export function cutWindows(g: Graph, volume: Tensor, centres: Tensor, reach: number, dtype: DType): Tensor {
  const [sequences, slices, rows, columns] = volume.shape;
  const [batch] = centres.shape;
  ensure(
    volume.shape.length === 4 && centres.shape.length === 1 && centres.dtype === 'int32',
    `Windows of ${describe(volume)} about ${describe(centres)}.`,
  );
  const window = 2 * reach + 1;
  const steps = Int32Array.from({ length: window }, (_, n) => n - reach);
  const int32 = { T: attr.type('int32') };
  const spec = { dtype: 'int32', shape: [batch!, window] } as const;
  const named = g.op('AddV2', [reshape(g, centres, [batch!, 1]), g.constant(steps, [1, window])], int32, spec);
  const ends = [0, slices! - 1].map((end) => g.constant(Int32Array.of(end), []));
  const inside = g.op('ClipByValue', [named, ...ends], int32, spec);
  // Cast first: bytes are put in order by a slower kernel.
  const cut = cast(g, gather(g, volume, inside, 1), dtype);
  return reshape(g, transpose(g, cut, [1, 3, 4, 0, 2]), [batch!, rows!, columns!, sequences! * window]);
}

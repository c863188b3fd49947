import type { Volume, VoxelArray } from '#core/domain/geometry.ts';
import type { SeededRandom } from '#core/domain/random.ts';
import { slabChannels, writeLabel, writeSlab } from './slab.ts';
import type { Batch } from './trainer.ts';
import { drawTurn, turnedIndices } from './turn.ts';

/** A prepared study: its sequences in the plan's order, and the accepted labels, all on one grid. */
export interface PreparedCase {
  readonly sequences: readonly Volume<VoxelArray>[];
  readonly labels: Volume<VoxelArray>;
}

/** A slice of a case. */
export interface Frame {
  readonly caseIndex: number;
  readonly slice: number;
}

export interface FramePool {
  readonly all: readonly Frame[];
  readonly withLesion: readonly Frame[];
}

/** All frames of the cases, and those whose own slice has a lesion. */
export function framePool(cases: readonly PreparedCase[]): FramePool {
  const all: Frame[] = [];
  const withLesion: Frame[] = [];
  cases.forEach(({ labels: { grid, data } }, caseIndex) => {
    const [columns, rows, slices] = grid.size;
    const pixels = columns * rows;
    for (let slice = 0; slice < slices; slice++) {
      const frame = { caseIndex, slice };
      all.push(frame);
      if (data.subarray(slice * pixels, (slice + 1) * pixels).some((label) => label !== 0)) withLesion.push(frame);
    }
  });
  return { all, withLesion };
}

/**
 * The frames of a batch: half drawn among those with a lesion, half among all (paper, "Training"; the larger half of an odd
 * batch has lesions). Draws are independent, so a frame may come twice. Without any lesion all are drawn among all.
 */
export function drawFrames({ all, withLesion }: FramePool, batch: number, random: SeededRandom): Frame[] {
  if (all.length === 0) throw new Error('There are no frames to train on.');
  const lesionFrames = withLesion.length > 0 ? Math.ceil(batch / 2) : 0;
  return Array.from({ length: batch }, (_, n) => {
    const source = n < lesionFrames ? withLesion : all;
    return source[random.int(source.length)]!;
  });
}

/** Frames as input and labels, each turned at random, both the same way. Slices have to be square. */
export function assembleBatch(cases: readonly PreparedCase[], frames: readonly Frame[], random: SeededRandom): Batch {
  const first = cases[frames[0]!.caseIndex]!;
  const [columns, rows] = first.labels.grid.size;
  const pixels = rows * columns;
  const inputs = pixels * slabChannels(first.sequences.length);
  const batch = { x: new Float32Array(frames.length * inputs), y: new Float32Array(frames.length * pixels) };
  frames.forEach(({ caseIndex, slice }, n) => {
    const { sequences, labels } = cases[caseIndex]!;
    const [ownColumns, ownRows] = labels.grid.size;
    if (ownColumns !== columns || ownRows !== rows || sequences.length !== first.sequences.length) {
      const own = `${sequences.length} sequences of ${ownColumns} x ${ownRows} pixels`;
      throw new Error(`Case ${caseIndex} has ${own}; the first has ${first.sequences.length} of ${columns} x ${rows}.`);
    }
    const indices = turnedIndices(rows, columns, drawTurn(random));
    writeSlab(sequences, slice, { data: batch.x, offset: n * inputs, indices });
    writeLabel(labels, slice, { data: batch.y, offset: n * pixels, indices });
  });
  return batch;
}

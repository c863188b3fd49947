import type { SeededRandom } from '#core/domain/random.ts';
import type { Box } from './brain-box.ts';
import { planesOf, type StoredCase } from './case-scratch.ts';
import { drawPresence, type SequenceDropout } from './sequence-dropout.ts';
import { copySlice, slabChannels, slabReach, slabSlices } from './slab.ts';
import type { Batch } from './trainer.ts';
import { drawTurn, turnedIndices } from './turn.ts';

/** A study and the part of it that is looked at; of the box its columns and rows count, a slab reaches over all slices. */
export interface BoxedCase {
  readonly stored: StoredCase;
  readonly box: Box;
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

/** The frames of the cases: slices that have brain or lesion, and among them those whose own slice has a lesion. */
export function framePool(cases: readonly Pick<StoredCase, 'withBrain' | 'withLesion'>[]): FramePool {
  const frames = (slicesOf: (one: (typeof cases)[number]) => readonly number[]): Frame[] =>
    cases.flatMap((one, caseIndex) => slicesOf(one).map((slice) => ({ caseIndex, slice })));
  return {
    all: frames(({ withBrain, withLesion }) => [...new Set([...withBrain, ...withLesion])].sort((a, b) => a - b)),
    withLesion: frames(({ withLesion }) => withLesion),
  };
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

/** The frames of a step in `parts` batches of one size, each with as good a share of those drawn among lesions. */
export const dealFrames = (frames: readonly Frame[], parts: number): Frame[][] =>
  Array.from({ length: parts }, (_, part) => frames.filter((_frame, n) => n % parts === part));

/**
 * Frames as input and labels, each turned at random, both the same way, and each with sequences left out at random where that is asked
 * for. Boxes have to be squares.
 */
export function assembleBatch(
  cases: readonly BoxedCase[],
  frames: readonly Frame[],
  random: SeededRandom,
  dropout?: SequenceDropout,
): Batch {
  const first = cases[frames[0]!.caseIndex]!;
  const [columns, rows] = first.box.size;
  const { sequenceCount } = first.stored;
  const pixels = rows * columns;
  const inputs = pixels * slabChannels(sequenceCount);
  const batch = { x: new Float32Array(frames.length * inputs), y: new Float32Array(frames.length * pixels) };
  frames.forEach(({ caseIndex, slice }, n) => {
    const one = cases[caseIndex]!;
    const [ownColumns, ownRows] = one.box.size;
    if (ownColumns !== columns || ownRows !== rows || one.stored.sequenceCount !== sequenceCount) {
      const own = `${one.stored.sequenceCount} sequences of ${ownColumns} x ${ownRows} pixels`;
      throw new Error(`Case ${caseIndex} has ${own}; the first has ${sequenceCount} of ${columns} x ${rows}.`);
    }
    const turned = turnedIndices(rows, columns, drawTurn(random));
    const present = dropout && drawPresence(sequenceCount, dropout, random);
    const x = batch.x.subarray(n * inputs, (n + 1) * inputs);
    const { label } = readFrame(one, slice, x, { turned, present });
    batch.y.set(label, n * pixels);
  });
  return batch;
}

/** How a frame is changed on the way. */
export interface FrameChanges {
  /** For each pixel of the turned slice the pixel of the box that it comes from (turn.ts). */
  readonly turned?: Int32Array;
  /** Whether each sequence is there; the channels of others stay as they are. */
  readonly present?: readonly boolean[] | undefined;
}

/** Writes a frame's input, [rows, columns, channels] (slab.ts), and returns its label and brain mask, [rows, columns], 0 or 1. */
export function readFrame(
  { stored, box }: BoxedCase,
  slice: number,
  x: Float32Array,
  { turned, present }: FrameChanges = {},
): { label: Float32Array; brain: Uint8Array } {
  const [columns, rows, slices] = stored.size;
  const whole = columns * rows;
  const planes = planesOf(stored);
  const [first, last] = [Math.max(0, slice - slabReach), Math.min(slices - 1, slice + slabReach)];
  const voxels = stored.read(first, last - first + 1);
  const planeAt = (at: number, plane: number): number => ((at - first) * planes.count + plane) * whole;
  const indices = boxIndices(box, columns, turned);
  const channels = slabChannels(stored.sequenceCount);
  for (let sequence = 0; sequence < stored.sequenceCount; sequence++) {
    if (present?.[sequence] === false) continue;
    for (let n = 0; n < slabSlices; n++) {
      const at = Math.min(last, Math.max(first, slice - slabReach + n));
      const target = { data: x, offset: 0, indices };
      copySlice(voxels, planeAt(at, sequence), indices.length, target, sequence * slabSlices + n, channels);
    }
  }
  const [label, brain] = [planeAt(slice, planes.label), planeAt(slice, planes.brain)];
  return {
    label: Float32Array.from(indices, (index) => voxels[label + index]!),
    brain: Uint8Array.from(indices, (index) => voxels[brain + index]!),
  };
}

/** For each pixel of the turned box the pixel of the whole slice that it comes from. */
function boxIndices({ origin: [i0, j0], size: [side, rows] }: Box, columns: number, turned?: Int32Array): Int32Array {
  return Int32Array.from({ length: side * rows }, (_, n) => {
    const pixel = turned ? turned[n]! : n;
    return (j0 + Math.floor(pixel / side)) * columns + i0 + (pixel % side);
  });
}

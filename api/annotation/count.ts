import { DomainError } from '#core/domain/errors.ts';

/** A segment as somebody counted it. */
export interface CountedSegment {
  readonly number: number;
  readonly voxelCount: number;
}

/** A segment as a client sends it. */
export interface SentSegment extends CountedSegment {
  readonly coarse: boolean;
}

/** @throws DomainError INVALID unless these are 0 to 1,000 different segments with counts */
export function checkSegments(segments: readonly CountedSegment[]): void {
  if (segments.length > 1000)
    throw new DomainError('INVALID', 'A label has at most 1,000 lesions.', { path: ['segments'] });
  segments.forEach(({ number, voxelCount: count }, index) => {
    const repeated = segments.findIndex((segment) => segment.number === number) !== index;
    if (number < 1 || number > 65_535 || repeated || count < 0) {
      throw new DomainError('INVALID', 'Each segment has a number of its own from 1 to 65,535, and 0 or more voxels.', {
        path: ['segments', String(index)],
      });
    }
  });
}

/** A SEG cannot be empty. @throws DomainError INVALID unless there is one exactly where a segment has a voxel */
export function checkLabelled(segments: readonly CountedSegment[], segSopInstanceUid: string | null): void {
  const labelled = segments.some(({ voxelCount }) => voxelCount > 0);
  if (labelled === (segSopInstanceUid !== null)) return;
  const message = labelled
    ? 'Segments with voxels need the SEG that holds them.'
    : 'A SEG without a voxel says nothing: to save that there is no metastasis, leave the SEG out.';
  throw new DomainError('INVALID', message, { path: ['segSopInstanceUid'] });
}

/**
 * Holds what the client counted against what the server did; a segment without a voxel is none.
 * @param where Where the server counted, as in "in the SEG".
 * @throws DomainError COUNT_MISMATCH naming the first segment that differs
 */
export function compareCounts(
  client: readonly CountedSegment[],
  server: readonly CountedSegment[],
  where: string,
): void {
  const serverCounts = new Map(server.map(({ number, voxelCount: count }) => [number, count]));
  client.forEach(({ number, voxelCount: count }, index) => {
    const found = serverCounts.get(number) ?? 0;
    if (found !== count) throw mismatch(number, found, count, where, ['segments', String(index), 'voxelCount']);
    serverCounts.delete(number);
  });
  for (const [number, found] of serverCounts) if (found > 0) throw mismatch(number, found, 0, where, ['segments']);
}

const mismatch = (number: number, found: number, count: number, where: string, at: readonly string[]): DomainError =>
  new DomainError(
    'COUNT_MISMATCH',
    `Segment ${number} has ${found} voxels ${where}, the client counted ${count}. Nothing was saved: send the SEG again.`,
    { path: at },
  );

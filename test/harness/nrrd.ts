import { gunzipSync } from 'node:zlib';
import type { Grid, PointLps } from '#core/domain/geometry.ts';

/** An image as ITK writes it to NRRD: gzip, little endian, left-posterior-superior. */
export interface NrrdImage {
  readonly grid: Grid;
  readonly data: Float32Array | Int16Array;
}

/** Reads what ITK-based programs leave; anything else fails. */
export function readNrrd(bytes: Buffer): NrrdImage {
  const end = bytes.indexOf('\n\n');
  const fields = new Map(
    bytes
      .toString('latin1', 0, end)
      .split('\n')
      .filter((line) => /^[\w ]+: /.test(line))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  const vectors = (name: string): PointLps[] =>
    [...(fields.get(name) ?? '').matchAll(/\(([^)]*)\)/g)].map(([, text]) => text!.split(',').map(Number) as never);
  if (fields.get('space') !== 'left-posterior-superior' || fields.get('encoding') !== 'gzip')
    throw new Error(`a NRRD of another kind: ${[...fields]}`);
  const [size, [origin], [x, y, z]] = [
    fields.get('sizes')!.split(' ').map(Number),
    vectors('space origin'),
    vectors('space directions'),
  ];
  const raw = new Uint8Array(gunzipSync(bytes.subarray(end + 2))).buffer;
  return {
    grid: {
      size: size as unknown as Grid['size'],
      indexToLps: [...[0, 1, 2].flatMap((axis) => [x![axis]!, y![axis]!, z![axis]!, origin![axis]!]), 0, 0, 0, 1],
    },
    data: fields.get('type') === 'float' ? new Float32Array(raw) : new Int16Array(raw),
  };
}

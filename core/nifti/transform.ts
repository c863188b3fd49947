import { invertAffine, type Matrix4 } from '../domain/geometry.ts';
import type { NiftiHeader } from './header.ts';
import { NiftiError } from './nifti-error.ts';

/** By what a file says where its voxels lie; NONE if it says only how far they are apart. */
export type TransformSource = 'SFORM' | 'QFORM' | 'NONE';

/**
 * Voxel index to LPS mm. The sform is taken before the qform, as by nibabel and ITK. With NONE, i, j and k count to the right, forward
 * and upward, from voxel 0 (method 1 of nifti1.h): a convention, not knowledge.
 * @throws NiftiError MALFORMED
 */
export function transformOf(header: NiftiHeader): { readonly indexToLps: Matrix4; readonly source: TransformSource } {
  const source = header.sformCode > 0 ? 'SFORM' : header.qformCode > 0 ? 'QFORM' : 'NONE';
  const ras = source === 'SFORM' ? header.srow : source === 'QFORM' ? quaternionRows(header) : spacingRows(header);
  // RAS → LPS: x and y point the other way.
  const indexToLps = [...ras.map((value, n) => (n < 8 ? negated(value) : value) * header.unitMm), ...[0, 0, 0, 1]];
  const field = source === 'SFORM' ? 'srow' : source === 'QFORM' ? 'The qform' : 'pixdim';
  if (!indexToLps.every((value) => Number.isFinite(value) && Math.abs(value) < 1e6))
    throw new NiftiError('MALFORMED', `${field} has a value that is no length.`);
  try {
    invertAffine(indexToLps);
  } catch (cause) {
    throw new NiftiError('MALFORMED', `${field} puts all voxels into one plane.`, { cause });
  }
  return { indexToLps, source };
}

/** Without a negative zero, which would make equal matrices differ. */
const negated = (value: number): number => (value === 0 ? 0 : -value);

function spacingRows({ pixdim: [, x, y, z] }: NiftiHeader): number[] {
  return [Math.abs(x), 0, 0, 0, 0, Math.abs(y), 0, 0, 0, 0, Math.abs(z), 0];
}

/** Method 2 of nifti1.h: a rotation, spacings, and k mirrored where qfac is -1. */
function quaternionRows({ pixdim: [qfac, x, y, z], quaternion, qoffset }: NiftiHeader): number[] {
  let [b, c, d] = quaternion as [number, number, number];
  const square = b * b + c * c + d * d;
  if (!(square <= 1.001)) throw new NiftiError('MALFORMED', 'The quaternion of the qform is longer than 1.');
  let a = Math.sqrt(Math.max(0, 1 - square));
  if (a * a < 1e-7) {
    [a, b, c, d] = [0, ...[b, c, d].map((part) => part / Math.sqrt(square))] as [number, number, number, number];
  }
  const rotation = [
    [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
    [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
    [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - c * c - b * b],
  ] as const;
  const spacing = [Math.abs(x), Math.abs(y), Math.abs(z) * (qfac < 0 ? -1 : 1)] as const;
  return rotation.flatMap((row, n) => [...row.map((value, axis) => value * spacing[axis]!), qoffset[n]!]);
}

/** What a qform needs; undefined for a matrix with shear, which no qform holds. @param ras Three rows of four. */
export function quaternionOf(
  ras: readonly number[],
): { readonly qfac: number; readonly quaternion: readonly [number, number, number] } | undefined {
  const columns = [0, 1, 2].map((n) => [ras[n]!, ras[4 + n]!, ras[8 + n]!]);
  const units = columns.map((column) => column.map((value) => value / Math.hypot(...column)));
  const [p, q, r] = units as [number[], number[], number[]];
  const dot = (u: number[], v: number[]): number => u[0]! * v[0]! + u[1]! * v[1]! + u[2]! * v[2]!;
  if (Math.max(Math.abs(dot(p, q)), Math.abs(dot(p, r)), Math.abs(dot(q, r))) > 1e-4) return undefined;
  const normal = [p[1]! * q[2]! - p[2]! * q[1]!, p[2]! * q[0]! - p[0]! * q[2]!, p[0]! * q[1]! - p[1]! * q[0]!];
  const qfac = dot(normal, r) < 0 ? -1 : 1;
  // Of the rotation with columns p, q and the normal. The greatest of the four squares is divided by, so that none is near 0.
  const [m00, m11, m22] = [p[0]!, q[1]!, normal[2]!];
  const squares = [1 + m00 + m11 + m22, 1 + m00 - m11 - m22, 1 - m00 + m11 - m22, 1 - m00 - m11 + m22];
  const greatest = squares.indexOf(Math.max(...squares));
  const s = 2 * Math.sqrt(squares[greatest]!);
  const [ab, ac, ad] = [q[2]! - normal[1]!, normal[0]! - p[2]!, p[1]! - q[0]!];
  const [bc, bd, cd] = [q[0]! + p[1]!, normal[0]! + p[2]!, normal[1]! + q[2]!];
  const [a, b, c, d] = [
    [s / 4, ab / s, ac / s, ad / s],
    [ab / s, s / 4, bc / s, bd / s],
    [ac / s, bc / s, s / 4, cd / s],
    [ad / s, bd / s, cd / s, s / 4],
  ][greatest] as [number, number, number, number];
  const sign = a < 0 ? -1 : 1;
  return { qfac, quaternion: [b * sign, c * sign, d * sign] };
}

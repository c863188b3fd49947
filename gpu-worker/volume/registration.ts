import { type Grid, type Matrix4, transformPoint } from '#core/domain/geometry.ts';
import type { RegistrationGates } from '#core/domain/preparation-plan.ts';

/** How a series lies against BRAVO. */
export interface Registration {
  /** A point of BRAVO, LPS mm, to the same anatomy in the series. */
  readonly matrix: Matrix4;
  readonly rotationDegrees: number;
  /** How far the centre of the BRAVO volume moves, mm. */
  readonly translationMm: number;
  /** Normalized mutual information over the overlap, 64 bins, 1 to 2. */
  readonly nmi: number;
}

/** The registration failed to run to an end; the message is the engine's. */
export class RegistrationError extends Error {
  override readonly name = 'RegistrationError';
}

/** The size of a rigid motion of the space of `grid`. */
export function motionOf(matrix: Matrix4, grid: Grid): Pick<Registration, 'rotationDegrees' | 'translationMm'> {
  const cosine = (matrix[0]! + matrix[5]! + matrix[10]! - 1) / 2;
  const [columns, rows, slices] = grid.size;
  const centre = transformPoint(grid.indexToLps, [(columns - 1) / 2, (rows - 1) / 2, (slices - 1) / 2]);
  const moved = transformPoint(matrix, centre);
  return {
    rotationDegrees: (Math.acos(Math.min(1, Math.max(-1, cosine))) * 180) / Math.PI,
    translationMm: Math.hypot(moved[0] - centre[0], moved[1] - centre[1], moved[2] - centre[2]),
  };
}

/** False if a person should look: more motion than a patient makes between two series, or little shared information. */
export function registrationPlausible(
  { rotationDegrees, translationMm, nmi }: Pick<Registration, 'rotationDegrees' | 'translationMm' | 'nmi'>,
  gates: RegistrationGates,
): boolean {
  return rotationDegrees <= gates.maxRotationDegrees && translationMm <= gates.maxTranslationMm && nmi >= gates.minNmi;
}

import type { LoopResult } from './headless.ts';
import type { TimedStep } from './loop/step-clock.ts';

const row = (name: string, value: string): string => `  ${name.padEnd(34)} ${value}\n`;
const figure = (value: number, digits = 2): string => (Number.isFinite(value) ? value.toFixed(digits) : 'none');

/** What the loop did, for people. */
export function loopTable(
  { annotation, heldOut, request }: LoopResult,
  steps: readonly TimedStep[],
  wallS: number,
  missed: readonly string[],
): string {
  const lines = [
    '\nAnnotation\n',
    row('tasks accepted', String(annotation.tasks)),
    row('signed "no metastasis"', String(annotation.withoutMetastasis)),
    row('disputes / tasks adjudicated', `${annotation.disputes} / ${annotation.adjudicated}`),
    '\nHeld-out patients (goal)\n',
    row('voxel AUC (> 0.95)', figure(heldOut.voxelAuc, 4)),
    row('Dice (>= 0.5)', figure(heldOut.dice)),
    row('  a plain threshold on BRAVO', figure(heldOut.intensityDice)),
    row('lesion sensitivity (>= 0.8)', figure(heldOut.lesionSensitivity)),
    row('false positives a case (<= 5)', figure(heldOut.fpPerCase)),
    row('  of 10 mm3 and more', figure(heldOut.fpPerCase10mm3)),
    '\nThe clinician’s request\n',
    row('voxel AUC / Dice', `${figure(request.auc, 4)} / ${figure(request.dice)}`),
    row('lesions found', String(request.lesions)),
    row('SEG', request.segSopInstanceUid ?? 'none: no lesion was found'),
    '\nSeconds\n',
    ...steps.map(({ name, s }) => row(name, s.toFixed(1))),
    row('together', wallS.toFixed(1)),
  ];
  return `${lines.join('')}\n${missed.length === 0 ? 'Every goal was reached.\n' : `Not reached: ${missed.join('; ')}.\n`}`;
}

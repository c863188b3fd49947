import type { StudyFigures } from './measure.ts';

/** A figure of the bench against its goal. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal: number;
  readonly rule: 'AT_MOST' | 'AT_LEAST';
  readonly met: boolean;
}

/** What real heads and phantoms are held to; only the overlap of the brain differs. */
export const goals = {
  meanErrorMm: 0.3,
  maxErrorMm: 0.6,
  registrationS: 25,
  brainMaskS: 8,
  brainMaskDice: { phantoms: 0.95, cases: 0.92 },
} as const;

/** The worst and the mean of a set of studies against the goals. */
export function figuresOf(studies: readonly StudyFigures[], kind: 'phantoms' | 'cases'): Figure[] {
  const errors = studies.flatMap(({ registrations }) => registrations);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const of = (pick: (study: StudyFigures) => number): number[] => studies.map(pick);
  const dice = goals.brainMaskDice[kind];
  return [
    atMost(
      'registration error, mean over the brain',
      mean(errors.map(({ meanMm }) => meanMm)),
      'mm',
      goals.meanErrorMm,
    ),
    atMost(
      'registration error, mean, worst series',
      Math.max(...errors.map(({ meanMm }) => meanMm)),
      'mm',
      goals.meanErrorMm,
    ),
    atMost(
      'registration error, largest in any brain',
      Math.max(...errors.map(({ maxMm }) => maxMm)),
      'mm',
      goals.maxErrorMm,
    ),
    atMost(
      'registration of all series, slowest',
      Math.max(...of(({ registrationS }) => registrationS)),
      's',
      goals.registrationS,
    ),
    atLeast('brain mask, mean Dice', mean(of(({ brainMaskDice }) => brainMaskDice)), '', dice),
    atLeast('brain mask, lowest Dice', Math.min(...of(({ brainMaskDice }) => brainMaskDice)), '', dice),
    atMost('brain mask, slowest', Math.max(...of(({ brainMaskS }) => brainMaskS)), 's', goals.brainMaskS),
  ];
}

const atMost = (name: string, value: number, unit: string, goal: number): Figure => ({
  ...{ name, value, unit, goal, rule: 'AT_MOST' as const, met: value <= goal },
});
const atLeast = (name: string, value: number, unit: string, goal: number): Figure => ({
  ...{ name, value, unit, goal, rule: 'AT_LEAST' as const, met: value >= goal },
});

/** Lines of figure, ours, goal. */
export function figuresTable(title: string, figures: readonly Figure[]): string {
  const lines = figures.map(({ name, value, unit, goal, rule, met }) => {
    const digits = unit === 's' ? 1 : 3;
    const [ours, bound] = [`${value.toFixed(digits)} ${unit}`, `${rule === 'AT_MOST' ? '≤' : '≥'} ${goal} ${unit}`];
    return `${name.padEnd(44)}${ours.padEnd(12)}${bound.padEnd(12)}${met ? '' : 'missed'}`.trimEnd();
  });
  return `${[`${title.padEnd(44)}${'ours'.padEnd(12)}goal`, ...lines].join('\n')}\n`;
}

/** One study on one line. */
export function studyLine({
  name,
  registrations,
  registrationS,
  brainMaskDice,
  brainMaskS,
  restS,
}: StudyFigures): string {
  const errors = registrations.map(
    ({ sequence, meanMm, maxMm, nmi, plausible }) =>
      `${sequence} ${meanMm.toFixed(3)}/${maxMm.toFixed(3)} mm, NMI ${nmi.toFixed(3)}${plausible ? '' : ', to a person'}`,
  );
  const times = `registration ${registrationS.toFixed(1)} s, brain ${brainMaskS.toFixed(1)} s, rest ${restS.toFixed(1)} s`;
  return `${name}: ${errors.join('; ')}; brain Dice ${brainMaskDice.toFixed(4)}; ${times}\n`;
}

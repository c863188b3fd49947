import { type Figure, figureOf } from '../engine/figure.ts';
import { spreadOf } from '../engine/interleave.ts';
import type { Opening } from './opening.ts';
import type { Save } from './saving.ts';

/** What was measured with the study of one size. */
export interface StudyMeasures {
  readonly size: 'small' | 'full';
  readonly sizePixels: number;
  readonly slices: number;
  readonly ours: readonly Opening[];
  readonly peer: readonly Opening[];
  /** From the list of what there is to read, or of studies. */
  readonly oursListed: readonly Opening[];
  readonly peerListed: readonly Opening[];
  /** In a browser that has shown another study before. */
  readonly oursNext: readonly Opening[];
  readonly peerNext: readonly Opening[];
  readonly saves: readonly Save[];
}

type Pair = readonly [ours: readonly Opening[], peer: readonly Opening[]];

/** Within which ours is to show all four images of a small study, s. */
const smallGoalSeconds = 3;
/** Ours is to take no longer than plain OHIF. */
const besideGoal = 1;
const plain = 'plain OHIF on Orthanc';

/** Medians with the least and the most. */
export function viewerFigures(measures: StudyMeasures): Figure[] {
  const { size, sizePixels, slices, ours, peer, oursListed, peerListed, oursNext, peerNext, saves } = measures;
  const study = `4 x ${slices} x ${sizePixels}x${sizePixels}`;
  const beside = (
    [name, what]: readonly [string, string],
    unit: Figure['unit'],
    of: (opening: Opening) => number,
    goal: number | undefined,
    [mine, theirs]: Pair = [ours, peer],
  ): Figure => {
    const [own, other] = [spreadOf(mine.map(of)), spreadOf(theirs.map(of))];
    return figureOf({
      ...{ figure: `${size}-${name}`, title: `${study}: ${what}`, unit, goal, against: plain },
      ...{ ours: own.median, peer: other.median },
      note: unit === 'requests' ? '' : `${range(own)}; ${range(other)}`,
    });
  };
  const seconds = ({ allSeconds }: Opening): number => allSeconds;
  const alone = (
    [name, what]: readonly [string, string],
    unit: Figure['unit'],
    values: readonly number[],
    goal: number | undefined,
  ): Figure => {
    const own = spreadOf(values);
    return figureOf({
      ...{ figure: `${size}-${name}`, title: `${study}: ${what}`, unit, goal, against: '', peer: undefined },
      ...{ ours: own.median, note: range(own) },
    });
  };
  const [waits, waitsListed, waitsNext] = [ours.map(seconds), oursListed.map(seconds), oursNext.map(seconds)];
  return [
    beside(['first-image', 'first image painted'], 's', ({ firstSeconds }) => firstSeconds, besideGoal),
    beside(['all-images', 'all four painted'], 's', seconds, besideGoal),
    beside(['listed', 'all four painted, from the list of what there is to read'], 's', seconds, besideGoal, [
      oursListed,
      peerListed,
    ]),
    beside(['next', 'all four painted, in a browser that has shown another study'], 's', seconds, besideGoal, [
      oursNext,
      peerNext,
    ]),
    ...(size === 'small'
      ? [
          alone(
            ['wait-listed', 'all four painted, from the worklist, by the clock'],
            's',
            waitsListed,
            smallGoalSeconds,
          ),
          alone(['wait', 'the same, by the address of the viewer'], 's', waits, undefined),
          alone(['wait-next', 'the same, in a browser that has shown another study'], 's', waitsNext, smallGoalSeconds),
        ]
      : []),
    beside(['bytes', 'bytes until then'], 'MB', ({ bytes }) => bytes / 1e6, undefined),
    beside(['requests', 'requests until then'], 'requests', ({ requests }) => requests, undefined),
    alone(
      ['save', 'from Save until it was read back'],
      's',
      saves.map(({ seconds }) => seconds),
      undefined,
    ),
    alone(
      ['save-bytes', 'sent for a save'],
      'kB',
      saves.map(({ sentBytes }) => sentBytes / 1e3),
      undefined,
    ),
  ];
}

const range = ({ least, most }: { least: number; most: number }): string => `${least.toFixed(2)} to ${most.toFixed(2)}`;

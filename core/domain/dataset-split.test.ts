import assert from 'node:assert/strict';
import test from 'node:test';
import { type SplitPatient, type Subset, splitPatients } from './dataset-split.ts';
import { DomainError } from './errors.ts';
import { type LesionGroup, lesionGroups } from './lesion.ts';
import { SeededRandom } from './random.ts';

function cohort(counts: Partial<Record<LesionGroup, number>>): SplitPatient[] {
  return lesionGroups.flatMap((group) =>
    Array.from({ length: counts[group] ?? 0 }, (_, n) => ({ id: `${group}-${n}`, group })),
  );
}

const count = (sides: ReadonlyMap<string, Subset>, side: Subset, group = ''): number =>
  [...sides].filter(([id, own]) => own === side && id.startsWith(group)).length;

test("the paper's cohort gives the paper's split", () => {
  const patients = cohort({ ONE_TO_THREE: 64, FOUR_TO_TEN: 47, MORE_THAN_TEN: 45 });
  const sides = splitPatients({ patients, seed: 1, testPerGroup: 17, trainPerDevelopment: 20 });
  assert.deepEqual([count(sides, 'TRAIN'), count(sides, 'DEVELOPMENT'), count(sides, 'TEST')], [100, 5, 51]);
  for (const group of ['ONE_TO_THREE', 'FOUR_TO_TEN', 'MORE_THAN_TEN']) assert.equal(count(sides, 'TEST', group), 17);
});

test('small cohorts leave a patient with lesions to each side', () => {
  const split = (counts: Partial<Record<LesionGroup, number>>): number[] => {
    const sides = splitPatients({ patients: cohort(counts), seed: 3, testPerGroup: 17, trainPerDevelopment: 20 });
    return [count(sides, 'TRAIN'), count(sides, 'DEVELOPMENT'), count(sides, 'TEST')];
  };
  assert.deepEqual(split({ ONE_TO_THREE: 2 }), [1, 1, 0]);
  assert.deepEqual(split({ ONE_TO_THREE: 3 }), [1, 1, 1]);
  assert.deepEqual(split({ ONE_TO_THREE: 1, FOUR_TO_TEN: 1, MORE_THAN_TEN: 1 }), [1, 1, 1]);
  assert.deepEqual(split({ ONE_TO_THREE: 6, FOUR_TO_TEN: 4 }), [4, 1, 5]);
  assert.deepEqual(split({ ONE_TO_THREE: 2, NONE: 5 }), [4, 1, 2]);
  for (const counts of [{}, { NONE: 9 }, { NONE: 9, FOUR_TO_TEN: 1 }])
    assert.throws(
      () => split(counts),
      (error) => error instanceof DomainError && error.code === 'SPLIT_IMPOSSIBLE',
    );
});

test('a quota filled by permanent members draws nobody more', () => {
  const patients = cohort({ ONE_TO_THREE: 20 }).map(
    (patient, n): SplitPatient => (n < 6 ? { ...patient, subset: 'TEST' } : patient),
  );
  const sides = splitPatients({ patients, seed: 5, testPerGroup: 5, trainPerDevelopment: 20 });
  assert.equal(count(sides, 'TEST'), 6);
  assert.equal(count(splitPatients({ patients, seed: 5, testPerGroup: 8, trainPerDevelopment: 20 }), 'TEST'), 8);
});

test('a twice-given patient and senseless counts are refused', () => {
  const options = { patients: cohort({ ONE_TO_THREE: 4 }), seed: 1, testPerGroup: 1, trainPerDevelopment: 2 };
  assert.throws(() => splitPatients({ ...options, patients: [...options.patients, options.patients[0]!] }), RangeError);
  assert.throws(() => splitPatients({ ...options, testPerGroup: 1.5 }), RangeError);
  assert.throws(() => splitPatients({ ...options, trainPerDevelopment: 0 }), RangeError);
});

test('over growing cohorts membership holds, in any order of patients', () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  const random = new SeededRandom(seed);
  for (let round = 0; round < 200; round++) {
    const where = `seed ${seed}, round ${round}`;
    const [testPerGroup, trainPerDevelopment] = [random.int(6), 1 + random.int(20)];
    let patients: SplitPatient[] = [];
    for (let step = 0; step < 4; step++) {
      const added = Array.from({ length: 3 + random.int(12) }, (_, n) => ({
        id: `${step}-${n}`,
        group: lesionGroups[random.int(4)]!,
      }));
      patients = [...patients, ...added];
      const options = { seed: random.int(1000), testPerGroup, trainPerDevelopment };
      const free = patients.filter(({ group, subset }) => group !== 'NONE' && subset !== 'TEST');
      if (free.length < 2) {
        assert.throws(() => splitPatients({ ...options, patients }), DomainError, where);
        break;
      }
      const sides = splitPatients({ ...options, patients });
      const again = splitPatients({ ...options, patients: random.shuffle([...patients]) });
      assert.deepEqual(new Map([...sides].sort()), new Map([...again].sort()), where);
      checkSides(patients, sides, testPerGroup, where);
      // A version learns from this split, so that every side is remembered.
      patients = patients.map((patient) => ({ ...patient, subset: sides.get(patient.id)! }));
    }
  }
});

function checkSides(
  patients: readonly SplitPatient[],
  sides: ReadonlyMap<string, Subset>,
  testPerGroup: number,
  where: string,
): void {
  assert.equal(sides.size, patients.length, where);
  const inside = (side: Subset): SplitPatient[] => patients.filter(({ id }) => sides.get(id) === side);
  for (const side of ['TRAIN', 'DEVELOPMENT'] as const)
    assert.ok(
      inside(side).some(({ group }) => group !== 'NONE'),
      `${where}: ${side} has lesions`,
    );
  for (const { id, subset } of patients) {
    if (subset === 'TEST') assert.equal(sides.get(id), 'TEST', where);
    if (subset === 'TRAIN' || subset === 'DEVELOPMENT') assert.notEqual(sides.get(id), 'TEST', where);
  }
  for (const group of lesionGroups) {
    const permanent = patients.filter((patient) => patient.group === group && patient.subset === 'TEST').length;
    const own = inside('TEST').filter((patient) => patient.group === group).length;
    assert.ok(own <= Math.max(testPerGroup, permanent), `${where}: ${own} of ${group} in TEST`);
  }
}

test('a patient whose label began as a draft is never newly drawn to TEST, and stays there if drawn before', () => {
  const random = new SeededRandom(11);
  for (let seed = 0; seed < 60; seed++) {
    const patients = cohort({ NONE: 4, ONE_TO_THREE: 12, FOUR_TO_TEN: 8 }).map((patient, n) => ({
      ...patient,
      assisted: random.next() < 0.6,
      ...(n === 5 && { assisted: true, subset: 'TEST' as const }),
    }));
    const sides = splitPatients({ patients, seed, testPerGroup: 5, trainPerDevelopment: 5 });
    for (const { id, assisted, subset } of patients)
      assert.ok(subset === 'TEST' ? sides.get(id) === 'TEST' : !assisted || sides.get(id) !== 'TEST', `seed ${seed}`);
    assert.ok(count(sides, 'TEST') > 1, `seed ${seed}`);
  }
});

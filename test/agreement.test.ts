/** Figures of how well readers agree, from signed reads to rows. */
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import type { LabelVolume } from '#core/domain/geometry.ts';
import type { Caller } from '../api/context.ts';
import { globalId } from '../api/graphql/global-id.ts';
import { type Desk, openDesk } from './harness/desk.ts';
import { boxes } from './harness/reading.ts';
import type { ReadingRoom } from './harness/reading-room.ts';
import { type Data, startServices, type TestServices } from './harness/services.ts';

let t: TestServices;
let desk: Desk;
let room: ReadingRoom;
let protocolId: string;
before(async () => {
  t = await startServices();
  desk = await openDesk(t, 'Consortium');
  room = desk.room;
  const agreement = { minDice: 0.3, maxHd95Mm: 100, smallLesionMm: 0 };
  protocolId = await desk.publish({ name: 'Loose', readerCount: 2, agreement });
});
after(() => t?.stop());

/** A study that Anna and Boris read, accepted without a dispute. @returns the task */
async function accepted(annas: LabelVolume, boriss: LabelVolume): Promise<string> {
  const [one] = await desk.createTasks(protocolId, [0]);
  const { taskId, study } = one!;
  const { anna, boris } = room.people;
  for (const [reader, label] of [
    [anna, annas],
    [boris, boriss],
  ] as const)
    await desk.submit(reader, study, await room.begin(taskId, reader), label);
  await desk.work('COMPARE');
  assert.equal((await desk.look(taskId)).state, 'ACCEPTED');
  return taskId;
}

const fields = `label taskCount readCount lesionCount sensitivity { mean count } falsePositivesPerCase { mean }
  lesionDice { mean } lesionHd95Mm { mean } kappa fleissKappa volumeBiasMm3 volumeLimitsMm3 editedFraction { mean }
  secondsSpent { mean } dices volumeMeansMm3 volumeDifferencesMm3`;
const ask = async (caller: Caller, by: string, filter: object = {}): Promise<Data[]> => {
  const text = `query ($by: AgreementRow!, $filter: AgreementFilter) { agreement(by: $by, filter: $filter) { rows { ${fields} } } }`;
  const { data, errors } = await t.ask(caller, text, { by, filter });
  assert.deepEqual(errors, []);
  return data.agreement.rows;
};
const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} instead of ${expected}`);

test('figures of accepted tasks by reader, pair, site and month; readers get their own', async () => {
  const { coordinator, anna, boris, clara, admin } = room.people;
  assert.deepEqual(await ask(coordinator, 'READER'), []);
  // Cubes of 27 and 8 voxels of 2 mm³ in one corner: Dice 16 / 35. The accepted outline is the union, Anna's.
  const taskId = await accepted(boxes([1, 1, 1, 3]), boxes([1, 1, 1, 2]));
  await accepted(boxes([1, 1, 1, 3], [8, 8, 2, 2]), boxes([1, 1, 1, 3], [8, 8, 2, 2]));

  const [annas, boriss, ...others] = await ask(coordinator, 'READER');
  assert.deepEqual([annas.label, boriss.label, others], ['Anna', 'Boris', []]);
  assert.deepEqual(
    [annas.taskCount, annas.lesionCount, annas.sensitivity, annas.falsePositivesPerCase.mean, annas.dices],
    [2, 3, { mean: 1, count: 2 }, 0, [1, 1, 1]],
  );
  near(boriss.lesionDice.mean, (16 / 35 + 1) / 2);
  assert.deepEqual(boriss.volumeDifferencesMm3, [16 - 54, 0, 0]);
  near(boriss.volumeBiasMm3, (16 - 54) / 3);
  // Slices: Anna's reach 1 to 3, Boris' 1 to 2 of 6; in the second study both 1 to 3. Against the truth, Anna's.
  near(boriss.kappa, (11 / 12 - (5 / 12) * (6 / 12) - (7 / 12) * (6 / 12)) / (1 - 0.5));
  assert.equal(annas.kappa, 1);

  const pairs = await ask(coordinator, 'PAIR');
  assert.deepEqual(
    pairs.map(({ label }: Data) => label),
    ['Anna against Boris', 'Boris against Anna'],
  );
  near(pairs[0].volumeBiasMm3, -pairs[1].volumeBiasMm3);
  const [site] = await ask(coordinator, 'SITE');
  assert.deepEqual([site.label, site.readCount, site.taskCount], ['Consortium 1', 4, 2]);
  // Scott's pi of the two, as Fleiss' is for two: 11 of 12 slices alike, 11 of 24 votes for present.
  near(site.fleissKappa, (11 / 12 - (11 / 24) ** 2 - (13 / 24) ** 2) / (1 - (11 / 24) ** 2 - (13 / 24) ** 2));
  const [month] = await ask(coordinator, 'MONTH');
  assert.match(month.label, /^\d{4}-\d\d$/);
  assert.deepEqual(await ask(coordinator, 'ARM'), [], 'nobody started from a draft');

  assert.deepEqual(
    (await ask(boris, 'READER')).map(({ label }: Data) => label),
    ['Boris'],
  );
  assert.deepEqual(
    (await ask(boris, 'PAIR')).map(({ label }: Data) => label),
    ['Boris against another reader'],
  );
  assert.equal((await ask(anna, 'SITE'))[0].readCount, 2);
  for (const uninvolved of [clara, admin]) assert.deepEqual(await ask(uninvolved, 'SITE'), []);

  const text = `query ($id: ID!) { node(id: $id) { ... on Task { figures { label } } } }`;
  const labels = async (caller: Caller): Promise<string[]> =>
    (await t.ask(caller, text, { id: taskId })).data.node.figures.map(({ label }: Data) => label);
  assert.deepEqual(await labels(coordinator), ['Anna', 'Boris', 'Anna against Boris', 'Boris against Anna']);
  assert.deepEqual(await labels(anna), ['Anna', 'Anna against another reader']);
});

test('rows are those of the reads that the filter lets through', async () => {
  const { coordinator, anna } = room.people;
  const [first, second] = room.tenant.siteIds;
  const count = async (filter: object): Promise<number> =>
    (await ask(coordinator, 'SITE', filter)).reduce((sum: number, row: Data) => sum + row.readCount, 0);
  const all = await count({});
  assert.ok(all >= 4);
  assert.equal(await count({ siteIds: [globalId('Site', first)] }), all);
  assert.equal(await count({ siteIds: [globalId('Site', second)] }), 0);
  assert.equal(await count({ readerIds: [globalId('Member', anna.memberId)] }), all / 2);
  assert.equal(await count({ protocolId }), all);
  assert.equal(await count({ protocolId: room.protocolId }), 0);
  const now = Date.now();
  const at = (ms: number): string => new Date(now + ms).toISOString();
  assert.equal(await count({ acceptedFrom: at(-600_000), acceptedBefore: at(600_000) }), all);
  assert.equal(await count({ acceptedFrom: at(600_000) }), 0);
  assert.equal(await count({ acceptedBefore: at(-600_000) }), 0);
  // Cubes of 2 voxels are shorter than 4 mm: 1.41 + 1; of 3: 2.83 + 1.
  const lesions = async (filter: object): Promise<number> => (await ask(coordinator, 'SITE', filter))[0].lesionCount;
  const everyLesion = await lesions({});
  const small = await lesions({ maxDiameterMm: 3 });
  assert.ok(small > 0 && small < everyLesion);
  assert.equal((await lesions({ minDiameterMm: 3 })) + small, everyLesion);
  for (const wrong of [
    { minDiameterMm: -1 },
    { minDiameterMm: 5, maxDiameterMm: 5 },
    { siteIds: Array(101).fill(globalId('Site', first)) },
  ]) {
    const { errors } = await t.ask(
      coordinator,
      'query ($f: AgreementFilter) { agreement(by: SITE, filter: $f) { rows { label } } }',
      { f: wrong },
    );
    assert.match(errors[0]!, /^BAD_USER_INPUT/);
  }
});

test('a study without a metastasis counts as a case without lesions', async () => {
  await accepted(boxes(), boxes());
  const [row] = await ask(room.people.coordinator, 'READER', {
    readerIds: [globalId('Member', room.people.anna.memberId)],
  });
  assert.deepEqual([row.taskCount, row.sensitivity.count], [3, 2]);
});

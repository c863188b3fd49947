import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import type { DomainError } from '#core/domain/errors.ts';
import { saveRevision } from '../api/annotation/save-revision.ts';
import type { Context } from '../api/context.ts';
import { globalId, localId } from '../api/graphql/global-id.ts';
import { overlap } from './harness/overlap.ts';
import { boxes, counts, done, grid, insertStudy, mutate, refused, save, segOf, stageSeg } from './harness/reading.ts';
import { openReadingRoom, type ReadingRoom } from './harness/reading-room.ts';

let room: ReadingRoom;
before(async () => {
  room = await openReadingRoom();
});
after(() => room?.t.stop());

test('no metastasis is saved without a SEG and signed', async () => {
  const { t, openTask, begin, people } = room;
  const { anna } = people;
  const { study, taskId } = await openTask();
  const readId = await begin(taskId, anna);
  assert.equal(await refused(t, anna, 'readSubmit', { readId, noMetastasis: true }), 'INVALID', 'nothing saved');
  const input = { readId, segments: [], autosaved: true, secondsSpent: 40 };
  const fields = 'revision { id autosaved voxelCount segSopInstanceUid lesions { id } read { secondsSpent } }';
  const { revision } = await done(t, anna, 'revisionSave', input, fields);
  assert.deepEqual(
    { ...revision, id: '' },
    { id: '', autosaved: true, voxelCount: 0, segSopInstanceUid: null, lesions: [], read: { secondsSpent: 40 } },
  );
  assert.equal((await done(t, anna, 'revisionSave', input, fields)).revision.id, revision.id, 'a repeat');
  const drawn = await save(t, anna, study, readId, boxes([1, 1, 1, 2]), revision.id);
  const { revision: erased } = await done(t, anna, 'revisionSave', { ...input, parentId: drawn.id }, fields);
  assert.equal(await refused(t, anna, 'readSubmit', { readId, revisionId: erased.id }), 'INVALID', 'not said so');
  const submit = { readId, revisionId: erased.id, noMetastasis: true };
  const { read } = await done(t, anna, 'readSubmit', submit, 'read { signature { meaning } }');
  assert.equal(read.signature.meaning, 'I see no metastasis in this study.');
  assert.equal(await refused(t, anna, 'readSubmit', submit), 'WRONG_STATE');
});

test('a coarse outline is saved as such, revision by revision', async () => {
  const { t, openTask, begin, people } = room;
  const { anna } = people;
  const { study, taskId } = await openTask();
  const readId = await begin(taskId, anna);
  const label = boxes([1, 1, 1, 2], [6, 6, 1, 3]);
  const saved = async (coarse: readonly number[], parentId: string | null) => {
    const segments = counts(label).map((segment) => ({ ...segment, coarse: coarse.includes(segment.number) }));
    const input = { readId, parentId, segSopInstanceUid: await stageSeg(t, anna, study, label), segments };
    return (await done(t, anna, 'revisionSave', input, 'revision { id lesions { number coarse } }')).revision;
  };
  const first = await saved([2], null);
  const second = await saved([], first.id);
  const flags = (revision: { lesions: { coarse: boolean }[] }): boolean[] =>
    revision.lesions.map(({ coarse }) => coarse);
  assert.deepEqual(
    [flags(first), flags(second)],
    [
      [false, true],
      [false, false],
    ],
  );
  const left = await save(t, anna, study, readId, label, second.id);
  const { data } = await t.ask(anna, 'query ($id: ID!) { node(id: $id) { ... on Revision { lesions { coarse } } } }', {
    id: left.id,
  });
  assert.deepEqual(flags(data.node), [false, false], 'not said');

  // The same SEG once more from the same parent is a repeat only with the same flags.
  const segments = counts(label).map((segment) => ({ ...segment, coarse: false }));
  const segSopInstanceUid = await stageSeg(t, anna, study, label);
  const input = { readId, parentId: left.id, segSopInstanceUid, segments };
  const fields = 'revision { id lesions { coarse } }';
  const { revision } = await done(t, anna, 'revisionSave', input, fields);
  const { revision: again } = await done(t, anna, 'revisionSave', input, fields);
  assert.equal(again.id, revision.id);
  const flagged = { ...input, segments: segments.map((segment) => ({ ...segment, coarse: true })) };
  assert.equal(await refused(t, anna, 'revisionSave', flagged), 'STALE', 'a flag must not be lost in silence');
});

test('a label is saved only as it was counted, on its grid and in its study', async () => {
  const { t, tenant, openTask, begin, people } = room;
  const { anna, boris } = people;
  const { study, taskId } = await openTask();
  const readId = await begin(taskId, anna);
  const label = boxes([1, 1, 1, 2], [6, 6, 1, 3]);
  const attempt = async (content: Parameters<typeof stageSeg>[3], segments = counts(label)) =>
    mutate(
      t,
      anna,
      'revisionSave',
      { readId, segSopInstanceUid: await stageSeg(t, anna, study, content), segments },
      '',
    );
  const wrongCount = (
    await attempt(label, [
      { number: 1, voxelCount: 8 },
      { number: 2, voxelCount: 26 },
    ])
  ).userErrors[0];
  assert.deepEqual([wrongCount.code, wrongCount.path], ['COUNT_MISMATCH', ['segments', '1', 'voxelCount']]);
  assert.match(wrongCount.message, /Segment 2 has 27 voxels in the SEG, the client counted 26/);
  assert.equal(
    (await attempt(label, [{ number: 1, voxelCount: 8 }])).userErrors[0].code,
    'COUNT_MISMATCH',
    'not counted',
  );
  assert.equal((await attempt(label, [])).userErrors[0].code, 'INVALID', 'a SEG for no metastasis');
  const shifted = { ...label, grid: { ...grid, indexToLps: grid.indexToLps.map((x, n) => (n === 3 ? x + 0.5 : x)) } };
  assert.equal((await attempt(shifted)).userErrors[0].code, 'GRID_MISMATCH');
  assert.equal((await attempt(new Uint8Array(200))).userErrors[0].code, 'LABEL_UNREADABLE');
  const foreign = await insertStudy(t, tenant.tenantId, tenant.siteIds[0]);
  assert.equal((await attempt(segOf(label, foreign.studyInstanceUid, '2.25.1'))).userErrors[0].code, 'INVALID');
  const boriss = await stageSeg(t, boris, study, label);
  const stolen = { readId, segSopInstanceUid: boriss, segments: counts(label) };
  assert.equal(await refused(t, anna, 'revisionSave', stolen), 'NOT_FOUND', 'another’s SEG');
  const { data } = await t.ask(
    anna,
    'query ($id: ID!) { node(id: $id) { ... on Read { head { id } revisions { edges { node { id } } } } } }',
    { id: readId },
  );
  assert.deepEqual(data.node, { head: null, revisions: { edges: [] } }, 'nothing was saved');
});

test('a save from a stale parent is refused with the head; a repeat of one gives the same revision', async () => {
  const { t, openTask, begin, people } = room;
  const { anna } = people;
  const { study, taskId } = await openTask();
  const readId = await begin(taskId, anna);
  const label = boxes([1, 1, 1, 2]);
  const segments = counts(label);
  const segSopInstanceUid = await stageSeg(t, anna, study, label);
  const input = { readId, segSopInstanceUid, segments };
  const first = (await done(t, anna, 'revisionSave', input, 'revision { id }')).revision.id;
  assert.equal((await done(t, anna, 'revisionSave', input, 'revision { id }')).revision.id, first);
  const other = boxes([1, 1, 1, 3]);
  const stale = { readId, segSopInstanceUid: await stageSeg(t, anna, study, other), segments: counts(other) };
  const { userErrors } = await mutate(t, anna, 'revisionSave', stale, '');
  assert.deepEqual([userErrors[0].code, userErrors[0].current], ['STALE', { __typename: 'Revision', id: first }]);
  // The same UID with other bytes is no repeat: its label would be lost.
  await stageSeg(t, anna, study, other, segSopInstanceUid);
  assert.equal(await refused(t, anna, 'revisionSave', { ...input, segments: counts(other) }), 'STALE');
  const requests = [boxes([2, 2, 2, 2]), boxes([3, 3, 2, 2])].map(async (content) => {
    const input = {
      readId: localId('Read', readId, []),
      parentId: localId('Revision', first, []),
      segSopInstanceUid: await stageSeg(t, anna, study, content),
      segments: segments.map((segment) => ({ ...segment, coarse: false })),
      resample: false,
      autosaved: false,
      secondsSpent: 0,
    };
    return { caller: anna, body: (context: Context) => saveRevision(context, input) };
  });
  const [sooner, later] = await Promise.all(requests);
  const error = await overlap(t.services, sooner!, later!);
  assert.equal((error as DomainError).code, 'STALE', 'the second of two at once');
  const head = globalId((error as DomainError).current!.type as 'Revision', (error as DomainError).current!.id);
  const third = await save(t, anna, study, readId, label, head);
  await done(t, anna, 'readSubmit', { readId, revisionId: third.id }, 'read { id }');
  const after = { readId, parentId: third.id, segments: [] };
  assert.equal(await refused(t, anna, 'revisionSave', after), 'WRONG_STATE');
});

test('a label that the store loses is not acknowledged, and the same call succeeds once the store is sound', async () => {
  const { t, people, openTask, begin } = room;
  const { anna } = people;
  const { study, taskId } = await openTask();
  const readId = await begin(taskId, anna);
  const label = boxes([2, 3, 1, 4]);
  const input = { readId, segSopInstanceUid: await stageSeg(t, anna, study, label), segments: counts(label) };
  const { objects } = t.services;
  const { put } = objects;
  objects.put = async (key, ...rest) => {
    const result = await put(key, ...rest);
    await objects.delete(key);
    return result;
  };
  const text = 'mutation M($input: RevisionSaveInput!) { revisionSave(input: $input) { revision { id } } }';
  const { data, errors } = await t.ask(anna, text, { input });
  objects.put = put;
  assert.deepEqual([data, errors.length], [null, 1]);
  const { revision } = await done(t, anna, 'revisionSave', input, 'revision { voxelCount parent { id } }');
  assert.deepEqual(revision, { voxelCount: 64, parent: null });
});

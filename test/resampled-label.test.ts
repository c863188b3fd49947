/** Labels that are sent on another grid than BRAVO's. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test, { after, before } from 'node:test';
import { readSeg } from '#core/dicom/read-seg.ts';
import { randomUid } from '#core/dicom/uid.ts';
import type { LabelVolume } from '#core/domain/geometry.ts';
import { readBravoSource } from '#core/reading/source-store.ts';
import { objectKey } from '#core/storage/keys.ts';
import { type Desk, type DeskTask, openDesk } from './harness/desk.ts';
import { codes, mutate } from './harness/mutate.ts';
import { boxes, counts, grid, halved, segOf, stageSeg } from './harness/reading.ts';
import { type Data, startServices, type TestServices } from './harness/services.ts';

let t: TestServices;
let desk: Desk;
before(async () => {
  t = await startServices();
  desk = await openDesk(t, 'Consortium');
});
after(() => t?.stop());

async function begin(): Promise<DeskTask & { readId: string; frameOfReferenceUid: string }> {
  const { anna } = desk.room.people;
  const protocolId = await desk.publish({ name: `One reader ${randomUid()}`, readerCount: 1 });
  const [one] = await desk.createTasks(protocolId, [0]);
  const { frameOfReferenceUid } = await desk.inTenant((db) => readBravoSource(db, one!.study.id));
  assert.ok(frameOfReferenceUid);
  return { ...one!, readId: await desk.room.begin(one!.taskId, anna), frameOfReferenceUid };
}

const fields = `revision { id voxelCount segSopInstanceUid lesions { number voxelCount volumeMm3 }
  resampling { rule sentSopInstanceUid size spacingMm
    segments { sentNumber number voxelCountBefore volumeMm3Before voxelCountAfter volumeMm3After } } }`;

async function save(
  one: Awaited<ReturnType<typeof begin>>,
  label: LabelVolume,
  more: object = {},
  frameOfReferenceUid = one.frameOfReferenceUid,
) {
  const { anna } = desk.room.people;
  const uid = randomUid();
  const bytes = segOf(label, one.study.studyInstanceUid, uid, frameOfReferenceUid);
  await stageSeg(t, anna, one.study, bytes, uid);
  const input = { readId: one.readId, segSopInstanceUid: uid, segments: counts(label), ...more };
  return { sent: { uid, bytes }, input, answer: (await mutate(t, anna, 'revisionSave', input, fields)) as Data };
}

test('a finer label of the same frame of reference is brought onto BRAVO where that is asked for, and it is told how', async () => {
  const one = await begin();
  const drawn = boxes([1, 1, 1, 2], [8, 6, 2, 3]);
  const { sent, input, answer } = await save(one, halved(drawn), { resample: true });
  assert.deepEqual(answer.userErrors, []);
  const { revision } = answer;
  assert.deepEqual(
    revision.lesions.map(({ voxelCount }: Data) => voxelCount),
    [8, 27],
  );
  assert.deepEqual(revision.resampling, {
    ...{ rule: 'PARTIAL_VOLUME', sentSopInstanceUid: sent.uid, size: [32, 24, 8], spacingMm: [0.5, 0.5, 1] },
    segments: [
      { sentNumber: 1, number: 1, voxelCountBefore: 64, volumeMm3Before: 16, voxelCountAfter: 8, volumeMm3After: 16 },
      { sentNumber: 2, number: 2, voxelCountBefore: 216, volumeMm3Before: 54, voxelCountAfter: 27, volumeMm3After: 54 },
    ],
  });
  // The revision's own SEG lies on BRAVO, voxel by voxel as it was drawn; the one that was sent stays, by its hash.
  const row = await desk.inTenant((db) =>
    db
      .selectFrom('revision')
      .selectAll()
      .where('seg_sop_instance_uid', '=', revision.segSopInstanceUid)
      .executeTakeFirstOrThrow(),
  );
  const { tenantId } = desk.room.tenant;
  const stored = await t.services.objects.getVerified(objectKey(tenantId, row.seg_sha256!), row.seg_sha256!);
  const read = readSeg(stored, grid);
  assert.deepEqual(read.label.data, drawn.data);
  assert.deepEqual(
    [read.sopInstanceUid, read.segments.map(({ label }) => label)],
    [revision.segSopInstanceUid, ['Metastasis 1', 'Metastasis 2']],
  );
  const { sha256 } = row.resampling as { sha256: string };
  assert.equal(sha256, createHash('sha256').update(sent.bytes).digest('hex'));
  assert.deepEqual(Buffer.from(await t.services.objects.get(objectKey(tenantId, sha256))), Buffer.from(sent.bytes));
  // A repeat, whose first answer may have been lost.
  const { anna } = desk.room.people;
  assert.deepEqual(await mutate(t, anna, 'revisionSave', input, fields), answer);
  const event = await desk.inTenant((db) =>
    db.selectFrom('audit_event').select('changes').where('object_id', '=', row.id).executeTakeFirstOrThrow(),
  );
  assert.equal((event.changes as { resampled: string }).resampled, 'PARTIAL_VOLUME');
});

test('each segment stays the lesion of its number', async () => {
  const one = await begin();
  const label = halved(boxes([1, 1, 1, 2], [8, 6, 2, 3]));
  const gap = { ...label, data: label.data.map((value) => (value === 1 ? 2 : value === 2 ? 1 : 0)) };
  const { answer } = await save(one, gap, { resample: true });
  assert.deepEqual(
    answer.revision.resampling.segments.map(({ sentNumber, number, voxelCountAfter }: Data) => [
      sentNumber,
      number,
      voxelCountAfter,
    ]),
    [
      [1, 1, 27],
      [2, 2, 8],
    ],
  );
});

test('nobody’s label is resampled without being asked for, and one on BRAVO never', async () => {
  const one = await begin();
  const { answer } = await save(one, halved(boxes([1, 1, 1, 2])));
  assert.deepEqual(codes(answer), ['GRID_MISMATCH']);
  assert.match(answer.userErrors[0].message, /32 columns and 24 rows/);
  const plain = await save(one, boxes([1, 1, 1, 2]), { resample: true });
  assert.deepEqual([plain.answer.revision.resampling, plain.answer.revision.segSopInstanceUid], [null, plain.sent.uid]);
});

test('another frame of reference, what lies outside and what would be lost are refused with the reason', async () => {
  const one = await begin();
  const whole = halved(boxes([1, 1, 1, 2]));
  const foreign = await save(one, whole, { resample: true }, randomUid());
  assert.deepEqual(codes(foreign.answer), ['GRID_MISMATCH']);
  assert.match(foreign.answer.userErrors[0].message, /32 columns.*frame of reference is another/);
  const moved = {
    size: whole.grid.size,
    indexToLps: whole.grid.indexToLps.map((value, n) => (n === 3 ? value - 2 : value)),
  };
  const outside = await save(one, { ...whole, grid: moved }, { resample: true });
  assert.match(outside.answer.userErrors[0].message, /of the 64 voxels of segment 1 .* lie outside BRAVO/);
  const speck = { ...whole, data: whole.data.map((value, n) => value || (n === 32 * 24 * 6 + 20 * 32 + 20 ? 2 : 0)) };
  const lost = await save(one, speck, { resample: true });
  assert.match(lost.answer.userErrors[0].message, /Nothing would be left of segment 2/);
  const miscounted = await save(one, whole, { resample: true, segments: [{ number: 1, voxelCount: 8 }] });
  assert.deepEqual(codes(miscounted.answer), ['COUNT_MISMATCH']);
});

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import type { ManifestCase } from '#core/domain/dataset-manifest.ts';
import type { TenantId } from '#core/domain/ids.ts';
import { paperPlan } from '#core/domain/plan.ts';
import { encodeLabel } from '#core/label/label-file.ts';
import { openFileStore } from '#core/storage/file-store.ts';
import { loadLabelledStudy, networkInput } from './dataset-files.ts';
import { decodePrepared, encodePrepared } from './prepared-file.ts';
import { storeObject } from './store-object.ts';

const plan = { ...paperPlan, sizePixels: 48 };
const grid = { size: [48, 48, 2], indexToLps: [5, 0, 0, 0, 0, 5, 0, 0, 0, 0, 5, 0, 0, 0, 0, 1] } as const;
const count = 48 * 48 * 2;
const channel = { grid, data: new Uint8Array(count).fill(9) };
const planHash = 'a'.repeat(64);
const bytes = encodePrepared({
  ...{ grid, planHash, brainMask: { grid, data: new Uint8Array(count).fill(1) } },
  channels: { T1_PRE: channel, T1_POST: channel, BRAVO: channel, FLAIR: channel },
});
const refusal = {
  code: 'BAD_INPUT',
  message: /^Study s is prepared by the plan aaaaaaaaaaaa, the network takes bbbbbb/,
};
const otherHash = 'b'.repeat(64);

test('a prepared file says by which plan it was made, and a network takes no other', () => {
  const prepared = decodePrepared(bytes);
  assert.equal(prepared.planHash, planHash);
  assert.equal(networkInput(prepared, { plan, preparationPlanHash: planHash }, 's').sequences.length, 4);
  assert.throws(() => networkInput(prepared, { plan, preparationPlanHash: otherHash }, 's'), refusal);
});

test('a study of a dataset is held to the plan of the manifest', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'metloop-prepared-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const [objects, tenantId] = [await openFileStore(folder), 'a0000000-0000-4000-8000-000000000000' as TenantId];
  const label = { grid, data: new Uint16Array(count) };
  const one = {
    studyId: 's',
    preparedSha256: await storeObject(objects, tenantId, bytes),
    labelSha256: await storeObject(objects, tenantId, encodeLabel(label)),
  } as ManifestCase;
  const load = (preparationPlanHash: string) =>
    loadLabelledStudy({ objects, tenantId }, one, { plan, preparationPlanHash });
  assert.deepEqual((await load(planHash)).label, label);
  await assert.rejects(load(otherHash), refusal);
});

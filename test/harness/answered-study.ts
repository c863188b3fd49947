import { serviceScope } from '#core/db/database.ts';
import type { Grid } from '#core/domain/geometry.ts';
import { type MemberId, newId, type SegmentationId, type StudyId } from '#core/domain/ids.ts';
import { readBravoSource } from '#core/reading/source-store.ts';
import { putContent } from '#core/storage/content.ts';
import { generatePhantom, type Phantom } from '../../demo/phantom/phantom.ts';
import { writePhantomStudy } from '../../demo/phantom/study.ts';
import { segment } from '../../gpu-worker/postprocess/segment.ts';
import { type ResultFile, resultFiles } from '../../gpu-worker/stages/segment-results.ts';
import { type StoredResult, writeAnswer } from '../../gpu-worker/stages/segment-store.ts';
import { type Intake, startIntake } from './intake.ts';
import { LearningRows } from './learning.ts';

/** Lesions as if a version had found them. */
const threshold = 0.5;

/** A study that was sent, prepared unless it was to be quick, and answered; what its API says can be followed. */
export interface AnsweredStudy {
  readonly intake: Intake;
  readonly phantom: Phantom;
  readonly files: readonly Uint8Array[];
  /** UID as stored. */
  readonly uid: string;
  /** SEG, map, measurements and contours. */
  readonly results: readonly ResultFile[];
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

const sizePixels = 48;

/** @param prepare False leaves out the preparation and the derived series that it makes, which take most of the time. */
export async function openAnsweredStudy(seed: number, prepare = true): Promise<AnsweredStudy> {
  const intake = await startIntake(sizePixels, { followable: true });
  const phantom = generatePhantom({ seed, size: sizePixels, lesionCount: 3 });
  const files: Uint8Array[] = [];
  for await (const { bytes } of writePhantomStudy(phantom)) files.push(bytes);
  const { status, uids } = await intake.store(files);
  const uid = uids[0];
  if (status !== 200 || uid === undefined) throw new Error(`the study was answered with ${status}`);
  if (prepare) {
    const { preparation } = await intake.prepare(uid);
    if (preparation.state !== 'READY') throw new Error(`the preparation is ${JSON.stringify(preparation)}`);
  }
  const results = await answer(intake, uid, phantom);
  const get: AnsweredStudy['get'] = (path, headers = {}) =>
    fetch(`${intake.api.address}/dicomweb${path}`, {
      headers: { authorization: `Bearer ${intake.token}`, ...headers },
    });
  return { intake, phantom, files, uid, results, get };
}

/** What a worker does at the end of a segmentation, with the phantom's truth in place of a network's answer. */
async function answer({ api, tenantId }: Intake, uid: string, phantom: Phantom): Promise<ResultFile[]> {
  const { database, objects } = api.services;
  const rows = new LearningRows(database, tenantId);
  const found = await database.inTenant(serviceScope(tenantId), async (db) => {
    const preparation = await db
      .selectFrom('preparation as p')
      .innerJoin('study as s', 's.id', 'p.study_id')
      .select(['p.id', 'p.study_id', 'p.bravo_grid'])
      .where('s.study_instance_uid', '=', uid)
      .executeTakeFirstOrThrow();
    const { id } = await db
      .selectFrom('member')
      .select('id')
      .where('name', '=', 'COORDINATOR')
      .executeTakeFirstOrThrow();
    return {
      preparation,
      memberId: id as MemberId,
      source: await readBravoSource(db, preparation.study_id as StudyId),
    };
  });
  const { preparation, memberId, source } = found;
  const { labels, brainMask } = phantom.truth;
  // BRAVO as it was read back; as it was made where nothing has read it.
  const grid = (preparation.bravo_grid as Grid | null) ?? labels.grid;
  const map = { grid, data: Float32Array.from(labels.data, (value, n) => (value > 0 ? 0.97 : (n % 7) / 100)) };
  const segmented = segment(map, { grid, data: brainMask.data }, { threshold });
  const id = newId<SegmentationId>();
  const segmentForm = 'EACH_LESION' as const;
  const files = resultFiles({ id, versionNumber: 1, threshold, segmentForm, source, map, found: segmented });
  const model_version_id = await rows.approvedVersion(1, memberId);
  const results: StoredResult[] = [];
  for (const { kind, identity, bytes } of files) {
    const { sopInstanceUid, seriesInstanceUid } = identity;
    results.push({ kind, sopInstanceUid, seriesInstanceUid, ...(await putContent(objects, tenantId, bytes)) });
  }
  await rows.inTenant(async (db) => {
    const [rollout_id, job_id] = [newId(), newId()];
    const rollout = { tenant_id: tenantId, id: rollout_id, model_version_id, stage: 'LIVE' };
    await db.insertInto('rollout').values(rollout as never).execute(); // biome-ignore format: a row
    const job = { tenant_id: tenantId, id: job_id, kind: 'SEGMENT', object_id: id };
    await db.insertInto('job').values(job as never).execute(); // biome-ignore format: a row
    const asked = { requested_by: memberId, job_id, idempotency_key: 'answered', state: 'RUNNING' };
    const of = { study_id: preparation.study_id, preparation_id: preparation.id, model_version_id, rollout_id };
    await db.insertInto('segmentation').values({ tenant_id: tenantId, id, ...of, ...asked } as never).execute(); // biome-ignore format: a row
    await writeAnswer(db, tenantId, id, { ...segmented, results });
  });
  return files;
}

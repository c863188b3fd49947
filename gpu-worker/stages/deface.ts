import { audit } from '#core/db/audit.ts';
import type { Db } from '#core/db/database.ts';
import type { DefacingId, StudyId } from '#core/domain/ids.ts';
import { studyHasBravo } from '#core/preparing/preparation-store.ts';
import { queuePreparation } from '#core/preparing/queue-preparation.ts';
import { quarantinePrefix } from '#core/storage/keys.ts';
import type { JobContext, Stage, WriteResult } from '../jobs/stage.ts';
import { defacingVersion } from '../volume/face-region.ts';
import type { DefacingSteps } from '../volume/preparation-steps.ts';
import { defaceSeries, findFace, type GivenImage, originalOf, storeGiven } from './deface-series.ts';
import { countGivenOut, giveOut, holdWithheld, readToDeface, type StudyToDeface } from './deface-store.ts';
import { deskOf } from './expire.ts';

/**
 * DEFACE: gives withheld images of a study out, with the face removed or, by a coordinator's decision, as they are; erases the originals
 * and queues the preparation. What fails leaves all of them withheld: the job says why.
 */
export const defaceStage = (steps: DefacingSteps): Stage => ({
  begin: async () => {},
  fail: async () => {},
  run: (context) => giveStudyOut(context, steps),
});

async function giveStudyOut(context: JobContext, steps: DefacingSteps): Promise<WriteResult> {
  const { tenantId, job } = context;
  const id = job.object_id as DefacingId;
  const study = await context.read((db) => readToDeface(db, id));
  const { studyId, decision } = study;
  const given = decision === 'RELEASE' ? await asTheyAre(context, study) : await withoutFaces(context, steps, study);
  const changed = given.filter((image) => image.changed).length;
  const version = decision === 'RELEASE' ? null : defacingVersion;
  // Only once their copies are what the rows name may the originals go; a next attempt finds nothing to copy and erases what is left.
  if (given.length > 0)
    await context.write(async (db) => {
      await giveOut(db, tenantId, { id, studyId, version, changed }, given);
      await audit(
        db,
        { tenantId, memberId: null, requestId: `job:${job.id}:${job.attempt}` },
        {
          ...{ action: 'studyGivenOut', objectType: 'Study', objectId: studyId },
          changes: { decision, version, instanceCount: given.length, changedCount: changed },
        },
      );
    });
  return async (db) => {
    await eraseOriginals(context, db, studyId);
    // Asked of the row: an earlier attempt may have given them out and died.
    if ((await countGivenOut(db, id)) > 0 && (await studyHasBravo(db, studyId)))
      await queuePreparation(deskOf(context, db), studyId);
  };
}

async function withoutFaces(context: JobContext, steps: DefacingSteps, study: StudyToDeface): Promise<GivenImage[]> {
  const toDo = study.series.filter(({ images }) => images.some(({ withheld }) => withheld));
  if (toDo.length === 0) return [];
  const face = await findFace(context, steps, study);
  const given: GivenImage[] = [];
  for (const [index, series] of toDo.entries()) {
    await context.progress({
      step: `series ${series.number ?? index + 1}`,
      fraction: 0.2 + (0.75 * index) / toDo.length,
    });
    given.push(...(await defaceSeries(context, steps, study.studyId, series, face)));
  }
  return given;
}

async function asTheyAre(context: JobContext, { studyId, series }: StudyToDeface): Promise<GivenImage[]> {
  const given: GivenImage[] = [];
  for (const image of series.flatMap(({ images }) => images.filter(({ withheld }) => withheld)))
    given.push({
      ...(await storeGiven(context, image.seriesId, await originalOf(context, studyId, image))),
      changed: false,
    });
  return given;
}

/** Erases what lies in quarantine for the study and no row names, also what an upload left there that was killed. */
async function eraseOriginals({ objects, tenantId }: JobContext, db: Db, studyId: StudyId): Promise<void> {
  const kept = await holdWithheld(db, studyId);
  const keys: string[] = [];
  for await (const { key } of objects.list(quarantinePrefix(tenantId, studyId))) keys.push(key);
  for (const key of keys) if (!kept.has(key.slice(key.lastIndexOf('/') + 1))) await objects.delete(key);
}

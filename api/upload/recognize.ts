import { recognizeRoles, type SeriesParameters } from '#core/dicom/sequence-role.ts';
import type { StudyId } from '#core/domain/ids.ts';
import type { SeriesRole } from '#core/domain/sequence.ts';
import type { Context } from '../context.ts';
import { startDefacing, withheldImages } from '../defacing/service.ts';
import { holdStudy, startPreparation } from '../preparation/service.ts';
import { hasUnpreparedImages, readAcquiredSeries, writeRoles } from './store.ts';

/** More files of a study may follow in a next request, so that its preparation waits this long. */
const settleSeconds = 3;

/** True if a study has images that no preparation began with, or that are withheld. */
export const isUnfinished = async (ctx: Context, studyId: StudyId): Promise<boolean> =>
  (await hasUnpreparedImages(ctx.db, studyId)) || (await withheldImages(ctx, studyId)) > 0;

/** Recognizes the sequences of a study that grew, and queues its preparation if it has a BRAVO. Where images are withheld their faces go first. */
export async function recognizeAndPrepare(ctx: Context, studyId: StudyId): Promise<void> {
  // Of several requests that end at once each recognizes what all before it have stored; without this they would undo each other.
  await holdStudy(ctx, studyId);
  const series = await readAcquiredSeries(ctx.db, studyId);
  const recognized = recognizeRoles(
    series.map(({ parameters, images }) => ({ ...(parameters as unknown as SeriesParameters), instanceCount: images })),
  );
  const taken = new Set<SeriesRole>(
    series.flatMap(({ role_set_by_member, role }) => (role_set_by_member && role !== 'OTHER' ? role : [])),
  );
  const roles = series.flatMap(({ id, role_set_by_member }, index) => {
    const found = recognized[index]!;
    if (role_set_by_member) return [];
    return taken.has(found.role)
      ? { id, role: 'OTHER' as const, reason: 'A member gave this role to another series.' }
      : { id, ...found };
  });
  if (roles.length > 0) await writeRoles(ctx.db, roles);
  if ((await withheldImages(ctx, studyId)) > 0) return startDefacing(ctx, studyId, settleSeconds);
  const bravo = roles.some(({ role }) => role === 'BRAVO') || taken.has('BRAVO');
  if (bravo) await startPreparation(ctx, studyId, settleSeconds);
}

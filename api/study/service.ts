import type { Db } from '#core/db/database.ts';
import { holdUntilCommit } from '#core/db/transaction-lock.ts';
import type { StudyId, TenantId } from '#core/domain/ids.ts';

/**
 * Lets one transaction at a time write files of the study or decide about them, so that what it finds there is all there is. Not by a lock
 * on its row, which those hold who recognize its sequences while further files come; who wants both takes this one first.
 */
export const holdFiles = (db: Db, tenantId: TenantId, studyId: StudyId): Promise<void> =>
  holdUntilCommit(db, tenantId, 'files of', studyId);

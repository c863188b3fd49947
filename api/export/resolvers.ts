import type { DatasetId } from '#core/domain/ids.ts';
import type { Resolvers } from '../generated/resolver-types.ts';
import { connection, parsePage } from '../graphql/connection.ts';
import { globalId } from '../graphql/global-id.ts';
import type { DatasetExportRow } from '../graphql/rows.ts';
import { exportPath } from './export-path.ts';
import { lostAfterMs } from './service.ts';
import { readExports } from './store.ts';

/** True if the server that sends it has ended without a word. */
const isLost = ({ state, seen_at }: DatasetExportRow): boolean =>
  state === 'RUNNING' && Date.now() - seen_at.getTime() > lostAfterMs;

export const resolvers = {
  Dataset: {
    exportUrl: ({ id, state }, { format }, { services }) =>
      state === 'FROZEN' ? services.config.publicUrl + exportPath(globalId('Dataset', id), format) : null,
    exports: async ({ id }, args, { db }) => {
      const page = parsePage(args);
      return connection(await readExports(db, id as DatasetId, page), page, (one) => one.id);
    },
  },
  DatasetExport: {
    id: ({ id }) => globalId('DatasetExport', id),
    dataset: ({ dataset_id }, _, { loaders }) => loaders.need('dataset', dataset_id),
    state: (one) => (isLost(one) ? 'FAILED' : (one.state as never)),
    requestedBy: ({ requested_by }, _, { loaders }) => loaders.need('member', requested_by),
    startedAt: ({ started_at }) => started_at,
    endedAt: ({ ended_at }) => ended_at,
    caseCount: ({ case_count }) => case_count,
    casesDone: ({ cases_done }) => cases_done,
    fileCount: ({ file_count }) => file_count,
    sizeBytes: ({ size_bytes }) => size_bytes,
    manifestSha256: ({ manifest_sha256 }) => manifest_sha256,
    message: (one) => (isLost(one) ? 'The server that sent it has ended.' : one.message),
  },
} satisfies Resolvers;

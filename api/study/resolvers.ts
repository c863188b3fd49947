import type { SeriesParameters } from '#core/dicom/sequence-role.ts';
import { sequences } from '#core/domain/sequence.ts';
import { hasRole } from '../context.ts';
import type { Resolvers } from '../generated/resolver-types.ts';
import { connection, parsePage } from '../graphql/connection.ts';
import { globalId, localIds } from '../graphql/global-id.ts';
import { instanceCounts, readStudies, readStudiesOfSubject, seriesByStudy } from './store.ts';

const parametersOf = (series: { parameters: unknown }): Partial<SeriesParameters> =>
  series.parameters as Partial<SeriesParameters>;

export const resolvers = {
  Query: {
    studies: async (_, { filter, ...args }, { db }) => {
      const page = parsePage(args);
      const rows = await readStudies(db, page, {
        siteIds: filter?.siteIds ? localIds('Site', filter.siteIds, ['filter', 'siteIds']) : undefined,
        studyInstanceUid: filter?.studyInstanceUid ?? undefined,
        preparationStates: filter?.preparationStates ?? undefined,
        taskStates: filter?.taskStates ?? undefined,
      });
      return connection(rows, page, ({ id }) => id);
    },
  },
  Subject: {
    id: ({ id }) => globalId('Subject', id),
    patientId: ({ pseudonym }) => pseudonym,
    // Which side a patient is on tells a blind reader nothing of a lesion, but it is asked for by nobody who reads.
    subset: ({ subset }, _, { caller }) =>
      hasRole(caller, 'ENGINEER', 'APPROVER', 'AUDITOR', 'COORDINATOR') ? subset : null,
    studies: async ({ id }, args, { db }) => {
      const page = parsePage(args);
      return connection(await readStudiesOfSubject(db, id, page), page, (row) => row.id);
    },
  },
  Study: {
    id: ({ id }) => globalId('Study', id),
    subject: ({ subject_id }, _, { loaders }) => loaders.need('subject', subject_id),
    site: ({ site_id }, _, { loaders }) => loaders.need('site', site_id),
    studyInstanceUid: ({ study_instance_uid }) => study_instance_uid,
    studyDate: ({ study_date }) => study_date as string | null,
    ageYears: ({ age_years }) => age_years,
    series: ({ id }, _, { loaders }) => loaders.list(seriesByStudy).load(id),
    missingRoles: async ({ id }, _, { loaders }) => {
      const acquired = (await loaders.list(seriesByStudy).load(id)).filter((one) => one.derived_from_id === null);
      const present = new Set(acquired.map(({ role }) => role));
      return sequences.filter((role) => !present.has(role));
    },
    createdAt: ({ created_at }) => created_at,
  },
  Series: {
    id: ({ id }) => globalId('Series', id),
    study: ({ study_id }, _, { loaders }) => loaders.need('study', study_id),
    seriesInstanceUid: ({ series_instance_uid }) => series_instance_uid,
    role: ({ role, modality, derived_from_id }) => (modality === 'MR' && !derived_from_id ? role : null),
    roleSetByMember: ({ role_set_by_member }) => role_set_by_member,
    roleReason: ({ role_reason }) => role_reason || null,
    derivedFrom: ({ derived_from_id }, _, { loaders }) =>
      derived_from_id ? loaders.row('series', derived_from_id) : null,
    repetitionTimeMs: (series) => parametersOf(series).repetitionTimeMs ?? null,
    echoTimeMs: (series) => parametersOf(series).echoTimeMs ?? null,
    inversionTimeMs: (series) => parametersOf(series).inversionTimeMs ?? null,
    flipAngleDegrees: (series) => parametersOf(series).flipAngleDegrees ?? null,
    instanceCount: ({ id }, _, { loaders }) => loaders.list(instanceCounts).load(id),
  },
} satisfies Resolvers;

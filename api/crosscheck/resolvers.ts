import { DomainError } from '#core/domain/errors.ts';
import type { TaskId } from '#core/domain/ids.ts';
import { mayNameReader } from '../annotation/service.ts';
import type { Context } from '../context.ts';
import type { Resolvers } from '../generated/resolver-types.ts';
import { type Connection, connection, isNumberKey, type PageArguments, parsePage } from '../graphql/connection.ts';
import { globalId, localId, localIds } from '../graphql/global-id.ts';
import type { LesionAgreementRow } from '../graphql/rows.ts';
import { giveVerdicts } from './give-verdicts.ts';
import {
  type AgreementFilter,
  checkByAgreement,
  lesionsByAgreement,
  readAgreements,
  verdictByAgreement,
} from './store.ts';
import { submitRead } from './submit-read.ts';

async function agreementPage(
  { db }: Context,
  taskId: TaskId,
  args: PageArguments,
  filter: AgreementFilter,
): Promise<Connection<LesionAgreementRow>> {
  const page = parsePage(args, isNumberKey);
  if (page.after !== undefined && !/^\d{1,9}$/.test(page.after))
    throw new DomainError('INVALID', 'after is not a cursor of this list.', { path: ['after'] });
  return connection(await readAgreements(db, taskId, page, filter), page, ({ number }) => String(number));
}

export const resolvers = {
  Mutation: {
    verdictGive: async (_, { input: { readId, verdicts } }, context) => ({
      agreements: await giveVerdicts(
        context,
        localId('Read', readId, ['readId']),
        verdicts.map(({ agreementId, decision, lesionIds, reason }, index) => ({
          agreementId: localId('LesionAgreement', agreementId, ['verdicts', String(index), 'agreementId']),
          decision,
          lesionIds: localIds('Lesion', lesionIds ?? [], ['verdicts', String(index), 'lesionIds']),
          reason,
        })),
      ),
    }),
    readSubmit: async (_, { input: { readId, revisionId, noMetastasis } }, context) => ({
      read: await submitRead(context, {
        readId: localId('Read', readId, ['readId']),
        revisionId: revisionId ? localId('Revision', revisionId, ['revisionId']) : null,
        noMetastasis: noMetastasis ?? false,
      }),
    }),
  },
  Task: {
    agreements: ({ id }, { kinds, ...args }, context) =>
      agreementPage(context, id, args, { kinds: kinds ?? undefined, openInRead: undefined }),
  },
  Read: {
    agreements: ({ id, task_id, kind }, { open, ...args }, context) =>
      agreementPage(context, task_id, args, {
        kinds: kind === 'ADJUDICATE' ? ['ONE_READER_ONLY', 'BOUNDARY_DISPUTE'] : kind === 'DELINEATE' ? [] : undefined,
        openInRead: open ? id : undefined,
      }),
  },
  LesionAgreement: {
    id: ({ id }) => globalId('LesionAgreement', id),
    task: ({ task_id }, _, { loaders }) => loaders.need('task', task_id),
    lesions: ({ id }, _, { loaders }) => loaders.list(lesionsByAgreement).load(id),
    hd95Mm: ({ hd95_mm }) => hd95_mm,
    verdict: ({ id }, _, { loaders }) => loaders.list(verdictByAgreement).load(id),
    check: ({ id }, _, { loaders }) => loaders.list(checkByAgreement).load(id),
  },
  LesionVerdict: {
    lesions: async ({ lesion_ids }, _, { loaders }) => {
      const lesions = await Promise.all(lesion_ids.map((id) => loaders.row('lesion', id)));
      return lesions.filter((lesion) => lesion !== null);
    },
    member: async ({ agreement_id, member_id }, _, context) => {
      const { task_id } = await context.loaders.need('lesion_agreement', agreement_id);
      return (await mayNameReader(context, task_id, member_id)) ? context.loaders.need('member', member_id) : null;
    },
  },
} satisfies Resolvers;

import { DomainError, notFound } from '#core/domain/errors.ts';
import { type MemberId, newId, type ProtocolId } from '#core/domain/ids.ts';
import { auditRequest, type Context } from '../context.ts';
import type { ProtocolRow } from '../graphql/rows.ts';
import { countAdjudicators, insertAdjudicators, insertProtocol, readNewestVersion, readSuccessor } from './store.ts';

export interface NewProtocol {
  readonly name: string;
  readonly instructions: string;
  readonly readerCount: number;
  readonly blind: boolean;
  readonly check: ProtocolRow['check_kind'];
  readonly assignment: ProtocolRow['assignment'];
  readonly adjudicateSoleRead: boolean;
  readonly dueHours: number;
  readonly preAnnotation: boolean;
  readonly unassistedShare: number;
  readonly seed: number;
  /** When two outlines agree; the database's defaults if left out. */
  readonly agreement?: { readonly minDice: number; readonly maxHd95Mm: number; readonly smallLesionMm: number } | null;
}

export interface Publication {
  readonly protocol: NewProtocol;
  /** The version that it follows; undefined for a protocol of its own. */
  readonly parentId: ProtocolId | undefined;
  /** None for every ADJUDICATOR. */
  readonly adjudicatorIds: readonly MemberId[];
}

/** @throws DomainError INVALID for a value out of its range or a name that is taken, NOT_FOUND, STALE if another version came meanwhile */
export async function publishProtocol(ctx: Context, publication: Publication): Promise<ProtocolRow> {
  const { protocol, parentId, adjudicatorIds } = publication;
  checkProtocol(protocol);
  const parent = parentId && (await ctx.loaders.row('protocol', parentId));
  if (parentId && !parent) throw notFound('Protocol', ['parentId']);
  if (parent && parent.name !== protocol.name)
    throw new DomainError('INVALID', `A version keeps the name of its protocol, "${parent.name}".`, { path: ['name'] });
  await checkAdjudicators(ctx, adjudicatorIds);
  const tenant = { tenant_id: ctx.caller.tenantId };
  const id = newId<ProtocolId>();
  const row = await insertProtocol(ctx.db, {
    ...tenant,
    id,
    number: (parent?.number ?? 0) + 1,
    follows_id: parent?.id ?? null,
    ...columnsOf(protocol),
  });
  if (!row && parent) throw await stale(ctx, parent.id, ['parentId']);
  if (!row) throw new DomainError('INVALID', 'A protocol has this name; choose another.', { path: ['name'] });
  await insertAdjudicators(
    ctx.db,
    adjudicatorIds.map((member_id) => ({ ...tenant, protocol_id: id, member_id })),
  );
  const { tenant_id: _, id: __, instructions: ___, published_at: ____, ...changes } = row;
  await auditRequest(ctx, {
    action: 'protocolPublish',
    objectType: 'Protocol',
    objectId: id,
    changes: { ...changes, adjudicatorIds: adjudicatorIds.join(' ') },
  });
  return row;
}

/** @throws DomainError STALE if a newer version has followed */
export async function refuseOldVersion(ctx: Context, id: ProtocolId, path: readonly string[]): Promise<void> {
  if (await readSuccessor(ctx.db, id)) throw await stale(ctx, id, path);
}

/** The newest version of the protocol that this is one of. */
export const newestVersion = (ctx: Context, { name }: ProtocolRow): Promise<ProtocolRow> =>
  readNewestVersion(ctx.db, name);

async function stale(ctx: Context, id: ProtocolId, path: readonly string[]): Promise<DomainError> {
  const newest = await newestVersion(ctx, await ctx.loaders.need('protocol', id));
  const message = `Version ${newest.number} of the protocol came meanwhile; look at that one.`;
  return new DomainError('STALE', message, { path, current: { type: 'Protocol', id: newest.id } });
}

const columnsOf = (protocol: NewProtocol) => ({
  name: protocol.name,
  instructions: protocol.instructions,
  reader_count: protocol.readerCount,
  blind: protocol.blind,
  check_kind: protocol.check,
  assignment: protocol.assignment,
  adjudicate_sole_read: protocol.adjudicateSoleRead,
  due_hours: protocol.dueHours,
  pre_annotation: protocol.preAnnotation,
  unassisted_share: protocol.unassistedShare,
  seed: protocol.seed,
  ...(protocol.agreement && {
    min_dice: protocol.agreement.minDice,
    max_hd95_mm: protocol.agreement.maxHd95Mm,
    small_lesion_mm: protocol.agreement.smallLesionMm,
  }),
});

function checkProtocol(protocol: NewProtocol): void {
  const { name, instructions, readerCount, dueHours, unassistedShare, seed, agreement } = protocol;
  check(name.trim().length >= 1 && name.length <= 200, 'name', 'A protocol needs a name of 1 to 200 characters.');
  check(instructions.length <= 20_000, 'instructions', 'Instructions have at most 20,000 characters.');
  check(readerCount >= 1 && readerCount <= 3, 'readerCount', 'A task has 1 to 3 independent readers.');
  check(
    !protocol.adjudicateSoleRead || readerCount === 1,
    'adjudicateSoleRead',
    'With several readers an adjudicator judges what they dispute; adjudicateSoleRead is for one reader.',
  );
  check(
    protocol.check === 'INDEPENDENT' || (readerCount === 1 && !protocol.adjudicateSoleRead),
    'check',
    'DELINEATE_THEN_CHECK has one reader who delineates and one who checks: set readerCount to 1, without adjudicateSoleRead.',
  );
  check(dueHours >= 1 && dueHours <= 8760, 'dueHours', 'A read is due after 1 to 8,760 hours.');
  check(unassistedShare >= 0 && unassistedShare <= 1, 'unassistedShare', 'A share lies between 0 and 1.');
  check(
    protocol.preAnnotation || unassistedShare === 0,
    'unassistedShare',
    'Without preAnnotation every read starts from nothing: leave unassistedShare at 0.',
  );
  check(seed >= 0, 'seed', 'The seed is 0 to 2,147,483,647.');
  if (!agreement) return;
  const { minDice, maxHd95Mm, smallLesionMm } = agreement;
  check(minDice >= 0 && minDice <= 1, 'agreement.minDice', 'A Dice lies between 0 and 1.');
  check(maxHd95Mm > 0 && maxHd95Mm <= 1000, 'agreement.maxHd95Mm', 'The distance must be above 0 and at most 1000 mm.');
  check(smallLesionMm >= 0 && smallLesionMm <= 1000, 'agreement.smallLesionMm', 'The length must be 0 to 1000 mm.');
}

async function checkAdjudicators(ctx: Context, ids: readonly MemberId[]): Promise<void> {
  check(ids.length <= 100, 'adjudicatorIds', 'Name at most 100 adjudicators.');
  check(
    (await countAdjudicators(ctx.db, ids)) === ids.length,
    'adjudicatorIds',
    'Name different active members who hold the role ADJUDICATOR.',
  );
}

function check(holds: boolean, path: string, message: string): void {
  if (!holds) throw new DomainError('INVALID', message, { path: path.split('.') });
}

import { DomainError } from '#core/domain/errors.ts';
import { newId, type ProtocolId } from '#core/domain/ids.ts';
import { auditRequest, type Context } from '../context.ts';
import type { ProtocolRow } from '../graphql/rows.ts';
import { insertProtocol } from './store.ts';

export interface NewProtocol {
  readonly name: string;
  readonly instructions: string;
  readonly readerCount: number;
  /** When two outlines agree; the database's defaults if left out. */
  readonly agreement?: { readonly minDice: number; readonly maxHd95Mm: number; readonly smallLesionMm: number } | null;
}

/** @throws DomainError INVALID for a value out of its range or a name that is taken */
export async function publishProtocol(ctx: Context, protocol: NewProtocol): Promise<ProtocolRow> {
  const { name, instructions, readerCount, agreement } = protocol;
  check(name.trim().length >= 1 && name.length <= 200, 'name', 'A protocol needs a name of 1 to 200 characters.');
  check(instructions.length <= 20_000, 'instructions', 'Instructions have at most 20,000 characters.');
  check(readerCount >= 1 && readerCount <= 3, 'readerCount', 'A task has 1 to 3 independent readers.');
  if (agreement) {
    const { minDice, maxHd95Mm, smallLesionMm } = agreement;
    check(minDice >= 0 && minDice <= 1, 'agreement.minDice', 'A Dice lies between 0 and 1.');
    check(
      maxHd95Mm > 0 && maxHd95Mm <= 1000,
      'agreement.maxHd95Mm',
      'The distance must be above 0 and at most 1000 mm.',
    );
    check(smallLesionMm >= 0 && smallLesionMm <= 1000, 'agreement.smallLesionMm', 'The length must be 0 to 1000 mm.');
  }
  const id = newId<ProtocolId>();
  const row = await insertProtocol(ctx.db, {
    tenant_id: ctx.caller.tenantId,
    id,
    name,
    instructions,
    reader_count: readerCount,
    ...(agreement && {
      min_dice: agreement.minDice,
      max_hd95_mm: agreement.maxHd95Mm,
      small_lesion_mm: agreement.smallLesionMm,
    }),
  });
  if (!row) throw new DomainError('INVALID', 'A protocol has this name; choose another.', { path: ['name'] });
  const changes = {
    readerCount,
    minDice: row.min_dice,
    maxHd95Mm: row.max_hd95_mm,
    smallLesionMm: row.small_lesion_mm,
  };
  await auditRequest(ctx, { action: 'protocolPublish', objectType: 'Protocol', objectId: id, changes });
  return row;
}

function check(holds: boolean, path: string, message: string): void {
  if (!holds) throw new DomainError('INVALID', message, { path: path.split('.') });
}

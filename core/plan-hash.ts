import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from './domain/canonical-json.ts';
import type { PreparationPlan } from './domain/preparation-plan.ts';

/** SHA-256, in hexadecimal, of a value's canonical JSON. @throws TypeError as canonicalJson */
export function canonicalHash(value: Json): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** The name of what this plan makes of a study: equal plans have equal hashes, whatever the order of their keys. */
export function preparationPlanHash(plan: PreparationPlan): string {
  return canonicalHash({ ...plan, registrationGates: { ...plan.registrationGates } });
}

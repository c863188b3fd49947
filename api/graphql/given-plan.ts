import type { GivenPlan } from '#core/domain/warm-start.ts';
import type { PlanInput } from '../generated/resolver-types.ts';

/** What was said of a plan: null says nothing, as leaving out does. */
export const givenPlanOf = (input: PlanInput | null | undefined): GivenPlan =>
  Object.fromEntries(Object.entries(input ?? {}).filter(([, value]) => value !== null && value !== undefined));

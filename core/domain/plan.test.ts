import assert from 'node:assert/strict';
import test from 'node:test';
import { DomainError } from './errors.ts';
import { checkedPlan, isTrainable, paperPlan, planRanges, requiredSequences, type TrainingPlan } from './plan.ts';

const refusal = (change: Partial<TrainingPlan>): DomainError => {
  try {
    checkedPlan({ ...paperPlan, ...change }, ['plan']);
  } catch (error) {
    assert.ok(error instanceof DomainError);
    return error;
  }
  throw new assert.AssertionError({ message: `${JSON.stringify(change)} was taken` });
};

test("the paper's plan, and both ends of every range, are taken", () => {
  assert.equal(checkedPlan(paperPlan), paperPlan);
  for (const [field, { min, max }] of Object.entries(planRanges))
    for (const value of [min, max]) checkedPlan({ ...paperPlan, [field]: value });
});

test('what is beyond a range, not whole or no number is refused by name', () => {
  for (const [field, { min, max }] of Object.entries(planRanges)) {
    for (const value of [min - 1, max + 1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const error = refusal({ [field]: value });
      assert.deepEqual([error.code, error.path], ['INVALID', ['plan', field]]);
    }
  }
  for (const change of [{ epochs: 1.5 }, { batchSize: 3 }, { sizePixels: 66 }, { seed: 0.5 }])
    assert.deepEqual(refusal(change).path, ['plan', Object.keys(change)[0]]);
});

test('a step is computed in equal parts, and sequences that are kept are sequences', () => {
  assert.equal(checkedPlan({ ...paperPlan, microBatches: 8, keptSequences: [] }).microBatches, 8);
  assert.deepEqual(refusal({ microBatches: 5 }).path, ['plan', 'microBatches']);
  for (const keptSequences of [['BRAVO', 'BRAVO'], ['OTHER']])
    assert.deepEqual(refusal({ keptSequences: keptSequences as never }).path, ['plan', 'keptSequences']);
});

test('a plan is trained by the code whose weights it names, or by one that comes to the same', () => {
  assert.ok(isTrainable({ ...paperPlan, coolingPart: 0.5 }));
  assert.ok(isTrainable({ ...paperPlan, codeVersion: '3' }));
  assert.ok(!isTrainable({ ...paperPlan, codeVersion: '3', coolingPart: 0.5 }));
  assert.ok(!isTrainable({ ...paperPlan, codeVersion: '2' }));
});

test('a network needs what was never left out when it learnt', () => {
  assert.deepEqual(requiredSequences(paperPlan), paperPlan.sequences);
  const plan = { ...paperPlan, sequenceDropout: 0.3 };
  assert.deepEqual(requiredSequences(plan), ['BRAVO']);
  assert.deepEqual(requiredSequences({ ...plan, keptSequences: ['FLAIR', 'BRAVO'] }), ['BRAVO', 'FLAIR']);
  // Without BRAVO no study can be prepared.
  assert.deepEqual(requiredSequences({ ...plan, keptSequences: [] }), ['BRAVO']);
});

test('sequences are one to four, none twice, none unknown', () => {
  assert.deepEqual(checkedPlan({ ...paperPlan, sequences: ['BRAVO'] }).sequences, ['BRAVO']);
  for (const sequences of [[], ['BRAVO', 'BRAVO'], ['OTHER']])
    assert.deepEqual(refusal({ sequences: sequences as TrainingPlan['sequences'] }).path, ['plan', 'sequences']);
});

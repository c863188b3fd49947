import assert from 'node:assert/strict';
import test from 'node:test';
import { canonicalJson } from './domain/canonical-json.ts';
import { defaultPreparationPlan } from './domain/preparation-plan.ts';
import { canonicalHash, preparationPlanHash } from './plan-hash.ts';

test('canonical JSON sorts keys at every depth, as in the example of RFC 8785', () => {
  // RFC 8785, section 3.2.2, without the literals that only differ in escapes.
  const value = { numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 1e-27], literals: [null, true, false] };
  assert.equal(
    canonicalJson(value),
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27]}',
  );
  // Section 3.2.3: by UTF-16 code units.
  const keys = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
  assert.equal(canonicalJson(keys), '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}');
  assert.equal(canonicalJson({ b: { z: 1, a: undefined, c: [] }, a: '"' }), '{"a":"\\"","b":{"c":[],"z":1}}');
});

test('canonical JSON refuses what has no spelling', () => {
  assert.throws(() => canonicalJson(Number.NaN), TypeError);
  assert.throws(() => canonicalJson([Number.POSITIVE_INFINITY]), TypeError);
  for (const value of [undefined, 1n, new Date(0), new Map()])
    assert.throws(() => canonicalJson(value as never), TypeError);
});

test('the hash is SHA-256 of the text', () => {
  // printf '{"a":1}' | sha256sum
  assert.equal(canonicalHash({ a: 1 }), '015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862');
});

test('a plan keeps its name when its keys are reordered, and loses it with any change', () => {
  const plan = defaultPreparationPlan;
  const reordered = Object.fromEntries(Object.entries(plan).reverse()) as unknown as typeof plan;
  assert.equal(preparationPlanHash(reordered), preparationPlanHash(plan));
  const others = [
    { ...plan, sizePixels: 128 },
    { ...plan, registrationSeed: plan.registrationSeed + 1 },
    { ...plan, registrationGates: { ...plan.registrationGates, minNmi: 1.2 } },
    { ...plan, sequences: plan.sequences.toReversed() },
    { ...plan, codeVersion: 'next' },
  ];
  assert.equal(new Set([plan, ...others].map(preparationPlanHash)).size, 6);
});

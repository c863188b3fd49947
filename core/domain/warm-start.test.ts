import assert from 'node:assert/strict';
import test from 'node:test';
import { DomainError } from './errors.ts';
import { lifecycle, type ModelVersionState } from './lifecycle.ts';
import { paperPlan, trainingCodeVersion } from './plan.ts';
import { planOfRun, refuseUnusable, type WarmStart } from './warm-start.ts';

const parent: WarmStart = {
  id: 'version',
  number: 3,
  state: 'APPROVED',
  plan: {
    ...paperPlan,
    ...{ width: 0.25, sizePixels: 128, sequences: ['T1_POST', 'BRAVO'], epochs: 4, learningRate: 0.002 },
    ...{ seed: 7, thresholdRule: 'SENSITIVE', codeVersion: 'older' },
  },
};

const refusal = (body: () => unknown): [string, readonly string[]] => {
  try {
    body();
  } catch (error) {
    if (error instanceof DomainError) return [error.code, error.path];
    throw error;
  }
  return assert.fail('not refused');
};

test('from scratch what is not given is the paper’s, in a warm start the version’s; the size is the tenant’s, the code the present one', () => {
  assert.deepEqual(planOfRun({ epochs: 2 }, 128, undefined), { ...paperPlan, sizePixels: 128, epochs: 2 });
  assert.deepEqual(planOfRun({ epochs: 2 }, 128, parent), {
    ...parent.plan,
    epochs: 2,
    codeVersion: trainingCodeVersion,
  });
});

test('a version is built upon only by a plan of the same network', () => {
  assert.deepEqual(planOfRun({ width: 0.25, sequences: ['T1_POST', 'BRAVO'] }, 128, parent).width, 0.25);
  assert.deepEqual(
    refusal(() => planOfRun({ width: 0.5 }, 128, parent)),
    ['INVALID', ['plan', 'width']],
  );
  assert.deepEqual(
    refusal(() => planOfRun({ sequences: ['BRAVO', 'T1_POST'] }, 128, parent)),
    ['INVALID', ['plan', 'sequences']],
    'another order is another network',
  );
  assert.deepEqual(
    refusal(() => planOfRun({ sizePixels: 64 }, 128, parent)),
    ['INVALID', ['plan', 'sizePixels']],
  );
  assert.deepEqual(
    refusal(() => planOfRun({}, 256, parent)),
    ['INVALID', ['warmStartId']],
  );
  assert.deepEqual(
    refusal(() => planOfRun({ epochs: 0 }, 128, parent)),
    ['INVALID', ['plan', 'epochs']],
  );
});

test('every version but a rejected or a retired one may be built upon', () => {
  const states = Object.keys(lifecycle['model_version.state']) as ModelVersionState[];
  const usable = states.filter((state) => {
    try {
      refuseUnusable({ ...parent, state });
      return true;
    } catch (error) {
      assert.deepEqual((error as DomainError).current, { type: 'ModelVersion', id: 'version' });
      return false;
    }
  });
  assert.deepEqual(usable, ['CANDIDATE', 'IN_REVIEW', 'APPROVED']);
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { alignedRole, aloneViewportIdOf, isAlone, shownRoles, sideBySide } from './hanging-protocol.ts';
import { byRole } from './study-series.ts';

test('a study shows what it has: copies on BRAVO’s grid, or what was acquired', () => {
  const series = [
    { seriesInstanceUid: '1', role: 'BRAVO', derivedFrom: null },
    { seriesInstanceUid: '2', role: 'FLAIR', derivedFrom: null },
    { seriesInstanceUid: '3', role: null, derivedFrom: { role: 'FLAIR' } },
    { seriesInstanceUid: '4', role: 'T1_POST', derivedFrom: null },
    { seriesInstanceUid: '5', role: 'OTHER', derivedFrom: null },
  ] as const;
  const { shown, acquired } = byRole(series);
  assert.deepEqual(shown, { BRAVO: '1', FLAIR: '3', T1_POST: '4' });
  assert.deepEqual(acquired, { BRAVO: '1', FLAIR: '2', T1_POST: '4' });
  assert.deepEqual(shownRoles(shown), ['BRAVO', 'T1_POST', 'FLAIR']);
  assert.equal(alignedRole('metloop-FLAIR'), 'FLAIR');
  const native = aloneViewportIdOf('FLAIR', 'native');
  assert.deepEqual([alignedRole(native), isAlone(native), isAlone('metloop-FLAIR')], [undefined, true, false]);
  const { stages } = sideBySide(shown) as {
    stages: { viewports: unknown[]; viewportStructure: { properties: object } }[];
  };
  assert.equal(stages[0]!.viewports.length, 3);
  assert.deepEqual(stages[0]!.viewportStructure.properties, { rows: 2, columns: 2 });
});

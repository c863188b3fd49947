import assert from 'node:assert/strict';
import test from 'node:test';
import { recognizeRoles, type SeriesParameters } from './sequence-role.ts';

let serial = 0;
function series(changes: Partial<SeriesParameters>): SeriesParameters {
  return {
    seriesInstanceUid: `1.2.${++serial}`, imageType: ['ORIGINAL', 'PRIMARY', 'M'], scanningSequence: ['SE'], sequenceVariant: ['SK'],
    scanOptions: [], acquisitionType: '3D', instanceCount: 160, sliceThicknessMm: 1, ...changes,
  }; // biome-ignore format: a table
}
const gadolinium = { contrastAgent: 'GADOLINIUM 0.1 mmol/kg' };
const cube = { scanningSequence: ['SE'], repetitionTimeMs: 602, echoTimeMs: 12.72, flipAngleDegrees: 90 };
const bravo = {
  scanningSequence: ['GR'],
  sequenceVariant: ['SP'],
  repetitionTimeMs: 8.24,
  echoTimeMs: 3.24,
  inversionTimeMs: 400,
  flipAngleDegrees: 13,
};
const flair = {
  scanningSequence: ['SE', 'IR'],
  repetitionTimeMs: 6000,
  echoTimeMs: 136,
  inversionTimeMs: 1700,
  flipAngleDegrees: 90,
};
const roles = (...all: SeriesParameters[]): string[] => recognizeRoles(all).map(({ role }) => role);

test("the paper's protocol at 1.5 T and 3 T", () => {
  assert.deepEqual(
    roles(series(cube), series({ ...cube, ...gadolinium }), series({ ...bravo, ...gadolinium }), series(flair)),
    ['T1_PRE', 'T1_POST', 'BRAVO', 'FLAIR'],
  );
  assert.deepEqual(
    roles(
      series({ ...flair, echoTimeMs: 119, inversionTimeMs: 1880 }),
      series({
        ...bravo,
        repetitionTimeMs: 12.02,
        echoTimeMs: 5.05,
        inversionTimeMs: 300,
        flipAngleDegrees: 20,
        ...gadolinium,
      }),
      series({ ...cube, repetitionTimeMs: 550, echoTimeMs: 9.54, ...gadolinium }),
      series({ ...cube, repetitionTimeMs: 550, echoTimeMs: 9.54 }),
    ),
    ['FLAIR', 'BRAVO', 'T1_POST', 'T1_PRE'],
  );
});

test('other vendors: SPACE and MPRAGE, VISTA and TFE', () => {
  const mprage = {
    scanningSequence: ['GR', 'IR'],
    sequenceVariant: ['SK', 'SP', 'MP'],
    repetitionTimeMs: 2300,
    echoTimeMs: 2.98,
    inversionTimeMs: 900,
    flipAngleDegrees: 9,
  };
  const space = {
    scanningSequence: ['SE'],
    sequenceVariant: ['SK', 'SP'],
    repetitionTimeMs: 700,
    echoTimeMs: 11,
    flipAngleDegrees: 120,
  };
  const darkFluid = {
    scanningSequence: ['SE', 'IR'],
    sequenceVariant: ['SK', 'SP', 'MP'],
    repetitionTimeMs: 5000,
    echoTimeMs: 386,
    inversionTimeMs: 1800,
    flipAngleDegrees: 120,
  };
  assert.deepEqual(
    roles(
      series({ ...mprage, contrastAgent: 'Gadovist' }),
      series(space),
      series({ ...space, contrastAgent: 'Gadovist' }),
      series(darkFluid),
    ),
    ['BRAVO', 'T1_PRE', 'T1_POST', 'FLAIR'],
  );
  const tfe = {
    scanningSequence: ['GR'],
    sequenceVariant: ['MP'],
    repetitionTimeMs: 7.6,
    echoTimeMs: 3.5,
    flipAngleDegrees: 8,
  };
  const vistaFlair = {
    scanningSequence: ['IR'],
    sequenceVariant: ['SK'],
    repetitionTimeMs: 4800,
    echoTimeMs: 280,
    inversionTimeMs: 1650,
  };
  assert.deepEqual(roles(series({ ...tfe, contrastAgent: 'Dotarem' }), series(vistaFlair), series(tfe)), [
    'BRAVO',
    'FLAIR',
    'T1_PRE',
  ]);
});

test('descriptions do not outweigh parameters', () => {
  assert.deepEqual(
    roles(
      series({ ...cube, seriesDescription: 'FLAIR +C' }),
      series({ ...cube, ...gadolinium, seriesDescription: 'Sag T1 PRE' }),
      series({ ...bravo, ...gadolinium, seriesDescription: 'T2' }),
      series({ ...flair, ...gadolinium, seriesDescription: 'BRAVO' }),
    ),
    ['T1_PRE', 'T1_POST', 'BRAVO', 'FLAIR'],
  );
});

test('where no series gives an agent, descriptions tell before from after', () => {
  assert.deepEqual(
    roles(
      series({ ...cube, seriesDescription: 'T1 SPACE nativ' }),
      series({ ...cube, seriesDescription: 'T1 SPACE KM' }),
      series({ ...bravo, seriesDescription: 'Ax BRAVO+C', contrastAgent: 'NONE' }),
    ),
    ['T1_PRE', 'T1_POST', 'BRAVO'],
  );
  // "pre and post" says nothing certain: such a series must not be taken for an enhanced one.
  assert.deepEqual(roles(series({ ...bravo, seriesDescription: 'pre/post Gd' })), ['T1_PRE']);
});

test('a missing sequence leaves its role free', () => {
  assert.deepEqual(roles(series({ ...bravo, ...gadolinium }), series(flair)), ['BRAVO', 'FLAIR']);
  assert.deepEqual(roles(series(cube)), ['T1_PRE']);
  assert.deepEqual(roles(), []);
});

test('of duplicates one has the role: 3D, thin, complete, late; the other says why', () => {
  const thick = series({ ...flair, acquisitionType: '2D', sliceThicknessMm: 5, instanceCount: 24, seriesNumber: 1 });
  const thin = series({ ...flair, seriesNumber: 2 });
  assert.deepEqual(roles(thick, thin), ['OTHER', 'FLAIR']);
  assert.match(recognizeRoles([thick, thin])[0]!.reason, /like series 2/);
  const early = series({ ...cube, ...gadolinium, acquiredAt: '20200101101500' });
  const late = series({ ...cube, ...gadolinium, acquiredAt: '20200101104500' });
  assert.deepEqual(roles(early, late), ['OTHER', 'T1_POST']);
  assert.deepEqual(roles(late, early), ['T1_POST', 'OTHER']);
  const aborted = series({ ...cube, ...gadolinium, acquiredAt: '20200101110000', instanceCount: 40 });
  assert.deepEqual(roles(late, aborted), ['T1_POST', 'OTHER']);
  assert.deepEqual(roles(series(bravo), series(cube), series({ ...cube, ...gadolinium })), [
    'OTHER',
    'T1_PRE',
    'T1_POST',
  ]);
});

test('what is not one of the sequences is OTHER, with a reason', () => {
  const others = [
    series({ ...cube, imageType: ['DERIVED', 'SECONDARY', 'MPR'] }),
    series({ ...cube, imageType: ['ORIGINAL', 'PRIMARY', 'LOCALIZER'] }),
    series({ ...cube, instanceCount: 3 }),
    series({ scanningSequence: ['SE'], repetitionTimeMs: 5000, echoTimeMs: 100 }),
    series({ scanningSequence: ['EP', 'SE'], repetitionTimeMs: 6000, echoTimeMs: 90 }),
    series({
      scanningSequence: ['GR'],
      sequenceVariant: ['SS', 'SK'],
      repetitionTimeMs: 5,
      echoTimeMs: 2.5,
      flipAngleDegrees: 30,
    }),
    series({
      scanningSequence: ['GR'],
      acquisitionType: '2D',
      repetitionTimeMs: 600,
      echoTimeMs: 20,
      flipAngleDegrees: 20,
    }),
    series({ scanningSequence: ['SE', 'IR'], repetitionTimeMs: 5000, echoTimeMs: 80, inversionTimeMs: 160 }),
    series({ ...cube, repetitionTimeMs: undefined }),
  ];
  for (const { role, reason } of recognizeRoles(others)) {
    assert.equal(role, 'OTHER');
    assert.match(reason, /\.$/);
  }
});

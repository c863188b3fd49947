import assert from 'node:assert/strict';
import test from 'node:test';
import { buildDataset } from '../dicom/build-dataset.ts';
import { toDicomJson } from '../dicom/dicom-json.ts';
import { repeatedOf } from './source-store.ts';

test('patient, study and the record of de-identification are repeated, and nothing else', () => {
  const said = {
    StudyTime: '101500',
    StudyDescription: 'MR Kopf für Müller',
    PatientAge: '061Y',
    PatientWeight: 70.5,
    PatientIdentityRemoved: 'YES',
    DeidentificationMethodCodeSequence: [
      { CodeValue: '113100', CodingSchemeDesignator: 'DCM', CodeMeaning: 'Basic Application Confidentiality Profile' },
      { CodeValue: '113107', CodingSchemeDesignator: 'DCM', CodeMeaning: 'Retain Longitudinal' },
    ],
  };
  const image = buildDataset({
    ...said,
    AdditionalPatientHistory: null,
    SeriesDescription: 'BRAVO',
    RepetitionTime: 8.2,
  });
  const repeated = buildDataset(repeatedOf(toDicomJson(image)));
  assert.deepEqual(toDicomJson(repeated), toDicomJson(buildDataset({ ...said, AdditionalPatientHistory: null })));
  assert.deepEqual(repeatedOf({}), {});
});

test('a value that a scanner wrote against the rules is left out', () => {
  const found = repeatedOf({
    '00081030': { vr: 'LO', Value: ['x'.repeat(65)] },
    '00120062': { vr: 'CS', Value: ['yes'] },
    '00101010': { vr: 'AS', Value: ['61 years'] },
    '00080030': { vr: 'TM', Value: ['1015'] },
  });
  assert.deepEqual(found, { StudyTime: ['1015'] });
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { type Attributes, buildDataset } from '#core/dicom/build-dataset.ts';
import { Dataset, type DicomElement } from '#core/dicom/dataset.ts';
import { DicomError } from '#core/dicom/dicom-error.ts';
import { attribute, type Vr } from '#core/dicom/dictionary.ts';
import { parsePart10 } from '#core/dicom/part10.ts';
import { uids } from '#core/dicom/uid.ts';
import { writePart10 } from '#core/dicom/write-dataset.ts';
import { tableRow, tableSize } from './confidentiality-table.ts';
import { deidentify } from './deidentify.ts';
import { defaultOptions, methodCodes, type ProfileOptions, profileRules } from './profile.ts';

const tenantKey = Buffer.alloc(32, 21);
const sample: Attributes = {
  SOPClassUID: uids.mrImage, SOPInstanceUID: '1.2.3.1', StudyInstanceUID: '1.2.3.2', SeriesInstanceUID: '1.2.3.3', Modality: 'MR',
  PatientName: 'Quux^Zaphira', PatientID: 'HOSP-4711', PatientSex: 'F', PatientAge: '061Y', PatientWeight: 70, StudyDate: '20200229', StudyTime: '101112',
  AcquisitionDateTime: '20200301101112', SeriesDescription: 'Ax T1 BRAVO', StationName: 'MRROOM3', DeviceSerialNumber: 'SN-77123', SmokingStatus: 'NO',
  AcquisitionContextSequence: [{
    ConceptNameCodeSequence: [{ CodeValue: '109072', CodingSchemeDesignator: 'DCM', CodeMeaning: 'Baseline test' }], NumericValue: 4.5,
  }],
  Rows: 2, Columns: 2, SamplesPerPixel: 1, PhotometricInterpretation: 'MONOCHROME2', BitsAllocated: 16, BitsStored: 16, HighBit: 15, PixelRepresentation: 0,
  PixelData: new Uint16Array(4),
}; // biome-ignore format: a table

const cleaned = (options: Partial<ProfileOptions>, changes: Attributes = {}, more: DicomElement[] = []): Dataset => {
  const elements = [...buildDataset({ ...sample, ...changes }).elements.values(), ...more];
  const file = writePart10(new Dataset(elements.sort((a, b) => a.tag - b.tag)));
  return parsePart10(deidentify(file, { tenantKey, profile: { ...defaultOptions, ...options } }).bytes).dataset;
};
const text = (tag: number, vr: Vr, value: string): DicomElement => ({
  kind: 'bytes',
  tag,
  vr,
  bytes: Buffer.from(value, 'latin1'),
});

test('the table is the whole of E.1-1, as printed', () => {
  assert.equal(tableSize, 647);
  const examples: [keyword: string, basic: string, options: object][] = [
    ['PatientName', 'Z', {}],
    ['PatientID', 'Z/D', {}],
    ['PatientSex', 'Z', { patient: 'K' }],
    ['StudyDescription', 'X', { descriptors: 'C' }],
    ['DeviceSerialNumber', 'X/Z/D', { device: 'K' }],
    ['AcquisitionDateTime', 'X/Z/D', { fullDates: 'K', modifiedDates: 'C' }],
    ['SourceImageSequence', 'X/Z/U', { uids: 'K' }],
    ['ContentSequence', 'D', { structured: 'C' }],
    ['Allergies', 'X', { patient: 'C', descriptors: 'C' }],
    ['InstitutionName', 'X/Z/D', { institution: 'K' }],
  ];
  for (const [keyword, basic, options] of examples)
    assert.deepEqual(tableRow(attribute(keyword).tag), { keyword, basic, options });
  assert.equal(tableRow(0x60043000)?.keyword, 'OverlayData');
  assert.equal(tableRow(0x50100020)?.basic, 'X');
  assert.deepEqual(tableRow(0x00291010)?.options, { safePrivate: 'C' });
  assert.equal(tableRow(attribute('Rows').tag), undefined);
});

test('an option that is off takes away what it kept, and its code', () => {
  const all = cleaned({});
  const none = cleaned({
    ...{ cleanDescriptors: false, cleanStructuredContent: false, retainLongitudinal: false },
    ...{ retainPatientCharacteristics: false, retainSafePrivate: false },
  });
  for (const keyword of [
    'SeriesDescription',
    'AcquisitionContextSequence',
    'PatientAge',
    'PatientWeight',
    'AcquisitionDateTime',
    'SmokingStatus',
  ]) {
    assert.ok(all.has(keyword), keyword);
    assert.ok(!none.has(keyword), keyword);
  }
  for (const keyword of ['PatientSex', 'StudyDate', 'StudyTime']) {
    assert.ok(all.text(keyword), keyword);
    assert.equal(none.bytes(keyword)?.length, 0, keyword);
  }
  assert.equal(all.text('LongitudinalTemporalInformationModified'), 'MODIFIED');
  assert.equal(none.text('LongitudinalTemporalInformationModified'), 'REMOVED');
  const codes = (dataset: Dataset) =>
    dataset.items('DeidentificationMethodCodeSequence').map((item) => item.text('CodeValue'));
  assert.deepEqual(codes(none), ['113100', '113101', '113103']);
  assert.deepEqual(
    codes(all),
    methodCodes(defaultOptions).map(([code]) => code),
  );
  assert.equal(none.text('PatientID'), all.text('PatientID'));
});

test('a file does not say that its face was removed before it was', () => {
  const dataset = cleaned({ deface: true });
  const codes = dataset.items('DeidentificationMethodCodeSequence').map((item) => item.text('CodeValue'));
  assert.ok(!codes.includes('113102') && dataset.text('RecognizableVisualFeatures') === 'YES');
  assert.ok(
    methodCodes({ ...defaultOptions, deface: true }).some(([code]) => code === '113102'),
    'though the site chose it',
  );
});

test('device identity is kept only where the site says so, and never what names the patient', () => {
  assert.ok(!cleaned({}).has('StationName') && !cleaned({}).has('DeviceSerialNumber'));
  const kept = cleaned({ retainDeviceIdentity: true });
  assert.deepEqual([kept.text('StationName'), kept.text('DeviceSerialNumber')], ['MRROOM3', 'SN-77123']);
  assert.ok(!cleaned({ retainDeviceIdentity: true }, { StationName: 'QUUX-3' }).has('StationName'));
});

test('an enhanced image gets a value where its definition demands one', () => {
  const rules = profileRules({ ...defaultOptions, retainLongitudinal: false }, true);
  assert.equal(rules.ruleOf(attribute('ContentDate').tag).action, 'D');
  assert.equal(rules.ruleOf(attribute('DeviceSerialNumber').tag).action, 'D');
  const classic = profileRules({ ...defaultOptions, retainLongitudinal: false }, false);
  assert.equal(classic.ruleOf(attribute('ContentDate').tag).action, 'Z');
  assert.equal(classic.ruleOf(attribute('DeviceSerialNumber').tag).action, 'X');
});

test("words of the header's own names go, technical or not, titles and words of the hospital do not take others with them", () => {
  const changes: Attributes = {
    PatientName: 'Head^Long^^Mr',
    ReferringPhysicianName: 'Small^Bo^^Dr',
    InstitutionName: 'Brain Imaging Centre Wolverhamptown',
    SeriesDescription: 'MR head long small brain T1',
    StudyDescription: 'Bo T2 HEAD_Long',
    ScanOptions: ['FS', 'HEAD'],
    BodyPartExamined: 'HEAD',
  };
  const dataset = cleaned({}, changes);
  assert.equal(dataset.text('SeriesDescription'), 'MR brain T1');
  assert.equal(dataset.text('StudyDescription'), 'T2');
  assert.deepEqual(dataset.texts('ScanOptions'), ['FS']);
  assert.equal(dataset.text('BodyPartExamined'), 'HEAD');
});

test('of private attributes known numbers survive, under their creator only and if they are numbers', () => {
  const siemens = [
    text(0x00190010, 'LO', 'SIEMENS MR HEADER'),
    text(0x0019100c, 'IS', '1000'),
    text(0x0019100d, 'CS', 'DIRECTIONAL'),
    text(0x00191008, 'CS', 'QUUX'),
  ];
  const dataset = cleaned({}, {}, siemens);
  assert.deepEqual(
    [...dataset.elements.keys()].filter((tag) => (tag >>> 16) & 1),
    [0x00190010, 0x0019100c, 0x0019100d],
  );
  assert.ok(!cleaned({ retainSafePrivate: false }, {}, siemens).elements.has(0x0019100c));
  const wrong: [DicomElement, DicomElement][] = [
    [text(0x00190010, 'LO', 'Zaphira Quux'), text(0x0019100c, 'IS', '1000')],
    [text(0x00190010, 'LO', 'SIEMENS MR HEADER'), text(0x0019100c, 'IS', '987654321')],
    [text(0x00190010, 'LO', 'SIEMENS MR HEADER'), text(0x0019100c, 'UN', 'Zaphira')],
    [text(0x00190010, 'LO', 'SIEMENS MR HEADER'), text(0x0019100d, 'CS', 'QUUX')],
    [text(0x00190011, 'LO', 'SIEMENS MR HEADER'), text(0x0019100c, 'IS', '1000')],
  ];
  for (const elements of wrong)
    assert.ok(![...cleaned({}, {}, elements).elements.keys()].some((tag) => (tag >>> 16) & 1));
});

test('codes of public schemes are kept with their items, others go with theirs', () => {
  const region = (CodeValue: string, CodingSchemeDesignator: string) =>
    cleaned({}, { AnatomicRegionSequence: [{ CodeValue, CodingSchemeDesignator, CodeMeaning: 'Brain of Zaphira' }] })
      .items('AnatomicRegionSequence')
      .map((item) => [item.text('CodeValue'), item.text('CodingSchemeDesignator'), item.text('CodeMeaning')]);
  // SNOMED CT 12738006 is the brain; the next number has no valid check digit.
  assert.deepEqual(region('12738006', 'SCT'), [['12738006', 'SCT', 'Brain of']]);
  assert.deepEqual(region('T-A0100', 'SRT'), [['T-A0100', 'SRT', 'Brain of']]);
  for (const [code, scheme] of [
    ['12738007', 'SCT'],
    ['4711', '99HOSP'],
    ['QUUX', 'UCUM'],
    ['HOSP-4711', 'DCM'],
  ] as const)
    assert.deepEqual(region(code, scheme), [], code);
});

test('character sets that are not of DICOM, or stand beside one that stands alone, are refused; misspellings are read', () => {
  const under = (terms: string) => cleaned({}, {}, [text(0x00080005, 'CS', terms)]);
  for (const terms of [
    'ISO_IR 999',
    'KLINGON',
    'ISO_IR 192\\ISO 2022 IR 87',
    'GB18030\\ISO 2022 IR 58',
    '\\\\ISO 2022 IR 87',
  ])
    assert.throws(
      () => under(terms),
      (error) => error instanceof DicomError && error.code === 'UNSUPPORTED',
      terms,
    );
  for (const terms of [
    '',
    'ISO_IR 100',
    'ISO IR 100',
    'iso_ir_192',
    'UTF-8',
    '\\ISO 2022 IR 87',
    'ISO 2022 IR 100\\ISO 2022 IR 144',
    'GBK',
  ])
    assert.equal(under(terms).text('SeriesDescription'), 'Ax T1 BRAVO', terms);
  const nested = new Dataset([text(0x00080005, 'CS', 'KLINGON')]);
  const hidden: DicomElement = {
    kind: 'sequence',
    tag: attribute('ReferencedImageSequence').tag,
    vr: 'SQ',
    items: [nested],
  };
  assert.throws(() => cleaned({}, {}, [hidden]), DicomError);
});

test('counts name attributes, actions and rules, and are the same for files to which the same was done', () => {
  const counts = (changes: Attributes) =>
    deidentify(writePart10(buildDataset({ ...sample, ...changes })), { tenantKey }).counts;
  const one = counts({ SeriesDescription: 'T1 Zaphira 12.03.1960 zaphi@quux.example x99', PatientAge: '093Y' });
  assert.equal(one.attributes['00100010 REPLACED'], 1);
  assert.equal(one.attributes['00080018 UID_REPLACED'], 1);
  assert.equal(one.attributes['00080020 DATE_SHIFTED'], 1);
  assert.deepEqual(one.rules, { HEADER_IDENTIFIER: 1, DATE: 1, MAIL: 1, NUMBER: 1, AGE_ABOVE_89: 1 });
  assert.ok(!/zaphi|quux|4711|1960/i.test(JSON.stringify(one)));
  const same = counts({
    SeriesDescription: 'T2 Zaphira 1/1/1970 a@b.example y11',
    PatientAge: '092Y',
    SOPInstanceUID: '1.2.3.9',
  });
  assert.equal(JSON.stringify(one), JSON.stringify(same));
});

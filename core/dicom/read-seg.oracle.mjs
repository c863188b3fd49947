// Makes read-seg-dcmjs.oracle.json: a binary SEG as dcmjs, and so OHIF, writes it, of a 16 x 12 x 6 image.
// node read-seg.oracle.mjs    (dcmjs 0.52)
import { writeFileSync } from 'node:fs';
import dcmjs from 'dcmjs';

const [columns, rows, slices] = [16, 12, 6];
const [spacing, thickness, origin] = [[1.25, 0.75], 1.5, [-20, 10, 5]];
const root = '1.2.826.0.1.3680043.10.7777.';
const images = Array.from({ length: slices }, (_, k) => ({
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
  SOPInstanceUID: `${root}3.${k + 1}`,
  StudyInstanceUID: `${root}1`,
  SeriesInstanceUID: `${root}2`,
  FrameOfReferenceUID: `${root}4`,
  Modality: 'MR',
  PatientID: 'P-1',
  PatientName: 'P-1',
  Rows: rows,
  Columns: columns,
  PixelSpacing: spacing,
  SliceThickness: thickness,
  SpacingBetweenSlices: thickness,
  ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
  ImagePositionPatient: [origin[0], origin[1], origin[2] + thickness * k],
  InstanceNumber: k + 1,
  BitsAllocated: 16,
  BitsStored: 16,
  HighBit: 15,
  PixelRepresentation: 1,
  SamplesPerPixel: 1,
  PhotometricInterpretation: 'MONOCHROME2',
  PixelData: new Uint8Array(rows * columns * 2).buffer,
  _meta: { TransferSyntaxUID: { Value: ['1.2.840.10008.1.2.1'], vr: 'UI' } },
  _vrMap: { PixelData: 'OW' },
}));

const inBox = (n, [i0, i1, j0, j1, k0, k1]) => {
  const [i, j, k] = [n % columns, Math.floor(n / columns) % rows, Math.floor(n / (columns * rows))];
  return i >= i0 && i < i1 && j >= j0 && j < j1 && k >= k0 && k < k1;
};
const boxes = [
  [3, 7, 2, 5, 1, 3],
  [9, 12, 8, 11, 2, 5],
];
const label = Array.from({ length: columns * rows * slices }, (_, n) => 1 + boxes.findIndex((box) => inBox(n, box)));

const multiFrame = dcmjs.normalizers.Normalizer.normalizeToDataset(images);
const positions = multiFrame.PerFrameFunctionalGroupsSequence.map(
  (group) => group.PlanePositionSequence.ImagePositionPatient[2],
);
const frameOf = (k) => positions.indexOf(origin[2] + thickness * k) + 1;
const seg = new dcmjs.derivations.Segmentation([multiFrame]);
const slicesOf = (box) => Array.from({ length: box[5] - box[4] }, (_, n) => box[4] + n);
seg.setNumberOfFrames(boxes.reduce((count, box) => count + slicesOf(box).length, 0));
boxes.forEach((box, b) => {
  const plane = rows * columns;
  const pixels = Uint8Array.from(
    slicesOf(box).flatMap((k) => label.slice(k * plane, (k + 1) * plane).map((value) => Number(value === b + 1))),
  );
  const tissue = { CodeValue: 'T-D0050', CodingSchemeDesignator: 'SRT', CodeMeaning: 'Tissue' };
  const segment = {
    SegmentLabel: `Lesion ${b + 1}`,
    SegmentAlgorithmType: 'MANUAL',
    SegmentedPropertyCategoryCodeSequence: tissue,
    SegmentedPropertyTypeCodeSequence: tissue,
  };
  seg.addSegment(segment, pixels, slicesOf(box).map(frameOf));
});
seg.bitPackPixelData();
const file = Buffer.from(dcmjs.data.datasetToDict(seg.dataset).write()).toString('base64');
const indexToLps = [spacing[1], 0, 0, origin[0], 0, spacing[0], 0, origin[1], 0, 0, thickness, origin[2], 0, 0, 0, 1];
const text = JSON.stringify({ size: [columns, rows, slices], indexToLps, label: label.join(''), file });
writeFileSync(new URL('read-seg-dcmjs.oracle.json', import.meta.url), text);

import type { ObjectIdentity, SourceSeries } from '#core/dicom/derived-series.ts';
import { keyedUid, randomUid } from '#core/dicom/uid.ts';
import { writeContours } from '#core/dicom/write-contours.ts';
import { slicesOfLesions, writeMeasurements } from '#core/dicom/write-measurements.ts';
import { writeParametricMap } from '#core/dicom/write-parametric-map.ts';
import { type Segment, writeSeg } from '#core/dicom/write-seg.ts';
import type { LabelVolume, Volume } from '#core/domain/geometry.ts';
import type { SegmentationId } from '#core/domain/ids.ts';
import { objectIdentity } from '#core/reading/object-identity.ts';
import type { SegmentedVolume } from '../postprocess/segment.ts';
import type { ResultKind, SegmentForm } from './segment-store.ts';

/** As the view dicom_series tells them. */
const seriesNumbers: Readonly<Record<ResultKind, number>> = {
  SEG: 910,
  PROBABILITY_MAP: 911,
  MEASUREMENTS: 912,
  CONTOURS: 913,
};

export interface ResultFile {
  readonly kind: ResultKind;
  readonly identity: ObjectIdentity;
  readonly bytes: Uint8Array;
}

/** What an answer is written of. */
export interface Answer {
  readonly id: SegmentationId;
  readonly versionNumber: number;
  readonly threshold: number;
  readonly segmentForm: SegmentForm;
  readonly source: SourceSeries;
  readonly map: Volume<Float32Array>;
  readonly found: SegmentedVolume;
}

/**
 * An answer as DICOM files: the map and the measurements always; SEG and contours if there is a lesion, since neither can be empty.
 * @throws DicomError GRID_MISMATCH
 */
export function resultFiles(answer: Answer): ResultFile[] {
  const { id, versionNumber, threshold, segmentForm, source, map, found } = answer;
  const { label, lesions } = found;
  const name = `Metloop model ${versionNumber}`;
  const algorithm = { version: String(versionNumber), parameters: `threshold ${threshold}` };
  const identityOf = (kind: ResultKind, what: string): ObjectIdentity =>
    objectIdentity({
      sopInstanceUid: randomUid(),
      seriesInstanceUid: randomUid(),
      seriesNumber: seriesNumbers[kind],
      seriesDescription: `${what}, ${name}`,
    });
  const tracked = lesions.map(({ number }) => ({
    number,
    tracking: { id: `Metastasis ${number}`, uid: keyedUid(Buffer.from(id), `lesion ${number}`) },
  }));
  const automatic = { algorithmType: 'AUTOMATIC' as const, algorithmName: name, algorithm };
  const each = segmentForm === 'EACH_LESION';
  const segments: Segment[] = each
    ? tracked.map(({ number, tracking }) => ({ number, label: tracking.id, ...automatic, tracking }))
    : [{ number: 1, label: 'Metastases', ...automatic }];
  const seg = lesions.length > 0 ? identityOf('SEG', 'Metastases') : undefined;
  const slices = slicesOfLesions(label);
  const measured = lesions.map((measure, n) => ({
    measure,
    segmentNumber: each ? measure.number : 1,
    trackingId: tracked[n]!.tracking.id,
    trackingUid: tracked[n]!.tracking.uid,
    slices: slices.get(measure.number) ?? [],
  }));
  const file = (kind: ResultKind, identity: ObjectIdentity, bytes: Uint8Array): ResultFile => ({
    kind,
    identity,
    bytes,
  });
  const mapIdentity = identityOf('PROBABILITY_MAP', 'Probability of metastasis');
  const report = identityOf('MEASUREMENTS', 'Measurements of metastases');
  const contours = identityOf('CONTOURS', 'Contours of metastases');
  const outlined = tracked.map(({ number, tracking }) => ({ number, name: tracking.id }));
  return [
    ...(seg
      ? [file('SEG', seg, writeSeg({ label: each ? label : merged(label), source, segments, identity: seg }))]
      : []),
    file('PROBABILITY_MAP', mapIdentity, writeParametricMap({ map, source, identity: mapIdentity })),
    file(
      'MEASUREMENTS',
      report,
      writeMeasurements({ source, identity: report, seg, lesions: measured, algorithm: { name, ...algorithm } }),
    ),
    ...(seg
      ? [file('CONTOURS', contours, writeContours({ label, source, lesions: outlined, identity: contours }))]
      : []),
  ];
}

const merged = ({ grid, data }: LabelVolume): LabelVolume => ({ grid, data: data.map((value) => Math.min(value, 1)) });

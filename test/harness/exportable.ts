import { buildDataset } from '#core/dicom/build-dataset.ts';
import { toDicomJson } from '#core/dicom/dicom-json.ts';
import { frameGeometry } from '#core/dicom/frame-geometry.ts';
import { parsePart10 } from '#core/dicom/part10.ts';
import { keyedUid, randomUid, uids } from '#core/dicom/uid.ts';
import { writePart10 } from '#core/dicom/write-dataset.ts';
import { writeSeg } from '#core/dicom/write-seg.ts';
import { type Grid, type LabelVolume, voxelCount } from '#core/domain/geometry.ts';
import {
  type JobId,
  newId,
  type PreparationId,
  type ProtocolId,
  type RevisionId,
  type SeriesId,
  type SiteId,
  type StudyId,
  type SubjectId,
  type TaskId,
  type TenantId,
} from '#core/domain/ids.ts';
import { type Sequence, sequences } from '#core/domain/sequence.ts';
import { encodeLabel } from '#core/label/label-file.ts';
import { measureLesions } from '#core/label/measure.ts';
import { readBravoSource } from '#core/reading/source-store.ts';
import { putContent } from '#core/storage/content.ts';
import type { Services } from '../../api/context.ts';
import { LearningRows, preparedBy } from './learning.ts';

/** Oblique, of a field of view like a head's corner. */
export const bravoGrid: Grid = {
  size: [24, 20, 8],
  indexToLps: [0.96, -0.21, 0, -11.5, 0.28, 0.72, 0, -8.25, 0, 0, 2, 5, 0, 0, 0, 1],
};
/** Along the axes of another series: its slices are sagittal. */
const otherGrid: Grid = {
  size: [18, 14, 6],
  indexToLps: [0, 0, -3, 9, 1.5, 0, 0, -13, 0, -1.5, 0, 10, 0, 0, 0, 1],
};

/** What a voxel was given, by which tests know it again. */
export const voxelValue = (role: Sequence, copy: boolean, n: number): number => {
  const value = (n * (copy ? 7 : 11) + 13 * sequences.indexOf(role)) % 997;
  if (copy || role === 'BRAVO') return value;
  if (role === 'T1_PRE') return value / 4;
  return role === 'FLAIR' ? value + 60_000 : value - 500;
};
export const gridOf = (role: Sequence, copy: boolean): Grid => (copy || role === 'BRAVO' ? bravoGrid : otherGrid);

export interface Exportable {
  readonly studyId: StudyId;
  readonly subjectId: SubjectId;
  readonly pseudonym: string;
  readonly studyInstanceUid: string;
  readonly label: LabelVolume;
  readonly roles: readonly Sequence[];
  /** Hashes of the images as acquired, by role and in order. */
  readonly images: Readonly<Partial<Record<Sequence, readonly string[]>>>;
  readonly labelSha256: string;
}

export interface ExportableOptions {
  readonly siteId: SiteId;
  readonly pseudonym: string;
  readonly subjectId?: SubjectId;
  readonly date: string;
  /** Corner and edge of each lesion, in voxels. */
  readonly lesions: readonly (readonly [i: number, j: number, k: number, size: number])[];
  readonly roles?: readonly Sequence[];
}

/** Studies with their files, prepared and accepted, as uploads, workers and readers leave them. */
export class ExportableRows {
  readonly #services: Services;
  readonly #tenantId: TenantId;
  readonly rows: LearningRows;
  #protocolId: ProtocolId | undefined;

  constructor(services: Services, tenantId: TenantId) {
    this.#services = services;
    this.#tenantId = tenantId;
    this.rows = new LearningRows(services.database, tenantId);
  }

  async #store(bytes: Uint8Array): Promise<{ sha256: string; sizeBytes: number }> {
    return putContent(this.#services.objects, this.#tenantId, bytes);
  }

  async add(options: ExportableOptions): Promise<Exportable> {
    const tenant_id = this.#tenantId;
    const { siteId, pseudonym, date, roles = sequences } = options;
    const subjectId = options.subjectId ?? newId<SubjectId>();
    const [studyId, preparationId, jobId] = [newId<StudyId>(), newId<PreparationId>(), newId<JobId>()];
    const studyInstanceUid = randomUid();
    await this.rows.inTenant(async (db) => {
      if (!options.subjectId)
        await db.insertInto('subject').values({ tenant_id, id: subjectId, pseudonym, sex: 'FEMALE' }).execute();
      await db
        .insertInto('study')
        .values({
          ...{ tenant_id, id: studyId, site_id: siteId, subject_id: subjectId, study_instance_uid: studyInstanceUid },
          ...{ study_date: date, age_years: 90 },
        })
        .execute();
      await db
        .insertInto('job')
        .values({ tenant_id, id: jobId, kind: 'PREPARE', object_id: preparationId, state: 'SUCCEEDED' })
        .execute();
      await db
        .insertInto('preparation')
        .values({
          ...{ tenant_id, id: preparationId, study_id: studyId, job_id: jobId, state: 'READY', plan: '{}', number: 1 },
          ...{ plan_hash: preparedBy, prepared_sha256: '0'.repeat(64), bravo_grid: JSON.stringify(bravoGrid) },
        })
        .execute();
    });
    const images: Partial<Record<Sequence, string[]>> = {};
    const study = { studyId, studyInstanceUid, pseudonym, date, preparationId };
    for (const role of roles) images[role] = await this.#insertRole(study, role);
    const label = boxes(options.lesions);
    const labelSha256 = await this.#accept(study, label, options.lesions.length);
    return { ...study, subjectId, label, roles, images, labelSha256 };
  }

  /** A series as acquired and, but for BRAVO, its copy on BRAVO's grid with the registration. @returns hashes of what was acquired */
  async #insertRole(study: StudyKeys, role: Sequence): Promise<string[]> {
    const tenant_id = this.#tenantId;
    const seriesUid = randomUid();
    const acquired = newId<SeriesId>();
    const parameters = {
      ...{ acquisitionType: '3D', repetitionTimeMs: 8.4, echoTimeMs: 3.2, flipAngleDegrees: 12 },
      ...{ scanningSequence: ['GR'], sequenceVariant: ['SP'], scanOptions: [], imageType: [], instanceCount: 8 },
      ...{ seriesInstanceUid: seriesUid, seriesDescription: 'Described by Dr. Somebody' },
    };
    await this.rows.inTenant((db) =>
      db
        .insertInto('series')
        .values({
          ...{ tenant_id, id: acquired, study_id: study.studyId, series_instance_uid: seriesUid, modality: 'MR', role },
          ...{
            parameters: JSON.stringify(parameters),
            frame_of_reference_uid: keyedUid(Buffer.from(seriesUid), 'for'),
          },
        })
        .execute(),
    );
    const sha256s = await this.#insertSlices(study, acquired, seriesUid, role, false);
    if (role === 'BRAVO') return sha256s;
    const copy = newId<SeriesId>();
    const copyUid = keyedUid(Buffer.from(study.preparationId), `${seriesUid} on BRAVO`);
    await this.rows.inTenant(async (db) => {
      await db
        .insertInto('series')
        .values({
          ...{ tenant_id, id: copy, study_id: study.studyId, series_instance_uid: copyUid, modality: 'MR', role },
          ...{ derived_from_id: acquired },
        })
        .execute();
      const measured = { matrix: Array(16).fill(0), rotation_degrees: 0, translation_mm: 0, nmi: 1.2, plausible: true };
      await db
        .insertInto('registration')
        .values({
          ...{ tenant_id, id: newId(), preparation_id: study.preparationId, series_id: acquired, ...measured },
          ...{ checkerboard_sha256: '0'.repeat(64) },
        } as never)
        .execute();
    });
    await this.#insertSlices(study, copy, copyUid, role, true);
    return sha256s;
  }

  async #insertSlices(
    { studyInstanceUid, pseudonym }: StudyKeys,
    seriesId: SeriesId,
    seriesUid: string,
    role: Sequence,
    copy: boolean,
  ): Promise<string[]> {
    const grid = gridOf(role, copy);
    const [columns, rows, slices] = grid.size;
    const geometry = frameGeometry(grid);
    const slope = role === 'T1_PRE' && !copy ? 0.25 : 1;
    const unsigned = role === 'FLAIR' && !copy;
    const sha256s: string[] = [];
    // Numbered from the top: order is a matter of geometry, not of numbers.
    for (let k = slices - 1; k >= 0; k--) {
      const pixels = new (unsigned ? Uint16Array : Int16Array)(rows * columns);
      for (let n = 0; n < pixels.length; n++)
        pixels[n] = Math.round(voxelValue(role, copy, k * rows * columns + n) / slope);
      const dataset = buildDataset({
        ...{ SOPClassUID: uids.mrImage, SOPInstanceUID: randomUid(), StudyInstanceUID: studyInstanceUid },
        ...{ SeriesInstanceUID: seriesUid, Modality: 'MR', PatientID: pseudonym, PatientName: pseudonym },
        ...{ FrameOfReferenceUID: keyedUid(Buffer.from(seriesUid), 'for'), InstanceNumber: slices - k },
        ...{ Rows: rows, Columns: columns, BitsAllocated: 16, BitsStored: 16, HighBit: 15, SamplesPerPixel: 1 },
        ...{ PixelRepresentation: unsigned ? 0 : 1, PhotometricInterpretation: 'MONOCHROME2' },
        ...{ PixelSpacing: geometry.pixelSpacingMm, SliceThickness: geometry.sliceSpacingMm },
        ...{ ImageOrientationPatient: geometry.imageOrientation, ImagePositionPatient: geometry.position(k) },
        ...{ RescaleSlope: slope, RescaleIntercept: 0, PixelData: pixels },
      });
      const bytes = writePart10(dataset);
      const { sha256, sizeBytes } = await this.#store(bytes);
      sha256s.push(sha256);
      await this.rows.inTenant((db) =>
        db
          .insertInto('instance')
          .values({
            ...{ tenant_id: this.#tenantId, id: newId(), series_id: seriesId, sha256, source_hash: 'x' },
            ...{ sop_instance_uid: dataset.requireText('SOPInstanceUID'), sop_class_uid: uids.mrImage },
            ...{ transfer_syntax_uid: parsePart10(bytes).transferSyntaxUid, instance_number: slices - k },
            ...{ size_bytes: sizeBytes, metadata: JSON.stringify(toDicomJson(dataset)) },
          } as never)
          .execute(),
      );
    }
    return sha256s;
  }

  /** @returns the hash of the label */
  async #accept({ studyId, preparationId }: StudyKeys, label: LabelVolume, lesionCount: number): Promise<string> {
    const tenant_id = this.#tenantId;
    const [taskId, revisionId, sopInstanceUid] = [newId<TaskId>(), newId<RevisionId>(), randomUid()];
    const { sha256: labelSha256 } = await this.#store(encodeLabel(label));
    const source = await this.rows.inTenant((db) => readBravoSource(db, studyId));
    const seriesInstanceUid = randomUid();
    const identity = {
      ...{ sopInstanceUid, seriesInstanceUid, seriesNumber: 900, seriesDescription: 'Ground truth' },
      ...{ contentDate: '20260101', contentTime: '120000', softwareVersion: 'test' },
    };
    const segments = Array.from({ length: lesionCount }, (_, n) => ({
      ...{ number: n + 1, label: `Metastasis ${n + 1}`, algorithmType: 'MANUAL' as const },
    }));
    const seg = lesionCount > 0 ? (await this.#store(writeSeg({ label, source, segments, identity }))).sha256 : null;
    await this.rows.inTenant(async (db) => {
      if (!this.#protocolId) {
        this.#protocolId = newId<ProtocolId>();
        await db.insertInto('protocol').values({ tenant_id, id: this.#protocolId, name: 'Two readers' }).execute();
      }
      await db
        .insertInto('task')
        .values({
          ...{ tenant_id, id: taskId, study_id: studyId, protocol_id: this.#protocolId, preparation_id: preparationId },
        })
        .execute();
      await db
        .insertInto('revision')
        .values({
          ...{ tenant_id, id: revisionId, task_id: taskId, label_sha256: labelSha256, lesion_count: lesionCount },
          ...{ seg_sha256: seg, seg_sop_instance_uid: seg && sopInstanceUid },
          seg_series_instance_uid: seg && seriesInstanceUid,
          voxel_count: label.data.reduce((sum, value) => sum + Math.min(value, 1), 0),
        })
        .execute();
      const lesions = measureLesions(label).map((one) => ({
        ...{ tenant_id, id: newId(), revision_id: revisionId, number: one.number, voxel_count: one.voxelCount },
        ...{ volume_mm3: one.volumeMm3, longest_diameter_mm: one.longestDiameterMm, slice_count: one.sliceCount },
        ...{ perpendicular_diameter_mm: one.perpendicularDiameterMm, slice_index: one.sliceIndex },
        centroid_lps: [...one.centroidLps],
      }));
      if (lesions.length > 0)
        await db
          .insertInto('lesion')
          .values(lesions as never)
          .execute();
      await db
        .updateTable('task')
        .set({ state: 'ACCEPTED', ground_truth_id: revisionId })
        .where('id', '=', taskId)
        .execute();
    });
    return labelSha256;
  }
}

interface StudyKeys {
  readonly studyId: StudyId;
  readonly studyInstanceUid: string;
  readonly pseudonym: string;
  readonly preparationId: PreparationId;
}

function boxes(corners: ExportableOptions['lesions']): LabelVolume {
  const data = new Uint16Array(voxelCount(bravoGrid));
  const [columns, rows] = bravoGrid.size;
  for (const [index, [i0, j0, k0, size]] of corners.entries())
    for (let k = k0; k < k0 + size; k++)
      for (let j = j0; j < j0 + size; j++)
        data.fill(index + 1, (k * rows + j) * columns + i0, (k * rows + j) * columns + i0 + size);
  return { grid: bravoGrid, data };
}

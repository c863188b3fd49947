import { graphql } from '../../app/api/graphql.ts';
import { describedSegments } from './described-segments.ts';
import { isAlone, viewportIdOf } from './hanging-protocol.ts';
import { drawnSegments } from './label-pixels.ts';
import type { DisplaySet, Managers, NaturalDataset, Segmentation } from './ohif.ts';

export interface SavedRevision {
  readonly id: string;
  readonly voxelCount: number;
  readonly segSeriesInstanceUid: string | null;
  readonly lesions: readonly SavedLesion[];
}

/** As the server measured it. */
export interface SavedLesion {
  readonly number: number;
  readonly voxelCount: number;
  readonly longestDiameterMm: number;
  readonly coarse: boolean;
}

/** Labels and results that the study has. */
export const labelsOf = ({ servicesManager }: Managers): DisplaySet[] =>
  servicesManager.services.displaySetService.getActiveDisplaySets().filter(({ Modality }) => Modality === 'SEG');

/** For a label's file, which comes after the images. */
const patienceMs = 30_000;

/** The label that a series holds, once the viewer has loaded it. @throws Error if it does not */
export async function labelOf(managers: Managers, seriesInstanceUid: string): Promise<DisplaySet> {
  for (const until = Date.now() + patienceMs; ; await new Promise((again) => setTimeout(again, 50))) {
    const found = labelsOf(managers).find(({ SeriesInstanceUID }) => SeriesInstanceUID === seriesInstanceUid);
    if (found) return found;
    if (Date.now() > until) throw new Error('The last save of this read is not among what the viewer has loaded.');
  }
}

/** Shows a stored label in every viewport and makes it the one that is drawn on. */
export async function showLabel(managers: Managers, label: DisplaySet): Promise<void> {
  const { segmentationService } = managers.servicesManager.services;
  const segmentationId = label.displaySetInstanceUID;
  await label.load?.({ headers: {} });
  await showOnImages(managers, segmentationId);
  label.isHydrated = true;
  // Otherwise the background of some files would be drawn with, which draws nothing.
  segmentationService.setActiveSegment(segmentationId, 1);
}

/** Lays a label over all images that do not show it yet, but for those in a space of their own. */
export async function showOnImages({ servicesManager }: Managers, segmentationId: string): Promise<void> {
  const { segmentationService, viewportGridService } = servicesManager.services;
  for (const viewportId of viewportGridService.getState().viewports.keys()) {
    if (isAlone(viewportId)) continue;
    if (segmentationService.getSegmentationRepresentations(viewportId, { segmentationId }).length === 0)
      await segmentationService.addSegmentationRepresentation(viewportId, { segmentationId, type: 'Labelmap' });
    segmentationService.setActiveSegmentation(viewportId, segmentationId);
  }
}

/** Begins an empty label on BRAVO, with a first metastasis. */
export const beginLabel = ({ commandsManager }: Managers): Promise<unknown> =>
  commandsManager.runCommand('createLabelmapForViewport', {
    viewportId: viewportIdOf('BRAVO'),
    options: { createInitialSegment: true, label: 'Metastases' },
  });

const saveMutation = `mutation ($input: RevisionSaveInput!) { revisionSave(input: $input) {
  revision { id voxelCount segSeriesInstanceUid lesions { number voxelCount longestDiameterMm coarse } } userErrors { code message } } }`;

/**
 * Saves what is drawn as the next revision of a read: the SEG by STOW-RS, then the mutation, which answers only after the stored
 * label was read back and counted. Until it answers nothing is forgotten here, so a failure can be tried again.
 * @throws SignedOut, Refused
 */
export async function saveLabel(
  managers: Managers,
  input: {
    readId: string;
    parentId: string | null;
    segmentation: Segmentation | undefined;
    /** Metastases whose outlines are coarse. */
    coarse: ReadonlySet<number>;
    secondsSpent: number;
    autosaved: boolean;
    /** Told of the SEG's SOP instance UID before it is saved. */
    onSent: (segSopInstanceUid: string) => void;
  },
): Promise<SavedRevision> {
  const { segmentation, coarse, onSent, ...rest } = input;
  const drawn = segmentation ? drawnSegments(segmentation.segmentationId) : [];
  const segments = drawn.map(({ number, voxelCount }) => ({ number, voxelCount, coarse: coarse.has(number) }));
  const segSopInstanceUid = segmentation && segments.length > 0 ? await sendSeg(managers, segmentation, coarse) : null;
  if (segSopInstanceUid) onSent(segSopInstanceUid);
  const { revisionSave } = await graphql<{ revisionSave: { revision: SavedRevision } }>(saveMutation, {
    input: { ...rest, segSopInstanceUid, segments },
  });
  return revisionSave.revision;
}

async function sendSeg(
  { commandsManager, extensionManager }: Managers,
  { segmentationId }: Segmentation,
  coarse: ReadonlySet<number>,
): Promise<string> {
  const { dataset } = await commandsManager.runCommand<Promise<{ dataset: NaturalDataset }>>('generateSegmentation', {
    segmentationId,
    options: { SeriesDescription: 'Metastases', dataSource: 'metloop' },
  });
  // What OHIF writes where the study has none.
  if (dataset.StudyID === 'No Study ID') dataset.StudyID = '';
  const numbers = drawnSegments(segmentationId).map(({ number }) => number);
  dataset.SegmentSequence = describedSegments([dataset.SegmentSequence].flat(), numbers, coarse);
  const { store } = extensionManager.getDataSources('metloop')[0];
  await store.dicom(dataset);
  return dataset.SOPInstanceUID;
}

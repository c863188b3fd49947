import { graphql } from '../../app/api/graphql.ts';
import { viewportIdOf } from './hanging-protocol.ts';
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
}

/** Labels and results that the study has. */
export const labelsOf = ({ servicesManager }: Managers): DisplaySet[] =>
  servicesManager.services.displaySetService.getActiveDisplaySets().filter(({ Modality }) => Modality === 'SEG');

/** Shows a stored label in every viewport and makes it the one that is drawn on. */
export async function showLabel({ servicesManager }: Managers, label: DisplaySet): Promise<void> {
  const { segmentationService, viewportGridService } = servicesManager.services;
  const segmentationId = label.displaySetInstanceUID;
  await label.load?.({ headers: {} });
  for (const viewportId of viewportGridService.getState().viewports.keys()) {
    await segmentationService.addSegmentationRepresentation(viewportId, { segmentationId, type: 'Labelmap' });
    segmentationService.setActiveSegmentation(viewportId, segmentationId);
  }
  label.isHydrated = true;
  // Otherwise the background of some files would be drawn with, which draws nothing.
  segmentationService.setActiveSegment(segmentationId, 1);
}

/** Calls back once every viewport shows its image: a label laid over one before that is lost. @returns what stops waiting */
export function whenImagesAreThere({ servicesManager }: Managers, then: () => void): () => void {
  const { viewportGridService, cornerstoneViewportService } = servicesManager.services;
  const timer = setInterval(() => {
    const ids = [...viewportGridService.getState().viewports.keys()];
    const there = (id: string): boolean =>
      (cornerstoneViewportService.getCornerstoneViewport(id)?.getImageIds?.().length ?? 0) > 0;
    if (ids.length === 0 || !ids.every(there)) return;
    clearInterval(timer);
    then();
  }, 200);
  return () => clearInterval(timer);
}

/** Begins an empty label on BRAVO, with a first metastasis. */
export const beginLabel = ({ commandsManager }: Managers): Promise<unknown> =>
  commandsManager.runCommand('createLabelmapForViewport', {
    viewportId: viewportIdOf('BRAVO'),
    options: { createInitialSegment: true, label: 'Metastases' },
  });

/** Adds a metastasis and draws with it from now on: each is a segment of its own. @returns its number */
export function addMetastasis({ servicesManager }: Managers, { segmentationId, segments }: Segmentation): number {
  const { segmentationService } = servicesManager.services;
  const number = Math.max(0, ...Object.keys(segments).map(Number)) + 1;
  segmentationService.addSegment(segmentationId, { segmentIndex: number, label: `Metastasis ${number}` });
  segmentationService.setActiveSegment(segmentationId, number);
  return number;
}

const brushes = ['CircularBrush', 'CircularEraser'] as const;

/** @param radiusMm metastases are small: OHIF's own brush would cover most of them at once */
export function drawWith({ commandsManager }: Managers, toolName: (typeof brushes)[number], radiusMm: number): void {
  commandsManager.runCommand('setToolActive', { toolName, toolGroupId: 'default' });
  commandsManager.runCommand('setBrushSize', { value: radiusMm, toolNames: brushes });
}

const saveMutation = `mutation ($input: RevisionSaveInput!) { revisionSave(input: $input) {
  revision { id voxelCount segSeriesInstanceUid lesions { number voxelCount longestDiameterMm } } userErrors { code message } } }`;

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
    secondsSpent: number;
    autosaved: boolean;
    /** Told of the SEG's SOP instance UID before it is saved. */
    onSent: (segSopInstanceUid: string) => void;
  },
): Promise<SavedRevision> {
  const { segmentation, onSent, ...rest } = input;
  const drawn = segmentation ? drawnSegments(segmentation.segmentationId) : [];
  const segments = drawn.map(({ number, voxelCount }) => ({ number, voxelCount }));
  const segSopInstanceUid = segmentation && segments.length > 0 ? await sendSeg(managers, segmentation) : null;
  if (segSopInstanceUid) onSent(segSopInstanceUid);
  const { revisionSave } = await graphql<{ revisionSave: { revision: SavedRevision } }>(saveMutation, {
    input: { ...rest, segSopInstanceUid, segments },
  });
  return revisionSave.revision;
}

async function sendSeg(
  { commandsManager, extensionManager }: Managers,
  { segmentationId }: Segmentation,
): Promise<string> {
  const { dataset } = await commandsManager.runCommand<Promise<{ dataset: NaturalDataset }>>('generateSegmentation', {
    segmentationId,
    options: { SeriesDescription: 'Metastases', dataSource: 'metloop' },
  });
  // What OHIF writes where the study has none.
  if (dataset.StudyID === 'No Study ID') dataset.StudyID = '';
  const { store } = extensionManager.getDataSources('metloop')[0];
  await store.dicom(dataset);
  return dataset.SOPInstanceUID;
}

import type { Subset } from './dataset-split.ts';
import type { LesionGroup } from './lesion.ts';

/** A labelled study, as it was when the dataset was frozen. */
export interface ManifestCase {
  readonly studyId: string;
  readonly subjectId: string;
  readonly siteId: string;
  readonly subset: Subset;
  /** Of the patient, by the greatest count of accepted lesions among the patient's studies. */
  readonly lesionGroup: LesionGroup;
  readonly revisionId: string;
  /** Label volume on the BRAVO grid. */
  readonly labelSha256: string;
  readonly preparationId: string;
  /** Channels and brain mask on the network's grid. */
  readonly preparedSha256: string;
}

/** What a training and its evaluations read: content-addressed, as canonical JSON in the object store. */
export interface DatasetManifest {
  readonly schemaVersion: 1;
  readonly datasetId: string;
  readonly name: string;
  readonly split: { readonly seed: number; readonly testPerGroup: number; readonly trainPerDevelopment: number };
  /** The one plan by which every study was prepared. */
  readonly preparationPlanHash: string;
  /** By study id. */
  readonly cases: readonly ManifestCase[];
}

/** The manifest with its cases in the one order, so that the same content has the same hash. */
export function sortedManifest(manifest: DatasetManifest): DatasetManifest {
  return { ...manifest, cases: manifest.cases.toSorted((a, b) => (a.studyId < b.studyId ? -1 : 1)) };
}

import type { LesionGroup } from '#core/domain/lesion.ts';
import type {
  PreparationState,
  ReadState,
  RolloutStage,
  SegmentationState,
  TaskState,
} from '#core/domain/lifecycle.ts';
import type { Role } from '#core/domain/roles.ts';
import type { SeriesRole } from '#core/domain/sequence.ts';

/** A page of things, as the API gives it. */
export interface Connection<T> {
  readonly edges: readonly { readonly node: T }[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}
export const pageFields = 'pageInfo { endCursor hasNextPage }';
export const nodesOf = <T>({ edges }: Connection<T>): T[] => edges.map(({ node }) => node);

export interface Named {
  readonly id: string;
  readonly name: string;
}

export interface JobProgress {
  readonly step: string | null;
  readonly fraction: number;
  readonly message: string | null;
  readonly failure: { readonly message: string } | null;
}
export const progressFields = 'step fraction message failure { message }';

export interface Viewer {
  readonly member: Named;
  readonly tenant: Named;
  readonly roles: readonly Role[];
  readonly permissions: readonly string[];
  readonly sites: Connection<Named>;
}
/** Slices of the series that lesions are told of. */
export const bravoSlices = (
  series: readonly { readonly role: SeriesRole | null; readonly instanceCount: number }[],
): number => series.find(({ role }) => role === 'BRAVO')?.instanceCount ?? 0;

/** True if the caller may call an operation of the API. */
export const may = ({ permissions }: Viewer, operation: string): boolean => permissions.includes(operation);
export const viewerQuery = `{ viewer {
  member { id name } tenant { id name } roles permissions
  sites(first: 100) { edges { node { id name } } ${pageFields} }
} }`;

export interface Preparation {
  readonly id: string;
  readonly state: PreparationState;
  readonly progress: JobProgress;
}

export interface StudyInList {
  readonly id: string;
  readonly studyInstanceUid: string;
  readonly studyDate: string | null;
  readonly ageYears: number | null;
  readonly scanner: string | null;
  readonly createdAt: string;
  readonly site: Named;
  readonly subject: { readonly patientId: string; readonly sex: string | null };
  readonly missingRoles: readonly SeriesRole[];
  readonly preparation: Preparation | null;
  readonly tasks: {
    readonly edges: readonly {
      readonly node: { readonly state: TaskState; readonly repeatOf: { readonly round: number } | null };
    }[];
  };
}
export const studiesQuery = `query ($after: String, $filter: StudyFilter) { studies(first: 50, after: $after, filter: $filter) {
  edges { node {
    id studyInstanceUid studyDate ageYears scanner createdAt missingRoles
    site { id name } subject { patientId sex }
    preparation { id state progress { ${progressFields} } }
    tasks(first: 10) { edges { node { state repeatOf { round } } } }
  } } ${pageFields} } }`;

export interface Lesion {
  readonly number: number;
  readonly volumeMm3: number;
  readonly longestDiameterMm: number;
  readonly perpendicularDiameterMm: number;
  readonly sliceIndex: number;
  readonly probability: number | null;
}
const lesionFields = 'number volumeMm3 longestDiameterMm perpendicularDiameterMm sliceIndex probability';

export interface Segmentation {
  readonly id: string;
  readonly state: SegmentationState;
  readonly progress: JobProgress & { readonly queuedAt: string };
  readonly modelVersion: { readonly number: number };
  readonly requestedBy: Named;
  readonly lesions: readonly Lesion[];
  readonly dropped: readonly { readonly reason: string; readonly volumeMm3: number }[];
  readonly results: readonly { readonly kind: string; readonly seriesInstanceUid: string }[];
}
const segmentationFields = `id state progress { ${progressFields} queuedAt } modelVersion { number } requestedBy { id name }
  lesions { ${lesionFields} } dropped { reason volumeMm3 } results { kind seriesInstanceUid }`;

export interface Series {
  readonly id: string;
  readonly description: string | null;
  readonly modality: string;
  readonly role: SeriesRole | null;
  readonly roleSetByMember: boolean;
  readonly roleReason: string | null;
  readonly derivedFrom: { readonly role: SeriesRole | null } | null;
  readonly repetitionTimeMs: number | null;
  readonly echoTimeMs: number | null;
  readonly inversionTimeMs: number | null;
  readonly instanceCount: number;
}

export interface Study extends Omit<StudyInList, 'preparation' | 'tasks'> {
  readonly series: readonly Series[];
  readonly preparation:
    | (Preparation & {
        readonly brainMaskVolumeMm3: number | null;
        readonly warnings: readonly string[];
        readonly registrations: readonly {
          readonly series: { readonly role: SeriesRole | null; readonly seriesInstanceUid: string };
          readonly rotationDegrees: number;
          readonly translationMm: number;
          readonly nmi: number;
          readonly plausible: boolean;
        }[];
        readonly judgement: { readonly decision: string; readonly reason: string; readonly member: Named } | null;
      })
    | null;
  readonly tasks: Connection<{
    readonly id: string;
    readonly round: number;
    readonly state: TaskState;
    /** Null where the label was imported. */
    readonly protocol: (Named & { readonly number: number }) | null;
    readonly unassignedReads: number;
    readonly repeatOf: { readonly round: number } | null;
    readonly reads: readonly {
      readonly id: string;
      readonly kind: string;
      readonly state: ReadState;
      readonly reader: Named | null;
      readonly dueAt: string | null;
    }[];
  }>;
  readonly groundTruth: {
    readonly lesions: readonly Lesion[];
    readonly savedAt: string;
    readonly imported: {
      readonly source: string;
      readonly reason: string;
      readonly beganAsDraft: boolean;
      readonly member: Named;
    } | null;
  } | null;
  readonly segmentations: Connection<Segmentation>;
}
export const studyQuery = `query ($id: ID!) { node(id: $id) { ... on Study {
  id studyInstanceUid studyDate ageYears scanner createdAt missingRoles site { id name } subject { patientId sex }
  series { id description modality role roleSetByMember roleReason derivedFrom { role } repetitionTimeMs echoTimeMs inversionTimeMs instanceCount }
  preparation { id state progress { ${progressFields} } brainMaskVolumeMm3 warnings
    registrations { series { role seriesInstanceUid } rotationDegrees translationMm nmi plausible }
    judgement { decision reason member { id name } } }
  tasks { edges { node { id round state unassignedReads repeatOf { round } protocol { id name number } reads { id kind state dueAt reader { id name } } } } ${pageFields} }
  groundTruth { savedAt imported { source reason beganAsDraft member { id name } } lesions { ${lesionFields} } }
  segmentations { edges { node { ${segmentationFields} } } ${pageFields} }
} } }`;

export const requestSegmentationMutation = `mutation ($input: RequestSegmentationInput!) {
  requestSegmentation(input: $input) { segmentation { id } userErrors { code message } } }`;

export interface Read {
  readonly id: string;
  readonly kind: 'DELINEATE' | 'CROSS_CHECK' | 'ADJUDICATE';
  readonly state: ReadState;
  readonly secondsSpent: number;
  readonly returnedReason: string | null;
  readonly dueAt: string | null;
  readonly assisted: boolean;
  readonly reader: Named | null;
  readonly head: { readonly savedAt: string; readonly lesions: readonly { readonly number: number }[] } | null;
  readonly task: {
    readonly state: TaskState;
    readonly protocol: { readonly name: string; readonly instructions: string };
    readonly study: {
      readonly id: string;
      readonly studyInstanceUid: string;
      readonly studyDate: string | null;
      readonly subject: { readonly patientId: string };
    };
  };
}
export const readsQuery = `query ($after: String) { reads(first: 50, after: $after) { edges { node {
  id kind state secondsSpent returnedReason dueAt assisted reader { id name } head { savedAt lesions { number } }
  task { state protocol { name instructions } study { id studyInstanceUid studyDate subject { patientId } } }
} } ${pageFields} } }`;
export const readStartMutation = `mutation ($input: ReadStartInput!) { readStart(input: $input) { read { id kind state task { study { studyInstanceUid } } } userErrors { code message } } }`;

export interface Estimate {
  readonly mean: number;
  readonly low95: number | null;
  readonly high95: number | null;
  readonly count: number;
}
export interface Figures {
  readonly label: string;
  readonly caseCount: number;
  readonly lesionCount: number;
  readonly auc: Estimate | null;
  readonly precision: Estimate | null;
  readonly recall: Estimate | null;
  readonly dice: Estimate | null;
  readonly lesionSensitivity: Estimate | null;
  readonly fpPerCase: Estimate | null;
  readonly fpPerCase10mm3: Estimate | null;
}
const estimates = ['auc', 'precision', 'recall', 'dice', 'lesionSensitivity', 'fpPerCase', 'fpPerCase10mm3'];
const figureFields = `label caseCount lesionCount ${estimates.map((name) => `${name} { mean low95 high95 count }`).join(' ')}`;

export interface Rollout {
  readonly id: string;
  readonly stage: RolloutStage;
  readonly sites: Connection<Named>;
  readonly history: readonly {
    readonly stage: RolloutStage;
    readonly reason: string;
    readonly at: string;
    readonly member: Named;
  }[];
}

export interface VersionInList {
  readonly id: string;
  readonly number: number;
  readonly state: string;
  readonly publishedAt: string;
  readonly intendedUse: string;
  readonly rollouts: Connection<{ readonly stage: RolloutStage; readonly sites: Connection<Named> }>;
}
export const versionsQuery = `query ($after: String) { modelVersions(first: 50, after: $after) { edges { node {
  id number state publishedAt intendedUse
  rollouts { edges { node { stage sites { edges { node { id name } } ${pageFields} } } } ${pageFields} }
} } ${pageFields} } }`;

export interface Evaluation {
  readonly id: string;
  readonly state: string;
  readonly subset: string;
  readonly reportSha256: string | null;
  readonly intensityBaseline: { readonly dice: number } | null;
  readonly byGroup: readonly Figures[];
  readonly bySite: readonly Figures[];
}
export interface Version extends Omit<VersionInList, 'rollouts'> {
  readonly threshold: number;
  readonly thresholdRule: string;
  readonly limits: string;
  readonly requiredRoles: readonly SeriesRole[];
  readonly artifacts: readonly { readonly kind: string; readonly sha256: string }[];
  readonly evaluations: Connection<Evaluation>;
  readonly reviews: readonly {
    readonly id: string;
    readonly decision: string;
    readonly comment: string;
    readonly signature: { readonly printedName: string; readonly meaning: string; readonly signedAt: string };
  }[];
  readonly rollouts: Connection<Rollout>;
}
export const versionQuery = `query ($id: ID!) { node(id: $id) { ... on ModelVersion {
  id number state publishedAt intendedUse limits threshold thresholdRule requiredRoles artifacts { kind sha256 }
  evaluations { edges { node { id state subset reportSha256 intensityBaseline { dice }
    byGroup: figures(by: LESION_GROUP) { ${figureFields} } bySite: figures(by: SITE) { ${figureFields} } } } ${pageFields} }
  reviews { id decision comment signature { printedName meaning signedAt } }
  rollouts { edges { node { id stage sites { edges { node { id name } } ${pageFields} }
    history { stage reason at member { id name } } } } ${pageFields} }
} } }`;
export const versionSubmitMutation = `mutation ($input: ModelVersionSubmitInput!) { modelVersionSubmit(input: $input) { modelVersion { id } userErrors { code message } } }`;
export const reviewSignMutation = `mutation ($input: ReviewSignInput!) { reviewSign(input: $input) { review { id } userErrors { code message } } }`;
export const rolloutCreateMutation = `mutation ($input: RolloutCreateInput!) { rolloutCreate(input: $input) { rollout { id } userErrors { code message } } }`;
export const rolloutRollbackMutation = `mutation ($input: RolloutRollbackInput!) { rolloutRollback(input: $input) { rollout { id } userErrors { code message } } }`;

/** A group of patients in words. */
export const groupNames: Readonly<Record<LesionGroup, string>> = {
  NONE: 'no metastasis',
  ONE_TO_THREE: '1 to 3',
  FOUR_TO_TEN: '4 to 10',
  MORE_THAN_TEN: 'more than 10',
};

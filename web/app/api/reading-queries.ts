import type { ReadState, TaskState } from '#core/domain/lifecycle.ts';
import type { Role } from '#core/domain/roles.ts';
import type { SeriesRole } from '#core/domain/sequence.ts';
import { type Connection, type Named, pageFields } from './queries.ts';

/** What a coordinator chooses from. */
export interface Staff {
  readonly viewer: {
    readonly tenant: {
      readonly protocols: Connection<
        Named & { readonly number: number; readonly successor: { readonly id: string } | null }
      >;
      readonly members: Connection<
        Named & {
          readonly state: string;
          readonly grants: readonly { readonly role: Role; readonly sites: readonly { readonly id: string }[] }[];
        }
      >;
    };
  };
}
export const staffQuery = `{ viewer { tenant {
  protocols(first: 100) { edges { node { id name number successor { id } } } ${pageFields} }
  members(first: 100) { edges { node { id name state grants { role sites { id } } } } ${pageFields} }
} } }`;

const mutation = (name: string, inputType: string, payload: string): string =>
  `mutation ($input: ${inputType}!) { ${name}(input: $input) { ${payload} { id } userErrors { code message } } }`;

export const protocolPublishMutation = mutation('protocolPublish', 'ProtocolPublishInput', 'protocol');
export const taskCreateMutation = mutation('taskCreate', 'TaskCreateInput', 'tasks');
export const taskExcludeMutation = mutation('taskExclude', 'TaskExcludeInput', 'task');
export const taskReopenMutation = mutation('taskReopen', 'TaskReopenInput', 'task');
export const taskRepeatMutation = mutation('taskRepeat', 'TaskRepeatInput', 'task');
export const taskPrioritizeMutation = mutation('taskPrioritize', 'TaskPrioritizeInput', 'tasks');
export const readAssignMutation = mutation('readAssign', 'ReadAssignInput', 'reads');
export const seriesUpdateMutation = mutation('seriesUpdate', 'SeriesUpdateInput', 'series');
export const preparationStartMutation = mutation('preparationStart', 'PreparationStartInput', 'preparation');
export const preparationJudgeMutation = mutation('preparationJudge', 'PreparationJudgeInput', 'preparation');
export const verdictGiveMutation = mutation('verdictGive', 'VerdictGiveInput', 'agreements');
export const readSubmitMutation = mutation('readSubmit', 'ReadSubmitInput', 'read');

export type Decision = 'ACCEPT' | 'MERGE' | 'REDRAW' | 'REJECT';

/** What one reader outlined. */
export interface Outline {
  readonly id: string;
  readonly number: number;
  readonly volumeMm3: number;
  readonly longestDiameterMm: number;
  readonly perpendicularDiameterMm: number;
  readonly sliceIndex: number;
  /** mm. */
  readonly centroidLps: { readonly x: number; readonly y: number; readonly z: number };
}
const outlineFields = 'id number volumeMm3 longestDiameterMm perpendicularDiameterMm sliceIndex centroidLps { x y z }';

/** What a version found. */
export interface ModelLesion extends Outline {
  readonly probability: number | null;
}

/** What somebody decided about a place. */
export interface Judgement {
  readonly decision: Decision;
  readonly reason: string;
  readonly lesions: readonly { readonly id: string }[];
}

/** A place where readers differ, or that one outlined and another checks. */
export interface Dispute {
  readonly id: string;
  readonly kind: 'AGREED' | 'ONE_READER_ONLY' | 'BOUNDARY_DISPUTE';
  readonly dice: number | null;
  readonly hd95Mm: number | null;
  readonly lesions: readonly Outline[];
  /** None where there is no answer, or none that may be seen. */
  readonly modelLesions: readonly ModelLesion[];
  /** Of the second reader. */
  readonly check: Judgement | null;
  readonly verdict: Judgement | null;
}

export interface Adjudication {
  readonly id: string;
  readonly kind: string;
  readonly state: ReadState;
  readonly head: { readonly id: string; readonly lesions: readonly Outline[] } | null;
  readonly task: {
    readonly protocol: { readonly name: string; readonly instructions: string };
    readonly study: {
      readonly studyInstanceUid: string;
      readonly studyDate: string | null;
      readonly series: readonly { readonly role: SeriesRole | null; readonly instanceCount: number }[];
      readonly site: Named;
      readonly subject: { readonly patientId: string };
    };
  };
  readonly agreements: Connection<Dispute>;
}
export const adjudicationQuery = `query ($id: ID!, $after: String) { node(id: $id) { ... on Read {
  id kind state head { id lesions { ${outlineFields} } }
  task { protocol { name instructions } study { studyInstanceUid studyDate series { role instanceCount } site { id name } subject { patientId } } }
  agreements(first: 100, after: $after) { edges { node { id kind dice hd95Mm
    lesions { ${outlineFields} } modelLesions { ${outlineFields} probability }
    check { decision reason lesions { id } } verdict { decision reason lesions { id } }
  } } ${pageFields} }
} } }`;

export interface Protocol extends Named {
  readonly number: number;
  readonly successor: { readonly id: string } | null;
  readonly instructions: string;
  readonly readerCount: number;
  readonly blind: boolean;
  readonly check: 'INDEPENDENT' | 'DELINEATE_THEN_CHECK';
  readonly assignment: 'MANUAL' | 'ROUND_ROBIN' | 'PRIORITY';
  readonly adjudicateSoleRead: boolean;
  readonly adjudicators: readonly Named[];
  readonly dueHours: number;
  readonly preAnnotation: boolean;
  readonly unassistedShare: number;
  readonly agreement: { readonly minDice: number; readonly maxHd95Mm: number; readonly smallLesionMm: number };
  readonly publishedAt: string;
}
export const protocolsQuery = `{ viewer { tenant { protocols(first: 100) { edges { node {
  id name number successor { id } instructions readerCount blind check assignment adjudicateSoleRead adjudicators { id name } dueHours
  preAnnotation unassistedShare agreement { minDice maxHd95Mm smallLesionMm } publishedAt
} } ${pageFields} } } } }`;

/** A task that is being read. */
export interface DeskTask {
  readonly id: string;
  readonly state: TaskState;
  readonly priority: number | null;
  readonly unassignedReads: number;
  readonly protocol: { readonly name: string } | null;
  readonly study: { readonly id: string; readonly site: Named; readonly subject: { readonly patientId: string } };
  readonly reads: readonly {
    readonly id: string;
    readonly kind: string;
    readonly state: ReadState;
    readonly dueAt: string | null;
    readonly reader: Named | null;
  }[];
}
export interface Desk {
  readonly tasks: Connection<DeskTask>;
}
export const deskQuery = `query ($after: String) { tasks(first: 100, after: $after, filter: { states: [OPEN, DELINEATING, CROSS_CHECKING, ADJUDICATING] }) {
  edges { node { id state priority unassignedReads protocol { name } study { id site { id name } subject { patientId } }
    reads { id kind state dueAt reader { id name } } } } ${pageFields} } }`;

import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { TenantRow, SiteRow, MemberRow, UploadRow, RefusalRow, SubjectRow, StudyRow, SeriesRow, PreparationRow, RegistrationRow, ProtocolRow, TaskRow, ReadRow, RevisionRow, LabelImportRow, LesionRow, LesionAgreementRow, LesionVerdictRow, CommentRow, DatasetRow, DatasetCaseRow, DatasetExportRow, TrainingRunRow, TrainingMetricRow, CheckpointRow, RetrainingRow, RetrainingPolicyRow, ModelVersionRow, ArtifactRow, EvaluationRow, ReviewRow, RolloutRow, RolloutStepRow, SegmentationRow, SegmentationResultRow, DestinationRow, DeliveryRow, DeliveryItemRow, AuditEventRow, DefacingRunRow, JobRow } from '../graphql/rows.ts';
import type { UserErrorSource } from '../graphql/user-error.ts';
import type { NodeSource } from '../graphql/node-types.ts';
import type { Context } from '../context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A number of bytes, a whole JSON number up to 2^53 - 1. */
  ByteCount: { input: number; output: number; }
  /** A calendar day, YYYY-MM-DD. */
  Date: { input: string; output: string; }
  /** A moment in UTC, RFC 3339 with milliseconds, by the database's clock. */
  DateTime: { input: Date; output: Date; }
  /** A SHA-256 as 64 hexadecimal digits. */
  Sha256: { input: string; output: string; }
  /** An absolute address. */
  URL: { input: string; output: string; }
};

/** Agreement of labels with a reference: another read or the ground truth. Estimates are means over reads. */
export type AgreementFigures = {
  __typename?: 'AgreementFigures';
  /** Dice of each lesion found, at most 500, evenly chosen. */
  dices: Array<Scalars['Float']['output']>;
  /** Voxels changed for each voxel of the draft, over reads that started from one. */
  editedFraction: Maybe<Estimate>;
  /** Lesions that share no voxel with the reference, a read. */
  falsePositivesPerCase: Maybe<Estimate>;
  /** Fleiss' kappa of the independent readers on the same units; null for rows of one reader or pair, where a task has one reader, and where tasks have different numbers of them. */
  fleissKappa: Maybe<Scalars['Float']['output']>;
  /** Cohen's kappa of label and reference on whether a slice has a lesion: each slice of each study is a unit. Null where chance agrees always. */
  kappa: Maybe<Scalars['Float']['output']>;
  /** What the row is about, such as a pair, a site or a month. */
  label: Scalars['String']['output'];
  /** Lesions of the reference. */
  lesionCount: Scalars['Int']['output'];
  /** Dice of lesions found, each with all that touches it; of a read the mean. */
  lesionDice: Maybe<Estimate>;
  /** 95 % surface distance of lesions found (DeepMind variant); of a read the mean. */
  lesionHd95Mm: Maybe<Estimate>;
  /** Reads that count, a read held against two others twice. */
  readCount: Scalars['Int']['output'];
  /** Seconds a read, as its saves told. */
  secondsSpent: Maybe<Estimate>;
  /** Share of the reference's lesions found: some voxel is shared. Over reads whose reference has lesions. */
  sensitivity: Maybe<Estimate>;
  /** Tasks that count. */
  taskCount: Scalars['Int']['output'];
  /** Mean of volume less the reference's, over lesions found (Bland and Altman). */
  volumeBiasMm3: Maybe<Scalars['Float']['output']>;
  /** Volume less the reference's of the same lesions, in that order. */
  volumeDifferencesMm3: Array<Scalars['Float']['output']>;
  /** Lower and upper 95 % limit of agreement of volumes, 2 numbers. */
  volumeLimitsMm3: Maybe<Array<Scalars['Float']['output']>>;
  /** Mean of both volumes of each lesion found, at most 500, evenly chosen. */
  volumeMeansMm3: Array<Scalars['Float']['output']>;
};

/** Which reads; all given conditions hold. */
export type AgreementFilter = {
  /** Accepted before this time. */
  acceptedBefore?: InputMaybe<Scalars['DateTime']['input']>;
  /** Accepted at this time or later. */
  acceptedFrom?: InputMaybe<Scalars['DateTime']['input']>;
  /** Lesions shorter than this. */
  maxDiameterMm?: InputMaybe<Scalars['Float']['input']>;
  /** Lesions at least this long. */
  minDiameterMm?: InputMaybe<Scalars['Float']['input']>;
  /** By this version of a protocol. */
  protocolId?: InputMaybe<Scalars['ID']['input']>;
  /** Of these readers, at most 100. */
  readerIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** At these sites, at most 100. */
  siteIds?: InputMaybe<Array<Scalars['ID']['input']>>;
};

/** Kinds of comparison. */
export type AgreementKind =
  /** Every reader outlined it alike. */
  | 'AGREED'
  /** Outlines differ by more than the protocol allows. */
  | 'BOUNDARY_DISPUTE'
  /** Some reader did not. */
  | 'ONE_READER_ONLY';

/** Agreement over many tasks. */
export type AgreementReport = {
  __typename?: 'AgreementReport';
  /** Rows by label, at most 500. */
  rows: Array<AgreementFigures>;
};

/** What a row of agreement is about. */
export type AgreementRow =
  /** Reads that started from a draft and their control, against the ground truth. */
  | 'ARM'
  /** Reads of a month, by acceptance in UTC, against the ground truth. */
  | 'MONTH'
  /** A reader against another one. */
  | 'PAIR'
  /** A reader against the ground truth. */
  | 'READER'
  /** A reader against an earlier read of their own, in hidden repeats; the other rows leave those out. */
  | 'REPEAT'
  /** Reads of a site against the ground truth. */
  | 'SITE';

/** When two outlines of a lesion agree; they are matched by any overlap of 26-connected components. */
export type AgreementRule = {
  __typename?: 'AgreementRule';
  /** Boundary dispute above this 95 % surface distance (DeepMind variant). */
  maxHd95Mm: Scalars['Float']['output'];
  /** Boundary dispute below this Dice. */
  minDice: Scalars['Float']['output'];
  /** Lesions shorter than this agree by overlap alone. */
  smallLesionMm: Scalars['Float']['output'];
};

/** When two outlines agree. */
export type AgreementRuleInput = {
  /** Greatest 95 % surface distance. */
  maxHd95Mm?: Scalars['Float']['input'];
  /** Least Dice. */
  minDice?: Scalars['Float']['input'];
  /** Lesions shorter than this agree by overlap alone. */
  smallLesionMm?: Scalars['Float']['input'];
};

/** A version of a profile and the files that it was applied to. */
export type AppliedDeidentificationProfile = {
  __typename?: 'AppliedDeidentificationProfile';
  /** Files of the study de-identified by it. */
  instanceCount: Scalars['Int']['output'];
  /** The version. */
  profile: DeidentificationProfile;
};

/** Network. */
export type Architecture =
  /** The paper's 2.5D GoogLeNet. */
  | 'GOOGLENET_25D';

/** A file of a version. */
export type Artifact = {
  __typename?: 'Artifact';
  /** What it is. */
  kind: ArtifactKind;
  /** Hash. */
  sha256: Scalars['Sha256']['output'];
};

/** Files of a version. */
export type ArtifactKind =
  /** Manifest of the dataset. */
  | 'MANIFEST'
  /** Plan and preprocessing constants. */
  | 'PLAN'
  /** TensorFlow SavedModel: the content of saved_model.pb. */
  | 'SAVED_MODEL'
  /** Weights as safetensors. */
  | 'WEIGHTS';

/** How readers are chosen when nobody names one. */
export type AssignmentRule =
  /** Only by hand. */
  | 'MANUAL'
  /** Readers pull: whoever asks for the next read and has none waiting takes the task of the greatest priority. Checks and adjudication go by ROUND_ROBIN. */
  | 'PRIORITY'
  /** As soon as a task wants readers: of those at its site who had no read of it, who has the fewest to do. */
  | 'ROUND_ROBIN';

/** Something that happened; append-only, each holds the hash of the one before. */
export type AuditEvent = {
  __typename?: 'AuditEvent';
  /** What: the mutation's name, or a DICOM audit code for access to images. */
  action: Scalars['String']['output'];
  /** When. */
  at: Scalars['DateTime']['output'];
  /** Hash over this event and the hash before it. */
  hash: Scalars['Sha256']['output'];
  /** Who, null for the service itself. */
  member: Maybe<Member>;
  /** Number in the tenant's chain, from 1, without gaps. */
  number: Scalars['Int']['output'];
  /** Its global id, null for what has none. */
  objectId: Maybe<Scalars['ID']['output']>;
  /** Kind of the object that it was done to, such as `Study`. */
  objectType: Scalars['String']['output'];
  /** Why, if a reason was given. */
  reason: Maybe<Scalars['String']['output']>;
  /** Id of the request, as in the logs. */
  requestId: Scalars['String']['output'];
};

/** A page of events. */
export type AuditEventConnection = {
  __typename?: 'AuditEventConnection';
  /** In order, at most 100. */
  edges: Array<AuditEventEdge>;
  /** Where it ends. */
  pageInfo: PageInfo;
};

/** An event in a page. */
export type AuditEventEdge = {
  __typename?: 'AuditEventEdge';
  /** Its place. */
  cursor: Scalars['String']['output'];
  /** An event. */
  node: AuditEvent;
};

/** Which events; all given conditions hold. */
export type AuditFilter = {
  /** Of these actions, at most 50. */
  actions?: InputMaybe<Array<Scalars['String']['input']>>;
  /** By this member. */
  memberId?: InputMaybe<Scalars['ID']['input']>;
  /** On this object. */
  objectId?: InputMaybe<Scalars['ID']['input']>;
};

/** How the second look is done. */
export type CheckKind =
  /** One reader delineates, a second one judges each lesion of theirs and adds what was missed. */
  | 'DELINEATE_THEN_CHECK'
  /** Each reader delineates alone; lesions are compared. */
  | 'INDEPENDENT';

/** State to resume from: weights, moments, sampler and random state. */
export type Checkpoint = {
  __typename?: 'Checkpoint';
  /** Attempt that wrote it. */
  attempt: Scalars['Int']['output'];
  /** When. */
  savedAt: Scalars['DateTime']['output'];
  /** Hash. */
  sha256: Scalars['Sha256']['output'];
  /** Step. */
  step: Scalars['Int']['output'];
};

/** A remark pinned to a place of a study. */
export type Comment = Node & {
  __typename?: 'Comment';
  /** What is said. */
  body: Scalars['String']['output'];
  /** When. */
  createdAt: Scalars['DateTime']['output'];
  /** Opaque global id. */
  id: Scalars['ID']['output'];
  /** Who. With ADJUDICATOR but none of COORDINATOR, ENGINEER, AUDITOR, under a blind protocol: null for others until ACCEPTED. */
  member: Maybe<Member>;
  /** True for the caller's own. */
  mine: Scalars['Boolean']['output'];
  /** Where. */
  point: Point3;
  /** When it was settled, null while it is open. Blinded: by themselves. */
  resolvedAt: Maybe<Scalars['DateTime']['output']>;
  /** Task. */
  task: Task;
};

/** Input of commentAdd. */
export type CommentAddInput = {
  /** What is said, 1 to 2,000 characters. */
  body: Scalars['String']['input'];
  /** 8 to 64 characters of the caller's choice; a repeat with the same key gives the first remark. */
  idempotencyKey: Scalars['String']['input'];
  /** Where, within BRAVO. */
  point: Point3Input;
  /** The task. */
  taskId: Scalars['ID']['input'];
};

/** Result of commentAdd. */
export type CommentAddPayload = {
  __typename?: 'CommentAddPayload';
  /** The remark. */
  comment: Maybe<Comment>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** A page of remarks. */
export type CommentConnection = {
  __typename?: 'CommentConnection';
  /** In order, at most 100. */
  edges: Array<CommentEdge>;
  /** Where it ends. */
  pageInfo: PageInfo;
};

/** A remark in a page. */
export type CommentEdge = {
  __typename?: 'CommentEdge';
  /** Its place. */
  cursor: Scalars['String']['output'];
  /** A remark. */
  node: Comment;
};

/** Input of commentResolve. */
export type CommentResolveInput = {
  /** The remark. */
  commentId: Scalars['ID']['input'];
  /** False to open it again. */
  resolved?: Scalars['Boolean']['input'];
};

/** Result of commentResolve. */
export type CommentResolvePayload = {
  __typename?: 'CommentResolvePayload';
  /** The remark. */
  comment: Maybe<Comment>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** The object was changed by someone else meanwhile (STALE), or is not in a state that allows the step (WRONG_STATE). */
export type ConflictError = UserError & {
  __typename?: 'ConflictError';
  /** STALE or WRONG_STATE. */
  code: ErrorCode;
  /** The object as it is now. */
  current: Maybe<Node>;
  /** What to do. */
  message: Scalars['String']['output'];
  /** Path of the input at fault, at most 8 steps. */
  path: Array<Scalars['String']['output']>;
};

/** Accepted labels to learn from and be judged by; split by patient. */
export type Dataset = Node & {
  __typename?: 'Dataset';
  /** Cases; none of a draft. Blinded: without the study. */
  cases: DatasetCaseConnection;
  /** Where an ENGINEER gets it written out, as a zip archive that is made while it is sent; null for a draft. */
  exportUrl: Maybe<Scalars['URL']['output']>;
  /** Exports of it, newest first; none for who reads blind. */
  exports: DatasetExportConnection;
  /** When it was frozen. */
  frozenAt: Maybe<Scalars['DateTime']['output']>;
  /** Opaque global id. */
  id: Scalars['ID']['output'];
  /** Hash of the manifest, once FROZEN. */
  manifestSha256: Maybe<Scalars['Sha256']['output']>;
  /** Name. */
  name: Scalars['String']['output'];
  /** Seed of the split. */
  seed: Maybe<Scalars['Int']['output']>;
  /** State. */
  state: DatasetState;
  /** Training runs on it. */
  trainingRuns: TrainingRunConnection;
};


/** Accepted labels to learn from and be judged by; split by patient. */
export type DatasetCasesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  subset?: InputMaybe<Subset>;
};


/** Accepted labels to learn from and be judged by; split by patient. */
export type DatasetExportUrlArgs = {
  format: ExportFormat;
};


/** Accepted labels to learn from and be judged by; split by patient. */
export type DatasetExportsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** Accepted labels to learn from and be judged by; split by patient. */
export type DatasetTrainingRunsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** A labelled study in a dataset. */
export type DatasetCase = {
  __typename?: 'DatasetCase';
  /** Group of its patient: by the greatest count of accepted lesions among the patient's studies. */
  lesionGroup: LesionGroup;
  /** Label. */
  revision: Revision;
  /** Study. */
  study: Study;
  /** Side. */
  subset: Subset;
};

/** A page of cases of a dataset. */
export type DatasetCaseConnection = {
  __typename?: 'DatasetCaseConnection';
  /** In order, at most 100. */
  edges: Array<DatasetCaseEdge>;
  /** Where it ends. */
  pageInfo: PageInfo;
};

/** A case in a page. */
export type DatasetCaseEdge = {
  __typename?: 'DatasetCaseEdge';
  /** Its place. */
  cursor: Scalars['String']['output'];
  /** A case. */
  node: DatasetCase;
};

/** A page of datasets. */
export type DatasetConnection = {
  __typename?: 'DatasetConnection';
  /** In order, at most 100. */
  edges: Array<DatasetEdge>;
  /** Where it ends. */
  pageInfo: PageInfo;
};

/** Input of datasetCreate. */
export type DatasetCreateInput = {
  /** Name, 1 to 200 characters, unique in the tenant. */
  name: Scalars['String']['input'];
};

/** Result of datasetCreate. */
export type DatasetCreatePayload = {
  __typename?: 'DatasetCreatePayload';
  /** The draft. */
  dataset: Maybe<Dataset>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** A dataset in a page. */
export type DatasetEdge = {
  __typename?: 'DatasetEdge';
  /** Its place. */
  cursor: Scalars['String']['output'];
  /** A dataset. */
  node: Dataset;
};

/** A dataset written out once; the archive itself is not kept. */
export type DatasetExport = Node & {
  __typename?: 'DatasetExport';
  /** Cases that it has, with those that are left out because their files are gone. */
  caseCount: Scalars['Int']['output'];
  /** Cases that are sent. */
  casesDone: Scalars['Int']['output'];
  /** Dataset. */
  dataset: Dataset;
  /** When it ended. */
  endedAt: Maybe<Scalars['DateTime']['output']>;
  /** Files that are sent. */
  fileCount: Scalars['Int']['output'];
  /** Form. */
  format: ExportFormat;
  /** Opaque global id. */
  id: Scalars['ID']['output'];
  /** SHA-256 of the archive's manifest.json, which has that of each file; once SUCCEEDED. */
  manifestSha256: Maybe<Scalars['Sha256']['output']>;
  /** Why it ended early. */
  message: Maybe<Scalars['String']['output']>;
  /** Who asked for it. */
  requestedBy: Member;
  /** Bytes of these files, unpacked. */
  sizeBytes: Scalars['ByteCount']['output'];
  /** When it began. */
  startedAt: Scalars['DateTime']['output'];
  /** State. */
  state: ExportState;
};

/** A page of exports. */
export type DatasetExportConnection = {
  __typename?: 'DatasetExportConnection';
  /** In order, at most 100. */
  edges: Array<DatasetExportEdge>;
  /** Where it ends. */
  pageInfo: PageInfo;
};

/** An export in a page. */
export type DatasetExportEdge = {
  __typename?: 'DatasetExportEdge';
  /** Its place. */
  cursor: Scalars['String']['output'];
  /** An export. */
  node: DatasetExport;
};

/** Input of datasetFreeze. */
export type DatasetFreezeInput = {
  /** The draft. */
  datasetId: Scalars['ID']['input'];
  /** Seed of the split, 0 or more. */
  seed?: Scalars['Int']['input'];
  /** Test patients of each lesion count group, 1 to 1,000, at most half of a group; the paper took 17. */
  testPerGroup?: Scalars['Int']['input'];
  /** Training patients to one development patient, 1 to 1,000. */
  trainPerDevelopment?: Scalars['Int']['input'];
};

/** Result of datasetFreeze. */
export type DatasetFreezePayload = {
  __typename?: 'DatasetFreezePayload';
  /** The dataset, FROZEN. */
  dataset: Maybe<Dataset>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** States of a dataset. */
export type DatasetState =
  /** Has no cases yet: freezing selects them. */
  | 'DRAFT'
  /** Its manifest is written and hashed; nothing changes any more. */
  | 'FROZEN';

/** How faces were removed from the images of a study. */
export type Defacing = {
  __typename?: 'Defacing';
  /** What was done or is being done, newest first, at most 20. */
  runs: Array<DefacingRun>;
  /** Images that nobody may read yet. */
  withheldInstances: Scalars['Int']['output'];
};

/** Input of defacingDecide. */
export type DefacingDecideInput = {
  /** What shall become of its withheld images. */
  decision: DefacingDecision;
  /** Why, 5 to 500 characters. */
  reason: Scalars['String']['input'];
  /** The study. */
  studyId: Scalars['ID']['input'];
};

/** Result of defacingDecide. */
export type DefacingDecidePayload = {
  __typename?: 'DefacingDecidePayload';
  /** The study. */
  study: Maybe<Study>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** What becomes of withheld images. */
export type DefacingDecision =
  /** Faces are removed; to try again after a failure. */
  | 'DEFACE'
  /** They are given out as they are. */
  | 'RELEASE';

/** A job that gives withheld images out. */
export type DefacingRun = {
  __typename?: 'DefacingRun';
  /** Of these, images in which voxels were removed; the others show neither face nor ears. */
  changedInstances: Maybe<Scalars['Int']['output']>;
  /** When. */
  createdAt: Scalars['DateTime']['output'];
  /** Who decided it, null if an upload began it. */
  decidedBy: Maybe<Member>;
  /** Without faces, or as they are. */
  decision: DefacingDecision;
  /** Images given out, null until it is done. */
  instanceCount: Maybe<Scalars['Int']['output']>;
  /** How far it is; `progress.failure` says why the images stay withheld. */
  progress: Progress;
  /** Why. */
  reason: Maybe<Scalars['String']['output']>;
  /** Version of the algorithm, null unless it removed faces. */
  version: Maybe<Scalars['String']['output']>;
};

/** What is done to an attribute. */
export type DeidentificationAction =
  /** Left with what identifies nobody. */
  | 'CLEANED'
  /** Moved by the patient's days. */
  | 'DATE_SHIFTED'
  /** Emptied. */
  | 'EMPTIED'
  /** Kept, as its form was that of its value representation. */
  | 'KEPT'
  /** Removed. */
  | 'REMOVED'
  /** Replaced by the pseudonym or by a value that says nothing. */
  | 'REPLACED'
  /** Replaced by a keyed UID, the same wherever it stood. */
  | 'UID_REPLACED';

/** A code of DICOM PS3.16 CID 7050. */
export type DeidentificationMethod = {
  __typename?: 'DeidentificationMethod';
  /** Code of scheme DCM. */
  code: Scalars['String']['output'];
  /** Its meaning. */
  meaning: Scalars['String']['output'];
};

/** What a site has chosen of the options of DICOM PS3.15 Annex E, beside the Basic Profile; it never changes, a changed choice is a further version. */
export type DeidentificationProfile = {
  __typename?: 'DeidentificationProfile';
  /** Technical words of descriptions are kept; else descriptions are removed. */
  cleanDescriptors: Scalars['Boolean']['output'];
  /** Codes, numbers and technical words of acquisition context and content items are kept; else these are removed. */
  cleanStructuredContent: Scalars['Boolean']['output'];
  /** Images are withheld until face and ears have been removed from them; else the face can be reconstructed from the voxels. */
  deface: Scalars['Boolean']['output'];
  /** What the files say of themselves in De-identification Method Code Sequence (0012,0064), at most 12; 113102 once their face was removed. */
  methods: Array<DeidentificationMethod>;
  /** Station names, serial numbers and the like of the scanner are kept; maker, model and field strength are in any case. */
  retainDeviceIdentity: Scalars['Boolean']['output'];
  /** Dates are shifted by a secret number of days, one for each patient; else dates and times are removed. */
  retainLongitudinal: Scalars['Boolean']['output'];
  /** Sex, age up to 90, size, weight and the like are kept. */
  retainPatientCharacteristics: Scalars['Boolean']['output'];
  /** Numbers of private attributes that are known to be safe, such as b-values, are kept. */
  retainSafePrivate: Scalars['Boolean']['output'];
  /** When, null for the built-in choice. */
  setAt: Maybe<Scalars['DateTime']['output']>;
  /** Who chose it, null for the built-in choice. */
  setBy: Maybe<Member>;
  /** 1 for the built-in choice, one more for each change. */
  version: Scalars['Int']['output'];
};

/** Input of deidentificationProfileSet. */
export type DeidentificationProfileSetInput = {
  /** Keep technical words of descriptions. */
  cleanDescriptors: Scalars['Boolean']['input'];
  /** Keep codes, numbers and technical words of acquisition context and content items. */
  cleanStructuredContent: Scalars['Boolean']['input'];
  /** Withhold images until face and ears have been removed from them. */
  deface?: Scalars['Boolean']['input'];
  /** Keep station names, serial numbers and the like of the scanner. */
  retainDeviceIdentity: Scalars['Boolean']['input'];
  /** Keep dates, shifted. */
  retainLongitudinal: Scalars['Boolean']['input'];
  /** Keep sex, age up to 90, size, weight and the like. */
  retainPatientCharacteristics: Scalars['Boolean']['input'];
  /** Keep numbers of private attributes that are known to be safe. */
  retainSafePrivate: Scalars['Boolean']['input'];
  /** The site. */
  siteId: Scalars['ID']['input'];
  /** The version that was read; if another came meanwhile the call is refused as STALE. */
  version: Scalars['Int']['input'];
};

/** Result of deidentificationProfileSet. */
export type DeidentificationProfileSetPayload = {
  __typename?: 'DeidentificationProfileSetPayload';
  /** The version now in force. */
  profile: Maybe<DeidentificationProfile>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** What de-identification did to the files of a study: counts, never values. */
export type DeidentificationReport = {
  __typename?: 'DeidentificationReport';
  /** Counts by attribute and action, items of sequences included, by tag, at most 1000. */
  attributes: Array<DeidentifiedAttribute>;
  /** Files that it is about. */
  instanceCount: Scalars['Int']['output'];
  /** The versions of the site's profile that were applied, newest first, at most 100. */
  profiles: Array<AppliedDeidentificationProfile>;
  /** Counts by the rule that took something away, at most 15. */
  rules: Array<DeidentificationRuleCount>;
};

/** Why something was taken away, beside the table of the standard. */
export type DeidentificationRule =
  /** A postal address in text. */
  | 'ADDRESS'
  /** An age above 89 years, told as 90. */
  | 'AGE_ABOVE_89'
  /** Bytes behind the last pixel. */
  | 'BEHIND_PIXELS'
  /** A date in text. */
  | 'DATE'
  /** A word stands in the file's own identifying attributes. */
  | 'HEADER_IDENTIFIER'
  /** A value without the form of its value representation. */
  | 'ILL_FORMED'
  /** An address on the web in text. */
  | 'LINK'
  /** A mail address in text. */
  | 'MAIL'
  /** An attribute that no list names. */
  | 'NOT_LISTED'
  /** A word with digits that is no measure. */
  | 'NUMBER'
  /** A number of a telephone in text, or one that looks like it. */
  | 'PHONE'
  /** The 128 bytes before the file's beginning. */
  | 'PREAMBLE'
  /** A private attribute that is not known to be safe. */
  | 'PRIVATE_NOT_SAFE'
  /** A code that is not of a public scheme; its item is removed. */
  | 'UNKNOWN_CODE'
  /** A word that is not technical. */
  | 'UNKNOWN_WORD';

/** How often one rule took something away. */
export type DeidentificationRuleCount = {
  __typename?: 'DeidentificationRuleCount';
  /** How often. */
  count: Scalars['Int']['output'];
  /** The rule. */
  rule: DeidentificationRule;
};

/** How often one thing was done to one attribute. */
export type DeidentifiedAttribute = {
  __typename?: 'DeidentifiedAttribute';
  /** What was done. */
  action: DeidentificationAction;
  /** How often. */
  count: Scalars['Int']['output'];
  /** Keyword. */
  name: Scalars['String']['output'];
  /** Tag, such as `(0010,0010)`; null for private attributes together, and for those that no dictionary knows. */
  tag: Maybe<Scalars['String']['output']>;
};

/** Results to be handed to one receiver, tried until they arrive. They carry pseudonymous patients and UIDs, as everything that is stored. */
export type Delivery = Job & Node & {
  __typename?: 'Delivery';
  /** Tries so far. */
  attempts: Scalars['Int']['output'];
  /** When it was asked for. */
  createdAt: Scalars['DateTime']['output'];
  /** When it arrived. */
  deliveredAt: Maybe<Scalars['DateTime']['output']>;
  /** Opaque global id. */
  id: Scalars['ID']['output'];
  /** What is sent, 1 to 4. */
  items: Array<DeliveryItem>;
  /** HTTP status of the last answer, null while none came. */
  lastStatus: Maybe<Scalars['Int']['output']>;
  /** What came of the last try, in one sentence; null before there was one and once all has arrived. */
  message: Maybe<Scalars['String']['output']>;
  /** When it is tried next, null unless it waits for that. */
  nextAttemptAt: Maybe<Scalars['DateTime']['output']>;
  /** How far the job is that sends it. */
  progress: Progress;
  /** Who asked. */
  requestedBy: Member;
  /** State. */
  state: DeliveryState;
  /** Where to. */
  target: DeliveryTarget;
};

/** A page of deliveries. */
export type DeliveryConnection = {
  __typename?: 'DeliveryConnection';
  /** In order, at most 100. */
  edges: Array<DeliveryEdge>;
  /** Where it ends. */
  pageInfo: PageInfo;
};

/** A delivery in a page. */
export type DeliveryEdge = {
  __typename?: 'DeliveryEdge';
  /** Its place. */
  cursor: Scalars['String']['output'];
  /** A delivery. */
  node: Delivery;
};

/** One result in a delivery. */
export type DeliveryItem = {
  __typename?: 'DeliveryItem';
  /** Why the receiver did not take it, null unless it said that it did not. */
  failure: Maybe<Scalars['String']['output']>;
  /** Failure Reason (0008,1197) of the receiver's last answer, null unless it named one. */
  failureReason: Maybe<Scalars['Int']['output']>;
  /** Which. */
  kind: ResultKind;
};

/** Input of deliveryRetry. */
export type DeliveryRetryInput = {
  /** The delivery. */
  deliveryId: Scalars['ID']['input'];
};

/** Result of deliveryRetry. */
export type DeliveryRetryPayload = {
  __typename?: 'DeliveryRetryPayload';
  /** The delivery, PENDING. */
  delivery: Maybe<Delivery>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** States of a delivery. */
export type DeliveryState =
  /** The receiver said that it stored everything. */
  | 'DELIVERED'
  /** Given up; it can be sent again. */
  | 'FAILED'
  /** Will be tried, or is being tried. */
  | 'PENDING';

/** Where deliveries go. */
export type DeliveryTarget = Destination;

/** Where results can be sent, such as a hospital's PACS. */
export type Destination = Node & {
  __typename?: 'Destination';
  /** Changes with every edit. */
  etag: Scalars['String']['output'];
  /** True if a bearer token is sent with every request; the token itself is never shown. */
  hasToken: Scalars['Boolean']['output'];
  /** Opaque global id. */
  id: Scalars['ID']['output'];
  /** Name. */
  name: Scalars['String']['output'];
  /** When it was removed, null while it is not. */
  removedAt: Maybe<Scalars['DateTime']['output']>;
  /** Site. */
  site: Site;
  /** [TENANT_ADMIN, AUDITOR] Address of its STOW-RS service; others get null. */
  url: Maybe<Scalars['URL']['output']>;
};

/** A page of destinations. */
export type DestinationConnection = {
  __typename?: 'DestinationConnection';
  /** In order, at most 100. */
  edges: Array<DestinationEdge>;
  /** Where it ends. */
  pageInfo: PageInfo;
};

/** Input of destinationCreate. */
export type DestinationCreateInput = {
  /** Name, 1 to 100 characters, one destination of a site. */
  name: Scalars['String']['input'];
  /** Site. */
  siteId: Scalars['ID']['input'];
  /** Bearer token to send, by https only, at most 4,096 characters; never shown again. */
  token?: InputMaybe<Scalars['String']['input']>;
  /** Address of the STOW-RS service, to which /studies is added: http or https, at a host that the operator permits, without name and password. */
  url: Scalars['URL']['input'];
};

/** Result of destinationCreate. */
export type DestinationCreatePayload = {
  __typename?: 'DestinationCreatePayload';
  /** The destination. */
  destination: Maybe<Destination>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** Input of destinationDelete. */
export type DestinationDeleteInput = {
  /** The destination. */
  destinationId: Scalars['ID']['input'];
  /** The etag last read. */
  ifMatch: Scalars['String']['input'];
};

/** Result of destinationDelete. */
export type DestinationDeletePayload = {
  __typename?: 'DestinationDeletePayload';
  /** The destination as it was. */
  destination: Maybe<Destination>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** A destination in a page. */
export type DestinationEdge = {
  __typename?: 'DestinationEdge';
  /** Its place. */
  cursor: Scalars['String']['output'];
  /** A destination. */
  node: Destination;
};

/** Input of destinationUpdate. */
export type DestinationUpdateInput = {
  /** The destination. */
  destinationId: Scalars['ID']['input'];
  /** The etag last read. */
  ifMatch: Scalars['String']['input'];
  /** New name; left out: as it is. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** New bearer token; null removes it, left out it stays unless the host changes. */
  token?: InputMaybe<Scalars['String']['input']>;
  /** New address; left out: as it is. */
  url?: InputMaybe<Scalars['URL']['input']>;
};

/** Result of destinationUpdate. */
export type DestinationUpdatePayload = {
  __typename?: 'DestinationUpdatePayload';
  /** The destination. */
  destination: Maybe<Destination>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** Why a finding was dropped. */
export type DropReason =
  /** It lies outside the brain mask. */
  | 'OUTSIDE_BRAIN_MASK'
  /** It is smaller than the version allows. */
  | 'TOO_SMALL';

/** A finding that is not among the lesions. */
export type DroppedFinding = {
  __typename?: 'DroppedFinding';
  /** Centre of gravity. */
  centroidLps: Point3;
  /** Greatest probability. */
  probability: Scalars['Float']['output'];
  /** Why. */
  reason: DropReason;
  /** Volume. */
  volumeMm3: Scalars['Float']['output'];
};

/** Kinds of user error. */
export type ErrorCode =
  /** This reader has already seen this case. */
  | 'ALREADY_READ'
  /** The label read back differs from what the client counted; nothing was saved. */
  | 'COUNT_MISMATCH'
  /** The label lies on another grid than the task's BRAVO. */
  | 'GRID_MISMATCH'
  /** The key was used with other input. */
  | 'IDEMPOTENCY_CONFLICT'
  /** A value is malformed or out of its range. */
  | 'INVALID'
  /** The label is unreadable. */
  | 'LABEL_UNREADABLE'
  /** A needed sequence is missing. */
  | 'MISSING_SEQUENCE'
  /** No such object, or none that the caller may see. */
  | 'NOT_FOUND'
  /** The study has no preparation in state READY. */
  | 'NOT_PREPARED'
  /** No version is LIVE at this site. */
  | 'NO_LIVE_VERSION'
  /** One's own work may not be approved, checked or adjudicated by oneself. */
  | 'OWN_WORK'
  /** Too few patients for the split asked for. */
  | 'SPLIT_IMPOSSIBLE'
  /** Changed by someone else since it was read. */
  | 'STALE'
  /** Lesions without a verdict remain. */
  | 'VERDICT_MISSING'
  /** The lifecycle does not allow this step now. */
  | 'WRONG_STATE';

/** A figure over cases. */
export type Estimate = {
  __typename?: 'Estimate';
  /** Cases that count. */
  count: Scalars['Int']['output'];
  /** Upper end of it. */
  high95: Maybe<Scalars['Float']['output']>;
  /** Lower end of the bootstrap 95 % interval. */
  low95: Maybe<Scalars['Float']['output']>;
  /** Mean. */
  mean: Scalars['Float']['output'];
  /** Standard deviation, null for one case. */
  sd: Maybe<Scalars['Float']['output']>;
};

/** A version judged on one side of a dataset. */
export type Evaluation = Job & Node & {
  __typename?: 'Evaluation';
  /** Cases, worst Dice first, those without metastasis last. Blinded: without the study. */
  cases: EvaluationCaseConnection;
  /** Dataset; it shares no patient with what the version learnt from. */
  dataset: Dataset;
  /** Figures a row, at most 200. */
  figures: Array<Figures>;
  /** Wilcoxon rank-sum tests between lesion count groups, at most 60. */
  groupTests: Array<GroupTest>;
  /** Opaque global id. */
  id: Scalars['ID']['output'];
  /** The best that a plain threshold on BRAVO intensity does on the same cases, for comparison. */
  intensityBaseline: Maybe<IntensityBaseline>;
  /** Version; null during its first evaluation, which decides whether it is published. */
  modelVersion: Maybe<ModelVersion>;
  /** How far it is. */
  progress: Progress;
  /** Hash of the report, which a review signs. */
  reportSha256: Maybe<Scalars['Sha256']['output']>;
  /** State. */
  state: RunState;
  /** Side of it. */
  subset: Subset;
};


/** A version judged on one side of a dataset. */
export type EvaluationCasesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** A version judged on one side of a dataset. */
export type EvaluationFiguresArgs = {
  by?: FigureRow;
};

/** One judged case. */
export type EvaluationCase = {
  __typename?: 'EvaluationCase';
  /** Its figures. */
  figures: Figures;
  /** Lesions found. */
  foundLesionCount: Scalars['Int']['output'];
  /** Study. */
  study: Study;
};

/** A page of judged cases. */
export type EvaluationCaseConnection = {
  __typename?: 'EvaluationCaseConnection';
  /** In order, at most 100. */
  edges: Array<EvaluationCaseEdge>;
  /** Where it ends. */
  pageInfo: PageInfo;
};

/** A judged case in a page. */
export type EvaluationCaseEdge = {
  __typename?: 'EvaluationCaseEdge';
  /** Its place. */
  cursor: Scalars['String']['output'];
  /** A judged case. */
  node: EvaluationCase;
};

/** A page of evaluations. */
export type EvaluationConnection = {
  __typename?: 'EvaluationConnection';
  /** In order, at most 100. */
  edges: Array<EvaluationEdge>;
  /** Where it ends. */
  pageInfo: PageInfo;
};

/** An evaluation in a page. */
export type EvaluationEdge = {
  __typename?: 'EvaluationEdge';
  /** Its place. */
  cursor: Scalars['String']['output'];
  /** An evaluation. */
  node: Evaluation;
};

/** Forms in which a dataset is written out. */
export type ExportFormat =
  /** NIfTI in BIDS: images as acquired, labels as derivatives. */
  | 'BIDS'
  /** DICOM as stored, with a SEG of the accepted lesions. */
  | 'DICOM_SEG'
  /** NIfTI in nnU-Net's raw layout: co-registered images, labels of one class, the dataset's own split. */
  | 'NNUNET';

/** How far an export is. */
export type ExportState =
  /** Its receiver hung up. */
  | 'CANCELLED'
  /** It broke off; `message` says why. What was received is not whole. */
  | 'FAILED'
  /** It is being sent. */
  | 'RUNNING'
  /** It was sent to its end. */
  | 'SUCCEEDED';

/** Why a job failed. */
export type Failure = {
  __typename?: 'Failure';
  /** Kind of failure. */
  code: FailureCode;
  /** What was wrong and what to do, in one sentence. */
  message: Scalars['String']['output'];
  /** True if the same input may succeed later. */
  retryable: Scalars['Boolean']['output'];
};

/** Kinds of failure of a job. */
export type FailureCode =
  /** Every allowed attempt lost its worker. */
  | 'ATTEMPTS_EXHAUSTED'
  /** The input cannot be used as it is: geometry, constant or non-finite slices, size. */
  | 'BAD_INPUT'
  /** Training met a non-finite or exploding loss; the last good checkpoint is kept. */
  | 'DIVERGED'
  /** No brain was found. */
  | 'EMPTY_BRAIN_MASK'
  /** A label lies on a grid that cannot be mapped. */
  | 'GRID_MISMATCH'
  /** Stored bytes do not have their recorded hash; they were not used. */
  | 'HASH_MISMATCH'
  /** A fault of the service, reported to its operators. */
  | 'INTERNAL'
  /** A sequence that the plan needs is missing. */
  | 'MISSING_SEQUENCE'
  /** A receiver did not take what was sent; the delivery says what and why. */
  | 'NOT_DELIVERED'
  /** It does not fit in memory. */
  | 'OUT_OF_MEMORY';

/** What a row of figures is about. */
export type FigureRow =
  /** All cases, then lesion count groups. */
  | 'LESION_GROUP'
  /** Site. */
  | 'SITE';

/** Figures of one row, each over patients; null where it has no meaning. */
export type Figures = {
  __typename?: 'Figures';
  /** Area under the voxel ROC inside the brain mask. */
  auc: Maybe<Estimate>;
  /** Lesion-wise Dice of BraTS-METS 2023. */
  brats23Dice: Maybe<Estimate>;
  /** Lesion-wise HD95 of BraTS-METS 2023 (DeepMind variant). */
  brats23Hd95Mm: Maybe<Estimate>;
  /** Cases. */
  caseCount: Scalars['Int']['output'];
  /** Dice over detected lesions there. */
  detectedDice: Maybe<Estimate>;
  /** Voxel Dice there. */
  dice: Maybe<Estimate>;
  /** False positives a case, of any size. */
  fpPerCase: Maybe<Estimate>;
  /** False positives a case, of 10 mm3 and more. */
  fpPerCase10mm3: Maybe<Estimate>;
  /** What the row is about, such as `all` or `1-3`. */
  label: Scalars['String']['output'];
  /** True lesions. */
  lesionCount: Scalars['Int']['output'];
  /** Share of lesions met by any overlap. */
  lesionSensitivity: Maybe<Estimate>;
  /** Voxel precision at the version's threshold. */
  precision: Maybe<Estimate>;
  /** Voxel recall there. */
  recall: Maybe<Estimate>;
  /** Voxel sensitivity at the greatest Youden index. */
  youdenSensitivity: Maybe<Estimate>;
  /** Voxel specificity there. */
  youdenSpecificity: Maybe<Estimate>;
};

/** Fields of a plan as somebody gave them; those that are null are chosen when a run starts. */
export type GivenPlan = {
  __typename?: 'GivenPlan';
  /** Network. */
  architecture: Maybe<Architecture>;
  /** Slices a step, half of them with lesion. */
  batchSize: Maybe<Scalars['Int']['output']>;
  /** Part of the steps, the last ones, over which the learning rate falls to nothing. */
  coolingPart: Maybe<Scalars['Float']['output']>;
  /** Background left about the brain when slices are cut to it, in pixels. */
  cropMarginPixels: Maybe<Scalars['Int']['output']>;
  /** Epochs. */
  epochs: Maybe<Scalars['Int']['output']>;
  /** Sequences that are never left out. */
  keptSequences: Maybe<Array<SeriesRole>>;
  /** Learning rate of Adam. */
  learningRate: Maybe<Scalars['Float']['output']>;
  /** False positives a development case that the rule SENSITIVE admits. */
  maxFpPerCase: Maybe<Scalars['Float']['output']>;
  /** Parts that a step's slices are computed in. */
  microBatches: Maybe<Scalars['Int']['output']>;
  /** Weight of lesion voxels. */
  positiveWeight: Maybe<Scalars['Float']['output']>;
  /** Number format. */
  precision: Maybe<Precision>;
  /** Seed of everything random. */
  seed: Maybe<Scalars['Int']['output']>;
  /** Probability with which each sequence is left out of a slice in training. */
  sequenceDropout: Maybe<Scalars['Float']['output']>;
  /** Sequences in channel order, 1 to 4. */
  sequences: Maybe<Array<SeriesRole>>;
  /** Edge of a slice in pixels. */
  sizePixels: Maybe<Scalars['Int']['output']>;
  /** How the version's threshold is chosen on the development patients. */
  thresholdRule: Maybe<ThresholdRule>;
  /** Weight of L2. */
  weightDecay: Maybe<Scalars['Float']['output']>;
  /** Width as a part of the full network. */
  width: Maybe<Scalars['Float']['output']>;
};

/** Input of groundTruthImport. */
export type GroundTruthImportInput = {
  /** True if its outlines were begun from what a program had found; its patient is then not drawn into the test set. */
  beganAsDraft?: Scalars['Boolean']['input'];
  /** Key against repeats, 8 to 64 characters; each member has their own. */
  idempotencyKey: Scalars['String']['input'];
  /** True to open a new round of a study whose earlier one has ended; otherwise that is refused as WRONG_STATE. */
  newRound?: Scalars['Boolean']['input'];
  /** Why it is taken, 5 to 500 characters. */
  reason: Scalars['String']['input'];
  /** True lets a SEG on another grid of BRAVO's frame of reference be brought onto BRAVO's; otherwise it is refused as GRID_MISMATCH. Segments are counted as they were sent. */
  resample?: Scalars['Boolean']['input'];
  /** SOP instance UID of the SEG sent by STOW-RS; left out for no metastasis, by declaration of the source. */
  segSopInstanceUid?: InputMaybe<Scalars['String']['input']>;
  /** Each segment as the sender counts it, at most 1,000; empty for no metastasis. Lesions are the connected components of them all. */
  segments: Array<SegmentInput>;
  /** Where the label comes from, as the data set's name and release, 3 to 200 characters. */
  source: Scalars['String']['input'];
  /** The study; its newest preparation has to be READY, and no task of it open. */
  studyId: Scalars['ID']['input'];
};

/** Result of groundTruthImport. */
export type GroundTruthImportPayload = {
  __typename?: 'GroundTruthImportPayload';
  /** The ground truth, as read back; the same for a repeat with the same key. */
  revision: Maybe<Revision>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** A test between two groups. */
export type GroupTest = {
  __typename?: 'GroupTest';
  /** True if exact, false if by normal approximation with ties corrected. */
  exact: Scalars['Boolean']['output'];
  /** One group. */
  first: LesionGroup;
  /** Figure. */
  metric: Metric;
  /** Two-sided p. */
  pValue: Scalars['Float']['output'];
  /** The other. */
  second: LesionGroup;
};

/** The best that one threshold on intensity does. */
export type IntensityBaseline = {
  __typename?: 'IntensityBaseline';
  /** Mean voxel Dice. */
  dice: Scalars['Float']['output'];
  /** Threshold on BRAVO, as a multiple of the median intensity inside the brain mask. */
  threshold: Scalars['Float']['output'];
};

/** Work that a worker does. */
export type Job = {
  /** Opaque global id. */
  id: Scalars['ID']['output'];
  /** How far it is. */
  progress: Progress;
};

/** A job changed. */
export type JobEvent = {
  __typename?: 'JobEvent';
  /** Where to go on after. */
  cursor: Scalars['String']['output'];
  /** The job as it is now. */
  job: Job;
};

/** Where a ground truth comes from that no reader here has drawn. */
export type LabelImport = {
  __typename?: 'LabelImport';
  /** True if its outlines were begun from what a program had found, by declaration of the source. */
  beganAsDraft: Scalars['Boolean']['output'];
  /** When. */
  importedAt: Scalars['DateTime']['output'];
  /** Who imported it. */
  member: Member;
  /** Why it was taken. */
  reason: Scalars['String']['output'];
  /** The data set, as whoever imported it named it. */
  source: Scalars['String']['output'];
};

/** How a label that lay on another grid was brought onto BRAVO's. */
export type LabelResampling = {
  __typename?: 'LabelResampling';
  /** Rule. */
  rule: ResamplingRule;
  /** What became of each segment, at most 1,000. */
  segments: Array<ResampledSegment>;
  /** SOP instance UID of the SEG that was sent. */
  sentSopInstanceUid: Scalars['String']['output'];
  /** Columns and rows of the grid that it was sent on, and its slices from the first to the last that has a frame; 3. */
  size: Array<Scalars['Int']['output']>;
  /** Distance of its voxels along each of them, mm; 3. */
  spacingMm: Array<Scalars['Float']['output']>;
};

/** A metastasis in a label or a segmentation. */
export type Lesion = Node & {
  __typename?: 'Lesion';
  /** Centre of gravity. */
  centroidLps: Point3;
  /** True if its reader calls its outline coarse: drawn quickly, fit to find it rather than to measure it. */
  coarse: Scalars['Boolean']['output'];
  /** Opaque global id. */
  id: Scalars['ID']['output'];
  /** Longest diameter within one slice. */
  longestDiameterMm: Scalars['Float']['output'];
  /** Segment number in its SEG, from 1. */
  number: Scalars['Int']['output'];
  /** Longest diameter at right angles to it, in the same slice. */
  perpendicularDiameterMm: Scalars['Float']['output'];
  /** Greatest probability in it; null for a label. */
  probability: Maybe<Scalars['Float']['output']>;
  /** Slices that it reaches. */
  sliceCount: Scalars['Int']['output'];
  /** Slice of its longest diameter, from 0 at the feet. */
  sliceIndex: Scalars['Int']['output'];
  /** Volume. */
  volumeMm3: Scalars['Float']['output'];
  /** Voxels. */
  voxelCount: Scalars['Int']['output'];
};

/** One place in the brain where readers agree or not. */
export type LesionAgreement = Node & {
  __typename?: 'LesionAgreement';
  /** What the second reader says of it; null where nothing was checked or they added it. */
  check: Maybe<LesionVerdict>;
  /** Least Dice of two of the outlines, null for one. */
  dice: Maybe<Scalars['Float']['output']>;
  /** Greatest 95 % surface distance of two of them (DeepMind variant), null for one. */
  hd95Mm: Maybe<Scalars['Float']['output']>;
  /** Opaque global id. */
  id: Scalars['ID']['output'];
  /** Kind. */
  kind: AgreementKind;
  /** What each reader outlined there, at most 10. */
  lesions: Array<Lesion>;
  /** What a version found there, by its newest answer: lesions whose centre lies nearer to an outline's than half of their lengths together, at most 10. Empty for whoever may not see the answer, as ADJUDICATOR without preAnnotation or in the sealed test set. */
  modelLesions: Array<Lesion>;
  /** Task. */
  task: Task;
  /** How it was settled, null while open or AGREED. Who checks: null. */
  verdict: Maybe<LesionVerdict>;
};

/** A page of comparisons of lesions. */
export type LesionAgreementConnection = {
  __typename?: 'LesionAgreementConnection';
  /** In order, at most 100. */
  edges: Array<LesionAgreementEdge>;
  /** Where it ends. */
  pageInfo: PageInfo;
};

/** A comparison in a page. */
export type LesionAgreementEdge = {
  __typename?: 'LesionAgreementEdge';
  /** Its place. */
  cursor: Scalars['String']['output'];
  /** A comparison. */
  node: LesionAgreement;
};

/** Groups by count of accepted lesions. */
export type LesionGroup =
  /** 4 to 10. */
  | 'FOUR_TO_TEN'
  /** More than 10. */
  | 'MORE_THAN_TEN'
  /** None. */
  | 'NONE'
  /** 1 to 3. */
  | 'ONE_TO_THREE';

/** How an outline was checked or a dispute settled. */
export type LesionVerdict = {
  __typename?: 'LesionVerdict';
  /** When. */
  at: Scalars['DateTime']['output'];
  /** Decision. */
  decision: VerdictDecision;
  /** Lesions that it rests on, at most 10. */
  lesions: Array<Lesion>;
  /** Who. With ADJUDICATOR but none of COORDINATOR, ENGINEER, AUDITOR: null for others until ACCEPTED, unless the protocol is open. */
  member: Maybe<Member>;
  /** Why. */
  reason: Scalars['String']['output'];
};

/** A person or a service in a tenant. */
export type Member = Node & {
  __typename?: 'Member';
  /** [TENANT_ADMIN] Mail address; others get their own. */
  email: Maybe<Scalars['String']['output']>;
  /** Roles given, at most 8. */
  grants: Array<RoleGrant>;
  /** Opaque global id. */
  id: Scalars['ID']['output'];
  /** Name. */
  name: Scalars['String']['output'];
  /** State of membership. */
  state: MemberState;
};

/** A page of members. */
export type MemberConnection = {
  __typename?: 'MemberConnection';
  /** In order, at most 100. */
  edges: Array<MemberEdge>;
  /** Where it ends. */
  pageInfo: PageInfo;
};

/** A member in a page. */
export type MemberEdge = {
  __typename?: 'MemberEdge';
  /** Its place. */
  cursor: Scalars['String']['output'];
  /** A member. */
  node: Member;
};

/** State of membership. */
export type MemberState =
  /** May sign in. */
  | 'ACTIVE'
  /** May not sign in; past work keeps the name. */
  | 'SUSPENDED';

/** Figures that can be tested or gated. */
export type Metric =
  /** auc. */
  | 'AUC'
  /** brats23Dice. */
  | 'BRATS23_DICE'
  /** brats23Hd95Mm. */
  | 'BRATS23_HD95'
  /** detectedDice. */
  | 'DETECTED_DICE'
  /** dice. */
  | 'DICE'
  /** fpPerCase. */
  | 'FP_PER_CASE'
  /** fpPerCase10mm3. */
  | 'FP_PER_CASE_10MM3'
  /** lesionSensitivity. */
  | 'LESION_SENSITIVITY'
  /** precision. */
  | 'PRECISION'
  /** recall. */
  | 'RECALL'
  /** youdenSensitivity. */
  | 'YOUDEN_SENSITIVITY'
  /** youdenSpecificity. */
  | 'YOUDEN_SPECIFICITY';

/** Sequences are missing (MISSING_SEQUENCE). */
export type MissingSequenceError = UserError & {
  __typename?: 'MissingSequenceError';
  /** MISSING_SEQUENCE. */
  code: ErrorCode;
  /** What to do. */
  message: Scalars['String']['output'];
  /** Path of the input at fault, at most 8 steps. */
  path: Array<Scalars['String']['output']>;
  /** The missing roles, at most 5. */
  roles: Array<SeriesRole>;
};

/** An immutable, content-addressed model. */
export type ModelVersion = Node & {
  __typename?: 'ModelVersion';
  /** Its files, at most 10. */
  artifacts: Array<Artifact>;
  /** [ENGINEER, APPROVER, AUDITOR] Evaluations, newest first; empty for others. */
  evaluations: EvaluationConnection;
  /** Opaque global id. */
  id: Scalars['ID']['output'];
  /** What it is for. */
  intendedUse: Scalars['String']['output'];
  /** What it is not for, and where it is weak. */
  limits: Scalars['String']['output'];
  /** [ENGINEER, APPROVER, AUDITOR] Its family by number, itself included, at most 100: the versions that its weights go back to, and those that go back to the first of these; nearer ones first where there are more. Empty for others. */
  lineage: Array<ModelVersion>;
  /** Number in the tenant, from 1. */
  number: Scalars['Int']['output'];
  /** When it was published. */
  publishedAt: Scalars['DateTime']['output'];
  /** Sequences that it cannot do without, at most 4. */
  requiredRoles: Array<SeriesRole>;
  /** [ENGINEER, APPROVER, AUDITOR, TENANT_ADMIN] Signed reviews, newest first, at most 100; empty for others. */
  reviews: Array<Review>;
  /** Rollouts, newest first. */
  rollouts: RolloutConnection;
  /** State. */
  state: ModelVersionState;
  /** Probability above which a voxel counts. */
  threshold: Scalars['Float']['output'];
  /** How it was chosen on the development set. */
  thresholdRule: ThresholdRule;
  /** [ENGINEER, APPROVER, AUDITOR] Run that made it, with its dataset and plan; null for others. */
  trainingRun: Maybe<TrainingRun>;
  /** [ENGINEER, APPROVER, AUDITOR] Version that its weights started from; null from scratch, and for others. */
  warmStart: Maybe<ModelVersion>;
  /** [ENGINEER, APPROVER, AUDITOR] Runs whose weights start from it, newest first; empty for others. */
  warmStarts: TrainingRunConnection;
};


/** An immutable, content-addressed model. */
export type ModelVersionEvaluationsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** An immutable, content-addressed model. */
export type ModelVersionRolloutsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** An immutable, content-addressed model. */
export type ModelVersionWarmStartsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** A page of versions. */
export type ModelVersionConnection = {
  __typename?: 'ModelVersionConnection';
  /** In order, at most 100. */
  edges: Array<ModelVersionEdge>;
  /** Where it ends. */
  pageInfo: PageInfo;
};

/** A version in a page. */
export type ModelVersionEdge = {
  __typename?: 'ModelVersionEdge';
  /** Its place. */
  cursor: Scalars['String']['output'];
  /** A version. */
  node: ModelVersion;
};

/** States of a version. */
export type ModelVersionState =
  /** May be rolled out. */
  | 'APPROVED'
  /** Published, not yet submitted. */
  | 'CANDIDATE'
  /** Waits for signatures. */
  | 'IN_REVIEW'
  /** Turned down, with a reason. */
  | 'REJECTED'
  /** Never to be rolled out again. */
  | 'RETIRED';

/** Input of modelVersionSubmit. */
export type ModelVersionSubmitInput = {
  /** Its SUCCEEDED evaluation on the TEST side, whose report is reviewed. */
  evaluationId: Scalars['ID']['input'];
  /** What it is for, 5 to 2,000 characters. */
  intendedUse: Scalars['String']['input'];
  /** Where it is weak, 5 to 2,000 characters. */
  limits: Scalars['String']['input'];
  /** The version. */
  modelVersionId: Scalars['ID']['input'];
};

/** Result of modelVersionSubmit. */
export type ModelVersionSubmitPayload = {
  __typename?: 'ModelVersionSubmitPayload';
  /** The version, IN_REVIEW. */
  modelVersion: Maybe<ModelVersion>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type Mutation = {
  __typename?: 'Mutation';
  /** [READER, ADJUDICATOR, COORDINATOR] Pin a remark to a place of a study that one reads or coordinates. */
  commentAdd: CommentAddPayload;
  /** [READER, ADJUDICATOR, COORDINATOR] Settle a remark on a study that one reads or coordinates, or open it again. Blinded: unseen by others and for their own remarks only. */
  commentResolve: CommentResolvePayload;
  /** [ENGINEER] Begin a dataset as a draft; freezing selects its cases. */
  datasetCreate: DatasetCreatePayload;
  /** [ENGINEER] Freeze a draft; test patients are drawn first and stay so for ever. */
  datasetFreeze: DatasetFreezePayload;
  /** [COORDINATOR] Decide about withheld images whose faces could not be removed: try again, or give them out as they are. */
  defacingDecide: DefacingDecidePayload;
  /** [TENANT_ADMIN, COORDINATOR] Choose what de-identification keeps of a site's files from the next upload on; stored files stay as they are. */
  deidentificationProfileSet: DeidentificationProfileSetPayload;
  /** [CLINICIAN, COORDINATOR] Send a FAILED delivery again, all of it: what the receiver has already is not changed by that. */
  deliveryRetry: DeliveryRetryPayload;
  /** [TENANT_ADMIN] Add a destination to a site. */
  destinationCreate: DestinationCreatePayload;
  /** [TENANT_ADMIN] Remove a destination and forget its token; past deliveries keep its name, waiting ones fail. */
  destinationDelete: DestinationDeletePayload;
  /** [TENANT_ADMIN] Change a destination. Another host has to be given the token anew: the stored one is forgotten. */
  destinationUpdate: DestinationUpdatePayload;
  /** [COORDINATOR, TENANT_ADMIN] Accept a label that came with a data set as ground truth of a study, in a round of its own that nobody here reads; acknowledged only after it was read back and counted. */
  groundTruthImport: GroundTruthImportPayload;
  /** [ENGINEER] Submit a version with its report: CANDIDATE to IN_REVIEW. */
  modelVersionSubmit: ModelVersionSubmitPayload;
  /** [COORDINATOR] Judge a registration in NEEDS_REVIEW. */
  preparationJudge: PreparationJudgePayload;
  /** [COORDINATOR] Prepare a study again, after a failure or by a new plan. */
  preparationStart: PreparationStartPayload;
  /** [TENANT_ADMIN] Publish a protocol, or a new version of one. */
  protocolPublish: ProtocolPublishPayload;
  /** [COORDINATOR] Put reads of each task into queues; the first one takes the task from OPEN to DELINEATING. Blinded: refused as OWN_WORK. */
  readAssign: ReadAssignPayload;
  /** [COORDINATOR, ADJUDICATOR] Give a SUBMITTED read of someone else back to its reader while its task is DELINEATING. */
  readReturn: ReadReturnPayload;
  /** [READER, ADJUDICATOR] Begin a read of one's own: ASSIGNED or RETURNED to STARTED. */
  readStart: ReadStartPayload;
  /** [READER, ADJUDICATOR] Sign and close a read: STARTED to SUBMITTED. The last DELINEATE read starts the comparison, a CROSS_CHECK read that with what it checked, an ADJUDICATE read the composing of the ground truth. */
  readSubmit: ReadSubmitPayload;
  /** [CLINICIAN, ENGINEER] Ask for a segmentation by the version in service at the study's site, decided at this moment. */
  requestSegmentation: RequestSegmentationPayload;
  /** [TENANT_ADMIN, ENGINEER] Let training start by itself no more, or again; labels are counted all the same. */
  retrainingPause: RetrainingPausePayload;
  /** [TENANT_ADMIN, ENGINEER] Say when training starts by itself; the labels counted so far stay counted. */
  retrainingSet: RetrainingSetPayload;
  /** [APPROVER] Sign for or against a version that one did not train. */
  reviewSign: ReviewSignPayload;
  /** [READER, ADJUDICATOR] Save a label after its SEG was sent by STOW-RS; acknowledged only after it was read back and counted. */
  revisionSave: RevisionSavePayload;
  /** [APPROVER] Put an APPROVED version into service at some sites, in the place of what serves there. */
  rolloutCreate: RolloutCreatePayload;
  /** [APPROVER] Take a rollout back in one step, effective for the next request. */
  rolloutRollback: RolloutRollbackPayload;
  /** [CLINICIAN, ENGINEER] Stop a segmentation that one asked for. */
  segmentationCancel: SegmentationCancelPayload;
  /** [CLINICIAN, COORDINATOR] Send results of a COMPLETED segmentation to a destination of the study's site; follow it by jobChanged. */
  segmentationPush: SegmentationPushPayload;
  /** [COORDINATOR] Say what a series is; the study is prepared anew. */
  seriesUpdate: SeriesUpdatePayload;
  /** [COORDINATOR] Open a task for each study. */
  taskCreate: TaskCreatePayload;
  /** [COORDINATOR] Leave an open task out: to EXCLUDED, its unsubmitted reads to EXPIRED. */
  taskExclude: TaskExcludePayload;
  /** [COORDINATOR] Say which tasks come first. Blinded: refused as OWN_WORK. */
  taskPrioritize: TaskPrioritizePayload;
  /** [COORDINATOR, ADJUDICATOR] Open a new round of a task that has ended; what was accepted stands until the new round is. */
  taskReopen: TaskReopenPayload;
  /** [COORDINATOR] Have a reader read an ACCEPTED task once more, who cannot tell it from a first read; it ends EXCLUDED, its agreement with the first in agreement(by: REPEAT). A reader's own, and blinded: refused as OWN_WORK. */
  taskRepeat: TaskRepeatPayload;
  /** [ENGINEER] Stop a run within one step; its checkpoint stays. */
  trainingRunCancel: TrainingRunCancelPayload;
  /** [ENGINEER] Queue a training run; its version is published after evaluation only. */
  trainingRunStart: TrainingRunStartPayload;
  /** [COORDINATOR, CLINICIAN] Say that all files of your own upload are sent: its addresses end, and its studies are recognized and prepared. */
  uploadComplete: UploadCompletePayload;
  /** [COORDINATOR, CLINICIAN] Open an upload whose files are sent one by one to addresses of `uploadPresign`. A repeat with the same key gives the same upload. */
  uploadCreate: UploadCreatePayload;
  /** [COORDINATOR, CLINICIAN] Get addresses to send files of your own upload to; to resume, ask again with the same hashes. */
  uploadPresign: UploadPresignPayload;
  /** [READER, ADJUDICATOR] Give verdicts in a STARTED read that checks or adjudicates; a later one takes the place of an earlier. */
  verdictGive: VerdictGivePayload;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationCommentAddArgs = {
  input: CommentAddInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationCommentResolveArgs = {
  input: CommentResolveInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationDatasetCreateArgs = {
  input: DatasetCreateInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationDatasetFreezeArgs = {
  input: DatasetFreezeInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationDefacingDecideArgs = {
  input: DefacingDecideInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationDeidentificationProfileSetArgs = {
  input: DeidentificationProfileSetInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationDeliveryRetryArgs = {
  input: DeliveryRetryInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationDestinationCreateArgs = {
  input: DestinationCreateInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationDestinationDeleteArgs = {
  input: DestinationDeleteInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationDestinationUpdateArgs = {
  input: DestinationUpdateInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationGroundTruthImportArgs = {
  input: GroundTruthImportInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationModelVersionSubmitArgs = {
  input: ModelVersionSubmitInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationPreparationJudgeArgs = {
  input: PreparationJudgeInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationPreparationStartArgs = {
  input: PreparationStartInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationProtocolPublishArgs = {
  input: ProtocolPublishInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationReadAssignArgs = {
  input: ReadAssignInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationReadReturnArgs = {
  input: ReadReturnInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationReadStartArgs = {
  input: ReadStartInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationReadSubmitArgs = {
  input: ReadSubmitInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationRequestSegmentationArgs = {
  input: RequestSegmentationInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationRetrainingPauseArgs = {
  input: RetrainingPauseInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationRetrainingSetArgs = {
  input: RetrainingSetInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationReviewSignArgs = {
  input: ReviewSignInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationRevisionSaveArgs = {
  input: RevisionSaveInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationRolloutCreateArgs = {
  input: RolloutCreateInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationRolloutRollbackArgs = {
  input: RolloutRollbackInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationSegmentationCancelArgs = {
  input: SegmentationCancelInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationSegmentationPushArgs = {
  input: SegmentationPushInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationSeriesUpdateArgs = {
  input: SeriesUpdateInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationTaskCreateArgs = {
  input: TaskCreateInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationTaskExcludeArgs = {
  input: TaskExcludeInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationTaskPrioritizeArgs = {
  input: TaskPrioritizeInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationTaskReopenArgs = {
  input: TaskReopenInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationTaskRepeatArgs = {
  input: TaskRepeatInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationTrainingRunCancelArgs = {
  input: TrainingRunCancelInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationTrainingRunStartArgs = {
  input: TrainingRunStartInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationUploadCompleteArgs = {
  input: UploadCompleteInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationUploadCreateArgs = {
  input: UploadCreateInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationUploadPresignArgs = {
  input: UploadPresignInput;
};


/** What changes; each writes its rows, its job and its audit event in one transaction. */
export type MutationVerdictGiveArgs = {
  input: VerdictGiveInput;
};

/** Anything with a global id. */
export type Node = {
  /** Opaque global id. */
  id: Scalars['ID']['output'];
};

/** Where a page ends. */
export type PageInfo = {
  __typename?: 'PageInfo';
  /** Cursor of its last edge. */
  endCursor: Maybe<Scalars['String']['output']>;
  /** True if more follow. */
  hasNextPage: Scalars['Boolean']['output'];
};

/** An error that its code and message explain. */
export type PlainError = UserError & {
  __typename?: 'PlainError';
  /** Kind of error. */
  code: ErrorCode;
  /** What to do. */
  message: Scalars['String']['output'];
  /** Path of the input at fault, at most 8 steps. */
  path: Array<Scalars['String']['output']>;
};

/** Everything that decides a training, beside the data; hashed. */
export type Plan = {
  __typename?: 'Plan';
  /** Network. */
  architecture: Architecture;
  /** Slices a step, half of them with lesion. */
  batchSize: Scalars['Int']['output'];
  /** Version of the code. */
  codeVersion: Scalars['String']['output'];
  /** Part of the steps, the last ones, over which the learning rate falls to nothing; 0: it stays. */
  coolingPart: Scalars['Float']['output'];
  /** Background left about the brain when slices are cut to it, in pixels. */
  cropMarginPixels: Scalars['Int']['output'];
  /** Epochs. */
  epochs: Scalars['Int']['output'];
  /** Hash of all of it. */
  hash: Scalars['Sha256']['output'];
  /** Sequences that are never left out. */
  keptSequences: Array<SeriesRole>;
  /** Learning rate of Adam. */
  learningRate: Scalars['Float']['output'];
  /** False positives a development case that the rule SENSITIVE admits. */
  maxFpPerCase: Scalars['Float']['output'];
  /** Parts that a step's slices are computed in: batch normalization sees one part at a time, gradients are averaged. */
  microBatches: Scalars['Int']['output'];
  /** Weight of lesion voxels. */
  positiveWeight: Scalars['Float']['output'];
  /** Number format. */
  precision: Precision;
  /** Seed of everything random. */
  seed: Scalars['Int']['output'];
  /** Probability with which each sequence is left out of a slice in training, so that a study may lack it; 0: none ever is. */
  sequenceDropout: Scalars['Float']['output'];
  /** Sequences in channel order, 1 to 4. */
  sequences: Array<SeriesRole>;
  /** Edge of a slice in pixels. */
  sizePixels: Scalars['Int']['output'];
  /** How the version's threshold is chosen on the development patients. */
  thresholdRule: ThresholdRule;
  /** Weight of L2. */
  weightDecay: Scalars['Float']['output'];
  /** Width as a part of the full network. */
  width: Scalars['Float']['output'];
};

/** A plan. What is left out is that of the version that the training starts from, or else the paper's. */
export type PlanInput = {
  /** Network; the paper's is GOOGLENET_25D. */
  architecture?: InputMaybe<Architecture>;
  /** Slices a step, 2 to 256, even; the paper's are 32. */
  batchSize?: InputMaybe<Scalars['Int']['input']>;
  /** Part of the steps, the last ones, over which the learning rate falls in a straight line to nothing, 0 to 1; the paper's is 0, it stays. */
  coolingPart?: InputMaybe<Scalars['Float']['input']>;
  /** Background left about the brain when slices are cut to it, 0 to 512 pixels; from scratch 4. */
  cropMarginPixels?: InputMaybe<Scalars['Int']['input']>;
  /** Epochs, 1 to 1,000; the paper's are 10. */
  epochs?: InputMaybe<Scalars['Int']['input']>;
  /** Sequences that are never left out; where none is kept, one at least remains; from scratch BRAVO. */
  keptSequences?: InputMaybe<Array<SeriesRole>>;
  /** Learning rate of Adam, above 0, at most 1; the paper's is 0.001. */
  learningRate?: InputMaybe<Scalars['Float']['input']>;
  /** False positives a development case that the rule SENSITIVE admits, 0 to 100; from scratch 2. */
  maxFpPerCase?: InputMaybe<Scalars['Float']['input']>;
  /** Parts that a step's slices are computed in, to need less memory; they divide batchSize; the paper's is 1. */
  microBatches?: InputMaybe<Scalars['Int']['input']>;
  /** Weight of lesion voxels, 1 to 1,000; the paper's is 10. */
  positiveWeight?: InputMaybe<Scalars['Float']['input']>;
  /** Number format; from scratch AUTO. */
  precision?: InputMaybe<Precision>;
  /** Seed, 0 or more; from scratch 1. */
  seed?: InputMaybe<Scalars['Int']['input']>;
  /** Probability with which each sequence is left out of a slice in training, 0 to 0.9; above 0 the version needs the kept sequences alone; the paper's is 0. */
  sequenceDropout?: InputMaybe<Scalars['Float']['input']>;
  /** Sequences in channel order, 1 to 4, none twice; the paper's are T1_PRE, T1_POST, BRAVO and FLAIR. */
  sequences?: InputMaybe<Array<SeriesRole>>;
  /** Edge in pixels. It has to be the tenant's, in which studies are prepared; left out: that. */
  sizePixels?: InputMaybe<Scalars['Int']['input']>;
  /** How the version's threshold is chosen on the development patients; from scratch MAX_DICE. */
  thresholdRule?: InputMaybe<ThresholdRule>;
  /** Weight of L2, 0 to 1; the paper's is 0.00001. */
  weightDecay?: InputMaybe<Scalars['Float']['input']>;
  /** Width, 0.125 to 1; the paper's is 1. */
  width?: InputMaybe<Scalars['Float']['input']>;
};

/** A point in patient coordinates. */
export type Point3 = {
  __typename?: 'Point3';
  /** To the patient's left, mm. */
  x: Scalars['Float']['output'];
  /** To the back, mm. */
  y: Scalars['Float']['output'];
  /** To the head, mm. */
  z: Scalars['Float']['output'];
};

/** A place in the patient, as an input. */
export type Point3Input = {
  /** To the patient's left, mm. */
  x: Scalars['Float']['input'];
  /** To the back, mm. */
  y: Scalars['Float']['input'];
  /** To the head, mm. */
  z: Scalars['Float']['input'];
};

/** Number format of computing; weights stay f32. */
export type Precision =
  /** What this machine measures as faster. */
  | 'AUTO'
  /** bfloat16. */
  | 'BF16'
  /** 32-bit. */
  | 'F32';

/** A study made ready by one plan: assembled, co-registered, brain-masked, equalized. */
export type Preparation = Job & Node & {
  __typename?: 'Preparation';
  /** Volume of the brain mask. */
  brainMaskVolumeMm3: Maybe<Scalars['Float']['output']>;
  /** Opaque global id. */
  id: Scalars['ID']['output'];
  /** Who judged it, null if nobody had to. */
  judgement: Maybe<PreparationJudgement>;
  /** Hash of the preparing part of the plan. */
  planHash: Scalars['Sha256']['output'];
  /** How far it is. */
  progress: Progress;
  /** Co-registrations to BRAVO, at most 3. */
  registrations: Array<Registration>;
  /** State. */
  state: PreparationState;
  /** Study. */
  study: Study;
  /** What a person should know, at most 20. */
  warnings: Array<Scalars['String']['output']>;
};

/** Judgement of a registration. */
export type PreparationDecision =
  /** Unusable: NEEDS_REVIEW to FAILED. */
  | 'UNUSABLE'
  /** Usable: NEEDS_REVIEW to READY. */
  | 'USABLE';

/** Input of preparationJudge. */
export type PreparationJudgeInput = {
  /** Judgement. */
  decision: PreparationDecision;
  /** The preparation. */
  preparationId: Scalars['ID']['input'];
  /** Why, 5 to 500 characters. */
  reason: Scalars['String']['input'];
};

/** Result of preparationJudge. */
export type PreparationJudgePayload = {
  __typename?: 'PreparationJudgePayload';
  /** The preparation. */
  preparation: Maybe<Preparation>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** A person's judgement of a registration. */
export type PreparationJudgement = {
  __typename?: 'PreparationJudgement';
  /** When. */
  at: Scalars['DateTime']['output'];
  /** What. */
  decision: PreparationDecision;
  /** Who. */
  member: Member;
  /** Why. */
  reason: Scalars['String']['output'];
};

/** Input of preparationStart. */
export type PreparationStartInput = {
  /** The study. */
  studyId: Scalars['ID']['input'];
};

/** Result of preparationStart. */
export type PreparationStartPayload = {
  __typename?: 'PreparationStartPayload';
  /** The new preparation, QUEUED; the present one if nothing would differ. */
  preparation: Maybe<Preparation>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** States of a preparation. */
export type PreparationState =
  /** Cannot be prepared, or was judged unusable. */
  | 'FAILED'
  /** A person has to judge the registration. */
  | 'NEEDS_REVIEW'
  /** Waits for a worker. */
  | 'QUEUED'
  /** May be read, trained on and segmented. */
  | 'READY'
  /** A worker holds it. */
  | 'RUNNING';

/** How far a job is. */
export type Progress = {
  __typename?: 'Progress';
  /** Number of the running or last attempt, 0 while none has begun. */
  attempt: Scalars['Int']['output'];
  /** When it ended, however it ended. */
  endedAt: Maybe<Scalars['DateTime']['output']>;
  /** Expected seconds to the end, null while unknown or ended. */
  etaSeconds: Maybe<Scalars['Int']['output']>;
  /** Why it failed, null unless it did. */
  failure: Maybe<Failure>;
  /** Done part of the whole, 0 to 1, never falling within one attempt. */
  fraction: Scalars['Float']['output'];
  /** One sentence for people. */
  message: Maybe<Scalars['String']['output']>;
  /** When it was queued. */
  queuedAt: Scalars['DateTime']['output'];
  /** When the present attempt began. */
  startedAt: Maybe<Scalars['DateTime']['output']>;
  /** Step in hand, such as `register FLAIR`. */
  step: Maybe<Scalars['String']['output']>;
};

/** How cases are read; a version is immutable, and a task keeps the one that it began with. */
export type Protocol = Node & {
  __typename?: 'Protocol';
  /** With one reader: true if an adjudicator judges each lesion, false if the read is accepted as it is signed. */
  adjudicateSoleRead: Scalars['Boolean']['output'];
  /** Members who may adjudicate, at most 100; empty for every ADJUDICATOR. */
  adjudicators: Array<Member>;
  /** When two outlines agree. */
  agreement: AgreementRule;
  /** How readers are chosen when nobody names one. */
  assignment: AssignmentRule;
  /** True if readers learn nothing of each other until the task is ACCEPTED or EXCLUDED. */
  blind: Scalars['Boolean']['output'];
  /** How the second look is done. */
  check: CheckKind;
  /** Hours from assignment to EXPIRED. */
  dueHours: Scalars['Int']['output'];
  /** Opaque global id. */
  id: Scalars['ID']['output'];
  /** Text that readers see. */
  instructions: Scalars['String']['output'];
  /** Name, the same for all versions. */
  name: Scalars['String']['output'];
  /** Number of this version, from 1. */
  number: Scalars['Int']['output'];
  /** Version that it follows, null for the first. */
  parent: Maybe<Protocol>;
  /** True if a read starts from what a version found in the study, where something was; never in the sealed test set. */
  preAnnotation: Scalars['Boolean']['output'];
  /** When it was published. */
  publishedAt: Scalars['DateTime']['output'];
  /** Independent readers a task, 1 to 3. */
  readerCount: Scalars['Int']['output'];
  /** What they are drawn from, together with task and reader. Without TENANT_ADMIN, ENGINEER or AUDITOR: null. */
  seed: Maybe<Scalars['Int']['output']>;
  /** Version that follows it, null for the newest. */
  successor: Maybe<Protocol>;
  /** Share of such reads that start from nothing, drawn at random, to measure what the draft does to readers. */
  unassistedShare: Scalars['Float']['output'];
};

/** A page of protocols. */
export type ProtocolConnection = {
  __typename?: 'ProtocolConnection';
  /** In order, at most 100. */
  edges: Array<ProtocolEdge>;
  /** Where it ends. */
  pageInfo: PageInfo;
};

/** A protocol in a page. */
export type ProtocolEdge = {
  __typename?: 'ProtocolEdge';
  /** Its place. */
  cursor: Scalars['String']['output'];
  /** A protocol. */
  node: Protocol;
};

/** Input of protocolPublish. */
export type ProtocolPublishInput = {
  /** With one reader only: an adjudicator judges each lesion. */
  adjudicateSoleRead?: Scalars['Boolean']['input'];
  /** Who may adjudicate, at most 100 who hold ADJUDICATOR; empty for every ADJUDICATOR. */
  adjudicatorIds?: Array<Scalars['ID']['input']>;
  /** When two outlines agree; left out: the defaults. */
  agreement?: InputMaybe<AgreementRuleInput>;
  /** How readers are chosen when nobody names one. */
  assignment?: AssignmentRule;
  /** Readers learn nothing of each other. */
  blind?: Scalars['Boolean']['input'];
  /** How the second look is done; DELINEATE_THEN_CHECK with a readerCount of 1. */
  check?: CheckKind;
  /** Hours from assignment to EXPIRED, 1 to 8,760. */
  dueHours?: Scalars['Int']['input'];
  /** Text that readers see. */
  instructions: Scalars['String']['input'];
  /** Name, 1 to 200 characters. */
  name: Scalars['String']['input'];
  /** Newest version, which this one follows under the same name; left out: a new protocol. Stale if another came meanwhile. */
  parentId?: InputMaybe<Scalars['ID']['input']>;
  /** Reads start from what a version found. */
  preAnnotation?: Scalars['Boolean']['input'];
  /** Independent readers, 1 to 3. */
  readerCount?: Scalars['Int']['input'];
  /** What these are drawn from, 0 to 2,147,483,647. */
  seed?: Scalars['Int']['input'];
  /** Share of them that start from nothing, 0 to 1; 0 without preAnnotation. */
  unassistedShare?: Scalars['Float']['input'];
};

/** Result of protocolPublish. */
export type ProtocolPublishPayload = {
  __typename?: 'ProtocolPublishPayload';
  /** The new version. */
  protocol: Maybe<Protocol>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** What reads and never changes. */
export type Query = {
  __typename?: 'Query';
  /** How well readers agree, over ACCEPTED tasks. Without COORDINATOR, ADJUDICATOR, ENGINEER or AUDITOR: over their own reads. */
  agreement: AgreementReport;
  /** [AUDITOR] The trail, newest first. Blinded, in whatever task: what they did themselves. */
  auditEvents: AuditEventConnection;
  /** [ENGINEER, APPROVER, AUDITOR] Datasets, newest first. */
  datasets: DatasetConnection;
  /** [COORDINATOR, CLINICIAN, TENANT_ADMIN, AUDITOR] Destinations that are not removed, newest first. */
  destinations: DestinationConnection;
  /** [ENGINEER, APPROVER, AUDITOR, TENANT_ADMIN] Versions, newest first. */
  modelVersions: ModelVersionConnection;
  /** Any object by its global id. */
  node: Maybe<Node>;
  /** Objects by their global ids, in that order, null where there is none; at most 100. */
  nodes: Array<Maybe<Node>>;
  /** Reads in the order of their queue. Without COORDINATOR, ENGINEER or AUDITOR: their own only; blinded: of that study their own only. */
  reads: ReadConnection;
  /** [TENANT_ADMIN, ENGINEER, APPROVER, AUDITOR] Training that starts by itself; null while no policy was set. */
  retraining: Maybe<Retraining>;
  /** [APPROVER, ENGINEER, AUDITOR, TENANT_ADMIN] Rollouts, newest first. */
  rollouts: RolloutConnection;
  /** Segmentations, newest first. */
  segmentations: SegmentationConnection;
  /** Studies. */
  studies: StudyConnection;
  /** Tasks, oldest first. */
  tasks: TaskConnection;
  /** [ENGINEER, APPROVER, AUDITOR] Training runs, newest first. */
  trainingRuns: TrainingRunConnection;
  /** [COORDINATOR] Uploads, newest first. */
  uploads: UploadConnection;
  /** The caller. */
  viewer: Viewer;
};


/** What reads and never changes. */
export type QueryAgreementArgs = {
  by: AgreementRow;
  filter?: InputMaybe<AgreementFilter>;
};


/** What reads and never changes. */
export type QueryAuditEventsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<AuditFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** What reads and never changes. */
export type QueryDatasetsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** What reads and never changes. */
export type QueryDestinationsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  siteId?: InputMaybe<Scalars['ID']['input']>;
};


/** What reads and never changes. */
export type QueryModelVersionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  states?: InputMaybe<Array<ModelVersionState>>;
};


/** What reads and never changes. */
export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


/** What reads and never changes. */
export type QueryNodesArgs = {
  ids: Array<Scalars['ID']['input']>;
};


/** What reads and never changes. */
export type QueryReadsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ReadFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** What reads and never changes. */
export type QueryRolloutsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  stages?: InputMaybe<Array<RolloutStage>>;
};


/** What reads and never changes. */
export type QuerySegmentationsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<SegmentationFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** What reads and never changes. */
export type QueryStudiesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<StudyFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** What reads and never changes. */
export type QueryTasksArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<TaskFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** What reads and never changes. */
export type QueryTrainingRunsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  states?: InputMaybe<Array<RunState>>;
};


/** What reads and never changes. */
export type QueryUploadsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<UploadFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** One reader's work on one task. Blinded: another's does not exist. */
export type Read = Node & {
  __typename?: 'Read';
  /** What is to be judged: for CROSS_CHECK each lesion of the first reader, for ADJUDICATE the disputes. Empty for DELINEATE. */
  agreements: LesionAgreementConnection;
  /** True if it starts from a draft that the service made of what a version found. */
  assisted: Scalars['Boolean']['output'];
  /** When it expires; null for reads of before there were due times. */
  dueAt: Maybe<Scalars['DateTime']['output']>;
  /** Newest revision, the parent of the next; null at first, of an assisted read the draft. */
  head: Maybe<Revision>;
  /** Opaque global id. */
  id: Scalars['ID']['output'];
  /** Kind. */
  kind: ReadKind;
  /** Reader. With ADJUDICATOR but none of COORDINATOR, ENGINEER, AUDITOR: null for others until ACCEPTED. */
  reader: Maybe<Member>;
  /** Why it was given back. */
  returnedReason: Maybe<Scalars['String']['output']>;
  /** Revisions, newest first. */
  revisions: RevisionConnection;
  /** Seconds spent, as its saves told. */
  secondsSpent: Scalars['Int']['output'];
  /** True if /dicomweb/reads/{id}/probability gives its reader a version's probability map: while STARTED, under preAnnotation, of an assisted read and of ADJUDICATE; never of a patient of the sealed test set. */
  showsAnswer: Scalars['Boolean']['output'];
  /** Signature of its submission: SHA-256 of the canonical JSON (RFC 8785) of {kind, labelSha256, meaning, noMetastasis, printedName, readId, verdicts}. With ADJUDICATOR but none of COORDINATOR, ENGINEER, AUDITOR: null for others until ACCEPTED. */
  signature: Maybe<Signature>;
  /** State. */
  state: ReadState;
  /** Task. */
  task: Task;
};


/** One reader's work on one task. Blinded: another's does not exist. */
export type ReadAgreementsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  open?: InputMaybe<Scalars['Boolean']['input']>;
};


/** One reader's work on one task. Blinded: another's does not exist. */
export type ReadRevisionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** Input of readAssign. */
export type ReadAssignInput = {
  /** When they expire; left out: by the protocol. */
  dueAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** A read of the only task, not SUBMITTED, that the reader takes over: it goes to EXPIRED. */
  insteadOfReadId?: InputMaybe<Scalars['ID']['input']>;
  /** Kind. DELINEATE while OPEN or DELINEATING, as many as the protocol's readers; CROSS_CHECK while CROSS_CHECKING, once the outlines to check are listed, one; ADJUDICATE while ADJUDICATING, one. */
  kind: ReadKind;
  /** Reader: a READER at the site for DELINEATE and CROSS_CHECK; for ADJUDICATE an ADJUDICATOR of the protocol's who read nothing of the task. Left out: every read that nobody holds goes to whoever has the least to do. */
  readerId?: InputMaybe<Scalars['ID']['input']>;
  /** Tasks, 1 to 100. */
  taskIds: Array<Scalars['ID']['input']>;
};

/** Result of readAssign. */
export type ReadAssignPayload = {
  __typename?: 'ReadAssignPayload';
  /** The reads, ASSIGNED, in the order of the tasks, at most 300; none for a task for which nobody is left. */
  reads: Maybe<Array<Read>>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** A page of reads. */
export type ReadConnection = {
  __typename?: 'ReadConnection';
  /** In order, at most 100. */
  edges: Array<ReadEdge>;
  /** Where it ends. */
  pageInfo: PageInfo;
};

/** A read in a page. */
export type ReadEdge = {
  __typename?: 'ReadEdge';
  /** Its place. */
  cursor: Scalars['String']['output'];
  /** A read. */
  node: Read;
};

/** Which reads. */
export type ReadFilter = {
  /** Of these kinds, at most 3. */
  kinds?: InputMaybe<Array<ReadKind>>;
  /** In these states, at most 5. */
  states?: InputMaybe<Array<ReadState>>;
};

/** Kinds of read. */
export type ReadKind =
  /** Settle the disputes. */
  | 'ADJUDICATE'
  /** Judge each lesion of another reader, and add what was missed. */
  | 'CROSS_CHECK'
  /** Outline every metastasis. */
  | 'DELINEATE';

/** Input of readReturn. */
export type ReadReturnInput = {
  /** The read. */
  readId: Scalars['ID']['input'];
  /** What to do better, 5 to 500 characters. */
  reason: Scalars['String']['input'];
};

/** Result of readReturn. */
export type ReadReturnPayload = {
  __typename?: 'ReadReturnPayload';
  /** The read, RETURNED. */
  read: Maybe<Read>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** Input of readStart. */
export type ReadStartInput = {
  /** The read; left out: the next one in the caller's queue, by priority, then due time, then age; if that is empty the most urgent task that readers may pull. */
  readId?: InputMaybe<Scalars['ID']['input']>;
};

/** Result of readStart. */
export type ReadStartPayload = {
  __typename?: 'ReadStartPayload';
  /** The read; null without errors when the queue is empty. */
  read: Maybe<Read>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** States of a read. */
export type ReadState =
  /** In a queue. */
  | 'ASSIGNED'
  /** Ended without a signature: its time was up, another reader took it over, or its task was left out. What was saved in it is kept. */
  | 'EXPIRED'
  /** Given back to its reader with a reason. */
  | 'RETURNED'
  /** Opened. */
  | 'STARTED'
  /** Signed and closed. */
  | 'SUBMITTED';

/** Input of readSubmit. */
export type ReadSubmitInput = {
  /** DELINEATE: true exactly if the head has no lesion, the caller signs that there is no metastasis. CROSS_CHECK, ADJUDICATE: false. */
  noMetastasis?: Scalars['Boolean']['input'];
  /** The read. */
  readId: Scalars['ID']['input'];
  /** Its head, another is refused as STALE; left out for a CROSS_CHECK or ADJUDICATE read in which nothing was drawn. */
  revisionId?: InputMaybe<Scalars['ID']['input']>;
};

/** Result of readSubmit. */
export type ReadSubmitPayload = {
  __typename?: 'ReadSubmitPayload';
  /** The read, SUBMITTED. */
  read: Maybe<Read>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** A refused file. */
export type Refusal = {
  __typename?: 'Refusal';
  /** Kind of reason. */
  code: RefusalCode;
  /** What was wrong, without any identifier. */
  message: Scalars['String']['output'];
};

/** Why a file is refused. */
export type RefusalCode =
  /** Identifiers may be burned into the picture. */
  | 'BURNED_IN'
  /** It could not be de-identified. */
  | 'NOT_DEIDENTIFIED'
  /** Beyond the bounds on size, nesting or expansion. */
  | 'OUT_OF_BOUNDS'
  /** Other content is stored under this SOP instance UID. */
  | 'UID_CONFLICT'
  /** Not DICOM, NIfTI or zip, or damaged. */
  | 'UNREADABLE'
  /** Not a class that is kept, such as secondary capture. */
  | 'UNSUPPORTED_CLASS';

/** A page of refused files. */
export type RefusalConnection = {
  __typename?: 'RefusalConnection';
  /** In order, at most 100. */
  edges: Array<RefusalEdge>;
  /** Where it ends. */
  pageInfo: PageInfo;
};

/** A refused file in a page. */
export type RefusalEdge = {
  __typename?: 'RefusalEdge';
  /** Its place. */
  cursor: Scalars['String']['output'];
  /** A refused file. */
  node: Refusal;
};

/** How a series was laid on BRAVO. */
export type Registration = {
  __typename?: 'Registration';
  /** From BRAVO to the series, LPS mm: 16 numbers, a 4x4 matrix by rows. */
  matrix: Array<Scalars['Float']['output']>;
  /** Normalized mutual information at the end. */
  nmi: Scalars['Float']['output'];
  /** True if motion and NMI are within the gates. */
  plausible: Scalars['Boolean']['output'];
  /** Rotation found. */
  rotationDegrees: Scalars['Float']['output'];
  /** The series moved. */
  series: Series;
  /** Shift found. */
  translationMm: Scalars['Float']['output'];
};

/** Input of requestSegmentation. */
export type RequestSegmentationInput = {
  /** Key against repeats, 8 to 64 characters; each member has their own. */
  idempotencyKey: Scalars['String']['input'];
  /** How lesions are segments of the SEG. */
  segmentForm?: SegmentForm;
  /** The study; its newest preparation has to be READY. */
  studyId: Scalars['ID']['input'];
};

/** Result of requestSegmentation. */
export type RequestSegmentationPayload = {
  __typename?: 'RequestSegmentationPayload';
  /** The segmentation; follow it by jobChanged. */
  segmentation: Maybe<Segmentation>;
  /** Why nothing was begun, at most 100. */
  userErrors: Array<UserError>;
};

/** A segment before and after. */
export type ResampledSegment = {
  __typename?: 'ResampledSegment';
  /** Number on BRAVO's grid: that of the lesion, unless the label was imported, of which connected components are the lesions. */
  number: Scalars['Int']['output'];
  /** Number as it was sent. */
  sentNumber: Scalars['Int']['output'];
  /** Volume of those. */
  volumeMm3After: Scalars['Float']['output'];
  /** Volume of those. */
  volumeMm3Before: Scalars['Float']['output'];
  /** Voxels of BRAVO. */
  voxelCountAfter: Scalars['Int']['output'];
  /** Voxels as they were sent. */
  voxelCountBefore: Scalars['Int']['output'];
};

/** How a voxel of BRAVO's comes by its segment. */
export type ResamplingRule =
  /** For a label whose voxels are no finer than BRAVO's: the voxel in which its centre lies. */
  | 'NEAREST'
  /** For a finer one: the segment that has most of it, if more than half of it is labelled; at exactly half the voxel in which its centre lies. */
  | 'PARTIAL_VOLUME';

/** Kinds of result. */
export type ResultKind =
  /** DICOM RT Structure Set: the outline of each lesion, for planning. */
  | 'CONTOURS'
  /** DICOM structured report (TID 1500) of volume, diameters and centre of each lesion. */
  | 'MEASUREMENTS'
  /** DICOM Parametric Map of probability. */
  | 'PROBABILITY_MAP'
  /** DICOM SEG in BRAVO's geometry. */
  | 'SEG';

/** Training that starts by itself in a tenant. */
export type Retraining = {
  __typename?: 'Retraining';
  /** Labels accepted since the last run that it started, or since the first policy was set. */
  acceptedLabels: Scalars['Int']['output'];
  /** What came of it the last time that there were labels enough, null before. */
  lastOutcome: Maybe<RetrainingOutcome>;
  /** True while it starts nothing. */
  paused: Scalars['Boolean']['output'];
  /** Policy in force. */
  policy: RetrainingPolicy;
  /** [ENGINEER, APPROVER, AUDITOR] Runs that it started, newest first; empty for others. */
  trainingRuns: TrainingRunConnection;
};


/** Training that starts by itself in a tenant. */
export type RetrainingTrainingRunsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** What came of a policy when there were labels enough. */
export type RetrainingOutcome = {
  __typename?: 'RetrainingOutcome';
  /** Labels that were counted then. */
  acceptedLabels: Scalars['Int']['output'];
  /** When. */
  at: Scalars['DateTime']['output'];
  /** What. */
  kind: RetrainingOutcomeKind;
  /** One sentence for people: what was started, or why nothing was. */
  message: Scalars['String']['output'];
  /** [ENGINEER, APPROVER, AUDITOR] Run that was started, null for none and for others. */
  trainingRun: Maybe<TrainingRun>;
};

/** What can come of a policy. */
export type RetrainingOutcomeKind =
  /** The service failed at it; the labels stay counted, and the next one accepted has it tried again. */
  | 'FAILED'
  /** No dataset could be frozen, or the plan does not fit the version to start from; the labels stay counted, and the next one accepted has it tried again. */
  | 'IMPOSSIBLE'
  /** A dataset was frozen and a run queued; labels are counted anew. */
  | 'STARTED';

/** Input of retrainingPause. */
export type RetrainingPauseInput = {
  /** True to start nothing from now on, false to go on: at once, if there are labels enough. */
  paused: Scalars['Boolean']['input'];
};

/** Result of retrainingPause. */
export type RetrainingPausePayload = {
  __typename?: 'RetrainingPausePayload';
  /** As it is now. */
  retraining: Maybe<Retraining>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** When training starts by itself, and how. It never changes: what is set later has a number of its own. */
export type RetrainingPolicy = {
  __typename?: 'RetrainingPolicy';
  /** Newly accepted labels that start a run. */
  afterAcceptedLabels: Scalars['Int']['output'];
  /** Number in the tenant, from 1. */
  number: Scalars['Int']['output'];
  /** What was said of the plan. */
  plan: GivenPlan;
  /** Seed of the split. */
  seed: Scalars['Int']['output'];
  /** When. */
  setAt: Scalars['DateTime']['output'];
  /** Who set it. */
  setBy: Member;
  /** Test patients of each lesion count group, at most half of a group. */
  testPerGroup: Scalars['Int']['output'];
  /** Training patients to one development patient. */
  trainPerDevelopment: Scalars['Int']['output'];
  /** True for a start from the newest APPROVED version; from scratch while there is none. */
  warmStart: Scalars['Boolean']['output'];
};

/** Input of retrainingSet. */
export type RetrainingSetInput = {
  /** Newly accepted labels that start a run, 1 to 10,000. */
  afterAcceptedLabels: Scalars['Int']['input'];
  /** Plan; what is left out is chosen when a run starts: that of the version to start from, or else the paper's. */
  plan?: InputMaybe<PlanInput>;
  /** Number of the policy that was last read, null for none; where another is in force meanwhile it is refused as STALE. */
  replaces?: InputMaybe<Scalars['Int']['input']>;
  /** Seed of the split, 0 or more. */
  seed?: Scalars['Int']['input'];
  /** Test patients of each lesion count group, 1 to 1,000, at most half of a group; the paper took 17. */
  testPerGroup?: Scalars['Int']['input'];
  /** Training patients to one development patient, 1 to 1,000. */
  trainPerDevelopment?: Scalars['Int']['input'];
  /** Start from the newest APPROVED version; from scratch while there is none. */
  warmStart?: Scalars['Boolean']['input'];
};

/** Result of retrainingSet. */
export type RetrainingSetPayload = {
  __typename?: 'RetrainingSetPayload';
  /** With the policy now in force. */
  retraining: Maybe<Retraining>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** A signed judgement of a version. */
export type Review = Node & {
  __typename?: 'Review';
  /** Comment. */
  comment: Scalars['String']['output'];
  /** Decision. */
  decision: ReviewDecision;
  /** [ENGINEER, APPROVER, AUDITOR] Evaluation whose report was signed; null for others. */
  evaluation: Maybe<Evaluation>;
  /** Opaque global id. */
  id: Scalars['ID']['output'];
  /** Version. */
  modelVersion: ModelVersion;
  /** Signature over the report's hash. */
  signature: Signature;
};

/** Decision of a review. */
export type ReviewDecision =
  /** IN_REVIEW to APPROVED. */
  | 'APPROVE'
  /** IN_REVIEW to REJECTED. */
  | 'REJECT';

/** Input of reviewSign. */
export type ReviewSignInput = {
  /** Comment, for a rejection its reason, 5 to 2,000 characters. */
  comment: Scalars['String']['input'];
  /** Decision. */
  decision: ReviewDecision;
  /** What the signature means, 5 to 200 characters. */
  meaning: Scalars['String']['input'];
  /** The version, IN_REVIEW. */
  modelVersionId: Scalars['ID']['input'];
  /** Hash of the report that was read; another is refused as STALE. */
  reportSha256: Scalars['Sha256']['input'];
};

/** Result of reviewSign. */
export type ReviewSignPayload = {
  __typename?: 'ReviewSignPayload';
  /** The review; its version has the new state. */
  review: Maybe<Review>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** A label as it was saved; immutable. */
export type Revision = Node & {
  __typename?: 'Revision';
  /** True for a save by the clock. */
  autosaved: Scalars['Boolean']['output'];
  /** True for what the service made of a version's answer, for the reader to start from. */
  draft: Scalars['Boolean']['output'];
  /** Opaque global id. */
  id: Scalars['ID']['output'];
  /** Where it comes from, null unless IMPORTED. */
  imported: Maybe<LabelImport>;
  /** Lesions, by segment number, at most 1,000; none is a statement: no metastasis. */
  lesions: Array<Lesion>;
  /** Who saved it, null for ground truth and for a draft. With ADJUDICATOR but none of COORDINATOR, ENGINEER, AUDITOR: null for others until ACCEPTED. */
  member: Maybe<Member>;
  /** What it was made from, null for the first. */
  parent: Maybe<Revision>;
  /** What it came about by. */
  provenance: RevisionProvenance;
  /** Read that it was saved in, null for ground truth composed of several. */
  read: Maybe<Read>;
  /** How it was brought onto BRAVO's grid, null unless it was sent on another one. */
  resampling: Maybe<LabelResampling>;
  /** When it was saved. */
  savedAt: Scalars['DateTime']['output'];
  /** Series instance UID of its SEG, null without a lesion: a SEG cannot be empty. */
  segSeriesInstanceUid: Maybe<Scalars['String']['output']>;
  /** SOP instance UID of its SEG, null without a lesion. */
  segSopInstanceUid: Maybe<Scalars['String']['output']>;
  /** Hash of its label volume. */
  sha256: Scalars['Sha256']['output'];
  /** Task. */
  task: Task;
  /** Labelled voxels, as read back from the store. */
  voxelCount: Scalars['Int']['output'];
};

/** A page of revisions. */
export type RevisionConnection = {
  __typename?: 'RevisionConnection';
  /** In order, at most 100. */
  edges: Array<RevisionEdge>;
  /** Where it ends. */
  pageInfo: PageInfo;
};

/** A revision in a page. */
export type RevisionEdge = {
  __typename?: 'RevisionEdge';
  /** Its place. */
  cursor: Scalars['String']['output'];
  /** A revision. */
  node: Revision;
};

/** What labels come about by. */
export type RevisionProvenance =
  /** Ground truth composed of reads, and of verdicts where they differed. */
  | 'AGREED'
  /** The service made it of a version's answer, for the reader to start from. */
  | 'DRAFT'
  /** Ground truth that came with a data set. */
  | 'IMPORTED'
  /** A reader saved it. */
  | 'READER';

/** Input of revisionSave. */
export type RevisionSaveInput = {
  /** True for a save by the clock. */
  autosaved?: Scalars['Boolean']['input'];
  /** The head that it was made from, null for the first; another head is refused as STALE. */
  parentId?: InputMaybe<Scalars['ID']['input']>;
  /** The read, STARTED, of the caller. */
  readId: Scalars['ID']['input'];
  /** True lets a SEG on another grid of BRAVO's frame of reference be brought onto BRAVO's; otherwise it is refused as GRID_MISMATCH. Segments are counted as they were sent. */
  resample?: Scalars['Boolean']['input'];
  /** Seconds spent since the last save, at most 86,400. */
  secondsSpent?: Scalars['Int']['input'];
  /** SOP instance UID of the SEG sent by STOW-RS, which nobody else sees; left out for no metastasis: a SEG cannot be empty. */
  segSopInstanceUid?: InputMaybe<Scalars['String']['input']>;
  /** Each segment as the client counts it, at most 1,000; empty for no metastasis. */
  segments: Array<SegmentInput>;
};

/** Result of revisionSave. */
export type RevisionSavePayload = {
  __typename?: 'RevisionSavePayload';
  /** The revision, as read back; the same for a repeat of the same SEG. */
  revision: Maybe<Revision>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** What a member may do. */
export type Role =
  /** Settles disputes. */
  | 'ADJUDICATOR'
  /** Signs reviews and rolls out. */
  | 'APPROVER'
  /** Reads everything, images and labels included, and the audit trail; changes nothing. */
  | 'AUDITOR'
  /** Requests segmentations, at their sites. */
  | 'CLINICIAN'
  /** Uploads, prepares and assigns, at their sites. */
  | 'COORDINATOR'
  /** Freezes datasets, trains and evaluates. */
  | 'ENGINEER'
  /** Delineates and cross-checks, at their sites. */
  | 'READER'
  /** Manages members, sites, protocols and policies. */
  | 'TENANT_ADMIN';

/** A role with the sites that it is limited to. */
export type RoleGrant = {
  __typename?: 'RoleGrant';
  /** The role. */
  role: Role;
  /** Only these, at most 100; empty for all. */
  sites: Array<Site>;
};

/** A version put into service at some sites. */
export type Rollout = Node & {
  __typename?: 'Rollout';
  /** Every step so far, oldest first, at most 100. */
  history: Array<RolloutStep>;
  /** Opaque global id. */
  id: Scalars['ID']['output'];
  /** Version. */
  modelVersion: ModelVersion;
  /** Sites that it was made for. */
  sites: SiteConnection;
  /** Stage. */
  stage: RolloutStage;
};


/** A version put into service at some sites. */
export type RolloutSitesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** A page of rollouts. */
export type RolloutConnection = {
  __typename?: 'RolloutConnection';
  /** In order, at most 100. */
  edges: Array<RolloutEdge>;
  /** Where it ends. */
  pageInfo: PageInfo;
};

/** Input of rolloutCreate. */
export type RolloutCreateInput = {
  /** The version. */
  modelVersionId: Scalars['ID']['input'];
  /** Why, 5 to 500 characters. */
  reason: Scalars['String']['input'];
  /** Sites, 1 to 100. */
  siteIds: Array<Scalars['ID']['input']>;
};

/** Result of rolloutCreate. */
export type RolloutCreatePayload = {
  __typename?: 'RolloutCreatePayload';
  /** The rollout. */
  rollout: Maybe<Rollout>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** A rollout in a page. */
export type RolloutEdge = {
  __typename?: 'RolloutEdge';
  /** Its place. */
  cursor: Scalars['String']['output'];
  /** A rollout. */
  node: Rollout;
};

/** Input of rolloutRollback. */
export type RolloutRollbackInput = {
  /** Why, 5 to 500 characters. */
  reason: Scalars['String']['input'];
  /** The rollout, LIVE. */
  rolloutId: Scalars['ID']['input'];
};

/** Result of rolloutRollback. */
export type RolloutRollbackPayload = {
  __typename?: 'RolloutRollbackPayload';
  /** The rollout, ROLLED_BACK. */
  rollout: Maybe<Rollout>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** Stages of a rollout. */
export type RolloutStage =
  /** Answers the requests of one of its sites or more. */
  | 'LIVE'
  /** Taken back; where it was LIVE, what served before serves again. */
  | 'ROLLED_BACK'
  /** Later rollouts are LIVE in all its places. */
  | 'SUPERSEDED';

/** A step of a rollout. */
export type RolloutStep = {
  __typename?: 'RolloutStep';
  /** When. */
  at: Scalars['DateTime']['output'];
  /** Who. */
  member: Member;
  /** Why. */
  reason: Scalars['String']['output'];
  /** Stage reached. */
  stage: RolloutStage;
};

/** States of work that has no states of its own. */
export type RunState =
  /** A person stopped it. */
  | 'CANCELLED'
  /** It ended without a result; `progress.failure` says why. */
  | 'FAILED'
  /** Waits for a worker. */
  | 'QUEUED'
  /** A worker holds it. */
  | 'RUNNING'
  /** Its result is stored and verified. */
  | 'SUCCEEDED';

/** How lesions are segments of a SEG. */
export type SegmentForm =
  /** One segment for all lesions. */
  | 'ALL_LESIONS'
  /** One segment for each lesion. */
  | 'EACH_LESION';

/** A segment of a SEG. */
export type SegmentInput = {
  /** True if its reader calls its outline coarse. */
  coarse?: Scalars['Boolean']['input'];
  /** Segment number, from 1. */
  number: Scalars['Int']['input'];
  /** Voxels in it. */
  voxelCount: Scalars['Int']['input'];
};

/** A version's answer for a study. Blinded: does not exist. */
export type Segmentation = Job & Node & {
  __typename?: 'Segmentation';
  /** Its results on their way to receivers, newest first; without COORDINATOR, CLINICIAN, TENANT_ADMIN or AUDITOR none. */
  deliveries: DeliveryConnection;
  /** What was found and dropped, with the reason, at most 1,000. */
  dropped: Array<DroppedFinding>;
  /** Opaque global id. */
  id: Scalars['ID']['output'];
  /** Lesions, largest first, at most 1,000. */
  lesions: Array<Lesion>;
  /** Version that answers, fixed when it was requested. */
  modelVersion: ModelVersion;
  /** How far it is. */
  progress: Progress;
  /** Who asked. */
  requestedBy: Member;
  /** Results, once COMPLETED; at most 2. */
  results: Array<SegmentationResult>;
  /** Rollout that chose the version. */
  rollout: Rollout;
  /** How lesions are segments of the SEG. */
  segmentForm: SegmentForm;
  /** State. */
  state: SegmentationState;
  /** Study. */
  study: Study;
};


/** A version's answer for a study. Blinded: does not exist. */
export type SegmentationDeliveriesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** Input of segmentationCancel. */
export type SegmentationCancelInput = {
  /** The segmentation. */
  segmentationId: Scalars['ID']['input'];
};

/** Result of segmentationCancel. */
export type SegmentationCancelPayload = {
  __typename?: 'SegmentationCancelPayload';
  /** The segmentation. */
  segmentation: Maybe<Segmentation>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** A page of segmentations. */
export type SegmentationConnection = {
  __typename?: 'SegmentationConnection';
  /** In order, at most 100. */
  edges: Array<SegmentationEdge>;
  /** Where it ends. */
  pageInfo: PageInfo;
};

/** A segmentation in a page. */
export type SegmentationEdge = {
  __typename?: 'SegmentationEdge';
  /** Its place. */
  cursor: Scalars['String']['output'];
  /** A segmentation. */
  node: Segmentation;
};

/** Which segmentations. */
export type SegmentationFilter = {
  /** True for those that the caller asked for. */
  mine?: InputMaybe<Scalars['Boolean']['input']>;
  /** At these sites, at most 100. */
  siteIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** In these states, at most 5. */
  states?: InputMaybe<Array<SegmentationState>>;
};

/** Input of segmentationPush. */
export type SegmentationPushInput = {
  /** Destination at the study's site. */
  destinationId: Scalars['ID']['input'];
  /** Key against repeats, 8 to 64 characters; each member has their own. */
  idempotencyKey: Scalars['String']['input'];
  /** Results to send, 1 to 4, none twice. */
  results: Array<ResultKind>;
  /** The segmentation, COMPLETED. */
  segmentationId: Scalars['ID']['input'];
};

/** Result of segmentationPush. */
export type SegmentationPushPayload = {
  __typename?: 'SegmentationPushPayload';
  /** The delivery, PENDING. */
  delivery: Maybe<Delivery>;
  /** Why nothing was begun, at most 100. */
  userErrors: Array<UserError>;
};

/** A stored result. */
export type SegmentationResult = {
  __typename?: 'SegmentationResult';
  /** Kind. */
  kind: ResultKind;
  /** Series instance UID, by which DICOMweb gives it. */
  seriesInstanceUid: Scalars['String']['output'];
  /** SOP instance UID. */
  sopInstanceUid: Scalars['String']['output'];
};

/** States of a segmentation. */
export type SegmentationState =
  /** Stopped by a person. */
  | 'CANCELLED'
  /** Its results are stored and verified. */
  | 'COMPLETED'
  /** `progress.failure` says why. */
  | 'FAILED'
  /** Waits for a worker. */
  | 'QUEUED'
  /** A worker holds it. */
  | 'RUNNING';

/** Images acquired or derived together. */
export type Series = Node & {
  __typename?: 'Series';
  /** The series that it is a co-registered copy of, on the BRAVO grid. */
  derivedFrom: Maybe<Series>;
  /** Cleaned description. */
  description: Maybe<Scalars['String']['output']>;
  /** Echo time. */
  echoTimeMs: Maybe<Scalars['Float']['output']>;
  /** Flip angle. */
  flipAngleDegrees: Maybe<Scalars['Float']['output']>;
  /** Opaque global id. */
  id: Scalars['ID']['output'];
  /** Instances in it. */
  instanceCount: Scalars['Int']['output'];
  /** Inversion time. */
  inversionTimeMs: Maybe<Scalars['Float']['output']>;
  /** DICOM modality, such as MR or SEG. */
  modality: Scalars['String']['output'];
  /** Repetition time. */
  repetitionTimeMs: Maybe<Scalars['Float']['output']>;
  /** What it is to the method, null for derived series and results. */
  role: Maybe<SeriesRole>;
  /** Why it has that role, in one sentence, null for derived series and results. */
  roleReason: Maybe<Scalars['String']['output']>;
  /** True if a person set the role, false if acquisition parameters told it. */
  roleSetByMember: Scalars['Boolean']['output'];
  /** Series instance UID. */
  seriesInstanceUid: Scalars['String']['output'];
  /** Study. */
  study: Study;
};

/** What a series is to the method. */
export type SeriesRole =
  /** IR-FSPGR after contrast: the reference space, where labels are drawn. */
  | 'BRAVO'
  /** FLAIR. */
  | 'FLAIR'
  /** Not used. */
  | 'OTHER'
  /** T1 CUBE after contrast. */
  | 'T1_POST'
  /** T1 before contrast. */
  | 'T1_PRE';

/** Input of seriesUpdate. */
export type SeriesUpdateInput = {
  /** What it is; of one role only one series may be. */
  role: SeriesRole;
  /** The series. */
  seriesId: Scalars['ID']['input'];
};

/** Result of seriesUpdate. */
export type SeriesUpdatePayload = {
  __typename?: 'SeriesUpdatePayload';
  /** The series. */
  series: Maybe<Series>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** Sex, as DICOM has it. */
export type Sex =
  /** Female. */
  | 'FEMALE'
  /** Male. */
  | 'MALE'
  /** Other. */
  | 'OTHER';

/** A signature that cannot be cut from what it signs. */
export type Signature = {
  __typename?: 'Signature';
  /** Hash of what was signed. */
  contentSha256: Scalars['Sha256']['output'];
  /** What the signature means, such as `I approve this version for clinical research use`. */
  meaning: Scalars['String']['output'];
  /** Who signed. */
  member: Member;
  /** Name as printed when it was signed. */
  printedName: Scalars['String']['output'];
  /** When it was signed. */
  signedAt: Scalars['DateTime']['output'];
};

/** A hospital. */
export type Site = Node & {
  __typename?: 'Site';
  /** What de-identification keeps of its files: the version in force first, then those before it, at most 100. */
  deidentificationProfiles: Array<DeidentificationProfile>;
  /** Opaque global id. */
  id: Scalars['ID']['output'];
  /** Version that answers requests here now, null for none. */
  liveVersion: Maybe<ModelVersion>;
  /** Name. */
  name: Scalars['String']['output'];
  /** Rollouts made for it, newest first; their history says what answered here, and why. */
  rollouts: RolloutConnection;
};


/** A hospital. */
export type SiteRolloutsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** A page of sites. */
export type SiteConnection = {
  __typename?: 'SiteConnection';
  /** In order, at most 100. */
  edges: Array<SiteEdge>;
  /** Where it ends. */
  pageInfo: PageInfo;
};

/** A site in a page. */
export type SiteEdge = {
  __typename?: 'SiteEdge';
  /** Its place. */
  cursor: Scalars['String']['output'];
  /** A site. */
  node: Site;
};

/** One examination. */
export type Study = Node & {
  __typename?: 'Study';
  /** Age then, in years, 90 for all above 89. */
  ageYears: Maybe<Scalars['Int']['output']>;
  /** When its first instance was stored. */
  createdAt: Scalars['DateTime']['output'];
  /** [COORDINATOR, AUDITOR] Images withheld until their faces are removed, and what was done about them; null for others, and for studies without. */
  defacing: Maybe<Defacing>;
  /** [COORDINATOR, AUDITOR] What de-identification did to its files; null for others, and for files stored before it was recorded. */
  deidentification: Maybe<DeidentificationReport>;
  /** Newest accepted label. Blinded: null. */
  groundTruth: Maybe<Revision>;
  /** Opaque global id. */
  id: Scalars['ID']['output'];
  /** Group of the newest accepted label. Blinded: null. */
  lesionGroup: Maybe<LesionGroup>;
  /** Roles that no series has, at most 4. */
  missingRoles: Array<SeriesRole>;
  /** Newest preparation. */
  preparation: Maybe<Preparation>;
  /** Scanner: maker, model, field strength. */
  scanner: Maybe<Scalars['String']['output']>;
  /** Segmentations, newest first. Blinded and unassisted: empty, in counts too. */
  segmentations: SegmentationConnection;
  /** Series in it, derived co-registered ones included, at most 100. Blinded and unassisted: labels and results of others are absent. */
  series: Array<Series>;
  /** Site. */
  site: Site;
  /** Shifted day. */
  studyDate: Maybe<Scalars['Date']['output']>;
  /** Study instance UID of the de-identified files. */
  studyInstanceUid: Scalars['String']['output'];
  /** Patient. */
  subject: Subject;
  /** Tasks, newest round first. Blinded: their own only. */
  tasks: TaskConnection;
};


/** One examination. */
export type StudySegmentationsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** One examination. */
export type StudyTasksArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** A page of studies. */
export type StudyConnection = {
  __typename?: 'StudyConnection';
  /** In order, at most 100. */
  edges: Array<StudyEdge>;
  /** Where it ends. */
  pageInfo: PageInfo;
};

/** A study in a page. */
export type StudyEdge = {
  __typename?: 'StudyEdge';
  /** Its place. */
  cursor: Scalars['String']['output'];
  /** A study. */
  node: Study;
};

/** Which studies; all given conditions hold. Blinded: judged by what they may see. */
export type StudyFilter = {
  /** Of these preparation states, at most 5. */
  preparationStates?: InputMaybe<Array<PreparationState>>;
  /** At these sites, at most 100. */
  siteIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** With this study instance UID. */
  studyInstanceUid?: InputMaybe<Scalars['String']['input']>;
  /** With its newest task in these states, at most 6. */
  taskStates?: InputMaybe<Array<TaskState>>;
};

/** A patient, known only by a pseudonym. */
export type Subject = Node & {
  __typename?: 'Subject';
  /** Opaque global id. */
  id: Scalars['ID']['output'];
  /** Pseudonym, the PatientID of the de-identified files. */
  patientId: Scalars['String']['output'];
  /** Sex, null if unknown. */
  sex: Maybe<Sex>;
  /** Studies, oldest first. */
  studies: StudyConnection;
  /** Side of the split, permanent once TEST. Blinded and unassisted: null. */
  subset: Maybe<Subset>;
};


/** A patient, known only by a pseudonym. */
export type SubjectStudiesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** What tells of changes; after a lost connection give the last cursor as `after` and nothing that changed meanwhile is missed. Access is checked anew at each event, and with the access token it ends as UNAUTHENTICATED. */
export type Subscription = {
  __typename?: 'Subscription';
  /** Progress and state of jobs: preparations, training runs, evaluations, segmentations, deliveries; first their present state, and it completes when all have ended. */
  jobChanged: JobEvent;
};


/** What tells of changes; after a lost connection give the last cursor as `after` and nothing that changed meanwhile is missed. Access is checked anew at each event, and with the access token it ends as UNAUTHENTICATED. */
export type SubscriptionJobChangedArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  ids: Array<Scalars['ID']['input']>;
};

/** Side of the split. */
export type Subset =
  /** Thresholds are chosen on it. */
  | 'DEVELOPMENT'
  /** Sealed; only evaluation reads it. */
  | 'TEST'
  /** Weights are learnt from it. */
  | 'TRAIN';

/** One round of reading one study. */
export type Task = Node & {
  __typename?: 'Task';
  /** Comparison lesion by lesion, without readers' names. Blinded, and without ADJUDICATOR, COORDINATOR, ENGINEER or AUDITOR: empty. */
  agreements: LesionAgreementConnection;
  /** Remarks, oldest first. Blinded: their own only. Others without COORDINATOR, ADJUDICATOR, ENGINEER or AUDITOR: their own, and once the task has ended those on what they read. */
  comments: CommentConnection;
  /** Why it was left out. */
  excludedReason: Maybe<Scalars['String']['output']>;
  /** Agreement of each read with the ground truth and of each pair of reads, once ACCEPTED, at most 9. Without COORDINATOR, ADJUDICATOR, ENGINEER or AUDITOR: of their own reads. */
  figures: Array<AgreementFigures>;
  /** Ground truth, once ACCEPTED. */
  groundTruth: Maybe<Revision>;
  /** Opaque global id. */
  id: Scalars['ID']['output'];
  /** Greater comes first in every queue. Blinded: null. */
  priority: Maybe<Scalars['Float']['output']>;
  /** Protocol, null where the label was imported: nobody here read it. */
  protocol: Maybe<Protocol>;
  /** Reads, oldest first, at most 20. Blinded: their own only. */
  reads: Array<Read>;
  /** Why its study is read once more, null unless it was reopened. Blinded: null. */
  reopenedReason: Maybe<Scalars['String']['output']>;
  /** The task that it repeats; null for a first read. Blinded: null. */
  repeatOf: Maybe<Task>;
  /** Round, from 1. Blinded: 1. */
  round: Scalars['Int']['output'];
  /** State. */
  state: TaskState;
  /** Study. */
  study: Study;
  /** Reads that it wants now and nobody holds. Blinded, and without ADJUDICATOR, COORDINATOR, ENGINEER or AUDITOR: 0. */
  unassignedReads: Scalars['Int']['output'];
};


/** One round of reading one study. */
export type TaskAgreementsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  kinds?: InputMaybe<Array<AgreementKind>>;
};


/** One round of reading one study. */
export type TaskCommentsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** A page of tasks. */
export type TaskConnection = {
  __typename?: 'TaskConnection';
  /** In order, at most 100. */
  edges: Array<TaskEdge>;
  /** Where it ends. */
  pageInfo: PageInfo;
};

/** Input of taskCreate. */
export type TaskCreateInput = {
  /** Greater comes first in every queue, -1,000,000 to 1,000,000: for PRIORITY the most informative, such as a version's uncertainty. */
  priority?: Scalars['Float']['input'];
  /** Protocol, its newest version. */
  protocolId: Scalars['ID']['input'];
  /** Studies with a preparation in READY, 1 to 100. */
  studyIds: Array<Scalars['ID']['input']>;
};

/** Result of taskCreate. */
export type TaskCreatePayload = {
  __typename?: 'TaskCreatePayload';
  /** The tasks, OPEN, at most 100. */
  tasks: Maybe<Array<Task>>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** A task in a page. */
export type TaskEdge = {
  __typename?: 'TaskEdge';
  /** Its place. */
  cursor: Scalars['String']['output'];
  /** A task. */
  node: Task;
};

/** Input of taskExclude. */
export type TaskExcludeInput = {
  /** Why, 5 to 500 characters. */
  reason: Scalars['String']['input'];
  /** The task. */
  taskId: Scalars['ID']['input'];
};

/** Result of taskExclude. */
export type TaskExcludePayload = {
  __typename?: 'TaskExcludePayload';
  /** The task. */
  task: Maybe<Task>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** Which tasks; all given conditions hold. Blinded: judged by what they may see. */
export type TaskFilter = {
  /** By this version of a protocol. */
  protocolId?: InputMaybe<Scalars['ID']['input']>;
  /** At these sites, at most 100. */
  siteIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** In these states, at most 6. */
  states?: InputMaybe<Array<TaskState>>;
  /** Of this study. */
  studyId?: InputMaybe<Scalars['ID']['input']>;
  /** True for those that want a read which nobody holds, false for the others. */
  unassigned?: InputMaybe<Scalars['Boolean']['input']>;
};

/** Input of taskPrioritize. */
export type TaskPrioritizeInput = {
  /** Greater comes first in every queue, -1,000,000 to 1,000,000. */
  priority: Scalars['Float']['input'];
  /** Tasks, 1 to 100. */
  taskIds: Array<Scalars['ID']['input']>;
};

/** Result of taskPrioritize. */
export type TaskPrioritizePayload = {
  __typename?: 'TaskPrioritizePayload';
  /** The tasks, in that order, at most 100. */
  tasks: Maybe<Array<Task>>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** Input of taskReopen. */
export type TaskReopenInput = {
  /** Protocol of the new round; left out: the newest version of the same. Needed after a round whose label was imported. */
  protocolId?: InputMaybe<Scalars['ID']['input']>;
  /** Why, 5 to 500 characters. */
  reason: Scalars['String']['input'];
  /** The task, the newest of its study, ACCEPTED or EXCLUDED. */
  taskId: Scalars['ID']['input'];
};

/** Result of taskReopen. */
export type TaskReopenPayload = {
  __typename?: 'TaskReopenPayload';
  /** The task of the new round; the one of before and its ground truth stay as they are. */
  task: Maybe<Task>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** Input of taskRepeat. */
export type TaskRepeatInput = {
  /** Who delineated it, and is a READER at its site still. */
  readerId: Scalars['ID']['input'];
  /** The task, ACCEPTED, of a study without an open round that was not prepared anew since. */
  taskId: Scalars['ID']['input'];
};

/** Result of taskRepeat. */
export type TaskRepeatPayload = {
  __typename?: 'TaskRepeatPayload';
  /** The repeat. */
  task: Maybe<Task>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** States of a task. Blinded: DELINEATING until ACCEPTED or EXCLUDED, whatever happens meanwhile. */
export type TaskState =
  /** There is ground truth; only a new round can change it. */
  | 'ACCEPTED'
  /** Disputes are with the adjudicator. */
  | 'ADJUDICATING'
  /** Lesions are compared or checked. */
  | 'CROSS_CHECKING'
  /** Readers delineate. */
  | 'DELINEATING'
  /** Left out, with a reason. */
  | 'EXCLUDED'
  /** Nobody has begun. */
  | 'OPEN';

/** A consortium. */
export type Tenant = Node & {
  __typename?: 'Tenant';
  /** Root of its DICOMweb services (QIDO-RS, WADO-RS, STOW-RS). */
  dicomwebUrl: Scalars['URL']['output'];
  /** Opaque global id. */
  id: Scalars['ID']['output'];
  /** Its members; without TENANT_ADMIN or COORDINATOR only the caller. */
  members: MemberConnection;
  /** Name. */
  name: Scalars['String']['output'];
  /** Its protocols, newest first. */
  protocols: ProtocolConnection;
  /** Its sites. */
  sites: SiteConnection;
};


/** A consortium. */
export type TenantMembersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** A consortium. */
export type TenantProtocolsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** A consortium. */
export type TenantSitesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** How a threshold was chosen. */
export type ThresholdRule =
  /** Greatest mean Dice. */
  | 'MAX_DICE'
  /** Lowest that keeps nine tenths of the greatest mean Dice and costs no more false positives a case than the plan admits. */
  | 'SENSITIVE'
  /** Mean over patients of each one's Youden threshold. */
  | 'YOUDEN';

/** Measurements at one step. */
export type TrainingMetric = {
  __typename?: 'TrainingMetric';
  /** AUC on the development set, where measured. */
  developmentAuc: Maybe<Scalars['Float']['output']>;
  /** Epoch, counted in parts. */
  epoch: Scalars['Float']['output'];
  /** Learning rate. */
  learningRate: Scalars['Float']['output'];
  /** Mean cross-entropy of the steps since the last measurement, with the L2 penalty (weightDecay / 2 times the sum of the squared kernels). */
  loss: Scalars['Float']['output'];
  /** Memory of the engine. */
  memoryBytes: Scalars['ByteCount']['output'];
  /** Speed. */
  slicesPerSecond: Scalars['Float']['output'];
  /** Step, from 1. */
  step: Scalars['Int']['output'];
};

/** One training of one plan on one frozen dataset. */
export type TrainingRun = Job & Node & {
  __typename?: 'TrainingRun';
  /** Kept checkpoints, newest first, at most 20. */
  checkpoints: Array<Checkpoint>;
  /** Dataset. */
  dataset: Dataset;
  /** What judged it, newest first, at most 100. */
  evaluations: Array<Evaluation>;
  /** Opaque global id. */
  id: Scalars['ID']['output'];
  /** Measurements, thinned evenly, those without an AUC first; at most 1,000. */
  metrics: Array<TrainingMetric>;
  /** Version that it led to, once that has SUCCEEDED. */
  modelVersion: Maybe<ModelVersion>;
  /** Plan. */
  plan: Plan;
  /** How far it is. */
  progress: Progress;
  /** Policy by which it started by itself, null if a member started it. */
  retrainingPolicy: Maybe<RetrainingPolicy>;
  /** Who started it; if the retraining policy did, who had set that. */
  startedBy: Member;
  /** State. */
  state: RunState;
  /** Version that its weights start from, null from scratch. */
  warmStart: Maybe<ModelVersion>;
};


/** One training of one plan on one frozen dataset. */
export type TrainingRunMetricsArgs = {
  maxPoints?: InputMaybe<Scalars['Int']['input']>;
};

/** Input of trainingRunCancel. */
export type TrainingRunCancelInput = {
  /** The run. */
  trainingRunId: Scalars['ID']['input'];
};

/** Result of trainingRunCancel. */
export type TrainingRunCancelPayload = {
  __typename?: 'TrainingRunCancelPayload';
  /** The run. */
  trainingRun: Maybe<TrainingRun>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** A page of training runs. */
export type TrainingRunConnection = {
  __typename?: 'TrainingRunConnection';
  /** In order, at most 100. */
  edges: Array<TrainingRunEdge>;
  /** Where it ends. */
  pageInfo: PageInfo;
};

/** A training run in a page. */
export type TrainingRunEdge = {
  __typename?: 'TrainingRunEdge';
  /** Its place. */
  cursor: Scalars['String']['output'];
  /** A training run. */
  node: TrainingRun;
};

/** Input of trainingRunStart. */
export type TrainingRunStartInput = {
  /** A FROZEN dataset. */
  datasetId: Scalars['ID']['input'];
  /** Key against repeats, 8 to 64 characters. */
  idempotencyKey: Scalars['String']['input'];
  /** Plan; left out: that of the version to start from, or else the paper's, at the tenant's size of slices. */
  plan?: InputMaybe<PlanInput>;
  /** Version to start from, neither REJECTED nor RETIRED; its architecture, width and sequences must be the plan's. Left out: from scratch. */
  warmStartId?: InputMaybe<Scalars['ID']['input']>;
};

/** Result of trainingRunStart. */
export type TrainingRunStartPayload = {
  __typename?: 'TrainingRunStartPayload';
  /** The run, QUEUED. */
  trainingRun: Maybe<TrainingRun>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** Files on their way in, by GraphQL or by STOW-RS; quarantined until de-identified. */
export type Upload = Node & {
  __typename?: 'Upload';
  /** When it was opened. */
  createdAt: Scalars['DateTime']['output'];
  /** When it ended. */
  endedAt: Maybe<Scalars['DateTime']['output']>;
  /** Opaque global id. */
  id: Scalars['ID']['output'];
  /** Who sends them. */
  member: Member;
  /** Bytes that arrived. */
  receivedBytes: Scalars['ByteCount']['output'];
  /** Files that arrived whole. */
  receivedFiles: Scalars['Int']['output'];
  /** Files refused, with reasons. */
  refusals: RefusalConnection;
  /** Site that they come from. */
  site: Site;
  /** Instances de-identified and stored, repeats of stored ones included. */
  storedInstances: Scalars['Int']['output'];
};


/** Files on their way in, by GraphQL or by STOW-RS; quarantined until de-identified. */
export type UploadRefusalsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

/** Input of uploadComplete. */
export type UploadCompleteInput = {
  /** The upload. */
  uploadId: Scalars['ID']['input'];
};

/** Result of uploadComplete. */
export type UploadCompletePayload = {
  __typename?: 'UploadCompletePayload';
  /** The upload. */
  upload: Maybe<Upload>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** A page of uploads. */
export type UploadConnection = {
  __typename?: 'UploadConnection';
  /** In order, at most 100. */
  edges: Array<UploadEdge>;
  /** Where it ends. */
  pageInfo: PageInfo;
};

/** Input of uploadCreate. */
export type UploadCreateInput = {
  /** Key against repeats, 8 to 64 characters; who has lost the upload's id finds it again by the key. */
  idempotencyKey: Scalars['String']['input'];
  /** Site that the files come from. */
  siteId: Scalars['ID']['input'];
};

/** Result of uploadCreate. */
export type UploadCreatePayload = {
  __typename?: 'UploadCreatePayload';
  /** The upload. */
  upload: Maybe<Upload>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** An upload in a page. */
export type UploadEdge = {
  __typename?: 'UploadEdge';
  /** Its place. */
  cursor: Scalars['String']['output'];
  /** An upload. */
  node: Upload;
};

/** A file to send: one MR image in DICOM. */
export type UploadFileInput = {
  /** Hash of its bytes; others are refused at its address. */
  sha256: Scalars['Sha256']['input'];
  /** Its size, at most 1 GiB. */
  sizeBytes: Scalars['ByteCount']['input'];
};

/** Which uploads. */
export type UploadFilter = {
  /** At these sites, at most 100. */
  siteIds?: InputMaybe<Array<Scalars['ID']['input']>>;
};

/** Input of uploadPresign. */
export type UploadPresignInput = {
  /** Files, 1 to 100. */
  files: Array<UploadFileInput>;
  /** The upload, not ended. */
  uploadId: Scalars['ID']['input'];
};

/** Result of uploadPresign. */
export type UploadPresignPayload = {
  __typename?: 'UploadPresignPayload';
  /** Where to send each file, in the order given, at most 100. */
  targets: Maybe<Array<UploadTarget>>;
  /** The upload. */
  upload: Maybe<Upload>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** Where to send a file by HTTP PUT, or what became of it. */
export type UploadTarget = {
  __typename?: 'UploadTarget';
  /** Until when a request to the address may begin; null unless AWAITED. */
  expiresAt: Maybe<Scalars['DateTime']['output']>;
  /** Why it was refused; null unless REFUSED. */
  refusal: Maybe<Refusal>;
  /** The file. */
  sha256: Scalars['Sha256']['output'];
  /** Whether it has arrived. */
  state: UploadTargetState;
  /** Address that takes this file alone, and needs no other credential; null unless AWAITED. */
  url: Maybe<Scalars['URL']['output']>;
};

/** What became of a file with an address. */
export type UploadTargetState =
  /** It has not arrived whole. */
  | 'AWAITED'
  /** It arrived and was refused; sending it again would change nothing. */
  | 'REFUSED'
  /** It arrived, and is de-identified and stored. */
  | 'STORED';

/** Why nothing was changed. */
export type UserError = {
  /** Kind of error, closed list. */
  code: ErrorCode;
  /** One sentence saying what to do. */
  message: Scalars['String']['output'];
  /** Path of the input at fault, at most 8 steps; empty for the whole. */
  path: Array<Scalars['String']['output']>;
};

/** Decisions on a lesion. */
export type VerdictDecision =
  /** It stands as one reader drew it, in parts if that reader did. */
  | 'ACCEPT'
  /** The union of the outlines stands. */
  | 'MERGE'
  /** It stands as redrawn in the deciding read's own head. */
  | 'REDRAW'
  /** It is no metastasis. */
  | 'REJECT';

/** Input of verdictGive. */
export type VerdictGiveInput = {
  /** The read, STARTED, of the caller. */
  readId: Scalars['ID']['input'];
  /** Verdicts, 1 to 100. */
  verdicts: Array<VerdictInput>;
};

/** Result of verdictGive. */
export type VerdictGivePayload = {
  __typename?: 'VerdictGivePayload';
  /** What was judged, in the order of the verdicts, at most 100. */
  agreements: Maybe<Array<LesionAgreement>>;
  /** Why nothing changed, at most 100. */
  userErrors: Array<UserError>;
};

/** A verdict on one lesion. */
export type VerdictInput = {
  /** What is judged. */
  agreementId: Scalars['ID']['input'];
  /** Decision; an outline is checked by ACCEPT, REDRAW or REJECT. */
  decision: VerdictDecision;
  /** Lesions that it rests on, at most 10: for ACCEPT of one reader there (none are needed where an outline is checked), for MERGE two or more there, for REDRAW of the read's own head, for REJECT none. */
  lesionIds?: Array<Scalars['ID']['input']>;
  /** Why, 3 to 500 characters. */
  reason: Scalars['String']['input'];
};

/** The caller. */
export type Viewer = {
  __typename?: 'Viewer';
  /** When the credential in use ends. */
  expiresAt: Scalars['DateTime']['output'];
  /** The member. */
  member: Member;
  /** Names of the queries, mutations and subscriptions that they may call; at most 200. */
  permissions: Array<Scalars['String']['output']>;
  /** Roles in force, narrowed by the API token if one is used; at most 8. */
  roles: Array<Role>;
  /** Sites that they may see. */
  sites: SiteConnection;
  /** Their tenant. */
  tenant: Tenant;
};


/** The caller. */
export type ViewerSitesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;


export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;



/** Mapping of union types */
export type ResolversUnionTypes<_RefType extends Record<string, unknown>> = {
  DeliveryTarget: ( DestinationRow );
};


/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  AgreementFigures: ResolverTypeWrapper<AgreementFigures>;
  AgreementFilter: AgreementFilter;
  AgreementKind: AgreementKind;
  AgreementReport: ResolverTypeWrapper<AgreementReport>;
  AgreementRow: AgreementRow;
  AgreementRule: ResolverTypeWrapper<AgreementRule>;
  AgreementRuleInput: AgreementRuleInput;
  AppliedDeidentificationProfile: ResolverTypeWrapper<Omit<AppliedDeidentificationProfile, 'profile'> & { profile: ResolversTypes['DeidentificationProfile'] }>;
  Architecture: Architecture;
  Artifact: ResolverTypeWrapper<ArtifactRow>;
  ArtifactKind: ArtifactKind;
  AssignmentRule: AssignmentRule;
  AuditEvent: ResolverTypeWrapper<AuditEventRow>;
  AuditEventConnection: ResolverTypeWrapper<Omit<AuditEventConnection, 'edges'> & { edges: Array<ResolversTypes['AuditEventEdge']> }>;
  AuditEventEdge: ResolverTypeWrapper<Omit<AuditEventEdge, 'node'> & { node: ResolversTypes['AuditEvent'] }>;
  AuditFilter: AuditFilter;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  ByteCount: ResolverTypeWrapper<Scalars['ByteCount']['output']>;
  CheckKind: CheckKind;
  Checkpoint: ResolverTypeWrapper<CheckpointRow>;
  Comment: ResolverTypeWrapper<CommentRow>;
  CommentAddInput: CommentAddInput;
  CommentAddPayload: ResolverTypeWrapper<Omit<Omit<CommentAddPayload, 'comment' | 'userErrors'> & { comment?: Maybe<ResolversTypes['Comment']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  CommentConnection: ResolverTypeWrapper<Omit<CommentConnection, 'edges'> & { edges: Array<ResolversTypes['CommentEdge']> }>;
  CommentEdge: ResolverTypeWrapper<Omit<CommentEdge, 'node'> & { node: ResolversTypes['Comment'] }>;
  CommentResolveInput: CommentResolveInput;
  CommentResolvePayload: ResolverTypeWrapper<Omit<Omit<CommentResolvePayload, 'comment' | 'userErrors'> & { comment?: Maybe<ResolversTypes['Comment']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  ConflictError: ResolverTypeWrapper<UserErrorSource>;
  Dataset: ResolverTypeWrapper<DatasetRow>;
  DatasetCase: ResolverTypeWrapper<DatasetCaseRow>;
  DatasetCaseConnection: ResolverTypeWrapper<Omit<DatasetCaseConnection, 'edges'> & { edges: Array<ResolversTypes['DatasetCaseEdge']> }>;
  DatasetCaseEdge: ResolverTypeWrapper<Omit<DatasetCaseEdge, 'node'> & { node: ResolversTypes['DatasetCase'] }>;
  DatasetConnection: ResolverTypeWrapper<Omit<DatasetConnection, 'edges'> & { edges: Array<ResolversTypes['DatasetEdge']> }>;
  DatasetCreateInput: DatasetCreateInput;
  DatasetCreatePayload: ResolverTypeWrapper<Omit<Omit<DatasetCreatePayload, 'dataset' | 'userErrors'> & { dataset?: Maybe<ResolversTypes['Dataset']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  DatasetEdge: ResolverTypeWrapper<Omit<DatasetEdge, 'node'> & { node: ResolversTypes['Dataset'] }>;
  DatasetExport: ResolverTypeWrapper<DatasetExportRow>;
  DatasetExportConnection: ResolverTypeWrapper<Omit<DatasetExportConnection, 'edges'> & { edges: Array<ResolversTypes['DatasetExportEdge']> }>;
  DatasetExportEdge: ResolverTypeWrapper<Omit<DatasetExportEdge, 'node'> & { node: ResolversTypes['DatasetExport'] }>;
  DatasetFreezeInput: DatasetFreezeInput;
  DatasetFreezePayload: ResolverTypeWrapper<Omit<Omit<DatasetFreezePayload, 'dataset' | 'userErrors'> & { dataset?: Maybe<ResolversTypes['Dataset']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  DatasetState: DatasetState;
  Date: ResolverTypeWrapper<Scalars['Date']['output']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Defacing: ResolverTypeWrapper<Omit<Defacing, 'runs'> & { runs: Array<ResolversTypes['DefacingRun']> }>;
  DefacingDecideInput: DefacingDecideInput;
  DefacingDecidePayload: ResolverTypeWrapper<Omit<Omit<DefacingDecidePayload, 'study' | 'userErrors'> & { study?: Maybe<ResolversTypes['Study']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  DefacingDecision: DefacingDecision;
  DefacingRun: ResolverTypeWrapper<DefacingRunRow>;
  DeidentificationAction: DeidentificationAction;
  DeidentificationMethod: ResolverTypeWrapper<DeidentificationMethod>;
  DeidentificationProfile: ResolverTypeWrapper<Omit<DeidentificationProfile, 'methods' | 'setBy'> & { methods: Array<ResolversTypes['DeidentificationMethod']>, setBy?: Maybe<ResolversTypes['Member']> }>;
  DeidentificationProfileSetInput: DeidentificationProfileSetInput;
  DeidentificationProfileSetPayload: ResolverTypeWrapper<Omit<Omit<DeidentificationProfileSetPayload, 'profile' | 'userErrors'> & { profile?: Maybe<ResolversTypes['DeidentificationProfile']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  DeidentificationReport: ResolverTypeWrapper<Omit<DeidentificationReport, 'profiles'> & { profiles: Array<ResolversTypes['AppliedDeidentificationProfile']> }>;
  DeidentificationRule: DeidentificationRule;
  DeidentificationRuleCount: ResolverTypeWrapper<DeidentificationRuleCount>;
  DeidentifiedAttribute: ResolverTypeWrapper<DeidentifiedAttribute>;
  Delivery: ResolverTypeWrapper<DeliveryRow>;
  DeliveryConnection: ResolverTypeWrapper<Omit<DeliveryConnection, 'edges'> & { edges: Array<ResolversTypes['DeliveryEdge']> }>;
  DeliveryEdge: ResolverTypeWrapper<Omit<DeliveryEdge, 'node'> & { node: ResolversTypes['Delivery'] }>;
  DeliveryItem: ResolverTypeWrapper<DeliveryItemRow>;
  DeliveryRetryInput: DeliveryRetryInput;
  DeliveryRetryPayload: ResolverTypeWrapper<Omit<Omit<DeliveryRetryPayload, 'delivery' | 'userErrors'> & { delivery?: Maybe<ResolversTypes['Delivery']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  DeliveryState: DeliveryState;
  DeliveryTarget: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['DeliveryTarget']>;
  Destination: ResolverTypeWrapper<DestinationRow>;
  DestinationConnection: ResolverTypeWrapper<Omit<DestinationConnection, 'edges'> & { edges: Array<ResolversTypes['DestinationEdge']> }>;
  DestinationCreateInput: DestinationCreateInput;
  DestinationCreatePayload: ResolverTypeWrapper<Omit<Omit<DestinationCreatePayload, 'destination' | 'userErrors'> & { destination?: Maybe<ResolversTypes['Destination']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  DestinationDeleteInput: DestinationDeleteInput;
  DestinationDeletePayload: ResolverTypeWrapper<Omit<Omit<DestinationDeletePayload, 'destination' | 'userErrors'> & { destination?: Maybe<ResolversTypes['Destination']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  DestinationEdge: ResolverTypeWrapper<Omit<DestinationEdge, 'node'> & { node: ResolversTypes['Destination'] }>;
  DestinationUpdateInput: DestinationUpdateInput;
  DestinationUpdatePayload: ResolverTypeWrapper<Omit<Omit<DestinationUpdatePayload, 'destination' | 'userErrors'> & { destination?: Maybe<ResolversTypes['Destination']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  DropReason: DropReason;
  DroppedFinding: ResolverTypeWrapper<DroppedFinding>;
  ErrorCode: ErrorCode;
  Estimate: ResolverTypeWrapper<Estimate>;
  Evaluation: ResolverTypeWrapper<EvaluationRow>;
  EvaluationCase: ResolverTypeWrapper<Omit<EvaluationCase, 'figures' | 'study'> & { figures: ResolversTypes['Figures'], study: ResolversTypes['Study'] }>;
  EvaluationCaseConnection: ResolverTypeWrapper<Omit<EvaluationCaseConnection, 'edges'> & { edges: Array<ResolversTypes['EvaluationCaseEdge']> }>;
  EvaluationCaseEdge: ResolverTypeWrapper<Omit<EvaluationCaseEdge, 'node'> & { node: ResolversTypes['EvaluationCase'] }>;
  EvaluationConnection: ResolverTypeWrapper<Omit<EvaluationConnection, 'edges'> & { edges: Array<ResolversTypes['EvaluationEdge']> }>;
  EvaluationEdge: ResolverTypeWrapper<Omit<EvaluationEdge, 'node'> & { node: ResolversTypes['Evaluation'] }>;
  ExportFormat: ExportFormat;
  ExportState: ExportState;
  Failure: ResolverTypeWrapper<Failure>;
  FailureCode: FailureCode;
  FigureRow: FigureRow;
  Figures: ResolverTypeWrapper<Figures>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  GivenPlan: ResolverTypeWrapper<GivenPlan>;
  GroundTruthImportInput: GroundTruthImportInput;
  GroundTruthImportPayload: ResolverTypeWrapper<Omit<Omit<GroundTruthImportPayload, 'revision' | 'userErrors'> & { revision?: Maybe<ResolversTypes['Revision']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  GroupTest: ResolverTypeWrapper<GroupTest>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  IntensityBaseline: ResolverTypeWrapper<IntensityBaseline>;
  Job: ResolverTypeWrapper<NodeSource>;
  JobEvent: ResolverTypeWrapper<Omit<JobEvent, 'job'> & { job: ResolversTypes['Job'] }>;
  LabelImport: ResolverTypeWrapper<LabelImportRow>;
  LabelResampling: ResolverTypeWrapper<LabelResampling>;
  Lesion: ResolverTypeWrapper<LesionRow>;
  LesionAgreement: ResolverTypeWrapper<LesionAgreementRow>;
  LesionAgreementConnection: ResolverTypeWrapper<Omit<LesionAgreementConnection, 'edges'> & { edges: Array<ResolversTypes['LesionAgreementEdge']> }>;
  LesionAgreementEdge: ResolverTypeWrapper<Omit<LesionAgreementEdge, 'node'> & { node: ResolversTypes['LesionAgreement'] }>;
  LesionGroup: LesionGroup;
  LesionVerdict: ResolverTypeWrapper<LesionVerdictRow>;
  Member: ResolverTypeWrapper<MemberRow>;
  MemberConnection: ResolverTypeWrapper<Omit<MemberConnection, 'edges'> & { edges: Array<ResolversTypes['MemberEdge']> }>;
  MemberEdge: ResolverTypeWrapper<Omit<MemberEdge, 'node'> & { node: ResolversTypes['Member'] }>;
  MemberState: MemberState;
  Metric: Metric;
  MissingSequenceError: ResolverTypeWrapper<UserErrorSource>;
  ModelVersion: ResolverTypeWrapper<ModelVersionRow>;
  ModelVersionConnection: ResolverTypeWrapper<Omit<ModelVersionConnection, 'edges'> & { edges: Array<ResolversTypes['ModelVersionEdge']> }>;
  ModelVersionEdge: ResolverTypeWrapper<Omit<ModelVersionEdge, 'node'> & { node: ResolversTypes['ModelVersion'] }>;
  ModelVersionState: ModelVersionState;
  ModelVersionSubmitInput: ModelVersionSubmitInput;
  ModelVersionSubmitPayload: ResolverTypeWrapper<Omit<Omit<ModelVersionSubmitPayload, 'modelVersion' | 'userErrors'> & { modelVersion?: Maybe<ResolversTypes['ModelVersion']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Node: ResolverTypeWrapper<NodeSource>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  PlainError: ResolverTypeWrapper<UserErrorSource>;
  Plan: ResolverTypeWrapper<Plan>;
  PlanInput: PlanInput;
  Point3: ResolverTypeWrapper<Point3>;
  Point3Input: Point3Input;
  Precision: Precision;
  Preparation: ResolverTypeWrapper<PreparationRow>;
  PreparationDecision: PreparationDecision;
  PreparationJudgeInput: PreparationJudgeInput;
  PreparationJudgePayload: ResolverTypeWrapper<Omit<Omit<PreparationJudgePayload, 'preparation' | 'userErrors'> & { preparation?: Maybe<ResolversTypes['Preparation']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  PreparationJudgement: ResolverTypeWrapper<Omit<PreparationJudgement, 'member'> & { member: ResolversTypes['Member'] }>;
  PreparationStartInput: PreparationStartInput;
  PreparationStartPayload: ResolverTypeWrapper<Omit<Omit<PreparationStartPayload, 'preparation' | 'userErrors'> & { preparation?: Maybe<ResolversTypes['Preparation']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  PreparationState: PreparationState;
  Progress: ResolverTypeWrapper<JobRow>;
  Protocol: ResolverTypeWrapper<ProtocolRow>;
  ProtocolConnection: ResolverTypeWrapper<Omit<ProtocolConnection, 'edges'> & { edges: Array<ResolversTypes['ProtocolEdge']> }>;
  ProtocolEdge: ResolverTypeWrapper<Omit<ProtocolEdge, 'node'> & { node: ResolversTypes['Protocol'] }>;
  ProtocolPublishInput: ProtocolPublishInput;
  ProtocolPublishPayload: ResolverTypeWrapper<Omit<Omit<ProtocolPublishPayload, 'protocol' | 'userErrors'> & { protocol?: Maybe<ResolversTypes['Protocol']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Read: ResolverTypeWrapper<ReadRow>;
  ReadAssignInput: ReadAssignInput;
  ReadAssignPayload: ResolverTypeWrapper<Omit<Omit<ReadAssignPayload, 'reads' | 'userErrors'> & { reads?: Maybe<Array<ResolversTypes['Read']>>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  ReadConnection: ResolverTypeWrapper<Omit<ReadConnection, 'edges'> & { edges: Array<ResolversTypes['ReadEdge']> }>;
  ReadEdge: ResolverTypeWrapper<Omit<ReadEdge, 'node'> & { node: ResolversTypes['Read'] }>;
  ReadFilter: ReadFilter;
  ReadKind: ReadKind;
  ReadReturnInput: ReadReturnInput;
  ReadReturnPayload: ResolverTypeWrapper<Omit<Omit<ReadReturnPayload, 'read' | 'userErrors'> & { read?: Maybe<ResolversTypes['Read']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  ReadStartInput: ReadStartInput;
  ReadStartPayload: ResolverTypeWrapper<Omit<Omit<ReadStartPayload, 'read' | 'userErrors'> & { read?: Maybe<ResolversTypes['Read']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  ReadState: ReadState;
  ReadSubmitInput: ReadSubmitInput;
  ReadSubmitPayload: ResolverTypeWrapper<Omit<Omit<ReadSubmitPayload, 'read' | 'userErrors'> & { read?: Maybe<ResolversTypes['Read']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  Refusal: ResolverTypeWrapper<RefusalRow>;
  RefusalCode: RefusalCode;
  RefusalConnection: ResolverTypeWrapper<Omit<RefusalConnection, 'edges'> & { edges: Array<ResolversTypes['RefusalEdge']> }>;
  RefusalEdge: ResolverTypeWrapper<Omit<RefusalEdge, 'node'> & { node: ResolversTypes['Refusal'] }>;
  Registration: ResolverTypeWrapper<RegistrationRow>;
  RequestSegmentationInput: RequestSegmentationInput;
  RequestSegmentationPayload: ResolverTypeWrapper<Omit<Omit<RequestSegmentationPayload, 'segmentation' | 'userErrors'> & { segmentation?: Maybe<ResolversTypes['Segmentation']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  ResampledSegment: ResolverTypeWrapper<ResampledSegment>;
  ResamplingRule: ResamplingRule;
  ResultKind: ResultKind;
  Retraining: ResolverTypeWrapper<RetrainingRow>;
  RetrainingOutcome: ResolverTypeWrapper<RetrainingRow>;
  RetrainingOutcomeKind: RetrainingOutcomeKind;
  RetrainingPauseInput: RetrainingPauseInput;
  RetrainingPausePayload: ResolverTypeWrapper<Omit<Omit<RetrainingPausePayload, 'retraining' | 'userErrors'> & { retraining?: Maybe<ResolversTypes['Retraining']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  RetrainingPolicy: ResolverTypeWrapper<RetrainingPolicyRow>;
  RetrainingSetInput: RetrainingSetInput;
  RetrainingSetPayload: ResolverTypeWrapper<Omit<Omit<RetrainingSetPayload, 'retraining' | 'userErrors'> & { retraining?: Maybe<ResolversTypes['Retraining']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  Review: ResolverTypeWrapper<ReviewRow>;
  ReviewDecision: ReviewDecision;
  ReviewSignInput: ReviewSignInput;
  ReviewSignPayload: ResolverTypeWrapper<Omit<Omit<ReviewSignPayload, 'review' | 'userErrors'> & { review?: Maybe<ResolversTypes['Review']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  Revision: ResolverTypeWrapper<RevisionRow>;
  RevisionConnection: ResolverTypeWrapper<Omit<RevisionConnection, 'edges'> & { edges: Array<ResolversTypes['RevisionEdge']> }>;
  RevisionEdge: ResolverTypeWrapper<Omit<RevisionEdge, 'node'> & { node: ResolversTypes['Revision'] }>;
  RevisionProvenance: RevisionProvenance;
  RevisionSaveInput: RevisionSaveInput;
  RevisionSavePayload: ResolverTypeWrapper<Omit<Omit<RevisionSavePayload, 'revision' | 'userErrors'> & { revision?: Maybe<ResolversTypes['Revision']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  Role: Role;
  RoleGrant: ResolverTypeWrapper<Omit<RoleGrant, 'sites'> & { sites: Array<ResolversTypes['Site']> }>;
  Rollout: ResolverTypeWrapper<RolloutRow>;
  RolloutConnection: ResolverTypeWrapper<Omit<RolloutConnection, 'edges'> & { edges: Array<ResolversTypes['RolloutEdge']> }>;
  RolloutCreateInput: RolloutCreateInput;
  RolloutCreatePayload: ResolverTypeWrapper<Omit<Omit<RolloutCreatePayload, 'rollout' | 'userErrors'> & { rollout?: Maybe<ResolversTypes['Rollout']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  RolloutEdge: ResolverTypeWrapper<Omit<RolloutEdge, 'node'> & { node: ResolversTypes['Rollout'] }>;
  RolloutRollbackInput: RolloutRollbackInput;
  RolloutRollbackPayload: ResolverTypeWrapper<Omit<Omit<RolloutRollbackPayload, 'rollout' | 'userErrors'> & { rollout?: Maybe<ResolversTypes['Rollout']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  RolloutStage: RolloutStage;
  RolloutStep: ResolverTypeWrapper<RolloutStepRow>;
  RunState: RunState;
  SegmentForm: SegmentForm;
  SegmentInput: SegmentInput;
  Segmentation: ResolverTypeWrapper<SegmentationRow>;
  SegmentationCancelInput: SegmentationCancelInput;
  SegmentationCancelPayload: ResolverTypeWrapper<Omit<Omit<SegmentationCancelPayload, 'segmentation' | 'userErrors'> & { segmentation?: Maybe<ResolversTypes['Segmentation']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  SegmentationConnection: ResolverTypeWrapper<Omit<SegmentationConnection, 'edges'> & { edges: Array<ResolversTypes['SegmentationEdge']> }>;
  SegmentationEdge: ResolverTypeWrapper<Omit<SegmentationEdge, 'node'> & { node: ResolversTypes['Segmentation'] }>;
  SegmentationFilter: SegmentationFilter;
  SegmentationPushInput: SegmentationPushInput;
  SegmentationPushPayload: ResolverTypeWrapper<Omit<Omit<SegmentationPushPayload, 'delivery' | 'userErrors'> & { delivery?: Maybe<ResolversTypes['Delivery']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  SegmentationResult: ResolverTypeWrapper<SegmentationResultRow>;
  SegmentationState: SegmentationState;
  Series: ResolverTypeWrapper<SeriesRow>;
  SeriesRole: SeriesRole;
  SeriesUpdateInput: SeriesUpdateInput;
  SeriesUpdatePayload: ResolverTypeWrapper<Omit<Omit<SeriesUpdatePayload, 'series' | 'userErrors'> & { series?: Maybe<ResolversTypes['Series']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  Sex: Sex;
  Sha256: ResolverTypeWrapper<Scalars['Sha256']['output']>;
  Signature: ResolverTypeWrapper<Omit<Signature, 'member'> & { member: ResolversTypes['Member'] }>;
  Site: ResolverTypeWrapper<SiteRow>;
  SiteConnection: ResolverTypeWrapper<Omit<SiteConnection, 'edges'> & { edges: Array<ResolversTypes['SiteEdge']> }>;
  SiteEdge: ResolverTypeWrapper<Omit<SiteEdge, 'node'> & { node: ResolversTypes['Site'] }>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Study: ResolverTypeWrapper<StudyRow>;
  StudyConnection: ResolverTypeWrapper<Omit<StudyConnection, 'edges'> & { edges: Array<ResolversTypes['StudyEdge']> }>;
  StudyEdge: ResolverTypeWrapper<Omit<StudyEdge, 'node'> & { node: ResolversTypes['Study'] }>;
  StudyFilter: StudyFilter;
  Subject: ResolverTypeWrapper<SubjectRow>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Subset: Subset;
  Task: ResolverTypeWrapper<TaskRow>;
  TaskConnection: ResolverTypeWrapper<Omit<TaskConnection, 'edges'> & { edges: Array<ResolversTypes['TaskEdge']> }>;
  TaskCreateInput: TaskCreateInput;
  TaskCreatePayload: ResolverTypeWrapper<Omit<Omit<TaskCreatePayload, 'tasks' | 'userErrors'> & { tasks?: Maybe<Array<ResolversTypes['Task']>>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  TaskEdge: ResolverTypeWrapper<Omit<TaskEdge, 'node'> & { node: ResolversTypes['Task'] }>;
  TaskExcludeInput: TaskExcludeInput;
  TaskExcludePayload: ResolverTypeWrapper<Omit<Omit<TaskExcludePayload, 'task' | 'userErrors'> & { task?: Maybe<ResolversTypes['Task']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  TaskFilter: TaskFilter;
  TaskPrioritizeInput: TaskPrioritizeInput;
  TaskPrioritizePayload: ResolverTypeWrapper<Omit<Omit<TaskPrioritizePayload, 'tasks' | 'userErrors'> & { tasks?: Maybe<Array<ResolversTypes['Task']>>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  TaskReopenInput: TaskReopenInput;
  TaskReopenPayload: ResolverTypeWrapper<Omit<Omit<TaskReopenPayload, 'task' | 'userErrors'> & { task?: Maybe<ResolversTypes['Task']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  TaskRepeatInput: TaskRepeatInput;
  TaskRepeatPayload: ResolverTypeWrapper<Omit<Omit<TaskRepeatPayload, 'task' | 'userErrors'> & { task?: Maybe<ResolversTypes['Task']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  TaskState: TaskState;
  Tenant: ResolverTypeWrapper<TenantRow>;
  ThresholdRule: ThresholdRule;
  TrainingMetric: ResolverTypeWrapper<TrainingMetricRow>;
  TrainingRun: ResolverTypeWrapper<TrainingRunRow>;
  TrainingRunCancelInput: TrainingRunCancelInput;
  TrainingRunCancelPayload: ResolverTypeWrapper<Omit<Omit<TrainingRunCancelPayload, 'trainingRun' | 'userErrors'> & { trainingRun?: Maybe<ResolversTypes['TrainingRun']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  TrainingRunConnection: ResolverTypeWrapper<Omit<TrainingRunConnection, 'edges'> & { edges: Array<ResolversTypes['TrainingRunEdge']> }>;
  TrainingRunEdge: ResolverTypeWrapper<Omit<TrainingRunEdge, 'node'> & { node: ResolversTypes['TrainingRun'] }>;
  TrainingRunStartInput: TrainingRunStartInput;
  TrainingRunStartPayload: ResolverTypeWrapper<Omit<Omit<TrainingRunStartPayload, 'trainingRun' | 'userErrors'> & { trainingRun?: Maybe<ResolversTypes['TrainingRun']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  URL: ResolverTypeWrapper<Scalars['URL']['output']>;
  Upload: ResolverTypeWrapper<UploadRow>;
  UploadCompleteInput: UploadCompleteInput;
  UploadCompletePayload: ResolverTypeWrapper<Omit<Omit<UploadCompletePayload, 'upload' | 'userErrors'> & { upload?: Maybe<ResolversTypes['Upload']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  UploadConnection: ResolverTypeWrapper<Omit<UploadConnection, 'edges'> & { edges: Array<ResolversTypes['UploadEdge']> }>;
  UploadCreateInput: UploadCreateInput;
  UploadCreatePayload: ResolverTypeWrapper<Omit<Omit<UploadCreatePayload, 'upload' | 'userErrors'> & { upload?: Maybe<ResolversTypes['Upload']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  UploadEdge: ResolverTypeWrapper<Omit<UploadEdge, 'node'> & { node: ResolversTypes['Upload'] }>;
  UploadFileInput: UploadFileInput;
  UploadFilter: UploadFilter;
  UploadPresignInput: UploadPresignInput;
  UploadPresignPayload: ResolverTypeWrapper<Omit<Omit<UploadPresignPayload, 'targets' | 'upload' | 'userErrors'> & { targets?: Maybe<Array<ResolversTypes['UploadTarget']>>, upload?: Maybe<ResolversTypes['Upload']>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  UploadTarget: ResolverTypeWrapper<Omit<UploadTarget, 'refusal'> & { refusal?: Maybe<ResolversTypes['Refusal']> }>;
  UploadTargetState: UploadTargetState;
  UserError: ResolverTypeWrapper<UserErrorSource>;
  VerdictDecision: VerdictDecision;
  VerdictGiveInput: VerdictGiveInput;
  VerdictGivePayload: ResolverTypeWrapper<Omit<Omit<VerdictGivePayload, 'agreements' | 'userErrors'> & { agreements?: Maybe<Array<ResolversTypes['LesionAgreement']>>, userErrors: Array<ResolversTypes['UserError']> }, 'userErrors'>>;
  VerdictInput: VerdictInput;
  Viewer: ResolverTypeWrapper<Omit<Viewer, 'member' | 'sites' | 'tenant'> & { member: ResolversTypes['Member'], sites: ResolversTypes['SiteConnection'], tenant: ResolversTypes['Tenant'] }>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  AgreementFigures: AgreementFigures;
  AgreementFilter: AgreementFilter;
  AgreementReport: AgreementReport;
  AgreementRule: AgreementRule;
  AgreementRuleInput: AgreementRuleInput;
  AppliedDeidentificationProfile: Omit<AppliedDeidentificationProfile, 'profile'> & { profile: ResolversParentTypes['DeidentificationProfile'] };
  Artifact: ArtifactRow;
  AuditEvent: AuditEventRow;
  AuditEventConnection: Omit<AuditEventConnection, 'edges'> & { edges: Array<ResolversParentTypes['AuditEventEdge']> };
  AuditEventEdge: Omit<AuditEventEdge, 'node'> & { node: ResolversParentTypes['AuditEvent'] };
  AuditFilter: AuditFilter;
  Boolean: Scalars['Boolean']['output'];
  ByteCount: Scalars['ByteCount']['output'];
  Checkpoint: CheckpointRow;
  Comment: CommentRow;
  CommentAddInput: CommentAddInput;
  CommentAddPayload: Omit<Omit<CommentAddPayload, 'comment' | 'userErrors'> & { comment?: Maybe<ResolversParentTypes['Comment']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  CommentConnection: Omit<CommentConnection, 'edges'> & { edges: Array<ResolversParentTypes['CommentEdge']> };
  CommentEdge: Omit<CommentEdge, 'node'> & { node: ResolversParentTypes['Comment'] };
  CommentResolveInput: CommentResolveInput;
  CommentResolvePayload: Omit<Omit<CommentResolvePayload, 'comment' | 'userErrors'> & { comment?: Maybe<ResolversParentTypes['Comment']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  ConflictError: UserErrorSource;
  Dataset: DatasetRow;
  DatasetCase: DatasetCaseRow;
  DatasetCaseConnection: Omit<DatasetCaseConnection, 'edges'> & { edges: Array<ResolversParentTypes['DatasetCaseEdge']> };
  DatasetCaseEdge: Omit<DatasetCaseEdge, 'node'> & { node: ResolversParentTypes['DatasetCase'] };
  DatasetConnection: Omit<DatasetConnection, 'edges'> & { edges: Array<ResolversParentTypes['DatasetEdge']> };
  DatasetCreateInput: DatasetCreateInput;
  DatasetCreatePayload: Omit<Omit<DatasetCreatePayload, 'dataset' | 'userErrors'> & { dataset?: Maybe<ResolversParentTypes['Dataset']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  DatasetEdge: Omit<DatasetEdge, 'node'> & { node: ResolversParentTypes['Dataset'] };
  DatasetExport: DatasetExportRow;
  DatasetExportConnection: Omit<DatasetExportConnection, 'edges'> & { edges: Array<ResolversParentTypes['DatasetExportEdge']> };
  DatasetExportEdge: Omit<DatasetExportEdge, 'node'> & { node: ResolversParentTypes['DatasetExport'] };
  DatasetFreezeInput: DatasetFreezeInput;
  DatasetFreezePayload: Omit<Omit<DatasetFreezePayload, 'dataset' | 'userErrors'> & { dataset?: Maybe<ResolversParentTypes['Dataset']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  Date: Scalars['Date']['output'];
  DateTime: Scalars['DateTime']['output'];
  Defacing: Omit<Defacing, 'runs'> & { runs: Array<ResolversParentTypes['DefacingRun']> };
  DefacingDecideInput: DefacingDecideInput;
  DefacingDecidePayload: Omit<Omit<DefacingDecidePayload, 'study' | 'userErrors'> & { study?: Maybe<ResolversParentTypes['Study']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  DefacingRun: DefacingRunRow;
  DeidentificationMethod: DeidentificationMethod;
  DeidentificationProfile: Omit<DeidentificationProfile, 'methods' | 'setBy'> & { methods: Array<ResolversParentTypes['DeidentificationMethod']>, setBy?: Maybe<ResolversParentTypes['Member']> };
  DeidentificationProfileSetInput: DeidentificationProfileSetInput;
  DeidentificationProfileSetPayload: Omit<Omit<DeidentificationProfileSetPayload, 'profile' | 'userErrors'> & { profile?: Maybe<ResolversParentTypes['DeidentificationProfile']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  DeidentificationReport: Omit<DeidentificationReport, 'profiles'> & { profiles: Array<ResolversParentTypes['AppliedDeidentificationProfile']> };
  DeidentificationRuleCount: DeidentificationRuleCount;
  DeidentifiedAttribute: DeidentifiedAttribute;
  Delivery: DeliveryRow;
  DeliveryConnection: Omit<DeliveryConnection, 'edges'> & { edges: Array<ResolversParentTypes['DeliveryEdge']> };
  DeliveryEdge: Omit<DeliveryEdge, 'node'> & { node: ResolversParentTypes['Delivery'] };
  DeliveryItem: DeliveryItemRow;
  DeliveryRetryInput: DeliveryRetryInput;
  DeliveryRetryPayload: Omit<Omit<DeliveryRetryPayload, 'delivery' | 'userErrors'> & { delivery?: Maybe<ResolversParentTypes['Delivery']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  DeliveryTarget: ResolversUnionTypes<ResolversParentTypes>['DeliveryTarget'];
  Destination: DestinationRow;
  DestinationConnection: Omit<DestinationConnection, 'edges'> & { edges: Array<ResolversParentTypes['DestinationEdge']> };
  DestinationCreateInput: DestinationCreateInput;
  DestinationCreatePayload: Omit<Omit<DestinationCreatePayload, 'destination' | 'userErrors'> & { destination?: Maybe<ResolversParentTypes['Destination']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  DestinationDeleteInput: DestinationDeleteInput;
  DestinationDeletePayload: Omit<Omit<DestinationDeletePayload, 'destination' | 'userErrors'> & { destination?: Maybe<ResolversParentTypes['Destination']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  DestinationEdge: Omit<DestinationEdge, 'node'> & { node: ResolversParentTypes['Destination'] };
  DestinationUpdateInput: DestinationUpdateInput;
  DestinationUpdatePayload: Omit<Omit<DestinationUpdatePayload, 'destination' | 'userErrors'> & { destination?: Maybe<ResolversParentTypes['Destination']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  DroppedFinding: DroppedFinding;
  Estimate: Estimate;
  Evaluation: EvaluationRow;
  EvaluationCase: Omit<EvaluationCase, 'figures' | 'study'> & { figures: ResolversParentTypes['Figures'], study: ResolversParentTypes['Study'] };
  EvaluationCaseConnection: Omit<EvaluationCaseConnection, 'edges'> & { edges: Array<ResolversParentTypes['EvaluationCaseEdge']> };
  EvaluationCaseEdge: Omit<EvaluationCaseEdge, 'node'> & { node: ResolversParentTypes['EvaluationCase'] };
  EvaluationConnection: Omit<EvaluationConnection, 'edges'> & { edges: Array<ResolversParentTypes['EvaluationEdge']> };
  EvaluationEdge: Omit<EvaluationEdge, 'node'> & { node: ResolversParentTypes['Evaluation'] };
  Failure: Failure;
  Figures: Figures;
  Float: Scalars['Float']['output'];
  GivenPlan: GivenPlan;
  GroundTruthImportInput: GroundTruthImportInput;
  GroundTruthImportPayload: Omit<Omit<GroundTruthImportPayload, 'revision' | 'userErrors'> & { revision?: Maybe<ResolversParentTypes['Revision']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  GroupTest: GroupTest;
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  IntensityBaseline: IntensityBaseline;
  Job: NodeSource;
  JobEvent: Omit<JobEvent, 'job'> & { job: ResolversParentTypes['Job'] };
  LabelImport: LabelImportRow;
  LabelResampling: LabelResampling;
  Lesion: LesionRow;
  LesionAgreement: LesionAgreementRow;
  LesionAgreementConnection: Omit<LesionAgreementConnection, 'edges'> & { edges: Array<ResolversParentTypes['LesionAgreementEdge']> };
  LesionAgreementEdge: Omit<LesionAgreementEdge, 'node'> & { node: ResolversParentTypes['LesionAgreement'] };
  LesionVerdict: LesionVerdictRow;
  Member: MemberRow;
  MemberConnection: Omit<MemberConnection, 'edges'> & { edges: Array<ResolversParentTypes['MemberEdge']> };
  MemberEdge: Omit<MemberEdge, 'node'> & { node: ResolversParentTypes['Member'] };
  MissingSequenceError: UserErrorSource;
  ModelVersion: ModelVersionRow;
  ModelVersionConnection: Omit<ModelVersionConnection, 'edges'> & { edges: Array<ResolversParentTypes['ModelVersionEdge']> };
  ModelVersionEdge: Omit<ModelVersionEdge, 'node'> & { node: ResolversParentTypes['ModelVersion'] };
  ModelVersionSubmitInput: ModelVersionSubmitInput;
  ModelVersionSubmitPayload: Omit<Omit<ModelVersionSubmitPayload, 'modelVersion' | 'userErrors'> & { modelVersion?: Maybe<ResolversParentTypes['ModelVersion']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  Mutation: Record<PropertyKey, never>;
  Node: NodeSource;
  PageInfo: PageInfo;
  PlainError: UserErrorSource;
  Plan: Plan;
  PlanInput: PlanInput;
  Point3: Point3;
  Point3Input: Point3Input;
  Preparation: PreparationRow;
  PreparationJudgeInput: PreparationJudgeInput;
  PreparationJudgePayload: Omit<Omit<PreparationJudgePayload, 'preparation' | 'userErrors'> & { preparation?: Maybe<ResolversParentTypes['Preparation']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  PreparationJudgement: Omit<PreparationJudgement, 'member'> & { member: ResolversParentTypes['Member'] };
  PreparationStartInput: PreparationStartInput;
  PreparationStartPayload: Omit<Omit<PreparationStartPayload, 'preparation' | 'userErrors'> & { preparation?: Maybe<ResolversParentTypes['Preparation']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  Progress: JobRow;
  Protocol: ProtocolRow;
  ProtocolConnection: Omit<ProtocolConnection, 'edges'> & { edges: Array<ResolversParentTypes['ProtocolEdge']> };
  ProtocolEdge: Omit<ProtocolEdge, 'node'> & { node: ResolversParentTypes['Protocol'] };
  ProtocolPublishInput: ProtocolPublishInput;
  ProtocolPublishPayload: Omit<Omit<ProtocolPublishPayload, 'protocol' | 'userErrors'> & { protocol?: Maybe<ResolversParentTypes['Protocol']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  Query: Record<PropertyKey, never>;
  Read: ReadRow;
  ReadAssignInput: ReadAssignInput;
  ReadAssignPayload: Omit<Omit<ReadAssignPayload, 'reads' | 'userErrors'> & { reads?: Maybe<Array<ResolversParentTypes['Read']>>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  ReadConnection: Omit<ReadConnection, 'edges'> & { edges: Array<ResolversParentTypes['ReadEdge']> };
  ReadEdge: Omit<ReadEdge, 'node'> & { node: ResolversParentTypes['Read'] };
  ReadFilter: ReadFilter;
  ReadReturnInput: ReadReturnInput;
  ReadReturnPayload: Omit<Omit<ReadReturnPayload, 'read' | 'userErrors'> & { read?: Maybe<ResolversParentTypes['Read']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  ReadStartInput: ReadStartInput;
  ReadStartPayload: Omit<Omit<ReadStartPayload, 'read' | 'userErrors'> & { read?: Maybe<ResolversParentTypes['Read']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  ReadSubmitInput: ReadSubmitInput;
  ReadSubmitPayload: Omit<Omit<ReadSubmitPayload, 'read' | 'userErrors'> & { read?: Maybe<ResolversParentTypes['Read']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  Refusal: RefusalRow;
  RefusalConnection: Omit<RefusalConnection, 'edges'> & { edges: Array<ResolversParentTypes['RefusalEdge']> };
  RefusalEdge: Omit<RefusalEdge, 'node'> & { node: ResolversParentTypes['Refusal'] };
  Registration: RegistrationRow;
  RequestSegmentationInput: RequestSegmentationInput;
  RequestSegmentationPayload: Omit<Omit<RequestSegmentationPayload, 'segmentation' | 'userErrors'> & { segmentation?: Maybe<ResolversParentTypes['Segmentation']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  ResampledSegment: ResampledSegment;
  Retraining: RetrainingRow;
  RetrainingOutcome: RetrainingRow;
  RetrainingPauseInput: RetrainingPauseInput;
  RetrainingPausePayload: Omit<Omit<RetrainingPausePayload, 'retraining' | 'userErrors'> & { retraining?: Maybe<ResolversParentTypes['Retraining']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  RetrainingPolicy: RetrainingPolicyRow;
  RetrainingSetInput: RetrainingSetInput;
  RetrainingSetPayload: Omit<Omit<RetrainingSetPayload, 'retraining' | 'userErrors'> & { retraining?: Maybe<ResolversParentTypes['Retraining']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  Review: ReviewRow;
  ReviewSignInput: ReviewSignInput;
  ReviewSignPayload: Omit<Omit<ReviewSignPayload, 'review' | 'userErrors'> & { review?: Maybe<ResolversParentTypes['Review']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  Revision: RevisionRow;
  RevisionConnection: Omit<RevisionConnection, 'edges'> & { edges: Array<ResolversParentTypes['RevisionEdge']> };
  RevisionEdge: Omit<RevisionEdge, 'node'> & { node: ResolversParentTypes['Revision'] };
  RevisionSaveInput: RevisionSaveInput;
  RevisionSavePayload: Omit<Omit<RevisionSavePayload, 'revision' | 'userErrors'> & { revision?: Maybe<ResolversParentTypes['Revision']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  RoleGrant: Omit<RoleGrant, 'sites'> & { sites: Array<ResolversParentTypes['Site']> };
  Rollout: RolloutRow;
  RolloutConnection: Omit<RolloutConnection, 'edges'> & { edges: Array<ResolversParentTypes['RolloutEdge']> };
  RolloutCreateInput: RolloutCreateInput;
  RolloutCreatePayload: Omit<Omit<RolloutCreatePayload, 'rollout' | 'userErrors'> & { rollout?: Maybe<ResolversParentTypes['Rollout']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  RolloutEdge: Omit<RolloutEdge, 'node'> & { node: ResolversParentTypes['Rollout'] };
  RolloutRollbackInput: RolloutRollbackInput;
  RolloutRollbackPayload: Omit<Omit<RolloutRollbackPayload, 'rollout' | 'userErrors'> & { rollout?: Maybe<ResolversParentTypes['Rollout']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  RolloutStep: RolloutStepRow;
  SegmentInput: SegmentInput;
  Segmentation: SegmentationRow;
  SegmentationCancelInput: SegmentationCancelInput;
  SegmentationCancelPayload: Omit<Omit<SegmentationCancelPayload, 'segmentation' | 'userErrors'> & { segmentation?: Maybe<ResolversParentTypes['Segmentation']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  SegmentationConnection: Omit<SegmentationConnection, 'edges'> & { edges: Array<ResolversParentTypes['SegmentationEdge']> };
  SegmentationEdge: Omit<SegmentationEdge, 'node'> & { node: ResolversParentTypes['Segmentation'] };
  SegmentationFilter: SegmentationFilter;
  SegmentationPushInput: SegmentationPushInput;
  SegmentationPushPayload: Omit<Omit<SegmentationPushPayload, 'delivery' | 'userErrors'> & { delivery?: Maybe<ResolversParentTypes['Delivery']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  SegmentationResult: SegmentationResultRow;
  Series: SeriesRow;
  SeriesUpdateInput: SeriesUpdateInput;
  SeriesUpdatePayload: Omit<Omit<SeriesUpdatePayload, 'series' | 'userErrors'> & { series?: Maybe<ResolversParentTypes['Series']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  Sha256: Scalars['Sha256']['output'];
  Signature: Omit<Signature, 'member'> & { member: ResolversParentTypes['Member'] };
  Site: SiteRow;
  SiteConnection: Omit<SiteConnection, 'edges'> & { edges: Array<ResolversParentTypes['SiteEdge']> };
  SiteEdge: Omit<SiteEdge, 'node'> & { node: ResolversParentTypes['Site'] };
  String: Scalars['String']['output'];
  Study: StudyRow;
  StudyConnection: Omit<StudyConnection, 'edges'> & { edges: Array<ResolversParentTypes['StudyEdge']> };
  StudyEdge: Omit<StudyEdge, 'node'> & { node: ResolversParentTypes['Study'] };
  StudyFilter: StudyFilter;
  Subject: SubjectRow;
  Subscription: Record<PropertyKey, never>;
  Task: TaskRow;
  TaskConnection: Omit<TaskConnection, 'edges'> & { edges: Array<ResolversParentTypes['TaskEdge']> };
  TaskCreateInput: TaskCreateInput;
  TaskCreatePayload: Omit<Omit<TaskCreatePayload, 'tasks' | 'userErrors'> & { tasks?: Maybe<Array<ResolversParentTypes['Task']>>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  TaskEdge: Omit<TaskEdge, 'node'> & { node: ResolversParentTypes['Task'] };
  TaskExcludeInput: TaskExcludeInput;
  TaskExcludePayload: Omit<Omit<TaskExcludePayload, 'task' | 'userErrors'> & { task?: Maybe<ResolversParentTypes['Task']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  TaskFilter: TaskFilter;
  TaskPrioritizeInput: TaskPrioritizeInput;
  TaskPrioritizePayload: Omit<Omit<TaskPrioritizePayload, 'tasks' | 'userErrors'> & { tasks?: Maybe<Array<ResolversParentTypes['Task']>>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  TaskReopenInput: TaskReopenInput;
  TaskReopenPayload: Omit<Omit<TaskReopenPayload, 'task' | 'userErrors'> & { task?: Maybe<ResolversParentTypes['Task']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  TaskRepeatInput: TaskRepeatInput;
  TaskRepeatPayload: Omit<Omit<TaskRepeatPayload, 'task' | 'userErrors'> & { task?: Maybe<ResolversParentTypes['Task']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  Tenant: TenantRow;
  TrainingMetric: TrainingMetricRow;
  TrainingRun: TrainingRunRow;
  TrainingRunCancelInput: TrainingRunCancelInput;
  TrainingRunCancelPayload: Omit<Omit<TrainingRunCancelPayload, 'trainingRun' | 'userErrors'> & { trainingRun?: Maybe<ResolversParentTypes['TrainingRun']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  TrainingRunConnection: Omit<TrainingRunConnection, 'edges'> & { edges: Array<ResolversParentTypes['TrainingRunEdge']> };
  TrainingRunEdge: Omit<TrainingRunEdge, 'node'> & { node: ResolversParentTypes['TrainingRun'] };
  TrainingRunStartInput: TrainingRunStartInput;
  TrainingRunStartPayload: Omit<Omit<TrainingRunStartPayload, 'trainingRun' | 'userErrors'> & { trainingRun?: Maybe<ResolversParentTypes['TrainingRun']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  URL: Scalars['URL']['output'];
  Upload: UploadRow;
  UploadCompleteInput: UploadCompleteInput;
  UploadCompletePayload: Omit<Omit<UploadCompletePayload, 'upload' | 'userErrors'> & { upload?: Maybe<ResolversParentTypes['Upload']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  UploadConnection: Omit<UploadConnection, 'edges'> & { edges: Array<ResolversParentTypes['UploadEdge']> };
  UploadCreateInput: UploadCreateInput;
  UploadCreatePayload: Omit<Omit<UploadCreatePayload, 'upload' | 'userErrors'> & { upload?: Maybe<ResolversParentTypes['Upload']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  UploadEdge: Omit<UploadEdge, 'node'> & { node: ResolversParentTypes['Upload'] };
  UploadFileInput: UploadFileInput;
  UploadFilter: UploadFilter;
  UploadPresignInput: UploadPresignInput;
  UploadPresignPayload: Omit<Omit<UploadPresignPayload, 'targets' | 'upload' | 'userErrors'> & { targets?: Maybe<Array<ResolversParentTypes['UploadTarget']>>, upload?: Maybe<ResolversParentTypes['Upload']>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  UploadTarget: Omit<UploadTarget, 'refusal'> & { refusal?: Maybe<ResolversParentTypes['Refusal']> };
  UserError: UserErrorSource;
  VerdictGiveInput: VerdictGiveInput;
  VerdictGivePayload: Omit<Omit<VerdictGivePayload, 'agreements' | 'userErrors'> & { agreements?: Maybe<Array<ResolversParentTypes['LesionAgreement']>>, userErrors: Array<ResolversParentTypes['UserError']> }, 'userErrors'>;
  VerdictInput: VerdictInput;
  Viewer: Omit<Viewer, 'member' | 'sites' | 'tenant'> & { member: ResolversParentTypes['Member'], sites: ResolversParentTypes['SiteConnection'], tenant: ResolversParentTypes['Tenant'] };
};

export type AgreementFiguresResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AgreementFigures'] = ResolversParentTypes['AgreementFigures']> = {
  dices?: Resolver<Array<ResolversTypes['Float']>, ParentType, ContextType>;
  editedFraction?: Resolver<Maybe<ResolversTypes['Estimate']>, ParentType, ContextType>;
  falsePositivesPerCase?: Resolver<Maybe<ResolversTypes['Estimate']>, ParentType, ContextType>;
  fleissKappa?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  kappa?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  label?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  lesionCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  lesionDice?: Resolver<Maybe<ResolversTypes['Estimate']>, ParentType, ContextType>;
  lesionHd95Mm?: Resolver<Maybe<ResolversTypes['Estimate']>, ParentType, ContextType>;
  readCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  secondsSpent?: Resolver<Maybe<ResolversTypes['Estimate']>, ParentType, ContextType>;
  sensitivity?: Resolver<Maybe<ResolversTypes['Estimate']>, ParentType, ContextType>;
  taskCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  volumeBiasMm3?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  volumeDifferencesMm3?: Resolver<Array<ResolversTypes['Float']>, ParentType, ContextType>;
  volumeLimitsMm3?: Resolver<Maybe<Array<ResolversTypes['Float']>>, ParentType, ContextType>;
  volumeMeansMm3?: Resolver<Array<ResolversTypes['Float']>, ParentType, ContextType>;
};

export type AgreementReportResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AgreementReport'] = ResolversParentTypes['AgreementReport']> = {
  rows?: Resolver<Array<ResolversTypes['AgreementFigures']>, ParentType, ContextType>;
};

export type AgreementRuleResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AgreementRule'] = ResolversParentTypes['AgreementRule']> = {
  maxHd95Mm?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  minDice?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  smallLesionMm?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type AppliedDeidentificationProfileResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AppliedDeidentificationProfile'] = ResolversParentTypes['AppliedDeidentificationProfile']> = {
  instanceCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  profile?: Resolver<ResolversTypes['DeidentificationProfile'], ParentType, ContextType>;
};

export type ArtifactResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Artifact'] = ResolversParentTypes['Artifact']> = {
  kind?: Resolver<ResolversTypes['ArtifactKind'], ParentType, ContextType>;
  sha256?: Resolver<ResolversTypes['Sha256'], ParentType, ContextType>;
};

export type AuditEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditEvent'] = ResolversParentTypes['AuditEvent']> = {
  action?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  hash?: Resolver<ResolversTypes['Sha256'], ParentType, ContextType>;
  member?: Resolver<Maybe<ResolversTypes['Member']>, ParentType, ContextType>;
  number?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  objectId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  objectType?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  requestId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type AuditEventConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditEventConnection'] = ResolversParentTypes['AuditEventConnection']> = {
  edges?: Resolver<Array<ResolversTypes['AuditEventEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type AuditEventEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AuditEventEdge'] = ResolversParentTypes['AuditEventEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['AuditEvent'], ParentType, ContextType>;
};

export interface ByteCountScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['ByteCount'], any> {
  name: 'ByteCount';
}

export type CheckpointResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Checkpoint'] = ResolversParentTypes['Checkpoint']> = {
  attempt?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  savedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  sha256?: Resolver<ResolversTypes['Sha256'], ParentType, ContextType>;
  step?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type CommentResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Comment'] = ResolversParentTypes['Comment']> = {
  body?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  member?: Resolver<Maybe<ResolversTypes['Member']>, ParentType, ContextType>;
  mine?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  point?: Resolver<ResolversTypes['Point3'], ParentType, ContextType>;
  resolvedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  task?: Resolver<ResolversTypes['Task'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CommentAddPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CommentAddPayload'] = ResolversParentTypes['CommentAddPayload']> = {
  comment?: Resolver<Maybe<ResolversTypes['Comment']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type CommentConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CommentConnection'] = ResolversParentTypes['CommentConnection']> = {
  edges?: Resolver<Array<ResolversTypes['CommentEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type CommentEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CommentEdge'] = ResolversParentTypes['CommentEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Comment'], ParentType, ContextType>;
};

export type CommentResolvePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CommentResolvePayload'] = ResolversParentTypes['CommentResolvePayload']> = {
  comment?: Resolver<Maybe<ResolversTypes['Comment']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ConflictErrorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ConflictError'] = ResolversParentTypes['ConflictError']> = {
  code?: Resolver<ResolversTypes['ErrorCode'], ParentType, ContextType>;
  current?: Resolver<Maybe<ResolversTypes['Node']>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  path?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type DatasetResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Dataset'] = ResolversParentTypes['Dataset']> = {
  cases?: Resolver<ResolversTypes['DatasetCaseConnection'], ParentType, ContextType, RequireFields<DatasetCasesArgs, 'first'>>;
  exportUrl?: Resolver<Maybe<ResolversTypes['URL']>, ParentType, ContextType, RequireFields<DatasetExportUrlArgs, 'format'>>;
  exports?: Resolver<ResolversTypes['DatasetExportConnection'], ParentType, ContextType, RequireFields<DatasetExportsArgs, 'first'>>;
  frozenAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  manifestSha256?: Resolver<Maybe<ResolversTypes['Sha256']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  seed?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  state?: Resolver<ResolversTypes['DatasetState'], ParentType, ContextType>;
  trainingRuns?: Resolver<ResolversTypes['TrainingRunConnection'], ParentType, ContextType, RequireFields<DatasetTrainingRunsArgs, 'first'>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type DatasetCaseResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DatasetCase'] = ResolversParentTypes['DatasetCase']> = {
  lesionGroup?: Resolver<ResolversTypes['LesionGroup'], ParentType, ContextType>;
  revision?: Resolver<ResolversTypes['Revision'], ParentType, ContextType>;
  study?: Resolver<ResolversTypes['Study'], ParentType, ContextType>;
  subset?: Resolver<ResolversTypes['Subset'], ParentType, ContextType>;
};

export type DatasetCaseConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DatasetCaseConnection'] = ResolversParentTypes['DatasetCaseConnection']> = {
  edges?: Resolver<Array<ResolversTypes['DatasetCaseEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type DatasetCaseEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DatasetCaseEdge'] = ResolversParentTypes['DatasetCaseEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['DatasetCase'], ParentType, ContextType>;
};

export type DatasetConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DatasetConnection'] = ResolversParentTypes['DatasetConnection']> = {
  edges?: Resolver<Array<ResolversTypes['DatasetEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type DatasetCreatePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DatasetCreatePayload'] = ResolversParentTypes['DatasetCreatePayload']> = {
  dataset?: Resolver<Maybe<ResolversTypes['Dataset']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type DatasetEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DatasetEdge'] = ResolversParentTypes['DatasetEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Dataset'], ParentType, ContextType>;
};

export type DatasetExportResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DatasetExport'] = ResolversParentTypes['DatasetExport']> = {
  caseCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  casesDone?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  dataset?: Resolver<ResolversTypes['Dataset'], ParentType, ContextType>;
  endedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  fileCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  format?: Resolver<ResolversTypes['ExportFormat'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  manifestSha256?: Resolver<Maybe<ResolversTypes['Sha256']>, ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  requestedBy?: Resolver<ResolversTypes['Member'], ParentType, ContextType>;
  sizeBytes?: Resolver<ResolversTypes['ByteCount'], ParentType, ContextType>;
  startedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['ExportState'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type DatasetExportConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DatasetExportConnection'] = ResolversParentTypes['DatasetExportConnection']> = {
  edges?: Resolver<Array<ResolversTypes['DatasetExportEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type DatasetExportEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DatasetExportEdge'] = ResolversParentTypes['DatasetExportEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['DatasetExport'], ParentType, ContextType>;
};

export type DatasetFreezePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DatasetFreezePayload'] = ResolversParentTypes['DatasetFreezePayload']> = {
  dataset?: Resolver<Maybe<ResolversTypes['Dataset']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export interface DateScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Date'], any> {
  name: 'Date';
}

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type DefacingResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Defacing'] = ResolversParentTypes['Defacing']> = {
  runs?: Resolver<Array<ResolversTypes['DefacingRun']>, ParentType, ContextType>;
  withheldInstances?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type DefacingDecidePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DefacingDecidePayload'] = ResolversParentTypes['DefacingDecidePayload']> = {
  study?: Resolver<Maybe<ResolversTypes['Study']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type DefacingRunResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DefacingRun'] = ResolversParentTypes['DefacingRun']> = {
  changedInstances?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  decidedBy?: Resolver<Maybe<ResolversTypes['Member']>, ParentType, ContextType>;
  decision?: Resolver<ResolversTypes['DefacingDecision'], ParentType, ContextType>;
  instanceCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  progress?: Resolver<ResolversTypes['Progress'], ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  version?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type DeidentificationMethodResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeidentificationMethod'] = ResolversParentTypes['DeidentificationMethod']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  meaning?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type DeidentificationProfileResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeidentificationProfile'] = ResolversParentTypes['DeidentificationProfile']> = {
  cleanDescriptors?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  cleanStructuredContent?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  deface?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  methods?: Resolver<Array<ResolversTypes['DeidentificationMethod']>, ParentType, ContextType>;
  retainDeviceIdentity?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  retainLongitudinal?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  retainPatientCharacteristics?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  retainSafePrivate?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  setAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  setBy?: Resolver<Maybe<ResolversTypes['Member']>, ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type DeidentificationProfileSetPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeidentificationProfileSetPayload'] = ResolversParentTypes['DeidentificationProfileSetPayload']> = {
  profile?: Resolver<Maybe<ResolversTypes['DeidentificationProfile']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type DeidentificationReportResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeidentificationReport'] = ResolversParentTypes['DeidentificationReport']> = {
  attributes?: Resolver<Array<ResolversTypes['DeidentifiedAttribute']>, ParentType, ContextType>;
  instanceCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  profiles?: Resolver<Array<ResolversTypes['AppliedDeidentificationProfile']>, ParentType, ContextType>;
  rules?: Resolver<Array<ResolversTypes['DeidentificationRuleCount']>, ParentType, ContextType>;
};

export type DeidentificationRuleCountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeidentificationRuleCount'] = ResolversParentTypes['DeidentificationRuleCount']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  rule?: Resolver<ResolversTypes['DeidentificationRule'], ParentType, ContextType>;
};

export type DeidentifiedAttributeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeidentifiedAttribute'] = ResolversParentTypes['DeidentifiedAttribute']> = {
  action?: Resolver<ResolversTypes['DeidentificationAction'], ParentType, ContextType>;
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  tag?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type DeliveryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Delivery'] = ResolversParentTypes['Delivery']> = {
  attempts?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  deliveredAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  items?: Resolver<Array<ResolversTypes['DeliveryItem']>, ParentType, ContextType>;
  lastStatus?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  nextAttemptAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  progress?: Resolver<ResolversTypes['Progress'], ParentType, ContextType>;
  requestedBy?: Resolver<ResolversTypes['Member'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['DeliveryState'], ParentType, ContextType>;
  target?: Resolver<ResolversTypes['DeliveryTarget'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type DeliveryConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeliveryConnection'] = ResolversParentTypes['DeliveryConnection']> = {
  edges?: Resolver<Array<ResolversTypes['DeliveryEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type DeliveryEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeliveryEdge'] = ResolversParentTypes['DeliveryEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Delivery'], ParentType, ContextType>;
};

export type DeliveryItemResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeliveryItem'] = ResolversParentTypes['DeliveryItem']> = {
  failure?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  failureReason?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['ResultKind'], ParentType, ContextType>;
};

export type DeliveryRetryPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeliveryRetryPayload'] = ResolversParentTypes['DeliveryRetryPayload']> = {
  delivery?: Resolver<Maybe<ResolversTypes['Delivery']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type DeliveryTargetResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeliveryTarget'] = ResolversParentTypes['DeliveryTarget']> = {
  __resolveType: TypeResolveFn<'Destination', ParentType, ContextType>;
};

export type DestinationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Destination'] = ResolversParentTypes['Destination']> = {
  etag?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  hasToken?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  removedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  site?: Resolver<ResolversTypes['Site'], ParentType, ContextType>;
  url?: Resolver<Maybe<ResolversTypes['URL']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type DestinationConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DestinationConnection'] = ResolversParentTypes['DestinationConnection']> = {
  edges?: Resolver<Array<ResolversTypes['DestinationEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type DestinationCreatePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DestinationCreatePayload'] = ResolversParentTypes['DestinationCreatePayload']> = {
  destination?: Resolver<Maybe<ResolversTypes['Destination']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type DestinationDeletePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DestinationDeletePayload'] = ResolversParentTypes['DestinationDeletePayload']> = {
  destination?: Resolver<Maybe<ResolversTypes['Destination']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type DestinationEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DestinationEdge'] = ResolversParentTypes['DestinationEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Destination'], ParentType, ContextType>;
};

export type DestinationUpdatePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DestinationUpdatePayload'] = ResolversParentTypes['DestinationUpdatePayload']> = {
  destination?: Resolver<Maybe<ResolversTypes['Destination']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type DroppedFindingResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DroppedFinding'] = ResolversParentTypes['DroppedFinding']> = {
  centroidLps?: Resolver<ResolversTypes['Point3'], ParentType, ContextType>;
  probability?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['DropReason'], ParentType, ContextType>;
  volumeMm3?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type EstimateResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Estimate'] = ResolversParentTypes['Estimate']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  high95?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  low95?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  mean?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  sd?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
};

export type EvaluationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Evaluation'] = ResolversParentTypes['Evaluation']> = {
  cases?: Resolver<ResolversTypes['EvaluationCaseConnection'], ParentType, ContextType, RequireFields<EvaluationCasesArgs, 'first'>>;
  dataset?: Resolver<ResolversTypes['Dataset'], ParentType, ContextType>;
  figures?: Resolver<Array<ResolversTypes['Figures']>, ParentType, ContextType, RequireFields<EvaluationFiguresArgs, 'by'>>;
  groupTests?: Resolver<Array<ResolversTypes['GroupTest']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  intensityBaseline?: Resolver<Maybe<ResolversTypes['IntensityBaseline']>, ParentType, ContextType>;
  modelVersion?: Resolver<Maybe<ResolversTypes['ModelVersion']>, ParentType, ContextType>;
  progress?: Resolver<ResolversTypes['Progress'], ParentType, ContextType>;
  reportSha256?: Resolver<Maybe<ResolversTypes['Sha256']>, ParentType, ContextType>;
  state?: Resolver<ResolversTypes['RunState'], ParentType, ContextType>;
  subset?: Resolver<ResolversTypes['Subset'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type EvaluationCaseResolvers<ContextType = Context, ParentType extends ResolversParentTypes['EvaluationCase'] = ResolversParentTypes['EvaluationCase']> = {
  figures?: Resolver<ResolversTypes['Figures'], ParentType, ContextType>;
  foundLesionCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  study?: Resolver<ResolversTypes['Study'], ParentType, ContextType>;
};

export type EvaluationCaseConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['EvaluationCaseConnection'] = ResolversParentTypes['EvaluationCaseConnection']> = {
  edges?: Resolver<Array<ResolversTypes['EvaluationCaseEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type EvaluationCaseEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['EvaluationCaseEdge'] = ResolversParentTypes['EvaluationCaseEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['EvaluationCase'], ParentType, ContextType>;
};

export type EvaluationConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['EvaluationConnection'] = ResolversParentTypes['EvaluationConnection']> = {
  edges?: Resolver<Array<ResolversTypes['EvaluationEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type EvaluationEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['EvaluationEdge'] = ResolversParentTypes['EvaluationEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Evaluation'], ParentType, ContextType>;
};

export type FailureResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Failure'] = ResolversParentTypes['Failure']> = {
  code?: Resolver<ResolversTypes['FailureCode'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  retryable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type FiguresResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Figures'] = ResolversParentTypes['Figures']> = {
  auc?: Resolver<Maybe<ResolversTypes['Estimate']>, ParentType, ContextType>;
  brats23Dice?: Resolver<Maybe<ResolversTypes['Estimate']>, ParentType, ContextType>;
  brats23Hd95Mm?: Resolver<Maybe<ResolversTypes['Estimate']>, ParentType, ContextType>;
  caseCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  detectedDice?: Resolver<Maybe<ResolversTypes['Estimate']>, ParentType, ContextType>;
  dice?: Resolver<Maybe<ResolversTypes['Estimate']>, ParentType, ContextType>;
  fpPerCase?: Resolver<Maybe<ResolversTypes['Estimate']>, ParentType, ContextType>;
  fpPerCase10mm3?: Resolver<Maybe<ResolversTypes['Estimate']>, ParentType, ContextType>;
  label?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  lesionCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  lesionSensitivity?: Resolver<Maybe<ResolversTypes['Estimate']>, ParentType, ContextType>;
  precision?: Resolver<Maybe<ResolversTypes['Estimate']>, ParentType, ContextType>;
  recall?: Resolver<Maybe<ResolversTypes['Estimate']>, ParentType, ContextType>;
  youdenSensitivity?: Resolver<Maybe<ResolversTypes['Estimate']>, ParentType, ContextType>;
  youdenSpecificity?: Resolver<Maybe<ResolversTypes['Estimate']>, ParentType, ContextType>;
};

export type GivenPlanResolvers<ContextType = Context, ParentType extends ResolversParentTypes['GivenPlan'] = ResolversParentTypes['GivenPlan']> = {
  architecture?: Resolver<Maybe<ResolversTypes['Architecture']>, ParentType, ContextType>;
  batchSize?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  coolingPart?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  cropMarginPixels?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  epochs?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  keptSequences?: Resolver<Maybe<Array<ResolversTypes['SeriesRole']>>, ParentType, ContextType>;
  learningRate?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  maxFpPerCase?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  microBatches?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  positiveWeight?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  precision?: Resolver<Maybe<ResolversTypes['Precision']>, ParentType, ContextType>;
  seed?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  sequenceDropout?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  sequences?: Resolver<Maybe<Array<ResolversTypes['SeriesRole']>>, ParentType, ContextType>;
  sizePixels?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  thresholdRule?: Resolver<Maybe<ResolversTypes['ThresholdRule']>, ParentType, ContextType>;
  weightDecay?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  width?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
};

export type GroundTruthImportPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['GroundTruthImportPayload'] = ResolversParentTypes['GroundTruthImportPayload']> = {
  revision?: Resolver<Maybe<ResolversTypes['Revision']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type GroupTestResolvers<ContextType = Context, ParentType extends ResolversParentTypes['GroupTest'] = ResolversParentTypes['GroupTest']> = {
  exact?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  first?: Resolver<ResolversTypes['LesionGroup'], ParentType, ContextType>;
  metric?: Resolver<ResolversTypes['Metric'], ParentType, ContextType>;
  pValue?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  second?: Resolver<ResolversTypes['LesionGroup'], ParentType, ContextType>;
};

export type IntensityBaselineResolvers<ContextType = Context, ParentType extends ResolversParentTypes['IntensityBaseline'] = ResolversParentTypes['IntensityBaseline']> = {
  dice?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  threshold?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type JobResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Job'] = ResolversParentTypes['Job']> = {
  __resolveType: TypeResolveFn<'Delivery' | 'Evaluation' | 'Preparation' | 'Segmentation' | 'TrainingRun', ParentType, ContextType>;
};

export type JobEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JobEvent'] = ResolversParentTypes['JobEvent']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  job?: Resolver<ResolversTypes['Job'], ParentType, ContextType>;
};

export type LabelImportResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LabelImport'] = ResolversParentTypes['LabelImport']> = {
  beganAsDraft?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  importedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  member?: Resolver<ResolversTypes['Member'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  source?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type LabelResamplingResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LabelResampling'] = ResolversParentTypes['LabelResampling']> = {
  rule?: Resolver<ResolversTypes['ResamplingRule'], ParentType, ContextType>;
  segments?: Resolver<Array<ResolversTypes['ResampledSegment']>, ParentType, ContextType>;
  sentSopInstanceUid?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  size?: Resolver<Array<ResolversTypes['Int']>, ParentType, ContextType>;
  spacingMm?: Resolver<Array<ResolversTypes['Float']>, ParentType, ContextType>;
};

export type LesionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Lesion'] = ResolversParentTypes['Lesion']> = {
  centroidLps?: Resolver<ResolversTypes['Point3'], ParentType, ContextType>;
  coarse?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  longestDiameterMm?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  number?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  perpendicularDiameterMm?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  probability?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  sliceCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  sliceIndex?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  volumeMm3?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  voxelCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type LesionAgreementResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LesionAgreement'] = ResolversParentTypes['LesionAgreement']> = {
  check?: Resolver<Maybe<ResolversTypes['LesionVerdict']>, ParentType, ContextType>;
  dice?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  hd95Mm?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['AgreementKind'], ParentType, ContextType>;
  lesions?: Resolver<Array<ResolversTypes['Lesion']>, ParentType, ContextType>;
  modelLesions?: Resolver<Array<ResolversTypes['Lesion']>, ParentType, ContextType>;
  task?: Resolver<ResolversTypes['Task'], ParentType, ContextType>;
  verdict?: Resolver<Maybe<ResolversTypes['LesionVerdict']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type LesionAgreementConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LesionAgreementConnection'] = ResolversParentTypes['LesionAgreementConnection']> = {
  edges?: Resolver<Array<ResolversTypes['LesionAgreementEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type LesionAgreementEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LesionAgreementEdge'] = ResolversParentTypes['LesionAgreementEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['LesionAgreement'], ParentType, ContextType>;
};

export type LesionVerdictResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LesionVerdict'] = ResolversParentTypes['LesionVerdict']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  decision?: Resolver<ResolversTypes['VerdictDecision'], ParentType, ContextType>;
  lesions?: Resolver<Array<ResolversTypes['Lesion']>, ParentType, ContextType>;
  member?: Resolver<Maybe<ResolversTypes['Member']>, ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type MemberResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Member'] = ResolversParentTypes['Member']> = {
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  grants?: Resolver<Array<ResolversTypes['RoleGrant']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['MemberState'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type MemberConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MemberConnection'] = ResolversParentTypes['MemberConnection']> = {
  edges?: Resolver<Array<ResolversTypes['MemberEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type MemberEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MemberEdge'] = ResolversParentTypes['MemberEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Member'], ParentType, ContextType>;
};

export type MissingSequenceErrorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MissingSequenceError'] = ResolversParentTypes['MissingSequenceError']> = {
  code?: Resolver<ResolversTypes['ErrorCode'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  path?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  roles?: Resolver<Array<ResolversTypes['SeriesRole']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ModelVersionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ModelVersion'] = ResolversParentTypes['ModelVersion']> = {
  artifacts?: Resolver<Array<ResolversTypes['Artifact']>, ParentType, ContextType>;
  evaluations?: Resolver<ResolversTypes['EvaluationConnection'], ParentType, ContextType, RequireFields<ModelVersionEvaluationsArgs, 'first'>>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  intendedUse?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  limits?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  lineage?: Resolver<Array<ResolversTypes['ModelVersion']>, ParentType, ContextType>;
  number?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  publishedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  requiredRoles?: Resolver<Array<ResolversTypes['SeriesRole']>, ParentType, ContextType>;
  reviews?: Resolver<Array<ResolversTypes['Review']>, ParentType, ContextType>;
  rollouts?: Resolver<ResolversTypes['RolloutConnection'], ParentType, ContextType, RequireFields<ModelVersionRolloutsArgs, 'first'>>;
  state?: Resolver<ResolversTypes['ModelVersionState'], ParentType, ContextType>;
  threshold?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  thresholdRule?: Resolver<ResolversTypes['ThresholdRule'], ParentType, ContextType>;
  trainingRun?: Resolver<Maybe<ResolversTypes['TrainingRun']>, ParentType, ContextType>;
  warmStart?: Resolver<Maybe<ResolversTypes['ModelVersion']>, ParentType, ContextType>;
  warmStarts?: Resolver<ResolversTypes['TrainingRunConnection'], ParentType, ContextType, RequireFields<ModelVersionWarmStartsArgs, 'first'>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ModelVersionConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ModelVersionConnection'] = ResolversParentTypes['ModelVersionConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ModelVersionEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type ModelVersionEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ModelVersionEdge'] = ResolversParentTypes['ModelVersionEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['ModelVersion'], ParentType, ContextType>;
};

export type ModelVersionSubmitPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ModelVersionSubmitPayload'] = ResolversParentTypes['ModelVersionSubmitPayload']> = {
  modelVersion?: Resolver<Maybe<ResolversTypes['ModelVersion']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  commentAdd?: Resolver<ResolversTypes['CommentAddPayload'], ParentType, ContextType, RequireFields<MutationCommentAddArgs, 'input'>>;
  commentResolve?: Resolver<ResolversTypes['CommentResolvePayload'], ParentType, ContextType, RequireFields<MutationCommentResolveArgs, 'input'>>;
  datasetCreate?: Resolver<ResolversTypes['DatasetCreatePayload'], ParentType, ContextType, RequireFields<MutationDatasetCreateArgs, 'input'>>;
  datasetFreeze?: Resolver<ResolversTypes['DatasetFreezePayload'], ParentType, ContextType, RequireFields<MutationDatasetFreezeArgs, 'input'>>;
  defacingDecide?: Resolver<ResolversTypes['DefacingDecidePayload'], ParentType, ContextType, RequireFields<MutationDefacingDecideArgs, 'input'>>;
  deidentificationProfileSet?: Resolver<ResolversTypes['DeidentificationProfileSetPayload'], ParentType, ContextType, RequireFields<MutationDeidentificationProfileSetArgs, 'input'>>;
  deliveryRetry?: Resolver<ResolversTypes['DeliveryRetryPayload'], ParentType, ContextType, RequireFields<MutationDeliveryRetryArgs, 'input'>>;
  destinationCreate?: Resolver<ResolversTypes['DestinationCreatePayload'], ParentType, ContextType, RequireFields<MutationDestinationCreateArgs, 'input'>>;
  destinationDelete?: Resolver<ResolversTypes['DestinationDeletePayload'], ParentType, ContextType, RequireFields<MutationDestinationDeleteArgs, 'input'>>;
  destinationUpdate?: Resolver<ResolversTypes['DestinationUpdatePayload'], ParentType, ContextType, RequireFields<MutationDestinationUpdateArgs, 'input'>>;
  groundTruthImport?: Resolver<ResolversTypes['GroundTruthImportPayload'], ParentType, ContextType, RequireFields<MutationGroundTruthImportArgs, 'input'>>;
  modelVersionSubmit?: Resolver<ResolversTypes['ModelVersionSubmitPayload'], ParentType, ContextType, RequireFields<MutationModelVersionSubmitArgs, 'input'>>;
  preparationJudge?: Resolver<ResolversTypes['PreparationJudgePayload'], ParentType, ContextType, RequireFields<MutationPreparationJudgeArgs, 'input'>>;
  preparationStart?: Resolver<ResolversTypes['PreparationStartPayload'], ParentType, ContextType, RequireFields<MutationPreparationStartArgs, 'input'>>;
  protocolPublish?: Resolver<ResolversTypes['ProtocolPublishPayload'], ParentType, ContextType, RequireFields<MutationProtocolPublishArgs, 'input'>>;
  readAssign?: Resolver<ResolversTypes['ReadAssignPayload'], ParentType, ContextType, RequireFields<MutationReadAssignArgs, 'input'>>;
  readReturn?: Resolver<ResolversTypes['ReadReturnPayload'], ParentType, ContextType, RequireFields<MutationReadReturnArgs, 'input'>>;
  readStart?: Resolver<ResolversTypes['ReadStartPayload'], ParentType, ContextType, RequireFields<MutationReadStartArgs, 'input'>>;
  readSubmit?: Resolver<ResolversTypes['ReadSubmitPayload'], ParentType, ContextType, RequireFields<MutationReadSubmitArgs, 'input'>>;
  requestSegmentation?: Resolver<ResolversTypes['RequestSegmentationPayload'], ParentType, ContextType, RequireFields<MutationRequestSegmentationArgs, 'input'>>;
  retrainingPause?: Resolver<ResolversTypes['RetrainingPausePayload'], ParentType, ContextType, RequireFields<MutationRetrainingPauseArgs, 'input'>>;
  retrainingSet?: Resolver<ResolversTypes['RetrainingSetPayload'], ParentType, ContextType, RequireFields<MutationRetrainingSetArgs, 'input'>>;
  reviewSign?: Resolver<ResolversTypes['ReviewSignPayload'], ParentType, ContextType, RequireFields<MutationReviewSignArgs, 'input'>>;
  revisionSave?: Resolver<ResolversTypes['RevisionSavePayload'], ParentType, ContextType, RequireFields<MutationRevisionSaveArgs, 'input'>>;
  rolloutCreate?: Resolver<ResolversTypes['RolloutCreatePayload'], ParentType, ContextType, RequireFields<MutationRolloutCreateArgs, 'input'>>;
  rolloutRollback?: Resolver<ResolversTypes['RolloutRollbackPayload'], ParentType, ContextType, RequireFields<MutationRolloutRollbackArgs, 'input'>>;
  segmentationCancel?: Resolver<ResolversTypes['SegmentationCancelPayload'], ParentType, ContextType, RequireFields<MutationSegmentationCancelArgs, 'input'>>;
  segmentationPush?: Resolver<ResolversTypes['SegmentationPushPayload'], ParentType, ContextType, RequireFields<MutationSegmentationPushArgs, 'input'>>;
  seriesUpdate?: Resolver<ResolversTypes['SeriesUpdatePayload'], ParentType, ContextType, RequireFields<MutationSeriesUpdateArgs, 'input'>>;
  taskCreate?: Resolver<ResolversTypes['TaskCreatePayload'], ParentType, ContextType, RequireFields<MutationTaskCreateArgs, 'input'>>;
  taskExclude?: Resolver<ResolversTypes['TaskExcludePayload'], ParentType, ContextType, RequireFields<MutationTaskExcludeArgs, 'input'>>;
  taskPrioritize?: Resolver<ResolversTypes['TaskPrioritizePayload'], ParentType, ContextType, RequireFields<MutationTaskPrioritizeArgs, 'input'>>;
  taskReopen?: Resolver<ResolversTypes['TaskReopenPayload'], ParentType, ContextType, RequireFields<MutationTaskReopenArgs, 'input'>>;
  taskRepeat?: Resolver<ResolversTypes['TaskRepeatPayload'], ParentType, ContextType, RequireFields<MutationTaskRepeatArgs, 'input'>>;
  trainingRunCancel?: Resolver<ResolversTypes['TrainingRunCancelPayload'], ParentType, ContextType, RequireFields<MutationTrainingRunCancelArgs, 'input'>>;
  trainingRunStart?: Resolver<ResolversTypes['TrainingRunStartPayload'], ParentType, ContextType, RequireFields<MutationTrainingRunStartArgs, 'input'>>;
  uploadComplete?: Resolver<ResolversTypes['UploadCompletePayload'], ParentType, ContextType, RequireFields<MutationUploadCompleteArgs, 'input'>>;
  uploadCreate?: Resolver<ResolversTypes['UploadCreatePayload'], ParentType, ContextType, RequireFields<MutationUploadCreateArgs, 'input'>>;
  uploadPresign?: Resolver<ResolversTypes['UploadPresignPayload'], ParentType, ContextType, RequireFields<MutationUploadPresignArgs, 'input'>>;
  verdictGive?: Resolver<ResolversTypes['VerdictGivePayload'], ParentType, ContextType, RequireFields<MutationVerdictGiveArgs, 'input'>>;
};

export type NodeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'Comment' | 'Dataset' | 'DatasetExport' | 'Delivery' | 'Destination' | 'Evaluation' | 'Lesion' | 'LesionAgreement' | 'Member' | 'ModelVersion' | 'Preparation' | 'Protocol' | 'Read' | 'Review' | 'Revision' | 'Rollout' | 'Segmentation' | 'Series' | 'Site' | 'Study' | 'Subject' | 'Task' | 'Tenant' | 'TrainingRun' | 'Upload', ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type PlainErrorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PlainError'] = ResolversParentTypes['PlainError']> = {
  code?: Resolver<ResolversTypes['ErrorCode'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  path?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PlanResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Plan'] = ResolversParentTypes['Plan']> = {
  architecture?: Resolver<ResolversTypes['Architecture'], ParentType, ContextType>;
  batchSize?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  codeVersion?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  coolingPart?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  cropMarginPixels?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  epochs?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  hash?: Resolver<ResolversTypes['Sha256'], ParentType, ContextType>;
  keptSequences?: Resolver<Array<ResolversTypes['SeriesRole']>, ParentType, ContextType>;
  learningRate?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  maxFpPerCase?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  microBatches?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  positiveWeight?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  precision?: Resolver<ResolversTypes['Precision'], ParentType, ContextType>;
  seed?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  sequenceDropout?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  sequences?: Resolver<Array<ResolversTypes['SeriesRole']>, ParentType, ContextType>;
  sizePixels?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  thresholdRule?: Resolver<ResolversTypes['ThresholdRule'], ParentType, ContextType>;
  weightDecay?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  width?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type Point3Resolvers<ContextType = Context, ParentType extends ResolversParentTypes['Point3'] = ResolversParentTypes['Point3']> = {
  x?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  y?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  z?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type PreparationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Preparation'] = ResolversParentTypes['Preparation']> = {
  brainMaskVolumeMm3?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  judgement?: Resolver<Maybe<ResolversTypes['PreparationJudgement']>, ParentType, ContextType>;
  planHash?: Resolver<ResolversTypes['Sha256'], ParentType, ContextType>;
  progress?: Resolver<ResolversTypes['Progress'], ParentType, ContextType>;
  registrations?: Resolver<Array<ResolversTypes['Registration']>, ParentType, ContextType>;
  state?: Resolver<ResolversTypes['PreparationState'], ParentType, ContextType>;
  study?: Resolver<ResolversTypes['Study'], ParentType, ContextType>;
  warnings?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PreparationJudgePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PreparationJudgePayload'] = ResolversParentTypes['PreparationJudgePayload']> = {
  preparation?: Resolver<Maybe<ResolversTypes['Preparation']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type PreparationJudgementResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PreparationJudgement'] = ResolversParentTypes['PreparationJudgement']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  decision?: Resolver<ResolversTypes['PreparationDecision'], ParentType, ContextType>;
  member?: Resolver<ResolversTypes['Member'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PreparationStartPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PreparationStartPayload'] = ResolversParentTypes['PreparationStartPayload']> = {
  preparation?: Resolver<Maybe<ResolversTypes['Preparation']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ProgressResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Progress'] = ResolversParentTypes['Progress']> = {
  attempt?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  endedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  etaSeconds?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  failure?: Resolver<Maybe<ResolversTypes['Failure']>, ParentType, ContextType>;
  fraction?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  queuedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  startedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  step?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type ProtocolResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Protocol'] = ResolversParentTypes['Protocol']> = {
  adjudicateSoleRead?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  adjudicators?: Resolver<Array<ResolversTypes['Member']>, ParentType, ContextType>;
  agreement?: Resolver<ResolversTypes['AgreementRule'], ParentType, ContextType>;
  assignment?: Resolver<ResolversTypes['AssignmentRule'], ParentType, ContextType>;
  blind?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  check?: Resolver<ResolversTypes['CheckKind'], ParentType, ContextType>;
  dueHours?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  instructions?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  number?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  parent?: Resolver<Maybe<ResolversTypes['Protocol']>, ParentType, ContextType>;
  preAnnotation?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  publishedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  readerCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  seed?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  successor?: Resolver<Maybe<ResolversTypes['Protocol']>, ParentType, ContextType>;
  unassistedShare?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ProtocolConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProtocolConnection'] = ResolversParentTypes['ProtocolConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ProtocolEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type ProtocolEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProtocolEdge'] = ResolversParentTypes['ProtocolEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Protocol'], ParentType, ContextType>;
};

export type ProtocolPublishPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProtocolPublishPayload'] = ResolversParentTypes['ProtocolPublishPayload']> = {
  protocol?: Resolver<Maybe<ResolversTypes['Protocol']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  agreement?: Resolver<ResolversTypes['AgreementReport'], ParentType, ContextType, RequireFields<QueryAgreementArgs, 'by'>>;
  auditEvents?: Resolver<ResolversTypes['AuditEventConnection'], ParentType, ContextType, RequireFields<QueryAuditEventsArgs, 'first'>>;
  datasets?: Resolver<ResolversTypes['DatasetConnection'], ParentType, ContextType, RequireFields<QueryDatasetsArgs, 'first'>>;
  destinations?: Resolver<ResolversTypes['DestinationConnection'], ParentType, ContextType, RequireFields<QueryDestinationsArgs, 'first'>>;
  modelVersions?: Resolver<ResolversTypes['ModelVersionConnection'], ParentType, ContextType, RequireFields<QueryModelVersionsArgs, 'first'>>;
  node?: Resolver<Maybe<ResolversTypes['Node']>, ParentType, ContextType, RequireFields<QueryNodeArgs, 'id'>>;
  nodes?: Resolver<Array<Maybe<ResolversTypes['Node']>>, ParentType, ContextType, RequireFields<QueryNodesArgs, 'ids'>>;
  reads?: Resolver<ResolversTypes['ReadConnection'], ParentType, ContextType, RequireFields<QueryReadsArgs, 'first'>>;
  retraining?: Resolver<Maybe<ResolversTypes['Retraining']>, ParentType, ContextType>;
  rollouts?: Resolver<ResolversTypes['RolloutConnection'], ParentType, ContextType, RequireFields<QueryRolloutsArgs, 'first'>>;
  segmentations?: Resolver<ResolversTypes['SegmentationConnection'], ParentType, ContextType, RequireFields<QuerySegmentationsArgs, 'first'>>;
  studies?: Resolver<ResolversTypes['StudyConnection'], ParentType, ContextType, RequireFields<QueryStudiesArgs, 'first'>>;
  tasks?: Resolver<ResolversTypes['TaskConnection'], ParentType, ContextType, RequireFields<QueryTasksArgs, 'first'>>;
  trainingRuns?: Resolver<ResolversTypes['TrainingRunConnection'], ParentType, ContextType, RequireFields<QueryTrainingRunsArgs, 'first'>>;
  uploads?: Resolver<ResolversTypes['UploadConnection'], ParentType, ContextType, RequireFields<QueryUploadsArgs, 'first'>>;
  viewer?: Resolver<ResolversTypes['Viewer'], ParentType, ContextType>;
};

export type ReadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Read'] = ResolversParentTypes['Read']> = {
  agreements?: Resolver<ResolversTypes['LesionAgreementConnection'], ParentType, ContextType, RequireFields<ReadAgreementsArgs, 'first' | 'open'>>;
  assisted?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  dueAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  head?: Resolver<Maybe<ResolversTypes['Revision']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['ReadKind'], ParentType, ContextType>;
  reader?: Resolver<Maybe<ResolversTypes['Member']>, ParentType, ContextType>;
  returnedReason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  revisions?: Resolver<ResolversTypes['RevisionConnection'], ParentType, ContextType, RequireFields<ReadRevisionsArgs, 'first'>>;
  secondsSpent?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  showsAnswer?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  signature?: Resolver<Maybe<ResolversTypes['Signature']>, ParentType, ContextType>;
  state?: Resolver<ResolversTypes['ReadState'], ParentType, ContextType>;
  task?: Resolver<ResolversTypes['Task'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ReadAssignPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReadAssignPayload'] = ResolversParentTypes['ReadAssignPayload']> = {
  reads?: Resolver<Maybe<Array<ResolversTypes['Read']>>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ReadConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReadConnection'] = ResolversParentTypes['ReadConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ReadEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type ReadEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReadEdge'] = ResolversParentTypes['ReadEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Read'], ParentType, ContextType>;
};

export type ReadReturnPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReadReturnPayload'] = ResolversParentTypes['ReadReturnPayload']> = {
  read?: Resolver<Maybe<ResolversTypes['Read']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ReadStartPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReadStartPayload'] = ResolversParentTypes['ReadStartPayload']> = {
  read?: Resolver<Maybe<ResolversTypes['Read']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ReadSubmitPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReadSubmitPayload'] = ResolversParentTypes['ReadSubmitPayload']> = {
  read?: Resolver<Maybe<ResolversTypes['Read']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RefusalResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Refusal'] = ResolversParentTypes['Refusal']> = {
  code?: Resolver<ResolversTypes['RefusalCode'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type RefusalConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RefusalConnection'] = ResolversParentTypes['RefusalConnection']> = {
  edges?: Resolver<Array<ResolversTypes['RefusalEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type RefusalEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RefusalEdge'] = ResolversParentTypes['RefusalEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Refusal'], ParentType, ContextType>;
};

export type RegistrationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Registration'] = ResolversParentTypes['Registration']> = {
  matrix?: Resolver<Array<ResolversTypes['Float']>, ParentType, ContextType>;
  nmi?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  plausible?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  rotationDegrees?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  series?: Resolver<ResolversTypes['Series'], ParentType, ContextType>;
  translationMm?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type RequestSegmentationPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RequestSegmentationPayload'] = ResolversParentTypes['RequestSegmentationPayload']> = {
  segmentation?: Resolver<Maybe<ResolversTypes['Segmentation']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ResampledSegmentResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ResampledSegment'] = ResolversParentTypes['ResampledSegment']> = {
  number?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  sentNumber?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  volumeMm3After?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  volumeMm3Before?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  voxelCountAfter?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  voxelCountBefore?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type RetrainingResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Retraining'] = ResolversParentTypes['Retraining']> = {
  acceptedLabels?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  lastOutcome?: Resolver<Maybe<ResolversTypes['RetrainingOutcome']>, ParentType, ContextType>;
  paused?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  policy?: Resolver<ResolversTypes['RetrainingPolicy'], ParentType, ContextType>;
  trainingRuns?: Resolver<ResolversTypes['TrainingRunConnection'], ParentType, ContextType, RequireFields<RetrainingTrainingRunsArgs, 'first'>>;
};

export type RetrainingOutcomeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RetrainingOutcome'] = ResolversParentTypes['RetrainingOutcome']> = {
  acceptedLabels?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['RetrainingOutcomeKind'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  trainingRun?: Resolver<Maybe<ResolversTypes['TrainingRun']>, ParentType, ContextType>;
};

export type RetrainingPausePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RetrainingPausePayload'] = ResolversParentTypes['RetrainingPausePayload']> = {
  retraining?: Resolver<Maybe<ResolversTypes['Retraining']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RetrainingPolicyResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RetrainingPolicy'] = ResolversParentTypes['RetrainingPolicy']> = {
  afterAcceptedLabels?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  number?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  plan?: Resolver<ResolversTypes['GivenPlan'], ParentType, ContextType>;
  seed?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  setAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  setBy?: Resolver<ResolversTypes['Member'], ParentType, ContextType>;
  testPerGroup?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  trainPerDevelopment?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  warmStart?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type RetrainingSetPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RetrainingSetPayload'] = ResolversParentTypes['RetrainingSetPayload']> = {
  retraining?: Resolver<Maybe<ResolversTypes['Retraining']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ReviewResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Review'] = ResolversParentTypes['Review']> = {
  comment?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  decision?: Resolver<ResolversTypes['ReviewDecision'], ParentType, ContextType>;
  evaluation?: Resolver<Maybe<ResolversTypes['Evaluation']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  modelVersion?: Resolver<ResolversTypes['ModelVersion'], ParentType, ContextType>;
  signature?: Resolver<ResolversTypes['Signature'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ReviewSignPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReviewSignPayload'] = ResolversParentTypes['ReviewSignPayload']> = {
  review?: Resolver<Maybe<ResolversTypes['Review']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RevisionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Revision'] = ResolversParentTypes['Revision']> = {
  autosaved?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  draft?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  imported?: Resolver<Maybe<ResolversTypes['LabelImport']>, ParentType, ContextType>;
  lesions?: Resolver<Array<ResolversTypes['Lesion']>, ParentType, ContextType>;
  member?: Resolver<Maybe<ResolversTypes['Member']>, ParentType, ContextType>;
  parent?: Resolver<Maybe<ResolversTypes['Revision']>, ParentType, ContextType>;
  provenance?: Resolver<ResolversTypes['RevisionProvenance'], ParentType, ContextType>;
  read?: Resolver<Maybe<ResolversTypes['Read']>, ParentType, ContextType>;
  resampling?: Resolver<Maybe<ResolversTypes['LabelResampling']>, ParentType, ContextType>;
  savedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  segSeriesInstanceUid?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  segSopInstanceUid?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  sha256?: Resolver<ResolversTypes['Sha256'], ParentType, ContextType>;
  task?: Resolver<ResolversTypes['Task'], ParentType, ContextType>;
  voxelCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RevisionConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RevisionConnection'] = ResolversParentTypes['RevisionConnection']> = {
  edges?: Resolver<Array<ResolversTypes['RevisionEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type RevisionEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RevisionEdge'] = ResolversParentTypes['RevisionEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Revision'], ParentType, ContextType>;
};

export type RevisionSavePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RevisionSavePayload'] = ResolversParentTypes['RevisionSavePayload']> = {
  revision?: Resolver<Maybe<ResolversTypes['Revision']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RoleGrantResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RoleGrant'] = ResolversParentTypes['RoleGrant']> = {
  role?: Resolver<ResolversTypes['Role'], ParentType, ContextType>;
  sites?: Resolver<Array<ResolversTypes['Site']>, ParentType, ContextType>;
};

export type RolloutResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Rollout'] = ResolversParentTypes['Rollout']> = {
  history?: Resolver<Array<ResolversTypes['RolloutStep']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  modelVersion?: Resolver<ResolversTypes['ModelVersion'], ParentType, ContextType>;
  sites?: Resolver<ResolversTypes['SiteConnection'], ParentType, ContextType, RequireFields<RolloutSitesArgs, 'first'>>;
  stage?: Resolver<ResolversTypes['RolloutStage'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RolloutConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RolloutConnection'] = ResolversParentTypes['RolloutConnection']> = {
  edges?: Resolver<Array<ResolversTypes['RolloutEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type RolloutCreatePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RolloutCreatePayload'] = ResolversParentTypes['RolloutCreatePayload']> = {
  rollout?: Resolver<Maybe<ResolversTypes['Rollout']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RolloutEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RolloutEdge'] = ResolversParentTypes['RolloutEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Rollout'], ParentType, ContextType>;
};

export type RolloutRollbackPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RolloutRollbackPayload'] = ResolversParentTypes['RolloutRollbackPayload']> = {
  rollout?: Resolver<Maybe<ResolversTypes['Rollout']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RolloutStepResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RolloutStep'] = ResolversParentTypes['RolloutStep']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  member?: Resolver<ResolversTypes['Member'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  stage?: Resolver<ResolversTypes['RolloutStage'], ParentType, ContextType>;
};

export type SegmentationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Segmentation'] = ResolversParentTypes['Segmentation']> = {
  deliveries?: Resolver<ResolversTypes['DeliveryConnection'], ParentType, ContextType, RequireFields<SegmentationDeliveriesArgs, 'first'>>;
  dropped?: Resolver<Array<ResolversTypes['DroppedFinding']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  lesions?: Resolver<Array<ResolversTypes['Lesion']>, ParentType, ContextType>;
  modelVersion?: Resolver<ResolversTypes['ModelVersion'], ParentType, ContextType>;
  progress?: Resolver<ResolversTypes['Progress'], ParentType, ContextType>;
  requestedBy?: Resolver<ResolversTypes['Member'], ParentType, ContextType>;
  results?: Resolver<Array<ResolversTypes['SegmentationResult']>, ParentType, ContextType>;
  rollout?: Resolver<ResolversTypes['Rollout'], ParentType, ContextType>;
  segmentForm?: Resolver<ResolversTypes['SegmentForm'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['SegmentationState'], ParentType, ContextType>;
  study?: Resolver<ResolversTypes['Study'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SegmentationCancelPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SegmentationCancelPayload'] = ResolversParentTypes['SegmentationCancelPayload']> = {
  segmentation?: Resolver<Maybe<ResolversTypes['Segmentation']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type SegmentationConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SegmentationConnection'] = ResolversParentTypes['SegmentationConnection']> = {
  edges?: Resolver<Array<ResolversTypes['SegmentationEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type SegmentationEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SegmentationEdge'] = ResolversParentTypes['SegmentationEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Segmentation'], ParentType, ContextType>;
};

export type SegmentationPushPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SegmentationPushPayload'] = ResolversParentTypes['SegmentationPushPayload']> = {
  delivery?: Resolver<Maybe<ResolversTypes['Delivery']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type SegmentationResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SegmentationResult'] = ResolversParentTypes['SegmentationResult']> = {
  kind?: Resolver<ResolversTypes['ResultKind'], ParentType, ContextType>;
  seriesInstanceUid?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sopInstanceUid?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type SeriesResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Series'] = ResolversParentTypes['Series']> = {
  derivedFrom?: Resolver<Maybe<ResolversTypes['Series']>, ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  echoTimeMs?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  flipAngleDegrees?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  instanceCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  inversionTimeMs?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  modality?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  repetitionTimeMs?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  role?: Resolver<Maybe<ResolversTypes['SeriesRole']>, ParentType, ContextType>;
  roleReason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  roleSetByMember?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  seriesInstanceUid?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  study?: Resolver<ResolversTypes['Study'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SeriesUpdatePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SeriesUpdatePayload'] = ResolversParentTypes['SeriesUpdatePayload']> = {
  series?: Resolver<Maybe<ResolversTypes['Series']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export interface Sha256ScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Sha256'], any> {
  name: 'Sha256';
}

export type SignatureResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Signature'] = ResolversParentTypes['Signature']> = {
  contentSha256?: Resolver<ResolversTypes['Sha256'], ParentType, ContextType>;
  meaning?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  member?: Resolver<ResolversTypes['Member'], ParentType, ContextType>;
  printedName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  signedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type SiteResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Site'] = ResolversParentTypes['Site']> = {
  deidentificationProfiles?: Resolver<Array<ResolversTypes['DeidentificationProfile']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  liveVersion?: Resolver<Maybe<ResolversTypes['ModelVersion']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  rollouts?: Resolver<ResolversTypes['RolloutConnection'], ParentType, ContextType, RequireFields<SiteRolloutsArgs, 'first'>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SiteConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SiteConnection'] = ResolversParentTypes['SiteConnection']> = {
  edges?: Resolver<Array<ResolversTypes['SiteEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type SiteEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SiteEdge'] = ResolversParentTypes['SiteEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Site'], ParentType, ContextType>;
};

export type StudyResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Study'] = ResolversParentTypes['Study']> = {
  ageYears?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  defacing?: Resolver<Maybe<ResolversTypes['Defacing']>, ParentType, ContextType>;
  deidentification?: Resolver<Maybe<ResolversTypes['DeidentificationReport']>, ParentType, ContextType>;
  groundTruth?: Resolver<Maybe<ResolversTypes['Revision']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  lesionGroup?: Resolver<Maybe<ResolversTypes['LesionGroup']>, ParentType, ContextType>;
  missingRoles?: Resolver<Array<ResolversTypes['SeriesRole']>, ParentType, ContextType>;
  preparation?: Resolver<Maybe<ResolversTypes['Preparation']>, ParentType, ContextType>;
  scanner?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  segmentations?: Resolver<ResolversTypes['SegmentationConnection'], ParentType, ContextType, RequireFields<StudySegmentationsArgs, 'first'>>;
  series?: Resolver<Array<ResolversTypes['Series']>, ParentType, ContextType>;
  site?: Resolver<ResolversTypes['Site'], ParentType, ContextType>;
  studyDate?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  studyInstanceUid?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  subject?: Resolver<ResolversTypes['Subject'], ParentType, ContextType>;
  tasks?: Resolver<ResolversTypes['TaskConnection'], ParentType, ContextType, RequireFields<StudyTasksArgs, 'first'>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type StudyConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StudyConnection'] = ResolversParentTypes['StudyConnection']> = {
  edges?: Resolver<Array<ResolversTypes['StudyEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type StudyEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StudyEdge'] = ResolversParentTypes['StudyEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Study'], ParentType, ContextType>;
};

export type SubjectResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Subject'] = ResolversParentTypes['Subject']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  patientId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sex?: Resolver<Maybe<ResolversTypes['Sex']>, ParentType, ContextType>;
  studies?: Resolver<ResolversTypes['StudyConnection'], ParentType, ContextType, RequireFields<SubjectStudiesArgs, 'first'>>;
  subset?: Resolver<Maybe<ResolversTypes['Subset']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SubscriptionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  jobChanged?: SubscriptionResolver<ResolversTypes['JobEvent'], "jobChanged", ParentType, ContextType, RequireFields<SubscriptionJobChangedArgs, 'ids'>>;
};

export type TaskResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Task'] = ResolversParentTypes['Task']> = {
  agreements?: Resolver<ResolversTypes['LesionAgreementConnection'], ParentType, ContextType, RequireFields<TaskAgreementsArgs, 'first'>>;
  comments?: Resolver<ResolversTypes['CommentConnection'], ParentType, ContextType, RequireFields<TaskCommentsArgs, 'first'>>;
  excludedReason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  figures?: Resolver<Array<ResolversTypes['AgreementFigures']>, ParentType, ContextType>;
  groundTruth?: Resolver<Maybe<ResolversTypes['Revision']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  priority?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  protocol?: Resolver<Maybe<ResolversTypes['Protocol']>, ParentType, ContextType>;
  reads?: Resolver<Array<ResolversTypes['Read']>, ParentType, ContextType>;
  reopenedReason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  repeatOf?: Resolver<Maybe<ResolversTypes['Task']>, ParentType, ContextType>;
  round?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['TaskState'], ParentType, ContextType>;
  study?: Resolver<ResolversTypes['Study'], ParentType, ContextType>;
  unassignedReads?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type TaskConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TaskConnection'] = ResolversParentTypes['TaskConnection']> = {
  edges?: Resolver<Array<ResolversTypes['TaskEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type TaskCreatePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TaskCreatePayload'] = ResolversParentTypes['TaskCreatePayload']> = {
  tasks?: Resolver<Maybe<Array<ResolversTypes['Task']>>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type TaskEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TaskEdge'] = ResolversParentTypes['TaskEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Task'], ParentType, ContextType>;
};

export type TaskExcludePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TaskExcludePayload'] = ResolversParentTypes['TaskExcludePayload']> = {
  task?: Resolver<Maybe<ResolversTypes['Task']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type TaskPrioritizePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TaskPrioritizePayload'] = ResolversParentTypes['TaskPrioritizePayload']> = {
  tasks?: Resolver<Maybe<Array<ResolversTypes['Task']>>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type TaskReopenPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TaskReopenPayload'] = ResolversParentTypes['TaskReopenPayload']> = {
  task?: Resolver<Maybe<ResolversTypes['Task']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type TaskRepeatPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TaskRepeatPayload'] = ResolversParentTypes['TaskRepeatPayload']> = {
  task?: Resolver<Maybe<ResolversTypes['Task']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type TenantResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Tenant'] = ResolversParentTypes['Tenant']> = {
  dicomwebUrl?: Resolver<ResolversTypes['URL'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  members?: Resolver<ResolversTypes['MemberConnection'], ParentType, ContextType, RequireFields<TenantMembersArgs, 'first'>>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  protocols?: Resolver<ResolversTypes['ProtocolConnection'], ParentType, ContextType, RequireFields<TenantProtocolsArgs, 'first'>>;
  sites?: Resolver<ResolversTypes['SiteConnection'], ParentType, ContextType, RequireFields<TenantSitesArgs, 'first'>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type TrainingMetricResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TrainingMetric'] = ResolversParentTypes['TrainingMetric']> = {
  developmentAuc?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  epoch?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  learningRate?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  loss?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  memoryBytes?: Resolver<ResolversTypes['ByteCount'], ParentType, ContextType>;
  slicesPerSecond?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  step?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type TrainingRunResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TrainingRun'] = ResolversParentTypes['TrainingRun']> = {
  checkpoints?: Resolver<Array<ResolversTypes['Checkpoint']>, ParentType, ContextType>;
  dataset?: Resolver<ResolversTypes['Dataset'], ParentType, ContextType>;
  evaluations?: Resolver<Array<ResolversTypes['Evaluation']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  metrics?: Resolver<Array<ResolversTypes['TrainingMetric']>, ParentType, ContextType, RequireFields<TrainingRunMetricsArgs, 'maxPoints'>>;
  modelVersion?: Resolver<Maybe<ResolversTypes['ModelVersion']>, ParentType, ContextType>;
  plan?: Resolver<ResolversTypes['Plan'], ParentType, ContextType>;
  progress?: Resolver<ResolversTypes['Progress'], ParentType, ContextType>;
  retrainingPolicy?: Resolver<Maybe<ResolversTypes['RetrainingPolicy']>, ParentType, ContextType>;
  startedBy?: Resolver<ResolversTypes['Member'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['RunState'], ParentType, ContextType>;
  warmStart?: Resolver<Maybe<ResolversTypes['ModelVersion']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type TrainingRunCancelPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TrainingRunCancelPayload'] = ResolversParentTypes['TrainingRunCancelPayload']> = {
  trainingRun?: Resolver<Maybe<ResolversTypes['TrainingRun']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type TrainingRunConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TrainingRunConnection'] = ResolversParentTypes['TrainingRunConnection']> = {
  edges?: Resolver<Array<ResolversTypes['TrainingRunEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type TrainingRunEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TrainingRunEdge'] = ResolversParentTypes['TrainingRunEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['TrainingRun'], ParentType, ContextType>;
};

export type TrainingRunStartPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TrainingRunStartPayload'] = ResolversParentTypes['TrainingRunStartPayload']> = {
  trainingRun?: Resolver<Maybe<ResolversTypes['TrainingRun']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export interface UrlScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['URL'], any> {
  name: 'URL';
}

export type UploadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Upload'] = ResolversParentTypes['Upload']> = {
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  endedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  member?: Resolver<ResolversTypes['Member'], ParentType, ContextType>;
  receivedBytes?: Resolver<ResolversTypes['ByteCount'], ParentType, ContextType>;
  receivedFiles?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  refusals?: Resolver<ResolversTypes['RefusalConnection'], ParentType, ContextType, RequireFields<UploadRefusalsArgs, 'first'>>;
  site?: Resolver<ResolversTypes['Site'], ParentType, ContextType>;
  storedInstances?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UploadCompletePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UploadCompletePayload'] = ResolversParentTypes['UploadCompletePayload']> = {
  upload?: Resolver<Maybe<ResolversTypes['Upload']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type UploadConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UploadConnection'] = ResolversParentTypes['UploadConnection']> = {
  edges?: Resolver<Array<ResolversTypes['UploadEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type UploadCreatePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UploadCreatePayload'] = ResolversParentTypes['UploadCreatePayload']> = {
  upload?: Resolver<Maybe<ResolversTypes['Upload']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type UploadEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UploadEdge'] = ResolversParentTypes['UploadEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Upload'], ParentType, ContextType>;
};

export type UploadPresignPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UploadPresignPayload'] = ResolversParentTypes['UploadPresignPayload']> = {
  targets?: Resolver<Maybe<Array<ResolversTypes['UploadTarget']>>, ParentType, ContextType>;
  upload?: Resolver<Maybe<ResolversTypes['Upload']>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type UploadTargetResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UploadTarget'] = ResolversParentTypes['UploadTarget']> = {
  expiresAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  refusal?: Resolver<Maybe<ResolversTypes['Refusal']>, ParentType, ContextType>;
  sha256?: Resolver<ResolversTypes['Sha256'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['UploadTargetState'], ParentType, ContextType>;
  url?: Resolver<Maybe<ResolversTypes['URL']>, ParentType, ContextType>;
};

export type UserErrorResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserError'] = ResolversParentTypes['UserError']> = {
  __resolveType: TypeResolveFn<'ConflictError' | 'MissingSequenceError' | 'PlainError', ParentType, ContextType>;
};

export type VerdictGivePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['VerdictGivePayload'] = ResolversParentTypes['VerdictGivePayload']> = {
  agreements?: Resolver<Maybe<Array<ResolversTypes['LesionAgreement']>>, ParentType, ContextType>;
  userErrors?: Resolver<Array<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ViewerResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Viewer'] = ResolversParentTypes['Viewer']> = {
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  member?: Resolver<ResolversTypes['Member'], ParentType, ContextType>;
  permissions?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  roles?: Resolver<Array<ResolversTypes['Role']>, ParentType, ContextType>;
  sites?: Resolver<ResolversTypes['SiteConnection'], ParentType, ContextType, RequireFields<ViewerSitesArgs, 'first'>>;
  tenant?: Resolver<ResolversTypes['Tenant'], ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  AgreementFigures?: AgreementFiguresResolvers<ContextType>;
  AgreementReport?: AgreementReportResolvers<ContextType>;
  AgreementRule?: AgreementRuleResolvers<ContextType>;
  AppliedDeidentificationProfile?: AppliedDeidentificationProfileResolvers<ContextType>;
  Artifact?: ArtifactResolvers<ContextType>;
  AuditEvent?: AuditEventResolvers<ContextType>;
  AuditEventConnection?: AuditEventConnectionResolvers<ContextType>;
  AuditEventEdge?: AuditEventEdgeResolvers<ContextType>;
  ByteCount?: GraphQLScalarType;
  Checkpoint?: CheckpointResolvers<ContextType>;
  Comment?: CommentResolvers<ContextType>;
  CommentAddPayload?: CommentAddPayloadResolvers<ContextType>;
  CommentConnection?: CommentConnectionResolvers<ContextType>;
  CommentEdge?: CommentEdgeResolvers<ContextType>;
  CommentResolvePayload?: CommentResolvePayloadResolvers<ContextType>;
  ConflictError?: ConflictErrorResolvers<ContextType>;
  Dataset?: DatasetResolvers<ContextType>;
  DatasetCase?: DatasetCaseResolvers<ContextType>;
  DatasetCaseConnection?: DatasetCaseConnectionResolvers<ContextType>;
  DatasetCaseEdge?: DatasetCaseEdgeResolvers<ContextType>;
  DatasetConnection?: DatasetConnectionResolvers<ContextType>;
  DatasetCreatePayload?: DatasetCreatePayloadResolvers<ContextType>;
  DatasetEdge?: DatasetEdgeResolvers<ContextType>;
  DatasetExport?: DatasetExportResolvers<ContextType>;
  DatasetExportConnection?: DatasetExportConnectionResolvers<ContextType>;
  DatasetExportEdge?: DatasetExportEdgeResolvers<ContextType>;
  DatasetFreezePayload?: DatasetFreezePayloadResolvers<ContextType>;
  Date?: GraphQLScalarType;
  DateTime?: GraphQLScalarType;
  Defacing?: DefacingResolvers<ContextType>;
  DefacingDecidePayload?: DefacingDecidePayloadResolvers<ContextType>;
  DefacingRun?: DefacingRunResolvers<ContextType>;
  DeidentificationMethod?: DeidentificationMethodResolvers<ContextType>;
  DeidentificationProfile?: DeidentificationProfileResolvers<ContextType>;
  DeidentificationProfileSetPayload?: DeidentificationProfileSetPayloadResolvers<ContextType>;
  DeidentificationReport?: DeidentificationReportResolvers<ContextType>;
  DeidentificationRuleCount?: DeidentificationRuleCountResolvers<ContextType>;
  DeidentifiedAttribute?: DeidentifiedAttributeResolvers<ContextType>;
  Delivery?: DeliveryResolvers<ContextType>;
  DeliveryConnection?: DeliveryConnectionResolvers<ContextType>;
  DeliveryEdge?: DeliveryEdgeResolvers<ContextType>;
  DeliveryItem?: DeliveryItemResolvers<ContextType>;
  DeliveryRetryPayload?: DeliveryRetryPayloadResolvers<ContextType>;
  DeliveryTarget?: DeliveryTargetResolvers<ContextType>;
  Destination?: DestinationResolvers<ContextType>;
  DestinationConnection?: DestinationConnectionResolvers<ContextType>;
  DestinationCreatePayload?: DestinationCreatePayloadResolvers<ContextType>;
  DestinationDeletePayload?: DestinationDeletePayloadResolvers<ContextType>;
  DestinationEdge?: DestinationEdgeResolvers<ContextType>;
  DestinationUpdatePayload?: DestinationUpdatePayloadResolvers<ContextType>;
  DroppedFinding?: DroppedFindingResolvers<ContextType>;
  Estimate?: EstimateResolvers<ContextType>;
  Evaluation?: EvaluationResolvers<ContextType>;
  EvaluationCase?: EvaluationCaseResolvers<ContextType>;
  EvaluationCaseConnection?: EvaluationCaseConnectionResolvers<ContextType>;
  EvaluationCaseEdge?: EvaluationCaseEdgeResolvers<ContextType>;
  EvaluationConnection?: EvaluationConnectionResolvers<ContextType>;
  EvaluationEdge?: EvaluationEdgeResolvers<ContextType>;
  Failure?: FailureResolvers<ContextType>;
  Figures?: FiguresResolvers<ContextType>;
  GivenPlan?: GivenPlanResolvers<ContextType>;
  GroundTruthImportPayload?: GroundTruthImportPayloadResolvers<ContextType>;
  GroupTest?: GroupTestResolvers<ContextType>;
  IntensityBaseline?: IntensityBaselineResolvers<ContextType>;
  Job?: JobResolvers<ContextType>;
  JobEvent?: JobEventResolvers<ContextType>;
  LabelImport?: LabelImportResolvers<ContextType>;
  LabelResampling?: LabelResamplingResolvers<ContextType>;
  Lesion?: LesionResolvers<ContextType>;
  LesionAgreement?: LesionAgreementResolvers<ContextType>;
  LesionAgreementConnection?: LesionAgreementConnectionResolvers<ContextType>;
  LesionAgreementEdge?: LesionAgreementEdgeResolvers<ContextType>;
  LesionVerdict?: LesionVerdictResolvers<ContextType>;
  Member?: MemberResolvers<ContextType>;
  MemberConnection?: MemberConnectionResolvers<ContextType>;
  MemberEdge?: MemberEdgeResolvers<ContextType>;
  MissingSequenceError?: MissingSequenceErrorResolvers<ContextType>;
  ModelVersion?: ModelVersionResolvers<ContextType>;
  ModelVersionConnection?: ModelVersionConnectionResolvers<ContextType>;
  ModelVersionEdge?: ModelVersionEdgeResolvers<ContextType>;
  ModelVersionSubmitPayload?: ModelVersionSubmitPayloadResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Node?: NodeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  PlainError?: PlainErrorResolvers<ContextType>;
  Plan?: PlanResolvers<ContextType>;
  Point3?: Point3Resolvers<ContextType>;
  Preparation?: PreparationResolvers<ContextType>;
  PreparationJudgePayload?: PreparationJudgePayloadResolvers<ContextType>;
  PreparationJudgement?: PreparationJudgementResolvers<ContextType>;
  PreparationStartPayload?: PreparationStartPayloadResolvers<ContextType>;
  Progress?: ProgressResolvers<ContextType>;
  Protocol?: ProtocolResolvers<ContextType>;
  ProtocolConnection?: ProtocolConnectionResolvers<ContextType>;
  ProtocolEdge?: ProtocolEdgeResolvers<ContextType>;
  ProtocolPublishPayload?: ProtocolPublishPayloadResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  Read?: ReadResolvers<ContextType>;
  ReadAssignPayload?: ReadAssignPayloadResolvers<ContextType>;
  ReadConnection?: ReadConnectionResolvers<ContextType>;
  ReadEdge?: ReadEdgeResolvers<ContextType>;
  ReadReturnPayload?: ReadReturnPayloadResolvers<ContextType>;
  ReadStartPayload?: ReadStartPayloadResolvers<ContextType>;
  ReadSubmitPayload?: ReadSubmitPayloadResolvers<ContextType>;
  Refusal?: RefusalResolvers<ContextType>;
  RefusalConnection?: RefusalConnectionResolvers<ContextType>;
  RefusalEdge?: RefusalEdgeResolvers<ContextType>;
  Registration?: RegistrationResolvers<ContextType>;
  RequestSegmentationPayload?: RequestSegmentationPayloadResolvers<ContextType>;
  ResampledSegment?: ResampledSegmentResolvers<ContextType>;
  Retraining?: RetrainingResolvers<ContextType>;
  RetrainingOutcome?: RetrainingOutcomeResolvers<ContextType>;
  RetrainingPausePayload?: RetrainingPausePayloadResolvers<ContextType>;
  RetrainingPolicy?: RetrainingPolicyResolvers<ContextType>;
  RetrainingSetPayload?: RetrainingSetPayloadResolvers<ContextType>;
  Review?: ReviewResolvers<ContextType>;
  ReviewSignPayload?: ReviewSignPayloadResolvers<ContextType>;
  Revision?: RevisionResolvers<ContextType>;
  RevisionConnection?: RevisionConnectionResolvers<ContextType>;
  RevisionEdge?: RevisionEdgeResolvers<ContextType>;
  RevisionSavePayload?: RevisionSavePayloadResolvers<ContextType>;
  RoleGrant?: RoleGrantResolvers<ContextType>;
  Rollout?: RolloutResolvers<ContextType>;
  RolloutConnection?: RolloutConnectionResolvers<ContextType>;
  RolloutCreatePayload?: RolloutCreatePayloadResolvers<ContextType>;
  RolloutEdge?: RolloutEdgeResolvers<ContextType>;
  RolloutRollbackPayload?: RolloutRollbackPayloadResolvers<ContextType>;
  RolloutStep?: RolloutStepResolvers<ContextType>;
  Segmentation?: SegmentationResolvers<ContextType>;
  SegmentationCancelPayload?: SegmentationCancelPayloadResolvers<ContextType>;
  SegmentationConnection?: SegmentationConnectionResolvers<ContextType>;
  SegmentationEdge?: SegmentationEdgeResolvers<ContextType>;
  SegmentationPushPayload?: SegmentationPushPayloadResolvers<ContextType>;
  SegmentationResult?: SegmentationResultResolvers<ContextType>;
  Series?: SeriesResolvers<ContextType>;
  SeriesUpdatePayload?: SeriesUpdatePayloadResolvers<ContextType>;
  Sha256?: GraphQLScalarType;
  Signature?: SignatureResolvers<ContextType>;
  Site?: SiteResolvers<ContextType>;
  SiteConnection?: SiteConnectionResolvers<ContextType>;
  SiteEdge?: SiteEdgeResolvers<ContextType>;
  Study?: StudyResolvers<ContextType>;
  StudyConnection?: StudyConnectionResolvers<ContextType>;
  StudyEdge?: StudyEdgeResolvers<ContextType>;
  Subject?: SubjectResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  Task?: TaskResolvers<ContextType>;
  TaskConnection?: TaskConnectionResolvers<ContextType>;
  TaskCreatePayload?: TaskCreatePayloadResolvers<ContextType>;
  TaskEdge?: TaskEdgeResolvers<ContextType>;
  TaskExcludePayload?: TaskExcludePayloadResolvers<ContextType>;
  TaskPrioritizePayload?: TaskPrioritizePayloadResolvers<ContextType>;
  TaskReopenPayload?: TaskReopenPayloadResolvers<ContextType>;
  TaskRepeatPayload?: TaskRepeatPayloadResolvers<ContextType>;
  Tenant?: TenantResolvers<ContextType>;
  TrainingMetric?: TrainingMetricResolvers<ContextType>;
  TrainingRun?: TrainingRunResolvers<ContextType>;
  TrainingRunCancelPayload?: TrainingRunCancelPayloadResolvers<ContextType>;
  TrainingRunConnection?: TrainingRunConnectionResolvers<ContextType>;
  TrainingRunEdge?: TrainingRunEdgeResolvers<ContextType>;
  TrainingRunStartPayload?: TrainingRunStartPayloadResolvers<ContextType>;
  URL?: GraphQLScalarType;
  Upload?: UploadResolvers<ContextType>;
  UploadCompletePayload?: UploadCompletePayloadResolvers<ContextType>;
  UploadConnection?: UploadConnectionResolvers<ContextType>;
  UploadCreatePayload?: UploadCreatePayloadResolvers<ContextType>;
  UploadEdge?: UploadEdgeResolvers<ContextType>;
  UploadPresignPayload?: UploadPresignPayloadResolvers<ContextType>;
  UploadTarget?: UploadTargetResolvers<ContextType>;
  UserError?: UserErrorResolvers<ContextType>;
  VerdictGivePayload?: VerdictGivePayloadResolvers<ContextType>;
  Viewer?: ViewerResolvers<ContextType>;
};


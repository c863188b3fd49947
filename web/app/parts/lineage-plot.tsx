import type { FollowedJob } from '../api/follow-jobs.ts';
import { nodesOf } from '../api/queries.ts';
import type { FamilyMember, TrainingRun } from '../api/training-queries.ts';
import { Link } from '../router.tsx';
import { toneOf } from './badges.tsx';
import { layoutTree, type Place, type TreeNode } from './tree-layout.ts';
import { inWords } from './words.ts';

/** Pixels. */
const cell = { width: 176, height: 86 };
const box = { width: 140, height: 36, top: 34 };
const datasetHeight = 20;
/** Letters that a box holds. */
const longestName = 21;

/** What is drawn: a version with the run that made it, or a run that has made none yet. */
interface Drawn extends TreeNode {
  readonly version: FamilyMember | undefined;
  readonly run: TrainingRun | null;
}

const running = (run: TrainingRun): boolean => run.modelVersion === null && ['QUEUED', 'RUNNING'].includes(run.state);

const drawnOf = (family: readonly FamilyMember[]): Drawn[] => [
  ...family.map((version) => {
    const run = version.trainingRun;
    return { id: version.id, parentId: run?.warmStart?.id ?? null, version, run };
  }),
  ...family
    .flatMap(({ warmStarts }) => nodesOf(warmStarts))
    .filter(running)
    .map((run) => ({ id: run.id, parentId: run.warmStart?.id ?? null, version: undefined, run })),
];

/** The trainings of a family that are under way. */
export const runningOf = (family: readonly FamilyMember[]): TrainingRun[] =>
  family.flatMap(({ warmStarts }) => nodesOf(warmStarts)).filter(running);

interface Props {
  readonly family: readonly FamilyMember[];
  readonly currentId: string;
  readonly jobs: ReadonlyMap<string, FollowedJob>;
}

/** A family of versions as a tree: each under the dataset that it learnt from, behind the version that its weights started from. */
export function LineagePlot({ family, currentId, jobs }: Props) {
  const drawn = drawnOf(family);
  const places = layoutTree(drawn);
  const all = [...places.values()];
  const width = cell.width * (1 + Math.max(...all.map(({ column }) => column)));
  const height = cell.height * (1 + Math.max(...all.map(({ row }) => row)));
  return (
    <div class="lineage">
      <svg width={width} height={height} role="img" aria-label={drawn.map(describe).join('; ')}>
        {drawn.map(({ id, parentId }) => {
          const from = parentId === null ? undefined : places.get(parentId);
          return from && <path key={id} class="edge" d={edge(from, places.get(id)!)} />;
        })}
        {drawn.map((one) => (
          <Box
            key={one.id}
            drawn={one}
            place={places.get(one.id)!}
            current={one.id === currentId}
            job={jobs.get(one.id)}
          />
        ))}
      </svg>
    </div>
  );
}

const describe = ({ version, run }: Drawn): string => {
  const name = version ? `Version ${version.number}` : 'A training under way';
  return `${name} from ${run?.warmStart ? `version ${run.warmStart.number}` : 'scratch'} on ${run?.dataset.name ?? '?'}`;
};

function edge(from: Place, to: Place): string {
  const [x1, x2] = [from.column * cell.width + box.width, to.column * cell.width];
  const [y1, y2] = [from, to].map(({ row }) => row * cell.height + box.top + box.height / 2);
  const middle = (x1 + x2) / 2;
  return `M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
}

interface BoxProps {
  readonly drawn: Drawn;
  readonly place: Place;
  readonly current: boolean;
  readonly job: FollowedJob | undefined;
}

function Box({ drawn: { version, run }, place, current, job }: BoxProps) {
  const at = `translate(${place.column * cell.width} ${place.row * cell.height})`;
  const state = version?.state ?? (job?.state || run?.state) ?? '';
  const fraction = (job?.progress ?? run?.progress)?.fraction ?? 0;
  const content = (
    <>
      <rect class="version" y={box.top} width={box.width} height={box.height} rx={4} />
      {!version && <rect class="done" y={box.top + box.height - 4} width={box.width * fraction} height={4} />}
      <text x={10} y={box.top + 15}>
        {version ? `Version ${version.number}` : 'Training'}
      </text>
      <text class="small" x={10} y={box.top + 29}>
        {inWords(state)}
        {!version && state === 'RUNNING' && ` ${Math.floor(100 * fraction)} %`}
      </text>
    </>
  );
  return (
    <g transform={at} class={`${toneOf(state)} ${current ? 'current' : ''} ${version ? '' : 'running'}`}>
      {run && (
        <g class="dataset">
          <title>{`${run.dataset.name}, manifest ${run.dataset.manifestSha256}`}</title>
          <rect width={box.width} height={datasetHeight} rx={datasetHeight / 2} />
          <text x={box.width / 2} y={14}>
            {shortened(run.dataset.name)}
          </text>
          <path class="edge" d={`M${box.width / 2} ${datasetHeight} V${box.top}`} />
        </g>
      )}
      {version ? <Link to={`/models/${encodeURIComponent(version.id)}`}>{content}</Link> : content}
    </g>
  );
}

const shortened = (name: string): string => (name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name);

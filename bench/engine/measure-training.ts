import { freemem } from 'node:os';
import type { ComputeType } from '../../gpu-worker/model/architecture.ts';
import { checkAgreement, checkLosses } from './agreement.ts';
import type { BenchRun, Outcome } from './bench-run.ts';
import type { Learner } from './contender.ts';
import { figureOf } from './figure.ts';
import { interleave, type Timing } from './interleave.ts';
import { spread } from './measure-inference.ts';
import { ourLearner } from './ours.ts';
import type { PeerProcess } from './peer-process.ts';
import { startLayers, startPython } from './peers.ts';
import { madeUpLabels, madeUpStudy } from './subject.ts';

const gib = 2 ** 30;
/** Steps whose losses are compared. */
const comparedSteps = 3;
/** What the layers model takes of the full network, with something to spare. */
const layersNeedBytes = 13 * gib;

/** A training step with the idiomatic way in JavaScript, which knows float32 only: time and memory. */
export async function measureLayersTraining(run: BenchRun): Promise<Outcome> {
  if (run.extent.width === 1 && freemem() < layersNeedBytes) {
    const found = `${(freemem() / gib).toFixed(1)} GiB are free, it needs ${layersNeedBytes / gib}`;
    run.say(`training with the layers model: left out, ${found}. Close other programs and try again.`);
    return { figures: [], tables: [] };
  }
  const compute = run.fastCompute;
  const peer = startLayers('layers model');
  const result = await compete(run, peer, compute, 'float32', { training: true, batch: run.extent.training.batch });
  const common = { title: `training, ${compute}, ${sizeText(run)}`, against: 'tfjs layers, float32' };
  return {
    figures: [
      figureOf({
        ...common,
        figure: 'training-layers',
        unit: 'ms/slice',
        ours: result.ours.median,
        peer: result.theirs.median,
        processorRatio: result.ours.processor / result.theirs.processor,
        goal: 0.13,
        note: timesText(result),
      }),
      figureOf({
        ...common,
        figure: 'training-layers-memory',
        title: `${common.title}, peak memory`,
        unit: 'GiB',
        ours: result.ourBytes / gib,
        peer: result.theirBytes / gib,
        goal: 0.25,
        note: 'resident, of the process that computes',
      }),
    ],
    tables: [],
  };
}

/** A training step with Keras's graph in Python, in the same type as ours. */
export async function measureKeras(run: BenchRun): Promise<Outcome> {
  const python = await run.python();
  const outcomes: Outcome[] = [];
  for (const compute of run.computes) {
    const peer = startPython(python, 'keras-peer.py', 'Keras');
    const result = await compete(run, peer, compute, compute, { precision: compute });
    const short = compute === 'float32' ? 'f32' : 'bf16';
    const common = { title: `training, ${compute}, ${sizeText(run)}`, against: `Keras graph, ${compute}` };
    const time = figureOf({
      ...common,
      figure: `training-keras-${short}`,
      unit: 'ms/slice',
      ours: result.ours.median,
      peer: result.theirs.median,
      processorRatio: result.ours.processor / result.theirs.processor,
      goal: 1,
      note: timesText(result),
    });
    const memory = figureOf({
      ...common,
      figure: `training-keras-${short}-memory`,
      title: `${common.title}, peak memory`,
      unit: 'GiB',
      ours: result.ourBytes / gib,
      peer: result.theirBytes / gib,
      goal: undefined,
      note: 'resident, of the process that computes',
    });
    outcomes.push({ figures: [time, memory], tables: [] });
  }
  return { figures: outcomes.flatMap(({ figures }) => figures), tables: [] };
}

const sizeText = ({ extent: { training: t } }: BenchRun): string => `${t.sizePixels}x${t.sizePixels}, batch ${t.batch}`;

interface Result {
  readonly ours: Timing;
  readonly theirs: Timing;
  readonly ourBytes: number;
  readonly theirBytes: number;
  /** Where the peer computed. */
  readonly device: string;
}

const timesText = ({ ours, theirs, device }: Result): string =>
  `ours ${spread(ours)}; peer ${spread(theirs)}, on ${device}`;

/** Both learn from one batch by the clock, after the same was seen to come out of it. The peer's process ends with it. */
async function compete(
  run: BenchRun,
  peer: PeerProcess,
  compute: ComputeType,
  peerCompute: ComputeType,
  peerSettings: Readonly<Record<string, unknown>>,
): Promise<Result> {
  const { sizePixels, batch, rounds } = run.extent.training;
  const { weights, threads } = run;
  const study = madeUpStudy(sizePixels, batch, true);
  const labels = madeUpLabels(sizePixels, batch);
  const open = (as: ComputeType): Promise<Learner> => ourLearner({ weights, compute: as, threads }, study, labels);
  try {
    await peer.open({ ...(await run.peerSettings(study, labels)), ...peerSettings });
    run.noteVersions(peer.about);
    await checkLearning(run, peer, peerCompute, await open(peerCompute));
    const ours = await open(compute);
    try {
      const [a, b] = (await interleave([ours, peer], { slices: batch, rounds, warmUps: 1 })) as [Timing, Timing];
      const [ourBytes, theirBytes] = [await ours.peakBytes(), await peer.peakBytes()];
      run.say(`training, ours ${compute} ${a.median.toFixed(0)}, ${peer.name} ${b.median.toFixed(0)} ms a slice`);
      return { ours: a, theirs: b, ourBytes, theirBytes, device: peer.about.device };
    } finally {
      await ours.close();
    }
  } finally {
    await peer.close();
  }
}

/**
 * Ours in the type of the peer: by the same weights both predict the same, and come to the same losses. (Between types only what is
 * learnt in the end can be compared: at first the gradients of bfloat16 and float32 point apart.) Ours ends with it.
 */
async function checkLearning(run: BenchRun, peer: PeerProcess, compute: ComputeType, ours: Learner): Promise<void> {
  try {
    const answer = { name: peer.name, compute, probability: await peer.probability() };
    const { mean } = checkAgreement(answer, await ours.probability());
    const [mine, theirs] = [await ours.losses(comparedSteps), await peer.losses(comparedSteps)];
    checkLosses(peer.name, compute, theirs, mine);
    const text = (losses: readonly number[]): string => losses.map((loss) => loss.toFixed(3)).join(', ');
    const lossesText = `losses ${text(mine)} and ${text(theirs)}`;
    run.say(`training ${compute}, ours and ${peer.name}: differ by ${mean.toExponential(1)}; ${lossesText}`);
  } finally {
    await ours.close();
  }
}

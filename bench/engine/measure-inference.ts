import type { ComputeType } from '../../gpu-worker/model/architecture.ts';
import { checkAgreement } from './agreement.ts';
import type { BenchRun, Outcome } from './bench-run.ts';
import type { Contender } from './contender.ts';
import { type Figure, figureOf } from './figure.ts';
import { interleave, type Timing } from './interleave.ts';
import { ourPredictor } from './ours.ts';
import type { PeerProcess } from './peer-process.ts';
import { startLayers, startPython } from './peers.ts';
import { type MadeUpStudy, madeUpStudy } from './subject.ts';

/** One way to run a contender. */
interface Way {
  readonly name: string;
  open(): Promise<Contender>;
}

interface Rivalry {
  readonly figure: Figure['figure'];
  readonly title: string;
  readonly against: string;
  readonly goal: number | undefined;
  readonly compute: ComputeType;
  /** What the peer computes in. */
  readonly peerCompute: ComputeType;
}

const hints = ['LATENCY', 'THROUGHPUT'] as const;

/** Where bfloat16 is faster, float32 is for information only, and one slice a call does well enough. */
const batchesFor = ({ fastCompute, extent }: BenchRun, compute: ComputeType): readonly number[] =>
  compute === fastCompute ? extent.inference.batches : extent.inference.batches.slice(0, 1);

/** Inference of single slices with the peer that is made for it: OpenVINO, in the same type as ours. */
export async function measureOpenVino(run: BenchRun): Promise<Outcome> {
  const python = await run.python();
  const subject = await subjectOf(run);
  const figures: Figure[] = [];
  for (const compute of run.computes) {
    const peer = startPython(python, 'openvino-peer.py', 'OpenVINO');
    const settings = hints.flatMap((hint) => batchesFor(run, compute).map((batch) => ({ hint, batch })));
    const ways = settings.map(({ hint, batch }) => ({
      name: `OpenVINO ${compute}, batch ${batch}, ${hint.toLowerCase()}`,
      open: () => peer.open({ ...subject.settings, batch, hint, precision: compute }),
    }));
    const rivalry: Rivalry = {
      figure: compute === run.fastCompute ? 'inference-openvino' : `inference-openvino-${compute}`,
      title: `inference, ${compute}`,
      against: 'OpenVINO',
      goal: compute === run.fastCompute ? 0.9 : undefined,
      compute,
      peerCompute: compute,
    };
    figures.push(await compete(run, subject, rivalry, peer, ways));
  }
  return { figures, tables: [] };
}

/** Inference of single slices with the idiomatic way in JavaScript, which knows float32 only. */
export async function measureLayersInference(run: BenchRun): Promise<Outcome> {
  const subject = await subjectOf(run);
  const peer = startLayers('layers model');
  const ways = run.extent.inference.batches.map((batch) => ({
    name: `layers model, batch ${batch}`,
    open: () => peer.open({ ...subject.settings, batch, training: false }),
  }));
  const compute = run.fastCompute;
  const figure = await compete(
    run,
    subject,
    {
      figure: 'inference-layers',
      title: `inference, ${compute}`,
      against: 'tfjs layers, float32',
      goal: 0.16,
      compute,
      peerCompute: 'float32',
    },
    peer,
    ways,
  );
  return { figures: [figure], tables: [] };
}

interface Subject {
  readonly study: MadeUpStudy;
  /** Ours in float32, of all slices. */
  readonly reference: Float32Array;
  readonly settings: Readonly<Record<string, unknown>>;
}

async function subjectOf(run: BenchRun): Promise<Subject> {
  const { weights, threads } = run;
  const { sizePixels, slices } = run.extent.inference;
  const study = madeUpStudy(sizePixels, slices, true);
  const ours = await ourPredictor({ weights, threads, compute: 'float32' }, study);
  try {
    return { study, reference: await ours.probability(), settings: await run.peerSettings(study) };
  } finally {
    await ours.close();
  }
}

/** Finds the best way of each, and lets them take turns. The peer's process ends with it. */
async function compete(
  run: BenchRun,
  subject: Subject,
  { compute, peerCompute, title, ...rest }: Rivalry,
  peer: PeerProcess,
  peerWays: readonly Way[],
): Promise<Figure> {
  const { slices, rounds, sizePixels } = run.extent.inference;
  const { weights, threads } = run;
  try {
    const peerWay = await best(run, peerWays, peerCompute, subject.reference);
    const ours = await ourPredictor({ weights, threads, compute }, subject.study);
    try {
      await tryOut(run, ours.name, ours, compute, subject.reference);
      const theirs = await peerWay.open();
      run.noteVersions(theirs.about);
      run.say(`${ours.name} and ${peerWay.name}: taking turns`);
      const [mine, other] = (await interleave([ours, theirs], { slices, rounds, warmUps: 1 })) as [Timing, Timing];
      return figureOf({
        ...rest,
        title: `${title}, ${sizePixels}x${sizePixels}`,
        unit: 'ms/slice',
        ours: mine.median,
        peer: other.median,
        processorRatio: mine.processor / other.processor,
        note: `${ours.name} (${spread(mine)}); ${peerWay.name} (${spread(other)}), on ${theirs.about.device}`,
      });
    } finally {
      await ours.close();
    }
  } finally {
    await peer.close();
  }
}

export const spread = ({ least, most }: Timing): string => `${least.toFixed(1)} to ${most.toFixed(1)} ms`;

/** The way with the least time in a turn, after it has computed the right thing. */
async function best(run: BenchRun, ways: readonly Way[], compute: ComputeType, reference: Float32Array): Promise<Way> {
  const tried: { way: Way; ms: number }[] = [];
  for (const way of ways) {
    tried.push({ way, ms: await tryOut(run, way.name, await way.open(), compute, reference) });
  }
  return tried.reduce((a, b) => (b.ms < a.ms ? b : a)).way;
}

/** Checks what a contender computes, and returns ms per slice of one turn. */
async function tryOut(
  run: BenchRun,
  name: string,
  contender: Contender,
  compute: ComputeType,
  reference: Float32Array,
): Promise<number> {
  const probability = await contender.probability();
  const { largest, mean } = checkAgreement({ name, compute, probability }, reference);
  const ms = await contender.run(run.extent.inference.slices);
  const differs = `differs from ours in float32 by ${largest.toExponential(1)}, ${mean.toExponential(1)} in the mean`;
  run.say(`${name}: ${ms.toFixed(1)} ms a slice; ${differs}`);
  return ms;
}

import { type SeriesRole, sequences } from '../domain/sequence.ts';

/** Acquisition parameters of a series, as its first instance states them; texts as stored. */
export interface SeriesParameters {
  readonly seriesInstanceUid: string;
  readonly seriesNumber?: number | undefined;
  readonly seriesDescription?: string | undefined;
  readonly protocolName?: string | undefined;
  readonly sequenceName?: string | undefined;
  readonly imageType: readonly string[];
  /** SE, IR, GR, EP, RM. */
  readonly scanningSequence: readonly string[];
  readonly sequenceVariant: readonly string[];
  readonly scanOptions: readonly string[];
  /** 2D or 3D. */
  readonly acquisitionType?: string | undefined;
  readonly repetitionTimeMs?: number | undefined;
  readonly echoTimeMs?: number | undefined;
  readonly inversionTimeMs?: number | undefined;
  readonly flipAngleDegrees?: number | undefined;
  readonly contrastAgent?: string | undefined;
  readonly sliceThicknessMm?: number | undefined;
  /** "YYYYMMDDHHMMSS" or a prefix. */
  readonly acquiredAt?: string | undefined;
  /** Images of the series, frames of a multi-frame one counted singly. */
  readonly instanceCount: number;
}

export interface RecognizedRole {
  readonly role: SeriesRole;
  /** A sentence for the coordinator, who may override the role. */
  readonly reason: string;
}

/** A contrast that the method uses: T1 by spin echo (CUBE, SPACE, VISTA), T1 by gradient echo (BRAVO, MPRAGE, TFE), T2-FLAIR. */
type Weighting = 'T1_SPIN_ECHO' | 'T1_GRADIENT_ECHO' | 'FLAIR';
type Enhancement = 'BEFORE' | 'AFTER';

interface Candidate {
  readonly series: SeriesParameters;
  readonly index: number;
  readonly weighting: Weighting;
  readonly enhancement: Enhancement;
  /** Why it counts as before or after contrast agent. */
  readonly because: string;
}

const minimumImages = 12;
const weightingNames: Record<Weighting, string> = {
  T1_SPIN_ECHO: 'T1-weighted spin echo',
  T1_GRADIENT_ECHO: 'T1-weighted gradient echo',
  FLAIR: 'T2-weighted FLAIR',
};

/**
 * The role of each series of one study, in the order given; each role but OTHER is given at most once. Acquisition parameters
 * decide; descriptions are asked only where the parameters are silent, since sites name series as they like.
 */
export function recognizeRoles(series: readonly SeriesParameters[]): RecognizedRole[] {
  const result: RecognizedRole[] = series.map((one) => ({ role: 'OTHER', reason: exclusion(one) ?? '' }));
  const anyAgent = series.some((one) => namesAgent(one.contrastAgent));
  const candidates: Candidate[] = [];
  series.forEach((one, index) => {
    if (result[index]!.reason !== '') return;
    const weighting = weightingOf(one);
    if (weighting === undefined) {
      result[index] = { role: 'OTHER', reason: `No sequence of the method has these parameters: ${timing(one)}.` };
      return;
    }
    candidates.push({ series: one, index, weighting, ...enhancementOf(one, anyAgent) });
  });
  const taken = new Map<SeriesRole, Candidate>();
  for (const role of sequences) {
    const best = candidates
      .filter((one) => fitness(one, role, taken) > 0)
      .sort((a, b) => fitness(b, role, taken) - fitness(a, role, taken) || preference(a, b))[0];
    if (best === undefined) continue;
    taken.set(role, best);
    result[best.index] = { role, reason: reasonFor(best) };
  }
  for (const one of candidates) {
    if (result[one.index]!.reason !== '') continue;
    const rival = [...taken.values()].find(
      (other) =>
        other.weighting === one.weighting && (one.weighting === 'FLAIR' || other.enhancement === one.enhancement),
    );
    result[one.index] = {
      role: 'OTHER',
      reason: rival === undefined ? `${reasonFor(one)} The method has no use for it.` : duplicateReason(one, rival),
    };
  }
  return result;
}

/** How well a candidate fills a role; 0 if it cannot. A gradient echo before contrast serves as T1_PRE only where no spin echo does. */
function fitness(
  { series, weighting, enhancement }: Candidate,
  role: SeriesRole,
  taken: ReadonlyMap<SeriesRole, Candidate>,
): number {
  if ([...taken.values()].some((other) => other.series === series)) return 0;
  if (role === 'FLAIR') return weighting === 'FLAIR' ? 1 : 0;
  if (role === 'BRAVO') return weighting === 'T1_GRADIENT_ECHO' && enhancement === 'AFTER' ? 1 : 0;
  if (role === 'T1_POST') return weighting === 'T1_SPIN_ECHO' && enhancement === 'AFTER' ? 1 : 0;
  if (role !== 'T1_PRE' || enhancement !== 'BEFORE') return 0;
  return weighting === 'T1_SPIN_ECHO' ? 2 : weighting === 'T1_GRADIENT_ECHO' ? 1 : 0;
}

/** Orders duplicates: 3D first, then thinner slices, then more images, then the later acquisition, which as a rule repeats a bad one. */
function preference({ series: a }: Candidate, { series: b }: Candidate): number {
  const volumetric = (one: SeriesParameters): number => (one.acquisitionType === '3D' ? 0 : 1);
  const thickness = (one: SeriesParameters): number => Math.round((one.sliceThicknessMm ?? 100) * 10);
  return (
    volumetric(a) - volumetric(b) ||
    thickness(a) - thickness(b) ||
    b.instanceCount - a.instanceCount ||
    (b.acquiredAt ?? '').localeCompare(a.acquiredAt ?? '') ||
    (b.seriesNumber ?? 0) - (a.seriesNumber ?? 0) ||
    a.seriesInstanceUid.localeCompare(b.seriesInstanceUid)
  );
}

/** Why a series cannot have a role whatever its contrast, or undefined. */
function exclusion(series: SeriesParameters): string | undefined {
  const type = series.imageType.map((value) => value.toUpperCase());
  if (type[0] === 'DERIVED') return 'It is derived (Image Type), not acquired.';
  const unusable = type.find((value) =>
    /LOCALIZER|PROJECTION|MIP|MPR|ADC|TRACEW|DIFFUSION|PHASE|SUBTRACT|REFORMATTED/.test(value),
  );
  if (unusable !== undefined) return `Its Image Type says ${unusable}.`;
  if (series.scanningSequence.includes('EP')) return 'It is an echo-planar sequence.';
  if (series.instanceCount < minimumImages) return `It has only ${series.instanceCount} images.`;
  return undefined;
}

/**
 * Weighting from TR, TE and TI (paper, "Imaging protocol", at 1.5 T and 3 T; wider here for other vendors). The long echo tells FLAIR
 * from inversion-prepared T1; the train of a 3D gradient echo has a short TR on GE and Philips, where Siemens states the time between inversions.
 */
function weightingOf(series: SeriesParameters): Weighting | undefined {
  const { repetitionTimeMs: tr, echoTimeMs: te, inversionTimeMs: ti = 0 } = series;
  if (tr === undefined || te === undefined) return undefined;
  const [spin, gradient] = [series.scanningSequence.includes('SE'), series.scanningSequence.includes('GR')];
  const inverted = series.scanningSequence.includes('IR') || ti > 0;
  if (tr >= 4000 && te >= 70) return inverted && (ti === 0 || ti >= 1200) ? 'FLAIR' : undefined;
  const short = te <= 8 && (series.flipAngleDegrees ?? 10) <= 35;
  if (short && tr <= 30 && (gradient || !spin)) return isT1Gradient(series) ? 'T1_GRADIENT_ECHO' : undefined;
  if (short && tr >= 1000 && tr <= 3000 && inverted && ti >= 300 && ti <= 1300 && (gradient || !spin))
    return 'T1_GRADIENT_ECHO';
  if (spin && !gradient && tr >= 250 && tr <= 1200 && te <= 35 && !inverted) return 'T1_SPIN_ECHO';
  return undefined;
}

/** Spoiled or inversion-prepared gradient echoes; steady-state ones (balanced, time of flight without spoiling) are not T1. */
function isT1Gradient({
  sequenceVariant,
  scanningSequence,
  inversionTimeMs,
  scanOptions,
  acquisitionType,
}: SeriesParameters): boolean {
  if (sequenceVariant.includes('TOF') || scanOptions.some((option) => option.includes('TOF'))) return false;
  if (acquisitionType !== undefined && acquisitionType !== '3D') return false;
  const prepared = scanningSequence.includes('IR') || (inversionTimeMs ?? 0) > 0 || sequenceVariant.includes('MP');
  return prepared || sequenceVariant.includes('SP') || !sequenceVariant.includes('SS');
}

function namesAgent(agent: string | undefined): boolean {
  return agent !== undefined && !/^\s*(no|none|n\/?a|nil|0|without|w\/?o|nativ)?\s*$/i.test(agent);
}

function enhancementOf(series: SeriesParameters, anyAgent: boolean): { enhancement: Enhancement; because: string } {
  if (namesAgent(series.contrastAgent)) return { enhancement: 'AFTER', because: 'Contrast/Bolus Agent is given' };
  if (anyAgent)
    return {
      enhancement: 'BEFORE',
      because: 'no contrast agent is given, where another series of the study gives one',
    };
  const text = `${series.seriesDescription ?? ''} ${series.protocolName ?? ''}`.toLowerCase();
  const before = /(^|[^a-z])(pre|native?|without|w\/o|non[- ]?contrast)([^a-z]|$)|-c\b/.test(text);
  const after = /(^|[^a-z])(post|gd|gad|gado\w*|contrast|enhanced|ce|km|c\+)([^a-z]|$)|\+ ?(c|gd|gad|km)\b/.test(text);
  if (after && !before)
    return {
      enhancement: 'AFTER',
      because: 'no series gives a contrast agent and its description says after contrast',
    };
  return { enhancement: 'BEFORE', because: 'no contrast agent is given' };
}

function timing({ scanningSequence, repetitionTimeMs, echoTimeMs, inversionTimeMs }: SeriesParameters): string {
  const ms = (value: number | undefined): string => (value === undefined ? 'unknown' : `${value} ms`);
  const inversion = inversionTimeMs === undefined ? '' : `, TI ${ms(inversionTimeMs)}`;
  return `${scanningSequence.join('+') || 'unknown sequence'}, TR ${ms(repetitionTimeMs)}, TE ${ms(echoTimeMs)}${inversion}`;
}

function reasonFor({ series, weighting, because }: Candidate): string {
  const contrast = weighting === 'FLAIR' ? '' : `; ${because}`;
  return `${weightingNames[weighting]} (${timing(series)})${contrast}.`;
}

function duplicateReason(one: Candidate, rival: Candidate): string {
  const number = rival.series.seriesNumber === undefined ? 'another series' : `series ${rival.series.seriesNumber}`;
  return `${weightingNames[one.weighting]} like ${number}, which was preferred (3D, thinner slices, more images or later).`;
}

import type { ExportedSeries } from './contents.ts';

/** Sequences after gadolinium. */
const enhanced: ReadonlySet<string> = new Set(['T1_POST', 'BRAVO']);

/**
 * How a series was acquired, under the names of BIDS (appendix "Magnetic resonance imaging" of its metadata): times in seconds, lengths in
 * mm, angles in degrees. Free text stays out.
 */
export function sidecarOf({ role, seriesInstanceUid, parameters }: ExportedSeries): object {
  // 8.4 ms are 0.0084 s, not what division leaves of it.
  const seconds = (ms: number | undefined): number | undefined =>
    ms === undefined ? undefined : Number((ms / 1000).toFixed(9));
  const some = (words: readonly string[] | undefined): readonly string[] | undefined =>
    words && words.length > 0 ? words : undefined;
  const positive = (value: number | undefined): number | undefined => (value && value > 0 ? value : undefined);
  return {
    Modality: 'MR',
    SequenceRole: role,
    SeriesInstanceUID: seriesInstanceUid,
    MRAcquisitionType: /^[123]D$/.test(parameters.acquisitionType ?? '') ? parameters.acquisitionType : undefined,
    ScanningSequence: some(parameters.scanningSequence),
    SequenceVariant: some(parameters.sequenceVariant),
    ScanOptions: some(parameters.scanOptions),
    RepetitionTime: positive(seconds(parameters.repetitionTimeMs)),
    EchoTime: positive(seconds(parameters.echoTimeMs)),
    InversionTime: positive(seconds(parameters.inversionTimeMs)),
    FlipAngle: positive(parameters.flipAngleDegrees),
    SliceThickness: positive(parameters.sliceThicknessMm),
    ContrastBolusIngredient: enhanced.has(role) ? 'GADOLINIUM' : undefined,
  };
}

import { parsePart10 } from '#core/dicom/part10.ts';

/** The volume of each measurement group of a report, mm³, in order. */
export function reportedVolumes(report: Uint8Array): (number | undefined)[] {
  const { dataset } = parsePart10(report);
  const groups = dataset.items('ContentSequence').flatMap((item) => item.items('ContentSequence'));
  const measured = groups.map((group) =>
    group.items('ContentSequence').flatMap((item) => item.items('MeasuredValueSequence')),
  );
  return measured.map(([volume]) => volume?.number('FloatingPointValue'));
}

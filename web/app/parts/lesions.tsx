import type { Lesion } from '../api/queries.ts';
import { Nothing } from './layout.tsx';
import { number } from './words.ts';

/** The slice as the viewer counts it, from the head; lesions are told of from the feet. */
export const sliceInViewer = (sliceIndex: number, sliceCount: number): number => sliceCount - sliceIndex;

/** Metastases with their measures, in a BRAVO of so many slices. */
export function Lesions({ lesions, sliceCount }: { lesions: readonly Lesion[]; sliceCount: number }) {
  if (lesions.length === 0) return <Nothing>No metastasis.</Nothing>;
  const withProbability = lesions.some(({ probability }) => probability !== null);
  return (
    <table>
      <thead>
        <tr>
          <th class="number">No.</th>
          <th class="number">Diameters (mm)</th>
          <th class="number">Volume (mm³)</th>
          <th class="number">Slice</th>
          {withProbability && <th class="number">Probability</th>}
        </tr>
      </thead>
      <tbody>
        {lesions.map((lesion) => (
          <tr key={lesion.number}>
            <td class="number">{lesion.number}</td>
            <td class="number">
              {number(lesion.longestDiameterMm)} × {number(lesion.perpendicularDiameterMm)}
            </td>
            <td class="number">{number(lesion.volumeMm3, 0)}</td>
            <td class="number">{sliceInViewer(lesion.sliceIndex, sliceCount)}</td>
            {withProbability && <td class="number">{number(lesion.probability, 2)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

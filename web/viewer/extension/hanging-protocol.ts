import type { Sequence } from '#core/domain/sequence.ts';
import type { SeriesByRole } from './study-series.ts';

export const protocolId = '@metloop/side-by-side';

/** Where each is: what is read, beside what it is compared with. */
const places: readonly Sequence[] = ['BRAVO', 'T1_POST', 'FLAIR', 'T1_PRE'];

export const viewportIdOf = (role: Sequence): string => `metloop-${role}`;

/** Two by two, one camera for all; what a study lacks is left out. */
export function sideBySide(series: SeriesByRole): object {
  const shown = places.filter((role) => series[role] !== undefined);
  const columns = shown.length > 1 ? 2 : 1;
  return {
    id: protocolId,
    name: 'Side by side on BRAVO',
    locked: true,
    protocolMatchingRules: [],
    numberOfPriorsReferenced: 0,
    toolGroupIds: ['default'],
    displaySetSelectors: Object.fromEntries(shown.map((role) => [role, selector(series[role]!)])),
    defaultViewport: {
      viewportOptions: { viewportType: 'volume', toolGroupId: 'default', allowUnmatchedView: true },
      displaySets: [{ id: shown[0] ?? 'BRAVO', matchedDisplaySetsIndex: -1 }],
    },
    stages: [
      {
        name: 'side by side',
        stageActivation: { enabled: { minViewportsMatched: shown.length } },
        viewportStructure: {
          layoutType: 'grid',
          properties: { rows: Math.max(1, Math.ceil(shown.length / columns)), columns },
        },
        viewports: shown.map(viewport),
      },
    ],
  };
}

const selector = (seriesInstanceUid: string): object => ({
  seriesMatchingRules: [
    {
      attribute: 'SeriesInstanceUID',
      constraint: { equals: { value: seriesInstanceUid } },
      required: true,
      weight: 10,
    },
  ],
});

const viewport = (role: Sequence): object => ({
  viewportOptions: {
    viewportId: viewportIdOf(role),
    toolGroupId: 'default',
    // A label shows on all of them only if they are volumes.
    viewportType: 'volume',
    orientation: 'axial',
    allowUnmatchedView: false,
    initialImageOptions: { preset: 'middle' },
    syncGroups: [
      // Not zoompan as well: on volumes the two answer each other until nothing is left to be seen.
      { type: 'cameraPosition', id: 'metloop-camera', source: true, target: true },
      {
        type: 'hydrateseg',
        id: 'metloop-labels',
        source: true,
        target: true,
        options: { matchingRules: ['sameFOR'] },
      },
    ],
  },
  displaySets: [{ id: role }],
});

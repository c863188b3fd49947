import type { Sequence } from '#core/domain/sequence.ts';
import type { SeriesByRole } from './study-series.ts';

export const protocolId = '@metloop/side-by-side';

/** Where each is: what is read, beside what it is compared with. */
const places: readonly Sequence[] = ['BRAVO', 'T1_POST', 'FLAIR', 'T1_PRE'];

export const viewportIdOf = (role: Sequence): string => `metloop-${role}`;

/** What an image on BRAVO's grid shows; undefined for one that is on another grid, and so is not drawn on. */
export const alignedRole = (viewportId: string): Sequence | undefined =>
  places.find((role) => viewportIdOf(role) === viewportId);

/** The viewport of an image that is shown by itself, in a space of its own: no label is laid over it. */
export const aloneViewportIdOf = (role: Sequence, what: 'native' | 'prior'): string => `metloop-${what}-${role}`;
export const isAlone = (viewportId: string): boolean => /^metloop-(native|prior)-/.test(viewportId);

/** Those of the sequences that are there, in the order of their places. */
export const shownRoles = (series: SeriesByRole): Sequence[] => places.filter((role) => series[role] !== undefined);

/** Two by two, one camera for all; what a study lacks is left out. */
export function sideBySide(series: SeriesByRole): object {
  const shown = shownRoles(series);
  const columns = shown.length > 1 ? 2 : 1;
  return {
    id: protocolId,
    name: 'Side by side on BRAVO',
    locked: true,
    protocolMatchingRules: [],
    numberOfPriorsReferenced: 0,
    // Then they hang: they come first (series-order.ts), and the acquired series need not be waited for. Of none, all are.
    hpInitiationCriteria: { minSeriesLoaded: shown.length },
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
  viewportOptions: alignedOptions(role),
  displaySets: [{ id: role }],
});

/** How an image on BRAVO's grid is shown. */
export const alignedOptions = (role: Sequence): object => ({
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
});

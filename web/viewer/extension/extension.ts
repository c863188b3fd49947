import type { PointLps } from '#core/domain/geometry.ts';
import { protocolId, sideBySide } from './hanging-protocol.ts';
import { askForOthersLater } from './later-series.ts';
import type { Managers } from './ohif.ts';
import { mountPanel } from './panel.tsx';
import { drawInOneContext } from './rendering.ts';
import { type Order, shownFirst } from './series-order.ts';
import type { StudySeries } from './study-series.ts';

const id = '@metloop/extension';
const panelName = 'task';
export const panelId = `${id}.panelModule.${panelName}`;

/** What the address of the page and the API say of what is looked at. */
export interface Subject {
  readonly studyInstanceUid: string;
  /** The read that is worked on; without it the viewer only shows. */
  readonly readId: string | undefined;
  /** A label or a result that is laid over the images at once. */
  readonly shownSeriesUid: string | undefined;
  /** Where the images are to be at first, LPS mm. */
  readonly place: PointLps | undefined;
  readonly series: StudySeries;
}

/** The extension: a panel and a hanging protocol. The cookie of the session is its only credential. */
export function makeExtension(subject: Subject): object {
  return {
    id,
    version: '1.0.0',
    preRegistration: (managers: Managers): void => {
      managers.servicesManager.services.userAuthenticationService.setServiceImplementation({
        getAuthorizationHeader: () => ({ 'metloop-csrf': '1' }),
      });
      drawInOneContext();
      askForOthersLater(managers);
    },
    getPanelModule: (managers: Managers) => [
      {
        name: panelName,
        iconName: 'tab-segmentation',
        iconLabel: 'Metloop',
        label: 'Metloop',
        component: () => hostElement((element) => mountPanel(element, managers, subject)),
      },
    ],
    // A second after a stroke OHIF measures all segments in threads, and when it has done so it writes the list of then back: a metastasis
    // that was begun meanwhile is gone, and the next stroke goes into the one before. What the list here says is measured here.
    getCustomizationModule: () => [
      {
        name: 'global',
        value: {
          'panelSegmentation.disableUpdateSegmentationStats': { $set: true },
          sortingCriteria: { $apply: (usual: Order) => shownFirst(subject.series.shown, usual) },
        },
      },
    ],
    getHangingProtocolModule: () => [{ name: protocolId, protocol: sideBySide(subject.series.shown) }],
  };
}

/** An element for OHIF's React (18), which is not within reach: React asks an element for no more than this. */
const hostElement = (mount: (element: HTMLElement) => void): object => ({
  $$typeof: Symbol.for('react.element'),
  type: 'div',
  key: null,
  ref: (element: HTMLElement | null) => element && mount(element),
  props: { style: { height: '100%', overflow: 'auto' } },
  _owner: null,
  _store: {},
});

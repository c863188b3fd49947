import { globals } from './image-stack.ts';
import type { Managers } from './ohif.ts';

const lookAgainMs = 100;
/** For slices that do not come: then what waits for them goes on without. */
const patienceMs = 10_000;

/**
 * Calls back once every viewport shows its image: a label laid over one before that is lost, and whatever is done before its slice has
 * come keeps it from being painted.
 * @returns what stops waiting
 */
export function whenImagesAreThere({ servicesManager }: Managers, then: () => void): () => void {
  const { viewportGridService, cornerstoneViewportService } = servicesManager.services;
  const { cache } = globals().cornerstone;
  const patientUntil = Date.now() + patienceMs;
  const isThere = (id: string): boolean => {
    const viewport = cornerstoneViewportService.getCornerstoneViewport(id);
    if (!viewport?.getImageIds?.().length) return false;
    const slice = viewport.getCurrentImageId?.();
    return slice === undefined || cache.getImage(slice) !== undefined || Date.now() > patientUntil;
  };
  const timer = setInterval(() => {
    const panes = [...viewportGridService.getState().viewports.values()];
    // A pane for which there is no image stays empty.
    const ids = panes.filter((pane) => pane.displaySetInstanceUIDs.length > 0).map(({ viewportId }) => viewportId);
    if (ids.length === 0 || !ids.every(isThere)) return;
    clearInterval(timer);
    then();
  }, lookAgainMs);
  return () => clearInterval(timer);
}

/** What the probe leaves in the page, ms from the beginning of the navigation; 0 until then. */
export interface Painted {
  /** The first image shows something. */
  first: number;
  /** Four do. */
  all: number;
}

/** What of a page is used here; the project is not compiled with the types of browsers. */
interface Canvas {
  width: number;
  height: number;
  readonly isConnected: boolean;
  getContext(kind: '2d', settings?: object): Drawing;
}
interface Drawing {
  drawImage(source: Canvas, x: number, y: number, width: number, height: number): void;
  getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8Array };
}
interface ProbedPage {
  benchPainted: Painted;
  /** OHIF leaves it for the console. */
  readonly cornerstone?: {
    getEnabledElement(
      element: Viewport,
    ): { readonly viewport: { getCurrentImageId(): string | undefined } } | undefined;
    readonly cache: { getImage(imageId: string): unknown };
  };
  readonly document: {
    addEventListener(type: string, listener: (event: { target: Viewport }) => void, capture: boolean): void;
    createElement(name: 'canvas'): Canvas;
  };
}
interface Viewport {
  readonly isConnected: boolean;
  querySelector(selector: 'canvas'): Canvas | null;
}

/**
 * To be run in a page before its own scripts. Each time that cornerstone has drawn a viewport, looks whether its canvas shows an image:
 * a volume without its slices is drawn too, black. It looks only once the slice has come, for looking waits until all that was
 * drawn before is done. Stands alone, since it is sent to the page as text.
 */
export function watchPainting(): void {
  const page = globalThis as unknown as ProbedPage;
  const painted = { first: 0, all: 0 };
  page.benchPainted = painted;
  const side = 32;
  const shown = new Set<Viewport>();
  let small: Canvas | undefined;
  const hasItsSlice = (element: Viewport): boolean => {
    const shownImage = page.cornerstone?.getEnabledElement(element)?.viewport.getCurrentImageId();
    return shownImage === undefined || page.cornerstone?.cache.getImage(shownImage) !== undefined;
  };
  const showsAnImage = (canvas: Canvas): boolean => {
    small ??= page.document.createElement('canvas');
    [small.width, small.height] = [side, side];
    const drawing = small.getContext('2d', { willReadFrequently: true });
    drawing.drawImage(canvas, 0, 0, side, side);
    const { data } = drawing.getImageData(0, 0, side, side);
    const levels = new Set<number>();
    let lit = 0;
    for (let n = 0; n < data.length; n += 4) {
      levels.add(data[n]!);
      if (data[n]! > 30) lit++;
    }
    // Not one flat colour with an edge, and more than a rim of it.
    return levels.size > 16 && lit > 0.1 * side * side;
  };
  page.document.addEventListener(
    'CORNERSTONE_IMAGE_RENDERED',
    ({ target }) => {
      if (painted.all > 0 || shown.has(target) || !hasItsSlice(target)) return;
      const canvas = target.querySelector('canvas');
      if (!canvas || !showsAnImage(canvas)) return;
      shown.add(target);
      painted.first ||= performance.now();
      // A viewport that was replaced is no longer seen.
      if ([...shown].filter(({ isConnected }) => isConnected).length >= 4) painted.all = performance.now();
    },
    true,
  );
}

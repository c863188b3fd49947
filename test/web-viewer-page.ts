import type { Page } from 'playwright-core';

type Point = readonly [number, number, number];

interface Viewport {
  jumpToWorld(point: Point): boolean;
  worldToCanvas(point: Point): [number, number];
  getCamera(): { focalPoint: Point; viewPlaneNormal: Point };
  getImageIds(): string[];
  render(): void;
}
interface Image {
  readonly imageId: string;
  readonly referencedImageId?: string;
  getPixelData(): ArrayLike<number>;
}
interface ViewerWindow {
  readonly cornerstone: {
    getRenderingEngines(): readonly { getViewport(id: string): Viewport; getViewports(): Viewport[] }[];
    readonly cache: { getImage(id: string): Image };
  };
  readonly cornerstoneTools: {
    readonly annotation: { readonly state: { getAllAnnotations(): { data: { cachedStats: Stats } }[] } };
    readonly segmentation: {
      readonly state: {
        getSegmentations(): readonly { representationData: { Labelmap: { imageIds: string[] } } }[];
      };
    };
  };
}

type Stats = Readonly<Record<string, { readonly length?: number }>>;

/** Lengths of the lines that were measured, mm. */
export const measuredLengths = (page: Page): Promise<number[]> =>
  page.evaluate(() => {
    const { cornerstoneTools } = globalThis as unknown as ViewerWindow;
    return cornerstoneTools.annotation.state
      .getAllAnnotations()
      .flatMap(({ data }) => Object.values(data.cachedStats).flatMap(({ length }) => length ?? []));
  });

/** What is drawn, as the page has it: by SOP instance UID of the image, pairs of pixel and segment. */
export type Drawn = Record<string, [pixel: number, segment: number][]>;

export const drawnOnPage = (page: Page): Promise<Drawn> =>
  page.evaluate(() => {
    const { cornerstone, cornerstoneTools } = globalThis as unknown as ViewerWindow;
    const found: Record<string, [number, number][]> = {};
    const [label] = cornerstoneTools.segmentation.state.getSegmentations();
    for (const id of label!.representationData.Labelmap.imageIds) {
      const image = cornerstone.cache.getImage(id);
      const pixels = image.getPixelData();
      const pairs: [number, number][] = [];
      for (let n = 0; n < pixels.length; n++) if (pixels[n]) pairs.push([n, pixels[n]!]);
      const uid = /instances\/([\d.]+)/.exec(image.referencedImageId ?? '')![1]!;
      if (pairs.length > 0) found[uid] = pairs;
    }
    return found;
  });

/** Values of BRAVO under what is drawn of a segment. */
export const valuesUnder = (page: Page, segment: number): Promise<number[]> =>
  page.evaluate((wanted) => {
    const { cornerstone, cornerstoneTools } = globalThis as unknown as ViewerWindow;
    const [label] = cornerstoneTools.segmentation.state.getSegmentations();
    return label!.representationData.Labelmap.imageIds.flatMap((id) => {
      const image = cornerstone.cache.getImage(id);
      const pixels = image.getPixelData();
      const values = cornerstone.cache.getImage(image.referencedImageId!).getPixelData();
      return Array.from({ length: pixels.length }, (_, n) => n)
        .filter((n) => pixels[n] === wanted)
        .map((n) => values[n]!);
    });
  }, segment);

/** Shows a point of the patient, LPS mm, in an image on BRAVO's grid; the others follow. */
export const jumpTo = (page: Page, point: Point): Promise<void> =>
  page.evaluate((at) => {
    const { cornerstone } = globalThis as unknown as ViewerWindow;
    const viewport = cornerstone.getRenderingEngines()[0]!.getViewport('metloop-BRAVO');
    viewport.jumpToWorld(at);
    viewport.render();
  }, point);

/** Where a point of the patient lies in an image, in pixels of the window. */
export const onScreen = async (page: Page, point: Point, viewportId = 'metloop-BRAVO'): Promise<[number, number]> => {
  const [x, y] = await page.evaluate(
    ({ at, id }) => {
      const { cornerstone } = globalThis as unknown as ViewerWindow;
      return cornerstone.getRenderingEngines()[0]!.getViewport(id).worldToCanvas(at);
    },
    { at: point, id: viewportId },
  );
  const box = (await page.locator(`[data-viewport-uid="${viewportId}"]`).first().boundingBox())!;
  return [box.x + x, box.y + y];
};

export const cameraOf = (page: Page, viewportId = 'metloop-BRAVO') =>
  page.evaluate((id) => {
    const { cornerstone } = globalThis as unknown as ViewerWindow;
    const { focalPoint, viewPlaneNormal } = cornerstone.getRenderingEngines()[0]!.getViewport(id).getCamera();
    return { focalPoint: [...focalPoint], normal: [...viewPlaneNormal] };
  }, viewportId);

import type { PointLps } from '#core/domain/geometry.ts';

/** What is used of OHIF, as far as it is used; its own types are in no package. */

export interface DisplaySet {
  readonly displaySetInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SeriesDescription?: string;
  readonly Modality: string;
  isHydrated?: boolean;
  load?(options: { headers: object }): Promise<unknown>;
}

export interface Segmentation {
  readonly segmentationId: string;
  readonly label: string;
  readonly segments: Readonly<
    Record<string, { readonly segmentIndex: number; readonly label: string; readonly active?: boolean } | undefined>
  >;
}

/** Red, green, blue and opacity, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number, opacity: number];

export interface Services {
  readonly displaySetService: { getActiveDisplaySets(): readonly DisplaySet[] } & Observable;
  readonly viewportGridService: { getState(): { readonly viewports: ReadonlyMap<string, unknown> } };
  readonly cornerstoneViewportService: {
    getCornerstoneViewport(viewportId: string): { getImageIds?(): readonly string[] } | null | undefined;
  };
  readonly segmentationService: {
    getSegmentations(): readonly Segmentation[];
    addSegmentationRepresentation(viewportId: string, options: { segmentationId: string; type: string }): Promise<void>;
    setSegmentColor(viewportId: string, segmentationId: string, segmentIndex: number, rgba: Colour): void;
    setStyle(specifier: { segmentationId: string; type: 'Labelmap' }, style: object): void;
    removeRepresentationsFromViewport(viewportId: string, specifier: { segmentationId: string }): void;
    setActiveSegmentation(viewportId: string, segmentationId: string): void;
    setActiveSegment(segmentationId: string, segmentIndex: number): void;
    addSegment(segmentationId: string, options: { segmentIndex?: number; label?: string }): void;
    removeSegment(segmentationId: string, segmentIndex: number): void;
    jumpToSegmentCenter(segmentationId: string, segmentIndex: number): void;
    setSegmentVisibility(viewportId: string, segmentationId: string, segmentIndex: number, isVisible: boolean): void;
  } & Observable;
  readonly userAuthenticationService: {
    setServiceImplementation(implementation: { getAuthorizationHeader: () => object }): void;
  };
}

interface Observable {
  readonly EVENTS: Readonly<Record<string, string>>;
  subscribe(event: string, listener: () => void): { unsubscribe(): void };
}

/** A dataset by keyword, as dcmjs naturalizes it. */
export type NaturalDataset = Record<string, unknown> & { readonly SOPInstanceUID: string };

export interface Managers {
  readonly servicesManager: { readonly services: Services };
  readonly commandsManager: { runCommand<T>(name: string, options?: object): T };
  readonly extensionManager: {
    getDataSources(name: string): readonly [{ readonly store: { dicom(dataset: NaturalDataset): Promise<void> } }];
  };
}

/** Globals that OHIF leaves for the console, which are the only way to the pixels of a label. */
export interface CornerstoneGlobals {
  readonly cornerstone: {
    getRenderingEngines(): readonly { getViewports(): readonly View[] }[];
    readonly cache: { getImage(imageId: string): LabelImage | undefined };
    readonly metaData: { get(module: 'imagePlaneModule', imageId: string): ImagePlane | undefined };
  };
  readonly cornerstoneTools: {
    readonly segmentation: {
      readonly state: {
        getSegmentation(
          id: string,
        ):
          | { readonly representationData: { readonly Labelmap?: { readonly imageIds?: readonly string[] } } }
          | undefined;
      };
      readonly triggerSegmentationEvents: { triggerSegmentationDataModified(segmentationId: string): void };
    };
  };
}

/** An image on the screen. */
export interface View {
  readonly element: HTMLElement;
  canvasToWorld(point: readonly [x: number, y: number]): PointLps;
  worldToCanvas(point: PointLps): readonly [x: number, y: number];
  getCamera(): { readonly focalPoint: PointLps; readonly viewPlaneNormal: PointLps };
  getImageData(): { readonly spacing: PointLps } | undefined;
  jumpToWorld?(point: PointLps): void;
  render(): void;
}

export interface LabelImage {
  readonly imageId: string;
  /** Image that is drawn on. */
  readonly referencedImageId?: string;
  readonly columns: number;
  readonly rows: number;
  getPixelData(): Uint8Array | Uint16Array;
}

interface ImagePlane {
  readonly rowCosines: readonly number[];
  readonly columnCosines: readonly number[];
  readonly rowPixelSpacing: number;
  readonly columnPixelSpacing: number;
  readonly sliceThickness: number;
  readonly imagePositionPatient: readonly number[];
}

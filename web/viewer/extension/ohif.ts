import type { PointLps } from '#core/domain/geometry.ts';

/** What is used of OHIF, as far as it is used; its own types are in no package. */
import type { NaturalSegment } from './described-segments.ts';

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
  readonly hangingProtocolService: {
    filterSeriesRequiredForRun: (
      protocolId: string,
      series: readonly SeriesToAsk[],
    ) => { readonly requiredSeries: readonly SeriesToAsk[]; readonly remaining: readonly SeriesToAsk[] };
  };
  readonly viewportGridService: {
    getState(): { readonly activeViewportId: string; readonly viewports: ReadonlyMap<string, GridPane> };
    setLayout(layout: {
      numRows: number;
      numCols: number;
      layoutOptions: readonly object[];
      activeViewportId?: string;
      findOrCreateViewport: (position: number) => object | undefined;
      isHangingProtocolLayout: boolean;
    }): Promise<void>;
  };
  readonly cornerstoneViewportService: {
    getCornerstoneViewport(viewportId: string): Viewport | null | undefined;
  };
  readonly segmentationService: {
    getSegmentations(): readonly Segmentation[];
    getSegmentColor(viewportId: string, segmentationId: string, segmentIndex: number): readonly number[];
    getSegmentationRepresentations(viewportId: string, specifier: { segmentationId: string }): readonly unknown[];
    addSegmentationRepresentation(viewportId: string, options: { segmentationId: string; type: string }): Promise<void>;
    setSegmentColor(viewportId: string, segmentationId: string, segmentIndex: number, rgba: Colour): void;
    setStyle(specifier: { segmentationId: string; type: 'Labelmap' }, style: object): void;
    removeRepresentationsFromViewport(viewportId: string, specifier: { segmentationId: string }): void;
    setActiveSegmentation(viewportId: string, segmentationId: string): void;
    setActiveSegment(segmentationId: string, segmentIndex: number): void;
    addSegment(segmentationId: string, options: { segmentIndex?: number; label?: string }): void;
    setSegmentVisibility(viewportId: string, segmentationId: string, segmentIndex: number, isVisible: boolean): void;
  } & Observable;
  readonly userAuthenticationService: {
    setServiceImplementation(implementation: { getAuthorizationHeader: () => object }): void;
  };
}

/** A series whose metadata are asked for when it is started. */
export interface SeriesToAsk {
  readonly start: () => unknown;
}

interface Observable {
  readonly EVENTS: Readonly<Record<string, string>>;
  subscribe(event: string, listener: () => void): { unsubscribe(): void };
}

/** A dataset by keyword, as dcmjs naturalizes it. */
export type NaturalDataset = Record<string, unknown> & {
  readonly SOPInstanceUID: string;
  /** One item is not always in an array. */
  SegmentSequence: NaturalSegment | readonly NaturalSegment[];
};

export interface Managers {
  readonly servicesManager: { readonly services: Services };
  readonly commandsManager: { runCommand<T>(name: string, options?: object): T };
  readonly extensionManager: {
    getDataSources(name: string): readonly [DataSource];
  };
}

export interface GridPane {
  readonly viewportId: string;
  readonly displaySetInstanceUIDs: readonly string[];
}

/** An image that is shown. */
export interface Viewport {
  readonly id: string;
  readonly element: HTMLElement;
  getImageIds?(): readonly string[];
  /** Undefined where the plane shown is none of the images. */
  getCurrentImageId?(): string | undefined;
  getCamera(): { readonly viewPlaneNormal: PointLps; readonly focalPoint: PointLps };
  getImageData(): { readonly spacing: PointLps } | undefined;
  /** Only volumes have it. */
  jumpToWorld?(point: PointLps): boolean;
  worldToCanvas(point: PointLps): readonly [x: number, y: number];
  canvasToWorld(point: readonly [x: number, y: number]): PointLps;
  render(): void;
}

/** What a mouse does over a viewport, as cornerstone tells its tools. */
export interface MouseEvent3d {
  readonly detail: {
    readonly element: HTMLElement;
    readonly currentPoints: { readonly world: readonly [number, number, number] };
  };
}

/** A step of OHIF's history, for undo and redo. */
export interface Memo {
  restoreMemo(undo: boolean): void;
}

/** The class that all of cornerstone's tools are made of. */
export type ToolClass = new (properties: object, defaults: object) => object;

interface ToolGroup {
  hasTool(name: string): boolean;
  addTool(name: string): void;
}

interface DataSource {
  readonly store: { dicom(dataset: NaturalDataset): Promise<void> };
  readonly retrieve: { readonly series: { metadata(study: { StudyInstanceUID: string }): Promise<unknown> } };
}

/** Globals that OHIF leaves for the console, which are the only way to the pixels of a label. */
export interface CornerstoneGlobals {
  readonly cornerstone: {
    getRenderingEngines(): readonly { getViewports(): readonly Viewport[] }[];
    readonly cache: { getImage(imageId: string): LabelImage | undefined };
    readonly metaData: { get(module: 'imagePlaneModule', imageId: string): ImagePlane | undefined };
    readonly utilities: {
      readonly HistoryMemo: { readonly DefaultHistoryMemo: { push(memo: Memo): unknown; size: number } };
    };
    getEnabledElement(element: HTMLElement): { readonly viewport: Viewport } | undefined;
  };
  readonly cornerstoneTools: {
    readonly BaseTool: ToolClass;
    addTool(tool: ToolClass): void;
    readonly ToolGroupManager: { getToolGroup(id: string): ToolGroup | undefined };
    readonly drawing: {
      drawPolyline(
        helper: unknown,
        annotationUid: string,
        lineUid: string,
        points: readonly (readonly [number, number])[],
        options: { color: string; width: number; closePath: boolean },
      ): void;
    };
    readonly utilities: { triggerAnnotationRenderForViewportIds(viewportIds: readonly string[]): void };
    readonly segmentation: {
      readonly state: {
        getSegmentation(id: string): StoredSegmentation | undefined;
      };
      updateSegmentations(
        updates: readonly { segmentationId: string; payload: { segments: StoredSegmentation['segments'] } }[],
      ): void;
      readonly triggerSegmentationEvents: { triggerSegmentationDataModified(segmentationId: string): void };
    };
  };
}

export interface StoredSegmentation {
  readonly segments: Readonly<Record<string, object>>;
  readonly representationData: { readonly Labelmap?: { readonly imageIds?: readonly string[] } };
}

export interface LabelImage {
  readonly imageId: string;
  /** Image that is drawn on. */
  readonly referencedImageId?: string;
  getPixelData(): Uint8Array | Uint16Array | Int16Array;
}

export interface ImagePlane {
  readonly rows: number;
  readonly columns: number;
  readonly rowCosines: readonly number[];
  readonly columnCosines: readonly number[];
  readonly rowPixelSpacing: number;
  readonly columnPixelSpacing: number;
  readonly sliceThickness: number;
  readonly imagePositionPatient: readonly number[];
}

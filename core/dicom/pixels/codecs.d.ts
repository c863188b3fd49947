declare module 'jpeg-lossless-decoder-js' {
  /** The package names types that it does not ship. */
  export class Decoder {
    /** @returns the samples of the frame, by rows */
    decode(buffer: ArrayBufferLike, offset: number, length: number, bytesPerSample?: number): Uint8Array | Uint16Array;
    xDim: number;
    yDim: number;
    /** The row that comes next: `yDim` once the frame is whole. */
    yLoc: number;
    /** Prediction 7 of ITU-T T.81 table H.1. */
    select7(component?: number): number;
    /** The sample to the left, and the one above, or what stands for it at an edge. */
    protected getPreviousX(component?: number): number;
    protected getPreviousY(component?: number): number;
  }
}

/** What of WebAssembly is used; Node's types leave it to those of browsers. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: object);
    readonly exports: object;
  }
}

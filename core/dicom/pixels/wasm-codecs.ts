import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Of a decoder compiled to WebAssembly: its view on a frame that it has decoded. */
export interface WasmFrame {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
}

interface WasmDecoder {
  /** Room inside the module's memory for this many bytes. */
  getEncodedBuffer(size: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): WasmFrame;
  delete(): void;
}
type DecoderName = 'JpegLSDecoder' | 'J2KDecoder' | 'HTJ2KDecoder';
type CodecModule = Record<DecoderName, new () => WasmDecoder>;

const require = createRequire(import.meta.url);
const files = {
  JPEG_LS: ['codec-charls/decodewasmjs', 'codec-charls/decodewasm', 'JpegLSDecoder'],
  JPEG_2000: ['codec-openjpeg/decodewasmjs', 'codec-openjpeg/decodewasm', 'J2KDecoder'],
  HTJ2K: ['codec-openjph/wasmjs', 'codec-openjph/wasm', 'HTJ2KDecoder'],
} as const;
export type WasmCodec = keyof typeof files;

const compiled = new Map<WasmCodec, WebAssembly.Module>();
const instances = new Map<WasmCodec, CodecModule>();

/**
 * Decodes one code stream; the bytes are a copy. An instance whose decoder failed is thrown away, because the failure may have left its
 * memory in disorder.
 * @throws Error of the codec, without a promise about its text
 */
export function decodeByWasm(codec: WasmCodec, stream: Uint8Array): { frame: WasmFrame; bytes: Uint8Array } {
  const module = instances.get(codec) ?? instantiate(codec);
  instances.delete(codec);
  const decoder = new module[files[codec][2]]();
  decoder.getEncodedBuffer(stream.length).set(stream);
  decoder.decode();
  const result = { frame: decoder.getFrameInfo(), bytes: Uint8Array.from(decoder.getDecodedBuffer()) };
  decoder.delete();
  instances.set(codec, module);
  return result;
}

/** Compiled and instantiated without a promise, so that reading a file stays a plain function. */
function instantiate(codec: WasmCodec): CodecModule {
  const [script, binary] = files[codec];
  const factory = require(`@cornerstonejs/${script}`) as (options: object) => unknown;
  const wasm = compiled.get(codec) ?? new WebAssembly.Module(readFileSync(require.resolve(`@cornerstonejs/${binary}`)));
  compiled.set(codec, wasm);
  const silent = (): void => {};
  const module = {
    instantiateWasm(imports: object, done: (one: WebAssembly.Instance, of: WebAssembly.Module) => void) {
      const instance = new WebAssembly.Instance(wasm, imports);
      done(instance, wasm);
      return instance.exports;
    },
    print: silent,
    printErr: silent,
  };
  factory(module);
  return module as unknown as CodecModule;
}

import { buildDataset } from './build-dataset.ts';
import type { Dataset, DicomElement } from './dataset.ts';
import { DicomError } from './dicom-error.ts';
import { describeTag } from './dictionary.ts';
import { longVrs } from './parse-dataset.ts';
import { uids } from './uid.ts';

/** Names this program in the files it writes (PS3.10 section 7.1); a UUID-derived root of its own. */
const implementationClassUid = '2.25.226813476107926427553184014239213542105';
const implementationVersionName = 'METLOOP_1';

/** Bytes of an element without its header, with defined lengths throughout. */
function valueSize(element: DicomElement, explicit: boolean): number {
  if (element.kind === 'bytes') return element.bytes.length + (element.bytes.length & 1);
  if (element.kind === 'sequence') return element.items.reduce((sum, item) => sum + 8 + datasetSize(item, explicit), 0);
  return element.fragments.reduce((sum, fragment) => sum + 8 + fragment.length + (fragment.length & 1), 8);
}

function datasetSize(dataset: Dataset, explicit: boolean): number {
  let size = 0;
  for (const element of dataset.elements.values())
    size += (explicit && longVrs.has(element.vr) ? 12 : 8) + valueSize(element, explicit);
  return size;
}

class Writer {
  readonly #target: Uint8Array;
  readonly #view: DataView;
  readonly #explicit: boolean;
  #at: number;

  constructor(target: Uint8Array, from: number, explicit: boolean) {
    this.#target = target;
    this.#view = new DataView(target.buffer, target.byteOffset, target.length);
    this.#at = from;
    this.#explicit = explicit;
  }

  dataset(dataset: Dataset): void {
    let last = -1;
    let ordered = true;
    for (const tag of dataset.elements.keys()) {
      if (tag < last) ordered = false;
      last = tag;
    }
    const elements = dataset.elements.values();
    for (const element of ordered ? elements : [...elements].sort((a, b) => a.tag - b.tag)) this.#element(element);
  }

  #element(element: DicomElement): void {
    const length = element.kind === 'fragments' ? 0xffffffff : valueSize(element, this.#explicit);
    this.#tag(element.tag);
    if (!this.#explicit) this.#uint32(length);
    else {
      this.#target[this.#at++] = element.vr.charCodeAt(0);
      this.#target[this.#at++] = element.vr.charCodeAt(1);
      if (longVrs.has(element.vr)) {
        this.#at += 2;
        this.#uint32(length);
      } else {
        if (length > 0xffff)
          throw new DicomError(
            'OUT_OF_BOUNDS',
            `${describeTag(element.tag)} has ${length} bytes, more than ${element.vr} can hold.`,
          );
        this.#view.setUint16(this.#at, length, true);
        this.#at += 2;
      }
    }
    if (element.kind === 'bytes') this.#bytes(element.bytes, padding(element.vr));
    else if (element.kind === 'sequence')
      for (const item of element.items) {
        this.#tag(0xfffee000);
        this.#uint32(datasetSize(item, this.#explicit));
        this.dataset(item);
      }
    else {
      for (const fragment of element.fragments) {
        this.#tag(0xfffee000);
        this.#uint32(fragment.length + (fragment.length & 1));
        this.#bytes(fragment, 0);
      }
      this.#tag(0xfffee0dd);
      this.#uint32(0);
    }
  }

  #tag(tag: number): void {
    this.#view.setUint16(this.#at, tag >>> 16, true);
    this.#view.setUint16(this.#at + 2, tag & 0xffff, true);
    this.#at += 4;
  }

  #uint32(value: number): void {
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
  }

  #bytes(bytes: Uint8Array, pad: number): void {
    this.#target.set(bytes, this.#at);
    this.#at += bytes.length;
    if (bytes.length & 1) this.#target[this.#at++] = pad;
  }
}

function padding(vr: string): number {
  return vr === 'UI' || vr.startsWith('O') || vr === 'UN' ? 0 : 0x20;
}

/**
 * A Part 10 file with a zero preamble and file meta information made from the dataset's own SOP class and instance.
 * Sequences get defined lengths; values are written as they stand, so the dataset must hold what the transfer syntax says.
 * @param transferSyntaxUid explicit or implicit little endian, or an encapsulated syntax if the pixel data are fragments
 * @throws DicomError MISSING_ATTRIBUTE, OUT_OF_BOUNDS if a value is too long for its VR
 */
export function writePart10(dataset: Dataset, transferSyntaxUid: string = uids.explicitLittleEndian): Uint8Array {
  const meta = buildDataset({
    FileMetaInformationVersion: Uint8Array.of(0, 1),
    MediaStorageSOPClassUID: dataset.requireText('SOPClassUID'),
    MediaStorageSOPInstanceUID: dataset.requireText('SOPInstanceUID'),
    TransferSyntaxUID: transferSyntaxUid,
    ImplementationClassUID: implementationClassUid,
    ImplementationVersionName: implementationVersionName,
  });
  const explicit = transferSyntaxUid !== uids.implicitLittleEndian;
  const metaSize = datasetSize(meta, true);
  const from = 132 + 12 + metaSize;
  const target = new Uint8Array(from + datasetSize(dataset, explicit));
  target.set([0x44, 0x49, 0x43, 0x4d], 128);
  new Writer(target, 132, true).dataset(buildDataset({ FileMetaInformationGroupLength: metaSize }));
  new Writer(target, 144, true).dataset(meta);
  new Writer(target, from, explicit).dataset(dataset);
  return target;
}

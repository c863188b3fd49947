/** Defined terms of Specific Character Set (PS3.3 C.12.1.1.2) to labels of the WHATWG Encoding Standard. */
const labels: Readonly<Record<string, string>> = {
  'IR 6': 'latin1', 'IR 13': 'shift_jis', 'IR 100': 'latin1', 'IR 101': 'iso-8859-2', 'IR 109': 'iso-8859-3',
  'IR 110': 'iso-8859-4', 'IR 144': 'iso-8859-5', 'IR 127': 'iso-8859-6', 'IR 126': 'iso-8859-7',
  'IR 138': 'iso-8859-8', 'IR 148': 'windows-1254', 'IR 166': 'windows-874', 'IR 203': 'iso-8859-15',
  'IR 192': 'utf-8', 'IR 149': 'euc-kr', 'IR 58': 'gb18030', 'IR 87': 'iso-2022-jp', 'IR 159': 'euc-jp',
  GB18030: 'gb18030', GBK: 'gb18030',
}; // biome-ignore format: a table

/** Escape sequences of code extensions (PS3.3 tables C.12-3 and C.12-4) to the encoding of what follows. */
const escapes: readonly (readonly [sequence: string, label: string])[] = [
  ['(B', 'latin1'], ['(J', 'shift_jis'], [')I', 'shift_jis'], ['-A', 'latin1'], ['-B', 'iso-8859-2'],
  ['-C', 'iso-8859-3'], ['-D', 'iso-8859-4'], ['-L', 'iso-8859-5'], ['-G', 'iso-8859-6'], ['-F', 'iso-8859-7'],
  ['-H', 'iso-8859-8'], ['-M', 'windows-1254'], ['-b', 'iso-8859-15'], ['-T', 'windows-874'], ['$B', 'iso-2022-jp'], ['$(D', 'euc-jp'],
  ['$)C', 'euc-kr'], ['$)A', 'gb18030'],
]; // biome-ignore format: a table

const decoders = new Map<string, InstanceType<typeof TextDecoder>>();

function decodeAs(label: string, bytes: Uint8Array): string {
  if (label === 'latin1') return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  let decoder = decoders.get(label);
  if (decoder === undefined) {
    decoder = new TextDecoder(label, { ignoreBOM: true });
    decoders.set(label, decoder);
  }
  return decoder.decode(bytes);
}

/** "IR 100" of "ISO_IR 100", "ISO 2022 IR 100" and of the ways in which both are misspelt. */
function nameOf(term: string): string {
  const exact = /^ISO(?:_| 2022 )IR (\d+)$/.exec(term)?.[1];
  if (exact !== undefined) return `IR ${exact}`;
  const plain = term
    .trim()
    .toUpperCase()
    .replace(/[_ -]+/g, ' ');
  const spelt = plain.replace(/^ISO ?(2022 )?IR ?/, 'IR ');
  return { 'UTF 8': 'IR 192', 'ISO 8859 1': 'IR 100', ASCII: 'IR 6' }[spelt] ?? spelt;
}

function labelOf(term: string | undefined): string {
  return labels[nameOf(term ?? '')] ?? 'latin1';
}

/** Whole character sets, which admit no others beside them (PS3.3 C.12.1.1.2). */
const alone: ReadonlySet<string> = new Set(['IR 192', 'GB18030', 'GBK']);

/**
 * Why text under this Specific Character Set cannot be read, undefined if it can. Its terms are not quoted: they may be anything.
 * Misspellings that leave no doubt are read.
 */
export function unreadableCharacterSet(characterSets: readonly string[]): string | undefined {
  const names = characterSets.map(nameOf);
  // Only the first may be left out, and stands for ASCII.
  if (names.some((name, n) => labels[name] === undefined && !(n === 0 && name === '')))
    return 'Specific Character Set (0008,0005) names a set that is not one of DICOM: name the one in which the text is written.';
  if (names.length > 1 && names.some((name) => alone.has(name)))
    return 'Specific Character Set (0008,0005) joins others to a set that stands alone: name that one only.';
  return undefined;
}

/** Decodes the run that follows an escape sequence; the two Japanese kanji sets arrive in 7 bits. */
function decodeRun(sequence: string, label: string, run: Uint8Array): string {
  if (sequence === '$B') return decodeAs(label, Buffer.concat([Buffer.from('\x1b$B', 'latin1'), run]));
  if (sequence !== '$(D') return decodeAs(label, run);
  const shifted: number[] = [];
  for (const byte of run) {
    if (byte > 0x20 && shifted.length % 3 === 0) shifted.push(0x8f);
    shifted.push(byte > 0x20 ? byte | 0x80 : byte);
  }
  return decodeAs(label, Uint8Array.from(shifted));
}

/**
 * The text of a value under the dataset's Specific Character Set, with code extensions (ISO 2022) where it names several.
 * Never throws: bytes without a meaning become U+FFFD.
 */
export function decodeText(bytes: Uint8Array, characterSets: readonly string[]): string {
  const initial = labelOf(characterSets[0]);
  if (!bytes.includes(0x1b)) return decodeAs(initial, bytes);
  let text = '';
  let [label, sequence, from] = [initial, '', 0];
  while (from < bytes.length) {
    const found = bytes.indexOf(0x1b, from);
    const end = found < 0 ? bytes.length : found;
    text += decodeRun(sequence, label, bytes.subarray(from, end));
    if (found < 0) break;
    const after = Buffer.from(bytes.subarray(found + 1, found + 4)).toString('latin1');
    const extension = escapes.find(([candidate]) => after.startsWith(candidate));
    [sequence, label] = extension ?? ['', initial];
    from = found + 1 + sequence.length;
  }
  return text;
}

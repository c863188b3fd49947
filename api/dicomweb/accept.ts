/** One thing that a resource can be answered as. */
export interface Offer {
  /** Media type without parameters, as `application/dicom`. */
  readonly type: string;
  /** True if it is the type of the parts of multipart/related. */
  readonly multipart: boolean;
  readonly transferSyntaxUid?: string;
  /** True if this is how it is stored: what who accepts any transfer syntax is given. */
  readonly stored?: boolean;
}

/** What is asked for cannot be given; the message names what can (RFC 9110 section 15.5.7). */
export class NotAcceptable extends Error {
  override readonly name = 'NotAcceptable';
}

interface Range {
  /** As `image/png`, `image/*` or anything. */
  readonly type: string;
  readonly multipart: boolean;
  /** '*' for any; undefined where none is named: the first offer, which is Explicit VR Little Endian if that can be given. */
  readonly transferSyntax: string | undefined;
  readonly quality: number;
  /** Greater for a range that says more. */
  readonly weight: number;
}

const splitOutsideQuotes = (text: string, separator: string): string[] =>
  text.match(new RegExp(`(?:"(?:[^"\\\\]|\\\\.)*"|[^${separator}"])+`, 'g')) ?? [];

/** The media ranges of an Accept header (RFC 9110 section 12.5.1 with the parameters of PS3.18 section 8.7); what is malformed is left out. */
function parseAccept(header: string): Range[] {
  return splitOutsideQuotes(header, ',').flatMap((text) => {
    const [name = '', ...rest] = splitOutsideQuotes(text, ';').map((part) => part.trim());
    const parameters = new Map(
      rest.map((part) => {
        const at = part.indexOf('=');
        const value = part
          .slice(at + 1)
          .trim()
          .replace(/^"(.*)"$/, '$1');
        return [part.slice(0, at).trim().toLowerCase(), value] as const;
      }),
    );
    const media = name.toLowerCase();
    if (!/^[\w.+*-]+\/[\w.+*-]+$/.test(media)) return [];
    const multipart = media === 'multipart/related';
    const type = multipart ? (parameters.get('type')?.toLowerCase() ?? '*/*') : media;
    const quality = Number(parameters.get('q') ?? 1);
    const transferSyntax = parameters.get('transfer-syntax');
    const weight = (type === '*/*' ? 0 : type.endsWith('/*') ? 1 : 2) + (multipart ? 1 : 0) + (transferSyntax ? 1 : 0);
    return [{ type, multipart, transferSyntax, quality: quality >= 0 && quality <= 1 ? quality : 0, weight }];
  });
}

function covers(range: Range, { type, multipart, transferSyntaxUid, stored }: Offer): boolean {
  // "*/*" and "multipart/*" take either form; a plain type asks for one part alone, as PS3.18 section 8.7.3 has it.
  const form =
    range.multipart === multipart || (!range.multipart && (range.type === '*/*' || range.type === 'multipart/*'));
  const media =
    range.type === '*/*' ||
    range.type === type ||
    (range.type === 'multipart/*' && multipart) ||
    (range.type.endsWith('/*') && type.startsWith(range.type.slice(0, -1)));
  const syntax =
    range.transferSyntax === undefined ||
    transferSyntaxUid === undefined ||
    (range.transferSyntax === '*' && stored === true) ||
    range.transferSyntax === transferSyntaxUid;
  return form && media && syntax;
}

/**
 * The offer that an Accept header prefers; of equals the first one offered. A missing header accepts anything. The parameter
 * `accept` of the address, which browsers can set, comes before the header (PS3.18 section 8.3.3.1).
 * @throws NotAcceptable
 */
export function chooseOffer<T extends Offer>(accept: string | undefined, offers: readonly T[]): T {
  const header = accept?.trim();
  if (!header) return offers[0]!;
  const ranges = parseAccept(header);
  let best: { offer: T; quality: number } | undefined;
  for (const offer of offers) {
    const covering = ranges.filter((range) => covers(range, offer));
    if (covering.length === 0) continue;
    // The most specific range decides an offer's quality.
    const { quality } = covering.reduce((most, range) => (range.weight > most.weight ? range : most));
    if (quality > 0 && (best === undefined || quality > best.quality)) best = { offer, quality };
  }
  if (best) return best.offer;
  throw new NotAcceptable(
    `The request accepts ${JSON.stringify(header.slice(0, 200))}; available: ${offers.map(describe).join(', ')}.`,
  );
}

function describe({ type, multipart, transferSyntaxUid }: Offer): string {
  const syntax = transferSyntaxUid === undefined ? '' : `; transfer-syntax=${transferSyntaxUid}`;
  return multipart ? `multipart/related; type="${type}"${syntax}` : `${type}${syntax}`;
}

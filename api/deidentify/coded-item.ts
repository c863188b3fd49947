import type { Dataset } from '#core/dicom/dataset.ts';
import type { HeaderIdentifiers } from './header-identifiers.ts';

/** Units of UCUM that MR images use; its grammar would pass names. */
const units: ReadonlySet<string> = new Set(
  "1 % mm cm m mm2 mm3 cm2 cm3 s ms us min h T mT Hz kHz MHz kg g mg ug ml mL mmol mmol/kg mL/kg mL/s deg rad Cel ppm W/kg T/s um2/s mm2/s s/mm2 ms-1 {ratio} [arb'U]".split(
    ' ',
  ),
);

/** Forms of the codes of public coding schemes (PS3.16 chapter 8); the schemes' own numbers are public, anybody's else are not. */
const schemes: Readonly<Record<string, (code: string) => boolean>> = {
  DCM: (code) => /^\d{6}$/.test(code),
  SRT: (code) => /^[A-Z]\d?-[0-9A-F]{4,5}$/.test(code),
  SNM3: (code) => /^[A-Z]\d?-[0-9A-F]{4,5}$/.test(code),
  SCT: (code) => /^\d{5,15}[01]0\d$/.test(code) && hasVerhoeffDigit(code),
  UCUM: (code) => units.has(code),
  RADLEX: (code) => /^RID\d{1,5}$/.test(code),
  LN: (code) => /^\d{1,5}-\d$/.test(code),
};

/** True if the dataset is an item of a code sequence whose code is, by its form, one of a public scheme and nobody's identifier. */
export function isPublicCode(item: Dataset, identifiers: HeaderIdentifiers): boolean {
  const code = item.text('CodeValue') ?? '';
  const scheme = item.text('CodingSchemeDesignator') ?? '';
  return Object.hasOwn(schemes, scheme) && schemes[scheme]!(code) && !identifiers.has(code);
}

const multiplication = [
  '0123456789', '1234067895', '2340178956', '3401289567', '4012395678', '5987604321', '6598710432', '7659821043', '8765932104', '9876543210',
]; // biome-ignore format: a table
const permutation = [
  '0123456789', '1576283094', '5803796142', '8916043527', '9453126870', '4286573901', '2793806415', '7046913258',
]; // biome-ignore format: a table

/** The check digit of SNOMED CT identifiers (Verhoeff 1969, as in the SNOMED CT Release File Specification, section 5.5). */
function hasVerhoeffDigit(code: string): boolean {
  let check = 0;
  for (let n = 0; n < code.length; n++) {
    const digit = Number(permutation[n % 8]![Number(code[code.length - 1 - n])]);
    check = Number(multiplication[check]![digit]);
  }
  return check === 0;
}

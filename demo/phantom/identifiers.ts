import { createHash } from 'node:crypto';
import type { DicomDataset } from './dicom-encode.ts';
import { createRandom, type Random } from './random.ts';

/** A UID under 2.25 (a UUID of version 8 as a decimal number), the same for the same text. */
export function uidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex').slice(0, 32);
  const variant = '89ab'[Number.parseInt(hex[16]!, 16) & 3];
  return `2.25.${BigInt(`0x${hex.slice(0, 12)}8${hex.slice(13, 16)}${variant}${hex.slice(17)}`)}`;
}

/** Invented identity of a patient and of those who scanned. */
export interface FakeIdentity {
  readonly elements: DicomDataset;
  /** Every text in `elements` by which somebody could be recognized: none may outlive de-identification. */
  readonly planted: readonly string[];
  readonly studyDate: string;
  readonly birthDate: string;
}

const syllables = 'ba de fi go ku la me ni po ru sa te vi zo ka re'.split(' ');

/** Invents texts and remembers them. */
class Inventor {
  readonly planted: Set<string>;
  readonly #random: Random;
  constructor(random: Random, planted: Set<string>) {
    this.#random = random;
    this.planted = planted;
  }
  plant(text: string): string {
    this.planted.add(text);
    return text;
  }
  word(): string {
    const text = Array.from({ length: this.#random.integer(2, 4) }, () => this.#random.pick(syllables)).join('');
    return text[0]!.toUpperCase() + text.slice(1);
  }
  digits(count: number): string {
    return Array.from({ length: count }, () => this.#random.integer(0, 9)).join('');
  }
  name(): string {
    return this.plant(`Fake${this.word().toLowerCase()}^${this.word()}`);
  }
  numbered(prefix: string, count: number): string {
    return this.plant(`FAKE${prefix}${this.digits(count)}`);
  }
  /** A day of the year, MMDD. */
  day(): string {
    const two = (n: number): string => String(n).padStart(2, '0');
    return `${two(this.#random.integer(1, 12))}${two(this.#random.integer(1, 28))}`;
  }
}

/** Who and where, all visibly false, in as many tags as scanners and clerks are known to fill. */
export function fakeIdentity(seed: number, study: string, ageYears: number, sex: string, utf8: boolean): FakeIdentity {
  const planted = new Set<string>();
  const person = new Inventor(createRandom(seed, 'person'), planted);
  const random = createRandom(`${seed}/${study}`, 'visit');
  const visit = new Inventor(random, planted);
  const year = random.integer(2011, 2023);
  const studyDate = `${year}${visit.day()}`;
  const family = person.plant(`FAKE${person.word()}${utf8 ? 'łąß' : 'øé'}`);
  const birthDate = person.plant(`${year - ageYears}${person.day()}`);
  const hospital = visit.plant(`Fake ${visit.word()} Hospital`);
  const patient = patientElements(person, family, birthDate);
  const elements: DicomDataset = {
    ...patient,
    ...visitElements(visit, family, hospital),
    ...requestElements(visit, family, hospital),
    ...privateElements(visit, patient),
    '00100040': { vr: 'CS', value: sex },
    '00101010': { vr: 'AS', value: `${String(ageYears).padStart(3, '0')}Y` },
    '00101030': { vr: 'DS', value: String(random.integer(50, 98)) },
    '00400244': { vr: 'DA', value: studyDate },
  };
  return { elements, planted: [...planted], studyDate, birthDate };
}

function patientElements(person: Inventor, family: string, birthDate: string) {
  const patient = person.plant(`${family}^${person.word()}`);
  const alternativeId = person.numbered('ALT', 7);
  const other = {
    '00100020': { vr: 'LO', value: alternativeId },
    '00100021': { vr: 'LO', value: 'FAKE' },
    '00100022': { vr: 'CS', value: 'TEXT' },
  };
  return {
    '00100010': { vr: 'PN', value: patient },
    '00100020': { vr: 'LO', value: person.numbered('MRN', 8) },
    '00100021': { vr: 'LO', value: person.numbered('ISSUER', 2) },
    '00100030': { vr: 'DA', value: birthDate },
    '00101000': { vr: 'LO', value: alternativeId },
    '00101001': { vr: 'PN', value: person.name() },
    '00101002': { vr: 'SQ', value: [other] },
    '00101005': { vr: 'PN', value: person.name() },
    '00101040': { vr: 'LO', value: person.plant(`${person.digits(2)} Fake ${person.word()} Lane`) },
    '00101060': { vr: 'PN', value: person.name() },
    '00102154': { vr: 'SH', value: person.plant(`+99 555 ${person.digits(7)}`) },
    '001021B0': { vr: 'LT', value: `Known to Dr ${person.name()} since the operation` },
    '00104000': { vr: 'LT', value: `${patient.replace('^', ' ')} prefers to be rung at home` },
  };
}

function visitElements(visit: Inventor, family: string, hospital: string): DicomDataset {
  return {
    '00080050': { vr: 'SH', value: visit.numbered('ACC', 7) },
    '00080080': { vr: 'LO', value: hospital },
    '00080081': { vr: 'ST', value: visit.plant(`${visit.digits(3)} Fake ${visit.word()} Road, ${visit.word()}`) },
    '00080090': { vr: 'PN', value: visit.name() },
    '00081010': { vr: 'SH', value: visit.numbered('STN', 4) },
    '00081030': { vr: 'LO', value: `MR BRAIN W WO CONTRAST ${family}` },
    '00081040': { vr: 'LO', value: visit.plant(`Fake ${visit.word()} Department`) },
    '00081048': { vr: 'PN', value: visit.name() },
    '00081050': { vr: 'PN', value: visit.name() },
    '00081060': { vr: 'PN', value: visit.name() },
    '00081070': { vr: 'PN', value: visit.name() },
    '00181000': { vr: 'LO', value: visit.numbered('SN', 7) },
    '00200010': { vr: 'SH', value: visit.numbered('ST', 6) },
    '00204000': { vr: 'LT', value: `Reviewed with ${visit.name()}` },
    '00380010': { vr: 'LO', value: visit.numbered('ADM', 6) },
  };
}

/** What the ordering system sends along, names within nested sequences included. */
function requestElements(visit: Inventor, family: string, hospital: string): DicomDataset {
  const observer = { '0040A027': { vr: 'LO', value: hospital }, '0040A075': { vr: 'PN', value: visit.name() } };
  const request = {
    '00321033': { vr: 'LO', value: hospital },
    '00400007': { vr: 'LO', value: `Brain, ${visit.name()}` },
    '00400009': { vr: 'SH', value: visit.numbered('SPS', 5) },
    '00401001': { vr: 'SH', value: visit.numbered('RP', 5) },
    '0040A073': { vr: 'SQ', value: [observer] },
  };
  return {
    '00321032': { vr: 'PN', value: visit.name() },
    '00321060': { vr: 'LO', value: 'MR brain metastases' },
    '00400254': { vr: 'LO', value: `Brain for ${family}` },
    '00400275': { vr: 'SQ', value: [request] },
  };
}

/** Private tags of a scanner and of an archive, the latter repeating who the patient is in text, bytes and a sequence. */
function privateElements(visit: Inventor, patient: ReturnType<typeof patientElements>): DicomDataset {
  const creator = { vr: 'LO', value: 'FAKE ARCHIVE 1.0' };
  const name = patient['00100010'];
  return {
    '00090010': { vr: 'LO', value: 'GEMS_IDEN_01' },
    '00091002': { vr: 'SH', value: visit.numbered('SUITE', 3) },
    '00290010': creator,
    '00291010': { vr: 'LO', value: name.value },
    '00291011': {
      vr: 'OB',
      value: Buffer.from(`owner=${patient['00100020'].value};room=${visit.digits(3)};`, 'latin1'),
    },
    '00291012': {
      vr: 'SQ',
      value: [{ '00100010': name, '00290010': creator, '00291010': patient['00101000'] }],
    },
  };
}

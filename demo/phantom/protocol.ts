import type { Sequence } from '#core/domain/sequence.ts';
import type { DicomDataset } from './dicom-encode.ts';
import type { Random } from './random.ts';

export const scannerVendors = ['GE', 'SIEMENS', 'PHILIPS'] as const;
export type ScannerVendor = (typeof scannerVendors)[number];

interface Protocol {
  /** What different sites call the series. */
  readonly names: Readonly<Record<ScannerVendor, readonly string[]>>;
  readonly scanningSequence: string | readonly string[];
  readonly variant: string | readonly string[];
  /** Repetition, echo and inversion time (ms; 0 for none) and flip angle (degrees) at 1.5 and at 3 tesla. */
  readonly timing: Readonly<Record<'1.5' | '3', readonly [number, number, number, number]>>;
  readonly echoTrain: number;
  readonly pulse: string;
}

/** Key parameters by the paper's table 2. */
const protocols: Readonly<Record<Sequence, Protocol>> = {
  T1_PRE: {
    names: {
      GE: ['Sag CUBE T1', 'SAG T1 CUBE PRE', '3D T1 CUBE SAG'],
      SIEMENS: ['t1_space_sag_iso_pre'],
      PHILIPS: ['sT1W_3D_TSE_SAG'],
    },
    scanningSequence: 'SE',
    variant: ['SK', 'OSP'],
    timing: { '1.5': [550, 9.54, 0, 90], '3': [602, 12.72, 0, 90] },
    echoTrain: 24,
    pulse: 'CUBE',
  },
  T1_POST: {
    names: {
      GE: ['Sag CUBE T1 +C', 'SAG T1 CUBE POST GD', '3D T1 CUBE SAG +C'],
      SIEMENS: ['t1_space_sag_iso_KM'],
      PHILIPS: ['sT1W_3D_TSE_SAG GD'],
    },
    scanningSequence: 'SE',
    variant: ['SK', 'OSP'],
    timing: { '1.5': [550, 9.54, 0, 90], '3': [602, 12.72, 0, 90] },
    echoTrain: 24,
    pulse: 'CUBE',
  },
  BRAVO: {
    names: {
      GE: ['Ax BRAVO +C', 'AX 3D BRAVO POST', 'Ax T1 BRAVO GAD'],
      SIEMENS: ['t1_mprage_tra_iso_KM'],
      PHILIPS: ['T1W_3D_TFE_AX GD'],
    },
    scanningSequence: ['GR', 'IR'],
    variant: ['SS', 'SP', 'SK'],
    timing: { '1.5': [12.02, 5.05, 300, 20], '3': [8.24, 3.24, 400, 13] },
    echoTrain: 1,
    pulse: 'EFGRE3D',
  },
  FLAIR: {
    names: {
      GE: ['Sag CUBE FLAIR', 'SAG T2 FLAIR CUBE', '3D FLAIR SAG'],
      SIEMENS: ['t2_space_dark-fluid_sag_iso'],
      PHILIPS: ['3D_FLAIR_SAG'],
    },
    scanningSequence: ['SE', 'IR'],
    variant: ['SK', 'OSP'],
    timing: { '1.5': [6000, 119, 1880, 90], '3': [6000, 136, 1700, 90] },
    echoTrain: 160,
    pulse: 'CUBE',
  },
};

const makers: Readonly<Record<ScannerVendor, readonly [maker: string, models: readonly string[]]>> = {
  GE: ['GE MEDICAL SYSTEMS', ['DISCOVERY MR750', 'SIGNA Premier', 'Optima MR450w']],
  SIEMENS: ['SIEMENS', ['Skyra', 'Prisma']],
  PHILIPS: ['Philips Medical Systems', ['Ingenia', 'Achieva']],
};

/** A scanner as its tags name it. */
export function scannerElements(vendor: ScannerVendor, tesla: 1.5 | 3, random: Random): DicomDataset {
  const [maker, models] = makers[vendor];
  return {
    '00080070': { vr: 'LO', value: maker },
    '00081090': { vr: 'LO', value: random.pick(models) },
    '00180087': { vr: 'DS', value: String(tesla) },
    '00181020': { vr: 'LO', value: ['27', 'LX', 'MR Software release:DV26.0_R03'] },
  };
}

/** Acquisition parameters and the name of a series. Both series after gadolinium name the contrast agent. */
export function protocolElements(
  sequence: Sequence,
  vendor: ScannerVendor,
  tesla: 1.5 | 3,
  random: Random,
): DicomDataset {
  const protocol = protocols[sequence];
  const [repetitionMs, echoMs, inversionMs, flip] = protocol.timing[tesla === 3 ? '3' : '1.5'];
  const contrast = sequence === 'BRAVO' || sequence === 'T1_POST';
  return {
    '0008103E': { vr: 'LO', value: random.pick(protocol.names[vendor]) },
    ...(contrast
      ? {
          '00180010': { vr: 'LO', value: random.pick(['GADAVIST', 'Dotarem 0.1 mmol/kg', 'MULTIHANCE']) },
          '00181040': { vr: 'LO', value: 'IV' },
        }
      : {}),
    '00180015': { vr: 'CS', value: 'HEAD' },
    '00180020': { vr: 'CS', value: protocol.scanningSequence },
    '00180021': { vr: 'CS', value: protocol.variant },
    '00180022': { vr: 'CS', value: ['FAST_GEMS', 'FILTERED_GEMS', 'ACC_GEMS'] },
    '00180023': { vr: 'CS', value: '3D' },
    '00180024': { vr: 'SH', value: protocol.pulse },
    '00180025': { vr: 'CS', value: 'N' },
    '00180080': { vr: 'DS', value: repetitionMs },
    '00180081': { vr: 'DS', value: echoMs },
    ...(inversionMs ? { '00180082': { vr: 'DS', value: inversionMs } } : {}),
    '00180083': { vr: 'DS', value: 1 },
    '00180084': { vr: 'DS', value: tesla === 3 ? 127.77 : 63.86 },
    '00180085': { vr: 'SH', value: '1H' },
    '00180086': { vr: 'IS', value: '1' },
    '00180091': { vr: 'IS', value: String(protocol.echoTrain) },
    '00180095': { vr: 'DS', value: sequence === 'BRAVO' ? 244.1 : 488.3 },
    '00181030': { vr: 'LO', value: 'BRAIN METS' },
    '00181250': { vr: 'SH', value: 'Head 24' },
    '00181314': { vr: 'DS', value: flip },
    '00185100': { vr: 'CS', value: 'HFS' },
  };
}

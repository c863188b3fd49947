/** Words that a description may keep: sequences, contrasts, planes, anatomy, agents. All else may name a person. */
const words = `
  3d 2d t1 t2 t1w t2w pd flair cube bravo space vista mprage fspgr spgr ir fse tse se gre gr tfe ffe flash swi swan dwi adc dti epi tof mra perf perfusion
  dce dsc asl stir haste propeller blade vibe lava thrive mp2rage mpr tir dark fluid fat sat fs fatsat iso isotropic
  ax axial tra transverse sag sagittal cor coronal obl oblique
  pre post precontrast postcontrast contrast with without wo w native nativ gd gad gado gadolinium ce km c+ +c -c enhanced unenhanced delayed dynamic
  brain head neuro skull mr mri mrt scan series study image volume sequence protocol survey localizer loc scout calibration cal asset
  mets metastasis metastases tumor tumour stealth navigation follow up followup baseline routine research thin thick slab high low res resolution whole
  acquisition registered derived original primary secondary filtered motion corrected repeat
  gadovist gadavist dotarem clariscan magnevist omniscan prohance multihance elucirem vueway gadobutrol gadoterate gadopentetate gadodiamide gadoteridol
  gadobenate gadopiclenol meglumine dimeglumine agent iv bolus mmol kg mmol/kg ml cc mg none no yes
  1h hfs h
`;
const allowed: ReadonlySet<string> = new Set(words.trim().split(/\s+/));

/** Makers and models; some are first names too, so they are kept in Manufacturer and Manufacturer's Model Name alone. */
const deviceWords = `
  ge medical systems siemens healthineers healthcare philips toshiba canon hitachi united imaging fonar bruker
  discovery signa premier architect artist voyager pioneer explorer hdxt hdx excite mr450 mr450w mr750 mr750w optima
  skyra prisma prisma_fit trio triotim tim avanto aera verio vida sola lumina amira espree symphony magnetom terra cima biograph mmr spectra skyrafit
  ingenia achieva intera ambition elition evolution cx panorama dstream vantage titan galan orian centurian echelon oasis uaih umr mr mri 3d neuro
`;
const allowedOfDevices: ReadonlySet<string> = new Set(deviceWords.trim().split(/\s+/));

/** A measure with its unit; a bare number may be part of a date or of an identifier. */
const measure = /^\d{1,2}([.,]\d{1,2})?(mm|t|tesla|deg|ml)$/;
/** Sequence names that Siemens scanners make, as `*tfl3d1_16ns`. */
const siemensSequence = /^\*?(tfl|spc|spcir|spcr|tse|tir|fl|se|ep|tof|swi)\d?d?\d?(_\d{1,3}(ns)?)?$/;

/** The description with only technical words left, joined by single spaces; "" if none is. */
export function cleanDescription(text: string): string {
  return onlyWords(text, (word) => allowed.has(word) || measure.test(word) || siemensSequence.test(word));
}

/** The name of a maker or a model with only known words left. */
export function cleanDeviceName(text: string): string {
  return onlyWords(text, (word) => allowedOfDevices.has(word) || measure.test(word));
}

function onlyWords(text: string, isAllowed: (word: string) => boolean): string {
  const isKept = (token: string): boolean => isAllowed(token.toLowerCase());
  return text
    .normalize('NFKC')
    .split(/[\s,;:()[\]^=&]+/)
    .flatMap((token) => (isKept(token) ? [token] : token.split(/[_/.-]+/).filter(isKept)))
    .join(' ');
}

/** Code strings that MR attributes use (PS3.3 C.8.3, C.8.13 and makers' additions). A code string could hold a name as well. */
const codeStringWords = `
  ORIGINAL DERIVED PRIMARY SECONDARY OTHER MIXED M P R I M_FFE M_SE M_IR T1 T2 NORM DIS2D DIS3D ND MPR MIP MOSAIC FM FFE IR SE VOLUME RESAMPLED NONE FLUID_ATTENUATED
  LOCALIZER PROJECTION_IMAGE T1W T2W FM1 IP SUB MIN_IP MAX_IP ADC TRACEW FA DIFFUSION REFORMATTED AXIAL SAGITTAL CORONAL MULTI QUANTITY CE SWI
  MR SE GR EP RM SK MTC SS TRSS SP MP OSP TOF PFF PFP SP FC PER RG CG PPG ACC FAST_GEMS EDR_GEMS FILTERED_GEMS ACC_GEMS PFP FS SAT1 SAT2 SAT_GEMS IRF_GEMS SEQ_GEMS VASCTOF_GEMS PROP_GEMS WE IR PFF
  2D 3D Y N YES NO ROW COL COLUMN HFS HFP FFS FFP HFDR HFDL F M O U L BRAIN HEAD SKULL NECK HEADNECK
  MONOCHROME1 MONOCHROME2 IDENTITY INVERSE 00 01 LINEAR LINEAR_EXACT SIGMOID HEAD_FIRST SUPINE
  SPIN GRADIENT BOTH SINGLE_SHOT SEGMENTED RECTILINEAR RADIAL SPIRAL SPOILED RF GRADIENT_AND_RF RF_AND_GRADIENT LONGITUDINAL BALANCED SLICE TRANSVERSE SINGLE SYNTHETIC DUAL
  MAGNITUDE PHASE REAL IMAGINARY T1_WEIGHTED UNKNOWN MOTION VELOCITY TEMPERATURE RESEARCH PRODUCT SERVICE SIEMENS GE PHILIPS CANON TOSHIBA MODIFIED UNMODIFIED 3D_TEMPORAL TISSUE US UNSPECIFIED
`;
const codeStrings: ReadonlySet<string> = new Set(codeStringWords.trim().split(/\s+/));

export function isTechnicalCode(value: string): boolean {
  return codeStrings.has(value.replaceAll(' ', '_'));
}

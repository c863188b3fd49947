/** Words that a description may keep: sequences, contrasts, planes, anatomy, agents. All else may name a person. */
const words = `
  3d 2d t1 t2 t1w t2w pd flair cube bravo space vista mprage fspgr spgr ir fse tse se gre gr tfe ffe flash swi swan dwi adc dti epi tof mra perf perfusion
  dce dsc asl stir haste propeller blade vibe lava thrive mp2rage mpr tir dark fluid fat sat fs fatsat iso isotropic
  ax axial tra transverse sag sagittal cor coronal obl oblique
  pre post precontrast postcontrast contrast with without wo w native nativ gd gad gado gadolinium ce km c+ +c -c enhanced unenhanced delayed dynamic
  brain head neuro skull mr mri mrt scan series study image volume sequence protocol survey localizer loc scout calibration cal asset
  mets metastasis metastases tumor tumour stealth navigation follow up followup follow-up pre-op post-op t1-weighted t2-weighted pre-contrast post-contrast baseline routine research thin thick slab high low res resolution whole
  acquisition registered derived original primary secondary filtered motion corrected repeat
  gadovist gadavist dotarem clariscan magnevist omniscan prohance multihance elucirem vueway gadobutrol gadoterate gadopentetate gadodiamide gadoteridol
  gadobenate gadopiclenol meglumine dimeglumine agent iv bolus mmol kg mmol/kg ml cc mg none no yes
  1h hfs h
  head-first feet-first supine prone lateral left right anterior posterior superior inferior frontal parietal temporal occipital cerebellar cerebellum
  brainstem thalamus ventricle cortical subcortical white-matter lobe lobes hemisphere meninges dura pituitary orbit orbits sinus temporal-lobe
  spine cervical thoracic lumbar neck chest abdomen pelvis
  lesion lesions mass nodule edema oedema haemorrhage hemorrhage infarct stroke necrosis cyst glioma glioblastoma meningioma lymphoma cancer carcinoma
  melanoma adenocarcinoma breast lung renal primary-tumour known suspected evidence history therapy treatment radiotherapy radiosurgery chemotherapy
  surgery resection biopsy preoperative postoperative evaluation assessment response progression recurrence staging screening check control
  seizure headache dizziness weakness numbness vision nausea confusion allergy allergic asthma penicillin iodine latex claustrophobia sedation sedated
  pacemaker implant clip pregnant diabetes hypertension smoker
  normal abnormal large small multiple single new old stable increased decreased early late good poor quality artifact artefact movement moving
  and or of not in after before during per both each all
  images slice slices views view plane planes coil coils channel gradient echo spin inversion recovery weighted diffusion weighting angiography
  spectroscopy tractography functional bold resting state task phase magnitude real imaginary field map mapping b0 b1 shim noise reference test phantom
  acceleration parallel sense grappa arc compressed sensing deep learning recon reconstruction interpolated zip512 zip2 zip4
  magnevist-enhanced dose single-dose double-dose power injection injector hand manual automatic subtraction subtracted fused fusion overlay mask
  caucasian asian african hispanic european latino
  head_32 ir-fspgr ir_fspgr fast gradient-echo spin-echo
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

export const isTechnicalWord = (word: string): boolean => allowed.has(word);
export const isDeviceWord = (word: string): boolean => allowedOfDevices.has(word);

/** Code strings that MR attributes use (PS3.3 C.8.3, C.8.13 and makers' additions). A code string could hold a name as well. */
const codeStringWords = `
  ORIGINAL DERIVED PRIMARY SECONDARY OTHER MIXED M P R I M_FFE M_SE M_IR T1 T2 NORM DIS2D DIS3D ND MPR MIP MOSAIC FM FFE IR SE VOLUME RESAMPLED NONE FLUID_ATTENUATED
  LOCALIZER PROJECTION_IMAGE T1W T2W FM1 IP SUB MIN_IP MAX_IP ADC TRACEW FA DIFFUSION REFORMATTED AXIAL SAGITTAL CORONAL MULTI QUANTITY CE SWI
  MR SE GR EP RM SK MTC SS TRSS SP MP OSP TOF PFF PFP SP FC PER RG CG PPG ACC FAST_GEMS EDR_GEMS FILTERED_GEMS ACC_GEMS PFP FS SAT1 SAT2 SAT_GEMS IRF_GEMS SEQ_GEMS VASCTOF_GEMS PROP_GEMS WE IR PFF
  2D 3D Y N YES NO ROW COL COLUMN HFS HFP FFS FFP HFDR HFDL F M O U L BRAIN HEAD SKULL NECK HEADNECK
  MONOCHROME1 MONOCHROME2 IDENTITY INVERSE 00 01 LINEAR LINEAR_EXACT SIGMOID HEAD_FIRST SUPINE
  SPIN GRADIENT BOTH SINGLE_SHOT SEGMENTED RECTILINEAR RADIAL SPIRAL SPOILED RF GRADIENT_AND_RF RF_AND_GRADIENT LONGITUDINAL BALANCED SLICE TRANSVERSE SINGLE SYNTHETIC DUAL
  MAGNITUDE PHASE REAL IMAGINARY T1_WEIGHTED UNKNOWN MOTION VELOCITY TEMPERATURE RESEARCH PRODUCT SERVICE SIEMENS GE PHILIPS CANON TOSHIBA MODIFIED UNMODIFIED 3D_TEMPORAL TISSUE US UNSPECIFIED
  DCMR SCT UCUM SRT NUM TEXT CODE CONTAINER UIDREF CONTAINS SEPARATE CONTINUOUS WHOLE_BODY LOCAL IEC FDA MHW BODY SURFACE EXTREMITY HEAD_COIL MULTICOIL
  ISOTROPIC DIRECTIONAL CARTESIAN FREQUENCY WHOLE FULL HALF PERCENT ISO_14495_1 ISO_15444_1 ISO_10918_1
`;
const codeStrings: ReadonlySet<string> = new Set(codeStringWords.trim().split(/\s+/));

/** A known term, or one made of known terms and words: `HEAD_NECK`. */
export function isTechnicalCode(value: string): boolean {
  if (codeStrings.has(value.replaceAll(' ', '_'))) return true;
  return /^[A-Z][A-Z _]*$/.test(value) && value.split(/[ _]+/).every((word) => allowed.has(word.toLowerCase()));
}

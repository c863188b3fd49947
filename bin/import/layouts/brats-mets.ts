import { niftiFolders } from './nifti-folders.ts';

/**
 * BraTS-METS: `<case>/<case>-{t1n,t1c,t2w,t2f,seg}.nii.gz`, where a case is `BraTS-MET-<patient>-<time point>`. There is one T1 after
 * contrast, which takes two places; what surrounds a metastasis is none.
 */
export const bratsMets = niftiFolders({
  name: 'brats-mets',
  source: 'BraTS-METS',
  assumes: [
    't1c takes the places of BRAVO and of T1_POST.',
    't2w is kept as OTHER: the method has no use for it.',
    'Labels 1 (non-enhancing core) and 3 (enhancing) are metastasis; 2 (oedema) and 4 (resection cavity) are left out.',
  ],
  files: [
    { stem: '-t1c', roles: ['BRAVO', 'T1_POST'], description: 'T1 post' },
    { stem: '-t1n', roles: ['T1_PRE'], description: 'T1 pre' },
    { stem: '-t2f', roles: ['FLAIR'], description: 'T2 FLAIR' },
    { stem: '-t2w', roles: ['OTHER'], description: 'T2' },
  ],
  label: { stem: '-seg', metastasis: [1, 3], leftOut: { 2: 'oedema', 4: 'resection cavity' } },
  subject: (name) => /^(BraTS-MET-\d+)-\d+$/.exec(name)?.[1] ?? name,
});

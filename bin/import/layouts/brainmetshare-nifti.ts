import { anyValue } from '../case.ts';
import { niftiFolders } from './nifti-folders.ts';

/** BrainMetShare, release 3: `train/<case>/{bravo,t1_pre,t1_gd,flair,seg}.nii.gz`. */
export const brainMetShareNifti = niftiFolders({
  name: 'brainmetshare',
  source: 'BrainMetShare (Stanford), release 3',
  assumes: [],
  files: [
    { stem: 'bravo', roles: ['BRAVO'], description: 'T1 gradient echo post' },
    { stem: 't1_pre', roles: ['T1_PRE'], description: 'T1 spin echo pre' },
    { stem: 't1_gd', roles: ['T1_POST'], description: 'T1 spin echo post' },
    { stem: 'flair', roles: ['FLAIR'], description: 'T2 FLAIR' },
  ],
  label: { ...anyValue, stem: 'seg' },
  subject: (name) => name,
});

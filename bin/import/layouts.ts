import type { Layout } from './case.ts';
import { bids } from './layouts/bids.ts';
import { brainMetShareNifti } from './layouts/brainmetshare-nifti.ts';
import { brainMetSharePng } from './layouts/brainmetshare-png.ts';
import { bratsMets } from './layouts/brats-mets.ts';
import { dicomSeg } from './layouts/dicom-seg.ts';
import { nnunet } from './layouts/nnunet.ts';

/** In the order in which folders are held against them. A new one is a module in `layouts/` and a place here. */
export const layouts: readonly Layout[] = [bids, nnunet, dicomSeg, bratsMets, brainMetShareNifti, brainMetSharePng];

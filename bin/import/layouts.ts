import type { Layout } from './case.ts';
import { brainMetShareNifti } from './layouts/brainmetshare-nifti.ts';
import { brainMetSharePng } from './layouts/brainmetshare-png.ts';
import { bratsMets } from './layouts/brats-mets.ts';

/** In the order in which folders are held against them. A new one is a module in `layouts/` and a place here. */
export const layouts: readonly Layout[] = [bratsMets, brainMetShareNifti, brainMetSharePng];

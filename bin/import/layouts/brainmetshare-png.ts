import { basename, join } from 'node:path';
import type { SeriesRole } from '#core/domain/sequence.ts';
import { anyValue, type CaseSource, type Layout } from '../case.ts';
import { namesIn, nearFolders } from '../files.ts';

/** Folders of slices by what is in them. */
const folders: Readonly<Record<string, { readonly role: SeriesRole; readonly description: string }>> = {
  0: { role: 'BRAVO', description: 'T1 gradient echo post' },
  1: { role: 'T1_PRE', description: 'T1 spin echo pre' },
  2: { role: 'T1_POST', description: 'T1 spin echo post' },
  3: { role: 'FLAIR', description: 'T2 FLAIR' },
};

async function isCase(folder: string): Promise<boolean> {
  const names = await namesIn(folder, 'folders');
  return names.includes('0') && (await namesIn(join(folder, '0'), 'files')).some((name) => name.endsWith('.png'));
}

async function caseOf(folder: string): Promise<CaseSource> {
  const present = await namesIn(folder, 'folders');
  return {
    name: basename(folder),
    subject: basename(folder),
    series: Object.entries(folders)
      .filter(([name]) => present.includes(name))
      .map(([name, what]) => ({ ...what, from: { kind: 'PNG', folder: join(folder, name) } })),
    missing: Object.keys(folders).filter((name) => !present.includes(name)),
    label: present.includes('seg') ? { ...anyValue, from: { kind: 'PNG', folder: join(folder, 'seg') } } : undefined,
  };
}

/** BrainMetShare, releases 1 and 2: `<case>/{0,1,2,3,seg}/*.png`. */
export const brainMetSharePng: Layout = {
  name: 'brainmetshare-png',
  source: 'BrainMetShare (Stanford)',
  // Of BRAVO: 240 mm in 256 pixels, 1 mm from slice to slice (Grøvik 2020, "Imaging protocol").
  pngSpacingMm: [0.9375, 0.9375, 1],
  assumes: [
    'Pixels are taken to be 0.9375 mm wide and slices 1 mm apart, as the paper has it; --spacing-mm says otherwise.',
    'Pictures have no geometry: slices are axial, in the order of their names from the feet to the head, with the face up and the patient’s right on the left.',
  ],
  async detect(folder) {
    for (const near of await nearFolders(folder)) if (await isCase(near)) return true;
    return false;
  },
  async cases(folder) {
    const found: CaseSource[] = [];
    for (const near of await nearFolders(folder)) if (await isCase(near)) found.push(await caseOf(near));
    return found;
  },
};

import { basename, join } from 'node:path';
import type { SeriesRole } from '#core/domain/sequence.ts';
import type { CaseSource, LabelMeaning, Layout } from '../case.ts';
import { namesIn, nearFolders } from '../files.ts';

/** A data set with a folder for each case and in it a NIfTI file for each sequence. */
interface NiftiFolders {
  readonly name: string;
  readonly source: string;
  readonly assumes: readonly string[];
  /** Files without `.nii` or `.nii.gz`; `-x` is a name that begins with the case's. The first one tells a case. */
  readonly files: readonly {
    readonly stem: string;
    readonly roles: readonly SeriesRole[];
    readonly description: string;
  }[];
  readonly label: LabelMeaning & { readonly stem: string };
  /** The patient of a case. */
  readonly subject: (caseName: string) => string;
}

/** A layout in which `<case>/<stem>.nii.gz` or `<case>/<case>-<stem>.nii.gz` are the files of a case. */
export function niftiFolders(set: NiftiFolders): Layout {
  const pathsOf = async (folder: string): Promise<(stem: string) => string | undefined> => {
    const files = await namesIn(folder, 'files');
    return (stem) => {
      const name = stem.startsWith('-') ? `${basename(folder)}${stem}` : stem;
      const file = files.find((one) => one === `${name}.nii.gz` || one === `${name}.nii`);
      return file && join(folder, file);
    };
  };
  const isCase = async (folder: string): Promise<boolean> => {
    const pathOf = await pathsOf(folder);
    // Any of the files: a case that lacks the others is to be named, not passed over.
    return set.files.some(({ stem }) => pathOf(stem) !== undefined);
  };
  const caseOf = async (folder: string): Promise<CaseSource> => {
    const pathOf = await pathsOf(folder);
    const label = pathOf(set.label.stem);
    return {
      name: basename(folder),
      subject: set.subject(basename(folder)),
      series: set.files.flatMap(({ stem, roles, description }) => {
        const path = pathOf(stem);
        return path ? roles.map((role) => ({ role, description, from: { kind: 'NIFTI', path } as const })) : [];
      }),
      missing: set.files.filter(({ stem }) => !pathOf(stem)).map(({ stem }) => `${stem.replace(/^-/, '')}.nii.gz`),
      label: label ? { ...set.label, from: { kind: 'NIFTI', path: label } } : undefined,
    };
  };
  return {
    name: set.name,
    source: set.source,
    assumes: set.assumes,
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
}

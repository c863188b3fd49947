import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type SeriesRole, seriesRoles } from '#core/domain/sequence.ts';
import { anyValue, type CaseSource, type Layout } from '../case.ts';
import { namesIn, nearFolders } from '../files.ts';
import { readTable } from '../read-table.ts';

interface Description {
  readonly channel_names?: Readonly<Record<string, string>>;
  readonly file_ending?: string;
}

/** `dataset.json`, if its channels are named as sequences here; undefined otherwise. */
async function describedAt(
  folder: string,
): Promise<{ roles: ReadonlyMap<string, SeriesRole>; ending: string } | undefined> {
  const text = await readFile(join(folder, 'dataset.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  let described: Description;
  try {
    described = JSON.parse(text) as Description;
  } catch {
    return undefined;
  }
  const named = Object.entries(described.channel_names ?? {}).map(
    ([channel, name]) => [channel.padStart(4, '0'), seriesRoles.find((role) => role === name)] as const,
  );
  const roles = new Map(named.flatMap(([channel, role]) => (role ? [[channel, role] as const] : [])));
  const ending = described.file_ending ?? '.nii.gz';
  return [...roles.values()].includes('BRAVO') && /^\.nii(\.gz)?$/.test(ending) ? { roles, ending } : undefined;
}

/** The folder itself or one in it: the archive has a folder named as nnU-Net wants it. */
async function rootOf(top: string) {
  for (const folder of await nearFolders(top)) {
    const described = await describedAt(folder);
    if (described) return { folder, described };
  }
  return undefined;
}

/** nnU-Net's raw layout, version 2, whose channels are named BRAVO, T1_PRE, T1_POST and FLAIR, as Metloop exports it. */
export const nnunet: Layout = {
  name: 'nnunet',
  source: undefined,
  assumes: ['Labels of imagesTs are imported as those of imagesTr: sides are drawn anew when a dataset is frozen.'],
  detect: async (folder) => (await rootOf(folder)) !== undefined,
  async cases(top) {
    const root = await rootOf(top);
    if (!root) return [];
    const { folder, described } = root;
    const known = new Map((await readTable(join(folder, 'cases.tsv')))?.map((row) => [row.case, row]));
    const found: CaseSource[] = [];
    for (const side of ['Tr', 'Ts']) {
      const images = await namesIn(join(folder, `images${side}`), 'files');
      const labels = new Set(await namesIn(join(folder, `labels${side}`), 'files'));
      for (const name of new Set(images.map((file) => file.slice(0, -(described.ending.length + 5))))) {
        // What a study lacks is zeros here, which is no image.
        const lacks = new Set(known.get(name)?.missing_sequences?.split(','));
        const label = `${name}${described.ending}`;
        found.push({
          ...{ name, subject: known.get(name)?.subject ?? name, missing: [] },
          series: [...described.roles]
            .filter(([channel, role]) => !lacks.has(role) && images.includes(`${name}_${channel}${described.ending}`))
            .map(([channel, role]) => ({
              ...{ role, description: role.replace('_', ' ') },
              from: { kind: 'NIFTI', path: join(folder, `images${side}`, `${name}_${channel}${described.ending}`) },
            })),
          label: labels.has(label)
            ? { ...anyValue, from: { kind: 'NIFTI', path: join(folder, `labels${side}`, label) } }
            : undefined,
        });
      }
    }
    return found;
  },
};

import { basename, resolve } from 'node:path';
import type { SeriesRole } from '#core/domain/sequence.ts';
import { anyValue, type CaseSource, type Layout } from '../case.ts';

export interface GivenFiles {
  readonly roles: ReadonlyMap<SeriesRole, string>;
  readonly label: string | undefined;
  readonly subject: string | undefined;
}

/** One case whose files the user has named, relative to the folder. */
export function givenRoles({ roles, label, subject }: GivenFiles): Layout {
  return {
    name: 'given',
    source: undefined,
    assumes: [],
    detect: async () => true,
    async cases(folder): Promise<CaseSource[]> {
      const name = subject ?? basename(resolve(folder));
      const at = (path: string) => ({ kind: 'NIFTI', path: resolve(folder, path) }) as const;
      return [
        {
          ...{ name, subject: name, missing: [] },
          series: [...roles].map(([role, path]) => ({ role, description: role.replace('_', ' '), from: at(path) })),
          label: label === undefined ? undefined : { ...anyValue, from: at(label) },
        },
      ];
    },
  };
}

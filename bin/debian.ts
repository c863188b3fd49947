import { accessSync, constants, existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exclusively } from '../demo/services/exclusive.ts';
import { capture } from './steps.ts';

/** Where Debian keeps programs that are not in the PATH. */
const furtherFolders = ['/usr/sbin', '/usr/lib/postgresql/15/bin'];

/** Path of a program, if there is one of this name. */
export function findProgram(name: string): string | undefined {
  return [...(process.env.PATH ?? '/usr/bin:/bin').split(':'), ...furtherFolders]
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * Installs Debian packages if we are root, without starting the services that they bring.
 * @returns why it failed, or '' if it did not
 */
export async function installPackages(names: readonly string[]): Promise<string> {
  if (process.getuid?.() !== 0) return `apt-get install ${names.join(' ')}, which needs root`;
  return exclusively('apt-get', () =>
    withoutServices(async () => {
      const update = await failureOf('apt-get', ['update', '-qq']);
      const install = ['install', '-y', '-qq', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', ...names];
      return (await failureOf('env', ['DEBIAN_FRONTEND=noninteractive', 'apt-get', ...install])) ?? update ?? '';
    }),
  );
}

/** The last line that a failing program printed; undefined if it succeeded. */
export async function failureOf(program: string, args: readonly string[]): Promise<string | undefined> {
  const { code, output } = await capture(program, args, { cwd: '/' });
  return code === 0 ? undefined : `${program}: ${output.trim().split('\n').at(-1) ?? `exit code ${code}`}`;
}

/** Debian's way to forbid packages to start their services; an administrator's own rules stay. */
const rules = '/usr/sbin/policy-rc.d';

async function withoutServices<T>(body: () => Promise<T>): Promise<T> {
  if (existsSync(rules)) return body();
  await writeFile(rules, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' });
  try {
    return await body();
  } finally {
    await rm(rules, { force: true });
  }
}

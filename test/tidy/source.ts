import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';

/** A file of the repository. */
export interface SourceFile {
  /** From the repository's root. */
  readonly path: string;
  readonly text: string;
}

export interface Import {
  /** A path from the root if it is a file of ours, else the name of a package or of a module of Node (`node:fs`). */
  readonly to: string;
  readonly ours: boolean;
  /** Leaves no trace at run time. */
  readonly typeOnly: boolean;
}

/** What breaks a rule, and what to do about it. */
export interface Complaint {
  readonly path: string;
  readonly message: string;
}

/** A rule judges all files together. */
export type Rule = (files: readonly SourceFile[]) => Complaint[];

const IMPORTS = [
  /^\s*(?:import|export)\s+(?<type>type\s)?(?:[^'";]*?\sfrom\s+)?'(?<to>[^']+)'/gm,
  /\bimport\(\s*['"`](?<to>[^'"`]+)['"`]\s*\)/g,
];

/** The text files that git tracks or would track; without git, those that are not build products. */
export function repositoryFiles(root: string): SourceFile[] {
  return filePaths(root)
    .sort()
    .filter((path) => statSync(join(root, path), { throwIfNoEntry: false })?.isFile())
    .map((path) => ({ path, bytes: readFileSync(join(root, path)) }))
    .filter(({ bytes }) => !bytes.subarray(0, 8000).includes(0))
    .map(({ path, bytes }) => ({ path, text: bytes.toString('utf8') }));
}

export function isCode({ path }: SourceFile): boolean {
  return /\.(ts|tsx|mjs)$/.test(path) && !isGenerated(path);
}

export function isTypeScript({ path }: SourceFile): boolean {
  return /\.tsx?$/.test(path) && !isGenerated(path);
}

export function isGenerated(path: string): boolean {
  return path.includes('/generated/') || path.includes('.generated.');
}

/** Tests, and what only tests use. */
export function isTest(path: string): boolean {
  return path.startsWith('test/') || /\.(test|oracle)\.[a-z]+$/.test(path);
}

/** The imports of a file, dynamic ones with a literal name included. */
export function importsOf({ path, text }: SourceFile): Import[] {
  return IMPORTS.flatMap((pattern) =>
    [...text.matchAll(pattern)].map(({ groups }) => {
      const { to = '', type } = groups ?? {};
      return { ...resolve(path, to), typeOnly: type !== undefined };
    }),
  );
}

function resolve(from: string, to: string): { to: string; ours: boolean } {
  if (to.startsWith('#')) return { to: to.slice(1), ours: true };
  if (to.startsWith('.')) return { to: posix.join(posix.dirname(from), to), ours: true };
  return { to, ours: false };
}

function filePaths(root: string): string[] {
  try {
    const options = { cwd: root, encoding: 'utf8', stdio: 'pipe', maxBuffer: 1 << 26 } as const;
    return execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], options)
      .split('\0')
      .filter((path) => path !== '');
  } catch {
    const exclude = ['**/node_modules', '.git', '.metloop', 'test-artefacts'];
    return globSync('**/*', { cwd: root, exclude });
  }
}

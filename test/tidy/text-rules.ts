import { isCode, isGenerated, isTest, isTypeScript, type Rule, type SourceFile } from './source.ts';

const MAX_LINES = 400;
const NAME = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|oracle|fixture|d|config))?\.[a-z]+$/;
const VAGUE = /(^|-)(utils?|helpers?|base|misc|common)$/;
const CODE_FOLDERS = /^(api|bench|bin|core|demo|gpu-worker|infra|test|web)\//;

/** Files of at most 400 lines. */
export const hasNoLargeFiles: Rule = (files) =>
  files
    .filter((file) => isCode(file) || (/\.(py|sql)$/.test(file.path) && !isGenerated(file.path)))
    .filter(({ path }) => path !== 'migrations/schema.sql')
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > MAX_LINES)
    .map(({ path, lines }) => ({ path, message: `has ${lines} lines, at most ${MAX_LINES}: one concept a file` }));

/** kebab-case, and names that say what is inside. */
export const hasGoodNames: Rule = (files) =>
  files
    .filter(({ path }) => CODE_FOLDERS.test(path) && /\.(tsx?|mjs|py)$/.test(path) && !isGenerated(path))
    .flatMap(({ path }) => {
      const parts = path.split('/');
      const file = parts.at(-1)!;
      const odd = NAME.test(file) ? [] : [{ path, message: `is not named in kebab-case: ${file}` }];
      const stems = [...parts.slice(0, -1), file.slice(0, file.indexOf('.'))];
      const vague = path.startsWith('test/') ? undefined : stems.find((stem) => VAGUE.test(stem));
      const message = `"${vague}" says nothing about what is inside: name the concept`;
      return vague === undefined ? odd : [...odd, { path, message }];
    });

interface Ban {
  readonly pattern: RegExp;
  readonly message: string;
  readonly applies?: (file: SourceFile) => boolean;
}

// Written so that this file does not break its own rules.
const bans: readonly Ban[] = [
  { pattern: /\b(TO[D]O|FIX[M]E)\b(?!\([^)\s][^)]*\))/, message: 'needs a reason in brackets behind it, or doing' },
  {
    pattern: /\bconsole\.lo[g]\(/,
    message: 'is for bin and demo: use the log that is handed in',
    applies: ({ path }) => !/^(bin|demo)\//.test(path) && !isTest(path),
  },
  { pattern: /\b(test|describe|it)\.onl[y]\(|\bonl[y]: true/, message: 'hides all other tests' },
  { pattern: /\b(test|describe|it)\.(skip|tod[o])\(/, message: 'hides a test: mend or delete it' },
];

/** Words that must not stay in the code. */
export const hasNoBannedWords: Rule = (files) =>
  files.filter(isCode).flatMap((file) =>
    bans
      .filter(({ applies }) => applies === undefined || applies(file))
      .flatMap(({ pattern, message }) => linesWith(file, pattern).map(({ at, found }) => ({ at, found, message })))
      .map(({ at, found, message }) => ({ path: file.path, message: `line ${at}: "${found}" ${message}` })),
  );

/** The project speaks of itself alone: not of the machine or folder it was written in. */
export const namesNoForeignPlaces: Rule = (files) =>
  files.flatMap((file) =>
    linesWith(file, /\.\.\/share[d]\b|(?<![\w.-])\/wor[k]\//).map(({ at, found }) => ({
      path: file.path,
      message: `line ${at}: "${found}" is a place outside the project: take what is needed into it`,
    })),
  );

const SQL_PLACES = /^core\/(db|jobs)\/|(^|\/)([a-z0-9-]+-)?store\.tsx?$/;
const SQL_SIGNS = /\.(selectFrom|insertInto|updateTable|deleteFrom|mergeInto)\(|\bsql(<[^`]*>)?`/;

/** SQL is written in stores, where the rules of tenancy are looked after. */
export const keepsSqlInStores: Rule = (files) =>
  files
    .filter(isTypeScript)
    .filter(({ path }) => /^(api|core|gpu-worker|web|bin)\//.test(path) && !isTest(path) && !SQL_PLACES.test(path))
    .flatMap((file) =>
      linesWith(file, SQL_SIGNS).map(({ at, found }) => ({
        path: file.path,
        message: `line ${at}: "${found}" is SQL: move it to a file named store.ts or …-store.ts`,
      })),
    );

/** Each folder at the top is explained in ARCHITECTURE.md, once there is one. */
export const explainsFolders: Rule = (files) => {
  const text = files.find(({ path }) => path === 'ARCHITECTURE.md')?.text;
  if (text === undefined) return [];
  const folders = new Set(files.filter(({ path }) => path.includes('/')).map(({ path }) => path.split('/')[0]!));
  return [...folders]
    .filter((folder) => !text.includes(`\`${folder}/`) && !text.includes(`\`${folder}\``))
    .map((folder) => ({ path: 'ARCHITECTURE.md', message: `does not say what \`${folder}/\` is for` }));
};

function linesWith({ text }: SourceFile, pattern: RegExp): { at: number; found: string }[] {
  return text.split('\n').flatMap((line, index) => {
    const found = pattern.exec(line)?.[0];
    return found === undefined ? [] : [{ at: index + 1, found }];
  });
}

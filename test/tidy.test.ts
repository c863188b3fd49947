import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { hasNoDeadFiles, hasNoDomainCycles, keepsStoresPrivate, respectsBoundaries } from './tidy/import-rules.ts';
import { type Rule, repositoryFiles } from './tidy/source.ts';
import {
  explainsFolders,
  hasGoodNames,
  hasNoBannedWords,
  hasNoLargeFiles,
  keepsSqlInStores,
  namesNoForeignPlaces,
} from './tidy/text-rules.ts';

type Sample = Readonly<Record<string, string>>;

/** A rule, files that it must accept, and files that it must complain about once each. */
interface Case {
  readonly rule: Rule;
  readonly good: Sample;
  readonly bad: readonly Sample[];
}

const from = (target: string): string => `import { x } from '${target}';\n`;
const [todo, log, only] = ['TO' + 'DO', 'console.' + 'log', 'test.' + 'only'];

const cases: Readonly<Record<string, Case>> = {
  'who may import whom': {
    rule: respectsBoundaries,
    good: {
      'core/domain/a.ts': from('./b.ts'),
      'core/domain/a.test.ts': from('node:test'),
      'core/storage/a.ts': from('node:fs') + from('#core/domain/a.ts'),
      'api/study/store.ts': from('#core/db/a.ts') + from('kysely'),
      'gpu-worker/model/a.ts': from('node:fs/promises') + from('#core/domain/a.ts'),
      'gpu-worker/stages/a.ts': from('../volume/a.ts') + from('#core/storage/a.ts'),
      'gpu-worker/volume/a.test.ts': from('../../demo/phantom/brain.ts') + from('node:fs'),
      'web/app/a.tsx': from('#core/domain/a.ts') + from('../generated/types.ts') + from('react'),
      'web/viewer/a.ts': from('#core/label/a.ts'),
      'demo/run.ts': from('./phantom/brain.ts') + from('../api/main.ts'),
      'test/a.test.ts': from('../demo/phantom/brain.ts') + from('./tools.ts'),
      'bin/commands/test.ts': from('../../test/tools.ts'),
      'bin/commands/bench.ts': "const a = await import('../../bench/engine/a.ts');\n",
      'bench/engine/a.ts': from('../../gpu-worker/model/a.ts') + from('../../demo/phantom/brain.ts') + from('./b.ts'),
    },
    bad: [
      { 'core/domain/a.ts': from('node:fs') },
      { 'core/domain/a.ts': from('#core/db/a.ts') },
      { 'core/domain/a.ts': "const a = await import('pg');\n" },
      { 'core/storage/a.ts': from('../../api/a.ts') },
      { 'core/storage/a.test.ts': from('../../gpu-worker/a.ts') },
      { 'api/study/a.ts': from('../../gpu-worker/a.ts') },
      { 'gpu-worker/a.ts': from('../api/a.ts') },
      { 'gpu-worker/a.ts': `export { x } from '../api/a.ts';\n` },
      { 'gpu-worker/volume/a.ts': from('node:fs') },
      { 'gpu-worker/metrics/a.ts': from('../stages/a.ts') },
      { 'gpu-worker/model/a.ts': from('pg') },
      { 'web/app/a.tsx': from('#core/db/a.ts') },
      { 'web/app/a.tsx': from('#core/label/a.ts') },
      { 'web/app/a.tsx': from('../../api/a.ts') },
      { 'api/study/a.ts': from('../../demo/services/a.ts') },
      { 'bin/a.ts': from('../demo/phantom/brain.ts') },
      { 'demo/a.ts': from('../test/tools.ts') },
      { 'demo/a.ts': from('../bench/engine/a.ts') },
      { 'gpu-worker/stages/a.ts': from('../../bench/engine/a.ts') },
      { 'bench/a.ts': from('../test/tools.ts') },
      { 'gpu-worker/a.ts': `import {\n  a,\n  b,\n} from '../api/a.ts';\n` },
    ],
  },
  'domains reach each other through services': {
    rule: keepsStoresPrivate,
    good: {
      'api/task/service.ts': from('./store.ts') + from('../study/service.ts') + from('../graphql/row-store.ts'),
      'api/schema.ts': from('./task/resolvers.ts'),
    },
    bad: [{ 'api/task/service.ts': from('../study/store.ts') }, { 'api/task/a.ts': from('../study/resolvers.ts') }],
  },
  'domains do not import each other in circles': {
    rule: hasNoDomainCycles,
    good: {
      'api/c/service.ts': from('../b/service.ts') + from('../a/service.ts') + from('../graphql/x.ts'),
      'api/b/service.ts': from('../a/service.ts'),
      'api/graphql/x.ts': from('../c/service.ts'),
    },
    bad: [
      {
        'api/a/service.ts': from('../b/service.ts'),
        'api/b/service.ts': from('../c/service.ts'),
        'api/c/service.ts': from('../a/service.ts'),
      },
    ],
  },
  'no dead files': {
    rule: hasNoDeadFiles,
    good: {
      'core/a.ts': '',
      'core/a.test.ts': '',
      'api/b.ts': from('#core/a.ts'),
      'gpu-worker/main.ts': `new Worker(new URL('./c.ts', import.meta.url)); spawn('api/b.ts');\n`,
      'gpu-worker/c.ts': '',
    },
    bad: [
      { 'core/a.ts': '' },
      { 'bench/a/b.ts': '' },
      { 'gpu-worker/a.ts': '', 'gpu-worker/main.ts': from('./b/a.ts') },
    ],
  },
  'files of at most 400 lines': {
    rule: hasNoLargeFiles,
    good: { 'api/a.ts': 'x\n'.repeat(400), 'api/generated/a.ts': 'x\n'.repeat(900), 'core/a.json': 'x\n'.repeat(900) },
    bad: [{ 'api/a.ts': 'x\n'.repeat(401) }, { 'core/a.oracle.py': 'x\n'.repeat(401) }],
  },
  'names in kebab-case that say something': {
    rule: hasGoodNames,
    good: { 'core/label-file.ts': '', 'core/a.oracle.py': '', 'test/helpers/database.ts': '', 'web/a.config.mjs': '' },
    bad: [
      { 'core/labelFile.ts': '' },
      { 'core/label_file.py': '' },
      { 'core/utils.ts': '' },
      { 'api/helpers/a.ts': '' },
      { 'web/panel-base.tsx': '' },
    ],
  },
  'banned words': {
    rule: hasNoBannedWords,
    good: { 'api/a.ts': `// ${todo}(the standard is not out yet): x\n`, 'bin/a.ts': `${log}(1)\n` },
    bad: [
      { 'api/a.ts': `// ${todo}: x\n` },
      { 'bin/a.ts': `// ${todo}() x\n` },
      { 'api/a.ts': `${log}(1)\n` },
      { 'test/a.test.ts': `${only}('x')\n` },
      { 'core/a.test.ts': `${only.replace('only', 'skip')}('x')\n` },
    ],
  },
  'no places outside the project': {
    rule: namesNoForeignPlaces,
    good: { 'README.md': 'the network/worker/ and ../sharedness, https://example.org/work/\n' },
    bad: [{ 'README.md': `see ${'../sha'}red/notes\n` }, { '.ci/run': `cd ${'/wo'}rk/main\n` }],
  },
  'SQL in stores only': {
    rule: keepsSqlInStores,
    good: {
      'api/study/store.ts': 'trx.selectFrom(x)',
      'api/graphql/row-store.ts': 'sql`select 1`',
      'core/db/a.ts': 'sql`select 1`',
      'core/a.test.ts': 'sql`select 1`',
    },
    bad: [
      { 'api/study/service.ts': 'trx.selectFrom(x)' },
      { 'core/audit.ts': 'sql`select 1`' },
      { 'gpu-worker/store/a.ts': 'sql<{ a: number }>`select 1`' },
    ],
  },
  'ARCHITECTURE.md explains the folders at the top': {
    rule: explainsFolders,
    good: { 'ARCHITECTURE.md': 'the `api/` and `core/db/`', 'api/a.ts': '', 'core/a.ts': '' },
    bad: [{ 'ARCHITECTURE.md': 'the `api/`', 'api/a.ts': '', 'core/a.ts': '' }],
  },
};

const repository = repositoryFiles(join(import.meta.dirname, '..'));

for (const [title, { rule, good, bad }] of Object.entries(cases)) {
  const judge = (sample: Sample): ReturnType<Rule> =>
    rule(Object.entries(sample).map(([path, text]) => ({ path, text })));

  test(`the rule finds what it should: ${title}`, () => {
    assert.deepEqual(judge(good), []);
    for (const sample of bad) assert.notEqual(judge(sample).length, 0, JSON.stringify(sample));
  });

  test(title, () => {
    const complaints = rule(repository).map(({ path, message }) => `${path}: ${message}`);
    assert.equal(complaints.length, 0, `\n${complaints.join('\n')}`);
  });
}

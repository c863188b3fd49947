import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const root = join(import.meta.dirname, '../..');

/** Columns that name another thing than their foreign key's table says. */
const idTypes: Readonly<Record<string, string>> = {
  reader_id: 'MemberId',
  reference_read_id: 'ReadId',
  started_by: 'MemberId',
  set_by: 'MemberId',
  created_by: 'MemberId',
  requested_by: 'MemberId',
  judged_by: 'MemberId',
  decided_by: 'MemberId',
  derived_from_id: 'SeriesId',
  parent_id: 'RevisionId',
  follows_id: 'ProtocolId',
  repeat_of_id: 'TaskId',
  pre_annotation_id: 'SegmentationId',
  head_id: 'RevisionId',
  ground_truth_id: 'RevisionId',
  comparison_job_id: 'JobId',
  outcome_run_id: 'TrainingRunId',
  warm_start_id: 'ModelVersionId',
  previous_rollout_id: 'RolloutId',
  agreement_id: 'LesionAgreementId',
};
/** Ids whose kind a row does not fix. */
const plainIds: ReadonlySet<string> = new Set(['object_id', 'staged_label.id', 'refusal.id', 'refusal_id']);

const pascal = (name: string): string => name.replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly hasDefault: boolean;
  readonly check: string | null;
}

/** Types of the tables, as TypeScript: ids are branded, columns limited to a list of words are unions of them. */
export async function tableTypes(ownerUrl: string): Promise<string> {
  const columns = await readColumns(ownerUrl);
  const overrides: Record<string, string> = {};
  const ids = new Set<string>();
  for (const { table, column, type, nullable, hasDefault, check } of columns) {
    // An override replaces the whole type, so what has a default must say again that it may be left out.
    const words = check?.match(/'([A-Z_0-9]+)'::text/g)?.map((word) => word.replace('::text', ''));
    const wanted = type === 'uuid' || type === '_uuid' ? idType(table, column) : words && `${words.join(' | ')}`;
    if (!wanted) continue;
    if (type.endsWith('uuid')) ids.add(wanted);
    const whole = type === '_uuid' ? `${wanted}[]` : wanted;
    const typed = nullable ? `${whole} | null` : whole;
    overrides[`${table}.${column}`] = hasDefault ? `Generated<${typed}>` : typed;
  }
  const text = await runCodegen(ownerUrl, { columns: overrides });
  return text.replace(
    /^import type .*$/m,
    (line) => `${line}\nimport type { ${[...ids].sort().join(', ')} } from '../domain/ids.ts';`,
  );
}

function idType(table: string, column: string): string | undefined {
  if (plainIds.has(column) || plainIds.has(`${table}.${column}`)) return undefined;
  if (column === 'id') return `${pascal(table)}Id`;
  return idTypes[column] ?? pascal(column.replace(/_ids?$/, '_id'));
}

async function readColumns(ownerUrl: string): Promise<Column[]> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<Column>(
      `select c.relname as "table", a.attname as "column", t.typname as type, not a.attnotnull as nullable,
         a.atthasdef as "hasDefault",
         (select pg_get_constraintdef(k.oid) from pg_constraint k
          where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
            and pg_get_constraintdef(k.oid) like '%ANY (ARRAY[%' limit 1) as "check"
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
         join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped join pg_type t on t.oid = a.atttypid
       where n.nspname = 'metloop' and c.relkind = 'r' order by 1, a.attnum`,
    );
    return rows;
  } finally {
    await client.end();
  }
}

async function runCodegen(url: string, overrides: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'metloop-generate-'));
  try {
    const outFile = join(folder, 'tables.ts');
    const args = [
      ...['--url', url, '--dialect', 'postgres', '--default-schema', 'metloop', '--include-pattern', 'metloop.*'],
      ...['--overrides', JSON.stringify(overrides), '--date-parser', 'string', '--out-file', outFile],
    ];
    // Run as JavaScript by this Node: its own shebang would find the host's.
    await promisify(execFile)(process.execPath, [join(root, 'node_modules/kysely-codegen/dist/cli/bin.js'), ...args], {
      cwd: root,
    });
    const text = await readFile(outFile, 'utf8');
    // bigint columns arrive as numbers: see core/db/pool.ts.
    return text.replace(
      /export type Int8 = .*\n/,
      'export type Int8 = ColumnType<number, bigint | number | string, bigint | number | string>;\n',
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

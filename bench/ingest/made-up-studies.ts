import pg from 'pg';
import type { BenchTenant } from './our-archive.ts';

/** Rows of a study, without files: four acquired series of one image each, and a scout. */
const roles = ['T1_PRE', 'FLAIR', 'BRAVO', 'T1_POST', 'OTHER'] as const;

/**
 * Fills a tenant with studies, a patient each, half of them at each site, spread over ten years, as if they had been stored one after
 * the other. Triggers and foreign keys are not asked, since that takes hours.
 */
export async function makeUpStudies(
  superuserUrl: string,
  { tenantId, siteIds }: BenchTenant,
  count: number,
): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query('set search_path = metloop');
    await client.query('begin');
    await client.query('set local session_replication_role = replica');
    await client.query('set local synchronous_commit = off');
    await client.query(idOf);
    const each = `from generate_series(1, ${count}) n`;
    const values = [tenantId];
    await client.query(
      `insert into subject (tenant_id, id, pseudonym, sex)
       select $1, pg_temp.id_of('a', n), 'ML-' || lpad(n::text, 10, '0'), case n % 2 when 0 then 'FEMALE' else 'MALE' end ${each}`,
      values,
    );
    await client.query(
      `insert into study (tenant_id, id, site_id, subject_id, study_instance_uid, study_date, age_years, description)
       select $1, pg_temp.id_of('b', n), case n % 2 when 0 then $2::uuid else $3::uuid end, pg_temp.id_of('a', n),
         '2.25.' || (10::numeric ^ 30 + n), date '2015-01-01' + (n % 3650), 30 + n % 60, 'MR HEAD' ${each}`,
      [tenantId, ...siteIds],
    );
    for (const [index, role] of roles.entries()) {
      const modality = role === 'OTHER' ? `case n % 1000 when 0 then 'CT' else 'MR' end` : `'MR'`;
      await client.query(
        `insert into series (tenant_id, id, study_id, series_instance_uid, modality, description, series_number, role, instance_count)
         select $1, pg_temp.id_of('${index}', n), pg_temp.id_of('b', n), '2.25.${index + 2}' || (10::numeric ^ 30 + n), ${modality},
           '${role}', ${index + 1}, '${role}', 1 ${each}`,
        values,
      );
      await client.query(
        `insert into instance (tenant_id, id, series_id, sop_instance_uid, sop_class_uid, transfer_syntax_uid, sha256, source_hash,
           size_bytes, metadata)
         select $1, pg_temp.id_of('c${index}', n), pg_temp.id_of('${index}', n), '2.25.${index + 7}' || (10::numeric ^ 30 + n),
           '1.2.840.10008.5.1.4.1.1.4', '1.2.840.10008.1.2.1', encode(sha256((n || '${index}')::bytea), 'hex'), '', 1, '{}' ${each}`,
        values,
      );
    }
    await client.query('commit');
    await client.query('analyze subject, study, series, instance');
  } finally {
    await client.end();
  }
}

/** Ids of version 7, one a second, unlike those of another kind. */
const idOf = `create or replace function pg_temp.id_of(kind text, n bigint) returns uuid language sql immutable as $$
  select (lpad(to_hex(1700000000000 + n * 1000), 12, '0') || '7' || lpad(kind, 3, '0')
    || '8' || lpad(kind, 3, '0') || lpad(to_hex(n), 12, '0'))::uuid $$`;

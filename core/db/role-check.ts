import type pg from 'pg';

/**
 * Row-level security does not bind superusers, roles with BYPASSRLS, nor (without FORCE) owners. A server that connected as one of
 * them would show every tenant's rows, so it must not start.
 * @throws Error naming the role and what is wrong with it.
 */
export async function refuseUnsafeRole(pool: pg.Pool): Promise<void> {
  // Membership counts even where it is not inherited: such a role may become the other by SET ROLE.
  const { rows } = await pool.query<{
    role: string;
    superuser: boolean;
    bypass: boolean;
    owned: number;
    mighty: string | null;
  }>(
    `select r.rolname as role, r.rolsuper as superuser, r.rolbypassrls as bypass,
       (select count(*)::int from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'metloop' and pg_has_role(r.oid, c.relowner, 'member')) as owned,
       (select string_agg(m.rolname, ', ') from pg_roles m
        where m.oid <> r.oid and (m.rolsuper or m.rolbypassrls) and pg_has_role(r.oid, m.oid, 'member')) as mighty
     from pg_roles r where r.rolname = current_user`,
  );
  const role = rows[0];
  if (!role) throw new Error('the database does not know the role that Metloop connected as');
  const faults = [
    ...(role.superuser ? ['it is a superuser'] : []),
    ...(role.bypass ? ['it has BYPASSRLS'] : []),
    ...(role.mighty && !role.superuser ? [`it may become ${role.mighty}, a superuser or with BYPASSRLS`] : []),
    ...(role.owned > 0 ? [`it owns, or belongs to the owner of, ${role.owned} of Metloop's tables`] : []),
  ];
  if (faults.length > 0) {
    throw new Error(
      `refusing to start as database role "${role.role}": ${faults.join(' and ')}, so row-level security would not bind it. ` +
        'Let DATABASE_URL name a plain role, and DATABASE_OWNER_URL the owner.',
    );
  }
}

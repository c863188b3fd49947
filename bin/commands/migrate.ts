import { migrate } from '../../core/db/migrate.ts';

/** Brings the database up to date: needs DATABASE_OWNER_URL, and DATABASE_URL for the role to grant to. */
export async function run(): Promise<number> {
  const { DATABASE_OWNER_URL: ownerUrl, DATABASE_URL: appUrl } = process.env;
  if (!ownerUrl || !appUrl) {
    process.stderr.write(
      'migrate needs DATABASE_OWNER_URL (the owner, who changes tables) and DATABASE_URL (the role that the server uses).\n',
    );
    return 2;
  }
  const applied = await migrate(ownerUrl, decodeURIComponent(new URL(appUrl).username));
  process.stdout.write(applied.length > 0 ? `applied ${applied.join(', ')}\n` : 'the database is up to date\n');
  return 0;
}

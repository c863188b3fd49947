import pg from 'pg';

// PostgreSQL's bigint holds our counts and sizes, all below 2^53; a float would be a string otherwise.
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit a JavaScript number`);
  return value;
});
// A day without a time has no time zone: keep it as text, YYYY-MM-DD.
types.setTypeParser(pg.types.builtins.DATE, (text) => text);

/** A pool of connections to Metloop's schema. */
export function openPool(databaseUrl: string, options: { max?: number; name: string }): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: options.max ?? 10,
    application_name: options.name,
    // Queries here are short: to compile one, as the planner would for what row-level security makes look dear, takes longer than to run it.
    options: '-c search_path=metloop -c jit=off',
    types,
    keepAlive: true,
  });
  // An idle connection that breaks is replaced at next use; without a listener the process would end.
  pool.on('error', () => {});
  // So it would for one that breaks while it is in use; whoever uses it is told by the query that fails.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

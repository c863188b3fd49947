import { type DeliverySettings, readDeliverySettings } from './delivery/settings.ts';

/** Everything that the environment decides, read once at start; `infra/environment.md` describes each variable. */
export interface Config {
  /** Connects as the application's role, which row-level security binds. */
  readonly databaseUrl: string;
  /** Address at which people reach Metloop. */
  readonly publicUrl: string;
  readonly oidc: { readonly issuer: string; readonly audience: string };
  readonly host: string;
  readonly port: number;
  /** GraphiQL and introspection for everybody: demonstrations only. */
  readonly demo: boolean;
  readonly logLevel: string;
  readonly delivery: DeliverySettings;
}

/** @throws Error naming the variable that is missing or malformed. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const need = (name: string): string => {
    const value = env[name];
    if (!value) throw new Error(`${name} is not set; infra/environment.md says what it is for`);
    return value;
  };
  const port = Number(env.PORT ?? 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`PORT is "${env.PORT}", not a port number`);
  const host = env.HOST ?? '127.0.0.1';
  return {
    databaseUrl: need('DATABASE_URL'),
    publicUrl: (env.PUBLIC_URL ?? `http://${host}:${port}`).replace(/\/$/, ''),
    oidc: { issuer: need('OIDC_ISSUER'), audience: env.OIDC_AUDIENCE ?? 'metloop-api' },
    host,
    port,
    demo: env.METLOOP_DEMO === 'true',
    logLevel: env.LOG_LEVEL ?? 'info',
    delivery: readDeliverySettings(env),
  };
}

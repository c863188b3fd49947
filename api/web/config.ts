/** What serving people's browsers needs beside the API's own configuration. */
export interface WebConfig {
  /** Public client at the OIDC provider, with PKCE; its redirect URI is <PUBLIC_URL>/auth/callback. */
  readonly clientId: string;
  readonly scope: string;
  /** Seals the cookies: 32 bytes, the same on every instance. */
  readonly sessionKey: Uint8Array;
  readonly folders: WebFolders;
}

/** Built files: of the web app and of the viewer. */
export interface WebFolders {
  readonly app: string;
  readonly viewer: string;
}

/** @throws Error naming the variable that is missing or malformed. */
export function readWebConfig(env: NodeJS.ProcessEnv, folders: WebFolders): WebConfig {
  const key = env.SESSION_KEY ?? '';
  if (!/^[0-9a-f]{64}$/i.test(key)) {
    throw new Error(
      `SESSION_KEY is ${key ? 'not 64 hexadecimal digits' : 'not set'}: make one with \`openssl rand -hex 32\` and give it to every instance`,
    );
  }
  return {
    clientId: env.OIDC_CLIENT_ID ?? 'metloop-web',
    scope: env.OIDC_SCOPE ?? 'openid email profile api',
    sessionKey: Buffer.from(key, 'hex'),
    folders,
  };
}

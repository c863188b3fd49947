import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';

/** What the provider signs with, kept so that tokens and sessions survive its restart. */
export interface ProviderKeys {
  /** Private keys; their public halves are what the provider publishes. */
  readonly jwks: { readonly keys: JWK[] };
  readonly cookieKeys: string[];
}

/** Reads the keys, or makes them at the first start. The file can be read by its owner only. */
export async function readProviderKeys(file: string): Promise<ProviderKeys> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  if (text !== undefined) return JSON.parse(text) as ProviderKeys;
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const signing = { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: randomBytes(8).toString('hex') };
  const keys = { jwks: { keys: [signing] }, cookieKeys: [randomBytes(32).toString('base64url')] };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify(keys), { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
  return keys;
}

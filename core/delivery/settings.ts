import { type HostRules, parseHostRules } from './host-rules.ts';

/** What the operator decides of deliveries; the API and the workers are given the same. */
export interface DeliverySettings {
  readonly hosts: HostRules;
  /** Seals tokens of destinations, 32 bytes; without it none can be stored. */
  readonly key: Uint8Array | undefined;
}

/** Reads DESTINATION_HOSTS and DESTINATION_KEY. Without hosts nothing is sent anywhere. @throws Error naming the malformed one */
export function readDeliverySettings(env: NodeJS.ProcessEnv): DeliverySettings {
  const { DESTINATION_HOSTS: hosts = '', DESTINATION_KEY: key = '' } = env;
  if (key !== '' && !/^[0-9a-f]{64}$/i.test(key))
    throw new Error('DESTINATION_KEY is not 64 hexadecimal digits: make one with `openssl rand -hex 32`');
  try {
    return { hosts: parseHostRules(hosts), key: key === '' ? undefined : Buffer.from(key, 'hex') };
  } catch (error) {
    throw new Error(`DESTINATION_HOSTS: ${(error as Error).message}`, { cause: error });
  }
}

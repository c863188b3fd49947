/**
 * The only place where an object key is spelled.
 *
 *     tenants/<tenantId>/objects/<aa>/<sha256>             content-addressed; <aa> is the hash's first two digits
 *     tenants/<tenantId>/quarantine/<studyId>/<sha256>     withheld until its copy without a face is verified
 */

const MAX_KEY_LENGTH = 512;
const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9._=@+-]{0,199}$/;
const SHA256 = /^[0-9a-f]{64}$/;

/** A key, or a part of one, that the store does not accept. */
export class InvalidObjectKey extends Error {
  override readonly name = 'InvalidObjectKey';
}

/** Key of content by its SHA-256 (lower-case hex). @throws InvalidObjectKey */
export function objectKey(tenantId: string, sha256: string): string {
  if (!SHA256.test(sha256)) {
    throw new InvalidObjectKey(`"${sha256}" is not a SHA-256 in lower-case hexadecimal.`);
  }
  return `${objectsPrefix(tenantId)}${sha256.slice(0, 2)}/${sha256}`;
}

/** Key of a withheld image of a study. @throws InvalidObjectKey */
export function quarantineKey(tenantId: string, studyId: string, sha256: string): string {
  return `${quarantinePrefix(tenantId, studyId)}${segment(sha256, 'name of a withheld image')}`;
}

/** What the keys of all objects of a tenant begin with. @throws InvalidObjectKey */
export function tenantPrefix(tenantId: string): string {
  return `tenants/${segment(tenantId, 'tenant id')}/`;
}

/** What the keys of a tenant's content-addressed objects begin with. @throws InvalidObjectKey */
export function objectsPrefix(tenantId: string): string {
  return `${tenantPrefix(tenantId)}objects/`;
}

/** What the keys of a study's withheld images begin with; without `studyId`, those of all studies. @throws InvalidObjectKey */
export function quarantinePrefix(tenantId: string, studyId?: string): string {
  const all = `${tenantPrefix(tenantId)}quarantine/`;
  return studyId === undefined ? all : `${all}${segment(studyId, 'study id')}/`;
}

/** The SHA-256 that a content-addressed key promises; undefined for other keys. */
export function sha256OfKey(key: string): string | undefined {
  const parts = key.split('/');
  const sha256 = parts[4];
  return parts.length === 5 && parts[2] === 'objects' && sha256 !== undefined && SHA256.test(sha256)
    ? sha256
    : undefined;
}

/**
 * Refuses keys that some store would read differently: absolute ones, `.` and `..`, empty segments, characters outside
 * `A-Z a-z 0-9 . _ = @ + -`, more than 512 characters.
 * @throws InvalidObjectKey
 */
export function assertObjectKey(key: string): void {
  if (key.length > MAX_KEY_LENGTH) {
    throw new InvalidObjectKey(`An object key has ${key.length} characters; at most ${MAX_KEY_LENGTH} are allowed.`);
  }
  for (const part of key.split('/')) segment(part, `part of the object key "${key}"`);
}

function segment(value: string, what: string): string {
  if (!SEGMENT.test(value)) {
    throw new InvalidObjectKey(
      `"${value}" cannot be used as ${what}: it must begin with a letter or digit and have at most 200 characters out of A-Z a-z 0-9 . _ = @ + -`,
    );
  }
  return value;
}

import type { StowReply } from './stow-request.ts';

/** Why the receiver did not take an instance. */
export interface InstanceFailure {
  readonly sopInstanceUid: string;
  /** Failure Reason (0008,1197); null if the receiver named none. */
  readonly reason: number | null;
  readonly message: string;
}

/** What an answer means for the delivery. */
export interface Verdict {
  readonly outcome: 'DELIVERED' | 'FAILED' | 'RETRY';
  readonly message: string | null;
  /** Instances that were not taken; all others were, if any was told of. */
  readonly failures: readonly InstanceFailure[];
}

export interface Sent {
  readonly sopInstanceUids: readonly string[];
  /** True if an earlier request may have brought the receiver the same instances. */
  readonly before: boolean;
}

/** Of PS3.18 table I.2-2, PS3.4 tables B.2-1 and GG, and PS3.7 annex C. */
const reasonWords: Readonly<Record<number, string>> = {
  272: 'it failed while processing it',
  273: 'it has another instance under this UID',
  274: 'it knows no such instance',
  279: 'it takes the UID for invalid',
  290: 'it does not take this kind of object',
  292: 'it does not permit it',
  49442: 'it does not take this transfer syntax',
};
const duplicate = 0x0111;

/**
 * What a receiver's answer to STOW-RS means (PS3.18 section 10.5.3). An instance that it refuses as a duplicate is there if it was sent
 * before: UIDs are random and files never change.
 */
export function judge(reply: StowReply, sent: Sent): Verdict {
  const { status } = reply;
  if (status === 200 || status === 202 || status === 409) return judgeInstances(reply, sent);
  if (status >= 500 || status === 408 || status === 429)
    return verdict('RETRY', `The receiver answered ${status}${status === 429 ? ': too many requests' : ''}.`);
  if (status >= 300 && status < 400)
    return verdict(
      'FAILED',
      `The receiver answered ${status}, which leads elsewhere and is not followed: give its final address.`,
    );
  if (status === 401 || status === 403)
    return verdict('FAILED', `The receiver answered ${status}: it does not accept the token, or misses one.`);
  if (status === 404 || status === 405)
    return verdict('FAILED', `The receiver answered ${status}: there is no STOW-RS service at this address.`);
  if (status === 413) return verdict('FAILED', 'The receiver answered 413: it does not take as much at once.');
  return verdict('FAILED', `The receiver answered ${status}, which is no answer of STOW-RS.`);
}

const verdict = (outcome: Verdict['outcome'], message: string | null, failures: Verdict['failures'] = []): Verdict => ({
  outcome,
  message,
  failures,
});

function judgeInstances({ status, body }: StowReply, { sopInstanceUids, before }: Sent): Verdict {
  if (!body)
    return verdict(
      'FAILED',
      `The receiver answered ${status} with more text than is read; whether it stored anything is unknown.`,
    );
  const answer = parseAnswer(body);
  const failed = new Map(
    (answer?.failed ?? [])
      .filter(({ uid, reason }) => sopInstanceUids.includes(uid) && !(before && reason === duplicate))
      .map(({ uid, reason, comment }) => [uid, { sopInstanceUid: uid, reason, message: inWords(reason, comment) }]),
  );
  // 200 says that all are stored, in whatever form the rest is. Otherwise only what is named is known to be.
  const there = new Set(answer?.stored ?? []);
  for (const { uid, reason } of answer?.failed ?? []) if (before && reason === duplicate) there.add(uid);
  if (status !== 200)
    for (const uid of sopInstanceUids)
      if (!there.has(uid) && !failed.has(uid))
        failed.set(uid, { sopInstanceUid: uid, reason: null, message: 'The receiver did not say that it stored it.' });
  const failures = sopInstanceUids.flatMap((uid) => failed.get(uid) ?? []);
  if (failures.length === 0) return verdict('DELIVERED', null);
  return verdict(
    'FAILED',
    `The receiver answered ${status} and did not take ${failures.length} of ${sopInstanceUids.length}.`,
    failures,
  );
}

function inWords(reason: number | null, comment: string | undefined): string {
  const known =
    reason === null
      ? 'it names no reason'
      : (reasonWords[reason] ?? (rangeWords(reason) || `its reason is ${hexadecimal(reason)}`));
  return `The receiver refused it: ${known}${comment === undefined ? '' : ` ("${comment}")`}.`;
}

/** Status codes of which the last digits are the receiver's own. */
function rangeWords(reason: number): string {
  if (reason >> 8 === 0xa7) return 'it is out of resources';
  if (reason >> 8 === 0xa9) return 'the object does not fit its kind';
  return reason >> 12 === 0xc ? 'it cannot understand it' : '';
}

const hexadecimal = (reason: number): string => `${reason.toString(16).toUpperCase().padStart(4, '0')}H`;

interface ParsedAnswer {
  readonly stored: readonly string[];
  readonly failed: readonly {
    readonly uid: string;
    readonly reason: number | null;
    readonly comment: string | undefined;
  }[];
}

/** Referenced and Failed SOP Sequence of a Store Instances Response in DICOM JSON; undefined for anything else. */
function parseAnswer(body: Buffer): ParsedAnswer | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  // Some receivers put the one dataset into an array.
  const dataset = Array.isArray(parsed) ? parsed[0] : parsed;
  if (typeof dataset !== 'object' || dataset === null) return undefined;
  const texts = (items: readonly unknown[]) =>
    items.map((item) => ({ item, uid: String(first(item, '00081155') ?? '') }));
  return {
    stored: texts(values(dataset, '00081199')).map(({ uid }) => uid),
    failed: texts(values(dataset, '00081198')).map(({ item, uid }) => {
      const [reason, comment] = [first(item, '00081197'), first(item, '00000902')];
      return {
        uid,
        reason: Number.isInteger(reason) ? (reason as number) : null,
        comment: typeof comment === 'string' ? printable(comment) : undefined,
      };
    }),
  };
}

/** A receiver's words are shown to people: 64 characters, as an Error Comment has, and none that steers a terminal. */
const printable = (text: string): string => text.replace(/\p{C}/gu, ' ').slice(0, 64);

function values(dataset: unknown, tag: string): readonly unknown[] {
  const element = (dataset as Readonly<Record<string, unknown>> | null)?.[tag];
  const list = (element as { Value?: unknown } | undefined)?.Value;
  return Array.isArray(list) ? list : [];
}

const first = (dataset: unknown, tag: string): unknown => values(dataset, tag)[0];

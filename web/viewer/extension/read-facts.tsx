import { useEffect, useState } from 'preact/hooks';
import { inWords, momentOf, plural, shortId } from '../../app/parts/words.ts';
import type { ReadingSession } from './reading-session.ts';

/** What a read is, as its reader may know it. */
export interface ReadTask {
  readonly kind: 'DELINEATE' | 'CROSS_CHECK' | 'ADJUDICATE';
  readonly assisted: boolean;
  readonly dueAt: string | null;
  readonly returnedReason: string | null;
  readonly task: {
    readonly id: string;
    readonly study: { readonly studyDate: string | null; readonly subject: { readonly patientId: string } };
    readonly protocol: { readonly name: string; readonly number: number; readonly instructions: string };
  };
}
export const readTaskFields = `kind assisted dueAt returnedReason task { id
  study { studyDate subject { patientId } } protocol { name number instructions } }`;

/** The task, and what the protocol asks of its reader. */
export function ReadFacts({ read }: { read: ReadTask }) {
  const { study, protocol } = read.task;
  return (
    <section aria-label="Task">
      <h2>
        {inWords(read.kind)}, patient {shortId(study.subject.patientId)}
      </h2>
      <p class="faint">
        {[
          study.studyDate && `study of ${study.studyDate}`,
          read.dueAt && `due ${momentOf(read.dueAt)}`,
          read.assisted && 'begins from a draft',
        ]
          .filter(Boolean)
          .join(', ')}
      </p>
      {read.returnedReason && <p role="alert">Given back: {read.returnedReason}</p>}
      <details open={protocol.instructions.length < 600}>
        <summary>
          Protocol: {protocol.name}, version {protocol.number}
        </summary>
        <p class="instructions">{protocol.instructions || 'It says no more.'}</p>
      </details>
    </section>
  );
}

/** The time at work on the read, as the next save tells it; it stands still while nobody does anything. */
export function Timer({ session }: { session: ReadingSession }) {
  const [seconds, setSeconds] = useState(session.clock.seconds);
  useEffect(() => {
    const timer = setInterval(() => setSeconds(session.clock.seconds), 1000);
    return () => clearInterval(timer);
  }, [session]);
  return (
    <p
      class="faint"
      role="timer"
      title="Only while you are at work: after a minute without a sign of you it stands still."
    >
      Time on this read: {inMinutes(seconds)}
    </p>
  );
}

const inMinutes = (seconds: number): string =>
  seconds < 3600
    ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
    : `${plural(Math.floor(seconds / 3600), 'hour')} ${Math.floor((seconds % 3600) / 60)} min`;

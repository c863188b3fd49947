import { render } from 'preact';
import { useEffect, useReducer, useRef, useState } from 'preact/hooks';
import { graphql, SignedOut } from '../../app/api/graphql.ts';
import { plural } from '../../app/parts/words.ts';
import type { Subject } from './extension.ts';
import {
  addMetastasis,
  beginLabel,
  drawWith,
  labelsOf,
  type SavedRevision,
  saveLabel,
  showLabel,
  whenImagesAreThere,
} from './label.ts';
import type { DisplaySet, Managers } from './ohif.ts';
import { panelStyle } from './panel-style.ts';

interface Read {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly head: {
    readonly id: string;
    readonly segSeriesInstanceUid: string | null;
    readonly lesions: readonly unknown[];
  } | null;
  readonly task: { readonly protocol: { readonly name: string; readonly instructions: string } };
}
const readQuery = `query ($id: ID!) { node(id: $id) { ... on Read {
  id kind state head { id segSeriesInstanceUid lesions { number } } task { protocol { name instructions } }
} } }`;
const submitMutation = `mutation ($input: ReadSubmitInput!) { readSubmit(input: $input) { read { id } userErrors { code message } } }`;

/** Puts the panel into an element of OHIF's; it keeps its own tree, for OHIF's React is not within reach. */
export function mountPanel(element: HTMLElement, managers: Managers, subject: Subject): void {
  if (element.dataset.mounted) return;
  element.dataset.mounted = 'true';
  const root = element.attachShadow({ mode: 'open' });
  render(<Panel managers={managers} subject={subject} />, root);
}

function Panel({ managers, subject }: { managers: Managers; subject: Subject }) {
  return (
    <>
      <style>{panelStyle}</style>
      <main>
        {subject.readId ? (
          <ReadPanel managers={managers} readId={subject.readId} />
        ) : (
          <LabelList managers={managers} subject={subject} />
        )}
        <a href={subject.readId ? '/reads' : '/studies'}>
          {subject.readId ? 'Back to my reads' : 'Back to the studies'}
        </a>
      </main>
    </>
  );
}

/** Draws again whenever OHIF's labels change. */
function useLabels({ servicesManager }: Managers): void {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    const { segmentationService, displaySetService } = servicesManager.services;
    const listen = (service: typeof segmentationService | typeof displaySetService, names: readonly string[]) =>
      names.flatMap((name) => {
        const event = service.EVENTS[name];
        return event ? service.subscribe(event, () => redraw(0)) : [];
      });
    const subscriptions = [
      ...listen(segmentationService, ['SEGMENTATION_ADDED', 'SEGMENTATION_MODIFIED', 'SEGMENTATION_REMOVED']),
      ...listen(displaySetService, ['DISPLAY_SETS_ADDED', 'DISPLAY_SETS_CHANGED']),
    ];
    return () => {
      for (const subscription of subscriptions) subscription.unsubscribe();
    };
  }, [servicesManager]);
}

/** What is stored for the study, to look at. */
function LabelList({ managers, subject }: { managers: Managers; subject: Subject }) {
  useLabels(managers);
  const [message, setMessage] = useState('');
  const labels = labelsOf(managers);
  const show = (label: DisplaySet): void => {
    setMessage('');
    showLabel(managers, label).catch((error: Error) => setMessage(error.message));
  };
  const asked = useRef(subject.shownSeriesUid);
  const wanted = labels.find(({ SeriesInstanceUID }) => SeriesInstanceUID === asked.current);
  useEffect(() => {
    if (!wanted) return;
    return whenImagesAreThere(managers, () => {
      asked.current = undefined;
      show(wanted);
    });
  }, [wanted, managers]);
  return (
    <>
      <h2>Labels and segmentations</h2>
      {labels.length === 0 && <p class="faint">There are none that you may see.</p>}
      {labels.map((label) => (
        <button type="button" key={label.displaySetInstanceUID} onClick={() => show(label)}>
          Show: {nameAmong(labels, label)}
        </button>
      ))}
      {message && <p role="alert">{message}</p>}
    </>
  );
}

/** What a label is called, with a number where several are called so: readers are not named here. */
function nameAmong(labels: readonly DisplaySet[], label: DisplaySet): string {
  const name = label.SeriesDescription || 'label';
  const alike = labels.filter(({ SeriesDescription }) => (SeriesDescription || 'label') === name);
  return alike.length > 1 ? `${name} ${alike.indexOf(label) + 1}` : name;
}

/** The work on a read: draw, save, sign. */
function ReadPanel({ managers, readId }: { managers: Managers; readId: string }) {
  useLabels(managers);
  const [read, setRead] = useState<Read | null>();
  const [head, setHead] = useState<string | null>(null);
  const [saved, setSaved] = useState<SavedRevision>();
  const [message, setMessage] = useState<{ text: string; bad: boolean }>();
  const [busy, setBusy] = useState(false);
  const since = useRef(Date.now());
  const [radiusMm, setRadiusMm] = useState(4);
  const tool = useRef<Parameters<typeof drawWith>[1]>('CircularBrush');
  const draw = (wanted = tool.current, radius = radiusMm): void => {
    tool.current = wanted;
    drawWith(managers, wanted, radius);
  };
  const run = async (body: () => Promise<string>): Promise<void> => {
    setBusy(true);
    try {
      setMessage({ text: await body(), bad: false });
    } catch (error) {
      setMessage({ text: error instanceof SignedOut ? signedOutText : (error as Error).message, bad: true });
    } finally {
      setBusy(false);
    }
  };
  useEffect(() => {
    graphql<{ node: Read | null }>(readQuery, { id: readId }).then(
      ({ node }) => {
        setRead(node);
        setHead(node?.head?.id ?? null);
      },
      (error: Error) => setMessage({ text: error.message, bad: true }),
    );
  }, [readId]);
  if (!read) return <p>{read === null ? 'There is no such read of yours.' : '…'}</p>;

  const segmentation = managers.servicesManager.services.segmentationService.getSegmentations()[0];
  const stored = labelsOf(managers).find(
    ({ SeriesInstanceUID }) => SeriesInstanceUID === read.head?.segSeriesInstanceUid,
  );
  const save = async (): Promise<string> => {
    const secondsSpent = Math.round((Date.now() - since.current) / 1000);
    const revision = await saveLabel(managers, { readId, parentId: head, segmentation, secondsSpent });
    since.current = Date.now();
    setHead(revision.id);
    setSaved(revision);
    return `Saved and read back: ${plural(revision.lesions.length, 'metastasis', 'metastases')}.`;
  };
  const submit = async (): Promise<string> => {
    const none = (saved?.lesions ?? read.head?.lesions ?? []).length === 0;
    if (!confirm(none ? 'Sign that there is no metastasis?' : 'Sign and close this read?')) return 'Not signed.';
    await graphql(submitMutation, { input: { readId, revisionId: head, noMetastasis: none } });
    location.assign('/reads');
    return 'Signed.';
  };
  const open = read.state === 'STARTED';
  return (
    <>
      <h2>{read.task.protocol.name}</h2>
      {read.task.protocol.instructions && <p>{read.task.protocol.instructions}</p>}
      {open && (
        <>
          {!segmentation && stored && (
            <button
              type="button"
              disabled={busy}
              onClick={() => run(() => showLabel(managers, stored).then(() => 'Your last save is shown.'))}
            >
              Go on with the last save
            </button>
          )}
          {!segmentation && (
            <button
              type="button"
              disabled={busy}
              onClick={() => run(() => beginLabel(managers).then(() => 'Draw on any of the four images.'))}
            >
              Begin a label
            </button>
          )}
          {segmentation && (
            <div class="row">
              <button type="button" onClick={() => draw('CircularBrush')}>
                Brush
              </button>
              <button type="button" onClick={() => draw('CircularEraser')}>
                Eraser
              </button>
              <button type="button" onClick={() => addMetastasis(managers, segmentation)}>
                Next metastasis
              </button>
              <label>
                Radius{' '}
                <input
                  type="range"
                  min={1}
                  max={20}
                  value={radiusMm}
                  onInput={({ currentTarget }) => {
                    setRadiusMm(Number(currentTarget.value));
                    draw(tool.current, Number(currentTarget.value));
                  }}
                />{' '}
                {radiusMm} mm
              </label>
            </div>
          )}
          <button type="button" class="primary" disabled={busy} onClick={() => run(save)}>
            {segmentation ? 'Save' : 'Save: no metastasis'}
          </button>
          <button type="button" disabled={busy || head === null} onClick={() => run(submit)}>
            Sign and submit
          </button>
        </>
      )}
      {!open && <p class="faint">This read is not open: {read.state.toLowerCase()}.</p>}
      {message && <p role={message.bad ? 'alert' : 'status'}>{message.text}</p>}
    </>
  );
}

const signedOutText =
  'Your session has ended. Sign in again in another tab and save again: what you drew is still here.';

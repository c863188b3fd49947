import { useRef, useState } from 'preact/hooks';
import { droppedFiles, isDicomCandidate } from '../api/dropped-files.ts';
import { nodesOf, type Viewer } from '../api/queries.ts';
import { type UploadOutcome, type UploadProgress, uploadFiles } from '../api/stow.ts';
import { Heading, Panel, Problem } from '../parts/layout.tsx';
import { plural, size } from '../parts/words.ts';
import { Link } from '../router.tsx';
import { explain } from '../use-data.ts';

/** Lets a folder be chosen; the types of elements do not know it. */
const wholeFolder = { webkitdirectory: true };

/** Sends studies from the disk. */
export function UploadPage({ viewer }: { viewer: Viewer }) {
  const sites = nodesOf(viewer.sites);
  const [site, setSite] = useState(sites[0]?.id ?? '');
  const [over, setOver] = useState(false);
  const [count, setCount] = useState(0);
  const [progress, setProgress] = useState<UploadProgress>();
  const [outcome, setOutcome] = useState<UploadOutcome>();
  const [problem, setProblem] = useState<string>();
  const cancel = useRef<(() => void) | undefined>(undefined);

  const send = async (files: readonly File[]): Promise<void> => {
    setOutcome(undefined);
    setProblem(files.length === 0 ? 'There is no image file among these.' : undefined);
    if (files.length === 0) return;
    setCount(files.length);
    setProgress({ sentBytes: 0, totalBytes: files.reduce((sum, file) => sum + file.size, 0) });
    try {
      const upload = uploadFiles(site, files, setProgress);
      cancel.current = upload.cancel;
      setOutcome(await upload.done);
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setProgress(undefined);
    }
  };
  const choose = ({ currentTarget: input }: { currentTarget: HTMLInputElement }): void => {
    void send([...(input.files ?? [])].filter(isDicomCandidate));
    input.value = '';
  };
  const dragOver = (event: DragEvent): void => {
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    if (event.dataTransfer && !progress)
      void droppedFiles(event.dataTransfer).then(send, (error) => setProblem(explain(error)));
  };

  return (
    <>
      <Heading
        title="Upload"
        hint="Files are de-identified before anything is stored. Send the whole export: what is no image is left out."
      >
        <label>
          Site
          <select value={site} onChange={({ currentTarget }) => setSite(currentTarget.value)}>
            {sites.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </Heading>
      <section
        class={over ? 'drop over' : 'drop'}
        aria-label="Drop DICOM files here"
        onDragOver={dragOver}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        {progress ? (
          <Sending count={count} progress={progress} onCancel={() => cancel.current?.()} />
        ) : (
          <>
            <p class="large">Drop DICOM files, folders or zip archives here</p>
            <div class="actions">
              <label class="button primary">
                Choose files
                <input type="file" multiple class="hidden" onChange={choose} />
              </label>
              <label class="button">
                Choose a folder
                <input type="file" multiple {...wholeFolder} class="hidden" onChange={choose} />
              </label>
            </div>
          </>
        )}
      </section>
      <Problem message={problem} />
      {outcome && <Outcome outcome={outcome} />}
    </>
  );
}

function Sending({ count, progress, onCancel }: { count: number; progress: UploadProgress; onCancel: () => void }) {
  const { sentBytes, totalBytes } = progress;
  const sent = sentBytes >= totalBytes;
  return (
    <>
      <p class="large" role="status">
        {sent ? 'Sent; the last files are being stored …' : `Sending ${plural(count, 'file')}`}
      </p>
      <progress max={totalBytes} value={sentBytes} aria-label="Part sent" />
      <p class="faint figures">
        {size(sentBytes)} of {size(totalBytes)}
      </p>
      <button type="button" onClick={onCancel}>
        Stop
      </button>
    </>
  );
}

function Outcome({ outcome: { stored, refused, reasons, studies } }: { outcome: UploadOutcome }) {
  return (
    <Panel title={`${plural(stored, 'image')} of ${plural(studies.size, 'study', 'studies')} stored`}>
      <p role="status">
        {studies.size > 0 && (
          <>
            Preparation begins by itself. <Link to="/studies">Watch it in the list of studies</Link>.
          </>
        )}
      </p>
      {refused > 0 && (
        <>
          <p class="bad-text">{plural(refused, 'file was', 'files were')} refused:</p>
          <ul>
            {[...reasons].map(([reason, times]) => (
              <li key={reason}>
                {times} × {reason}
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}

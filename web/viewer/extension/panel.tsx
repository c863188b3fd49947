import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import { StudyComments } from './comments-panel.tsx';
import type { Subject } from './extension.ts';
import { whenImagesAreThere } from './images-there.ts';
import { LabelList } from './label-list.tsx';
import type { Managers } from './ohif.ts';
import { goTo } from './overlay.ts';
import { panelStyle } from './panel-style.ts';
import { StudyProbability } from './probability-panel.tsx';
import { ReadPanel } from './read-panel.tsx';

/** Puts the panel into an element of OHIF's; it keeps its own tree, for OHIF's React is not within reach. */
export function mountPanel(element: HTMLElement, managers: Managers, subject: Subject): void {
  if (element.dataset.mounted) return;
  element.dataset.mounted = 'true';
  const root = element.attachShadow({ mode: 'open' });
  render(<Panel managers={managers} subject={subject} />, root);
}

function Panel({ managers, subject }: { managers: Managers; subject: Subject }) {
  useEffect(() => {
    const { place } = subject;
    return place && whenImagesAreThere(managers, () => goTo(place));
  }, [managers, subject]);
  return (
    <>
      <style>{panelStyle}</style>
      <main>
        {subject.readId ? (
          <ReadPanel managers={managers} subject={subject} readId={subject.readId} />
        ) : (
          <>
            <LabelList managers={managers} subject={subject} />
            <StudyProbability studyUid={subject.studyInstanceUid} shownUid={subject.shownSeriesUid} />
            <StudyComments studyUid={subject.studyInstanceUid} />
          </>
        )}
        <a href={subject.readId ? '/reads' : '/studies'}>
          {subject.readId ? 'Back to my reads' : 'Back to the studies'}
        </a>
      </main>
    </>
  );
}

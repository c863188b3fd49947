import { useLayoutEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import type { Subject } from './extension.ts';
import { drawnSegments } from './label-pixels.ts';
import { Layouts } from './layouts.ts';
import { LesionList } from './lesion-list.tsx';
import type { Managers } from './ohif.ts';
import { goTo } from './overlay.ts';
import type { ReadingSession } from './reading-session.ts';
import { listenToKeys, shortcutsOf } from './shortcuts.ts';
import { ShortcutsHelp } from './shortcuts-help.tsx';
import { Toolbox } from './toolbox.ts';
import { ToolsBar } from './tools-bar.tsx';

interface Props {
  readonly managers: Managers;
  readonly subject: Subject;
  readonly session: ReadingSession;
  /** Runs what may fail later, and says so. */
  readonly run: (body: () => Promise<void>) => void;
}

/** All that a reader draws with: tools, list of metastases, keys. */
export function DrawingDesk({ managers, subject, session, run }: Props) {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const [help, setHelp] = useState(false);
  const toolbox = useMemo(
    () =>
      new Toolbox(
        managers,
        () => session.editor,
        () => redraw(0),
      ),
    [managers, session],
  );
  const layouts = useMemo(
    () =>
      new Layouts(
        managers,
        subject,
        () => session.editor.segmentationId,
        () => toolbox.applyHidden(),
      ),
    [managers, subject, session, toolbox],
  );
  const groups = shortcutsOf({
    toolbox,
    layouts,
    run,
    active: () => session.editor.active,
    go: (step) => goToNext(managers, session, step),
    save: () => session.save(),
    toggleHelp: () => setHelp((shown) => !shown),
  });
  const newest = useRef(groups);
  newest.current = groups;
  useLayoutEffect(() => listenToKeys(() => newest.current), []);
  return (
    <>
      <ToolsBar toolbox={toolbox} help={() => setHelp(true)} />
      <LesionList managers={managers} editor={session.editor} toolbox={toolbox} />
      {help && <ShortcutsHelp groups={groups} close={() => setHelp(false)} />}
    </>
  );
}

/** Goes to the metastasis before or after the active one, round and round, and draws with it from now on. */
function goToNext({ servicesManager }: Managers, { editor }: ReadingSession, step: -1 | 1): void {
  const { segmentationService } = servicesManager.services;
  const { segmentationId, active } = editor;
  const drawn = drawnSegments(segmentationId);
  const at = drawn.findIndex(({ number }) => number === active);
  const from = at < 0 && step < 0 ? 0 : at;
  const next = drawn.at((from + step) % (drawn.length || 1));
  if (!next) return;
  segmentationService.setActiveSegment(segmentationId, next.number);
  goTo(next.centroidLps);
}

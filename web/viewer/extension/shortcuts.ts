import { keyOf } from './key-name.ts';
import type { Layouts } from './layouts.ts';
import { begin, fillHoles, interpolate, remove, split, toggleCoarse } from './lesion-operations.ts';
import type { ReaderTool } from './reader-tools.ts';
import type { Toolbox } from './toolbox.ts';

export interface Shortcut {
  /** As KeyboardEvent.key, in lower case; with Control or Command if it says so. */
  readonly keys: readonly string[];
  readonly does: string;
  run(): void;
}
export interface ShortcutGroup {
  readonly name: string;
  readonly shortcuts: readonly Shortcut[];
}

/** What the keys act on. */
export interface Desk {
  readonly toolbox: Toolbox;
  readonly layouts: Layouts;
  /** The metastasis that is drawn with, and to draw with that before or after it. */
  readonly active: () => number;
  go(step: -1 | 1): void;
  /** Runs what may fail later, and says so. */
  run(body: () => Promise<void>): void;
  save(): Promise<void>;
  toggleHelp(): void;
}

const toolKeys: readonly (readonly [string, ReaderTool, string])[] = [
  ['b', 'CircularBrush', 'Brush'],
  ['e', 'CircularEraser', 'Eraser'],
  ['t', 'ThresholdCircularBrush', 'Threshold brush'],
  ['f', 'MetloopOutline', 'Freehand outline'],
  ['g', 'MetloopGrow', 'Grow a region from a click'],
  ['l', 'Length', 'Measure a length'],
  ['d', 'Bidirectional', 'Measure two diameters'],
  ['w', 'WindowLevel', 'Window'],
];

/** All keys of a read. */
export function shortcutsOf({ toolbox, layouts, active, go, run, save, toggleHelp }: Desk): ShortcutGroup[] {
  const one = (key: string, does: string, body: () => void): Shortcut => ({ keys: [key], does, run: body });
  return [
    { name: 'Tools', shortcuts: toolKeys.map(([key, tool, does]) => one(key, does, () => toolbox.use(tool))) },
    {
      name: 'Drawing',
      shortcuts: [
        one('[', 'Smaller brush', () => toolbox.setRadius(toolbox.radiusMm - 1)),
        one(']', 'Larger brush', () => toolbox.setRadius(toolbox.radiusMm + 1)),
        one('i', 'Interpolate between slices', () => toolbox.do(interpolate)),
        one('h', 'Fill holes', () => toolbox.do(fillHoles)),
        one('ctrl+z', 'Undo', () => toolbox.undo()),
        { keys: ['ctrl+y', 'ctrl+shift+z'], does: 'Redo', run: () => toolbox.redo() },
        one('ctrl+s', 'Save', () => run(save)),
      ],
    },
    {
      name: 'Metastases',
      shortcuts: [
        one('n', 'Next metastasis, a new one', () => toolbox.do(begin)),
        one('j', 'Go to the one after', () => go(1)),
        one('k', 'Go to the one before', () => go(-1)),
        one('v', 'Hide or show it', () => toolbox.toggleHidden(active())),
        one('x', 'Split it into its parts', () => toolbox.do((editor) => split(editor, active()))),
        one('o', 'Coarse outline or exact', () => toolbox.do((editor) => toggleCoarse(editor, active()))),
        one('delete', 'Delete it', () => toolbox.do((editor) => remove(editor, active()))),
      ],
    },
    {
      name: 'Images',
      shortcuts: [
        one('1', 'One large image, or all', () => run(() => layouts.toggleLarge())),
        one('2', 'As acquired, not resampled', () => run(() => layouts.toggle('NATIVE'))),
        one('3', 'Beside the study before', () => run(() => layouts.toggle('PRIOR'))),
        one('a', 'Axial', () => layouts.turn('axial')),
        one('s', 'Sagittal', () => layouts.turn('sagittal')),
        one('c', 'Coronal', () => layouts.turn('coronal')),
        one('?', 'These keys', toggleHelp),
      ],
    },
  ];
}

/** Listens before OHIF does, whose own keys stay as they are where ours leave them. @returns what stops listening */
export function listenToKeys(groups: () => readonly ShortcutGroup[]): () => void {
  const press = (event: KeyboardEvent): void => {
    const wanted = keyOf(event);
    if (isTyped(event)) return;
    const found = groups()
      .flatMap(({ shortcuts }) => shortcuts)
      .find(({ keys }) => keys.includes(wanted));
    if (!found) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    found.run();
  };
  addEventListener('keydown', press, { capture: true });
  return () => removeEventListener('keydown', press, { capture: true });
}

/** Whether the key goes into a text. */
function isTyped(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return false;
  const written = target instanceof HTMLInputElement && !['range', 'checkbox', 'button'].includes(target.type);
  return (
    written || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable
  );
}

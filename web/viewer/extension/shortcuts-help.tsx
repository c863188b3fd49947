import { useEffect, useRef } from 'preact/hooks';
import type { ShortcutGroup } from './shortcuts.ts';

/** All keys, over everything else until it is closed. */
export function ShortcutsHelp({ groups, close }: { groups: readonly ShortcutGroup[]; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    // OHIF takes this key for itself, so that the browser closes nothing.
    const press = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') dialog.current?.close();
    };
    addEventListener('keydown', press, { capture: true });
    return () => removeEventListener('keydown', press, { capture: true });
  }, []);
  return (
    <dialog ref={dialog} aria-label="Keys" onClose={close}>
      <div class="keys">
        {groups.map(({ name, shortcuts }) => (
          <section key={name}>
            <h2>{name}</h2>
            <dl>
              {shortcuts.map(({ keys, does }) => (
                <div key={does}>
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{nameOfKey(key)}</kbd>
                    ))}
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <button type="button" onClick={() => dialog.current?.close()}>
        Close
      </button>
    </dialog>
  );
}

const nameOfKey = (key: string): string =>
  key
    .split('+')
    .map((part) => ({ ctrl: 'Ctrl', shift: 'Shift', delete: 'Del' })[part] ?? part.toUpperCase())
    .join(' ');

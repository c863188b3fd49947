import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

const changed = 'metloop-navigated';

/** Goes to another page of the app. */
export function navigate(to: string): void {
  history.pushState(null, '', to);
  dispatchEvent(new Event(changed));
}

/** The path of the address, as it changes. */
export function usePath(): string {
  const [path, setPath] = useState(location.pathname);
  useEffect(() => {
    const update = (): void => setPath(location.pathname);
    addEventListener('popstate', update);
    addEventListener(changed, update);
    return () => {
      removeEventListener('popstate', update);
      removeEventListener(changed, update);
    };
  }, []);
  return path;
}

interface LinkProps {
  readonly to: string;
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly current?: boolean;
}

/** A link within the app; with a modifier key it is the browser's. */
export function Link({ to, children, class: className, current }: LinkProps) {
  const go = (event: MouseEvent): void => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a href={to} class={className} aria-current={current ? 'page' : undefined} onClick={go}>
      {children}
    </a>
  );
}

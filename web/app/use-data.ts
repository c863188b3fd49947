import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { graphql, SignedOut } from './api/graphql.ts';

export interface Loaded<T> {
  readonly data: T | undefined;
  readonly error: string | undefined;
  readonly reload: () => Promise<void>;
}

/** Called when an answer says that the session has ended. */
let onSignedOut = (_message: string): void => {};
export const whenSignedOut = (handler: (message: string) => void): void => {
  onSignedOut = handler;
};

/** Says to people what went wrong; a session that ended leads to the sign-in page instead. */
export function explain(error: unknown): string {
  if (error instanceof SignedOut) onSignedOut(error.message);
  return error instanceof Error && error.message ? error.message : 'Something went wrong; try again.';
}

/** Asks the API, again with other variables, and every `everyMs` while the page is looked at. */
export function useData<T>(query: string, variables: Readonly<Record<string, unknown>> = {}, everyMs = 0): Loaded<T> {
  const [state, setState] = useState<{ data: T | undefined; error: string | undefined }>({
    data: undefined,
    error: undefined,
  });
  const key = JSON.stringify(variables);
  const current = useRef('');
  current.current = query + key;
  const reload = useCallback(async () => {
    try {
      const data = await graphql<T>(query, JSON.parse(key));
      // An answer to what is no longer asked is dropped.
      if (current.current === query + key) setState({ data, error: undefined });
    } catch (error) {
      const message = explain(error);
      setState(({ data }) => ({ data, error: message }));
    }
  }, [query, key]);
  useEffect(() => {
    setState({ data: undefined, error: undefined });
    void reload();
    if (everyMs === 0) return;
    const timer = setInterval(() => document.hidden || void reload(), everyMs);
    return () => clearInterval(timer);
  }, [reload, everyMs]);
  return { ...state, reload };
}

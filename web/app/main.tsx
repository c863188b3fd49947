import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { graphql, SignedOut } from './api/graphql.ts';
import { type Viewer, viewerQuery } from './api/queries.ts';
import { Shell } from './shell.tsx';
import { SignIn } from './sign-in.tsx';
import { whenSignedOut } from './use-data.ts';
import './style.css';

type Session = { readonly viewer: Viewer } | 'SIGNED_OUT' | 'UNREACHABLE' | undefined;

function App() {
  const [session, setSession] = useState<Session>();
  const [message, setMessage] = useState('');
  useEffect(() => {
    whenSignedOut((why) => {
      setMessage(why);
      setSession('SIGNED_OUT');
    });
    graphql<{ viewer: Viewer }>(viewerQuery).then(setSession, (error: Error) => {
      setMessage(error.message);
      setSession(error instanceof SignedOut ? 'SIGNED_OUT' : 'UNREACHABLE');
    });
  }, []);
  if (session === undefined) return <p class="starting">Metloop …</p>;
  if (session === 'SIGNED_OUT') return <SignIn message={message} />;
  if (session === 'UNREACHABLE') return <SignIn message={message || 'The service does not answer; try again later.'} />;
  return <Shell viewer={session.viewer} />;
}

render(<App />, document.getElementById('app')!);

const problems: Readonly<Record<string, string>> = {
  expired: 'That sign-in took too long or was begun in another window. Please start again.',
  refused: 'The sign-in service refused. Please start again, or ask your administrator.',
};

/** Said by the API to everybody who has not signed in; not worth a warning. */
const usual = /^(Send an access token|$)/;

/** The page of whoever is not signed in; it comes back to the address that was asked for. */
export function SignIn({ message }: { message: string }) {
  const asked = new URLSearchParams(location.search).get('problem') ?? '';
  const problem = problems[asked] ?? (usual.test(message) ? '' : message);
  const to = location.pathname === '/sign-in' ? '/' : `${location.pathname}${location.search}`;
  return (
    <main class="sign-in">
      <img src="/assets/icon.svg" alt="" width="56" height="56" />
      <h1>Metloop</h1>
      <p>Ground truth for brain metastases on MRI, and the models learnt from it.</p>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <a class="button primary" href={`/auth/login?to=${encodeURIComponent(to)}`}>
        Sign in
      </a>
      <p class="faint">You sign in at your institution; Metloop never sees your password.</p>
    </main>
  );
}

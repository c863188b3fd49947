/** The pages that the demo's OIDC provider shows. They need no script and nothing from elsewhere. */

/** The form that asks who is there; it is posted to its own address as `email` and `password`. */
export function signInPage(options: { email?: string; message?: string }): string {
  const message = options.message === undefined ? '' : `<p role="alert">${escapeHtml(options.message)}</p>`;
  return page(
    'Sign in to Metloop',
    `${message}<form method="post">
      <label>Email <input name="email" type="email" autocomplete="username" required autofocus value="${escapeHtml(options.email ?? '')}"></label>
      <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
      <button type="submit">Sign in</button>
    </form>`,
  );
}

/** Asks whether to sign out; `form` is the provider's own, without a button. */
export function signOutPage(form: string): string {
  const button = '<button type="submit" form="op.logoutForm" name="logout" value="yes" autofocus>Sign out</button>';
  return page('Sign out of Metloop', `${form}${button}`);
}

/** Text under a heading. */
export function messagePage(title: string, message: string): string {
  return page(title, `<p>${escapeHtml(message)}</p>`);
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escapeHtml(title)}</title>
    <style>
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 22rem; margin: 12vh auto; padding: 0 1rem; color: #1b2733; }
      label { display: block; margin: 0.8rem 0; }
      input { display: block; box-sizing: border-box; width: 100%; padding: 0.5rem; font: inherit; border: 1px solid #7b8794; border-radius: 4px; }
      button { padding: 0.5rem 1.2rem; font: inherit; color: #fff; background: #0b5c8a; border: 0; border-radius: 4px; }
      [role='alert'] { color: #a3201d; }
    </style>
  </head>
  <body>
    <h1>${escapeHtml(title)}</h1>
    ${body}
  </body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

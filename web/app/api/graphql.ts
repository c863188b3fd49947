/** The session has ended, or there never was one. */
export class SignedOut extends Error {}

/** The service did not do what was asked; the message is for people. */
export class Refused extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

interface UserError {
  readonly code: string;
  readonly message: string;
}

type Variables = Readonly<Record<string, unknown>>;

/**
 * Runs one operation with the session's cookie.
 * @throws SignedOut; Refused for top-level errors and for the user errors of a mutation
 */
export async function graphql<T>(query: string, variables: Variables = {}): Promise<T> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'metloop-csrf': '1' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors = [] } = (await response.json().catch(() => ({}))) as {
    data?: T | null;
    errors?: readonly { message: string; extensions?: { code?: string } }[];
  };
  const [error] = errors;
  if (response.status === 401 || error?.extensions?.code === 'UNAUTHENTICATED')
    throw new SignedOut(error?.message ?? '');
  if (error) throw new Refused(error.extensions?.code ?? 'FAILED', error.message);
  if (!data) throw new Refused('FAILED', `The service answered ${response.status}.`);
  for (const payload of Object.values(data)) {
    const [userError] = (payload as { userErrors?: readonly UserError[] } | null)?.userErrors ?? [];
    if (userError) throw new Refused(userError.code, userError.message);
  }
  return data;
}

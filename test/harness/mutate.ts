import type { Caller } from '../../api/context.ts';
import type { Data, TestServices } from './services.ts';

/** Without the null prototypes of GraphQL's objects. */
export const plain = (data: Data): Data => JSON.parse(JSON.stringify(data));

/** Codes of the user errors of a mutation's payload. */
export const codes = ({ userErrors }: Data): string[] => userErrors.map(({ code }: { code: string }) => code);

/** Calls a mutation of one input. @returns its payload with these fields and the user errors, or `errors` if it was not served */
export async function mutate(
  { ask }: TestServices,
  caller: Caller,
  name: string,
  input: object,
  fields: string,
): Promise<Data> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input!`;
  const userErrors =
    'userErrors { code path message ... on MissingSequenceError { roles } ... on ConflictError { current { id } } }';
  const text = `mutation ($input: ${type}) { ${name}(input: $input) { ${fields} ${userErrors} } }`;
  const { data, errors } = await ask(caller, text, { input });
  return errors.length > 0 ? { errors } : data[name];
}

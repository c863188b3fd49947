import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const refuse = (name: string, wanted: string): never => {
  throw new GraphQLError(`${name} must be ${wanted}.`, { extensions: { code: 'BAD_USER_INPUT' } });
};

function textScalar<T>(
  name: string,
  wanted: string,
  parse: (text: string) => T | undefined,
  print: (value: T) => string,
): GraphQLScalarType<T, string> {
  const read = (value: unknown): T => (typeof value === 'string' ? parse(value) : undefined) ?? refuse(name, wanted);
  return new GraphQLScalarType({
    name,
    parseValue: read,
    parseLiteral: (node) => read(node.kind === Kind.STRING ? node.value : undefined),
    serialize: (value) => print(value as T),
  });
}

const date = /^\d{4}-\d\d-\d\d$/;
const same = (text: string): string => text;

/** The schema's own scalars; nothing but well-formed values passes in. */
export const scalars = {
  DateTime: textScalar<Date>(
    'DateTime',
    'a moment such as 2026-01-31T12:00:00.000Z',
    (text) =>
      /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text))
        ? new Date(text)
        : undefined,
    (moment) => moment.toISOString(),
  ),
  Date: textScalar(
    'Date',
    'a day such as 2026-01-31',
    (text) => (date.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined),
    same,
  ),
  URL: textScalar('URL', 'an absolute address', (text) => (URL.canParse(text) ? text : undefined), same),
  Sha256: textScalar(
    'Sha256',
    '64 hexadecimal digits',
    (text) => (/^[0-9a-f]{64}$/.test(text) ? text : undefined),
    same,
  ),
  ByteCount: new GraphQLScalarType({ name: 'ByteCount', serialize: Number }),
};

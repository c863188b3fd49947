import assert from 'node:assert/strict';
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isLeafType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** Of fields whose values change by themselves, or that say how the caller signed in. */
const restless = new Set(['expiresAt', 'etaSeconds', 'fraction']);

/**
 * A selection of every field that can be reached within `depth` objects, read off the schema, so that a field that is new tomorrow is in
 * it. On each way from the root a type is entered once.
 * @returns undefined for a type of which nothing can be selected within the depth
 */
export function selectAll(
  schema: GraphQLSchema,
  type: GraphQLNamedType,
  depth: number,
  way: readonly string[] = [],
): string | undefined {
  if (isLeafType(type)) return '';
  if (depth === 0 || way.includes(type.name)) return undefined;
  const further = [...way, type.name];
  if (isAbstractType(type)) {
    // What is of no object's own is asked of each object.
    const parts = schema.getPossibleTypes(type).flatMap((possible) => {
      const selection = selectAll(schema, possible, depth, way);
      return selection ? [`... on ${possible.name} ${selection}`] : [];
    });
    return parts.length > 0 ? `{ __typename ${parts.join(' ')} }` : undefined;
  }
  assert.ok(isObjectType(type), `${type.name} can be selected from`);
  const fields = Object.values(type.getFields()).flatMap((field) => {
    if (restless.has(field.name)) return [];
    const selection = selectAll(schema, getNamedType(field.type), depth - 1, further);
    if (selection === undefined) return [];
    // Types of one union may give a field of one name in two ways; under the type's name they do not clash.
    return [`${type.name}_${field.name}: ${call(field)} ${selection}`];
  });
  return fields.length > 0 ? `{ ${fields.join(' ')} }` : undefined;
}

/** A field with the arguments that it cannot do without: of an enum the first value. */
export function call(field: GraphQLField<unknown, unknown>, given: Readonly<Record<string, string>> = {}): string {
  const needed = field.args.filter((one) => given[one.name] !== undefined || (isRequired(one) && !given[one.name]));
  if (needed.length === 0) return field.name;
  return `${field.name}(${needed.map((one) => `${one.name}: ${given[one.name] ?? anyValue(one)}`).join(', ')})`;
}

const isRequired = ({ type, defaultValue }: GraphQLArgument): boolean =>
  isNonNullType(type) && defaultValue === undefined;

function anyValue({ name, type }: GraphQLArgument): string {
  const named = getNamedType(type);
  assert.ok(isEnumType(named), `the argument ${name} needs a value: give one`);
  return named.getValues()[0]!.name;
}

import {
  type ASTVisitor,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLFormattedError,
  type GraphQLNamedType,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/** How much one operation may ask for, its fragments written out. */
export interface Measures {
  /** Fields within fields. */
  readonly depth: number;
  /** Objects that the answer may have, if every page and list is full. */
  readonly cost: number;
  /** Fields under another name, through which one field can be asked for many times. */
  readonly aliases: number;
  readonly directives: number;
}

/** Well above what the web app asks for; a test says how far. Introspection, where it is allowed at all, is not counted. */
export const limits: Measures = { depth: 14, cost: 250_000, aliases: 15, directives: 20 };

/** Words and marks of a document: for `maxTokens` of GraphQL's parser, so that a longer one is not even read. */
export const maxTokens = 2000;

/** Tells why a refused document was too much, in `extensions.code` and `extensions.limit`. */
const code = 'TOO_COSTLY';

/** A validation rule: refuses operations that exceed a limit, with TOO_COSTLY, before anything is asked of the database. */
export function withinLimits(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(operation) {
      const found = measure(context, operation);
      for (const [limit, greatest] of Object.entries(limits) as [keyof Measures, number][]) {
        if (found[limit] <= greatest) continue;
        const message = `The operation's ${limit} is ${found[limit]}, above the limit of ${greatest}: ask for less at once.`;
        const extensions = { code, limit, greatest, found: found[limit] };
        context.reportError(new GraphQLError(message, { nodes: operation, extensions }));
      }
    },
  };
}

/** What Apollo Server and GraphQL's parser make of a document that exceeds a limit, with our code in the place of theirs. */
export function tellLimit(formatted: GraphQLFormattedError): GraphQLFormattedError {
  const { extensions = {}, message } = formatted;
  if (typeof extensions.limit === 'string' && extensions.greatest)
    return { ...formatted, extensions: { ...extensions, code } };
  if (!/more that \d+ tokens/.test(message)) return formatted;
  return {
    message: `The document has more than ${maxTokens} tokens: ask for less at once.`,
    extensions: { code, limit: 'tokens', greatest: maxTokens },
  };
}

const nothing: Measures = { depth: 0, cost: 0, aliases: 0, directives: 0 };

/** Each fragment is measured once, however often it is spread: the work is linear in the document. */
export function measure(context: ValidationContext, operation: OperationDefinitionNode): Measures {
  const schema = context.getSchema();
  const known = new Map<string, Measures>();

  const ofFragment = (fragment: FragmentDefinitionNode | null | undefined): Measures => {
    if (!fragment) return nothing;
    const name = fragment.name.value;
    const before = known.get(name);
    if (before) return before;
    // Stands until the fragment is measured: one that spreads itself is refused by another rule.
    known.set(name, nothing);
    const found = ofSelections(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value));
    known.set(name, found);
    return found;
  };

  const ofField = (node: FieldNode, parent: GraphQLNamedType | undefined): Measures => {
    const own = { ...nothing, aliases: node.alias ? 1 : 0 };
    if (node.name.value === '__schema' || node.name.value === '__type') return own;
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
    const type = field && getNamedType(field.type);
    const within = node.selectionSet ? ofSelections(node.selectionSet, type) : nothing;
    const cost = isCompositeType(type) ? greatestCount(field!, node) * (1 + within.cost) : within.cost;
    return sum(own, { ...within, depth: within.depth + 1, cost });
  };

  const ofSelections = ({ selections }: SelectionSetNode, parent: GraphQLNamedType | undefined): Measures =>
    selections
      .map((node) => {
        const directives = { ...nothing, directives: node.directives?.length ?? 0 };
        if (node.kind === Kind.FIELD) return sum(directives, ofField(node, parent));
        if (node.kind === Kind.FRAGMENT_SPREAD)
          return sum(directives, ofFragment(context.getFragment(node.name.value)));
        const condition = node.typeCondition ? schema.getType(node.typeCondition.name.value) : parent;
        return sum(directives, ofSelections(node.selectionSet, condition));
      })
      .reduce(sum, nothing);

  const root = schema.getRootType(operation.operation) ?? undefined;
  return sum({ ...nothing, directives: operation.directives?.length ?? 0 }, ofSelections(operation.selectionSet, root));
}

const sum = (a: Measures, b: Measures): Measures => ({
  depth: Math.max(a.depth, b.depth),
  cost: a.cost + b.cost,
  aliases: a.aliases + b.aliases,
  directives: a.directives + b.directives,
});

const greatestPage = 100;

/** How many objects a field may answer with: a page's `first`; of other lists what their description states, else 1. */
function greatestCount(field: GraphQLField<unknown, unknown>, node: FieldNode): number {
  const first = field.args.find(({ name }) => name === 'first');
  if (first) {
    const given = node.arguments?.find(({ name }) => name.value === 'first')?.value;
    // The value of a variable is not known yet.
    if (given?.kind === Kind.INT) return Math.min(Math.max(Number(given.value), 1), greatestPage);
    return given ? greatestPage : Number(first.defaultValue ?? greatestPage);
  }
  if (!isListType(getNullableType(field.type)) || field.name === 'edges') return 1;
  const stated = /at most ([\d,]+)/i.exec(field.description ?? '')?.[1];
  return stated ? Number(stated.replaceAll(',', '')) : greatestPage;
}

import { generate } from '@graphql-codegen/cli';
import config from '../../codegen.ts';

/** Types of the resolvers that schema.graphql asks for, as TypeScript. */
export async function resolverTypes(): Promise<string> {
  const files = (await generate({ ...config, silent: true, errorsOnly: true }, false)) as { content: string }[];
  const text = files[0]?.content;
  if (!text) throw new Error('graphql-codegen wrote nothing; is schema.graphql valid?');
  return text;
}

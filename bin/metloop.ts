import { type Command, isCommand, usage } from './commands.ts';

/** Runs the command that the arguments name. Returns the exit code. */
async function main([name = 'help', ...args]: string[]): Promise<number> {
  if (!isCommand(name)) {
    process.stderr.write(`There is no command "${name}".\n\n${usage()}`);
    return 2;
  }
  const command = (await import(`./commands/${name}.ts`)) as Command;
  return command.run(args);
}

process.exitCode = await main(process.argv.slice(2));

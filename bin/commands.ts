/** What a command's module, `bin/commands/<name>.ts`, exports. It returns the exit code. */
export interface Command {
  run(args: readonly string[]): Promise<number>;
}

/** The commands and what they do, in the order of the help. */
export const commands = {
  demo: 'starts everything on this machine with made-up studies; --headless runs the whole loop and ends',
  test: 'checks and runs all tests, or those whose path contains a given word: npm test -- <word>',
  check: 'types, format and lint, generated code, rules of the code base',
  generate: 'writes the generated code; --check only compares',
  doctor: 'says what is missing on this machine, and what to type',
  bench: 'measures parts of the program beside their peers; without a name, lists them',
  migrate: 'brings the database up to date',
  upload: 'sends a folder of images to a site; upload --help says how',
  import: 'sends NIfTI or a public data set to a site, with its labels; import --help says how',
  export: 'writes a frozen dataset to a zip archive: BIDS, nnU-Net or DICOM; export --help says how',
  tenant: 'sets up a tenant from a JSON file, for its operator',
  api: 'serves the API and the web application',
  worker: 'works on jobs; --queues prepare,report,deliver,train,infer',
  help: 'shows this',
} as const;

export type CommandName = keyof typeof commands;

export function isCommand(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}

/** The help text. */
export function usage(): string {
  const lines = Object.entries(commands).map(([name, what]) => `  ${name.padEnd(10)}${what}`);
  return `npm run metloop -- <command> [arguments]\n\n${lines.join('\n')}\n`;
}

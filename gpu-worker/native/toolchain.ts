import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runCommand } from './command.ts';

/** One finding of a doctor: what was looked at, whether it is well, and what to do if it is not. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do; empty where all is well. */
  readonly fix: string;
}

const require = createRequire(import.meta.url);

/** The folder of Node's C headers, from npm: no headers need to be installed on the machine. */
export const nodeHeaders = (): string => join(dirname(require.resolve('node-api-headers')), 'include');

/** The folder of the tfjs-node package, whose C++ sources are compiled. */
export const tfjsPackage = (): string => dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));

/** Looks for everything that building the engine needs. `env` says where programs are looked for. */
export async function inspectToolchain(env: NodeJS.ProcessEnv = process.env): Promise<Check[]> {
  return [checkPlatform(), checkHeaders(), ...(await Promise.all(tools.map((tool) => checkTool(tool, env))))];
}

interface Tool {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly package: string;
}

const tools: readonly Tool[] = [
  { name: 'python3', program: 'python3', args: ['--version'], package: 'python3' },
  { name: 'pip', program: 'python3', args: ['-m', 'pip', '--version'], package: 'python3-pip' },
  { name: 'g++', program: 'g++', args: ['--version'], package: 'g++' },
];

async function checkTool(
  { name, program, args, package: systemPackage }: Tool,
  env: NodeJS.ProcessEnv,
): Promise<Check> {
  const { succeeded, output } = await runCommand(program, args, { what: name, log: () => {}, env });
  const detail = output.split('\n')[0] ?? '';
  if (succeeded) return { name, ok: true, detail, fix: '' };
  return {
    name,
    ok: false,
    detail: detail || 'not found',
    fix: `Install the system package "${systemPackage}" (Debian, Ubuntu: apt-get install ${systemPackage}).`,
  };
}

function checkPlatform(): Check {
  const detail = `${process.platform} ${process.arch}`;
  const ok = process.platform === 'linux' && process.arch === 'x64';
  return {
    name: 'platform',
    ok,
    detail,
    fix: ok ? '' : 'The native engine runs on Linux x64; start the worker there or in its container.',
  };
}

function checkHeaders(): Check {
  const name = 'node headers';
  const fix = 'Run "npm ci" in the checkout: the npm package node-api-headers is missing.';
  try {
    const folder = nodeHeaders();
    return existsSync(join(folder, 'node_api.h'))
      ? { name, ok: true, detail: folder, fix: '' }
      : { name, ok: false, detail: `no node_api.h in ${folder}`, fix };
  } catch {
    return { name, ok: false, detail: 'node-api-headers is not installed', fix };
  }
}

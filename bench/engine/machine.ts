import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { runCommand } from '../../gpu-worker/native/command.ts';

/** Where figures were measured; nothing can be said of them without it. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  /** The instruction sets that matter to the network, of those below. */
  readonly instructions: readonly string[];
  /** NVIDIA's name of the first GPU with its memory and driver, if there is one. */
  readonly gpu: string | undefined;
  /** Mean number of processes that wanted to run in the minute before the bench began. */
  readonly load: number;
}

const telling = ['amx_bf16', 'amx_tile', 'avx512_bf16', 'avx512_vnni', 'avx512f', 'avx2'];

export async function describeMachine(): Promise<Machine> {
  const information = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  const flags = new Set(/^flags\s*:\s*(.*)$/m.exec(information)?.[1]?.split(' '));
  return {
    processor: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    instructions: telling.filter((name) => flags.has(name)),
    gpu: await findGpu(),
    load: Math.round(loadavg()[0]! * 100) / 100,
  };
}

/** Whether bfloat16 has instructions of its own here. */
export const hasBfloat16 = ({ instructions, gpu }: Machine): boolean =>
  gpu !== undefined || instructions.some((name) => name.endsWith('_bf16'));

export function machineText({ processor, cores, memoryGiB, instructions, gpu, load }: Machine): string {
  const found = instructions.length > 0 ? instructions.join(' ') : 'none of those looked for';
  return [
    `${processor}, ${cores} cores, ${memoryGiB} GiB, ${found}`,
    `GPU: ${gpu ?? 'none'}`,
    `load when it began: ${load}`,
  ].join('; ');
}

async function findGpu(): Promise<string | undefined> {
  const args = ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader'];
  const { succeeded, output } = await runCommand('nvidia-smi', args, { what: 'nvidia-smi', log: () => {} });
  return succeeded ? output.split('\n')[0]?.trim() || undefined : undefined;
}

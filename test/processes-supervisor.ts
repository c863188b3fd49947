/** Run by processes.test.ts as a process of its own: supervises one process until it is told to stop. */
import { superviseProcesses } from '../demo/services/processes.ts';

const supervisor = await superviseProcesses({
  recordFile: process.argv[2]!,
  log: (line) => process.stdout.write(`${line}\n`),
});
const script = "console.log('number', process.pid); setInterval(() => {}, 1000)";
await supervisor.start({ name: 'child', command: process.execPath, args: ['-e', script], ready: { line: /^number/ } });
process.stdout.write('supervising\n');
process.exitCode = await supervisor.untilStopped();

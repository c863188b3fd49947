import { parentPort } from 'node:worker_threads';
import type { StepCall, StepReply } from './preparation-pool.ts';
import { preparationSteps } from './preparation-steps.ts';
import { RegistrationError } from './registration.ts';

const port = parentPort;
if (!port) throw new Error('preparation-worker.ts runs only as a thread of a preparation pool');

const reply = (message: StepReply): void => port.postMessage(message);

port.on('message', async (call: StepCall) => {
  try {
    const step: (...args: never[]) => Promise<unknown> = preparationSteps[call.step];
    reply({ value: await step(...(call.args as never[])) });
  } catch (error) {
    reply({ error, fromRegistration: error instanceof RegistrationError });
  }
});

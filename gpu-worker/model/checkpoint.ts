import { type ComputeType, computeTypes, type Network } from './architecture.ts';
import { decodeSafetensors, encodeSafetensors, type TensorMap } from './safetensors.ts';
import { networkOf } from './weights.ts';

/** All that a training needs to go on as if it had not been interrupted. */
export interface Checkpoint {
  readonly network: Network;
  /** What the steps were computed in; others would be other steps. */
  readonly compute: ComputeType;
  /** Weights, moving averages and the optimizer's moments, by variable name. */
  readonly tensors: TensorMap;
  /** Steps done. */
  readonly step: number;
  /** State of the random numbers that choose and turn the frames; see SeededRandom. */
  readonly randomState: string;
}

/** A checkpoint as one safetensors file; its tensors can be read by other programs too. */
export function encodeCheckpoint({ network, compute, tensors, step, randomState }: Checkpoint): Uint8Array {
  const { width, channels } = network;
  return encodeSafetensors(tensors, {
    kind: 'checkpoint',
    width: String(width),
    channels: String(channels),
    compute,
    step: String(step),
    random_state: randomState,
  });
}

/** @throws Error if the bytes are not a checkpoint. */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const step = Number(metadata.step);
  const compute = computeTypes.find((type) => type === metadata.compute);
  if (metadata.kind !== 'checkpoint' || !compute || !Number.isSafeInteger(step) || step < 0) {
    throw new Error('The safetensors file is not a checkpoint of a training.');
  }
  return { network: networkOf(metadata), compute, tensors, step, randomState: metadata.random_state ?? '' };
}

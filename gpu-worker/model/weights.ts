import { checkNetwork, type Network } from './architecture.ts';
import { networkParameters } from './parameters.ts';
import { decodeSafetensors, encodeSafetensors, type TensorMap } from './safetensors.ts';

/** The weights of a network: kernels, batch normalization's scale, offset and moving averages, each by its name. */
export interface Weights {
  readonly network: Network;
  readonly tensors: TensorMap;
}

/** The weights as safetensors; the network stands in its metadata. */
export function encodeWeights({ network: { width, channels }, tensors }: Weights): Uint8Array {
  return encodeSafetensors(tensors, { width: String(width), channels: String(channels) });
}

/** @throws Error if the bytes are not such a file, or a weight is missing, superfluous, of another shape or not a finite number. */
export function decodeWeights(bytes: Uint8Array): Weights {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const network = networkOf(metadata);
  for (const [name, { data }] of tensors) {
    const at = data.findIndex((weight) => !Number.isFinite(weight));
    if (at >= 0) throw new Error(`Weight ${name} is ${data[at]} at element ${at}; a network with it answers nothing.`);
  }
  return { network, tensors: pickWeights(tensors, network, 'exactly') };
}

/** The network that a file's metadata names. @throws Error if they name none. */
export function networkOf(metadata: Readonly<Record<string, string>>): Network {
  const network = { width: Number(metadata.width), channels: Number(metadata.channels) };
  checkNetwork(network);
  return network;
}

/**
 * The weights of `network` among `tensors`, in the order of the layers.
 * @throws Error if one is missing or has another shape, or if others are there though they should be `exactly` these.
 */
export function pickWeights(tensors: TensorMap, network: Network, extent: 'among others' | 'exactly'): TensorMap {
  const parameters = networkParameters(network);
  const picked = new Map(
    parameters.map(({ name, shape }) => {
      const found = tensors.get(name);
      const text = (sizes: readonly number[]): string => `[${sizes.join(', ')}]`;
      if (!found) throw new Error(`The weights lack ${name}${text(shape)} of a network of width ${network.width}.`);
      if (text(found.shape) !== text(shape)) {
        throw new Error(`Weight ${name} has shape ${text(found.shape)}; the network's is ${text(shape)}.`);
      }
      return [name, found] as const;
    }),
  );
  if (extent === 'exactly' && picked.size !== tensors.size) {
    const stranger = [...tensors.keys()].find((name) => !picked.has(name));
    throw new Error(`The weights hold ${stranger}, which a network of width ${network.width} does not have.`);
  }
  return picked;
}

import type { Volume } from '#core/domain/geometry.ts';
import { brainMask } from './brain-mask.ts';
import { faceRegion } from './face-region.ts';
import { type RegistrationOptions, registerRigid } from './register.ts';
import type { Registration } from './registration.ts';

/** The steps of a preparation that take seconds of a core each. */
export interface PreparationSteps {
  /** @throws RegistrationError if the search does not come to an end */
  register(fixed: Volume, moving: Volume, options: RegistrationOptions): Promise<Registration>;
  /** @throws RangeError if the volume holds no head */
  brainMask(volume: Volume, fraction: number): Promise<Volume<Uint8Array>>;
}

/** And of a removal of faces. */
export interface DefacingSteps extends PreparationSteps {
  /** @throws RangeError if the mask is empty */
  faceRegion(brain: Volume<Uint8Array>): Promise<Volume<Uint8Array>>;
}

/** The steps, done in this thread. */
export const preparationSteps: DefacingSteps = {
  register: registerRigid,
  brainMask: async (volume, fraction) => brainMask(volume, fraction),
  faceRegion: async (brain) => faceRegion(brain),
};

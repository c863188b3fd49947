import { elastixNode } from '@itk-wasm/elastix';
import { type Matrix4, spacingMm, type Volume, type VoxelArray, voxelCount } from '#core/domain/geometry.ts';
import { RegistrationError } from './registration.ts';

/** How long elastix searches. */
export interface SearchSchedule {
  readonly resolutions: number;
  readonly iterationsPerResolution: number;
  readonly samplesPerIteration: number;
}

/**
 * Up to this many voxels, about 100 x 100 x 100, the short schedule holds. With more there is more detail to find: of 60 series of phantoms
 * of 128 x 128 x 98 voxels the short schedule left one with a mean error of 0.31 mm over the brain, and up to 0.29 mm on real heads of
 * that size, where the long one left 0.05 to 0.12 mm in three times the time; two resolutions of 64 iterations lost two series in nine.
 */
const smallVoxels = 1_200_000;
const shortSchedule: SearchSchedule = { resolutions: 3, iterationsPerResolution: 128, samplesPerIteration: 2048 };
const longSchedule: SearchSchedule = { resolutions: 4, iterationsPerResolution: 256, samplesPerIteration: 4096 };

export function searchSchedule(fixed: Volume<VoxelArray>, moving: Volume<VoxelArray>): SearchSchedule {
  return Math.max(voxelCount(fixed.grid), voxelCount(moving.grid)) <= smallVoxels ? shortSchedule : longSchedule;
}

/**
 * The rigid motion from `fixed` to `moving`, LPS mm, of the highest normalized mutual information, by elastix (Klein
 * 2010): adaptive stochastic gradient descent over a smoothing pyramid, from the alignment of the volumes' centres.
 * Equal input and seed give equal output.
 * @throws RegistrationError if elastix ends without a transform.
 */
export async function elastixRigid(
  fixed: Volume<VoxelArray>,
  moving: Volume<VoxelArray>,
  schedule: SearchSchedule,
  seed: number,
): Promise<Matrix4> {
  const { exitCode } = process;
  try {
    const images = { fixed: itkImage(fixed), moving: itkImage(moving) };
    const { transformParameterObject } = await elastixNode([parameterMap(schedule, seed)], images);
    return matrixOf(transformParameterObject);
  } catch (cause) {
    // A failing engine takes itself for the whole program and marks this process as failed.
    process.exitCode = exitCode;
    if (cause instanceof RegistrationError) throw cause;
    // The engine throws bare numbers when too few samples overlap or an image has no structure.
    const reason = cause instanceof Error ? cause.message.trim() : 'the volumes hardly overlap or hold no structure';
    throw new RegistrationError(`elastix stopped: ${reason}`, { cause });
  }
}

/** elastix's default rigid map, spelled out so that another version of it changes nothing here, and our choices. */
function parameterMap(schedule: SearchSchedule, seed: number): Record<string, string[]> {
  return {
    Registration: ['MultiResolutionRegistration'],
    // Halved as well as smoothed: volumes of full size at each level took two thirds of the time and came no closer.
    FixedImagePyramid: ['FixedRecursiveImagePyramid'],
    MovingImagePyramid: ['MovingRecursiveImagePyramid'],
    NumberOfResolutions: [String(schedule.resolutions)],
    Metric: ['NormalizedMutualInformation'],
    NumberOfHistogramBins: ['32'],
    Interpolator: ['LinearInterpolator'],
    ImageSampler: ['RandomCoordinate'],
    NumberOfSpatialSamples: [String(schedule.samplesPerIteration)],
    NewSamplesEveryIteration: ['true'],
    CheckNumberOfSamples: ['true'],
    MaximumNumberOfSamplingAttempts: ['8'],
    RandomSeed: [String(seed)],
    Optimizer: ['AdaptiveStochasticGradientDescent'],
    AutomaticParameterEstimation: ['true'],
    NumberOfSamplesForExactGradient: ['4096'],
    MaximumNumberOfIterations: [String(schedule.iterationsPerResolution)],
    Transform: ['EulerTransform'],
    AutomaticScalesEstimation: ['true'],
    AutomaticTransformInitialization: ['true'],
    AutomaticTransformInitializationMethod: ['GeometricalCenter'],
    UseDirectionCosines: ['true'],
    Resampler: ['DefaultResampler'],
    ResampleInterpolator: ['FinalBSplineInterpolator'],
    FinalBSplineInterpolationOrder: ['1'],
    DefaultPixelValue: ['0'],
    ResultImageFormat: ['nii'],
    WriteResultImage: ['false'],
    WriteIterationInfo: ['false'],
  };
}

type ItkImage = NonNullable<NonNullable<Parameters<typeof elastixNode>[1]>['fixed']>;

function itkImage({ grid, data }: Volume<VoxelArray>): ItkImage {
  const m = grid.indexToLps;
  const spacing = spacingMm(grid);
  const direction = Float64Array.from({ length: 9 }, (_, n) => m[4 * Math.floor(n / 3) + (n % 3)]! / spacing[n % 3]!);
  return {
    imageType: { dimension: 3, componentType: 'float32', pixelType: 'Scalar', components: 1 },
    name: 'image',
    origin: [m[3]!, m[7]!, m[11]!],
    spacing: [...spacing],
    direction,
    size: [...grid.size],
    metadata: new Map(),
    // A copy of its own: the engine reads the whole buffer behind the array, whatever part of it the array shows.
    data: new Float32Array(data),
  };
}

/** Euler angles and shift about a centre, R = Rz Rx Ry unless ComputeZYX, as one matrix. */
function matrixOf(transformParameters: unknown): Matrix4 {
  const transform = Array.isArray(transformParameters) ? (transformParameters[0] as Record<string, string[]>) : {};
  const numbers = (key: string): number[] => (transform[key] ?? []).map(Number);
  const [parameters, centre] = [numbers('TransformParameters'), numbers('CenterOfRotationPoint')];
  if (parameters.length !== 6 || centre.length !== 3 || ![...parameters, ...centre].every(Number.isFinite))
    throw new RegistrationError('elastix returned no rigid transform');
  if (transform.ComputeZYX?.[0] === 'true') throw new RegistrationError('elastix returned angles in the order ZYX');
  const [x, y, z] = [parameters[0]!, parameters[1]!, parameters[2]!];
  const [cx, sx, cy, sy, cz, sz] = [Math.cos(x), Math.sin(x), Math.cos(y), Math.sin(y), Math.cos(z), Math.sin(z)];
  const rotation = [
    [cz * cy - sz * sx * sy, -sz * cx, cz * sy + sz * sx * cy],
    [sz * cy + cz * sx * sy, cz * cx, sz * sy - cz * sx * cy],
    [-cx * sy, sx, cx * cy],
  ];
  const rows = rotation.map((row, axis) => {
    const turned = row.reduce((sum, cosine, n) => sum + cosine * centre[n]!, 0);
    return [...row, centre[axis]! + parameters[3 + axis]! - turned];
  });
  return [...rows.flat(), 0, 0, 0, 1];
}

"""Makes label.oracle.json with SciPy and DeepMind's surface-distance.

Run: pip install numpy scipy surface-distance==0.1 && python label.oracle.py > label.oracle.json
Masks are bits of voxels in scan order (columns fastest), eight a byte, greatest bit first, as base64.
"""

import base64
import itertools
import json
import math
import sys

import numpy as np
import scipy
from scipy import ndimage

np.Inf = np.inf  # surface-distance 0.1 was written for NumPy 1.
import surface_distance as sd  # noqa: E402
from surface_distance import lookup_tables  # noqa: E402

# 95 but for rounding, so that an area of exactly 95 % counts however sums are rounded.
PERCENT = 95 - 1e-9
random = np.random.default_rng(20200101)


def pack(mask):
    return base64.b64encode(np.packbits(mask.astype(bool).ravel()).tobytes()).decode()


def blobs(shape, count, low, high):
    """Ellipsoids at random places; shape is slices, rows, columns."""
    at = np.stack(np.meshgrid(*[np.arange(n) for n in shape], indexing="ij"), -1)
    mask = np.zeros(shape, bool)
    for _ in range(count):
        centre = random.uniform(0, shape)
        radii = random.uniform(low, high, 3)
        mask |= (((at - centre) / radii) ** 2).sum(-1) <= 1
    return mask


def structure(neighbours):
    return ndimage.generate_binary_structure(3, {6: 1, 18: 2, 26: 3}[neighbours])


def component_cases():
    cases = []
    for shape, density in [((9, 11, 13), 0.08), ((7, 6, 5), 0.35), ((1, 8, 9), 0.4), ((12, 10, 1), 0.3)]:
        mask = random.random(shape) < density
        case = {"size": shape[::-1], "mask": pack(mask), "labels": {}, "dilated": {}}
        for neighbours in (6, 18, 26):
            case["labels"][neighbours] = ndimage.label(mask, structure(neighbours))[0].ravel().tolist()
            case["dilated"][neighbours] = pack(ndimage.binary_dilation(mask, structure(neighbours), iterations=2))
        cases.append(case)
    return cases


def distance_cases():
    """Distances to a mask, and the mask dilated by 2 mm, by SciPy's exact distance transform."""
    cases = []
    for spacing in [(1, 1, 1), (0.9375, 0.9375, 1.5), (0.5, 0.7, 3)]:
        mask = blobs((10, 14, 12), 3, 1, 4)
        distances = ndimage.distance_transform_edt(~mask, sampling=spacing[::-1])
        cases.append({
            "size": mask.shape[::-1], "spacingMm": spacing, "mask": pack(mask),
            "squaredDistancesMm2": np.round(distances**2, 9).ravel().tolist(),
            "dilated2Mm": pack(distances <= 2 + 1e-6),
        })
    return cases


def surfel_areas():
    """Area by neighbour code; bit n of a code is the voxel at column n & 1, row n >> 1 & 1, slice n >> 2 & 1."""
    rows = []
    for spacing in [(1, 1, 1), (0.9, 1.1, 2.3)]:
        table = lookup_tables.create_table_neighbour_code_to_surface_area(np.array(spacing[::-1], float))
        areas = []
        for code in range(256):
            cube = np.array([code >> n & 1 for n in range(8)]).reshape(2, 2, 2)
            areas.append(float(table[int((cube * lookup_tables.ENCODE_NEIGHBOURHOOD_3D_KERNEL).sum())]))
        rows.append({"spacingMm": spacing, "areasMm2": areas})
    return rows


def hd95_cases():
    shape = (14, 18, 16)
    pairs = []
    for spacing in [(1, 1, 1), (0.9375, 0.9375, 1), (0.6, 0.8, 2.5)]:
        for _ in range(6):
            a = blobs(shape, 1, 1.2, 5)
            pairs.append((spacing, a, np.roll(a, random.integers(-2, 3, 3), (0, 1, 2)) | blobs(shape, 1, 0.6, 2)))
        pairs.append((spacing, random.random(shape) < 0.5, random.random(shape) < 0.1))
        one, two = np.zeros(shape, bool), np.zeros(shape, bool)
        one[0, 0, 0] = two[13, 17, 15] = True
        pairs.append((spacing, one, two))
    cases = []
    for spacing, a, b in pairs:
        if not a.any() or not b.any():
            continue
        found = sd.compute_surface_distances(a, b, spacing[::-1])
        cases.append({"size": shape[::-1], "spacingMm": spacing, "a": pack(a), "b": pack(b),
                      "hd95Mm": float(sd.compute_robust_hausdorff(found, PERCENT))})
    return cases


def diameters(mask, spacing):
    """Longest and perpendicular diameter and slice, by trying all pairs of voxels."""
    best = (-1.0, -1.0, 0)
    edge = (spacing[0] + spacing[1]) / 2
    for k in range(mask.shape[0]):
        rows, columns = np.nonzero(mask[k])
        points = np.stack([columns * spacing[0], rows * spacing[1]], -1)
        ends = {n for n in range(len(points))
                for line, across in ((rows, columns), (columns, rows))
                if across[n] in (across[line == line[n]].min(), across[line == line[n]].max())}
        pairs = list(itertools.combinations(range(len(points)), 2)) or [(0, 0)] * (len(points) > 0)
        for m, n in pairs:
            v = points[n] - points[m]
            length = math.hypot(*v)
            if length < best[0] - 1e-9:
                continue
            across = 0.0
            for p, q in itertools.combinations(sorted(ends), 2):
                w = points[q] - points[p]
                if length and abs(v @ w) <= length * math.hypot(*w) * math.sin(math.radians(10)) + 1e-9:
                    across = max(across, math.hypot(*w))
            if length > best[0] + 1e-9 or across > best[1] + 1e-9:
                best = (length, across, k)
    return best[0] + edge, best[1] + edge, best[2]


def measure_cases():
    cases = []
    for spacing in [(1, 1, 1), (0.9375, 0.9375, 1.5), (0.5, 0.8, 3)]:
        mask = blobs((8, 20, 22), 4, 0.8, 4)
        labels, count = ndimage.label(mask, structure(26))
        lesions = []
        for number in range(1, count + 1):
            own = labels == number
            longest, perpendicular, slice_index = diameters(own, spacing)
            centre = ndimage.center_of_mass(own)
            lesions.append({
                "number": number, "voxelCount": int(own.sum()), "volumeMm3": float(own.sum() * np.prod(spacing)),
                "longestDiameterMm": longest, "perpendicularDiameterMm": perpendicular,
                "sliceCount": int(own.any((1, 2)).sum()), "sliceIndex": slice_index,
                "centroidLps": [float(c * s) for c, s in zip(centre[::-1], spacing)],
            })
        cases.append({"size": mask.shape[::-1], "spacingMm": spacing, "mask": pack(mask), "lesions": lesions})
    return cases


json.dump({
    "madeBy": f"numpy {np.__version__}, scipy {scipy.__version__}, surface-distance 0.1",
    "components": component_cases(), "distances": distance_cases(), "surfelAreas": surfel_areas(),
    "hd95": hd95_cases(), "measures": measure_cases(),
}, sys.stdout)

"""Makes drawing.oracle.json with SciPy: regions grown, holes filled, slices interpolated, lesions split, outlines filled.

Run: pip install numpy scipy matplotlib && python drawing.oracle.py > drawing.oracle.json
Volumes are slices, rows, columns here; sizes are columns, rows, slices. Lists of voxels are indices in scan order (columns fastest).
"""

import json
import sys

import matplotlib
import numpy as np
import scipy
from matplotlib.path import Path
from scipy import ndimage

random = np.random.default_rng(20261130)


def indices(mask):
    return np.flatnonzero(mask).tolist()


def places(shape):
    return np.stack(np.meshgrid(*[np.arange(n) for n in shape], indexing="ij"), -1)


def ellipsoid(shape, centre, radii):
    return (((places(shape) - centre) / radii) ** 2).sum(-1) <= 1


def growth_cases():
    """A bright lesion beside a dimmer one that touches it, a bright sheet, and noise; clicked at several places."""
    shape = (16, 30, 28)
    image = np.rint(random.normal(100, 6, shape))
    image[ellipsoid(shape, (8, 14, 12), (3.2, 5, 4))] += 150
    image[ellipsoid(shape, (8, 14, 19), (2, 3, 3))] += 60
    image[:, 25:27, :] += 140
    image = np.clip(np.rint(image), 0, 4095).astype(int)
    cases = []
    for spacing, seed, share, reach in [
        ((1, 1, 1.5), (8, 14, 12), 0.5, 12),
        ((1, 1, 1.5), (8, 14, 12), 0.3, 12),
        ((0.9, 0.9, 1.2), (8, 14, 20), 0.5, 9),
        ((1, 1, 1), (8, 25, 5), 0.5, 6),
        ((1, 1, 1), (0, 0, 0), 0.5, 5),
        ((1, 1, 1), (7, 12, 11), 0.6, 40),
    ]:
        edges = np.array(spacing[::-1])
        ball = ((((places(shape) - seed) * edges) ** 2).sum(-1)) <= (reach + 1e-6) ** 2
        near = (np.abs(places(shape) - seed) <= 1).all(-1)
        peak = image[near].max()
        start = np.flatnonzero(near & (image == peak))[0]
        background = np.median(image[ball])
        level = background + share * (peak - background)
        bright = image >= level
        labels, _ = ndimage.label(bright & ball)
        grown = labels == labels.ravel()[start]
        leaked = (ndimage.binary_dilation(grown) & bright & ~ball).any()
        cases.append({
            "size": shape[::-1], "spacingMm": spacing, "share": share, "reachMm": reach,
            "seed": int(np.ravel_multi_index(seed, shape)), "level": float(level),
            "voxels": indices(grown) if peak > background else [], "cutOff": bool(leaked),
        })
    return {"image": image.ravel().tolist(), "cases": cases}


def hole_cases():
    cases = []
    for shape, density in [((4, 9, 11), 0.6), ((3, 12, 8), 0.7), ((6, 7, 6), 0.65)]:
        mask = random.random(shape) < density
        filled = np.stack([ndimage.binary_fill_holes(one) for one in mask])
        cases.append({"size": shape[::-1], "voxels": indices(mask), "holes": indices(filled & ~mask)})
    return cases


def between_cases():
    """Slices of random ellipses with gaps of one to five slices."""
    cases = []
    for spacing in [(1, 1, 1), (0.9375, 0.9375, 1.5), (0.7, 0.9, 3)]:
        shape = (14, 24, 26)
        mask = np.zeros(shape, bool)
        for k in (1, 4, 5, 11, 13):
            centre = random.uniform(9, 13, 2)
            mask[k] = ellipsoid(shape[1:], centre, random.uniform(2, 7, 2))
        result = np.zeros(shape, bool)
        half = (spacing[0] + spacing[1]) / 4
        plane = (spacing[1], spacing[0])

        def signed(one):
            return np.where(one, ndimage.distance_transform_edt(one, plane) - half,
                            half - ndimage.distance_transform_edt(~one, plane))

        for below, above in [(1, 4), (5, 11), (11, 13)]:
            for k in range(below + 1, above):
                w = (k - below) / (above - below)
                result[k] = (1 - w) * signed(mask[below]) + w * signed(mask[above]) > 0
        cases.append({"size": shape[::-1], "spacingMm": spacing, "voxels": indices(mask), "between": indices(result)})
    return cases


def part_cases():
    cases = []
    for shape, density in [((7, 9, 10), 0.08), ((5, 6, 7), 0.12)]:
        mask = random.random(shape) < density
        labels, count = ndimage.label(mask, np.ones((3, 3, 3)))
        parts = [indices(labels == n) for n in range(1, count + 1)]
        cases.append({"size": shape[::-1], "voxels": indices(mask), "parts": sorted(parts, key=len, reverse=True)})
    return cases


def outline_cases():
    """Outlines with corners off the voxels' centres, in each plane of a turned grid and in an oblique one."""
    cases = []
    size = (20, 18, 12)
    angle = 0.3
    axes = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    spacing = np.array([0.9, 1.1, 1.7])
    origin = np.array([-31.3, 12.7, 40.1])
    matrix = np.eye(4)
    matrix[:3, :3] = axes * spacing
    matrix[:3, 3] = origin
    i, j, k = np.meshgrid(*[np.arange(n) for n in size], indexing="ij")
    centres = np.stack([i, j, k], -1) * spacing @ axes.T + origin
    order = lambda mask: np.flatnonzero(mask.transpose(2, 1, 0)).tolist()
    middle = np.array([9.3, 8.4, 5.2]) * spacing @ axes.T + origin
    for normal_in_grid in [(0, 0, 1), (0, 1, 0), (1, 0, 0), (0.6, 0, 0.8)]:
        normal = axes @ np.array(normal_in_grid, float)
        u = np.cross(normal, axes @ np.array([0.0, 1, 0]) if abs(normal_in_grid[1]) < 0.9 else axes @ np.array([1.0, 0, 0]))
        u /= np.linalg.norm(u)
        v = np.cross(normal, u)
        turns = np.linspace(0, 2 * np.pi, 17)[:-1]
        radii = random.uniform(2.5, 6.5, 16)
        flat = np.stack([radii * np.cos(turns), radii * np.sin(turns)], -1)
        points = middle + flat[:, :1] * u + flat[:, 1:] * v
        offsets = centres - middle
        half = np.abs(axes.T * spacing[:, None] @ normal).sum() / 2
        apart = offsets @ normal
        inside = Path(flat).contains_points(np.stack([(offsets @ u).ravel(), (offsets @ v).ravel()], -1))
        mask = inside.reshape(size) & (apart > -half) & (apart <= half)
        cases.append({"size": size, "indexToLps": matrix.ravel().tolist(), "normal": normal.tolist(),
                      "points": points.tolist(), "voxels": order(mask)})
    return cases


json.dump({
    "madeBy": f"numpy {np.__version__}, scipy {scipy.__version__}, matplotlib {matplotlib.__version__}",
    "growth": growth_cases(), "holes": hole_cases(), "between": between_cases(), "parts": part_cases(),
    "outlines": outline_cases(),
}, sys.stdout)

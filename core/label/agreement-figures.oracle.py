"""Makes agreement-figures.oracle.json with scikit-learn, statsmodels and SciPy.

Run: pip install numpy scipy scikit-learn statsmodels && python agreement-figures.oracle.py > agreement-figures.oracle.json
Masks are bits of voxels in scan order (columns fastest), eight a byte, greatest bit first, as base64.
"""

import base64
import json
import sys

import numpy as np
import scipy
import sklearn
import statsmodels
from scipy import ndimage
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

random = np.random.default_rng(20260401)
TOUCHING = np.ones((3, 3, 3), bool)


def pack(mask):
    return base64.b64encode(np.packbits(mask.astype(bool).ravel()).tobytes()).decode()


def blobs(shape, count):
    at = np.stack(np.meshgrid(*[np.arange(n) for n in shape], indexing="ij"), -1)
    mask = np.zeros(shape, bool)
    for _ in range(count):
        mask |= (((at - random.uniform(0, shape)) / random.uniform(1, 4, 3)) ** 2).sum(-1) <= 1
    return mask


def reader_of(truth):
    """The truth moved and gnawed at, without some of it and with something else."""
    moved = np.roll(truth, random.integers(-1, 2, 3), (0, 1, 2))
    labels, count = ndimage.label(moved, TOUCHING)
    for lesion in range(1, count + 1):
        if random.random() < 0.25:
            moved[labels == lesion] = False
    return (moved & (random.random(truth.shape) < 0.97)) | blobs(truth.shape, int(random.integers(0, 2)))


def dice(a, b):
    return 2 * (a & b).sum() / (a.sum() + b.sum())


def compare(label, reference, spacing):
    """Shape is slices, rows, columns."""
    voxel = float(np.prod(spacing))
    found, found_count = ndimage.label(label, TOUCHING)
    wanted, wanted_count = ndimage.label(reference, TOUCHING)
    lesions = []
    for n in range(1, wanted_count + 1):
        lesion = wanted == n
        touching = set(found[lesion].tolist()) - {0}
        outline = np.isin(found, list(touching))
        match = {"dice": dice(lesion, outline), "volumeMm3": outline.sum() * voxel} if touching else None
        lesions.append({"volumeMm3": lesion.sum() * voxel, "match": match})
    false = [n for n in range(1, found_count + 1) if not (reference & (found == n)).any()]
    return {"lesions": lesions, "falsePositiveVolumesMm3": [(found == n).sum() * voxel for n in false]}


def case(index):
    size = [int(n) for n in random.integers(12, 26, 3)]
    shape = size[::-1]
    spacing = [float(n) for n in random.uniform(0.5, 2, 3)]
    truth = blobs(shape, index % 6)
    readers = [reader_of(truth) for _ in range(3)]
    present = np.array([[bool(plane.any()) for plane in mask] for mask in [truth, *readers]])
    comparison = compare(readers[0], truth, spacing)
    pairs = [(one["match"]["volumeMm3"], one["volumeMm3"]) for one in comparison["lesions"] if one["match"]]
    differences = np.array([a - b for a, b in pairs])
    limits = None
    if len(pairs) > 1:
        within = 1.96 * differences.std(ddof=1)
        limits = [float(n) for n in (differences.mean(), differences.mean() - within, differences.mean() + within)]
    table, _ = aggregate_raters(present[1:].T.astype(int), n_cat=2)
    same = bool(present[1:].all() or not present[1:].any())
    flat = bool(present[:2].all() or not present[:2].any())
    return {
        "size": size,
        "spacingMm": spacing,
        "truth": pack(truth),
        "readers": [pack(mask) for mask in readers],
        "comparison": comparison,
        "edited": int((readers[0] ^ truth).sum()),
        "cohen": None if flat else float(cohen_kappa_score(present[1], present[0])),
        "fleiss": None if same else float(fleiss_kappa(table, method="fleiss")),
        "blandAltman": limits,
    }


versions = {"scikit-learn": sklearn.__version__, "statsmodels": statsmodels.__version__, "scipy": scipy.__version__}
result = {"madeBy": versions, "cases": [case(index) for index in range(24)]}
json.dump(result, sys.stdout, indent=1, default=float)
print()

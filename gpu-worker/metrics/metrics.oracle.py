"""Makes metrics.oracle.json with SciPy, scikit-learn and DeepMind's surface-distance.

Run: pip install numpy scipy scikit-learn surface-distance==0.1 && python metrics.oracle.py > metrics.oracle.json
Masks are bits of voxels in scan order (columns fastest), eight a byte, greatest bit first, as base64.
"""

import base64
import json
import sys

import numpy as np
import scipy
import sklearn
from scipy import ndimage, stats
from sklearn.metrics import precision_recall_fscore_support, roc_auc_score, roc_curve

np.Inf = np.inf  # surface-distance 0.1 was written for NumPy 1.
import surface_distance as sd  # noqa: E402

# 95 but for rounding, so that an area of exactly 95 % counts however sums are rounded.
PERCENT = 95 - 1e-9
random = np.random.default_rng(20200102)
EDGES, CORNERS = ndimage.generate_binary_structure(3, 2), ndimage.generate_binary_structure(3, 3)


def pack(mask):
    return base64.b64encode(np.packbits(mask.astype(bool).ravel()).tobytes()).decode()


def blobs(shape, count, low, high):
    at = np.stack(np.meshgrid(*[np.arange(n) for n in shape], indexing="ij"), -1)
    mask = np.zeros(shape, bool)
    for _ in range(count):
        radii = random.uniform(low, high, 3)
        mask |= (((at - random.uniform(0, shape)) / radii) ** 2).sum(-1) <= 1
    return mask


def roc_cases():
    cases = []
    for steps, count, shift in [(None, 600, 1.0), (20, 600, 0.5), (5, 400, 0.2), (None, 50, -0.5)]:
        truth = random.random(count) < 0.2
        values = 1 / (1 + np.exp(-random.normal(truth * shift, 1)))
        values = np.round(values * steps) / steps if steps else np.round(values, 6)
        values = values.astype(np.float32)
        mask = random.random(count) < 0.8
        inside_truth, inside = truth[mask], values[mask]
        false_alarms, sensitivity, thresholds = roc_curve(inside_truth, inside, drop_intermediate=False)
        # The point at infinity, where nothing is predicted, is no threshold.
        best = 1 + int(np.argmax(np.round(sensitivity - false_alarms, 12)[1:]))
        cases.append({
            "values": [float(v) for v in values], "truth": truth.astype(int).tolist(), "mask": mask.astype(int).tolist(),
            "auc": roc_auc_score(inside_truth, inside), "threshold": float(thresholds[best]),
            "sensitivity": sensitivity[best], "specificity": 1 - false_alarms[best],
            # At a vertical step the curve counts with its upper end.
            "curve": [float(max(np.interp(x, false_alarms, sensitivity), sensitivity[false_alarms <= x].max()))
                      for x in np.arange(101) / 100],
        })
    return cases


def rank_sum_cases():
    samples = [(random.normal(0, 1, m), random.normal(d, 1, n)) for m, n, d in
               [(3, 4, 1), (17, 17, 0.8), (17, 12, 0), (1, 5, 0), (49, 49, 0.5), (60, 20, 0.3), (17, 17, 4)]]
    samples += [(random.integers(0, 5, m).astype(float), random.integers(1, 6, n).astype(float)) for m, n in [(17, 17), (5, 30), (80, 90)]]
    samples.append((np.arange(60.0), np.arange(60.0) + 200.5))
    cases = []
    for first, second in samples:
        ties = len(set(first) | set(second)) < len(first) + len(second)
        exact = not ties and max(len(first), len(second)) < 50
        found = stats.mannwhitneyu(first, second, alternative="two-sided", method="exact" if exact else "asymptotic")
        cases.append({"first": first.tolist(), "second": second.tolist(), "exact": exact,
                      "u": float(found.statistic), "pValue": float(found.pvalue)})
    return cases


def brats23(truth, predicted, spacing):
    voxel = float(np.prod(spacing))
    merged, count = ndimage.label(ndimage.binary_dilation(truth, EDGES), CORNERS)
    regions, region_count = ndimage.label(predicted, CORNERS)
    matched, dices, distances = set(), [], []
    for number in range(1, count + 1):
        lesion = truth & (merged == number)
        own = set(np.unique(regions[ndimage.binary_dilation(lesion, EDGES)])) - {0}
        matched |= own
        if lesion.sum() * voxel <= 2 + 1e-6:
            continue
        union = np.isin(regions, list(own))
        if not own:
            dices.append(0)
            distances.append(374)
            continue
        dices.append(2 * (union & lesion).sum() / (union.sum() + lesion.sum()))
        distances.append(sd.compute_robust_hausdorff(sd.compute_surface_distances(lesion, union, spacing[::-1]), PERCENT))
    extra = region_count - len(matched)
    judged = len(dices) + extra
    if judged == 0:
        return {"dice": 1, "hd95Mm": 0, "keptLesionCount": 0, "falsePositives": 0}
    return {"dice": float(sum(dices) / judged), "hd95Mm": float((sum(distances) + 374 * extra) / judged),
            "keptLesionCount": len(dices), "falsePositives": extra}


def detection(truth, predicted, spacing):
    voxel = float(np.prod(spacing))
    lesions, count = ndimage.label(truth, CORNERS)
    regions, region_count = ndimage.label(predicted, CORNERS)
    found = [n for n in range(1, count + 1) if (predicted & (lesions == n)).any()]
    extra = [n for n in range(1, region_count + 1) if not (truth & (regions == n)).any()]
    detected, detecting = np.isin(lesions, found), predicted & ~np.isin(regions, extra)
    both = detected.sum() + detecting.sum()
    precision, recall, dice, _ = precision_recall_fscore_support(truth.ravel(), predicted.ravel(), average="binary", zero_division=np.nan)
    number = lambda value: None if np.isnan(value) else float(value)
    return {
        "lesionCount": count, "foundLesionCount": len(found), "falsePositives": len(extra),
        "falsePositives10mm3": sum((regions == n).sum() * voxel >= 10 - 1e-6 for n in extra),
        "detectedDice": float(2 * (detected & detecting).sum() / both) if found else None,
        "precision": number(precision), "recall": number(recall), "dice": number(dice),
    }


def volume_cases():
    shape = (12, 22, 20)
    cases = []
    for spacing in [(1, 1, 1), (0.9375, 0.9375, 1)]:
        for lesions, extras, jitter in [(4, 2, 1), (7, 4, 2), (3, 0, 0), (0, 3, 0), (5, 0, 4), (0, 0, 0)]:
            truth = blobs(shape, lesions, 0.5, 3)
            predicted = np.roll(truth, random.integers(-jitter, jitter + 1, 3), (0, 1, 2)) | blobs(shape, extras, 0.4, 1.8)
            cases.append((spacing, truth, predicted))
        cases.append((spacing, blobs(shape, 5, 0.5, 2), np.zeros(shape, bool)))
        cases.append((spacing, random.random(shape) < 0.01, random.random(shape) < 0.01))
    return [{"size": shape[::-1], "spacingMm": spacing, "truth": pack(truth), "predicted": pack(predicted),
             "brats23": brats23(truth, predicted, spacing),
             "detection": json.loads(json.dumps(detection(truth, predicted, spacing), default=int))}
            for spacing, truth, predicted in cases]


json.dump({
    "madeBy": f"numpy {np.__version__}, scipy {scipy.__version__}, scikit-learn {sklearn.__version__}, surface-distance 0.1",
    "roc": roc_cases(), "rankSum": rank_sum_cases(), "volumes": volume_cases(),
}, sys.stdout)

"""Writes normalized-mutual-information.oracle.json: scikit-image's normalized_mutual_information of correlated values."""

import json
import pathlib

import numpy as np
from skimage.metrics import normalized_mutual_information

random = np.random.default_rng(20200102)
a = np.round(random.normal(100, 30, 1500), 2)
b = np.round(0.02 * (a - 90) ** 2 + random.normal(0, 4, a.size), 2)
result = {
    "a": a.tolist(),
    "b": b.tolist(),
    "nmi": {str(bins): normalized_mutual_information(a, b, bins=bins) for bins in (8, 32, 64)},
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(result) + "\n")

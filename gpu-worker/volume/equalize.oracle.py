"""Writes equalize.oracle.json: (average rank - 0.5) / n of the masked values of every slice, by scipy.stats.rankdata."""

import json
import pathlib

import numpy as np
from scipy.stats import rankdata

random = np.random.default_rng(20200101)
image = np.round(random.gamma(2.0, 20.0, size=(4, 9, 11)))
mask = (random.random(image.shape) < 0.6).astype(int)
mask[1] = 1
mask[2] = 0
mask[2, 4, 4] = 1
equalized = np.zeros(image.shape)
for values, inside, out in zip(image, mask.astype(bool), equalized):
    out[inside] = (rankdata(values[inside], method="average") - 0.5) / inside.sum()
result = {
    "size": list(image.shape[::-1]),
    "image": image.astype(int).ravel().tolist(),
    "mask": mask.ravel().tolist(),
    "equalized": np.round(equalized, 9).ravel().tolist(),
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(result) + "\n")

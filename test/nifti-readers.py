"""Reads NIfTI files with nibabel and prints what is in them as JSON, by path."""

import json
import sys

import nibabel as nib
import numpy as np

found = {}
for path in sys.argv[1:]:
    image = nib.load(path)
    header = image.header
    data = np.asanyarray(image.dataobj)
    found[path] = {
        "class": type(image).__name__,
        "dtype": data.dtype.newbyteorder("=").name,
        "affine": image.affine.ravel().tolist(),
        "qform": None if int(header["qform_code"]) == 0 else header.get_qform().ravel().tolist(),
        "zooms": [float(v) for v in header.get_zooms()],
        "units": header.get_xyzt_units()[0],
        "shape": list(data.shape),
        "values": data.astype(np.float64).ravel(order="F").tolist(),
    }
json.dump(found, sys.stdout)

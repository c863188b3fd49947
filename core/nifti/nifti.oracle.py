"""Makes nifti.oracle.json: small files written by nibabel, with the values and the affine that nibabel reads from them.

    python nifti.oracle.py    (nibabel 5.4, numpy)
"""
import base64
import gzip
import json
from pathlib import Path

import nibabel as nib
import numpy as np

shape = (4, 3, 5)
random = np.random.default_rng(20261130)


def rotation(x, y, z):
    cx, sx, cy, sy, cz, sz = np.cos(x), np.sin(x), np.cos(y), np.sin(y), np.cos(z), np.sin(z)
    return (np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]]) @ np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
            @ np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]]))


def affine(angles, spacing, origin, flip=1):
    out = np.eye(4)
    out[:3, :3] = rotation(*angles) * np.array(spacing) @ np.diag([1, 1, flip])
    out[:3, 3] = origin
    return out


oblique = affine((0.2, -0.4, 1.1), (0.5, 0.75, 1.5), (-12.5, 30.25, 7))
mirrored = affine((-2.9, 0.1, 3.0), (1, 1, 2), (90, -126, -72), flip=-1)
straight = np.diag([-1.0, -1, 1, 1])
cases = []


def values(dtype):
    if np.issubdtype(dtype, np.floating):
        return random.normal(0, 500, shape).astype(dtype)
    info = np.iinfo(dtype)
    return random.integers(max(info.min, -2**40), min(info.max, 2**40), shape, dtype, endpoint=True)


def add(name, image, zipped=False, patch=None):
    data = image.to_bytes()
    if patch:
        data = patch(bytearray(data))
    read = type(image).from_bytes(bytes(data))
    numbers = np.asanyarray(read.dataobj).astype(np.float64)
    if zipped:
        data = gzip.compress(data, mtime=0)
    cases.append({"name": name, "file": base64.b64encode(bytes(data)).decode(), "affine": read.affine.ravel().tolist(),
                  "values": numbers.ravel(order="F").tolist()})


def image(kind, array, sform=oblique, sform_code=1, qform=None, qform_code=0, order="<", slope=None):
    header = kind.header_class(endianness=order)
    header.set_data_dtype(array.dtype)
    out = kind(array, None, header)
    out.header.set_xyzt_units("mm")
    out.set_sform(sform, sform_code)
    if qform is None:
        out.header["qform_code"] = qform_code
    else:
        out.set_qform(qform, qform_code)
    if slope:
        out.header.set_slope_inter(*slope)
    return out


for kind, version in ((nib.Nifti1Image, 1), (nib.Nifti2Image, 2)):
    for order in "<>":
        for dtype in ("u1", "i1", "i2", "u2", "i4", "u4", "f4", "f8", "i8", "u8"):
            add(f"version {version}, {order}{dtype}", image(kind, values(np.dtype(dtype)), order=order))
        add(f"version {version}, {order}, qform", image(kind, values(np.dtype("i2")), None, 0, oblique, 1, order))
        add(f"version {version}, {order}, mirrored qform", image(kind, values(np.dtype("i2")), None, 0, mirrored, 2, order))
        add(f"version {version}, {order}, sform before qform",
            image(kind, values(np.dtype("i2")), mirrored, 2, oblique, 1, order))
        add(f"version {version}, {order}, scaled",
            image(kind, values(np.dtype("i2")), order=order, slope=(0.25, -100)))
    add(f"version {version}, gzipped", image(kind, values(np.dtype("f4"))), zipped=True)
    add(f"version {version}, half turn", image(kind, values(np.dtype("u1")), None, 0, straight, 1))
    extended = image(kind, values(np.dtype("u1")))
    extended.header.extensions.append(nib.nifti1.Nifti1Extension("comment", b"a remark " * 10))
    add(f"version {version}, with an extension", extended)

Path(__file__).with_suffix(".json").write_text(json.dumps(cases))

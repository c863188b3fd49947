"""Makes resample-label.oracle.json with SimpleITK: a label's nearest neighbours on another grid, and how much of each voxel lies in each segment.

Run: pip install numpy SimpleITK==2.5.7 && python resample-label.oracle.py > resample-label.oracle.json
The label is looked up (nearest neighbour) at 24 x 24 x 24 places of each voxel, and the shares are averaged. Arrays are base64, in scan
order (columns fastest): labels of 8 bits, and for each segment its share of each voxel, 0 to 250.
"""

import base64
import json

import numpy as np
import SimpleITK as sitk

FINE = 24
random = np.random.default_rng(20260101)


def rotation(axis, angle):
    axis = np.asarray(axis, float) / np.linalg.norm(axis)
    k = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    return np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * (k @ k)


def image(size, spacing, directions, centre):
    """An empty image whose middle is at the centre, LPS mm."""
    one = sitk.Image([int(n) for n in size], sitk.sitkUInt8)
    one.SetSpacing([float(s) for s in spacing])
    one.SetDirection(directions.ravel().tolist())
    half = (np.asarray(size) - 1) / 2 * np.asarray(spacing)
    one.SetOrigin((np.asarray(centre) - directions @ half).tolist())
    return one


def index_to_lps(one):
    matrix = np.eye(4)
    matrix[:3, :3] = np.asarray(one.GetDirection()).reshape(3, 3) @ np.diag(one.GetSpacing())
    matrix[:3, 3] = one.GetOrigin()
    return matrix.ravel().tolist()


def draw(one, blobs):
    """Ellipsoids, each a segment: centre and half axes in LPS mm."""
    size = one.GetSize()
    at = np.stack(np.meshgrid(*[np.arange(n) for n in size], indexing="ij"), -1) @ (
        np.asarray(one.GetDirection()).reshape(3, 3) @ np.diag(one.GetSpacing())
    ).T + np.asarray(one.GetOrigin())
    label = np.zeros(size, np.uint8)
    for number, (centre, axes) in enumerate(blobs, 1):
        label[(((at - np.asarray(centre)) / np.asarray(axes)) ** 2).sum(-1) <= 1] = number
    drawn = sitk.GetImageFromArray(label.transpose(2, 1, 0))
    drawn.CopyInformation(one)
    return drawn


def shares(drawn, target, count):
    """For each segment its share of each voxel of the target, by looking the label up on a grid 24 times as fine."""
    size, spacing = np.asarray(target.GetSize()), np.asarray(target.GetSpacing())
    fine = sitk.Image([int(n) for n in size * FINE], sitk.sitkUInt8)
    fine.SetSpacing((spacing / FINE).tolist())
    fine.SetDirection(target.GetDirection())
    directions = np.asarray(target.GetDirection()).reshape(3, 3)
    fine.SetOrigin((np.asarray(target.GetOrigin()) + directions @ (spacing / FINE / 2 - spacing / 2)).tolist())
    looked_up = sitk.Resample(drawn, fine, sitk.Transform(), sitk.sitkNearestNeighbor, 0, sitk.sitkUInt8)
    found = []
    for number in range(1, count + 1):
        mean = sitk.BinShrink(sitk.Cast(looked_up == number, sitk.sitkFloat32), [FINE] * 3)
        found.append(np.rint(sitk.GetArrayFromImage(mean) * 250).astype(np.uint8))
    return found


def pack(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


IDENTITY = np.eye(3)
OBLIQUE = rotation([1, 2, 3], 0.4)
CASES = {
    "finer": (([36, 32, 28], [0.5, 0.5, 0.5], IDENTITY), ([16, 14, 12], [1.3, 1.3, 1.3], IDENTITY)),
    "finer and oblique": (([40, 36, 30], [0.45, 0.45, 0.6], OBLIQUE), ([18, 18, 18], [1.1, 1.1, 1.0], IDENTITY)),
    "thick slices": (([30, 28, 7], [0.7, 0.7, 3.1], IDENTITY), ([20, 18, 22], [0.94, 0.94, 1.0], rotation([0, 0, 1], 0.1))),
    "coarser": (([12, 10, 9], [2.2, 2.2, 2.6], rotation([0, 1, 0], 0.2)), ([26, 24, 22], [0.94, 0.94, 1.0], IDENTITY)),
    "the same spacing, turned": (([20, 20, 18], [1, 1, 1], rotation([1, 0, 0], 0.3)), ([22, 22, 22], [1, 1, 1], IDENTITY)),
}

cases = []
for name, (of_label, of_grid) in CASES.items():
    centre = random.uniform(-30, 30, 3)
    source = image(*of_label, centre)
    target = image(*of_grid, centre + random.uniform(-0.4, 0.4, 3))
    blobs = [(centre + [-3.6, -1, 0.5], [3.1, 3.4, 4.2]), (centre + [4, 1.2, -0.8], [3, 4.1, 4.4])]
    drawn = draw(source, blobs)
    cases.append(
        {
            "name": name,
            "from": {"size": source.GetSize(), "indexToLps": index_to_lps(source)},
            "to": {"size": target.GetSize(), "indexToLps": index_to_lps(target)},
            "label": pack(sitk.GetArrayFromImage(drawn)),
            "nearest": pack(
                sitk.GetArrayFromImage(
                    sitk.Resample(drawn, target, sitk.Transform(), sitk.sitkNearestNeighbor, 0, sitk.sitkUInt8)
                )
            ),
            "shares": [pack(share) for share in shares(drawn, target, len(blobs))],
        }
    )
print(json.dumps({"simpleitk": sitk.Version().VersionString(), "cases": cases}))

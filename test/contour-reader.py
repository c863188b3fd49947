"""Turns the contours of an RT Structure Set back into voxels of a grid with pydicom, by even and odd crossings, and prints them as JSON."""

import json
import sys

import numpy as np
import pydicom

file = pydicom.dcmread(sys.argv[1])
grid = json.loads(sys.argv[2])
columns, rows, slices = grid["size"]
to_index = np.linalg.inv(np.array(grid["indexToLps"]).reshape(4, 4))
names = {int(roi.ROINumber): roi.ROIName for roi in file.StructureSetROISequence}
uids = [item.ReferencedSOPInstanceUID for item in file.ReferencedFrameOfReferenceSequence[0].RTReferencedStudySequence[0].RTReferencedSeriesSequence[0].ContourImageSequence]
volume = np.zeros((slices, rows, columns), np.uint16)
farthest = 0.0
y, x = np.mgrid[0:rows, 0:columns].astype(float)
for roi in file.ROIContourSequence:
    for contour in roi.ContourSequence:
        points = np.array(contour.ContourData, float).reshape(-1, 3)
        assert len(points) == contour.NumberOfContourPoints and contour.ContourGeometricType == "CLOSED_PLANAR"
        index = (to_index @ np.c_[points, np.ones(len(points))].T).T[:, :3]
        k = int(round(index[0, 2]))
        assert uids[k] == contour.ContourImageSequence[0].ReferencedSOPInstanceUID
        farthest = max(farthest, float(np.abs(index[:, 2] - k).max()))
        inside = np.zeros((rows, columns), bool)
        for (ax, ay, _), (bx, by, _) in zip(index, np.roll(index, -1, axis=0)):
            if ay == by:
                continue
            with np.errstate(all="ignore"):
                inside ^= ((ay > y) != (by > y)) & (x < ax + (y - ay) * (bx - ax) / (by - ay))
        volume[k][inside] = int(roi.ReferencedROINumber)
flat = volume.ravel()
voxels = [int(v) for n in np.flatnonzero(flat) for v in (n, flat[n])]
print(json.dumps({"names": [names[n] for n in sorted(names)], "voxels": voxels, "farthestFromSliceMm": farthest}))

"""Reads a SEG with highdicom and prints, for each source image that has anything on it, [pixel, segment] pairs, and coarse segments."""

import json
import sys

import highdicom as hd
import numpy as np

seg = hd.seg.segread(sys.argv[1])
images = [item.ReferencedSOPInstanceUID for item in seg.ReferencedSeriesSequence[0].ReferencedInstanceSequence]
pixels = seg.get_pixels_by_source_instance(
    images, combine_segments=True, assert_missing_frames_are_empty=True, dtype=np.uint16
)
drawn = {}
for uid, plane in zip(images, pixels):
    at = np.flatnonzero(plane)
    if len(at):
        drawn[uid] = [[int(n), int(plane.ravel()[n])] for n in at]
coarse = [int(one.SegmentNumber) for one in seg.SegmentSequence if one.get("SegmentDescription") == "Coarse outline"]
print(json.dumps({"drawn": drawn, "coarse": coarse}))

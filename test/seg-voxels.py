"""Reads a SEG with highdicom and prints as JSON, for each source image, the segment number of each pixel that has one."""

import json
import sys

import highdicom as hd
import numpy as np

seg = hd.seg.segread(sys.argv[1])
sources = [item.ReferencedSOPInstanceUID for item in seg.ReferencedSeriesSequence[0].ReferencedInstanceSequence]
pixels = seg.get_pixels_by_source_instance(
    source_sop_instance_uids=sources, combine_segments=True, assert_missing_frames_are_empty=True
)
found = {}
for uid, frame in zip(sources, pixels):
    flat = np.asarray(frame).ravel()
    found.update({f"{uid} {index}": int(flat[index]) for index in np.flatnonzero(flat)})
print(json.dumps(found))

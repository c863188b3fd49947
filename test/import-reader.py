"""Reads a segmentation with highdicom and prints where its voxels lie: LPS mm, by segment."""

import json
import sys

import highdicom as hd
import numpy as np

volume = hd.seg.segread(sys.argv[1]).get_volume(combine_segments=True, dtype=np.uint16)
indices = np.argwhere(volume.array > 0)
positions = volume.map_indices_to_reference(indices)
json.dump([[*(round(float(v), 2) for v in position), int(volume.array[tuple(index)])]
           for index, position in zip(indices, positions)], sys.stdout)

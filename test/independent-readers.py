"""Reads what Metloop writes with other people's software and prints it as JSON: SEG and Parametric Map, or weights."""

import json
import sys


def read_dicom(seg_file: str, map_file: str) -> dict:
    import highdicom as hd
    import numpy as np
    import pydicom

    seg = hd.seg.segread(seg_file)
    source = sorted({item.ReferencedSOPInstanceUID for item in seg.ReferencedSeriesSequence[0].ReferencedInstanceSequence})
    volume = seg.get_volume(combine_segments=True, dtype=np.uint16)
    values = {}
    for index in np.argwhere(volume.array > 0):
        position = [round(float(v), 3) for v in volume.map_indices_to_reference(index[None])[0]]
        values[" ".join(f"{v:g}" for v in position)] = int(volume.array[tuple(index)])
    parametric = pydicom.dcmread(map_file)
    numbers = np.frombuffer(parametric.FloatPixelData, dtype="<f4")
    return {
        "voxels": values,
        "segments": [[int(s.SegmentNumber), s.SegmentAlgorithmType] for s in seg.SegmentSequence],
        "sources": source,
        "mapSize": [int(parametric.Columns), int(parametric.Rows), int(parametric.NumberOfFrames)],
        "mapSum": float(numbers.sum()),
        "mapMaximum": float(numbers.max()),
    }


def read_weights(file: str) -> dict:
    from safetensors.numpy import load_file

    return {name: [list(value.shape), value.tobytes().hex()] for name, value in load_file(file).items()}


print(json.dumps(read_weights(sys.argv[2]) if sys.argv[1] == "weights" else read_dicom(sys.argv[2], sys.argv[3])))

"""Reads an unpacked export with other people's software and prints it as JSON: NIfTI by nibabel, SEG by highdicom."""

import json
import pathlib
import sys


def read_nifti(folder: pathlib.Path) -> dict:
    import nibabel
    import numpy as np

    found = {}
    for path in sorted(folder.rglob("*.nii.gz")):
        image = nibabel.load(path)
        found[str(path.relative_to(folder))] = {
            "dtype": image.get_data_dtype().name,
            "shape": list(image.shape),
            "affine": image.affine.ravel().tolist(),
            "qformAffine": image.get_qform().ravel().tolist(),
            # The first axis runs fastest.
            "values": np.asarray(image.dataobj).ravel(order="F").tolist(),
        }
    return found


def read_seg(folder: pathlib.Path) -> dict:
    import highdicom as hd
    import numpy as np
    import pydicom

    found = {}
    for path in sorted(folder.rglob("SEG/*.dcm")):
        seg = hd.seg.segread(path)
        volume = seg.get_volume(combine_segments=True, dtype=np.uint16)
        voxels = np.argwhere(volume.array > 0)
        points = volume.map_indices_to_reference(voxels)
        images = {}
        for image in sorted(path.parent.parent.glob("BRAVO/*.dcm")):
            dataset = pydicom.dcmread(image)
            images[dataset.SOPInstanceUID] = [float(v) for v in dataset.ImagePositionPatient]
        found[str(path.relative_to(folder))] = {
            "patient": str(seg.PatientID),
            "creator": str(seg.get("ContentCreatorName") or ""),
            "segments": [int(s.SegmentNumber) for s in seg.SegmentSequence],
            "points": [[float(v) for v in point] + [int(volume.array[tuple(v)])] for point, v in zip(points, voxels)],
            "known": all(
                item.ReferencedSOPInstanceUID in images
                for item in seg.ReferencedSeriesSequence[0].ReferencedInstanceSequence
            ),
        }
    return found


read = {"nifti": read_nifti, "seg": read_seg}[sys.argv[1]]
print(json.dumps(read(pathlib.Path(sys.argv[2]))))

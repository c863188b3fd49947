"""Reads a SEG and a measurement report (TID 1500) with highdicom and prints what they say as JSON."""

import json
import sys

import highdicom as hd
import numpy as np
from pydicom.sr.codedict import codes

seg = hd.seg.segread(sys.argv[1])
report = hd.sr.srread(sys.argv[2])

volume = seg.get_volume(combine_segments=True, dtype=np.uint16)
groups = []
for group in report.content.get_volumetric_roi_measurement_groups():
    segment = group.referenced_segment
    values = []
    for name in (codes.SCT.Volume, codes.SCT.LongAxis, codes.SCT.ShortAxis):
        (measurement,) = group.get_measurements(name=name)
        values.append(float(measurement.value))
    (centre,) = [item for item in group[0].ContentSequence if item.ValueType == "SCOORD3D"]
    groups.append(
        {
            "trackingId": group.tracking_identifier,
            "trackingUid": group.tracking_uid,
            "segment": [segment.referenced_sop_instance_uid, segment.referenced_segment_numbers[0]]
            if hasattr(segment, "referenced_segment_numbers")
            else [
                segment[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID,
                int(segment[0].ReferencedSOPSequence[0].ReferencedSegmentNumber),
            ],
            "slices": [
                item.ReferencedSOPSequence[0].ReferencedSOPInstanceUID
                for item in group[0].ContentSequence
                if item.ConceptNameCodeSequence[0].CodeValue == "121233"
            ],
            "values": values,
            "centre": [float(v) for v in centre.GraphicData],
            "frameOfReference": centre.ReferencedFrameOfReferenceUID,
        }
    )

segments = []
for one in seg.SegmentSequence:
    algorithm = one.SegmentationAlgorithmIdentificationSequence[0]
    segments.append(
        [
            int(one.SegmentNumber),
            one.TrackingID,
            one.TrackingUID,
            algorithm.AlgorithmName,
            algorithm.AlgorithmVersion,
            algorithm.AlgorithmParameters,
        ]
    )
voxel = float(np.prod(volume.spacing))
volumes = [float((volume.array == number).sum() * voxel) for number in range(1, len(segments) + 1)]
print(json.dumps({"segments": segments, "groups": groups, "volumesMm3": volumes}))

"""Makes read-seg.oracle.json: small segmentations written by highdicom, and their label volume.

    python read-seg.oracle.py    (highdicom 0.28, pydicom 3.0, numpy)
"""
import base64
import io
import json
from pathlib import Path

import highdicom as hd
import numpy as np
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.sr.codedict import codes
from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage, RLELossless

rows, columns, slices = 12, 16, 6
root = "1.2.826.0.1.3680043.10.7777."
# An oblique grid: rotated about z by 20 degrees, then about x by 10.
a, b = np.radians([20, 10])
rotation = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]]) @ np.array(
    [[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
orientation = [*rotation[:, 0], *rotation[:, 1]]
spacing, thickness, origin = [1.25, 0.75], 1.5, np.array([-20.0, 10.0, 5.0])


def source(k):
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = MRImageStorage
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID = f"{root}3.{k + 1}"
    ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.FrameOfReferenceUID = root + "1", root + "2", root + "4"
    ds.PatientID, ds.PatientName, ds.PatientBirthDate, ds.PatientSex = "P-1", "P-1", "", "O"
    ds.StudyDate = ds.StudyTime = ds.StudyID = ds.AccessionNumber = ds.ReferringPhysicianName = ""
    ds.Modality, ds.Rows, ds.Columns, ds.InstanceNumber = "MR", rows, columns, k + 1
    ds.PixelSpacing, ds.SliceThickness = spacing, thickness
    ds.ImageOrientationPatient = [float(f"{v:.10g}") for v in orientation]
    ds.ImagePositionPatient = [float(f"{v:.10g}") for v in origin + rotation[:, 2] * thickness * k]
    ds.PositionReferenceIndicator, ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = "", 16, 16, 15, 1
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    return ds


label = np.zeros((slices, rows, columns), np.uint8)
label[1:3, 2:5, 3:7] = 1
label[2:5, 8:11, 9:12] = 2
label[4, 0, 0] = 3
label[5, 11, 15] = 3
images = [source(k) for k in range(slices)]


def description(n):
    automatic = n == 2
    return hd.seg.SegmentDescription(
        segment_number=n, segment_label=f"Metastasis {n}",
        segmented_property_category=codes.SCT.MorphologicallyAbnormalStructure,
        segmented_property_type=codes.SCT.NeoplasmSecondary,
        algorithm_type="AUTOMATIC" if automatic else "MANUAL",
        algorithm_identification=hd.AlgorithmIdentificationSequence(
            name="net", version="1", family=codes.DCM.ArtificialIntelligence) if automatic else None)


def seg(mask, kind, syntax):
    out = io.BytesIO()
    hd.seg.Segmentation(
        source_images=images, pixel_array=mask, segmentation_type=kind,
        segment_descriptions=[description(n) for n in (1, 2, 3)], series_instance_uid=root + "5", series_number=9,
        sop_instance_uid=root + "6", instance_number=1, manufacturer="oracle", manufacturer_model_name="oracle",
        software_versions="1", device_serial_number="1", transfer_syntax_uid=syntax).save_as(out)
    return base64.b64encode(out.getvalue()).decode()


stack = np.stack([label == n for n in (1, 2, 3)], axis=-1).astype(np.uint8)
overlapping = stack.copy()
overlapping[2, 3, 4, 1] = 1
index_to_lps = np.eye(4)
index_to_lps[:3, :3] = rotation * np.array([spacing[1], spacing[0], thickness])
index_to_lps[:3, 3] = origin
Path(__file__).with_suffix(".json").write_text(json.dumps({
    "size": [columns, rows, slices],
    "indexToLps": index_to_lps.ravel().tolist(),
    "label": label.ravel().tolist(),
    "files": {
        "binary": seg(stack, "BINARY", ExplicitVRLittleEndian),
        "overlapping": seg(overlapping, "BINARY", ExplicitVRLittleEndian),
        "labelMap": seg(label, "LABELMAP", ExplicitVRLittleEndian),
        "labelMapRle": seg(label, "LABELMAP", RLELossless),
        "fractional": seg(stack.astype(np.float32), "FRACTIONAL", ExplicitVRLittleEndian),
    },
}))

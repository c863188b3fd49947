"""Makes read.oracle.json: small DICOM files written by pydicom, with what pydicom reads from them.

    python read.oracle.py    (pydicom 3.0, numpy)
"""
import base64
import io
import json
from pathlib import Path

import numpy as np
from pydicom import Dataset, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian,
                         MRImageStorage, EnhancedMRImageStorage, RLELossless)

rng = np.random.default_rng(5)


def base(sop_class, rows, columns):
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.SOPClassUID = sop_class
    ds.SOPInstanceUID = "1.2.3.4"
    ds.StudyInstanceUID = "1.2.3"
    ds.SeriesInstanceUID = "1.2.3.5"
    ds.FrameOfReferenceUID = "1.2.3.6"
    ds.Modality = "MR"
    ds.PatientName = "Müller^Jürgen=山田^太郎"
    ds.PatientID = "ID 7"
    ds.ImageType = ["ORIGINAL", "PRIMARY", "M"]
    ds.StudyDate = "20200229"
    ds.SamplesPerPixel = 1
    ds.PhotometricInterpretation = "MONOCHROME2"
    ds.Rows, ds.Columns = rows, columns
    ds.SliceThickness = "1.5"
    ds.PixelSpacing = [0.9375, 0.875]
    ds.ImageOrientationPatient = [0, 1, 0, 0, 0, -1]
    ds.ImagePositionPatient = [-12.5, 3.25, 1e-7]
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = "1", "99X", "Größe"
    nested = Dataset()
    nested.PurposeOfReferenceCodeSequence = [item]
    nested.ReferencedSOPInstanceUID = "1.2.9"
    ds.ReferencedImageSequence = [nested]
    ds.private_block(0x0019, "MAKER", create=True).add_new(0x05, "DS", "1.25")
    return ds


def pixels(ds, array, stored):
    signed = array.dtype.kind == "i"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = array.itemsize * 8, stored, stored - 1
    ds.PixelRepresentation = int(signed)
    ds.SmallestImagePixelValue = int(array.min())
    ds.add_new("SmallestImagePixelValue", "SS" if signed else "US", int(array.min()))
    ds.PixelData = array.astype(array.dtype.newbyteorder("<")).tobytes()
    ds["PixelData"].VR = "OW" if array.itemsize == 2 else "OB"


def save(ds, syntax):
    ds.file_meta.TransferSyntaxUID = syntax
    out = io.BytesIO()
    ds.save_as(out, enforce_file_format=True)
    return out.getvalue()


def case(name, data):
    ds = dcmread(io.BytesIO(data))
    array = ds.pixel_array.astype(int).ravel().tolist()
    del ds.PixelData
    return {"name": name, "file": base64.b64encode(data).decode(), "pixels": array,
            "json": json.loads(ds.to_json(bulk_data_threshold=1024, bulk_data_element_handler=lambda e: None))}


cases = []
signed16 = rng.integers(-2000, 2000, (5, 6), dtype=np.int16)
ds = base(MRImageStorage, 5, 6)
pixels(ds, signed16, 16)
ds.RescaleSlope, ds.RescaleIntercept = "2.5", "-10"
cases.append(case("explicit, signed 16", save(ds, ExplicitVRLittleEndian)))
ds.is_undefined_length_sequence_item = True
ds["ReferencedImageSequence"].is_undefined_length = True
cases.append(case("implicit, signed 16", save(ds, ImplicitVRLittleEndian)))
cases.append(case("deflated, signed 16", save(ds, DeflatedExplicitVRLittleEndian)))

ds = base(MRImageStorage, 5, 6)
pixels(ds, rng.integers(0, 65535, (5, 6), dtype=np.uint16), 16)
cases.append(case("unsigned 16", save(ds, ExplicitVRLittleEndian)))
ds = base(MRImageStorage, 5, 6)
pixels(ds, rng.integers(0, 4095, (5, 6), dtype=np.uint16), 12)
cases.append(case("unsigned 12", save(ds, ExplicitVRLittleEndian)))
ds.compress(RLELossless, generate_instance_uid=False)
cases.append(case("RLE, unsigned 12", save(ds, RLELossless)))
ds = base(MRImageStorage, 5, 6)
pixels(ds, rng.integers(0, 255, (5, 6), dtype=np.uint8), 8)
cases.append(case("unsigned 8", save(ds, ExplicitVRLittleEndian)))

ds = base(MRImageStorage, 5, 6)
pixels(ds, signed16, 16)
ds.SpecificCharacterSet = ["", "ISO 2022 IR 87"]
ds.PatientName = "Yamada^Tarou=山田^太郎=やまだ^たろう"
cases.append(case("ISO 2022 Japanese", save(ds, ExplicitVRLittleEndian)))
ds.SpecificCharacterSet = ["", "ISO 2022 IR 149"]
ds.PatientName = "Hong^Gildong=洪^吉洞=홍^길동"
cases.append(case("ISO 2022 Korean", save(ds, ExplicitVRLittleEndian)))
ds.SpecificCharacterSet = "ISO_IR 144"
ds.PatientName = "Люкceмбypг"
cases.append(case("Cyrillic", save(ds, ExplicitVRLittleEndian)))

ds = base(EnhancedMRImageStorage, 4, 3)
for keyword in ("SliceThickness", "PixelSpacing", "ImageOrientationPatient", "ImagePositionPatient"):
    delattr(ds, keyword)
pixels(ds, rng.integers(-100, 100, (3, 4, 3), dtype=np.int16), 16)
ds.NumberOfFrames = 3
ds.EchoPulseSequence = "GRADIENT"
shared, measures, orientation = Dataset(), Dataset(), Dataset()
measures.SliceThickness, measures.PixelSpacing = "2", [1.5, 1.25]
orientation.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
shared.PixelMeasuresSequence, shared.PlaneOrientationSequence = [measures], [orientation]
ds.SharedFunctionalGroupsSequence = [shared]
ds.PerFrameFunctionalGroupsSequence = []
for n in range(3):
    frame, position, transform = Dataset(), Dataset(), Dataset()
    position.ImagePositionPatient = [1, 2, 2 * n]
    transform.RescaleSlope, transform.RescaleIntercept, transform.RescaleType = str(n + 1), "0", "US"
    frame.PlanePositionSequence, frame.PixelValueTransformationSequence = [position], [transform]
    ds.PerFrameFunctionalGroupsSequence.append(frame)
cases.append(case("enhanced", save(ds, ExplicitVRLittleEndian)))

Path(__file__).with_suffix(".json").write_text(json.dumps(cases, ensure_ascii=False))

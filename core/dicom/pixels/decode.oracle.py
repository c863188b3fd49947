"""Makes decode.oracle.json: MR images compressed by others' encoders, with the pixels that went in.

    python decode.oracle.py    (pydicom 3.0.2, numpy, imagecodecs 2026.3.6; dcmtk 3.6.7 in the PATH)

RLE, JPEG Lossless and JPEG-LS come from dcmtk, as does big endian; JPEG 2000 and HTJ2K from OpenJPEG and OpenJPH in imagecodecs. HTJ2K
is read back by OpenJPEG before it is believed.
"""
import base64
import io
import json
import subprocess
import tempfile
from pathlib import Path

import imagecodecs
import numpy as np
from pydicom import Dataset, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate, encapsulate_extended, generate_frames
from pydicom.uid import EnhancedMRImageStorage, ExplicitVRLittleEndian, MRImageStorage

rng = np.random.default_rng(17)
ROWS, COLUMNS = 19, 22


def image(dtype, stored, frames=1):
    """A blob with noise, over the whole range of the bits stored."""
    low, high = (-(1 << (stored - 1)), (1 << (stored - 1)) - 1) if np.dtype(dtype).kind == "i" else (0, (1 << stored) - 1)
    y, x = np.mgrid[:ROWS, :COLUMNS]
    all_frames = []
    for n in range(frames):
        blob = np.exp(-((y - 10 - n) ** 2 + (x - 12 + n) ** 2) / 40)
        values = low + (high - low) * (0.9 * blob + 0.1 * rng.random((ROWS, COLUMNS)))
        values = np.clip(np.round(values), low, high)
        values[0, 0], values[0, 1], values[-1, -1] = low, high, high
        all_frames.append(values.astype(dtype))
    return np.stack(all_frames)


def dataset(array, stored):
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.SOPClassUID = EnhancedMRImageStorage if len(array) > 1 else MRImageStorage
    ds.SOPInstanceUID, ds.StudyInstanceUID, ds.SeriesInstanceUID = "1.2.3.4", "1.2.3", "1.2.3.5"
    ds.FrameOfReferenceUID, ds.Modality, ds.PatientID, ds.PatientName = "1.2.3.6", "MR", "7", "Doe^J"
    ds.ImageType = ["ORIGINAL", "PRIMARY", "M"]
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.Rows, ds.Columns = array.shape[1:]
    if len(array) > 1:
        ds.NumberOfFrames = len(array)
    ds.SliceThickness, ds.PixelSpacing = "1", [1, 1]
    ds.ImageOrientationPatient, ds.ImagePositionPatient = [1, 0, 0, 0, 1, 0], [0, 0, 0]
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = array.itemsize * 8, stored, stored - 1
    ds.PixelRepresentation = int(array.dtype.kind == "i")
    ds.PixelData = array.tobytes()
    ds["PixelData"].VR = "OW" if array.itemsize == 2 else "OB"
    return ds


def to_bytes(ds):
    out = io.BytesIO()
    ds.save_as(out, enforce_file_format=True)
    return out.getvalue()


def dcmtk(ds, *command):
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.dcm"), Path(folder, "out.dcm")
        source.write_bytes(to_bytes(ds))
        subprocess.run([command[0], *command[1:], str(source), str(target)], check=True, capture_output=True)
        return target.read_bytes()


def streams(array, encode):
    return [encode(np.ascontiguousarray(frame)) for frame in array]


def with_streams(ds, syntax, coded, extended=False, **options):
    ds.file_meta.TransferSyntaxUID = syntax
    if extended:
        ds.PixelData, ds.ExtendedOffsetTable, ds.ExtendedOffsetTableLengths = encapsulate_extended(coded)
    else:
        ds.PixelData = encapsulate(coded, **options)
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    return to_bytes(ds)


def j2k(frame):
    return bytes(imagecodecs.jpeg2k_encode(frame, level=0, reversible=True, codecformat="j2k"))


def htj2k(frame):
    coded = bytes(imagecodecs.htj2k_encode(frame, reversible=True))
    assert np.array_equal(imagecodecs.jpeg2k_decode(coded), frame), "OpenJPEG reads what OpenJPH wrote"
    return coded


cases = []


def case(name, data, array):
    cases.append({"name": name, "file": base64.b64encode(data).decode(), "pixels": array.astype(int).ravel().tolist()})


kinds = [("unsigned 8", np.uint8, 8), ("unsigned 12", np.uint16, 12), ("unsigned 16", np.uint16, 16),
         ("signed 16", np.int16, 16), ("signed 12", np.int16, 12)]
for name, dtype, stored in kinds:
    array = image(dtype, stored)
    make = lambda: dataset(array, stored)
    case(f"RLE, {name}", dcmtk(make(), "dcmcrle"), array)
    # Each kind of pixels once, and each variant of an encoding for one kind.
    every = name == "signed 12"
    for selection in range(1, 8 if every else 2):
        case(f"JPEG Lossless selection {selection}, {name}", dcmtk(make(), "dcmcjpeg", "+el", "+sv", str(selection)), array)
    case(f"JPEG Lossless first order, {name}", dcmtk(make(), "dcmcjpeg", "+e1"), array)
    case(f"JPEG-LS, {name}", dcmtk(make(), "dcmcjpls", "+el"), array)
    case(f"JPEG 2000, {name}", with_streams(make(), "1.2.840.10008.1.2.4.90", streams(array, j2k)), array)
    for last in (201, 202, 203) if every else (201,):
        case(f"HTJ2K .{last}, {name}", with_streams(make(), f"1.2.840.10008.1.2.4.{last}", streams(array, htj2k)), array)
    case(f"big endian, {name}", dcmtk(make(), "dcmconv", "+tb"), array)

array = image(np.uint16, 12, frames=3)
make = lambda: dataset(array, 12)
case("JPEG Lossless, frames", dcmtk(make(), "dcmcjpeg", "+e1"), array)
case("JPEG-LS, frames", dcmtk(make(), "dcmcjpls", "+el"), array)
case("RLE, frames", dcmtk(make(), "dcmcrle"), array)
case("big endian, frames", dcmtk(make(), "dcmconv", "+tb"), array)
lossless = list(generate_frames(dcmread(io.BytesIO(dcmtk(make(), "dcmcjpeg", "+e1"))).PixelData, number_of_frames=3))
for syntax, coded in (("1.2.840.10008.1.2.4.70", lossless), ("1.2.840.10008.1.2.4.90", streams(array, j2k)),
                      ("1.2.840.10008.1.2.4.201", streams(array, htj2k))):
    last = syntax[-3:].lstrip(".")
    case(f".{last} frames, basic table", with_streams(make(), syntax, coded), array)
    case(f".{last} frames, no table", with_streams(make(), syntax, coded, has_bot=False), array)
    case(f".{last} frames, extended table", with_streams(make(), syntax, coded, extended=True), array)
    case(f".{last} frames of 3 fragments, basic table", with_streams(make(), syntax, coded, fragments_per_frame=3), array)
    case(f".{last} frames of 2 fragments, no table",
         with_streams(make(), syntax, coded, fragments_per_frame=2, has_bot=False), array)
array = image(np.uint16, 12)
case("one frame of 4 fragments", with_streams(dataset(array, 12), "1.2.840.10008.1.2.4.90", streams(array, j2k),
                                              fragments_per_frame=4, has_bot=False), array)

lossy = {}
array = image(np.uint16, 12)
lossy["JPEG extended"] = dcmtk(dataset(array, 12), "dcmcjpeg", "+ee")
lossy["JPEG baseline"] = dcmtk(dataset(image(np.uint8, 8), 8), "dcmcjpeg", "+eb")
lossy["JPEG-LS near-lossless"] = dcmtk(dataset(array, 12), "dcmcjpls", "+en")
near = streams(array, lambda frame: bytes(imagecodecs.jpegls_encode(frame, level=3)))
lossy["near-lossless JPEG-LS that says lossless"] = with_streams(dataset(array, 12), "1.2.840.10008.1.2.4.80", near)
worse = streams(array, lambda frame: bytes(imagecodecs.jpeg2k_encode(frame, level=30, reversible=False, codecformat="j2k")))
lossy["irreversible JPEG 2000 that says lossless"] = with_streams(dataset(array, 12), "1.2.840.10008.1.2.4.90", worse)
lossy["JPEG 2000 that may be lossy"] = with_streams(dataset(array, 12), "1.2.840.10008.1.2.4.91", worse)

target = Path(__file__).with_suffix(".json")
target.write_text(json.dumps({"cases": cases, "lossy": {k: base64.b64encode(v).decode() for k, v in lossy.items()}}))
print(len(cases), "cases,", target.stat().st_size, "bytes")

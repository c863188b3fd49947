"""Writes DICOM files into which the 18 identifiers of HIPAA are planted wherever text can stand, and what must become of them.

Usage: deidentification-plant.py FOLDER SEED PATIENTS. All people are invented. Files are written by pydicom, so that character sets,
implicit and deflated syntaxes are somebody else's reading of the standard. Beside them expectations.json, which the scorer reads.
"""

import json
import os
import random
import sys
import warnings

import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.datadict import DicomDictionary
from pydicom.sequence import Sequence
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

warnings.simplefilter("ignore")
pydicom.config.settings.writing_validation_mode = pydicom.config.IGNORE
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE

MR, ENHANCED = "1.2.840.10008.5.1.4.1.1.4", "1.2.840.10008.5.1.4.1.1.4.1"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"

# Specific Character Set and a name that needs it; last those that are technical words, or hardly words.
NAMES = [
    ("", "Quuxley^Zaphira"), ("ISO_IR 100", "Müllerschön^Zäzilie"), ("ISO_IR 101", "Wałęsowicz^Grażyna"), ("ISO_IR 109", "Ħalliqu^Ċensa"),
    ("ISO_IR 110", "Ķeniņšova^Ģertrūde"), ("ISO_IR 144", "Достоевская^Фёкла"), ("ISO_IR 126", "Παπαδοπούλου^Ελένη"),
    ("ISO_IR 127", "محمودي^فاطمة"), ("ISO_IR 138", "כהנוביץ^שרהלה"), ("ISO_IR 148", "Çavuşoğlu^İbrahim"), ("ISO_IR 166", "สมบูรณ์^สมชาย"),
    ("ISO_IR 13", "ﾔﾏﾀﾞﾓﾄ^ﾀﾛｳﾏﾙ"), ("ISO_IR 192", "Škvorecká^Žofie=山田花子"), ("GB18030", "王小东^玉兰"), ("GBK", "李建国^春梅"),
    (["", "ISO 2022 IR 87"], "Yamadaka^Tarouji=山田^太郎=やまだ^たろう"), (["", "ISO 2022 IR 149"], "Hongsuk^Gildongi=洪^吉洞=홍^길동"),
    (["", "ISO 2022 IR 58"], "Zhangqi^Xiaodong=张^小东"), (["ISO 2022 IR 100", "ISO 2022 IR 144"], "Bürkholtz^Анастасия"),
    (["", "ISO 2022 IR 13", "ISO 2022 IR 87"], "Suzukima^Hanakoh=ｽｽﾞｷ^ﾊﾅｺ"), ("", "Head^Long"), ("", "Brain^Small"), ("", "Li^Wo"),
]  # fmt: skip
PHYSICIANS = ["Okonkwell^Adaezeh^^Dr", "Featherstonhaugh^Basil", "Iturriaga^Xochitl^M", "Vandenbrouck^Saskia"]
STREETS = ["17 Birchwood Lane", "4 Applegarth Street", "2299 Quillfeather Avenue", "61b Nettlecombe Road"]
TOWNS = ["Wolverhamptown", "Eckernfoerde", "Zinnowitzen", "Saskatoonville"]
WORDS = "T1 T2 FLAIR BRAVO axial sagittal contrast brain post follow-up metastases melanoma lesion left frontal".split()
# Attributes of an MR image's modules that identify nobody, with values.
TECHNICAL = {
    "ScanningSequence": "GR", "SequenceVariant": "SP", "ScanOptions": "FS", "MRAcquisitionType": "3D", "AngioFlag": "N",
    "SliceThickness": "1.2", "RepetitionTime": "8.24", "EchoTime": "3.24", "InversionTime": "450", "NumberOfAverages": "1",
    "ImagingFrequency": "127.76", "ImagedNucleus": "1H", "EchoNumbers": "1", "MagneticFieldStrength": "3", "SpacingBetweenSlices": "1.2",
    "NumberOfPhaseEncodingSteps": "256", "EchoTrainLength": "1", "PercentSampling": "100", "PercentPhaseFieldOfView": "100",
    "PixelBandwidth": "244.1", "TriggerTime": "0", "HeartRate": "61", "ReconstructionDiameter": "240", "AcquisitionMatrix": [0, 256, 256, 0],
    "InPlanePhaseEncodingDirection": "ROW", "FlipAngle": "12", "VariableFlipAngleFlag": "N", "SAR": "0.05", "dBdt": "1.5", "B1rms": 1.25,
    "PatientPosition": "HFS", "BodyPartExamined": "BRAIN", "PatientSex": "F", "PatientSize": "1.71", "PatientWeight": "68",
    "PatientAge": "061Y", "Modality": "MR", "Manufacturer": "SIEMENS", "ManufacturerModelName": "Skyra", "SeriesNumber": "4",
    "AcquisitionNumber": "1", "ImagePositionPatient": ["-1.5", "2.25", "3"], "ImageOrientationPatient": ["1", "0", "0", "0", "1", "0"],
    "SliceLocation": "3", "TemporalPositionIdentifier": "1", "NumberOfTemporalPositions": "1", "ImagesInAcquisition": "2",
    "SamplesPerPixel": 1, "PhotometricInterpretation": "MONOCHROME2", "Rows": 16, "Columns": 16, "PixelSpacing": ["1", "1"],
    "BitsAllocated": 16, "BitsStored": 12, "HighBit": 11, "PixelRepresentation": 0, "SmallestImagePixelValue": 0,
    "LargestImagePixelValue": 4095, "WindowCenter": "600", "WindowWidth": "1600", "RescaleIntercept": "0", "RescaleSlope": "1",
    "RescaleType": "US", "LossyImageCompression": "00", "StudyTime": "101112", "SeriesTime": "101500.25", "AcquisitionTime": "101501",
    "QualityControlImage": "NO", "PixelAspectRatio": ["1", "1"], "DiffusionBValue": 1000.0, "ImageType": ["ORIGINAL", "PRIMARY", "M", "NORM"],
}  # fmt: skip
NOT_NULL = "PatientName PatientID StudyInstanceUID SeriesInstanceUID SOPInstanceUID SOPClassUID Modality PatientIdentityRemoved".split()
DATES = "StudyDate SeriesDate AcquisitionDate ContentDate InstanceCreationDate AcquisitionDateTime".split()
STRUCTURAL = set(TECHNICAL) | set(NOT_NULL) | set(DATES) | {
    "SpecificCharacterSet", "PixelData", "NumberOfFrames", "BurnedInAnnotation", "ConversionType", "FloatPixelData", "DoubleFloatPixelData",
    "PlanarConfiguration", "FrameOfReferenceUID", "ReferencedImageSequence", "SourceImageSequence", "SharedFunctionalGroupsSequence",
    "PerFrameFunctionalGroupsSequence", "SeriesDescription", "StudyDescription", "PatientComments", "ImageComments",
    "RequestedProcedureDescription", "AdditionalPatientHistory", "AcquisitionContextSequence", "InstanceNumber", "PixelDataProviderURL",
}  # fmt: skip
TEXT_VRS = {"AE", "AS", "CS", "DA", "DT", "LO", "LT", "PN", "SH", "ST", "UC", "UI", "UN", "UR", "UT", "SQ", "OB"}
PLANTABLE = [
    (tag, vr, keyword)
    for tag, (vr, _, _, _, keyword) in sorted(DicomDictionary.items())
    if vr in TEXT_VRS and keyword and keyword not in STRUCTURAL and 0x0008 <= tag >> 16 < 0x7FE0 and tag >> 16 != 0x6000 and tag & 0xFFFF
]


def identity(rng: random.Random, n: int) -> dict:
    """One invented person; the 18 identifiers of 45 CFR 164.514(b)(2)(i) by their letters."""
    charset, name = NAMES[n % len(NAMES)]
    digits = lambda count: "".join(rng.choice("123456789") for _ in range(count))
    letters = lambda count: "".join(rng.choice("BCDFGHJKLMNPQRSTVWXZ") for _ in range(count))
    year, month, day = rng.randrange(1930, 1999), rng.randrange(1, 13), rng.randrange(1, 29)
    return {
        "charset": charset, "name": name, "parts": [part for group in name.split("=") for part in group.split("^") if part],
        "physician": rng.choice(PHYSICIANS), "born": f"{year}{month:02}{day:02}",
        "texts": {
            "B street": f"{rng.choice(STREETS)}", "B town": rng.choice(TOWNS), "B zip": digits(5),
            "C birth": rng.choice([f"{year}-{month:02}-{day:02}", f"{day:02}.{month:02}.{year}", f"{month}/{day}/{year}", f"{year}{month:02}{day:02}"]),
            "D phone": f"+1 ({digits(3)}) {digits(3)}-{digits(4)}", "E fax": f"0{digits(4)}/{digits(6)}",
            "F mail": f"{letters(7).lower()}.{letters(5).lower()}@{letters(6).lower()}.example", "G ssn": f"{digits(3)}-{digits(2)}-{digits(4)}",
            "H mrn": f"{letters(2)}{digits(7)}", "I plan": f"HP-{digits(9)}", "J account": f"ACC{digits(8)}", "K licence": f"LIC{letters(2)}{digits(6)}",
            "L vehicle": f"WVW{letters(3)}{digits(11)}", "M device": f"SN{letters(2)}{digits(5)}", "N url": f"https://{letters(8).lower()}.example/p/{digits(6)}",
            "O ip": f"{rng.randrange(11, 223)}.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(1, 255)}", "P finger": f"FPT{letters(6)}{digits(4)}",
            "R other": f"{letters(4)}{digits(6)}",
        },
    }  # fmt: skip


class Plant:
    """One file in the making."""

    def __init__(self, rng: random.Random, person: dict, study: int, file: int):
        self.rng, self.person, self.study, self.file = rng, person, study, file
        self.removed: dict[str, str] = {}
        self.retained: list[list[str]] = []
        self.tags: list[str] = []
        for part in person["parts"] + [p for p in person["physician"].split("^") if len(p) > 3]:
            self.removed[part] = "A name"

    def text(self) -> str:
        kind, value = self.rng.choice(sorted(self.person["texts"].items()))
        self.removed[value] = kind
        return value

    def value(self, vr: str):
        """Something that identifies, in the form of the VR where it has one."""
        p = self.person
        ascii_name = "".join(c for c in p["parts"][0].upper() if c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        if vr == "PN":
            return self.rng.choice([p["name"], p["physician"], [p["name"], p["physician"]]])
        if vr in ("CS", "AE"):
            return ascii_name[:16] or p["texts"]["M device"]
        if vr in ("DA", "DT"):
            return p["born"] + ("101112.5" if vr == "DT" else "")
        if vr == "AS":
            self.removed["093Y"] = "C age above 89"
            return "093Y"
        if vr == "UI":
            uid = f"1.2.826.0.1.3680043.10.999.{''.join(c for c in p['texts']['G ssn'] if c.isdigit())}.{self.rng.randrange(1, 10**6)}"
            self.removed[uid] = "R uid"
            return uid
        if vr == "UR":
            self.removed[p["texts"]["N url"]] = "N url"
            return p["texts"]["N url"]
        if vr in ("UN", "OB"):
            return (self.text() + " ").encode()
        if vr == "SH":
            return self.rng.choice([p["texts"]["H mrn"], p["texts"]["R other"], p["parts"][0][:16]])
        words = [self.text(), self.rng.choice(p["parts"])] if vr in ("LO", "UC") else [self.text() for _ in range(4)] + p["parts"][:2]
        self.rng.shuffle(words)
        if vr in ("LO", "UC"):
            return [word[:64] for word in words]
        return ("\r\n" if vr != "LO" else " ").join(words)

    def item(self, depth: int) -> Dataset:
        """An item with a name, a private attribute and, down to three levels, items of its own."""
        ds = Dataset()
        ds.PatientName = self.value("PN")
        ds.OtherPatientIDs = self.value("LO")
        ds.CodeValue, ds.CodingSchemeDesignator, ds.CodeMeaning = self.person["texts"]["R other"], "99HOSP", self.text()
        self.removed[self.person["texts"]["R other"]] = "R other"
        ds.private_block(0x0011, "ACME " + self.person["parts"][0][:20], create=True).add_new(0x01, "LO", self.text())
        if depth < 3:
            keyword = self.rng.choice(["ReferencedImageSequence", "AcquisitionContextSequence", "AnatomicRegionSequence", "ReferencedStudySequence"])
            setattr(ds, keyword, Sequence([self.item(depth + 1)]))
        return ds

    def describe(self, ds: Dataset, keyword: str, limit: int) -> None:
        """Technical words to be kept with identifying ones in between."""
        words = self.rng.sample(WORDS, 3)
        names = [part.lower() for part in self.person["parts"]]
        with_names = [words[0], self.rng.choice(self.person["parts"]), words[1], self.text(), words[2], self.rng.choice(self.person["parts"])]
        taken: list[str] = []
        for word in with_names:
            if len(" ".join([*taken, word]).encode("utf-8")) <= limit:
                taken.append(word)
        setattr(ds, keyword, " ".join(taken))
        self.retained += [[keyword, word] for word in words if word in taken and word.lower() not in names]


def base(plant: Plant, number: int, enhanced: bool) -> Dataset:
    """The attributes of an MR image."""
    ds, p = Dataset(), plant.person
    root = f"1.2.826.0.1.3680043.10.777.{number}"
    ds.SpecificCharacterSet = p["charset"]
    for keyword, value in TECHNICAL.items():
        setattr(ds, keyword, value)
    ds.SOPClassUID, ds.SOPInstanceUID = ENHANCED if enhanced else MR, f"{root}.{plant.study}.3.{plant.file}"
    ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.FrameOfReferenceUID = f"{root}.{plant.study}.1", f"{root}.{plant.study}.2", f"{root}.9"
    ds.PatientName, ds.PatientID, ds.PatientBirthDate = p["name"], p["texts"]["H mrn"], p["born"]
    plant.removed[p["texts"]["H mrn"]] = "H mrn"
    ds.ReferringPhysicianName, ds.InstanceNumber = p["physician"], str(plant.file)
    month = plant.rng.randrange(1, 13)
    for keyword in DATES:
        setattr(ds, keyword, f"20{10 + plant.study}{month:02}{plant.rng.randrange(1, 28):02}" + ("101112.5" if keyword.endswith("Time") else ""))
    reference = Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = ds.SOPClassUID, f"{root}.{plant.study}.3.1"
    reference.PatientName = p["name"]
    ds.ReferencedImageSequence, ds.SourceImageSequence = Sequence([reference]), Sequence([reference])
    for keyword, limit in [("SeriesDescription", 64), ("StudyDescription", 64), ("PatientComments", 900), ("ImageComments", 900),
                           ("RequestedProcedureDescription", 64), ("AdditionalPatientHistory", 900)]:  # fmt: skip
        plant.describe(ds, keyword, limit)
    siemens = ds.private_block(0x0019, "SIEMENS MR HEADER", create=True)
    siemens.add_new(0x0C, "IS", "1000")
    siemens.add_new(0x08, "CS", "IMAGE NUM 4")
    siemens.add_new(0x0E, "FD", [1.0, 6e-17, 0.0])
    siemens.add_new(0x15, "LO", plant.text())
    ds.private_block(0x0029, "SIEMENS CSA HEADER", create=True).add_new(0x10, "OB", (p["texts"]["J account"] + " ").encode() * 3)
    plant.removed[p["texts"]["J account"]] = "J account"
    return ds


def fill(plant: Plant, ds: Dataset, count: int) -> None:
    """Plants into `count` attributes of the dictionary, and into private ones of all VRs."""
    for tag, vr, _ in plant.rng.sample(PLANTABLE, count):
        if vr == "SQ":
            ds.add_new(tag, vr, Sequence([plant.item(1)]))
        else:
            ds.add_new(tag, vr, plant.value(vr))
    block = ds.private_block(0x0013, "ACME " + plant.person["physician"].split("^")[0][:30], create=True)
    for n, vr in enumerate(sorted(TEXT_VRS - {"SQ"})):
        block.add_new(n + 1, vr, plant.value(vr))
    block.add_new(0x80, "SQ", Sequence([plant.item(2)]))


def enhance(plant: Plant, ds: Dataset) -> None:
    """Functional groups of two frames, with dates and comments inside."""
    ds.NumberOfFrames = "2"
    groups = []
    for frame in (1, 2):
        content, group = Dataset(), Dataset()
        content.FrameAcquisitionDateTime, content.StackID, content.InStackPositionNumber = ds.StudyDate + "101112", "1", frame
        content.FrameComments = plant.text()
        group.FrameContentSequence = Sequence([content])
        groups.append(group)
    ds.PerFrameFunctionalGroupsSequence = Sequence(groups)


def write(ds: Dataset, path: str, syntax: str, plant: Plant) -> None:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID, meta.TransferSyntaxUID = ds.SOPClassUID, ds.SOPInstanceUID, syntax
    meta.SourceApplicationEntityTitle = plant.person["texts"]["M device"]
    meta.PrivateInformationCreatorUID = "1.2.826.0.1.3680043.10.777"
    meta.PrivateInformation = (plant.person["texts"]["I plan"] + " ").encode()
    plant.removed[plant.person["texts"]["M device"]] = "M device"
    plant.removed[plant.person["texts"]["I plan"]] = "I plan"
    preamble = plant.person["texts"]["F mail"].encode().ljust(128, b" ")
    plant.removed[plant.person["texts"]["F mail"]] = "F mail"
    file = FileDataset(path, ds, file_meta=meta, preamble=preamble)
    file.save_as(path, enforce_file_format=True)


def burn_in(plant: Plant, ds: Dataset, kind: int) -> str:
    if kind == 0:
        ds.BurnedInAnnotation = "YES"
    elif kind == 1:
        ds.ImageType = ["DERIVED", "SECONDARY", "SCREEN SAVE"]
    elif kind == 2:
        ds.SOPClassUID, ds.ConversionType = SECONDARY_CAPTURE, "WSD"
    else:
        ds.add_new(0x60000102, "US", 12)
    return ["burned in", "screen save", "secondary capture", "overlay in pixels"][kind]


def main(folder: str, seed: int, patients: int) -> None:
    rng, cases = random.Random(seed), []
    for number in range(patients):
        person = identity(rng, number)
        for study, file in [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1)]:
            plant = Plant(rng, person, study, file)
            enhanced = file == 2 and number % 3 == 0
            ds = base(plant, number, enhanced)
            case = {"file": f"{number:03}-{study}-{file}.dcm", "patient": number, "hidden": None}
            if study == 3:
                case["hidden"] = burn_in(plant, ds, number % 4)
            fill(plant, ds, 5 if case["hidden"] else 160)
            if enhanced:
                enhance(plant, ds)
            if number % 4 == 1:
                ds.PatientAge = plant.value("AS")
            pixels = b"".join(rng.randrange(4096).to_bytes(2, "little") for _ in range(256 * (2 if enhanced else 1)))
            behind = b"" if number % 2 else (person["texts"]["K licence"] + " ").encode()
            if behind:
                plant.removed[person["texts"]["K licence"]] = "K licence"
            ds.add_new(0x60003000, "OW", b"\xf0\x0f" * 16)
            ds.PixelData = pixels + behind + b"\0" * ((len(pixels) + len(behind)) % 2)
            syntax = [ExplicitVRLittleEndian, ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian][(number + file) % 3]
            write(ds, os.path.join(folder, case["file"]), syntax, plant)
            plain = [keyword for keyword in TECHNICAL if keyword in ds and ds.get(keyword) != "093Y"]
            case |= {
                "removed": sorted(plant.removed.items()), "retained": plant.retained, "tags": [*plain, "PixelData"], "values": plain,
                "notNull": NOT_NULL, "private": [[0x0019, 0x0C, "1000"]], "pixelBytes": len(pixels),
                "dates": DATES + (["PerFrameFunctionalGroupsSequence.FrameContentSequence.FrameAcquisitionDateTime"] if enhanced else []),
                "uids": ["SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID",
                         "ReferencedImageSequence.ReferencedSOPInstanceUID", "SourceImageSequence.ReferencedSOPInstanceUID"],
            }  # fmt: skip
            cases.append(case)
    with open(os.path.join(folder, "expectations.json"), "w") as out:
        json.dump(cases, out)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))

"""Scores de-identified files with the ten action classes of the MIDI-B challenge and prints JSON.

Usage: deidentification-score.py ORIGINALS RESULTS [COUNT]. ORIGINALS has the files and expectations.json of deidentification-plant.py, RESULTS
what was made of them, without those that were refused; with COUNT only so many cases are scored. pydicom reads both; besides, the bytes of each result, inflated if need be, are
searched for every planted text in all of its likely encodings.
"""

import json
import os
import re
import sys
import warnings
from collections import defaultdict
from datetime import date

import pydicom

warnings.simplefilter("ignore")
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE

pydicom.config.convert_wrong_length_to_UN = True

scores: dict[str, list[int]] = defaultdict(lambda: [0, 0])
failures: list[str] = []


def check(action: str, holds: bool, what: str) -> None:
    scores[action][0 if holds else 1] += 1
    if not holds and len(failures) < 200:
        failures.append(f"{action}: {what}")


def value_at(ds, path: str):
    for keyword in path.split(".")[:-1]:
        items = ds.get(keyword)
        if not items:
            return None
        ds = items[0]
    return ds.get(path.split(".")[-1])


def texts(ds) -> list[tuple[str, str]]:
    """All values as text, with the keyword of the attribute."""
    found = []
    for element in [*ds.file_meta, *ds.iterall()]:
        if element.VR == "SQ" or element.keyword == "PixelData":
            continue
        values = element.value if isinstance(element.value, (list, pydicom.multival.MultiValue)) else [element.value]
        for value in values:
            if isinstance(value, bytes):
                found += [(element.keyword, value.decode("latin-1")), (element.keyword, value.decode("utf-8", "ignore"))]
            else:
                found.append((element.keyword, str(value)))
    return found


def encodings(text: str) -> set[bytes]:
    """As the text may stand in a file, in small letters where letters have sizes."""
    found = set()
    for codec in ("utf-8", "latin-1", "iso8859-2", "iso8859-3", "iso8859-4", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8", "iso8859-9",
                  "iso8859-11", "gb18030", "euc_kr", "iso2022_jp", "shift_jis", "utf-16-le", "utf-16-be"):  # fmt: skip
        try:
            found.add(text.encode(codec).lower())
        except UnicodeEncodeError:
            continue
    return {code for code in found if len(code) >= 4}


# A UID made from 128 hashed bits: short numbers are in some of them by chance. Numbers of 9 digits and more are searched for in them, too.
HASHED_UID = r"2\.25\.[0-9]{25,39}"


def day(text) -> date:
    text = str(text)
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))


def score_removed(case: dict, result, data: bytes) -> None:
    # Values of technical attributes were compared with the originals: a patient may be called Brain.
    words = [
        (keyword, text.casefold())
        for keyword, text in texts(result)
        if keyword not in case["values"] and not re.fullmatch(HASHED_UID, text.rstrip("\0 "))
    ]
    pixels = result.PixelData
    plain = data.replace(pixels, b"").lower()
    digits = re.sub(rb"[^0-9]+", b"", plain.replace(str(result.SOPInstanceUID).encode(), b""))
    unhashed = re.sub(HASHED_UID.encode(), b"", plain)
    for needle, kind in case["removed"]:
        folded = needle.casefold()
        if len(folded) < 4 or folded.isalpha() and folded.isascii():
            seen = [keyword for keyword, text in words if folded in re.split(r"[\W_]+", text)]
        else:
            seen = [keyword for keyword, text in words if folded in text]
        in_bytes = not (folded.isalpha() and folded.isascii()) and any(code in unhashed for code in encodings(needle))
        number = re.sub(r"\D", "", needle)
        in_digits = len(number) >= 9 and number.encode() in digits
        check("text_removed", not (seen or in_bytes or in_digits), f"{case['file']} {kind} {needle!r} in {seen or 'bytes'}")


def score_file(case: dict, original, result, data: bytes, seen: dict) -> None:
    name = case["file"]
    for keyword in case["tags"]:
        check("tag_retained", keyword in result, f"{name} {keyword}")
    for group, element, value in case["private"]:
        block = result.private_block(group, "SIEMENS MR HEADER") if any(e.is_private for e in result) else None
        check("tag_retained", block is not None and element in block and str(block[element].value) == value, f"{name} private")
    for keyword in case["notNull"]:
        check("text_notnull", bool(str(result.get(keyword, ""))), f"{name} {keyword}")
    for keyword in case["values"]:
        check("text_retained", result.get(keyword) == original.get(keyword), f"{name} {keyword} {original.get(keyword)} {result.get(keyword)}")
    for keyword, word in case["retained"]:
        check("text_retained", word.casefold() in str(result.get(keyword, "")).casefold().split(), f"{name} {keyword} {word}")
    score_removed(case, result, data)
    for path in case["dates"]:
        before, after = value_at(original, path), value_at(result, path)
        shift = (day(after) - day(before)).days if after else None
        expected = seen["shifts"].setdefault(case["patient"], shift)
        time_kept = str(after)[8:] == str(before)[8:]
        check("date_shifted", shift is not None and shift != 0 and shift == expected and time_kept, f"{name} {path} {before} {after}")
    for path in case["uids"]:
        before, after = str(value_at(original, path)), str(value_at(result, path))
        check("uid_changed", before != after and after.startswith("2.25."), f"{name} {path} {after}")
        check("uid_consistent", seen["uids"].setdefault(before, after) == after, f"{name} {path}")
    check("uid_consistent", result.file_meta.MediaStorageSOPInstanceUID == result.SOPInstanceUID, f"{name} file meta")
    same = seen["patients"].setdefault(case["patient"], result.PatientID) == result.PatientID
    others = [pseudonym for patient, pseudonym in seen["patients"].items() if patient != case["patient"]]
    check("patid_consistent", same and result.PatientID not in others, f"{name} {result.PatientID}")
    check("pixels_retained", result.PixelData == original.PixelData[: case["pixelBytes"]], name)
    check("pixels_hidden", not any(0x6000 <= e.tag.group < 0x6100 for e in result), f"{name} overlay")


def main(originals: str, results: str, count: int | None) -> None:
    with open(os.path.join(originals, "expectations.json")) as file:
        cases = json.load(file)[:count]
    seen: dict = {"shifts": {}, "uids": {}, "patients": {}}
    for case in cases:
        path = os.path.join(results, case["file"])
        if case["hidden"]:
            check("pixels_hidden", not os.path.exists(path), f"{case['file']} {case['hidden']}")
            continue
        if not os.path.exists(path):
            check("tag_retained", False, f"{case['file']} was refused")
            continue
        with open(path, "rb") as file:
            data = file.read()
        score_file(case, pydicom.dcmread(os.path.join(originals, case["file"])), pydicom.dcmread(path), data, seen)
    print(json.dumps({"scores": scores, "failures": failures}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else None)

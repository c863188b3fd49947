"""Uses a DICOMweb server as programs in Python do, through dicomweb-client, and prints what it was given as JSON.

python dicomweb-client.py ADDRESS SITE_PREFIX STUDY_UID FILE... < TOKEN; the files are stored at last, through SITE_PREFIX.
"""

import hashlib
import json
import sys

import pydicom
from dicomweb_client.api import DICOMwebClient

address, prefix, study, *files = sys.argv[1:]
client = DICOMwebClient(
    address, stow_url_prefix=prefix, headers={"Authorization": f"Bearer {sys.stdin.read().strip()}"}
)


def digest(data):
    return hashlib.sha256(data).hexdigest()


def value(item, tag):
    return item[tag]["Value"][0]


def pixels(datasets):
    """By UID, so that order does not matter."""
    return {d.SOPInstanceUID: digest(d.PixelData) for d in datasets if "PixelData" in d}


(found,) = client.search_for_studies(search_filters={"StudyInstanceUID": study})
series = {value(one, "0020000E"): value(one, "00080060") for one in client.search_for_series(study)}
first = next(uid for uid, modality in series.items() if modality == "MR")
instances = [value(one, "00080018") for one in client.search_for_instances(study, first, get_remaining=True, limit=20)]
one = (study, first, instances[0])
metadata = client.retrieve_instance_metadata(*one)
bulk = metadata["7FE00010"]["BulkDataURI"]
report = {
    "study": value(found, "0020000D"),
    "series": series,
    "first": first,
    "instances": instances,
    "studyMetadata": len(client.retrieve_study_metadata(study)),
    "seriesMetadata": len(client.retrieve_series_metadata(study, first)),
    "readable": str(pydicom.Dataset.from_json(metadata).Modality),
    "studyPixels": pixels(client.iter_study(study)),
    "seriesPixels": pixels(client.retrieve_series(study, first)),
    "instance": digest(client.retrieve_instance(*one).PixelData),
    "frame": digest(client.retrieve_instance_frames(*one, frame_numbers=[1])[0]),
    "bulk": digest(client.retrieve_bulkdata(bulk)[0]),
    "picture": client.retrieve_instance_rendered(*one, media_types=("image/png",))[:4].hex(),
}
answer = client.store_instances([pydicom.dcmread(path) for path in files])
report["stored"] = [item.ReferencedSOPInstanceUID for item in answer.get("ReferencedSOPSequence", [])]
report["refused"] = [str(item) for item in answer.get("FailedSOPSequence", [])]
print(json.dumps(report))

"""Unpacks a wheel's shared libraries and C headers: extract-wheel.py WHEEL FOLDER. Uses the standard library alone."""

import sys
import zipfile

HEADERS = (
    "tensorflow/include/tensorflow/c/",
    "tensorflow/include/tensorflow/core/platform/ctstring",
    "tensorflow/include/tsl/platform/ctstring",
    "tensorflow/include/xla/tsl/c/",
)
LIBRARIES = ("tensorflow/libtensorflow_cc.so.2", "tensorflow/libtensorflow_framework.so.2")


def is_needed(name: str) -> bool:
    """NVIDIA's wheels bring libraries, and with nvcc the device code and the assembler that XLA asks for."""
    if name.startswith("nvidia/"):
        return "/include/" not in name and not name.endswith((".py", "/"))
    return name in LIBRARIES or (name.startswith(HEADERS) and name.endswith(".h"))


wheel, folder = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    archive.extractall(folder, [name for name in archive.namelist() if is_needed(name)])

"""Makes safetensors.oracle.json: bytes that the safetensors package writes. Run: pip install safetensors numpy; python this."""

import base64
import json
import pathlib

import numpy
import safetensors
from safetensors.numpy import save

rng = numpy.random.default_rng(1)
tensors = {
    "stem/7x7/kernel": rng.standard_normal((2, 3, 1, 2), dtype=numpy.float32),
    "scalar": numpy.array(0.9, numpy.float32),
    "é empty": numpy.zeros((0, 4), numpy.float32),
    "specials": numpy.array([numpy.inf, -numpy.inf, -0.0, 1e-45], numpy.float32),
}
golden = {
    "madeBy": f"safetensors {safetensors.__version__}",
    "bytes": base64.b64encode(save(tensors, {"width": "0.25", "note": 'a "quoted" word'})).decode(),
    "tensors": {
        name: {"shape": value.shape, "float32": base64.b64encode(value.tobytes()).decode()}
        for name, value in tensors.items()
    },
    "metadata": {"width": "0.25", "note": 'a "quoted" word'},
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n")

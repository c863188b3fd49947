"""How a peer talks with the bench: one JSON line {"do", "with"} in, one JSON line {"value"} or {"error"} out."""

import base64
import json
import os
import sys

import numpy as np


def converse(handlers):
    """Answers requests until standard input ends."""
    answers = os.fdopen(os.dup(1), "w")
    # What libraries print must not come between the answers.
    os.dup2(2, 1)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"value": handlers[request["do"]](**request["with"])}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def encoded(values):
    """Float32 values as text, row-major."""
    return base64.b64encode(np.ascontiguousarray(values, np.float32).tobytes()).decode()

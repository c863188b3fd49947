"""OpenVINO as a peer in inference: the network built with its own operations, NCHW as it likes best, from a safetensors file of weights."""

import time

import numpy as np
import openvino as ov
from openvino import opset13 as ops
from safetensors.numpy import load_file

from conversation import converse, encoded
from network import BATCH_NORM_EPSILON, HEAD_STRIDE, googlenet


class Layers:
    def __init__(self, weights):
        self.weights = weights

    def convolution(self, name, x, filters, size):
        w = self.weights
        kernel = ops.constant(np.ascontiguousarray(w[f"{name}/kernel"].transpose(3, 2, 0, 1)))
        y = ops.convolution(x, kernel, [1, 1], [0, 0], [0, 0], [1, 1], auto_pad="same_upper")
        parts = [ops.constant(w[f"{name}/{part}"]) for part in ("scale", "offset", "moving_mean", "moving_variance")]
        return ops.relu(ops.batch_norm_inference(y, *parts, epsilon=BATCH_NORM_EPSILON))

    def max_pool(self, x, stride):
        return ops.max_pool(x, [stride] * 2, [1, 1], [0, 0], [0, 0], [3, 3], auto_pad="same_upper").output(0)

    def concat(self, parts):
        return ops.concat(parts, 1)

    def head(self, name, x):
        kernel = ops.constant(np.ascontiguousarray(self.weights[f"{name}/kernel"].transpose(3, 2, 0, 1)))
        return ops.convolution_backprop_data(x, kernel, [HEAD_STRIDE] * 2, pads_begin=[2, 2], pads_end=[2, 2])


class Peer:
    def open(self, weights, slices, width, batch, precision, hint, threads):
        self.x = np.ascontiguousarray(load_file(slices)["x"].transpose(0, 3, 1, 2))
        self.batch = batch
        given = ops.parameter([batch, *self.x.shape[1:]], np.float32, name="x")
        probability = ops.sigmoid(googlenet(given, width, Layers(load_file(weights))))
        settings = {
            "PERFORMANCE_HINT": hint,
            "INFERENCE_PRECISION_HINT": {"bfloat16": "bf16", "float32": "f32"}[precision],
            "INFERENCE_NUM_THREADS": threads,
        }
        self.model = ov.compile_model(ov.Model([probability], [given]), "CPU", settings)
        self.queue = ov.AsyncInferQueue(self.model)
        self.request = self.model.create_infer_request()
        self.throughput = hint == "THROUGHPUT"
        used = self.model.get_property("INFERENCE_PRECISION_HINT").get_type_name()
        return {"versions": {"openvino": ov.__version__.split("-")[0]}, "device": f"CPU {used}"}

    def parts(self, slices):
        """The batches that `slices` slices make, from the beginning again where they are more than there are."""
        count = len(self.x) // self.batch
        return [self.x[(n % count) * self.batch :][: self.batch] for n in range(slices // self.batch)]

    def run(self, slices):
        parts = self.parts(slices)
        began = time.perf_counter()
        if self.throughput:
            for part in parts:
                self.queue.start_async({0: part}, share_inputs=True)
            self.queue.wait_all()
        else:
            for part in parts:
                self.request.infer({0: part}, share_inputs=True)
        return 1000 * (time.perf_counter() - began) / slices

    def probability(self):
        return encoded(self.request.infer({0: self.x[: self.batch]})[0][:, 0])


peer = Peer()
converse({"open": peer.open, "run": peer.run, "probability": peer.probability})

"""Keras on TensorFlow as a peer in training: a functional model, one step a tf.function, from a safetensors file of weights."""

import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf
from safetensors.numpy import load_file

from conversation import converse, encoded
from network import BATCH_NORM_EPSILON, HEAD_SIZE, HEAD_STRIDE, googlenet

LEARNING_RATE, BETA1, BETA2, EPSILON, WEIGHT_DECAY, POSITIVE_WEIGHT, MOMENTUM = 1e-3, 0.9, 0.999, 1e-8, 1e-5, 10, 0.99


class FusedBatchNormalization(keras.layers.BatchNormalization):
    """Keras's own computes the moments by several operations; TensorFlow's fused one is what a fast peer would use."""

    def call(self, x, training=False):
        averages = {} if training else {"mean": self.moving_mean.value, "variance": self.moving_variance.value}
        y, mean, variance = tf.compat.v1.nn.fused_batch_norm(
            x, self.gamma.value, self.beta.value, epsilon=self.epsilon, is_training=training, **averages
        )
        if training:
            for average, value in ((self.moving_mean, mean), (self.moving_variance, variance)):
                average.assign(average * self.momentum + value * (1 - self.momentum))
        return y


class Layers:
    def __init__(self, weights):
        self.weights = weights

    def convolution(self, name, x, filters, size):
        layer = keras.layers.Conv2D(filters, size, padding="same", use_bias=False)
        norm = FusedBatchNormalization(epsilon=BATCH_NORM_EPSILON, momentum=MOMENTUM)
        y = norm(layer(x))
        w = self.weights
        layer.set_weights([w[f"{name}/kernel"]])
        norm.set_weights([w[f"{name}/{part}"] for part in ("scale", "offset", "moving_mean", "moving_variance")])
        return keras.layers.ReLU()(y)

    def max_pool(self, x, stride):
        return keras.layers.MaxPooling2D(3, stride, padding="same")(x)

    def concat(self, parts):
        return keras.layers.Concatenate()(parts)

    def head(self, name, x):
        layer = keras.layers.Conv2DTranspose(1, HEAD_SIZE, HEAD_STRIDE, padding="same", use_bias=False, dtype="float32")
        y = layer(x)
        layer.set_weights([self.weights[f"{name}/kernel"]])
        return y


class Peer:
    def open(self, weights, slices, width, precision, threads):
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        keras.config.set_dtype_policy({"bfloat16": "mixed_bfloat16", "float32": "float32"}[precision])
        given = load_file(slices)
        self.x, self.y = tf.constant(given["x"]), tf.constant(given["y"][..., None])
        x = keras.Input(batch_shape=self.x.shape)
        self.model = keras.Model(x, googlenet(x, width, Layers(load_file(weights))))
        self.step = self.training_step()
        gpus = tf.config.list_physical_devices("GPU")
        return {
            "versions": {"tensorflow": tf.__version__, "keras": keras.__version__},
            "device": gpus[0].name if gpus else "CPU",
        }

    def training_step(self):
        model = self.model
        optimizer = keras.optimizers.Adam(LEARNING_RATE, BETA1, BETA2, EPSILON)
        variables = [v.value for v in model.trainable_variables]
        # Kernels have four axes; scales and offsets do not decay.
        decaying = [v for v in variables if len(v.shape) == 4]
        optimizer.build(model.trainable_variables)

        @tf.function
        def step(x, y):
            with tf.GradientTape() as tape:
                logits = model(x, training=True)
                entropy = tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logits)
                loss = tf.reduce_mean((1 + (POSITIVE_WEIGHT - 1) * y) * entropy)
                loss += WEIGHT_DECAY * tf.add_n([tf.nn.l2_loss(v) for v in decaying])
            slopes = tape.gradient(loss, variables)
            optimizer.apply(slopes, model.trainable_variables)
            return loss

        return step

    def run(self, slices):
        batch = self.x.shape[0]
        began = time.perf_counter()
        for _ in range(slices // batch):
            self.step(self.x, self.y).numpy()
        return 1000 * (time.perf_counter() - began) / slices

    def losses(self, steps):
        return [float(self.step(self.x, self.y).numpy()) for _ in range(steps)]

    def probability(self):
        logits = tf.function(lambda x: self.model(x, training=False))(self.x)
        return encoded(tf.sigmoid(logits).numpy()[..., 0])


peer = Peer()
converse({"open": peer.open, "run": peer.run, "losses": peer.losses, "probability": peer.probability})

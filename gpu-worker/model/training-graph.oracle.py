"""Golden numbers of training-graph.test.ts: a narrow network's loss, gradients and Adam steps in float64, by Python TensorFlow.

Run: python training-graph.oracle.py > training-graph.oracle.json   (tensorflow-cpu 2.21)
It knows the method (Groevik et al. 2020) and the names of the weights, and nothing else of this program.
"""
import json
import sys

import numpy as np
import tensorflow as tf

WIDTH, SIZE, BATCH, CHANNELS = 0.125, 32, 2, 7
EPSILON, MOMENTUM, POSITIVE, DECAY, RATE = 1e-3, 0.9, 10.0, 0.01, 0.001


def uniform(count, seed):
    """Numbers in [0, 1) that any language makes exactly: a linear congruential generator of 32 bits."""
    state, numbers = seed, np.empty(count)
    for i in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        numbers[i] = state / 2**32
    return numbers


class Network:
    """Inception v1 without its first stride and two of its pools; weights are made as layers are first met, in their order."""

    def __init__(self):
        self.variables = {}
        self.moments = {}

    def variable(self, name, shape, low, high):
        if name not in self.variables:
            numbers = uniform(int(np.prod(shape)), len(self.variables) + 1)
            values = (low + (high - low) * numbers).astype(np.float32).astype(np.float64)
            self.variables[name] = tf.Variable(values.reshape(shape), dtype=tf.float64)
        return self.variables[name]

    def conv(self, name, x, filters, size, training):
        filters = max(4, int(np.floor(filters * WIDTH + 0.5)))
        inputs = x.shape[3]
        limit = np.sqrt(6 / (size * size * inputs))
        kernel = self.variable(f"{name}/kernel", [size, size, inputs, filters], -limit, limit)
        scale = self.variable(f"{name}/scale", [filters], 0.9, 1.1)
        # Few values lie near ReLU's kink, on whose other side float32 may find them.
        offset = self.variable(f"{name}/offset", [filters], 1.9, 2.1)
        moving_mean = self.variable(f"{name}/moving_mean", [filters], -0.1, 0.1)
        moving_variance = self.variable(f"{name}/moving_variance", [filters], 0.9, 1.1)
        x = tf.nn.conv2d(x, kernel, 1, "SAME")
        mean, variance = moving_mean, moving_variance
        if training:
            mean, variance = tf.nn.moments(x, [0, 1, 2])
            count = x.shape[0] * x.shape[1] * x.shape[2]
            self.moments[f"{name}/moving_mean"] = mean
            self.moments[f"{name}/moving_variance"] = variance * count / (count - 1)
        x = (x - mean) / tf.sqrt(variance + EPSILON) * scale + offset
        return tf.nn.relu(x)

    def inception(self, name, x, filters, training):
        one, three1, three, five1, five, pooled = filters
        conv = lambda part, y, f, k: self.conv(f"{name}/{part}", y, f, k, training)
        a = conv("1x1", x, one, 1)
        b = conv("3x3", conv("3x3_reduce", x, three1, 1), three, 3)
        c = conv("5x5", conv("5x5_reduce", x, five1, 1), five, 5)
        d = conv("pooled", tf.nn.max_pool2d(x, 3, 1, "SAME"), pooled, 1)
        return tf.concat([a, b, c, d], 3)

    def logits(self, x, training):
        x = self.conv("stem/7x7", x, 64, 7, training)
        x = self.conv("stem/1x1", x, 64, 1, training)
        x = tf.nn.max_pool2d(self.conv("stem/3x3", x, 192, 3, training), 3, 2, "SAME")
        x = self.inception("3a", x, (64, 96, 128, 16, 32, 32), training)
        x = self.inception("3b", x, (128, 128, 192, 32, 96, 64), training)
        x = self.inception("4a", x, (192, 96, 208, 16, 48, 64), training)
        x = self.inception("4b", x, (160, 112, 224, 24, 64, 64), training)
        x = self.inception("4c", x, (128, 128, 256, 24, 64, 64), training)
        x = self.inception("4d", x, (112, 144, 288, 32, 64, 64), training)
        x = self.inception("4e", x, (256, 160, 320, 32, 128, 128), training)
        x = tf.nn.max_pool2d(x, 3, 2, "SAME")
        x = self.inception("5a", x, (256, 160, 320, 32, 128, 128), training)
        x = self.inception("5b", x, (384, 192, 384, 48, 128, 128), training)
        head = self.variable("head/kernel", [8, 8, 1, x.shape[3]], -0.05, 0.05)
        return tf.nn.conv2d_transpose(x, head, [BATCH, SIZE, SIZE, 1], 4, "SAME")

    def trained(self):
        return {name: v for name, v in self.variables.items() if "moving" not in name}


def batch(seed):
    x = 2 * uniform(BATCH * SIZE * SIZE * CHANNELS, seed) - 1
    y = uniform(BATCH * SIZE * SIZE, seed + 1) < 0.15
    as_float32 = x.astype(np.float32).astype(np.float64)
    return as_float32.reshape(BATCH, SIZE, SIZE, CHANNELS), y.astype(np.float64).reshape(BATCH, SIZE, SIZE, 1)


def slopes(network, x, y):
    """Loss with L2, its gradients, and the moving averages brought up to date."""
    with tf.GradientTape() as tape:
        logits = network.logits(tf.constant(x), True)
        entropy = tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logits)
        loss = tf.reduce_mean(tf.where(y > 0, POSITIVE, 1.0).numpy() * entropy)
        trained = network.trained()
        for name, v in trained.items():
            if name.endswith("kernel"):
                loss += DECAY / 2 * tf.reduce_sum(v * v)
    gradients = tape.gradient(loss, list(trained.values()))
    for name, value in network.moments.items():
        v = network.variables[name]
        v.assign(MOMENTUM * v + (1 - MOMENTUM) * value)
    return float(loss), gradients


def learn(steps):
    """Each step is a list of batches whose gradients are averaged."""
    network, optimizer, result = Network(), tf.keras.optimizers.Adam(RATE, 0.9, 0.999, 1e-8), {"losses": []}
    network.logits(tf.constant(batch(1000)[0]), True)
    trained = network.trained()
    for step, seeds in enumerate(steps):
        found = [slopes(network, *batch(seed)) for seed in seeds]
        result["losses"].append([loss for loss, _ in found])
        mean = [tf.add_n(list(each)) / len(seeds) for each in zip(*[g for _, g in found])]
        if step == 0:
            result["gradients"] = {name: summary(g) for name, g in zip(trained, mean)}
        optimizer.apply_gradients(zip(mean, trained.values()))
        if step == 0:
            result["variables"] = {name: summary(v) for name, v in network.variables.items()}
    logits = network.logits(tf.constant(batch(1000)[0]), False)
    result["probability"] = summary(tf.sigmoid(logits), 48)
    return result


def summary(tensor, samples=5):
    """Euclidean norm, and elements at even distances."""
    flat = np.asarray(tensor).ravel()
    places = [i * (flat.size - 1) // (samples - 1) for i in range(samples)]
    return [float(f"{value:.9g}") for value in [np.linalg.norm(flat), *flat[places]]]


tf.keras.backend.set_floatx("float64")
print(tf.__version__, file=sys.stderr)
golden = {"steps": learn([[1000], [3000]]), "accumulated": learn([[1000, 3000]])}
golden["accumulated"].pop("variables")
json.dump(golden, sys.stdout, separators=(",", ":"))

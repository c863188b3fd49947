"""The 2.5D GoogLeNet as the peers build it: after its paper, with the names under which weights are exchanged."""

# Filters of an inception: 1x1; 3x3 reduce, 3x3; 5x5 reduce, 5x5; after the pool.
BEFORE_SECOND_POOL = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
}
AFTER_SECOND_POOL = {
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}
BATCH_NORM_EPSILON = 1e-3
HEAD_SIZE, HEAD_STRIDE = 8, 4


def googlenet(x, width, layers):
    """Logits of x. `layers` has convolution(name, x, filters, size), max_pool(x, stride) of 3x3, concat(parts) and head(name, x)."""

    def convolution(name, h, filters, size):
        return layers.convolution(name, h, max(4, int(filters * width + 0.5)), size)

    def inception(name, h, filters):
        one, three1, three, five1, five, pooled = filters
        return layers.concat(
            [
                convolution(f"{name}/1x1", h, one, 1),
                convolution(f"{name}/3x3", convolution(f"{name}/3x3_reduce", h, three1, 1), three, 3),
                convolution(f"{name}/5x5", convolution(f"{name}/5x5_reduce", h, five1, 1), five, 5),
                convolution(f"{name}/pooled", layers.max_pool(h, 1), pooled, 1),
            ]
        )

    h = convolution("stem/7x7", x, 64, 7)
    h = convolution("stem/1x1", h, 64, 1)
    h = layers.max_pool(convolution("stem/3x3", h, 192, 3), 2)
    for name, filters in BEFORE_SECOND_POOL.items():
        h = inception(name, h, filters)
    h = layers.max_pool(h, 2)
    for name, filters in AFTER_SECOND_POOL.items():
        h = inception(name, h, filters)
    return layers.head("head", h)

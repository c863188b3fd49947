"""Makes random.oracle.json: xoshiro128++ and the seeding by SplitMix32, from their definitions. Run: python3 this."""

import json
import pathlib

MASK = 0xFFFFFFFF


def rotl(x: int, k: int) -> int:
    return ((x << k) | (x >> (32 - k))) & MASK


def xoshiro128plusplus(s: list[int], n: int) -> list[int]:
    """Blackman and Vigna, prng.di.unimi.it/xoshiro128plusplus.c"""
    s, out = list(s), []
    for _ in range(n):
        out.append((rotl((s[0] + s[3]) & MASK, 7) + s[0]) & MASK)
        t = (s[1] << 9) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotl(s[3], 11)
    return out


def splitmix32(state: int, n: int) -> list[int]:
    out = []
    for _ in range(n):
        state = (state + 0x9E3779B9) & MASK
        z = state
        z = ((z ^ (z >> 16)) * 0x21F0AAAD) & MASK
        z = ((z ^ (z >> 15)) * 0x735A2D97) & MASK
        out.append(z ^ (z >> 15))
    return out


def seeded(seed: int) -> list[int]:
    low, high = seed & MASK, (seed >> 32) & MASK
    return splitmix32(low ^ ((high * 0x9E3779B9) & MASK), 4)


golden = {
    "fromState1234": xoshiro128plusplus([1, 2, 3, 4], 10),
    "fromSeed": {str(seed): xoshiro128plusplus(seeded(seed), 6) for seed in (0, 1, 20260101, 2**53 - 1)},
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(golden, indent=1) + "\n")

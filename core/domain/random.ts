/**
 * Random numbers that depend on the seed alone, the same on every machine: xoshiro128++ (Blackman and Vigna 2019), seeded by
 * SplitMix32. The state is text, so that it can be stored with a checkpoint. Not for secrets.
 */
export class SeededRandom {
  readonly #s: Uint32Array;

  /** @param seed a whole number; its low 53 bits count. */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed)) throw new RangeError(`The seed has to be a whole number, not ${seed}.`);
    const mix = splitMix32(seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0);
    this.#s = Uint32Array.from({ length: 4 }, mix);
  }

  /** Goes on where a generator of this state stood. @throws RangeError if it is no state. */
  static fromState(state: string): SeededRandom {
    const random = new SeededRandom(0);
    random.state = state;
    return random;
  }

  /** 32 hexadecimal digits. */
  get state(): string {
    return Array.from(this.#s, (word) => word.toString(16).padStart(8, '0')).join('');
  }

  set state(state: string) {
    if (!/^[0-9a-f]{32}$/.test(state) || /^0+$/.test(state)) {
      throw new RangeError(`"${state}" is not the state of a random generator.`);
    }
    for (let i = 0; i < 4; i++) this.#s[i] = Number.parseInt(state.slice(8 * i, 8 * i + 8), 16);
  }

  /** 32 random bits, as a number from 0. */
  uint32(): number {
    const s = this.#s;
    const [a, b, d] = [s[0]!, s[1]!, s[3]!];
    const sum = (a + d) | 0;
    const result = (((sum << 7) | (sum >>> 25)) + a) >>> 0;
    s[2]! ^= a;
    s[3]! ^= b;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= b << 9;
    s[3] = (s[3]! << 11) | (s[3]! >>> 21);
    return result;
  }

  /** Uniform in [0, 1), with 53 random bits. */
  next(): number {
    return ((this.uint32() >>> 5) * 2 ** 26 + (this.uint32() >>> 6)) / 2 ** 53;
  }

  /** A whole number from 0 to n - 1, each as likely. */
  int(n: number): number {
    if (!(Number.isSafeInteger(n) && n > 0)) throw new RangeError(`No whole number lies in 0 .. ${n} - 1.`);
    return Math.floor(this.next() * n);
  }

  /** Standard normal, by Box and Muller; every call uses two uniform numbers, so nothing but the state is kept. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  /** Puts the items into random order, in place (Fisher and Yates). */
  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      [items[i], items[j]] = [items[j]!, items[i]!];
    }
    return items;
  }
}

/** 32-bit words that spread the seed's bits; the high half is mixed into the start. */
function splitMix32(low: number, high: number): () => number {
  let state = (low ^ Math.imul(high, 0x9e3779b9)) >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}

import assert from 'node:assert/strict';
import test from 'node:test';
import { SeededRandom } from '#core/domain/random.ts';
import { sequences } from '#core/domain/sequence.ts';
import { drawPresence, sequenceDropout } from './sequence-dropout.ts';

const draws = 4000;
const seed = 3;

test('each sequence but the kept one is left out as often as the plan says, independently', () => {
  const dropout = sequenceDropout({ sequenceDropout: 0.3, sequences, keptSequences: ['BRAVO'] })!;
  const random = new SeededRandom(seed);
  const drawn = Array.from({ length: draws }, () => drawPresence(4, dropout, random));
  const share = (of: (present: boolean[]) => boolean): number => drawn.filter(of).length / draws;
  const near = (found: number, expected: number): void =>
    assert.ok(
      Math.abs(found - expected) < 5 * Math.sqrt((expected * (1 - expected)) / draws),
      `seed ${seed}: ${found}`,
    );
  assert.equal(
    share((present) => !present[2]),
    0,
  );
  for (const n of [0, 1, 3])
    near(
      share((present) => !present[n]),
      0.3,
    );
  near(
    share((present) => !present[0] && !present[3]),
    0.09,
  );
});

test('one sequence at least remains where none is kept', () => {
  const dropout = sequenceDropout({ sequenceDropout: 0.9, sequences, keptSequences: [] })!;
  const random = new SeededRandom(seed);
  const drawn = Array.from({ length: draws }, () => drawPresence(4, dropout, random));
  assert.ok(drawn.every((present) => present.includes(true)));
  for (let n = 0; n < 4; n++) assert.ok(drawn.some((present) => !present[n]) && drawn.some((present) => present[n]));
});

test('without dropout no random number is used', () => {
  assert.equal(sequenceDropout({ sequenceDropout: 0, sequences, keptSequences: ['BRAVO'] }), undefined);
});

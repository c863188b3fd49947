import assert from 'node:assert/strict';
import type { FakeIdentity } from '../../demo/phantom/identifiers.ts';

/** Refuses log lines in which a phantom's planted identity shows. Short numbers are no identity where times and ids are made of digits. */
export function assertNothingPlanted(lines: readonly string[], { planted, birthDate, studyDate }: FakeIdentity): void {
  assert.ok(lines.length > 0, 'nothing was logged');
  const words = planted.filter((text) => text.length >= 5 && !/^\d{1,7}$/.test(text));
  assert.ok(words.length >= 10, `only ${words.length} planted texts`);
  for (const line of lines)
    for (const word of [...words, birthDate, studyDate])
      assert.ok(!line.toLowerCase().includes(word.toLowerCase()), `"${word}" shows in the log: ${line}`);
}

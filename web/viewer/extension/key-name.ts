/** What is used of a KeyboardEvent. */
interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** As shortcuts name it. Shift counts only with Control, since what it makes of a key is a key of its own. */
export function keyOf({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyPress): string {
  const control = ctrlKey || metaKey;
  return `${altKey ? 'alt+' : ''}${control ? 'ctrl+' : ''}${control && shiftKey ? 'shift+' : ''}${key.toLowerCase()}`;
}

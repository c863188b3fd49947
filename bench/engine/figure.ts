/** One figure of a run. */
export interface Figure {
  /** Its name, for --only and for programs. */
  readonly figure: string;
  /** What it is, for people. */
  readonly title: string;
  readonly unit: 'ms/slice' | 's' | 'GiB' | 'ms' | 'MB/s' | 'files/s' | 'MB' | 'kB' | 'requests';
  readonly ours: number;
  /** What ours is compared with: a peer's value, or ours at another size; undefined if it stands for itself. */
  readonly peer: number | undefined;
  /** Who that is. */
  readonly against: string;
  /** ours / peer, or ours where there is no peer. */
  readonly ratio: number;
  /** The ratio is to be at most this, or at least; undefined where a figure is for information. */
  readonly goal: number | undefined;
  /** At most unless said: less is better. */
  readonly rule?: 'AT_LEAST';
  /** The same ratio of processor times, where they were taken: neighbours on the machine disturb it less. */
  readonly processorRatio?: number;
  /** Spread of the turns, or settings that were used. */
  readonly note: string;
}

/** A figure with its ratio. */
export function figureOf(parts: Omit<Figure, 'ratio'>): Figure {
  return { ...parts, ratio: parts.ours / (parts.peer ?? 1) };
}

/** Whether a figure is as it should be; undefined where nothing is asked of it. */
export function isReached({ ratio, goal, rule }: Figure): boolean | undefined {
  if (goal === undefined) return undefined;
  return rule === 'AT_LEAST' ? ratio >= goal : ratio <= goal;
}

/** The figures as JSON: an array, since programs look for a figure by its name. */
export function figuresJson(figures: readonly Figure[], run: Readonly<Record<string, unknown>>): string {
  const rows = figures.map((one) => ({
    ...one,
    peer: one.peer ?? null,
    goal: one.goal ?? null,
    reached: isReached(one) ?? null,
    ...run,
  }));
  return `${JSON.stringify(rows, null, 2)}\n`;
}

const digits = (value: number | undefined): string => {
  if (value === undefined) return '';
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
};

/** The figures as a table in Markdown, which is easily read as it stands. */
export function figureTable(figures: readonly Figure[]): string {
  const head = ['figure', 'ours', 'peer', 'ratio', 'goal', '', 'of processor time', 'against', 'note'];
  const rows = figures.map((one) => {
    const reached = isReached(one);
    const verdict = reached === undefined ? '' : reached ? 'reached' : 'missed';
    const goal = one.goal === undefined ? '' : `${one.rule === 'AT_LEAST' ? '>=' : '<='} ${one.goal}`;
    const ours = `${digits(one.ours)} ${one.unit}`;
    return [
      one.title,
      ours,
      digits(one.peer),
      digits(one.ratio),
      goal,
      verdict,
      digits(one.processorRatio),
      one.against,
      one.note,
    ];
  });
  return table(head, rows);
}

/** Rows of text as a table in Markdown, its columns aligned. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, n) => Math.max(3, title.length, ...rows.map((row) => row[n]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, n) => cell.padEnd(widths[n]!)).join(' | ')} |\n`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|\n`;
  return line(head) + rule + rows.map(line).join('');
}

import type { AgreementRow } from '../api/agreement-queries.ts';
import { scaleOf } from './plot-scale.ts';
import { number, plural } from './words.ts';

/** Pixels. */
const plot = { width: 420, height: 240, left: 56, right: 24, top: 12, bottom: 36 };
const inner = { width: plot.width - plot.left - plot.right, height: plot.height - plot.top - plot.bottom };
const x = (part: number): number => plot.left + part * inner.width;
const y = (part: number): number => plot.top + (1 - part) * inner.height;

/** Volumes of lesions that were found: how much larger they were drawn than the reference, by their size; bias and limits as lines. */
export function VolumePlot({ row }: { row: AgreementRow }) {
  const {
    volumeMeansMm3: means,
    volumeDifferencesMm3: differences,
    volumeBiasMm3: bias,
    volumeLimitsMm3: limits,
  } = row;
  if (means.length === 0) return null;
  const lines = [...(limits ?? []), ...(bias === null ? [] : [bias]), 0];
  const across = scaleOf(0, Math.max(...means));
  const up = scaleOf(Math.min(...differences, ...lines), Math.max(...differences, ...lines));
  const told =
    bias === null || !limits
      ? ''
      : `: mean difference ${number(bias)} mm³, limits of agreement ${number(limits[0])} to ${number(limits[1])} mm³`;
  return (
    <figure class="plot">
      <svg
        viewBox={`0 0 ${plot.width} ${plot.height}`}
        role="img"
        aria-label={`Volumes of ${plural(means.length, 'lesion')}, ${row.label}${told}`}
      >
        <Axes across={across} up={up} />
        <line class="zero" x1={x(0)} x2={x(1)} y1={y(up.at(0))} y2={y(up.at(0))} />
        {bias !== null && <line class="bias" x1={x(0)} x2={x(1)} y1={y(up.at(bias))} y2={y(up.at(bias))} />}
        {limits?.map((limit) => (
          <line key={limit} class="limit" x1={x(0)} x2={x(1)} y1={y(up.at(limit))} y2={y(up.at(limit))} />
        ))}
        {means.map((mean, n) => (
          <circle key={n} r={3} cx={x(across.at(mean))} cy={y(up.at(differences[n]!))}>
            <title>{`${number(differences[n])} mm³ at a mean of ${number(mean)} mm³`}</title>
          </circle>
        ))}
        <text class="axis" x={x(0.5)} y={plot.height - 4}>
          Mean volume (mm³)
        </text>
        <text class="axis" transform={`rotate(-90) translate(${-y(0.5)} 12)`}>
          Difference (mm³)
        </text>
      </svg>
      <figcaption class="faint">Volumes{told}</figcaption>
    </figure>
  );
}

function Axes({ across, up }: { across: ReturnType<typeof scaleOf>; up: ReturnType<typeof scaleOf> }) {
  return (
    <>
      {across.marks.map((mark) => (
        <g key={mark}>
          <line class="grid" x1={x(across.at(mark))} x2={x(across.at(mark))} y1={y(0)} y2={y(1)} />
          <text class="mark" x={x(across.at(mark))} y={y(0) + 14}>
            {mark}
          </text>
        </g>
      ))}
      {up.marks.map((mark) => (
        <g key={mark}>
          <line class="grid" x1={x(0)} x2={x(1)} y1={y(up.at(mark))} y2={y(up.at(mark))} />
          <text class="mark end" x={x(0) - 6} y={y(up.at(mark)) + 4}>
            {mark}
          </text>
        </g>
      ))}
    </>
  );
}

const bins = 20;
/** Letters that have room beside a row. */
const longestLabel = 20;
const strip = { width: 420, row: 46, left: 140, right: 46 };

/** Dice of the lesions that were found, one row each: how many lie where, from 0 to 1. */
export function DicePlot({ rows }: { rows: readonly AgreementRow[] }) {
  const drawn = rows.filter(({ dices }) => dices.length > 0);
  if (drawn.length === 0) return null;
  const width = strip.width - strip.left - strip.right;
  const at = (value: number): number => strip.left + value * width;
  return (
    <figure class="plot">
      <svg
        viewBox={`0 0 ${strip.width} ${drawn.length * strip.row + 34}`}
        role="img"
        aria-label={drawn.map(({ label, dices }) => `Dice of ${plural(dices.length, 'lesion')}, ${label}`).join('; ')}
      >
        {drawn.map((row, n) => (
          <g key={row.label} transform={`translate(0 ${n * strip.row})`}>
            <text class="mark end" x={strip.left - 8} y={strip.row - 8}>
              {row.label.length > longestLabel ? `${row.label.slice(0, longestLabel - 1)}…` : row.label}
              <title>{row.label}</title>
            </text>
            <Histogram values={row.dices} at={at} />
            <line class="grid" x1={at(0)} x2={at(1)} y1={strip.row - 4} y2={strip.row - 4} />
            <text class="mark start" x={at(1) + 6} y={strip.row - 8}>
              {number(row.lesionDice?.mean, 2)}
            </text>
          </g>
        ))}
        {scaleOf(0, 1).marks.map((mark) => (
          <text key={mark} class="mark" x={at(mark)} y={drawn.length * strip.row + 12}>
            {mark}
          </text>
        ))}
        <text class="axis" x={at(0.5)} y={drawn.length * strip.row + 30}>
          Dice of lesions found
        </text>
      </svg>
      <figcaption class="faint">At the right the mean over reads.</figcaption>
    </figure>
  );
}

function Histogram({ values, at }: { values: readonly number[]; at: (value: number) => number }) {
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of values) counts[Math.min(bins - 1, Math.floor(value * bins))]!++;
  const most = Math.max(...counts);
  return (
    <>
      {counts.map((count, n) => {
        const height = ((strip.row - 10) * count) / most;
        return (
          count > 0 && (
            <rect
              key={n}
              x={at(n / bins) + 0.5}
              width={at(1 / bins) - at(0) - 1}
              y={strip.row - 4 - height}
              height={height}
            >
              <title>{`${plural(count, 'lesion')} from ${n / bins} to ${(n + 1) / bins}`}</title>
            </rect>
          )
        );
      })}
    </>
  );
}

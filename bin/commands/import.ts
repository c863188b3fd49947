import { labelComponents, segmentVoxelCounts } from '#core/label/relabel.ts';
import { type ImportArguments, importUsage, parseImportArguments } from '../import/arguments.ts';
import { CaseRefused, type Layout } from '../import/case.ts';
import { importCases, type Totals, type WeighedCase, weigh } from '../import/import-cases.ts';
import { givenRoles } from '../import/layouts/given-roles.ts';
import { layouts } from '../import/layouts.ts';
import { gridText, readCase } from '../import/read-case.ts';
import { Journal } from '../upload/journal.ts';
import { Progress } from '../upload/progress.ts';
import { GivenUp, NotAccepted, Service } from '../upload/service.ts';

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/** Sends a data set to a site, with its labels. */
export async function run(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(importUsage);
    return 0;
  }
  let wanted: ImportArguments;
  let layout: Layout;
  let cases: WeighedCase[];
  try {
    const parsed = parseImportArguments(args);
    layout = await layoutOf(parsed);
    wanted = { ...parsed, pngSpacingMm: parsed.pngSpacingMm ?? layout.pngSpacingMm };
    cases = await casesOf(layout, wanted);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${importUsage}`);
    return 2;
  }
  say(`${cases.length} cases, laid out as ${layout.name}.`);
  for (const sentence of layout.assumes) say(sentence);
  return wanted.dryRun ? showPreview(wanted, cases) : importAll(wanted, layout, cases);
}

/** @throws TypeError */
async function layoutOf({ folder, layout: name, given }: ImportArguments): Promise<Layout> {
  if (given) return givenRoles(given);
  if (name !== undefined) {
    const named = layouts.find((one) => one.name === name);
    if (named) return named;
    throw new TypeError(`--layout is "${name}"; there is ${layouts.map((one) => one.name).join(', ')}.`);
  }
  for (const layout of layouts) if (await layout.detect(folder)) return layout;
  throw new TypeError(`${folder} is laid out as no data set that is known; name its files by --role.`);
}

/** @throws TypeError */
async function casesOf(layout: Layout, wanted: ImportArguments): Promise<WeighedCase[]> {
  const sources = await layout.cases(wanted.folder);
  if (sources.length === 0) throw new TypeError(`There is no case in ${wanted.folder}.`);
  const twice = sources.find(({ name }, n) => sources.findIndex((one) => one.name === name) !== n);
  if (twice) throw new TypeError(`There are two cases ${twice.name}: import the folders that they are in one by one.`);
  if (wanted.withLabels && sources.some(({ label }) => label) && !(wanted.source ?? layout.source))
    throw new TypeError('--source is missing: where the labels come from, as ground truth will say.');
  const { withLabels, source, beganAsDraft, newRound, allowMissing, unknownIsRas, pngSpacingMm } = wanted;
  const { metastasisValues } = wanted;
  // How a case is read and what becomes of its label; not how it is sent. A case that is refused without --resample is in no journal.
  const chosen = {
    allowMissing,
    unknownIsRas,
    pngSpacingMm,
    metastasisValues,
    withLabels,
    source,
    beganAsDraft,
    newRound,
  };
  const options = JSON.stringify({ ...chosen, given: wanted.given && [...wanted.given.roles], layout: layout.name });
  return Promise.all(sources.map((source) => weigh(source, options)));
}

async function showPreview(wanted: ImportArguments, cases: readonly WeighedCase[]): Promise<number> {
  const progress = new Progress(cases.reduce((sum, { file }) => sum + file.bytes, 0));
  const refused: { name: string; reason: string }[] = [];
  const lines: string[] = [];
  let [images, labels] = [0, 0];
  for (const { source, file } of cases) {
    try {
      const { series, label } = await readCase(source, wanted);
      lines.push(`${source.name}, patient ${source.subject}`);
      for (const { role, volume, scaled } of series)
        lines.push(`  ${role.padEnd(8)}${gridText(volume)}${scaled ? ', values scaled to whole numbers' : ''}`);
      images++;
      if (label && wanted.withLabels) {
        labels++;
        const counts = segmentVoxelCounts(labelComponents(label.volume));
        lines.push(`  label   ${counts.size} lesions, ${[...counts.values()].reduce((a, b) => a + b, 0)} voxels`);
        if (label.onOwnGrid) lines.push(`          to be brought onto BRAVO's grid from ${gridText(label.volume)}`);
      } else lines.push('  no label');
    } catch (error) {
      if (!(error instanceof CaseRefused)) throw error;
      refused.push({ name: source.name, reason: error.message });
    }
    progress.add(file.bytes);
  }
  progress.end();
  for (const line of lines) say(line);
  say(`Would import ${images} cases, ${labels} with a label. Nothing was sent.`);
  sayCases(refused, 'would be refused');
  return refused.length > 0 ? 1 : 0;
}

async function importAll(wanted: ImportArguments, layout: Layout, cases: readonly WeighedCase[]): Promise<number> {
  const { folder, to, tokenFile, retries } = wanted;
  const stop = new AbortController();
  const { signal } = stop;
  const interrupted = (): void => stop.abort();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, interrupted);
  const progress = new Progress(cases.reduce((sum, { file }) => sum + file.bytes, 0));
  const onRetry = (why: string, pauseMs: number): void =>
    progress.say(`${why} Trying again in ${(pauseMs / 1000).toFixed(1)} s.`);
  const service = new Service({ to, tokenFile, retries, firstPauseMs: 1000, onRetry, signal });
  try {
    const siteId = await service.siteId(wanted.site);
    const journal = await Journal.open(wanted.journal, folder, to, siteId);
    const totals = await importCases(cases, wanted, {
      ...{ service, siteId, journal, signal, source: wanted.source ?? layout.source ?? '' },
      onBytes: (bytes) => progress.add(bytes),
      say: (line) => progress.say(line),
    });
    progress.end();
    return sayTotals(totals);
  } catch (error) {
    if (signal.aborted) {
      progress.say('Interrupted. What was acknowledged is stored; run the same command again to go on.');
      return 130;
    }
    if (!(error instanceof NotAccepted || error instanceof GivenUp)) throw error;
    progress.say(error.message);
    return error instanceof NotAccepted ? 4 : 3;
  } finally {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, interrupted);
  }
}

function sayTotals({ images, labels, lesions, before, refused, waiting }: Totals): number {
  say(`Imported the images of ${images} cases and ${labels} labels with ${lesions} lesions.`);
  if (before > 0) say(`${before} cases were imported by an earlier run.`);
  sayCases(waiting, 'wait for their preparation; run the same command again to import their labels');
  sayCases(refused, 'were refused');
  return refused.length + waiting.length > 0 ? 1 : 0;
}

function sayCases(cases: readonly { name: string; reason: string }[], what: string): void {
  if (cases.length === 0) return;
  say(`${cases.length} cases ${what}:`);
  for (const { name, reason } of cases) say(`  ${name}: ${reason}`);
}

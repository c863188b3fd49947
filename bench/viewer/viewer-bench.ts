import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { demoPassword } from '../../demo/cast.ts';
import { assembleTeam } from '../../demo/loop/team.ts';
import { type DemoStack, startStack } from '../../demo/stack.ts';
import { cacheFolder } from '../../gpu-worker/native/engine-folder.ts';
import { ensureOhif } from '../../web/viewer/ohif-package.ts';
import { type Figure, figuresJson, figureTable, isReached } from '../engine/figure.ts';
import { describeMachine, machineText } from '../engine/machine.ts';
import { requireOrthanc } from '../peers/orthanc.ts';
import { type BenchStudy, openStudies, readers } from './bench-studies.ts';
import { launchChromium } from './chromium.ts';
import { inFreshContext, type Opening, open, openFromList, openNext, type Viewer } from './opening.ts';
import { type PeerArchive, startPeerArchive } from './peer-archive.ts';
import { saveRepeatedly } from './saving.ts';
import { viewerFigures } from './viewer-figures.ts';

const usage = `npm run bench -- viewer [options]
  --json FILE   write the figures to FILE
  --only SIZE   measure only with the small or the full study
  --rounds N    how often each viewer is opened with each study, 3 unless given
  --data DIR    keep the studies in this folder, so that the next run need not make them
  --prepare     make the studies in that folder and measure nothing
  --quick       a tiny study, in about a minute, to see that everything works
`;
const print = (text: string): void => void process.stdout.write(text);
const saveTimes = 5;
/** Of the tenant; what readers see is as fine as it was acquired. */
const preparedSizePixels = 96;
const sizes = { tiny: 48, small: 128, full: 256 } as const;

interface Options {
  readonly json: string | undefined;
  readonly sizes: readonly number[];
  readonly rounds: number;
  readonly data: string | undefined;
  readonly prepare: boolean;
  readonly quick: boolean;
}

/** How long a reader waits for images and saves, beside plain OHIF on Orthanc. Returns the exit code: 1 if something could not be measured. */
export async function runViewerBench(args: readonly string[]): Promise<number> {
  let options: Options | undefined;
  try {
    options = optionsOf(args);
  } catch (error) {
    print(`${error instanceof Error ? error.message : String(error)}\n`);
  }
  if (!options || args.includes('--help')) {
    print(usage);
    return options ? 0 : 2;
  }
  try {
    await inDataFolder(options, measure);
    return 0;
  } catch (error) {
    print(`The bench stopped: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

/** @throws TypeError, RangeError */
function optionsOf(args: readonly string[]): Options {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'string' },
      only: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      data: { type: 'string' },
      ...{ prepare: flag, quick: flag, help: flag },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new RangeError(`--rounds is a whole number from 1, not ${values.rounds}`);
  if (values.prepare && values.data === undefined) throw new RangeError('--prepare needs --data');
  const { json, only, data, prepare, quick } = values;
  if (only !== undefined && only !== 'small' && only !== 'full')
    throw new RangeError(`--only is small or full, not ${only}`);
  const wanted = quick ? [sizes.tiny] : only === undefined ? [sizes.small, sizes.full] : [sizes[only]];
  return { json, sizes: wanted, rounds, data, prepare, quick };
}

/** Ends what `body` has put on the list, last first. */
type Ends = (() => Promise<unknown>)[];

async function inDataFolder(
  options: Options,
  body: (options: Options, dataDir: string, ends: Ends) => Promise<void>,
): Promise<void> {
  const ends: Ends = [];
  try {
    const dataDir =
      options.data === undefined ? await mkdtemp(join(tmpdir(), 'metloop-bench-')) : resolve(options.data);
    if (options.data === undefined) ends.push(() => rm(dataDir, { recursive: true, force: true }));
    await body(options, dataDir, ends);
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

async function measure(
  { json, sizes: wanted, rounds, prepare, quick }: Options,
  dataDir: string,
  ends: Ends,
): Promise<void> {
  const began = performance.now();
  const say = (line: string): void =>
    print(`${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  ${line}\n`);
  // Before minutes are spent on studies.
  await requireOrthanc(say);
  const machine = await describeMachine();
  print(`${machineText(machine)}\n`);
  const ohif = await ensureOhif(cacheFolder(), say, 'PUBLISHED');
  const stack = await startStack({ dataDir, sizePixels: preparedSizePixels, log: () => {} });
  ends.push(() => stack.supervisor.stopAll());
  const team = await assembleTeam(stack);
  const [other, ...more] = await openStudies(team, dataDir, [...new Set([sizes.tiny, ...wanted])], say);
  // A quick run has no other study than the one that it measures.
  const studies = quick ? [other!] : more;
  if (prepare) return;
  const peer = await startPeerArchive(ohif, say);
  ends.push(() => peer.stop());
  // As the reader who opens it sees it: others see more, as what was saved in an earlier run.
  for (const study of new Set([other!, ...studies])) await peer.copy(team.of.readerOne, study);
  const browser = await launchChromium(say);
  ends.push(() => browser.close());
  const figures: Figure[] = [];
  for (const study of studies)
    figures.push(...(await measureStudy({ browser, stack, peer, say }, { study, other: other!, rounds })));
  const judged = quick ? figures.map((one) => ({ ...one, goal: undefined })) : figures;
  const versions = { orthanc: peer.orthanc.version, chromium: browser.version() };
  print(`\n${machineText(machine)}, when it ended: ${loadavg()[0]!.toFixed(2)}\n`);
  print(`Orthanc ${versions.orthanc}, Chromium ${versions.chromium}\n\n${figureTable(judged)}\n`);
  const missed = judged.filter((one) => isReached(one) === false).map(({ figure }) => figure);
  print(quick ? 'A quick run: its figures mean nothing.\n' : `Missed: ${missed.join(', ') || 'no goal'}.\n`);
  if (json !== undefined) await writeFile(json, figuresJson(judged, { quick, machine, versions }));
}

interface Room {
  readonly browser: Browser;
  readonly stack: DemoStack;
  readonly peer: PeerArchive;
  readonly say: (line: string) => void;
}

interface Wanted {
  readonly study: BenchStudy;
  /** The one that a browser has shown before. */
  readonly other: BenchStudy;
  readonly rounds: number;
}

async function measureStudy(room: Room, { study, other, rounds }: Wanted): Promise<Figure[]> {
  const { browser, say } = room;
  const address = ({ studyInstanceUid }: BenchStudy, read: string): string =>
    `${room.stack.address}/viewer/metloop?${new URLSearchParams({ StudyInstanceUIDs: studyInstanceUid, read })}`;
  const session = await signIn(room, readers.opening);
  const ours: Viewer = {
    ...{ name: 'ours', address: address(study, study.openedRead), session },
    ...{ list: `${room.stack.address}/reads`, listIsWithin: false },
  };
  const plain: Viewer = {
    ...{ name: 'plain OHIF', address: room.peer.addressOf(study), session: undefined },
    ...{ list: room.peer.listOf(study), listIsWithin: true },
  };
  const viewers = [ours, plain] as const;
  const openings = new Map<Viewer, Opening[]>(viewers.map((viewer) => [viewer, []]));
  for (let round = 0; round < rounds; round++)
    // The order is reversed with each round, so that a neighbour on the machine disturbs both alike.
    for (const viewer of round % 2 === 0 ? viewers : viewers.toReversed()) {
      const opening = await open(browser, viewer);
      openings.get(viewer)!.push(opening);
      const { firstSeconds, allSeconds, requests, bytes } = opening;
      say(
        `${study.sizePixels} pixels, ${viewer.name}: first image ${firstSeconds.toFixed(2)} s, all ${allSeconds.toFixed(2)} s, ${requests} requests, ${(bytes / 1e6).toFixed(1)} MB`,
      );
    }
  const others = new Map<Viewer, string>([
    [ours, address(other, other.openedRead)],
    [plain, room.peer.addressOf(other)],
  ]);
  const repeat = async (what: string, body: (viewer: Viewer) => Promise<Opening>): Promise<Map<Viewer, Opening[]>> => {
    const all = new Map<Viewer, Opening[]>();
    for (const viewer of viewers) {
      const opened: Opening[] = [];
      for (let round = 0; round < rounds; round++) opened.push(await body(viewer));
      all.set(viewer, opened);
      const seconds = opened.map(({ allSeconds }) => allSeconds.toFixed(2));
      say(`${study.sizePixels} pixels, ${viewer.name}, ${what}: all ${seconds.join(', ')} s`);
    }
    return all;
  };
  const listed = await repeat('from the list', (viewer) => openFromList(browser, viewer));
  const next = await repeat('after another study', (viewer) => openNext(browser, viewer, others.get(viewer)!));
  const saving = { address: address(study, study.savedRead), session: await signIn(room, readers.saving) };
  const saves = await saveRepeatedly(browser, saving, saveTimes);
  say(`${study.sizePixels} pixels, saves: ${saves.map(({ seconds }) => seconds.toFixed(2)).join(', ')} s`);
  return viewerFigures({
    size: study.sizePixels === sizes.full ? 'full' : 'small',
    ...{ sizePixels: study.sizePixels, slices: study.slices, saves },
    ...{ ours: openings.get(ours)!, peer: openings.get(plain)! },
    ...{ oursListed: listed.get(ours)!, peerListed: listed.get(plain)! },
    ...{ oursNext: next.get(ours)!, peerNext: next.get(plain)! },
  });
}

/** A reader's session, to be taken into fresh contexts. */
function signIn({ browser, stack }: Room, email: string): Promise<Viewer['session']> {
  return inFreshContext(browser, undefined, async (page) => {
    await page.goto(stack.address);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password').fill(demoPassword);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    return page.context().storageState();
  });
}

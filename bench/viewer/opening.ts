import type { Browser, BrowserContext, Page, Request } from 'playwright-core';
import { type Painted, watchPainting } from './paint-probe.ts';

/** A viewer that is opened, ours or another. */
export interface Viewer {
  readonly name: string;
  /** Whole address of the page. */
  readonly address: string;
  /** Of the page where a reader finds the study. */
  readonly list: string;
  /** Whether the list is another page of the same application, which then is running already. */
  readonly listIsWithin: boolean;
  /** Cookies of the session, as Playwright keeps them. */
  readonly session: Awaited<ReturnType<BrowserContext['storageState']>> | undefined;
}

/** What it took to open the viewer until all four images were painted. */
export interface Opening {
  readonly firstSeconds: number;
  readonly allSeconds: number;
  readonly requests: number;
  /** Bodies as they came over the wire. */
  readonly bytes: number;
}

const patienceMs = 150_000;

/** Runs `body` on a page in a fresh context, empty caches and all. */
export async function inFreshContext<T>(
  browser: Browser,
  session: Viewer['session'],
  body: (page: Page) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    ...(session && { storageState: session }),
  });
  try {
    return await body(await context.newPage());
  } finally {
    await context.close();
  }
}

/** Goes to the viewer and waits until all four images are painted. @throws Error if they are not in time */
export async function paint(page: Page, address: string): Promise<Painted> {
  if (page.url() === 'about:blank') await page.addInitScript(watchPainting);
  await page.goto(address, { waitUntil: 'commit' });
  return awaitPainted(page);
}

async function awaitPainted(page: Page): Promise<Painted> {
  const painted = (): Painted => (globalThis as unknown as { benchPainted: Painted }).benchPainted;
  await page.waitForFunction(() => (globalThis as unknown as { benchPainted?: Painted }).benchPainted?.all, null, {
    polling: 200,
    timeout: patienceMs,
  });
  return page.evaluate(painted);
}

/** Opens the viewer once, as somebody who was never there. */
export const open = (browser: Browser, { address, session }: Viewer): Promise<Opening> =>
  inFreshContext(browser, session, (page) => measured(page, () => paint(page, address)));

/** A reader looks at the list before one study is chosen. */
const lookedAtListMs = 5000;

/** What is used of a page here; the project is not compiled with the types of browsers. */
interface Place {
  readonly location: { assign(address: string): void };
  readonly history: { pushState(state: null, title: string, address: string): void };
  readonly PopStateEvent: new (type: 'popstate') => object;
  dispatchEvent(event: object): void;
}

/** Opens the viewer from the list of what there is to read, as somebody who was never there. Times are from when it is left. */
export const openFromList = (browser: Browser, { address, list, listIsWithin, session }: Viewer): Promise<Opening> =>
  inFreshContext(browser, session, async (page) => {
    await page.addInitScript(watchPainting);
    await page.goto(list);
    await page.waitForTimeout(lookedAtListMs);
    return measured(page, async () => {
      const leftMs = await page.evaluate(
        ([to, isWithin]) => {
          const place = globalThis as unknown as Place;
          const now = performance.now();
          if (!isWithin) place.location.assign(to);
          else {
            place.history.pushState(null, '', to);
            place.dispatchEvent(new place.PopStateEvent('popstate'));
          }
          return isWithin ? now : 0;
        },
        [address, listIsWithin] as const,
      );
      return { leftMs, ...(await awaitPainted(page)) };
    });
  });

/** A browser keeps what it compiled of a script when it has run it twice. */
const openingsBefore = 2;

/** Opens the viewer as somebody who has read another study: the browser has its scripts, and nothing of this study. */
export const openNext = (browser: Browser, { address, session }: Viewer, other: string): Promise<Opening> =>
  inFreshContext(browser, session, async (page) => {
    for (let n = 0; n < openingsBefore; n++) await paint(page, other);
    return measured(page, () => paint(page, address));
  });

/** @param go opens the viewer; its times are from the beginning of the page, and `leftMs` is when another page was left */
async function measured(page: Page, go: () => Promise<Painted & { leftMs?: number }>): Promise<Opening> {
  const finished: Request[] = [];
  const note = (request: Request): void => void finished.push(request);
  page.on('requestfinished', note);
  const { first, all, leftMs = 0 } = await go();
  page.off('requestfinished', note);
  const paintedAt = (await page.evaluate(() => performance.timeOrigin)) + all;
  let [requests, bytes] = [0, 0];
  for (const request of finished) {
    if (!request.url().startsWith('http')) continue;
    const { startTime, responseEnd } = request.timing();
    if (startTime + Math.max(0, responseEnd) > paintedAt) continue;
    requests++;
    bytes += (await request.sizes()).responseBodySize;
  }
  return { firstSeconds: (first - leftMs) / 1000, allSeconds: (all - leftMs) / 1000, requests, bytes };
}

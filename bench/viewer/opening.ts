import type { Browser, BrowserContext, Page, Request } from 'playwright-core';
import { type Painted, watchPainting } from './paint-probe.ts';

/** A viewer that is opened, ours or another. */
export interface Viewer {
  readonly name: string;
  /** Whole address of the page. */
  readonly address: string;
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
  await page.addInitScript(watchPainting);
  await page.goto(address, { waitUntil: 'commit' });
  const painted = (): Painted => (globalThis as unknown as { benchPainted: Painted }).benchPainted;
  await page.waitForFunction(() => (globalThis as unknown as { benchPainted?: Painted }).benchPainted?.all, null, {
    polling: 200,
    timeout: patienceMs,
  });
  return page.evaluate(painted);
}

/** Opens the viewer once, as somebody who was never there. */
export function open(browser: Browser, { address, session }: Viewer): Promise<Opening> {
  return inFreshContext(browser, session, async (page) => {
    const finished: Request[] = [];
    page.on('requestfinished', (request) => void finished.push(request));
    const { first, all } = await paint(page, address);
    const paintedAt = (await page.evaluate(() => performance.timeOrigin)) + all;
    let [requests, bytes] = [0, 0];
    for (const request of finished) {
      if (!request.url().startsWith('http')) continue;
      const { startTime, responseEnd } = request.timing();
      if (startTime + Math.max(0, responseEnd) > paintedAt) continue;
      requests++;
      bytes += (await request.sizes()).responseBodySize;
    }
    return { firstSeconds: first / 1000, allSeconds: all / 1000, requests, bytes };
  });
}

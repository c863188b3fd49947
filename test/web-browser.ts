import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { demoPassword } from '../demo/cast.ts';
import { type DemoStack, startStack } from '../demo/stack.ts';

const pictures = join(import.meta.dirname, '../test-artefacts');
/** Without a graphics card, and without a sandbox since tests may run as root in a container. */
const flags = ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

/** Everything embedded, as the demonstration starts it, until the test ends. */
export async function openStack(t: TestContext, name: string, sizePixels: number) {
  const folder = await mkdtemp(join(tmpdir(), 'metloop-web-'));
  await mkdir(pictures, { recursive: true });
  const lines: string[] = [];
  // The services inherit it: results may be sent to receivers of the test's.
  process.env.DESTINATION_HOSTS = '127.0.0.0/8';
  const log = (line: string): void => void lines.push(line);
  const stack = await startStack({ dataDir: join(folder, 'data'), sizePixels, log, anyPorts: true });
  t.after(async () => {
    await stack.supervisor.stopAll();
    await writeFile(join(pictures, `${name}-services.log`), lines.join('\n'));
    await rm(folder, { recursive: true, force: true });
  });
  return { stack, folder };
}

/** A browser window and what went wrong in it. */
export class Visitor {
  readonly page: Page;
  /** Addresses asked for that are not the stack's. */
  readonly strangers: string[] = [];
  readonly problems: string[] = [];
  readonly #context: BrowserContext;
  readonly #stack: DemoStack;
  readonly #name: string;
  #pictures = 0;

  private constructor(page: Page, stack: DemoStack, name: string) {
    this.page = page;
    this.#context = page.context();
    this.#stack = stack;
    this.#name = name;
    page.on('request', (request) => {
      if (!/^(http:\/\/127\.0\.0\.1:|blob:|data:)/.test(request.url())) this.strangers.push(request.url());
    });
    page.on('pageerror', (error) => this.problems.push(String(error.stack)));
    // People are asked before they sign.
    page.on('dialog', (dialog) => dialog.accept());
  }

  /** @param name The pictures' first word. */
  static async open(t: TestContext, stack: DemoStack, executablePath: string | undefined, name: string) {
    const browser = await chromium.launch({ ...(executablePath && { executablePath }), args: flags });
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const visitor = new Visitor(await context.newPage(), stack, name);
    t.after(async () => {
      // What was seen last tells most about a failure.
      await visitor.picture('end').catch(() => {});
      await browser.close();
    });
    return visitor;
  }

  /** Signs in as somebody else than before. */
  async signIn(email: string): Promise<void> {
    const { page } = this;
    // A page that is left open would ask for a sign-in of its own.
    await page.goto('about:blank');
    await this.#context.clearCookies();
    await this.signInOn(page, email);
  }

  async cookies() {
    return this.#context.cookies();
  }

  /** As a cable that is pulled out, or put in again. */
  async disconnect(offline: boolean): Promise<void> {
    await this.#context.setOffline(offline);
  }

  /** Takes the session away, as time would. */
  async endSession(): Promise<void> {
    await this.#context.clearCookies();
  }

  /** Another tab of the same browser. */
  async openTab(): Promise<Page> {
    const page = await this.#context.newPage();
    page.on('pageerror', (error) => this.problems.push(String(error.stack)));
    page.on('dialog', (dialog) => dialog.accept());
    return page;
  }

  /** Signs in on a page at the start of the app. */
  async signInOn(page: Page, email: string): Promise<void> {
    await page.goto(this.#stack.address);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password').fill(demoPassword);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  }

  /** Keeps what is seen now, to be looked at after the test. */
  async picture(what: string, page = this.page): Promise<void> {
    const number = String(++this.#pictures).padStart(2, '0');
    await page.screenshot({ path: join(pictures, `${this.#name}-${number}-${what}.png`) });
  }

  /** Drags files or folders of the disk from the desktop onto an element and lets them go there. */
  async drop(selector: string, paths: readonly string[]): Promise<void> {
    const { x, y, width, height } = (await this.page.locator(selector).boundingBox())!;
    const session = await this.#context.newCDPSession(this.page);
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await session.send('Input.dispatchDragEvent', {
        type,
        x: x + width / 2,
        y: y + height / 2,
        data: { items: [], files: [...paths], dragOperationsMask: 1 },
      });
  }
}

interface Canvas {
  readonly width: number;
  readonly height: number;
  getContext(kind: '2d'): { getImageData(x: number, y: number, width: number, height: number): { data: Uint8Array } };
}

/** What the page sees of the viewer. */
interface ViewerWindow {
  readonly document: { querySelectorAll(selector: string): Iterable<Canvas> };
  readonly cornerstone?: { getRenderingEngines(): readonly { getViewports(): readonly unknown[] }[] };
}

/** Of each image of the viewer: the share of pixels that are lit (0 while it is one flat colour), and of those with a colour. */
const drawn = (page: Page): Promise<{ lit: number; coloured: number }[]> =>
  page.evaluate(() =>
    [
      ...(globalThis as unknown as ViewerWindow).document.querySelectorAll(
        '[data-cy="viewport-pane"] canvas.cornerstone-canvas',
      ),
    ].map((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const levels = new Set<number>();
      let [lit, coloured] = [0, 0];
      for (let n = 0; n < data.length; n += 4) {
        levels.add(data[n]!);
        if (data[n]! > 30) lit++;
        if (Math.abs(data[n]! - data[n + 2]!) > 40) coloured++;
      }
      const all = data.length / 4;
      return { lit: levels.size > 50 ? lit / all : 0, coloured: coloured / all };
    }),
  );

/** Waits until four images are drawn. @returns of each the share of lit pixels */
export async function drawnShares(page: Page): Promise<number[]> {
  await page.waitForFunction(
    () =>
      ((globalThis as unknown as ViewerWindow).cornerstone?.getRenderingEngines()[0]?.getViewports().length ?? 0) >= 4,
    null,
    { timeout: 60_000 },
  );
  for (let tries = 0; tries < 60; tries++) {
    const found = await drawn(page);
    if (found.length === 4 && found.every(({ lit }) => lit > 0.1)) break;
    await page.waitForTimeout(500);
  }
  return (await drawn(page)).map(({ lit }) => lit);
}

/** Of each image how many pixels of the overlay are painted: pins and probability. */
export const paintedPixels = (page: Page): Promise<number[]> =>
  page.evaluate(() =>
    [...(globalThis as unknown as ViewerWindow).document.querySelectorAll('.metloop-overlay')].map((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let painted = 0;
      for (let n = 3; n < data.length; n += 4) if (data[n]! > 0) painted++;
      return painted;
    }),
  );

/** Waits until something coloured lies over all four gray images. @returns of each the share of coloured pixels */
export async function overlaidShares(page: Page): Promise<number[]> {
  for (let tries = 0; tries < 40; tries++) {
    const found = await drawn(page);
    if (found.length === 4 && found.every(({ coloured }) => coloured > 0)) break;
    await page.waitForTimeout(500);
  }
  return (await drawn(page)).map(({ coloured }) => coloured);
}

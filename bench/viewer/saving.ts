import type { Browser, Page, Request } from 'playwright-core';
import { inFreshContext, paint, type Viewer } from './opening.ts';

/** One save with a lesion drawn. */
export interface Save {
  /** From the press of the button until the server has read the label back. */
  readonly seconds: number;
  /** Bodies of what was sent. */
  readonly sentBytes: number;
}

/** What is used of a page's elements. */
interface Root {
  querySelectorAll(selector: string): Iterable<{ readonly textContent: string; click(): void }>;
  querySelector(selector: string): { readonly textContent: string } | null;
}
interface Panel {
  readonly document: { querySelectorAll(selector: string): Iterable<{ readonly shadowRoot: Root | null }> };
}

/** Opens a read and saves it so often, each time with something more drawn. */
export function saveRepeatedly(
  browser: Browser,
  { address, session }: Pick<Viewer, 'address' | 'session'>,
  times: number,
): Promise<Save[]> {
  return inFreshContext(browser, session, async (page) => {
    await paint(page, address);
    await page.getByText('Draw on any of the images.').waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Brush', exact: true }).click();
    const saves: Save[] = [];
    // Elsewhere in each run: what an earlier one has drawn is there already, and would not be drawn again.
    const across = 0.35 + 0.3 * Math.random();
    for (let n = 0; n < times; n++) {
      await stroke(page, across, 0.35 + (0.3 * n) / times);
      saves.push(await save(page));
    }
    return saves;
  });
}

/** A lesion of some 8 mm on the first image, at a place of it from 0 to 1. */
async function stroke(page: Page, across: number, height: number): Promise<void> {
  const box = (await page.locator('[data-cy="viewport-pane"]').first().boundingBox())!;
  await page.mouse.move(box.x + box.width * across, box.y + box.height * height);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * (across + 0.02), box.y + box.height * (height + 0.01), { steps: 4 });
  await page.mouse.up();
  await page.getByText(/^Kept in this browser at/).waitFor({ timeout: 60_000 });
}

async function save(page: Page): Promise<Save> {
  const sent: Request[] = [];
  const note = (request: Request): void => void (request.method() === 'POST' && sent.push(request));
  page.on('request', note);
  const seconds = await page.evaluate(pressSave);
  page.off('request', note);
  let sentBytes = 0;
  for (const request of sent) sentBytes += Number((await request.allHeaders())['content-length'] ?? 0);
  return { seconds, sentBytes };
}

/** Runs in the page: looks at the panel's line with each frame, since asking from outside would take longer than what is measured. */
function pressSave(): Promise<number> {
  const { document } = globalThis as unknown as Panel;
  const { requestAnimationFrame: nextFrame } = globalThis as unknown as {
    requestAnimationFrame(callback: () => void): void;
  };
  const roots = [...document.querySelectorAll('*')].flatMap(({ shadowRoot }) => shadowRoot ?? []);
  const root = roots.find((one) => one.querySelector('main'))!;
  const button = [...root.querySelectorAll('button')].find(({ textContent }) => textContent === 'Save')!;
  return new Promise((resolve, reject) => {
    const began = performance.now();
    button.click();
    const look = (): void => {
      const told = root.querySelector('[role="status"], [role="alert"]')?.textContent ?? '';
      const seconds = (performance.now() - began) / 1000;
      if (told.startsWith('Saved ')) resolve(seconds);
      else if (seconds > 60) reject(new Error(`the viewer did not save: ${told}`));
      else nextFrame(look);
    };
    look();
  });
}

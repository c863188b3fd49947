import assert from 'node:assert/strict';
import { siteA } from '../demo/cast.ts';
import { refused, startStowReceiver, stored } from './harness/stow-receiver.ts';
import type { Visitor } from './web-browser.ts';

/** An administrator says where results can be sent; a clinician sends them, is told what was refused, and sends them again. */
export async function sendResults(visitor: Visitor, openStudy: () => Promise<void>): Promise<void> {
  const { page } = visitor;
  const receiver = await startStowReceiver();
  try {
    await visitor.signIn('admin@demo.metloop');
    await page.getByRole('link', { name: 'Sites' }).click();
    const panel = page.locator('.panel', { hasText: `Destinations of ${siteA}` });
    await panel.getByText('Results cannot be sent anywhere yet.').waitFor();
    await panel.getByText('Add a destination').click();
    await panel.getByLabel('Name').fill('Archive of the harbour');
    await panel.getByLabel('Address of its STOW-RS service').fill('http://203.0.113.7/dicom-web');
    await panel.getByRole('button', { name: 'Add', exact: true }).click();
    await panel.getByText(/does not permit 203\.0\.113\.7/).waitFor();
    await panel.getByLabel('Address of its STOW-RS service').fill(receiver.address);
    await panel.getByRole('button', { name: 'Add', exact: true }).click();
    await panel.getByText('without a token').waitFor();
    await visitor.picture('destinations');

    await visitor.signIn('clinician-a@demo.metloop');
    await openStudy();
    const sent = page.locator('.panel', { hasText: 'Sent to receivers' });
    receiver.answer(
      refused(202, (uid) => (uid === [...receiver.received.at(-1)!.parts.keys()][0] ? 0x0122 : undefined)),
      stored,
    );
    await sent.getByLabel('Send to').selectOption({ label: 'Archive of the harbour' });
    await sent.getByRole('button', { name: 'Send', exact: true }).click();
    await sent.locator('.state', { hasText: 'Failed' }).waitFor({ timeout: 30_000 });
    await sent.getByText(/did not take 1 of \d/).waitFor();
    await visitor.picture('refused');
    await sent.getByRole('button', { name: 'Send again' }).click();
    await sent.locator('.state', { hasText: 'Delivered' }).waitFor({ timeout: 30_000 });
    await visitor.picture('delivered');
    const [first, second] = receiver.received;
    assert.deepEqual(first!.parts, second!.parts);
  } finally {
    await receiver.stop();
  }
}

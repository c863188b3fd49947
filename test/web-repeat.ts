import assert from 'node:assert/strict';
import { drawnShares, type Visitor } from './web-browser.ts';
import { told } from './web-drawing.ts';

const remark = 'Is that one a vessel?';

/**
 * A coordinator says something about an accepted study and has it read once more; to its reader it looks like a study that nobody has
 * read.
 */
export async function repeatUnknowingly(visitor: Visitor, openStudy: () => Promise<void>): Promise<void> {
  const { page } = visitor;
  await visitor.signIn('coordinator-a@demo.metloop');
  await openStudy();
  await page.getByRole('link', { name: 'Open in viewer' }).click();
  await drawnShares(page);
  const talk = page.getByRole('region', { name: 'Comments' });
  await talk.getByRole('button', { name: 'Pin a comment to a place' }).click();
  const box = (await page.locator('[data-cy="viewport-pane"]').first().boundingBox())!;
  await page.mouse.click(box.x + box.width * 0.45, box.y + box.height * 0.45);
  await talk.getByLabel('Comment').fill(remark);
  await talk.getByRole('button', { name: 'Say it' }).click();
  await talk.getByText('you, ').waitFor();
  await visitor.picture('coordinator-comments');
  await page.goBack();
  const round = page.locator('article', { hasText: 'Two blind readers' });
  await round.getByText('Have it read once more, without its reader knowing').click();
  await round.getByRole('combobox', { name: 'Reader', exact: true }).selectOption({ label: 'Dr. Rita Reader' });
  await round.getByRole('button', { name: 'Plan a hidden repeat' }).click();
  await page.getByText(/a hidden repeat of round \d/).waitFor();
  await visitor.picture('repeat-planned');

  await visitor.signIn('reader-1@demo.metloop');
  await page.getByRole('link', { name: 'My reads' }).click();
  await page.getByRole('button', { name: 'Next read' }).waitFor();
  assert.doesNotMatch((await page.getByRole('main').textContent()) ?? '', /repeat|round 2|once more/i);
  await page.getByRole('button', { name: 'Next read' }).click();
  await drawnShares(page);
  await told(page, 'Draw on any of the images.');
  const lesions = page.getByRole('list', { name: 'Metastases' }).getByRole('listitem');
  assert.match((await lesions.allTextContents()).join(), /^[^,]*nothing drawn yet[^,]*$/);
  assert.equal(await page.getByText(remark).count(), 0, 'what was said of the first round is shown');
  await visitor.picture('repeat-read');
}

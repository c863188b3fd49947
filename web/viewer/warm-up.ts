import type { ModeModule } from './extension/mode.ts';
import type { Startup } from './startup.ts';

/**
 * What OHIF calls in place of the configuration in a page that nobody sees: fetches and runs the scripts that a study is shown with, and
 * never lets OHIF start. A study that is opened next in the same tab finds them compiled.
 */
export async function warmUp({ peerImport }: Startup): Promise<never> {
  const [segmentation] = await Promise.all(
    ['@ohif/mode-segmentation', '@ohif/mode-basic'].map((name) => peerImport(name) as Promise<ModeModule>),
  );
  await Promise.all(Object.keys(segmentation!.extensionDependencies).map(peerImport));
  return new Promise(() => {});
}

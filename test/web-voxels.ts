import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import type { Client } from '../demo/client.ts';

const script = join(import.meta.dirname, 'seg-voxels.py');

/** Segment numbers by image and pixel, as "SOP instance UID, place in scan order". */
export type Voxels = Readonly<Record<string, number>>;

interface LabelImage {
  readonly imageId: string;
  readonly referencedImageId?: string;
  getPixelData(): ArrayLike<number>;
}
interface Cornerstone {
  readonly cornerstone: { readonly cache: { getImage(id: string): LabelImage | undefined } };
  readonly cornerstoneTools: {
    readonly segmentation: {
      readonly state: {
        getSegmentations(): readonly { readonly representationData: { readonly Labelmap?: { imageIds?: string[] } } }[];
      };
    };
  };
}

/** What is painted in the viewer's first label, as its memory holds it. */
export const paintedVoxels = (page: Page): Promise<Voxels> =>
  page.evaluate(() => {
    const { cornerstone, cornerstoneTools } = globalThis as unknown as Cornerstone;
    const ids = cornerstoneTools.segmentation.state.getSegmentations()[0]?.representationData.Labelmap?.imageIds ?? [];
    const found: Record<string, number> = {};
    for (const id of ids) {
      const image = cornerstone.cache.getImage(id);
      if (!image) continue;
      const [, uid] = /\/instances\/([\d.]+)/.exec(image.referencedImageId ?? image.imageId) ?? [];
      const pixels = image.getPixelData();
      for (let n = 0; n < pixels.length; n++) if (pixels[n]) found[`${uid} ${n}`] = pixels[n]!;
    }
    return found;
  });

/** A SEG of a study, as highdicom reads it. */
export async function readSegElsewhere(
  client: Client,
  { study, series }: { readonly study: string; readonly series: string },
  python: string,
  file: string,
): Promise<Voxels> {
  const [seg, ...others] = await client.retrieveFiles(`/studies/${study}/series/${series}`);
  assert.ok(seg && others.length === 0);
  await writeFile(file, seg);
  const { stdout } = await promisify(execFile)(python, [script, file], { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as Voxels;
}

/** Which voxels hold anything, whatever its number: lesions are numbered anew when a label is accepted. */
export const placesOf = (voxels: Voxels): string[] => Object.keys(voxels).sort();

/** Waits for the accepted label of a study, another than `before`. @returns its SEG's series */
export async function acceptedSeries(client: Client, studyId: string, before?: string): Promise<string> {
  const text = 'query ($id: ID!) { node(id: $id) { ... on Study { groundTruth { segSeriesInstanceUid } } } }';
  for (let tries = 0; tries < 150; tries++) {
    type Answer = { node: { groundTruth: { segSeriesInstanceUid: string } | null } };
    const { node } = await client.graphql<Answer>(text, { id: studyId });
    if (node.groundTruth && node.groundTruth.segSeriesInstanceUid !== before)
      return node.groundTruth.segSeriesInstanceUid;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return assert.fail('no label was accepted within 30 s');
}

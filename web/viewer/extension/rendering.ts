/** What is used of cornerstone's configuration. */
interface Configurable {
  getConfiguration(): { readonly rendering: object };
  setConfiguration(configuration: object): void;
}

/**
 * Cornerstone makes seven WebGL contexts, for stacks of images by turns. Volumes are all drawn in the first one, and nearly all of ours
 * are volumes: without a graphics card the others only cost time. To be called before anything is drawn.
 */
export function drawInOneContext(): void {
  const { cornerstone } = globalThis as unknown as { readonly cornerstone?: Configurable };
  const configuration = cornerstone?.getConfiguration();
  cornerstone?.setConfiguration({
    ...configuration,
    rendering: { ...configuration?.rendering, webGlContextCount: 1 },
  });
}

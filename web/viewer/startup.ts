/** What OHIF hands to the function that configures it. */
export interface Startup {
  /** Gives a module that is bundled with OHIF. */
  peerImport(name: string): Promise<unknown>;
}

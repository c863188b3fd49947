/** Measures something: takes the arguments after its name, returns the exit code. */
type Bench = (args: readonly string[]) => Promise<number>;

/** The benches by name. */
const benches: Readonly<Record<string, { readonly measures: string; readonly load: () => Promise<Bench> }>> = {
  engine: {
    measures: 'inference, training, a whole study, scaling; beside OpenVINO, tfjs layers and Keras',
    load: async () => (await import('../../bench/engine/engine-bench.ts')).runEngineBench,
  },
  ingest: {
    measures: 'storing, metadata, searches and frames by DICOMweb, beside Orthanc',
    load: async () => (await import('../../bench/ingest/ingest-bench.ts')).runIngestBench,
  },
  preprocessing: {
    measures:
      'co-registration, brain extraction and a whole preparation, against phantoms’ truth and masks of real heads',
    load: async () => (await import('../../bench/preprocessing/run.ts')).runPreprocessingBench,
  },
  viewer: {
    measures: 'how long a reader waits for images and saves, beside plain OHIF on Orthanc',
    load: async () => (await import('../../bench/viewer/viewer-bench.ts')).runViewerBench,
  },
};

/** Measures one part of the program; without a name, lists what there is. */
export async function run([name, ...args]: readonly string[]): Promise<number> {
  const bench = name !== undefined && Object.hasOwn(benches, name) ? benches[name] : undefined;
  if (bench) return (await bench.load())(args);
  const lines = Object.entries(benches).map(([known, { measures }]) => `  ${known.padEnd(16)}${measures}\n`);
  const complaint = name === undefined ? '' : `There is no bench "${name}".\n\n`;
  process.stdout.write(`${complaint}npm run bench -- <name> [--help]\n\n${lines.join('')}`);
  return name === undefined ? 0 : 2;
}

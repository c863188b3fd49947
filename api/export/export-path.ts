/** The address of an export on the server; the form is written in small letters, with a hyphen. */
export const exportPath = (datasetGlobalId: string, format: string): string =>
  `/datasets/${datasetGlobalId}/exports/${format.toLowerCase().replace('_', '-')}`;

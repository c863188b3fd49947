/**
 * Asks for the metadata of series before OHIF does: the server makes them while the application is still on its way, and the browser has
 * them when OHIF asks, and only asks whether they are still the same. A failure is left to OHIF, which meets it again.
 */
export function askForMetadata(studyInstanceUid: string, seriesInstanceUids: readonly string[]): void {
  const headers = { accept: 'application/dicom+json', 'metloop-csrf': '1' };
  for (const uid of seriesInstanceUids)
    fetch(`/dicomweb/studies/${studyInstanceUid}/series/${uid}/metadata`, { headers })
      // To its end, since a browser keeps no half of an answer.
      .then((answer) => answer.arrayBuffer())
      .catch(() => {});
}

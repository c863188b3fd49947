/** Every file of what was dropped, folders with all that is in them included. */
export async function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  // Entries must be taken before the first await: afterwards the list is empty.
  const items = [...transfer.items].filter(({ kind }) => kind === 'file');
  // What lies in no file system, such as an attachment dragged from a mail, has no entry.
  const found = items.flatMap((item) => item.webkitGetAsEntry() ?? item.getAsFile() ?? []);
  const files = await Promise.all(
    found.map((one) => (one instanceof File ? [one].filter(isDicomCandidate) : filesOf(one))),
  );
  return files.flat();
}

async function filesOf(entry: FileSystemEntry): Promise<File[]> {
  // Told by its own word: some browsers have no name for the class.
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return isDicomCandidate(file) ? [file] : [];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: File[] = [];
  for (;;) {
    // A folder is told in portions; an empty one is the end.
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (portion.length === 0) return found;
    found.push(...(await Promise.all(portion.map(filesOf))).flat());
  }
}

/** Leaves out what exports have beside images: the index of a disc, hidden files of desktops. */
export const isDicomCandidate = ({ name, size }: Pick<File, 'name' | 'size'>): boolean =>
  size > 132 && !name.startsWith('.') && name.toUpperCase() !== 'DICOMDIR';

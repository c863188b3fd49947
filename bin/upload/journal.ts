import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { LocalFile } from './scan.ts';

/**
 * Remembers on this machine which files the service has said are stored. A line is a hash of a file's path, size and time, because names
 * of files may be names of patients.
 */
export class Journal {
  readonly #path: string;
  readonly #folder: string;
  readonly #stored: Set<string>;

  private constructor(path: string, folder: string, stored: Set<string>) {
    this.#path = path;
    this.#folder = folder;
    this.#stored = stored;
  }

  /** @param path Of the journal; otherwise one of its own for each folder, site and service, in the user's state folder. */
  static async open(path: string | undefined, folder: string, to: string, site: string): Promise<Journal> {
    const real = await realpath(folder);
    const state = process.env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state');
    const own = join(state, 'metloop', 'uploads', `${hash(to, site, real).slice(0, 16)}.txt`);
    const file = path ?? own;
    await mkdir(dirname(file), { recursive: true });
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    // A line that was cut off by the end of a process is no hash and is passed over.
    const lines = text.split('\n').filter((line) => /^[0-9a-f]{64}$/.test(line));
    return new Journal(file, real, new Set(lines));
  }

  has(file: LocalFile): boolean {
    return this.#stored.has(this.#line(file));
  }

  async add(files: readonly LocalFile[]): Promise<void> {
    if (files.length === 0) return;
    const lines = files.map((file) => this.#line(file));
    // The line end first, in case the last line was cut off.
    await appendFile(this.#path, `\n${lines.join('\n')}\n`, { mode: 0o600 });
    for (const line of lines) this.#stored.add(line);
  }

  #line({ name, bytes, modifiedMs }: LocalFile): string {
    return hash(this.#folder, name, String(bytes), String(modifiedMs));
  }
}

const hash = (...parts: readonly string[]): string => createHash('sha256').update(parts.join('\0')).digest('hex');

import type { PointLps } from '#core/domain/geometry.ts';

/** A comment that the server does not have yet, as this browser keeps it. */
export interface CommentDraft {
  /** Idempotency key: sent twice, it is said once. */
  readonly key: string;
  readonly taskId: string;
  readonly point: PointLps;
  readonly body: string;
  /** False while it is being written. */
  readonly said: boolean;
}

/**
 * Survives reloads, crashes of the tab and ended sessions.
 * @param owner whose they are, a read or a member: others may share the browser
 */
export class CommentJournal {
  readonly #name: string;

  constructor(owner: string, taskId: string) {
    this.#name = `metloop-comments-${owner}-${taskId}`;
  }

  drafts(): CommentDraft[] {
    return JSON.parse(localStorage.getItem(this.#name) ?? '[]') as CommentDraft[];
  }

  /** In its place, or after the others. */
  keep(draft: CommentDraft): void {
    const drafts = this.drafts();
    const at = drafts.findIndex(({ key }) => key === draft.key);
    drafts.splice(at < 0 ? drafts.length : at, 1, draft);
    this.#write(drafts);
  }

  forget(forgotten: string): void {
    this.#write(this.drafts().filter(({ key }) => key !== forgotten));
  }

  #write(drafts: readonly CommentDraft[]): void {
    if (drafts.length > 0) localStorage.setItem(this.#name, JSON.stringify(drafts));
    else localStorage.removeItem(this.#name);
  }
}

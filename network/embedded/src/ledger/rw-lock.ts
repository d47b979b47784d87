/** Many readers or one writer; a waiting writer holds back later readers, as Go's sync.RWMutex does. */
export class ReadWriteLock {
  #readers = 0;
  #isWriting = false;
  readonly #waiting: { readonly isWriter: boolean; readonly grant: () => void }[] = [];

  async acquireRead(): Promise<() => void> {
    if (this.#isWriting || this.#waiting.length > 0) await this.#queue(false);
    else this.#readers++;
    return once(() => {
      this.#readers--;
      this.#next();
    });
  }

  async acquireWrite(): Promise<() => void> {
    if (this.#isWriting || this.#readers > 0 || this.#waiting.length > 0) await this.#queue(true);
    else this.#isWriting = true;
    return once(() => {
      this.#isWriting = false;
      this.#next();
    });
  }

  #queue(isWriter: boolean): Promise<void> {
    return new Promise((resolve) => this.#waiting.push({ isWriter, grant: resolve }));
  }

  #next(): void {
    for (;;) {
      const [first] = this.#waiting;
      if (!first || this.#isWriting || (first.isWriter && this.#readers > 0)) return;
      this.#waiting.shift();
      if (first.isWriter) this.#isWriting = true;
      else this.#readers++;
      first.grant();
    }
  }
}

/** Releasing twice must not release somebody else's lock. */
function once(release: () => void): () => void {
  let isReleased = false;
  return () => {
    if (isReleased) return;
    isReleased = true;
    release();
  };
}

import { Worker } from 'node:worker_threads';
import { type Described } from './media-type';
import { DomainError, isErrorCode } from '@lianyi/domain';
import { checkDocument, type CheckedDocument } from './check-document';
import { MAX_DOCUMENT_BYTES } from './parse-document';
import { type CheckAnswer } from './check-worker';

/** Up to here a check takes a few milliseconds, less than a thread's start. */
const INLINE_BYTES = 64 * 1024;
/** A document of 32 MiB takes some 5 s on one slow core. */
const LIMIT_MILLIS = 60_000;
const MEMORY_MIB = 1_024;
/** Threads at a time; further documents wait their turn. */
const THREADS = 2;

/** `maxBytes` left out: as much as any document may have. */
export type DocumentCheckerOptions = { readonly maxBytes?: number; readonly workerFile?: string; readonly limitMillis?: number };

/** Checks documents; large ones on another thread, so that a server answers others meanwhile. */
export class DocumentChecker {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly options: DocumentCheckerOptions) {}

  /**
   * @param described - what the hospital says of a document that is no FHIR
   * @throws {@link DomainError} the refusals of {@link checkDocument}; `DOCUMENT_TOO_LARGE` also when the check takes more time or memory
   * than any honest document.
   */
  async check(bytes: Buffer, described?: Described): Promise<CheckedDocument> {
    const { maxBytes = MAX_DOCUMENT_BYTES } = this.options;
    // what is over the limit is refused without looking at it
    if (bytes.length <= INLINE_BYTES || bytes.length > maxBytes) return checkDocument(bytes, { maxBytes, described });
    await this.#turn();
    try {
      return { ...(await this.#checkOnThread(bytes, described)), bytes };
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    if (this.#running >= THREADS) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
  }

  #checkOnThread(bytes: Buffer, described: Described | undefined): Promise<Omit<CheckedDocument, 'bytes'>> {
    const {
      maxBytes = MAX_DOCUMENT_BYTES,
      workerFile = require.resolve('@lianyi/documents/check-worker'),
      limitMillis = LIMIT_MILLIS,
    } = this.options;
    const worker = new Worker(workerFile, {
      workerData: { bytes, maxBytes, described },
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MIB },
    });
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        reject(tooMuch('the document takes too long to check'));
      }, limitMillis);
      worker.once('message', (answer: CheckAnswer) => {
        if ('labels' in answer) resolve(answer.labels);
        else reject(refusalOf(answer.refusal));
      });
      worker.once('error', (error: Error & { readonly code?: string }) => {
        reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooMuch('the document takes too much memory to check') : error);
      });
      worker.once('exit', (code) => {
        clearTimeout(late);
        reject(new Error(`the check of a document ended with ${code}`)); // after an answer this says nothing more
      });
    }).finally(() => worker.terminate()) as Promise<Omit<CheckedDocument, 'bytes'>>; // resolved by the answer's labels only
  }
}

function tooMuch(message: string): DomainError {
  return new DomainError('DOCUMENT_TOO_LARGE', message);
}

function refusalOf({ code, message, details }: Extract<CheckAnswer, { refusal: unknown }>['refusal']): Error {
  if (!isErrorCode(code)) return new Error(message);
  return new DomainError(code, message, details);
}

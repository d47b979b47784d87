import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { DomainError } from '@lianyi/domain';
import { checkDocument, type CheckedDocument } from './check-document';
import { describedSchema } from './media-type';

/** What a check came to: the labels without the bytes, which stay where they came from, or a refusal. */
export type CheckAnswer =
  | { readonly labels: Omit<CheckedDocument, 'bytes'> }
  | { readonly refusal: { readonly code: string; readonly message: string; readonly details: DomainError['details'] } };

const jobSchema = z.object({ bytes: z.instanceof(Uint8Array), maxBytes: z.int(), described: describedSchema.optional() });

function answer(data: unknown): CheckAnswer {
  const { bytes, ...options } = jobSchema.parse(data);
  try {
    const checked: Omit<CheckedDocument, 'bytes'> & { bytes?: Uint8Array } = { ...checkDocument(bytes, options) };
    delete checked.bytes; // who asked has them
    return { labels: checked };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { refusal: { code: error.code, message: error.message, details: error.details } };
  }
}

// runs as a worker of one document; imported for its types only elsewhere
parentPort?.postMessage(answer(workerData));

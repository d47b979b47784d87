import { transactions } from '@lianyi/domain';
import { z } from 'zod';

const { request, transient } = transactions.PutCorrectionText;

/** How what is said of a correction comes to the record's hospital; in the table of all operations. */
export const correctionOperations = {
  TellCorrection: {
    id: 'TellCorrection',
    method: 'POST',
    path: '/v1/corrections:tell',
    summary:
      'Hands in why a correction is asked for, or why the patient disagrees, in their words: kept by the record’s hospital if it is what the patient’s command has committed to.',
    tag: 'corrections',
    callers: { kind: 'anybody' },
    body: request.omit({ transientSha256: true }).extend(transient.shape),
    status: 200,
    answer: z.strictObject({ part: request.shape.part }),
  },
} as const;

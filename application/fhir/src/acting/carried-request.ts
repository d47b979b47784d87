import { z } from 'zod';
import {
  DomainError,
  newRequest,
  parseStrictJson,
  type Proof,
  proofSchema,
  type SignedRequest,
  type TransactionEntry,
} from '@lianyi/domain';

const LIMITS = { maxBytes: 192 * 1024, maxDepth: 32, maxValues: 6_400 };
const carriedSchema = z.strictObject({ input: z.unknown(), proof: proofSchema });
/** Who speaks for a patient. A staff entry's own proof is made here, by the entry that the application acts as, and never brought along. */
const PATIENTS_SIDE: readonly Proof['kind'][] = ['patient', 'delegate', 'assisted'];

/**
 * What a patient has signed elsewhere, to be carried as it is: base64 of `{ input, proof }`, as the member API takes it. Nothing of it can be changed, and the
 * ledger checks it.
 *
 * @throws DomainError `INVALID_REQUEST` — it is none, or not the patient's; details hold no value
 */
export function carriedRequest<Entry extends TransactionEntry>(entry: Entry, base64: string): SignedRequest<Entry> {
  const carried = carriedSchema.safeParse(jsonOf(base64));
  if (!carried.success || !PATIENTS_SIDE.includes(carried.data.proof.kind))
    throw new DomainError('INVALID_REQUEST', undefined, { path: 'request' });
  // parsed by the entry's own schema inside
  return newRequest(entry, carried.data.input as never, { proof: carried.data.proof });
}

function jsonOf(base64: string): unknown {
  try {
    return parseStrictJson(Buffer.from(base64, 'base64').toString('utf8'), LIMITS);
  } catch {
    return undefined; // which the schema refuses
  }
}

import {
  type AccessEvent,
  type Instant,
  type Ledger,
  mspIdSchema,
  type Pseudonym,
  sha256,
  type SignedRequest,
  type TransactionEntry,
} from '@lianyi/domain';
import { type Inbox } from '@lianyi/client/wallet';

export const network: ConstructorParameters<typeof Inbox>[1]['network'] = { channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
export const hospitalA = mspIdSchema.parse('HospitalAMSP');
export const hospitalB = mspIdSchema.parse('HospitalBMSP');

/** A member that tells of every patient's audit the same lines, and that each relationship waits for an answer. */
export class MemberInMemory {
  lines: readonly AccessEvent[] = [];
  /** What it tells instead, a line a page, without end. */
  endless: (() => AccessEvent) | undefined;
  /** Which pseudonyms have signed what it was asked. */
  readonly signers = new Set<string>();
  readonly ledger = {
    evaluate: ({ entry, proof }: SignedRequest<TransactionEntry>) => {
      if (proof?.kind === 'patient') this.signers.add(proof.statement.pseudonym);
      const more = entry.name === 'ListForPatient' ? this.endless?.() : undefined;
      if (more !== undefined) return Promise.resolve({ items: [more], next: more.txId });
      return Promise.resolve(entry.name === 'GetRelationship' ? { state: 'proposed' } : { items: this.lines });
    },
  } as unknown as Ledger; // as much of a ledger as an inbox asks
}

/** A line of the audit. */
export function lineOf(pseudonym: Pseudonym, event: AccessEvent['event'], at: Instant): AccessEvent {
  const actor = { kind: 'staff', mspId: hospitalA, actorTag: 'registrar-1' } as AccessEvent['actor']; // the tag is not looked at
  return { schemaVersion: 1, pseudonym, at, txId: 'tx', n: 0, event, actor };
}

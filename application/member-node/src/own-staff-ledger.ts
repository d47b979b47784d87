import {
  type ActorTag,
  DomainError,
  type Ledger,
  type MspId,
  type OutcomeOf,
  type Output,
  type Proof,
  type SignedRequest,
  type TransactionEntry,
} from '@lianyi/domain';

/** What the blocks show of staff entries. */
export interface StaffWitness {
  /** Whether an entry is as its organisation has made it; undefined while the blocks followed have none. */
  isStaffProven(mspId: MspId, actorTag: ActorTag): Promise<boolean | undefined>;
  waitFor<Found>(look: () => Promise<Found | undefined>, timeoutMillis: number): Promise<Found | undefined>;
}

/** A block takes its time from the peer, which knows whom somebody has just hired, to the index; on a busy machine a long one. */
const PATIENCE_MILLIS = 20_000;

/**
 * Refuses staff whom others have written, and whom the blocks followed so far do not show: the index is behind, and nobody knows yet.
 * @throws {@link DomainError} `STAFF_UNPROVEN`, `STAFF_UNSEEN`
 */
export async function assertStaffOfTheirs(
  witness: StaffWitness,
  { mspId, actorTag }: { readonly mspId: MspId; readonly actorTag: ActorTag },
  patienceMillis = PATIENCE_MILLIS,
): Promise<void> {
  const isProven = await witness.waitFor(() => witness.isStaffProven(mspId, actorTag), patienceMillis);
  if (isProven !== true) throw new DomainError(isProven === false ? 'STAFF_UNPROVEN' : 'STAFF_UNSEEN', undefined, { actorTag });
}

/**
 * A ledger into which nothing is carried, and from which nothing is read, for staff whom others have written.
 *
 * The own chaincode takes a staff entry as the ledger has it; a purge of record keys needs no other member, and neither does a look into
 * the own private data: whoever is written as staff by a majority of others would do here whatever that staff may.
 */
export class OwnStaffLedger implements Ledger {
  constructor(
    private readonly ledger: Ledger,
    private readonly witness: StaffWitness,
    private readonly patienceMillis = PATIENCE_MILLIS,
  ) {}

  /** @throws as {@link submit} */
  async evaluate<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<Output<Entry>> {
    if (request.proof !== undefined) await this.#assertTheirStaff(request.proof);
    return this.ledger.evaluate(request);
  }

  /** @throws as {@link Ledger}; {@link DomainError} `STAFF_UNPROVEN` — others have written the staff entry of who asks; `STAFF_UNSEEN`. */
  async submit<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<OutcomeOf<Entry>> {
    if (request.proof !== undefined) await this.#assertTheirStaff(request.proof);
    return this.ledger.submit(request);
  }

  async #assertTheirStaff(proof: Proof): Promise<void> {
    if (proof.kind !== 'staff') return;
    const { msp: mspId, actorTag } = proof.statement;
    await assertStaffOfTheirs(this.witness, { mspId, actorTag }, this.patienceMillis);
  }
}

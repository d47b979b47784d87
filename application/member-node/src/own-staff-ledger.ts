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

/** A block takes its time from the peer, which knows whom somebody has just hired, to the index. */
const PATIENCE_MILLIS = 5_000;

/**
 * A ledger into which nothing is carried for staff whom others have written.
 *
 * The own chaincode takes a staff entry as the ledger has it, and a purge of record keys needs no other member: whoever is written as
 * staff by a majority of others would do here whatever that staff may. An entry that the index does not know after a while is left to the
 * chaincode: the index is behind.
 */
export class OwnStaffLedger implements Ledger {
  constructor(
    private readonly ledger: Ledger,
    private readonly witness: StaffWitness,
    private readonly patienceMillis = PATIENCE_MILLIS,
  ) {}

  evaluate<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<Output<Entry>> {
    return this.ledger.evaluate(request);
  }

  /** @throws as {@link Ledger}; {@link DomainError} `STAFF_UNPROVEN` — others have written the staff entry of who asks. */
  async submit<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<OutcomeOf<Entry>> {
    if (request.proof !== undefined) await this.#assertTheirStaff(request.proof);
    return this.ledger.submit(request);
  }

  async #assertTheirStaff(proof: Proof): Promise<void> {
    if (proof.kind !== 'staff') return;
    const { msp, actorTag } = proof.statement;
    const isProven = await this.witness.waitFor(() => this.witness.isStaffProven(msp, actorTag), this.patienceMillis);
    if (isProven === false) throw new DomainError('STAFF_UNPROVEN', undefined, { actorTag });
  }
}

import {
  DomainError,
  type Ledger,
  mayCall,
  type OutcomeOf,
  type Output,
  qualifiedName,
  type SignedRequest,
  staffActor,
  type TransactionEntry,
} from '@lianyi/domain';
import { type StaffWitness } from './staff-witness';

/**
 * A ledger into which nothing is carried, and from which nothing is read, for staff whom others have written.
 *
 * The own chaincode takes a staff entry as the ledger has it; a purge of record keys needs no other member, and neither does a look into
 * the own private data: whoever is written as staff by a majority of others would do here whatever that staff may.
 */
export class OwnStaffLedger implements Ledger {
  constructor(
    private readonly ledger: Ledger,
    private readonly witness: Pick<StaffWitness, 'entryOf' | 'entryOfNow'>,
  ) {}

  /** @throws as {@link submit} */
  async evaluate<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<Output<Entry>> {
    await this.#assertTheirStaff(request);
    return this.ledger.evaluate(request);
  }

  /**
   * @throws as {@link Ledger}; {@link DomainError} `STAFF_UNPROVEN`, `STAFF_UNSEEN`, `NOT_PERMITTED` — of who asks, by the entry that their
   * organisation has written
   */
  async submit<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<OutcomeOf<Entry>> {
    await this.#assertTheirStaff(request);
    return this.ledger.submit(request);
  }

  async #assertTheirStaff<Entry extends TransactionEntry>({ entry, proof }: SignedRequest<Entry>): Promise<void> {
    if (proof?.kind !== 'staff') return;
    const isOwnersAlone = entry.endorsement === 'owner';
    const staff = await (isOwnersAlone ? this.witness.entryOfNow(proof) : this.witness.entryOf(proof));
    if (!mayCall(entry, staffActor(staff)))
      throw new DomainError('NOT_PERMITTED', undefined, { transaction: qualifiedName(entry), actor: 'staff' });
  }
}

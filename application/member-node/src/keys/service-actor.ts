import { signStaffRequest, type StaffSigner } from '@lianyi/client';
import { instantOf, type Output, type Request, type StaffProof, type TransactionEntry, type Transient } from '@lianyi/domain';
import { type Committed, type LedgerClient } from '@lianyi/ledger-client';

/** Acts on the ledger as the organisation's key service: a staff entry with the role `keyService`, whose key only this node has. */
export class ServiceActor {
  constructor(
    private readonly signer: StaffSigner,
    private readonly ledger: LedgerClient,
  ) {}

  async evaluate<Entry extends TransactionEntry>(entry: Entry, input: NoInfer<Request<Entry>>): Promise<Output<Entry>> {
    return this.ledger.evaluate(entry, input, { proof: this.#proof(entry, input) });
  }

  async submit<Entry extends TransactionEntry>(
    entry: Entry,
    input: NoInfer<Request<Entry>>,
    transient?: Transient<Entry>,
  ): Promise<Committed<Output<Entry>>> {
    return this.ledger.submit(entry, input, { proof: this.#proof(entry, input), ...(transient === undefined ? {} : { transient }) });
  }

  #proof<Entry extends TransactionEntry>(entry: Entry, input: Request<Entry>): StaffProof {
    return signStaffRequest(this.signer, { transaction: entry, input: entry.request.parse(input) }, instantOf(Date.now()));
  }
}

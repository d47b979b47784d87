import {
  DomainError,
  type Ledger,
  type MspId,
  type OutcomeOf,
  type Output,
  type SignedRequest,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { type DeviceWitness } from './device-witness';

/** What publishes a document. */
const publishing = new Set<string>([transactions.AnchorRecord.name, transactions.AmendRecord.name]);
const authoredSchema = transactions.AnchorRecord.request.pick({ pseudonym: true, device: true }).strip();

/**
 * A ledger into which no document is carried that names a device of the own organisation which others have written: the own chaincode takes a
 * device as the ledger has it, and whose key it is would author in the hospital's name.
 */
export class OwnDeviceLedger implements Ledger {
  constructor(
    private readonly ledger: Ledger,
    private readonly mspId: MspId,
    private readonly witness: Pick<DeviceWitness, 'assertMayAuthor'>,
  ) {}

  evaluate<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<Output<Entry>> {
    return this.ledger.evaluate(request);
  }

  /** @throws as {@link Ledger}; {@link DomainError} `INVALID_REQUEST`; those of {@link DeviceWitness.assertMayAuthor} */
  async submit<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<OutcomeOf<Entry>> {
    if (publishing.has(request.entry.name)) {
      const authored = authoredSchema.safeParse(request.input);
      if (!authored.success) throw new DomainError('INVALID_REQUEST', undefined, { path: 'input.device' });
      const { pseudonym, device } = authored.data;
      if (device !== undefined) await this.witness.assertMayAuthor({ mspId: this.mspId, deviceId: device.deviceId, pseudonym });
    }
    return this.ledger.submit(request);
  }
}

import {
  encodeArgument,
  encodeTransient,
  type Ledger,
  type Output,
  type OutcomeOf,
  OutcomeUnknown,
  parseResponse,
  qualifiedName,
  type SignedRequest,
  type TransactionEntry,
  Unavailable,
} from '@lianyi/domain';
import { type ChaincodeCall, type ChannelPort } from './gateway/channel-client';

/** The ledger through a peer's gateway, with the certificate of the connection. */
export class GatewayLedger implements Ledger {
  /** @param mspId - the organisation of the connection: its private data are endorsed by its own peers only. */
  constructor(
    private readonly channel: ChannelPort,
    private readonly mspId: string,
  ) {}

  async evaluate<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<Output<Entry>> {
    const answer = await this.channel.evaluate(this.#call(request));
    try {
      return outputOf(request, answer);
    } catch (cause) {
      throw new Unavailable('the chaincode’s answer is not what the catalogue says', { cause });
    }
  }

  async submit<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<OutcomeOf<Entry>> {
    const { result, transactionId, blockNumber } = await this.channel.submit(this.#call(request));
    try {
      return { result: outputOf(request, result), transactionId, blockNumber };
    } catch (cause) {
      // it is committed, whatever it answered: to send it again would be wrong
      throw new OutcomeUnknown(transactionId, { cause });
    }
  }

  #call(request: SignedRequest<TransactionEntry>): ChaincodeCall {
    const transient = encodeTransient(request);
    return {
      name: qualifiedName(request.entry),
      argument: encodeArgument(request),
      ...(transient === undefined ? {} : { transient }),
      // private data of the own organisation: nobody else may see the transient value or is asked to endorse
      ...(request.entry.endorsement === 'owner' ? { endorsingOrganizations: [this.mspId] } : {}),
    };
  }
}

function outputOf<Entry extends TransactionEntry>({ entry }: SignedRequest<Entry>, answer: Uint8Array): Output<Entry> {
  return parseResponse(entry, Buffer.from(answer).toString('utf8'));
}

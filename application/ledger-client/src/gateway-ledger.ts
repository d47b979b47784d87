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

/**
 * The ledger through a peer's gateway, with the certificate of the connection.
 *
 * What is read is the word of one organisation's peers and of nobody else: a gateway whose own peer cannot answer would otherwise hand
 * on another member's word. If none of that organisation's peers answers, nothing is read.
 */
export class GatewayLedger implements Ledger {
  /**
   * @param mspId - the organisation of the connection's certificate: its private data are endorsed by its own peers only.
   * @param askedMspId - the organisation whose peers answer what is read; the own one when left out
   */
  constructor(
    private readonly channel: ChannelPort,
    private readonly mspId: string,
    private readonly askedMspId: string = mspId,
  ) {}

  async evaluate<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<Output<Entry>> {
    const answer = await this.channel.evaluate({ ...onlyPeersOf(this.askedMspId), ...this.#call(request) });
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

/** Names the one organisation whose peers may answer a question; without it a gateway asks whichever peer of the channel answers. */
function onlyPeersOf(mspId: string): Pick<ChaincodeCall, 'endorsingOrganizations'> {
  return { endorsingOrganizations: [mspId] };
}

function outputOf<Entry extends TransactionEntry>({ entry }: SignedRequest<Entry>, answer: Uint8Array): Output<Entry> {
  return parseResponse(entry, Buffer.from(answer).toString('utf8'));
}

import {
  encodeArgument,
  encodeTransient,
  newRequest,
  type Output,
  parseResponse,
  type Proof,
  qualifiedName,
  type Request,
  type TransactionEntry,
  type Transient,
  Unavailable,
} from '@lianyi/domain';
import { type ChaincodeCall, type ChannelPort } from './gateway/channel-client';

/** What travels beside the input: who signed it, and the private value of a transaction that has one. */
export interface InvokeOptions<Entry extends TransactionEntry> {
  readonly proof?: Proof;
  readonly transient?: Transient<Entry>;
}

/** An answer with the block it stands in. */
export interface Committed<Result> {
  readonly result: Result;
  readonly transactionId: string;
  readonly blockNumber: bigint;
}

/** An argument somebody else has built and signed; carried as it is. */
export interface CarriedArgument {
  readonly input: unknown;
  readonly proof?: Proof;
  readonly transient?: unknown;
}

/**
 * The catalogue's transactions as typed calls: the same schemas check both ends.
 *
 * Every failure is a {@link LedgerFailure}; an input that does not fit is refused (`INVALID_REQUEST`) before anything is sent.
 */
export class LedgerClient {
  constructor(
    private readonly channel: ChannelPort,
    private readonly mspId: string,
  ) {}

  async evaluate<Entry extends TransactionEntry>(
    entry: Entry,
    input: NoInfer<Request<Entry>>,
    options: InvokeOptions<Entry> = {},
  ): Promise<Output<Entry>> {
    return this.#read(entry, await this.channel.evaluate(this.#call(entry, newRequest(entry, input, options))));
  }

  async submit<Entry extends TransactionEntry>(
    entry: Entry,
    input: NoInfer<Request<Entry>>,
    options: InvokeOptions<Entry> = {},
  ): Promise<Committed<Output<Entry>>> {
    const committed = await this.channel.submit(this.#call(entry, newRequest(entry, input, options)));
    return { ...committed, result: this.#read(entry, committed.result) };
  }

  /** Carries an argument byte for byte as its signer meant it. Only `submit` transactions have a block. */
  async carry(
    entry: TransactionEntry,
    argument: CarriedArgument,
  ): Promise<{ result: unknown; transactionId?: string; blockNumber?: bigint }> {
    const call = this.#call(entry, argument);
    if (entry.kind === 'evaluate') return { result: this.#read(entry, await this.channel.evaluate(call)) };
    const committed = await this.channel.submit(call);
    return { ...committed, result: this.#read(entry, committed.result) };
  }

  #call(entry: TransactionEntry, request: CarriedArgument): ChaincodeCall {
    const transient = encodeTransient(request);
    return {
      name: qualifiedName(entry),
      argument: encodeArgument(request),
      ...(transient === undefined ? {} : { transient }),
      // private data of the own organisation: nobody else may see the transient value or is asked to endorse
      ...(entry.endorsement === 'owner' ? { endorsingOrganizations: [this.mspId] } : {}),
    };
  }

  #read<Entry extends TransactionEntry>(entry: Entry, answer: Uint8Array): Output<Entry> {
    try {
      return parseResponse(entry, Buffer.from(answer).toString('utf8'));
    } catch (error) {
      throw new Unavailable('the chaincode’s answer is not what the catalogue says', { cause: error });
    }
  }
}

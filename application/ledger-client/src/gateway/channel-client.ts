import { status } from '@grpc/grpc-js';
import { gateway as gatewayProto, msp } from '@hyperledger/fabric-protos';
import { type Contract, type Gateway, GatewayError, type Network, StatusCode, type Transaction } from '@hyperledger/fabric-gateway';
import { classifyAfterSubmit, classifyBeforeOrdering, classifyInvalid } from './classify-failure';
import { Conflict, OutcomeUnknown, Refused, Rejected } from '@lianyi/domain';
import { verifyPreparedTransaction } from './prepared-transaction';

/** One call of the chaincode: `name` is "Contract:Transaction", everything else travels as Fabric carries it. */
export interface ChaincodeCall {
  readonly name: string;
  readonly argument: string;
  readonly transient?: Readonly<Record<string, Uint8Array>>;
  /** Organisations that must endorse; left out, the gateway plans by the chaincode's policy. */
  readonly endorsingOrganizations?: readonly string[];
}

export interface CommittedCall {
  readonly result: Uint8Array;
  readonly transactionId: string;
  readonly blockNumber: bigint;
}

export interface CommitStatus {
  readonly transactionId: string;
  readonly blockNumber: bigint;
  readonly validationCode: number;
}

/** The chaincode as its clients see it. Every verb throws a {@link LedgerFailure} and nothing else. */
export interface ChannelPort {
  evaluate(call: ChaincodeCall): Promise<Uint8Array>;
  submit(call: ChaincodeCall): Promise<CommittedCall>;
  /** Waits until the peer has the transaction in a block. @throws OutcomeUnknown if it does not within the deadline. */
  commitStatus(transactionId: string): Promise<CommitStatus>;
}

export interface RetryPolicy {
  /** How often a conflicting transaction is proposed in all. */
  readonly attempts: number;
  readonly firstDelayMillis: number;
}

const DEFAULT_RETRY: RetryPolicy = { attempts: 6, firstDelayMillis: 25 };

export interface ResendPolicy {
  /** How long the peer is given to show the transaction in a block before the same bytes are sent once more. */
  readonly afterMillis: number;
  /** How often they are sent in all; then the outcome is unknown. */
  readonly attempts: number;
}

// as a number: the gateway's errors carry plain ones
const DEADLINE_EXCEEDED: number = status.DEADLINE_EXCEEDED;

const DEFAULT_RESEND: ResendPolicy = { afterMillis: 8_000, attempts: 4 };

export interface ChannelClientOptions {
  readonly channel: string;
  readonly chaincode: string;
  readonly retry?: RetryPolicy;
  readonly resend?: ResendPolicy;
  /** Injected by tests. */
  readonly sleep?: (millis: number) => Promise<void>;
}

/** Talks to one chaincode on one channel through one gateway peer, and signs nothing it has not built itself. */
export class ChannelClient implements ChannelPort {
  readonly #network: Network;
  readonly #contract: Contract;
  readonly #retry: RetryPolicy;
  readonly #resend: ResendPolicy;
  readonly #sleep: (millis: number) => Promise<void>;

  constructor(
    private readonly gateway: Gateway,
    private readonly options: ChannelClientOptions,
  ) {
    this.#network = gateway.getNetwork(options.channel);
    this.#contract = this.#network.getContract(options.chaincode);
    this.#retry = options.retry ?? DEFAULT_RETRY;
    this.#resend = options.resend ?? DEFAULT_RESEND;
    this.#sleep = options.sleep ?? ((millis) => new Promise((resolve) => setTimeout(resolve, millis)));
  }

  async evaluate(call: ChaincodeCall): Promise<Uint8Array> {
    try {
      return await this.#proposal(call).evaluate();
    } catch (error) {
      throw classifyBeforeOrdering(error);
    }
  }

  async submit(call: ChaincodeCall): Promise<CommittedCall> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#submitOnce(call);
      } catch (error) {
        if (!mayPassWithANewProposal(error) || attempt >= this.#retry.attempts) throw error;
        // full jitter: clients that collided once must not meet again
        await this.#sleep(Math.random() * this.#retry.firstDelayMillis * 2 ** attempt);
      }
    }
  }

  async commitStatus(transactionId: string): Promise<CommitStatus> {
    return this.#commitStatus(transactionId);
  }

  /** `withinMillis` left out: the session's own deadline. */
  async #commitStatus(transactionId: string, withinMillis?: number): Promise<CommitStatus> {
    const identity = this.gateway.getIdentity();
    const creator = new msp.SerializedIdentity();
    creator.setMspid(identity.mspId);
    creator.setIdBytes(identity.credentials);
    const request = new gatewayProto.CommitStatusRequest();
    request.setChannelId(this.options.channel);
    request.setTransactionId(transactionId);
    request.setIdentity(creator.serializeBinary());
    const signed = new gatewayProto.SignedCommitStatusRequest();
    signed.setRequest(request.serializeBinary());
    try {
      const found = await this.gateway
        .newCommit(signed.serializeBinary())
        .getStatus(withinMillis === undefined ? undefined : { deadline: Date.now() + withinMillis });
      return { transactionId, blockNumber: found.blockNumber, validationCode: found.code };
    } catch (error) {
      throw new OutcomeUnknown(transactionId, { cause: error });
    }
  }

  #proposal(call: ChaincodeCall): ReturnType<Contract['newProposal']> {
    return this.#contract.newProposal(call.name, {
      arguments: [call.argument],
      ...(call.transient === undefined ? {} : { transientData: call.transient }),
      ...(call.endorsingOrganizations === undefined ? {} : { endorsingOrganizations: [...call.endorsingOrganizations] }),
    });
  }

  async #submitOnce(call: ChaincodeCall): Promise<CommittedCall> {
    const transaction = await this.#endorse(call);
    const transactionId = transaction.getTransactionId();
    const committed = await this.#order(transaction, transactionId);
    if (committed.validationCode !== StatusCode.VALID) throw classifyInvalid(transactionId, committed.validationCode);
    return { result: transaction.getResult(), transactionId, blockNumber: committed.blockNumber };
  }

  async #endorse(call: ChaincodeCall): Promise<Transaction> {
    const proposal = this.#proposal(call);
    try {
      const transaction = await proposal.endorse();
      const proposed = { proposedTransaction: proposal.getBytes(), chaincodeName: this.options.chaincode };
      // `submit` signs the envelope inside `transaction`; these are its bytes (fabric-gateway transaction.ts)
      verifyPreparedTransaction(proposed, transaction.getBytes());
      return transaction;
    } catch (error) {
      throw classifyBeforeOrdering(error);
    }
  }

  /**
   * Sends the signed bytes until the peer has them in a block. A leader that ends, or freezes, takes what it had not ordered with
   * it, after the orderers said yes; the same bytes can take effect only once, since their transaction id is used up.
   */
  async #order(transaction: Transaction, transactionId: string): Promise<CommitStatus> {
    for (let attempt = 1; ; attempt += 1) {
      await this.#send(transaction, transactionId, attempt === 1);
      try {
        return await this.#commitStatus(transactionId, this.#resend.afterMillis);
      } catch (error) {
        if (!isStillAwaited(error) || attempt >= this.#resend.attempts) throw error;
      }
    }
  }

  async #send(transaction: Transaction, transactionId: string, isFirstSending: boolean): Promise<void> {
    try {
      await transaction.submit();
    } catch (error) {
      const failure = classifyAfterSubmit(error, transactionId, isFirstSending);
      // an unclear answer of the orderers is settled by the peer's own block, if it comes in time
      if (!(failure instanceof OutcomeUnknown) || !(error instanceof GatewayError)) throw failure;
    }
  }
}

/** The peer answers and has no such block yet; a peer that does not answer could not take the bytes again either. */
function isStillAwaited(error: unknown): boolean {
  const cause = error instanceof OutcomeUnknown ? error.cause : undefined;
  return cause instanceof GatewayError && cause.code === DEADLINE_EXCEEDED;
}

/**
 * Another transaction came first, or an endorser was a block behind the others, or a member joined or left after the
 * endorsement, so that another majority counts. None of them had any effect.
 */
function mayPassWithANewProposal(error: unknown): boolean {
  if (error instanceof Rejected) return error.validationCode === StatusCode.ENDORSEMENT_POLICY_FAILURE;
  return error instanceof Conflict || (error instanceof Refused && error.endorsersDisagree);
}

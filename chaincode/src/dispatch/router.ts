import { type ChaincodeInterface, type ChaincodeResponse, type ChaincodeStub, Shim } from 'fabric-shim';
import { canonicalJson, DomainError, type DomainEvent, FABRIC_EVENT_NAME, type TransactionEntry } from '@lianyi/domain';
import { CoalescingReader } from '../ledger/coalescing-reader';
import { peerState } from '../ledger/native-batch';
import { type StateBackend } from '../ledger/state';
import { type Beat, newBeats } from './beat';
import { type Call, LedgerContext } from './call';
import { type Carrier, CarrierReader } from './carrier';
import { timeOfTransaction } from './clock-guard';
import { isEvenly } from './even-answer';
import { processClock } from './process-clock';
import { assertPlainCreator, chaincodeNameOf, proposalMilliseconds } from './proposal-header';
import { failureLine, faultTrace } from './refusal';
import { Units } from './unit';

/** Every contract-api chaincode answers this; tools ask it. */
const METADATA_TRANSACTION = 'org.hyperledger.fabric:GetMetadata';

/** One callable transaction: its contract's method. */
export type Route = {
  /** Whether its writes are kept: `submit` in the catalogue. */
  readonly writes: boolean;
  /** Which of its answers are given by the beat, besides refusals: as the catalogue says. */
  readonly evenly: TransactionEntry['evenly'];
  run(context: LedgerContext, request: string): Promise<string>;
};

/** What the chaincode offers to the outside: the declared contracts. */
export type Surface = {
  /** By `Contract:Transaction`. */
  readonly routes: ReadonlyMap<string, Route>;
  metadata(): string;
};

/** What the router needs besides the stub; tests put other things here. */
export type RouterParts = {
  readonly backendOf: (stub: ChaincodeStub) => StateBackend;
  readonly carrierOf: (stub: ChaincodeStub) => Carrier;
  readonly clock: () => number;
  readonly beats: { begin(): Beat };
};

/** An answer, and whether its time must tell nothing. */
type Answer = { readonly text: string; readonly isEven: boolean };

/**
 * The chaincode as the shim sees it: routes `Contract:Transaction` by the catalogue to the contract classes.
 *
 * fabric-contract-api's own dispatcher is left aside for its cost (ADR 0012): the catalogue alone says what can be called.
 * `Invoke` never throws: every failure is an answer.
 */
export class LianyiChaincode implements ChaincodeInterface {
  readonly #surface: Surface;
  readonly #parts: RouterParts;

  constructor(surface: Surface, parts: Partial<RouterParts> = {}) {
    this.#surface = surface;
    const callers = new CarrierReader();
    this.#parts = {
      backendOf: peerState,
      carrierOf: (stub) => callers.read(stub),
      clock: processClock,
      beats: newBeats(),
      ...parts,
    };
  }

  /** Lifecycle's init has nothing to do: there is no state that a member could not write by a transaction. */
  Init(): Promise<ChaincodeResponse> {
    return Promise.resolve(Shim.success());
  }

  async Invoke(stub: ChaincodeStub): Promise<ChaincodeResponse> {
    const beat = this.#parts.beats.begin();
    try {
      const { text, isEven } = await this.#invoke(stub);
      if (isEven) await beat.end();
      return Shim.success(Buffer.from(text, 'utf8'));
    } catch (error) {
      if (!(error instanceof DomainError)) {
        process.stderr.write(`transaction ${stub.getTxID()}: ${faultTrace(error)}\n`);
      }
      await beat.end();
      return Shim.error(failureLine(error));
    } finally {
      beat.stop();
    }
  }

  async #invoke(stub: ChaincodeStub): Promise<Answer> {
    const [name = '', ...args] = stub.getArgs();
    if (name === METADATA_TRANSACTION) {
      return { text: this.#surface.metadata(), isEven: false };
    }
    const route = this.#surface.routes.get(name);
    if (route === undefined) {
      throw new DomainError('UNKNOWN_TRANSACTION');
    }
    const [request] = args;
    if (request === undefined || args.length !== 1) {
      throw new DomainError('INVALID_REQUEST', 'a transaction takes exactly one argument', { path: 'arguments' });
    }
    const backend = this.#parts.backendOf(stub);
    const call = this.#callOf(stub);
    const units = new Units(new CoalescingReader(backend));
    const answer = await units.run(call.txId, (unit) => route.run(LedgerContext.of(call, unit), request));
    if (route.writes) {
      // only here, after everything else has succeeded: a refusal has thrown before and leaves nothing
      await backend.apply(units.writes());
      emit(stub, units.events());
    }
    return { text: answer, isEven: isEvenly(route.evenly, answer) };
  }

  #callOf(stub: ChaincodeStub): Call {
    assertPlainCreator(stub);
    return {
      now: timeOfTransaction(proposalMilliseconds(stub), this.#parts.clock()),
      txId: stub.getTxID(),
      channel: stub.getChannelID(),
      chaincode: chaincodeNameOf(stub),
      carrier: this.#parts.carrierOf(stub),
      transient: stub.getTransient(),
    };
  }
}

/** One event for a transaction, since only the last survives, under a constant name, so that one listener sees all. */
function emit(stub: ChaincodeStub, events: readonly DomainEvent[]): void {
  if (events.length > 0) {
    stub.setEvent(FABRIC_EVENT_NAME, Buffer.from(canonicalJson({ events }), 'utf8'));
  }
}

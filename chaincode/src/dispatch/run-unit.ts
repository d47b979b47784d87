import {
  assertMayCall,
  DomainError,
  encodeResponse,
  type Input,
  parseArgument,
  parseTransient,
  type Sha256,
  type TransactionEntry,
  type TransactionName,
  transactions,
  TRANSIENT_KEY,
  type Transient,
} from '@lianyi/domain';
import { newRepositories, type Repositories } from '../ledger/repositories';
import { foresee } from '../use-cases/foreseen';
import { useCases } from '../use-cases/index';
import { type WriteScope } from '../use-cases/scope';
import { type UseCase } from '../use-cases/use-case';
import { type Call, type LedgerContext } from './call';
import { resolveActor } from './resolve-actor';
import { type Unit } from './unit';

/** What a contract's method does: runs the transaction of its name as the context's unit. */
export function run(context: LedgerContext, name: TransactionName, argument: string): Promise<string> {
  const { call, unit } = context.running;
  return runUnit(call, unit, name, argument);
}

/**
 * Runs one transaction of the catalogue as a unit and answers its canonical JSON.
 *
 * What it lets through unchanged: a {@link DomainError} is a refusal, anything else a fault.
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- it relates the entry to the use case of the same name
export function runUnit<Name extends TransactionName>(call: Call, unit: Unit, name: Name, argument: string): Promise<string> {
  const readAhead = (ledger: Repositories, input: Input<(typeof transactions)[Name]>): void => {
    foresee(name, ledger, input);
  };
  return runEntry(transactions[name], useCases[name], { call, unit, argument, readAhead });
}

type Running<Entry extends TransactionEntry> = {
  readonly call: Call;
  readonly unit: Unit;
  readonly argument: string;
  /** Has read what is foreseen, with what says who asks. */
  readonly readAhead: (ledger: Repositories, input: Input<Entry>) => void;
};

/** Everything that transactions have in common: parse, find out who asks, ask the catalogue whether they may, run, encode. */
async function runEntry<Entry extends TransactionEntry>(entry: Entry, useCase: UseCase<Entry>, running: Running<Entry>): Promise<string> {
  const { call, unit, argument, readAhead } = running;
  refuseReplacementCharacter(argument);
  const { input, proof, requestHash } = parseArgument(entry, argument);
  const transient = transientOf(entry, input, call);
  const ledger = newRepositories(unit.overlay);
  readAhead(ledger, input);
  const actor = await resolveActor({ call, entry, input, ledger, proof, requestHash });
  assertMayCall(entry, actor);
  // one object serves both: an evaluate use case sees it through a type that cannot write, and the router drops its overlay
  const scope: WriteScope = { actor, now: call.now, channel: call.channel, unitId: unit.id, requestHash, ledger, events: unit.events };
  const answer = await useCase(scope, input, transient);
  assertPlace(entry, call, unit);
  return encodeResponse(answer);
}

/** The shim has turned bytes that are no UTF-8 into U+FFFD before anybody could see them; a signature would no longer cover what was sent. */
function refuseReplacementCharacter(text: string): void {
  if (text.includes('\uFFFD')) {
    throw new DomainError('INVALID_REQUEST', undefined, { problem: 'NOT_UTF8' });
  }
}

function transientOf<Entry extends TransactionEntry>(entry: Entry, input: Input<Entry>, call: Call): Transient<Entry> {
  if (entry.transient === undefined) {
    return undefined as Transient<Entry>; // `never` for an entry that declares none: its use case has no such parameter
  }
  const text = Buffer.from(call.transient.get(TRANSIENT_KEY) ?? []).toString('utf8');
  refuseReplacementCharacter(text);
  const { transientSha256 } = input as { transientSha256: Sha256 }; // every entry with a transient schema has it (architecture test)
  return parseTransient(entry, text, transientSha256);
}

/**
 * Holds each transaction to the place that the catalogue promises: private data of the caller's organisation, endorsed by it alone, or
 * public state, endorsed by the channel. A mixture would need both endorsements, which no client asks for.
 */
function assertPlace(entry: TransactionEntry, call: Call, unit: Unit): void {
  const misplaced = unit.overlay
    .writes()
    .find(({ space }) =>
      entry.endorsement === 'owner' ? space.kind !== 'private' || space.ownerMspId !== call.carrier.mspId : space.kind !== 'public',
    );
  if (misplaced !== undefined) {
    throw new Error(`${entry.name} writes where its endorsement does not reach`);
  }
}

import {
  assertMayCall,
  DomainError,
  encodeResponse,
  type Input,
  type Output,
  parseArgument,
  parseTransient,
  type Sha256,
  type TransactionEntry,
  type Transient,
  TRANSIENT_KEY,
} from '@lianyi/domain';
import { newLedger } from '../ledger/ledger';
import { type Call, type LedgerContext } from './call';
import { resolveActor } from './resolve-actor';
import { type ReadScope, type WriteScope } from './scope';

type ScopeOf<Entry extends TransactionEntry> = Entry['kind'] extends 'submit' ? WriteScope : ReadScope;
type UseCase<Entry extends TransactionEntry> = (
  scope: ScopeOf<Entry>,
  input: Input<Entry>,
  transient: Transient<Entry>,
) => Promise<Output<Entry>>;

/**
 * Everything that a transaction has in common: parse, find out who asks, ask the catalogue whether they may, run, encode.
 *
 * What it lets through unchanged: a {@link DomainError} is a refusal, anything else a fault.
 */
export async function handle<Entry extends TransactionEntry>(
  context: LedgerContext,
  entry: Entry,
  request: string,
  useCase: UseCase<Entry>,
): Promise<string> {
  const { call } = context;
  refuseReplacementCharacter(request);
  const { input, proof, requestHash } = parseArgument(entry, request);
  const transient = transientOf(entry, input, call);
  const ledger = newLedger(call.overlay);
  const actor = await resolveActor({ call, entry, ledger, proof, requestHash });
  assertMayCall(entry, actor);
  // one object serves both: an evaluate use case sees it through a type that cannot write, and the router drops its overlay
  const scope: WriteScope = { actor, now: call.now, txId: call.txId, requestHash, ledger, events: call.events };
  const answer = await useCase(scope, input, transient);
  assertPlace(entry, call);
  return encodeResponse(answer);
}

/** The shim has turned bytes that are no UTF-8 into U+FFFD before anybody could see them (security.md L10). */
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
function assertPlace(entry: TransactionEntry, call: Call): void {
  const misplaced = call.overlay
    .writes()
    .find(({ space }) =>
      entry.endorsement === 'owner' ? space.kind !== 'private' || space.ownerMspId !== call.caller.mspId : space.kind !== 'public',
    );
  if (misplaced !== undefined) {
    throw new Error(`${entry.name} writes where its endorsement does not reach`);
  }
}

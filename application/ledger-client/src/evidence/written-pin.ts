import {
  bindingOf,
  checkRequestProof,
  type GroupElement,
  hashOfKey,
  type Input,
  type Instant,
  instantOf,
  parseArgument,
  type PinId,
  pinIdOf,
  type PinProof,
  type Sha256,
  type Transaction,
  transactionByName,
  transactions,
} from '@lianyi/domain';
import { hashOfPinTerms } from '@lianyi/domain/deciding';
import { type BlockCall } from '../gateway/block-call';
import { attempt } from './strangers-json';

/** What a transaction in a block says of a PIN, found out from its arguments alone: what is written of it counts for nothing. */
export type PinFact =
  | { readonly kind: 'pinStored'; readonly pinId: PinId; readonly openKeyHash: Sha256; readonly termsSha256: Sha256 }
  | { readonly kind: 'pinTried'; readonly pinId: PinId; readonly attempt: number; readonly blinded: GroupElement; readonly at: Instant }
  | { readonly kind: 'pinConfirmed'; readonly pinId: PinId; readonly attempt: number };

/** A PIN as the transactions before have left it. */
export interface KnownPin {
  readonly openKeyHash: Sha256;
  /** How many guesses there were, and which was last proved right. */
  readonly attempts: number;
  readonly confirmed: number;
}

type PinOf = (pinId: PinId) => Promise<KnownPin | undefined>;

/**
 * Finds out what a transaction makes of a PIN.
 *
 * Nobody's word is taken: an id is the hash of the key that signs the guesses, a guess has the number after the last one, and what is proved right is
 * proved with the key that stood there first, about the guess that it names. So a majority that writes what it likes makes no guess, none again and
 * none forgotten.
 */
export async function pinFactIn(
  call: BlockCall,
  network: { readonly chaincode: string; readonly genesis: Sha256 },
  pinOf: PinOf,
): Promise<PinFact | undefined> {
  const [name = '', argument = ''] = call.args;
  const entry = transactionByName(name);
  if (entry?.name === transactions.StorePin.name) return storedIn(argument, pinOf);
  if (entry?.name !== transactions.TryPin.name && entry?.name !== transactions.ConfirmPin.name) return undefined;
  const signed = signedIn(call, entry, argument, network);
  if (signed === undefined) return undefined;
  return entry.name === transactions.TryPin.name ? triedIn(signed, pinOf) : confirmedIn(signed, pinOf);
}

/** What stands there first stands: a PIN is never changed. */
async function storedIn(argument: string, pinOf: PinOf): Promise<PinFact | undefined> {
  const parsed = attempt(() => parseArgument(transactions.StorePin, argument));
  if (parsed === undefined) return undefined;
  const { input } = parsed;
  const { pinId, openKeyHash } = input;
  if (pinId !== pinIdOf(input.finderKeyHash) || (await pinOf(pinId)) !== undefined) return undefined;
  return { kind: 'pinStored', pinId, openKeyHash, termsSha256: hashOfPinTerms(input) };
}

interface Signed {
  readonly input: unknown;
  readonly keyHash: Sha256;
  readonly at: Instant;
}

/** Who signed a request about a PIN, if the signature is one, for this request on this network. */
function signedIn(
  call: BlockCall,
  entry: Transaction,
  argument: string,
  network: { readonly chaincode: string; readonly genesis: Sha256 },
): Signed | undefined {
  return attempt(() => {
    const { input, proof, requestHash } = parseArgument(entry, argument);
    if (proof?.kind !== 'pin') return undefined;
    const at = instantOf(call.proposedAtMillis);
    checkRequestProof(proof, { ...bindingOf({ channel: call.channel, ...network }, entry, requestHash), now: at });
    return isAbout(proof, input) ? { input, keyHash: hashOfKey(proof.statement.publicKey), at } : undefined;
  });
}

function isAbout({ statement }: PinProof, input: unknown): boolean {
  return (input as Pick<Input<typeof transactions.TryPin>, 'pinId'>).pinId === statement.pinId; // parsed as one of the two requests that name it
}

async function triedIn({ input, keyHash, at }: Signed, pinOf: PinOf): Promise<PinFact | undefined> {
  const guess = input as Input<typeof transactions.TryPin>; // parsed as one
  const known = await pinOf(guess.pinId);
  const isNext = known !== undefined && guess.attempt === known.attempts + 1;
  return isNext && pinIdOf(keyHash) === guess.pinId ? { kind: 'pinTried', ...guess, at } : undefined;
}

async function confirmedIn({ input, keyHash }: Signed, pinOf: PinOf): Promise<PinFact | undefined> {
  const { pinId, attempt: proved } = input as Input<typeof transactions.ConfirmPin>; // parsed as one
  const known = await pinOf(pinId);
  if (known === undefined || keyHash !== known.openKeyHash || proved <= known.confirmed || proved > known.attempts) return undefined;
  return { kind: 'pinConfirmed', pinId, attempt: proved };
}

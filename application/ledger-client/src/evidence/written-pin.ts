import {
  bindingOf,
  checkRequestProof,
  type GroupElement,
  hashOfKey,
  type Input,
  type Instant,
  instantOf,
  parseArgument,
  pinArea,
  type PinId,
  pinIdOf,
  pinIdSchema,
  type PinProof,
  type Pseudonym,
  type Sha256,
  type Transaction,
  transactionByName,
  transactions,
} from '@lianyi/domain';
import { assertFoundBy, hashOfPinTerms } from '@lianyi/domain/deciding';
import { type BlockCall } from '../gateway/block-call';
import { entryAt } from './composite-key';
import { type AlarmFact } from './patient-facts';
import { attempt } from './strangers-json';
import { isTold } from './written-audit';

/** What a transaction in a block says of a PIN, found out from its arguments: what is written of it counts for nothing, only that it is. */
export type PinFact =
  | {
      readonly kind: 'pinStored';
      readonly pinId: PinId;
      readonly pseudonym: Pseudonym;
      readonly openKeyHash: Sha256;
      readonly termsSha256: Sha256;
    }
  | { readonly kind: 'pinRemoved'; readonly pinId: PinId }
  | { readonly kind: 'pinTried'; readonly pinId: PinId; readonly attempt: number; readonly blinded: GroupElement; readonly at: Instant }
  | { readonly kind: 'pinConfirmed'; readonly pinId: PinId; readonly attempt: number };

/** A guess, or that one was right, which is kept from the patient or from the entry: it counts for nothing, and somebody has the code. */
type PinAlarm = AlarmFact & { readonly alarm: 'guess-untold' };

/** A PIN as the transactions before have left it. */
export interface KnownPin {
  readonly pseudonym: Pseudonym;
  /** For good: whatever is written later, nobody answers a guess at it. */
  readonly isRemoved: boolean;
  readonly openKeyHash: Sha256;
  /** How many guesses there were, and which was last proved right. */
  readonly attempts: number;
  readonly confirmed: number;
}

type PinOf = (pinId: PinId) => Promise<KnownPin | undefined>;

/**
 * Finds out what a transaction makes of a PIN.
 *
 * Nobody's word is taken: an id is the hash of the key that signs the guesses and, once, whose PIN it is; a guess has the number after the last one, and what is proved right is
 * proved with the key that stood there first, about the guess that it names. Either counts with its entry and with the line by which the patient hears
 * of it, and not without (`guess-untold`). So a majority that writes what it likes makes no guess, none again and
 * none forgotten, and brings none back that was removed. A removal must be signed in the pseudonym's name and write the entry, which takes a majority's
 * endorsement; whose key that is, only the pseudonym's own hospital follows: it opens nothing, and a majority keeps the patient out in any case.
 */
export async function pinFactsIn(
  call: BlockCall,
  network: { readonly chaincode: string; readonly genesis: Sha256 },
  pinOf: PinOf,
): Promise<readonly (PinFact | PinAlarm)[]> {
  const [name = '', argument = ''] = call.args;
  const entry = transactionByName(name);
  if (entry === undefined) return [];
  switch (entry.name) {
    case transactions.StorePin.name:
      return [...(await storedIn(call, argument, network, pinOf)), ...(await removedIn(call, entry, argument, network, pinOf))];
    case transactions.RemovePin.name:
      return removedIn(call, entry, argument, network, pinOf);
    case transactions.TryPin.name:
    case transactions.ConfirmPin.name: {
      const signed = signedIn(call, entry, argument, network);
      if (signed === undefined) return [];
      const isGuess = entry.name === transactions.TryPin.name;
      const fact = await (isGuess ? triedIn(signed, pinOf) : confirmedIn(signed, pinOf));
      return fact === undefined ? [] : [await toldOf(call, fact, isGuess ? 'PinTried' : 'PinConfirmed', pinOf)];
    }
    default:
      return [];
  }
}

/** What stands there first stands: a PIN is never changed, and nobody else has the code that makes its id this pseudonym's. */
async function storedIn(
  call: BlockCall,
  argument: string,
  { genesis }: { readonly genesis: Sha256 },
  pinOf: PinOf,
): Promise<readonly PinFact[]> {
  const input = attempt(() => {
    const parsed = parseArgument(transactions.StorePin, argument);
    assertFoundBy(parsed.input, parsed.input.possession, { channel: call.channel, genesis });
    return parsed.input;
  });
  if (input === undefined) return [];
  const { pinId, pseudonym, openKeyHash } = input;
  if ((await pinOf(pinId)) !== undefined || !pinsWritten(call).includes(pinId)) return [];
  return [{ kind: 'pinStored', pinId, pseudonym, openKeyHash, termsSha256: hashOfPinTerms(input) }];
}

/** The PINs of a pseudonym that it takes back, or has another in the place of. */
async function removedIn(
  call: BlockCall,
  entry: Transaction,
  argument: string,
  network: { readonly chaincode: string; readonly genesis: Sha256 },
  pinOf: PinOf,
): Promise<readonly PinFact[]> {
  const asked = attempt(() => {
    const { input, proof, requestHash } = parseArgument(entry, argument);
    if (proof?.kind !== 'patient') return undefined;
    checkRequestProof(proof, {
      ...bindingOf({ channel: call.channel, ...network }, entry, requestHash),
      now: instantOf(call.proposedAtMillis),
    });
    const named = input as Input<typeof transactions.RemovePin> & { readonly pinId?: PinId }; // parsed as one of the two requests
    return named.pseudonym === proof.statement.pseudonym ? named : undefined;
  });
  if (asked === undefined) return [];
  const facts: PinFact[] = [];
  for (const pinId of pinsWritten(call)) {
    const known = pinId === asked.pinId ? undefined : await pinOf(pinId);
    if (known?.pseudonym === asked.pseudonym && !known.isRemoved) facts.push({ kind: 'pinRemoved', pinId });
  }
  return facts;
}

/** The fact, if the patient can see it: they replace the paper in time, which is all that stands between who has found it and ten guesses. */
async function toldOf(
  call: BlockCall,
  fact: Extract<PinFact, { readonly attempt: number }>,
  event: 'PinTried' | 'PinConfirmed',
  pinOf: PinOf,
): Promise<PinFact | PinAlarm> {
  const { pinId } = fact;
  const pseudonym = (await pinOf(pinId))?.pseudonym;
  const isShown = pseudonym !== undefined && isTold(call, { pseudonym, event, actor: { kind: 'pin', pinId } });
  if (isShown && pinsWritten(call).includes(pinId)) return fact;
  return { kind: 'alarm', alarm: 'guess-untold', ...(pseudonym === undefined ? {} : { pseudonym }), detail: pinId };
}

/** Whose entries a transaction writes: what one member alone can have committed writes none. */
function pinsWritten({ writes }: BlockCall): readonly PinId[] {
  return writes.flatMap(({ key }) => {
    const { objectType, parts = [] } = entryAt(key) ?? {};
    const pinId = objectType === pinArea.entities.pins.objectType ? pinIdSchema.safeParse(parts[0]).data : undefined;
    return pinId === undefined ? [] : [pinId];
  });
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

async function triedIn({ input, keyHash, at }: Signed, pinOf: PinOf): Promise<Extract<PinFact, { readonly kind: 'pinTried' }> | undefined> {
  const guess = input as Input<typeof transactions.TryPin>; // parsed as one
  const known = await pinOf(guess.pinId);
  const isNext = known !== undefined && guess.attempt === known.attempts + 1;
  return isNext && pinIdOf(keyHash) === guess.pinId ? { kind: 'pinTried', ...guess, at } : undefined;
}

async function confirmedIn(
  { input, keyHash }: Signed,
  pinOf: PinOf,
): Promise<Extract<PinFact, { readonly kind: 'pinConfirmed' }> | undefined> {
  const { pinId, attempt: proved } = input as Input<typeof transactions.ConfirmPin>; // parsed as one
  const known = await pinOf(pinId);
  if (known === undefined || keyHash !== known.openKeyHash || proved <= known.confirmed || proved > known.attempts) return undefined;
  return { kind: 'pinConfirmed', pinId, attempt: proved };
}

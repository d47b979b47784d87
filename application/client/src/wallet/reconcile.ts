import { DomainError, type PseudonymEntry, type Sha256, statementHashOf, transactions } from '@lianyi/domain';
import { type CommandState, type RememberedCommand, type WalletRelationship } from './wallet-content';

/** What `GetPseudonym` says of a key and of the command that used up the one before; the word of the member that was asked. */
export type LedgerWord = Pick<PseudonymEntry, 'nextKeyHash' | 'lastCommand'>;

type RotateFirst = WalletRelationship['rotateFirst'];
/** The hash of a chain's key at a counter. */
export type HashAt = (counter: number) => Sha256;

/** A lost wallet may have signed with so many keys that no command of theirs is committed; the one in its place begins after them. */
export const LEAP = 64;
/** How far a restored backup may be behind. */
const FORWARD = 1024;
/** The commands of so many used keys are kept: a member may have said falsely that they are used. */
const KEPT_KEYS = 64;

/**
 * Brings a relationship to what the ledger says: which key is next, and for each command what became of it.
 *
 * The word may be false. So nothing is forgotten for it, and a later word that differs changes all back.
 * @throws {@link DomainError} `STALE_KEY` — the ledger announces a key that is none of this wallet's.
 */
export function reconciled(relationship: WalletRelationship, hashAt: HashAt, word: LedgerWord): WalletRelationship {
  const counter = counterOf(relationship, hashAt, word.nextKeyHash);
  if (counter === undefined) {
    throw new DomainError('STALE_KEY', 'the ledger announces a key that is none of this wallet’s', { pseudonym: relationship.pseudonym });
  }
  const seen: Seen = {
    ...{ counter, word, winner: committedLast(relationship, word) },
    announcer: relationship.commands.find(({ proof }) => announces(proof, word)),
  };
  const commands = relationship.commands
    .filter((command) => command.counter > counter - KEPT_KEYS)
    .map((command) => markedIfDead({ ...command, state: stateOf(command, seen) }, command));
  const rotateFirst = rotationAfter(relationship, seen);
  const firstUnused = Math.max(relationship.firstUnused, counter + (rotateFirst === 'due' ? LEAP : 0));
  return { ...unlessDiscarded(relationship), counter, commands, firstUnused, ...(rotateFirst === undefined ? {} : { rotateFirst }) };
}

/**
 * Whether a chain that came back begins with a rotation. Only one of its own that is committed ends that; and should the ledger then have a
 * key after all that no command of this wallet announced, the word of it was false, and the lost wallet may have signed with that key.
 */
function rotationAfter({ counter: before, rotateFirst }: WalletRelationship, { counter, winner, announcer }: Seen): RotateFirst {
  if (rotateFirst === undefined || winner?.transaction.name === transactions.RotateKey.name) return rotateFirst && 'done';
  return counter !== before && announcer === undefined ? 'due' : rotateFirst;
}

/** A pseudonym that the ledger knows is none that was discarded. */
function unlessDiscarded({ past, ...relationship }: WalletRelationship): WalletRelationship {
  return past === undefined || past === 'discarded' ? relationship : { ...relationship, past };
}

/** Whether the present key may sign a command: it has signed none, neither here nor in a wallet that was lost. */
export function isKeyUnused({ counter, firstUnused, rotateFirst }: WalletRelationship): boolean {
  return rotateFirst !== 'due' && counter >= firstUnused;
}

/**
 * The key that a command announces: one that has signed nothing, or a command that was signed too early would become valid; and one that no
 * other command has announced, or the key that the ledger has next would not tell which of two was committed.
 */
export function nextToAnnounce({ counter, firstUnused, firstUnannounced = firstUnused + 1 }: WalletRelationship): number {
  return Math.max(counter + 1, firstUnused, firstUnannounced);
}

/**
 * Which of the commands remembered is the one that the ledger names as the last: by its hash and by the key that it announces, which no other
 * command does. A hash alone would be anybody's word for a command that never was.
 */
export function committedLast({ commands }: WalletRelationship, word: LedgerWord): RememberedCommand | undefined {
  return commands.find(({ proof }) => announces(proof, word) && statementHashOf(proof.statement) === word.lastCommand?.statementHash);
}

function announces({ statement }: RememberedCommand['proof'], { nextKeyHash }: LedgerWord): boolean {
  return statement.nextKeyHash === nextKeyHash;
}

export function isOf(command: RememberedCommand, proof: RememberedCommand['proof']): boolean {
  return command.proof.signature === proof.signature;
}

/** A chain without a command of which not a byte has left the machine: what it was signed with has signed nothing, and nobody knows what it announced. */
export function withoutCommand(relationship: WalletRelationship, proof: RememberedCommand['proof'], hashAt: HashAt): WalletRelationship {
  const withdrawn = relationship.commands.find((command) => isOf(command, proof));
  if (withdrawn === undefined) return relationship;
  const commands = relationship.commands.filter((command) => command !== withdrawn);
  const announced = nextToAnnounce(relationship) - 1;
  const taken = hashAt(announced) === proof.statement.nextKeyHash ? { firstUnannounced: announced } : {};
  return { ...relationship, ...taken, commands, firstUnused: withdrawn.counter };
}

/** Whether the command can still be committed, as far as is known. */
export function isOpen({ state }: Pick<RememberedCommand, 'state'>): boolean {
  return state === 'sent' || state === 'refused';
}

/**
 * Whether the patient was told at any time that the command would not be committed. It is never sent again then, only its key used up,
 * whatever a member says of it in between: the patient may have decided otherwise since.
 */
export function wasToldDead({ state, wasToldDead: wasMarked }: Pick<RememberedCommand, 'state' | 'wasToldDead'>): boolean {
  return wasMarked === true || state === 'refused' || state === 'superseded';
}

function markedIfDead(after: RememberedCommand, before: RememberedCommand): RememberedCommand {
  return wasToldDead(before) || wasToldDead(after) ? { ...after, wasToldDead: true } : after;
}

/** What a word tells of the commands that are remembered. */
interface Seen {
  readonly counter: number;
  readonly word: LedgerWord;
  /** The one that the ledger names as the last. */
  readonly winner: RememberedCommand | undefined;
  /** One that announces the key which the ledger has next, whichever it names. */
  readonly announcer: RememberedCommand | undefined;
}

function stateOf(command: RememberedCommand, { counter, word, winner, announcer }: Seen): CommandState {
  if (command === winner) return 'committed';
  if (command.counter >= counter) return wasToldDead(command) ? 'refused' : 'sent';
  // whatever announced the present key was the last command: not this one
  const isAnotherNamed = word.lastCommand !== undefined && announces(command.proof, word);
  const isOvertaken = announcer !== undefined && announcer !== command && announcer.counter <= command.counter;
  if (isAnotherNamed || isOvertaken) return 'superseded';
  return isOpen(command) ? 'passed' : command.state;
}

type Chain = Pick<WalletRelationship, 'counter'> & Partial<Pick<WalletRelationship, 'firstUnannounced'>>;

/**
 * The counter of a key by its hash, however far back: a member may have said any number of times that a command was committed. Ahead, as far as
 * anything was announced, and as a restored backup may be behind.
 */
export function counterOf({ counter: known, firstUnannounced = 0 }: Chain, hashAt: HashAt, nextKeyHash: Sha256): number | undefined {
  const forward = Math.max(FORWARD, firstUnannounced - known);
  for (let distance = 0; distance <= Math.max(forward, known); distance += 1) {
    if (distance <= forward && hashAt(known + distance) === nextKeyHash) return known + distance;
    if (distance <= known && hashAt(known - distance) === nextKeyHash) return known - distance;
  }
  return undefined;
}

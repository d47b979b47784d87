import { DomainError, type PseudonymEntry, type Sha256, statementHashOf } from '@lianyi/domain';
import { type CommandState, type RememberedCommand, type WalletRelationship } from './wallet-content';

/** What `GetPseudonym` says of a key and of the command that used up the one before; the word of the member that was asked. */
export type LedgerWord = Pick<PseudonymEntry, 'nextKeyHash' | 'lastCommand'>;

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
export function reconciled(relationship: WalletRelationship, hashAt: (counter: number) => Sha256, word: LedgerWord): WalletRelationship {
  const counter = counterOf(relationship.counter, hashAt, word.nextKeyHash);
  if (counter === undefined) {
    throw new DomainError('STALE_KEY', 'the ledger announces a key that is none of this wallet’s', { pseudonym: relationship.pseudonym });
  }
  const winner = committedLast(relationship, word);
  const commands = relationship.commands
    .filter((command) => command.counter > counter - KEPT_KEYS)
    .map((command) => markedIfDead({ ...command, state: stateOf(command, counter, word, winner) }, command));
  return { ...unlessDiscarded(relationship), counter, commands, firstUnused: Math.max(relationship.firstUnused, counter) };
}

/** A pseudonym that the ledger knows is none that was discarded. */
function unlessDiscarded({ past, ...relationship }: WalletRelationship): WalletRelationship {
  return past === undefined || past === 'discarded' ? relationship : { ...relationship, past };
}

/** Whether the present key may sign a command: it has signed none. */
export function isKeyUnused({ counter, firstUnused }: WalletRelationship): boolean {
  return counter >= firstUnused;
}

/** Which of the commands remembered is the one that the ledger names as the last. */
export function committedLast({ commands }: WalletRelationship, { lastCommand }: LedgerWord): RememberedCommand | undefined {
  return commands.find(({ proof }) => statementHashOf(proof.statement) === lastCommand?.statementHash);
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

function stateOf(command: RememberedCommand, counter: number, word: LedgerWord, winner: RememberedCommand | undefined): CommandState {
  if (command === winner) return 'committed';
  if (command.counter >= counter) return wasToldDead(command) ? 'refused' : 'sent';
  // whatever announced the present key was the last command: not this one
  const announcesPresentKey = word.lastCommand !== undefined && command.proof.statement.nextKeyHash === word.nextKeyHash;
  if (announcesPresentKey || (winner !== undefined && winner.counter <= command.counter)) return 'superseded';
  return isOpen(command) ? 'passed' : command.state;
}

/** The counter of a key by its hash, however far back: a member may have said any number of times that a command was committed. */
export function counterOf(known: number, hashAt: (counter: number) => Sha256, nextKeyHash: Sha256): number | undefined {
  for (let distance = 0; distance <= Math.max(FORWARD, known); distance += 1) {
    if (distance <= FORWARD && hashAt(known + distance) === nextKeyHash) return known + distance;
    if (distance <= known && hashAt(known - distance) === nextKeyHash) return known - distance;
  }
  return undefined;
}

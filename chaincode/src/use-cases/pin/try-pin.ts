import { DomainError, type Input, type Output, type PinActor, type transactions } from '@lianyi/domain';
import { confirmPin, guessesLeft, tryPin } from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { type WriteScope } from '../scope';

type Try = typeof transactions.TryPin;
type Confirm = typeof transactions.ConfirmPin;

/** Counts a guess, and tells the patient of it, before any hospital answers. */
export async function TryPin(scope: WriteScope, { pinId, ...guess }: Input<Try>): Promise<Output<Try>> {
  const tried = tryPin(await scope.ledger.pins.get(pinId), guess, asPinHolder(scope), scope.now);
  await scope.ledger.pins.replace(tried);
  const { pseudonym, attempts: attempt } = tried;
  recordEvent(scope, { name: 'PinTried', pseudonym, pinId, attempt });
  return { pinId, attempt, left: guessesLeft(tried) };
}

export async function ConfirmPin(scope: WriteScope, { pinId, attempt }: Input<Confirm>): Promise<Output<Confirm>> {
  const confirmed = confirmPin(await scope.ledger.pins.get(pinId), attempt, asPinHolder(scope), scope.now);
  await scope.ledger.pins.replace(confirmed);
  const { pseudonym, state } = confirmed;
  recordEvent(scope, { name: 'PinConfirmed', pseudonym, pinId, attempt });
  return { pinId, state };
}

function asPinHolder({ actor }: WriteScope): PinActor {
  if (actor.kind !== 'pin') throw new DomainError('NOT_PERMITTED');
  return actor;
}

import { type HoldList, type Input, type Output, type Pseudonym, referenceTo, type transactions } from '@lianyi/domain';
import { confirmHold, liftHold, placeHold } from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { type WriteScope } from '../scope';
import { assertConcerns, asStaff } from '../standing';

type Place = typeof transactions.PlaceHold;
type Confirm = typeof transactions.ConfirmHold;
type Lift = typeof transactions.LiftHold;

/** A privacy officer has what the hospital keeps of a patient held. */
export async function PlaceHold(scope: WriteScope, { pseudonym, ...asked }: Input<Place>): Promise<Output<Place>> {
  const { holdLists } = scope.ledger;
  const existing = await ownHolds(scope, pseudonym);
  const { mspId } = asStaff(scope.actor);
  const before: HoldList = existing ?? { schemaVersion: 1, pseudonym, mspId, holds: [] };
  const list = placeHold(before, { ...asked, placedAt: scope.now, placedBy: referenceTo(scope.actor) });
  await holdLists.put(list);
  recordEvent(scope, { name: 'HoldPlaced', pseudonym, holdId: asked.holdId });
  return { pseudonym, holdId: asked.holdId };
}

/** Another officer confirms a hold. */
export function ConfirmHold(scope: WriteScope, input: Input<Confirm>): Promise<Output<Confirm>> {
  return changeHold(scope, input, { change: confirmHold, event: 'HoldConfirmed' });
}

/** Another privacy officer takes a hold back. */
export function LiftHold(scope: WriteScope, input: Input<Lift>): Promise<Output<Lift>> {
  return changeHold(scope, input, { change: liftHold, event: 'HoldLifted' });
}

/** What a second person does to a hold, which they name by what it says. */
async function changeHold(
  scope: WriteScope,
  { pseudonym, ...said }: Input<Lift>,
  { change, event }: { readonly change: typeof liftHold; readonly event: 'HoldConfirmed' | 'HoldLifted' },
): Promise<Output<Lift>> {
  await assertConcerns(scope, pseudonym);
  const list = change(await scope.ledger.holdLists.get(pseudonym), said, { by: referenceTo(scope.actor), now: scope.now });
  await scope.ledger.holdLists.replace(list);
  recordEvent(scope, { name: event, pseudonym, holdId: said.holdId });
  return { pseudonym, holdId: said.holdId };
}

async function ownHolds(scope: WriteScope, pseudonym: Pseudonym): Promise<HoldList | undefined> {
  const [existing] = await Promise.all([scope.ledger.holdLists.find(pseudonym), assertConcerns(scope, pseudonym)]);
  return existing;
}

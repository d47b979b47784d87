import {
  assertOwnId,
  DomainError,
  type EventName,
  type Input,
  isFrom,
  type MspId,
  type Output,
  type Pointer,
  pointerIdOf,
  type PointerVersion,
  type transactions,
} from '@lianyi/domain';
import {
  assertMayPublish,
  assertPointsBy,
  type PointerContent,
  pointerContentOf,
  retirePointer,
  updatePointer,
  versionOfPointer,
} from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { originOf, type ReadScope, type WriteScope } from '../scope';
import { asStaff, madeBefore } from '../standing';

type Add = typeof transactions.AddPointer;
type Update = typeof transactions.UpdatePointer;
type Retire = typeof transactions.RetirePointer;

/** Points at data of a patient who stands in an active relationship with the caller's hospital, which keeps them. */
export async function AddPointer(scope: WriteScope, input: Input<Add>): Promise<Output<Add>> {
  const { mspId } = asStaff(scope.actor);
  const { pseudonym, pointerId, nonce } = input;
  assertOwnId(pointerId, pointerIdOf({ mspId, pseudonym, nonce }));
  const content = pointerContentOf(input);
  const [existing, relationship] = await Promise.all([
    scope.ledger.pointers.find(pseudonym, pointerId),
    scope.ledger.relationships.find(pseudonym, mspId),
  ]);
  const repeated = madeBefore(scope, existing);
  if (repeated !== undefined) {
    return answerOf(repeated);
  }
  assertMayPublish(relationship, input.class);
  await assertFounded(scope, mspId, content);
  const pointer: Pointer = {
    schemaVersion: 1,
    pseudonym,
    pointerId,
    version: 1,
    state: 'current',
    custodianMspId: mspId,
    ...content,
    addedAt: scope.now,
    changedAt: scope.now,
    origin: originOf(scope),
  };
  await Promise.all([
    scope.ledger.pointers.insert(pointer),
    scope.ledger.pointerVersions.insert(versionOfPointer(pointer, 'add', pointer.origin)),
  ]);
  recordEvent(scope, { name: 'PointerAdded', pseudonym, pointerId, version: 1 }, { recordIds: [pointerId] });
  return answerOf(pointer);
}

/** Writes the next version of a pointer of the caller's hospital. */
export async function UpdatePointer(scope: WriteScope, input: Input<Update>): Promise<Output<Update>> {
  const { mspId } = asStaff(scope.actor);
  const [present, relationship] = await Promise.all([pointerOf(scope, input), scope.ledger.relationships.find(input.pseudonym, mspId)]);
  if (present.isReplay) {
    return answerOf(present.pointer);
  }
  assertMayPublish(relationship, input.class);
  const content = pointerContentOf(input);
  const pointer = updatePointer(present.pointer, input.previousVersion, content, scope.now);
  await assertFounded(scope, mspId, content);
  return commit(scope, pointer, 'update', 'PointerUpdated');
}

/** Retires a pointer of the caller's hospital; from then on no request for it is permitted. */
export async function RetirePointer(scope: WriteScope, input: Input<Retire>): Promise<Output<Retire>> {
  const present = await pointerOf(scope, input);
  if (present.isReplay) {
    return answerOf(present.pointer);
  }
  return commit(scope, retirePointer(present.pointer, input.previousVersion, scope.now), 'retire', 'PointerRetired');
}

async function assertFounded({ ledger }: ReadScope, own: MspId, content: PointerContent): Promise<void> {
  const { mspId, templateId, version } = content.template;
  const [template, endpoint] = await Promise.all([
    ledger.queryTemplates.get(mspId, templateId, version),
    ledger.endpoints.find(own, content.endpointId),
  ]);
  assertPointsBy(content, template, endpoint);
}

/** The pointer to change, and whether this very request has made the next version already. */
async function pointerOf(
  scope: WriteScope,
  { pseudonym, pointerId, previousVersion }: Pick<Input<Retire>, 'pseudonym' | 'pointerId' | 'previousVersion'>,
): Promise<{ pointer: Pointer; isReplay: boolean }> {
  const { pointers, pointerVersions } = scope.ledger;
  const [pointer, next] = await Promise.all([
    pointers.get(pseudonym, pointerId),
    pointerVersions.find(pseudonym, pointerId, previousVersion + 1),
  ]);
  if (pointer.custodianMspId !== asStaff(scope.actor).mspId) {
    throw new DomainError('NOT_PERMITTED', 'the pointer is kept by another hospital');
  }
  return { pointer, isReplay: next !== undefined && isFrom(next.origin, scope.requestHash, scope.actor) };
}

async function commit(
  scope: WriteScope,
  pointer: Pointer,
  operation: PointerVersion['operation'],
  name: Extract<EventName, 'PointerUpdated' | 'PointerRetired'>,
): Promise<Output<Update>> {
  const { pseudonym, pointerId, version } = pointer;
  const { pointers, pointerVersions } = scope.ledger;
  await Promise.all([pointers.replace(pointer), pointerVersions.insert(versionOfPointer(pointer, operation, originOf(scope)))]);
  recordEvent(scope, { name, pseudonym, pointerId, version }, { recordIds: [pointerId] });
  return answerOf(pointer);
}

function answerOf({ pointerId, version, state }: Pointer): Output<Add> {
  return { pointerId, version, state };
}

import { DomainError, type Input, NETWORK_PARAMETER, type Output, type Pin, type transactions } from '@lianyi/domain';
import { removePin, storePin } from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { originOf, type ReadScope, type WriteScope } from '../scope';
import { asPatient, assertActiveMember } from '../standing';

type Store = typeof transactions.StorePin;
type Remove = typeof transactions.RemovePin;
type Get = typeof transactions.GetPin;
type GetOf = typeof transactions.GetPinOf;

/** The patient keeps a PIN; the one before is removed. What was dealt is checked by the holders' nodes: an endorser could open no share. */
export async function StorePin(scope: WriteScope, input: Input<Store>): Promise<Output<Store>> {
  const { pseudonym, pinId } = input;
  asPatient(scope.actor, pseudonym);
  const { pins, pinsOf, parameters } = scope.ledger;
  const { genesis } = await parameters.get(NETWORK_PARAMETER);
  const stored = storePin(input, { channel: scope.channel, genesis }, scope.now, originOf(scope));
  if ((await pins.find(pinId)) !== undefined) throw new DomainError('ALREADY_EXISTS');
  await Promise.all(input.holders.map((mspId) => assertActiveMember(scope, mspId)));
  const before = await pinsOf.find(pseudonym);
  const former = before && (await pins.get(before.pinId));
  if (former !== undefined && former.state !== 'removed') await pins.replace(removePin(former, pseudonym, scope.now));
  await pins.insert(stored);
  const has = { schemaVersion: 1, pseudonym, pinId } as const;
  await pinsOf.put(has);
  recordEvent(scope, { name: 'PinStored', pseudonym, pinId });
  return { pinId, pseudonym, state: stored.state };
}

export async function RemovePin(scope: WriteScope, { pseudonym }: Input<Remove>): Promise<Output<Remove>> {
  asPatient(scope.actor, pseudonym);
  const removed = removePin(await pinOf(scope, pseudonym), pseudonym, scope.now);
  await scope.ledger.pins.replace(removed);
  const { pinId, state } = removed;
  recordEvent(scope, { name: 'PinRemoved', pseudonym, pinId });
  return { pinId, pseudonym, state };
}

export function GetPin({ ledger }: ReadScope, { pinId }: Input<Get>): Promise<Output<Get>> {
  return ledger.pins.get(pinId);
}

export function GetPinOf(scope: ReadScope, { pseudonym }: Input<GetOf>): Promise<Output<GetOf>> {
  return pinOf(scope, pseudonym);
}

async function pinOf({ ledger }: ReadScope | WriteScope, pseudonym: Input<GetOf>['pseudonym']): Promise<Pin> {
  const { pinId } = await ledger.pinsOf.get(pseudonym);
  return ledger.pins.get(pinId);
}

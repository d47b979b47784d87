import {
  type ActorReference,
  actorReferenceSchema,
  canonicalJson,
  type DomainEvent,
  entities,
  type EventName,
  qualifiedName,
  transactions,
} from '@lianyi/domain';
import { eventSources } from '@lianyi/domain/deciding';
import { type BlockCall } from '../gateway/block-call';
import { type Asked } from './asked-by-staff';
import { compositeKey } from './composite-key';
import { isLedTo } from './led-to';

const staff: ActorReference = actorReferenceSchema.parse({ kind: 'staff', mspId: 'AMSP', actorTag: 'clerk' });
const patient: ActorReference = actorReferenceSchema.parse({ kind: 'patient', pseudonym: 'p'.repeat(43) });
const keyOf = (objectType: string): string => {
  const entity = Object.values(entities).find((each) => each.objectType === objectType);
  return compositeKey(objectType, ...Array.from({ length: entity?.key.length ?? 0 }, (_, part) => `id-${part}`));
};
const call = (name: string, ...objectTypes: readonly string[]): BlockCall => ({
  ...{ channel: 'emr', transactionId: 'tx', creatorMspId: 'AMSP', creatorCertificate: Buffer.alloc(0), proposedAtMillis: 0 },
  args: [name, '{}'],
  writes: objectTypes.map((each) => ({ key: keyOf(each), value: Buffer.from(canonicalJson({})) })),
});
const asked = (name: keyof typeof transactions): Asked =>
  ({ entry: transactions[name], actor: { ...staff, roles: [], departments: [] } }) as unknown as Asked; // all that is looked at
const eventOf = (name: string): DomainEvent => ({ name }) as unknown as DomainEvent; // all that is looked at

describe.each(Object.entries(eventSources))('the event %s', (name, [kinds, by]) => {
  const [writes = ''] = [kinds].flat();
  const event = eventOf(name);
  const entry = transactions[by ?? 'RequestAccess'];
  const other =
    Object.keys(eventSources).find(
      (each): each is EventName =>
        !eventSources[each as EventName].some((of) =>
          eventSources[name as EventName].flat().some((each) => [of].flat().some((one) => one === each)),
        ),
    ) ?? 'KeyRotated';
  const [otherKinds, otherBy = 'RotateKey'] = eventSources[other];
  const [otherType = ''] = [otherKinds].flat();
  it('is what its transaction leads to beside the entry that it writes, by who has asked for it', () => {
    expect(isLedTo(call(qualifiedName(entry), writes), event, staff, asked(entry.name))).toBe(true);
  });
  it.each<readonly [string, BlockCall, ActorReference, Asked | undefined]>([
    ['with its line alone', call(qualifiedName(entry), 'accessEvent'), staff, asked(entry.name)],
    ['beside another entry', call(qualifiedName(entry), otherType), staff, asked(entry.name)],
    ['by another transaction', call(qualifiedName(transactions[otherBy]), writes), staff, asked(otherBy)],
    ['by none', { ...call('', writes), args: [] }, staff, asked(entry.name)],
    ['by who has not asked', call(qualifiedName(entry), writes), { ...staff, mspId: 'BMSP' } as ActorReference, asked(entry.name)],
    ['where nobody has asked', call(qualifiedName(entry), writes), staff, undefined],
    ['in the name of a patient who has commanded nothing', call(qualifiedName(entry), writes), patient, asked(entry.name)],
  ])('is none %s', (_why, made, actor, by_) => {
    expect(isLedTo(made, event, actor, by_)).toBe(false);
  });
});

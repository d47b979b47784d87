import { type AccessEvent, accessEventSchema, type Pseudonym } from '@lianyi/domain';
import { type InboxView } from './inbox';
import { B, at, lineOf, MINUTE, SECOND } from './inbox-member.fixture';
import { eventsOf, InboxWorld } from './inbox-world.fixture';

let world: InboxWorld;
let atA: Pseudonym;
beforeEach(async () => {
  world = await InboxWorld.make();
  ({ atA } = world);
});

/** Everything that a line may say, each otherwise than the lines of {@link many}. */
const another = {
  schemaVersion: 2,
  pseudonym: undefined, // a pseudonym of the same wallet, made in the test
  at: at(-50 * MINUTE),
  txId: 'of-another',
  n: 7,
  event: 'PolicyRevoked',
  actor: { kind: 'delegate', pseudonym: 'p', delegationId: 'another' },
  decision: 'deny',
  purpose: 'HRESCH',
  ticketId: 'another',
  recordIds: ['rec-1', 'rec-another'],
  reasons: ['NO_CONSENT'],
  denied: [{ recordId: 'rec-denied', reasons: ['NO_CONSENT'] }],
  provisionIds: ['p2'],
  grounds: [['p1'], ['p2']],
  grantee: { kind: 'organisation', mspId: B, name: 'insurer' },
  policyVersion: 99,
  receiver: { mspId: 'HospitalCMSP', actorTag: 'another', department: 'ward' },
} as unknown as Readonly<Record<keyof AccessEvent, unknown>>; // what a member tells is held against no schema here
const fields = Object.keys(accessEventSchema.shape) as (keyof AccessEvent)[];
/** What is new with each line by its nature. */
const newEachTime: readonly string[] = ['at', 'txId', 'n', 'ticketId', 'policyVersion', 'recordIds', 'denied'];

const said = {
  actor: { kind: 'delegate', pseudonym: 'p', delegationId: 'proxy' },
  decision: 'permit',
  purpose: 'TREAT',
  reasons: ['EXPIRED'],
  provisionIds: ['p1'],
  grantee: { kind: 'department', mspId: B, name: 'cardiology' },
} as unknown as Partial<AccessEvent>; // as above
/** So many lines that one proxy has made one say like the other, each a little later. */
const many = (count: number): AccessEvent[] =>
  Array.from({ length: count }, (_none, n) => {
    const ofOne = { ticketId: `ticket-${n}`, policyVersion: n + 1, recordIds: ['rec-1'] } as unknown as Partial<AccessEvent>; // as above
    return lineOf(atA, 'PolicyGranted', at(-40 * MINUTE + n * SECOND), { ...said, ...ofOne });
  });
const countsOf = ({ notes }: InboxView): readonly number[] => notes.map(({ count }) => count);

describe('a note of many lines', () => {
  it('is tried with every field that a line has', () => {
    expect(Object.keys(another).sort()).toEqual([...fields].sort());
  });

  it.each(fields.filter((field) => !newEachTime.includes(field)))('does not take in a line with another %s', async (field) => {
    const value = field === 'pseudonym' ? (await world.wallet.addRelationship(B)).pseudonym : another[field];
    const [first, ...others] = many(22);
    world.everybodyHas({ ...first, [field]: value } as AccessEvent, ...others);
    const view = await world.inbox.list();
    expect(countsOf(view)).toEqual([1, 21]);
    expect(view.notes[0]?.line).toHaveProperty(field, value);
  });

  it.each(newEachTime)('takes in a line with another %s, which whoever acts may invent', async (field) => {
    const [first, ...others] = many(22);
    world.everybodyHas({ ...first, [field]: another[field as keyof AccessEvent] } as AccessEvent, ...others);
    expect(countsOf(await world.inbox.list())).toEqual([22]);
  });

  it('tells every record that one of them is about', async () => {
    const [first, ...others] = many(22);
    world.everybodyHas({ ...first, recordIds: another.recordIds, denied: another.denied } as AccessEvent, ...others);
    const records = ['rec-1', 'rec-another', 'rec-denied'];
    expect((await world.inbox.list()).notes).toMatchObject([{ line: { recordIds: ['rec-1'] }, records }]);
  });

  it('leaves twenty that are alike alone', async () => {
    world.everybodyHas(...many(20));
    expect(countsOf(await world.inbox.list())).toEqual(Array<number>(20).fill(1));
  });

  it('buries nothing that somebody else does, whatever records are named', async () => {
    const grants = many(40).map((line, n) => ({ ...line, recordIds: [`rec-${n}`] }) as unknown as AccessEvent); // ids of records
    world.everybodyHas(lineOf(atA, 'RecoveryOpened', at(-50 * MINUTE)), ...grants);
    const view = await world.inbox.list();
    expect(eventsOf(view)).toEqual(['RecoveryOpened', 'PolicyGranted']);
    expect(view.notes[1]?.records).toHaveLength(40);
  });
});

import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { canonicalJson, encodeArgument, hashOfKey, instantOf, permittedTicketSchema, pseudonymOf, transactions } from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import {
  A,
  administered,
  cardiologistB,
  certificates,
  firstKey,
  hired,
  issueCertificates,
  nonce,
  person,
  recordAdminA,
  registrarA,
  signedBy,
  ticketEntry,
} from './member-chain.fixture';
import { B, genesis, PatientChain, pseudonym, pseudonymEntry, pseudonymKey, relationship } from './patient-chain.fixture';

const thief = newPrivateKey();
const ofThief = hashOfKey(publicKeyOf(thief));
const nextKeyHash = hashOfKey(publicKeyOf(firstKey));
const input = { pseudonym, suite: 'P256-SHA256', nextKeyHash, nonce };
const written = { [pseudonymKey()]: pseudonymEntry(nextKeyHash) };
const permit = permittedTicketSchema.parse(JSON.parse(ticketEntry(cardiologistB)));
const unknown = person('AMSP', 'nobody', ['registrar']);

/** Chains whose patient is not registered yet; A's registrar and administrator of records are hired. */
describe('whether a patient is one of the hospital', () => {
  let chain: PatientChain;
  beforeEach(async () => {
    const clock = jest.spyOn(Date, 'now');
    const made = new PatientChain();
    chain = made;
    clock.mockImplementation(() => made.now);
    await issueCertificates();
    await chain.add();
    await chain.add(hired(registrarA), hired(recordAdminA));
  });
  afterEach(async () => {
    await chain.index.close();
    jest.restoreAllMocks();
  });
  /** A patient who is not followed has no alarms either. */
  const isFollowed = async (): Promise<boolean> => {
    const before = chain.names().length;
    await chain.add(chain.forged({ [pseudonymKey()]: canonicalJson({ nextKeyHash: genesis }) }));
    return chain.names().length > before;
  };

  it('is told by its registrar’s signature, whenever that is committed', async () => {
    const call = chain.registration();
    chain.now += 24 * 60 * 60_000;
    await chain.add(call);
    expect(await isFollowed()).toBe(true);
  });

  it.each<readonly [string, object]>([
    ['another next key', { nextKeyHash: ofThief }],
    ['another hospital', { mspId: 'BMSP' }],
    ['the kind of one without a wallet', { kind: 'assisted' }],
    ['a closed state', { state: 'closed' }],
    ['a command that nobody gave', { lastCommand: { statementHash: genesis, at: instantOf(0) } }],
  ])('is, with an alarm, where it was written with %s', async (_what, changes) => {
    await chain.add(chain.registration({}, { writes: { [pseudonymKey()]: pseudonymEntry(nextKeyHash, undefined, changes) } }));
    expect(chain.names()).toEqual(['key-without-command']);
    expect(await isFollowed()).toBe(true);
  });

  it('begins with the key that the pseudonym is made of, and with no other after it', async () => {
    const made = chain.registration({ nextKeyHash: ofThief });
    await chain.add(made, chain.registration(), made);
    await chain.say(chain.relating('AcceptRelationship', relationship('active')));
    await chain.say(chain.granted(B));
    // the chaincode writes no entry twice; who does so is told
    expect(chain.names()).toEqual(['key-without-command']);
    expect((await chain.index.permitsWordFor(permit)).kind).toBe('unfounded');
  });

  it.each<readonly [string, () => Call]>([
    ['that nobody signed', () => ({ ...chain.registration(), argument: encodeArgument({ input }) })],
    ['that nobody of the hospital’s staff signed', () => chain.registration({}, {}, unknown)],
    ['that staff signed who may not', () => chain.registration({}, {}, recordAdminA)],
    ['that somebody signed for the registrar', () => chain.registration({}, {}, { ...registrarA, key: thief })],
    ['that another hospital carried', () => chain.registration({}, { creatorMspId: 'BMSP' })],
    [
      'that was carried under two certificates',
      () => chain.registration({}, { creatorCertificate: certificates.admin + certificates.client }),
    ],
    ['by an administrator, who registers nobody', () => administered('AMSP', transactions.RegisterPatient, input, written)],
    ['with another first key', () => chain.registration({ nextKeyHash: ofThief })],
    ['with another nonce', () => chain.registration({ nonce: `${'B'.repeat(21)}A` })],
    ['of another pseudonym', () => chain.registration({ pseudonym: pseudonymOf({ mspId: A, firstKeyHash: ofThief, nonce }) })],
    ['that was not written', () => chain.registration({}, { writes: { '\u0000accessUse\u0000t\u0000r\u0000': '{}' } })],
    ['that was written and deleted', () => chain.registration({}, { moreWrites: [[pseudonymKey(), '']] })],
    ['of which the pseudonym’s entry was deleted', () => chain.registration({}, { writes: { [pseudonymKey()]: null } })],
    ['under a key that looks like the pseudonym’s', () => chain.registration({}, { writes: { [`${pseudonymKey()}x`]: '{}' } })],
    ['that stands in another transaction', () => signedBy(registrarA, transactions.CloseTicket, input, written)],
  ])('is not told by a registration %s', async (_what, call) => {
    await chain.add(call());
    expect(await isFollowed()).toBe(false);
  });
});

import { memberOperations, newPrivateKey, publicKeyOf, signedAs, signIntroduction, signStaffRequest } from '@lianyi/client';
import {
  actorTagSchema,
  hashOfKey,
  instantOf,
  type Introduction,
  type Ledger,
  type MspId,
  mspIdSchema,
  type Pseudonym,
  type PseudonymEntry,
  pseudonymSchema,
  Refused,
  type Relationship,
  sha256,
  type SignedRequest,
  type Staff,
  type TransactionEntry,
} from '@lianyi/domain';
import { StaffGate } from '../check-caller';
import { PeerHeights } from '../peer-heights';
import { Introductions } from '../services/introductions';
import { PreparationSeal } from '../services/preparation-seal';
import { admitEverybody } from '../testing';
import { addListingRoutes } from './listing-routes';
import { type NodeServer } from './server';
import { newServerOf } from './server.fixture';

const [A, B, C] = ['HospitalAMSP', 'HospitalBMSP', 'HospitalCMSP'].map((id) => mspIdSchema.parse(id)) as [MspId, MspId, MspId]; // three go in
const identity = { mspId: B, channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
const [own, elsewhere, third] = ['psn-b', 'psn-a', 'psn-c'].map((id) => pseudonymSchema.parse(id)) as [Pseudonym, Pseudonym, Pseudonym]; // three go in
const homes: Readonly<Record<string, MspId>> = { [own]: B, [elsewhere]: A, [third]: C };
const keys = { [own]: newPrivateKey(), [elsewhere]: newPrivateKey(), [third]: newPrivateKey() };
const keyOf = (pseudonym: string) => keys[pseudonym] ?? newPrivateKey();
const actorTag = actorTagSchema.parse('dr-wu');
const privateKey = newPrivateKey();
const clinician = {
  ...{ mspId: B, actorTag, roles: ['clinician'], state: 'active', dutyWindows: [] },
  publicKeyHash: hashOfKey(publicKeyOf(privateKey)),
} as unknown as Staff; // the gate reads no more of it

describe('what a list rests on besides the ledger', () => {
  let server: NodeServer;
  /** What the own peer was asked for. */
  const asked: string[] = [];
  let relationship: Relationship['state'] | undefined;
  let staff = clinician;

  beforeEach(async () => {
    asked.length = 0;
    relationship = 'active';
    staff = clinician;
    server = await newServerOf(B, 10_000);
    const evaluate = ({ entry, input }: SignedRequest<TransactionEntry>): Promise<unknown> => {
      asked.push(entry.name);
      if (entry.name === 'GetStaff') return Promise.resolve(staff);
      const { pseudonym } = input as { pseudonym: Pseudonym };
      const mspId = homes[pseudonym];
      if (mspId === undefined) return Promise.reject(new Refused('NOT_FOUND', 'none', {}));
      const nextKeyHash = hashOfKey(publicKeyOf(keyOf(pseudonym)));
      return Promise.resolve({ pseudonym, mspId, nextKeyHash, state: 'active' } as Partial<PseudonymEntry>);
    };
    const submit = (): Promise<never> => Promise.reject(new Error('nothing may be committed'));
    const ledger = { evaluate, submit } as unknown as Ledger; // asked for staff and pseudonyms, and for nothing else
    const admission = admitEverybody(ledger);
    const state = (): Relationship | undefined => (relationship === undefined ? undefined : ({ state: relationship } as Relationship));
    addListingRoutes(server, {
      identity,
      staff: new StaffGate(identity, ledger, admission, { entryOfNow: () => Promise.resolve(staff) }),
      heights: new PeerHeights({ mspId: B, newest: () => Promise.resolve(7n) }, []),
      introductions: new Introductions(':memory:', new PreparationSeal(newPrivateKey())),
      reader: { relationship: (pseudonym) => Promise.resolve(pseudonym === own ? state() : undefined) },
      admission,
    });
  });
  afterEach(() => server.close());

  const post = async (path: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> => {
    const payload = JSON.stringify(body);
    const answer = await server.inject({ method: 'POST', url: path, headers: { 'content-type': 'application/json' }, payload });
    return { status: answer.statusCode, body: answer.json() };
  };
  let moment = 0;
  const say = (
    changes: Partial<Introduction['statement']> = {},
    signers: readonly Pseudonym[] = [own, elsewhere],
    key: (pseudonym: Pseudonym) => ReturnType<typeof newPrivateKey> = keyOf,
  ): Introduction => {
    moment += 1; // each later than the one before
    const { channel, genesis } = identity;
    const pseudonyms: [Pseudonym, Pseudonym] = [own, elsewhere];
    const said = { channel, genesis, mspId: B, act: 'introduce' as const, pseudonyms, issuedAt: instantOf(Date.now() + moment) };
    return signIntroduction(
      signers.map((pseudonym) => ({ pseudonym, privateKey: key(pseudonym) })),
      { ...said, ...changes },
    );
  };
  const introduce = (said: Introduction) => post('/v1/introductions', said);
  const signed = (operation: Parameters<typeof signedAs>[0], input: object): object => {
    const signer = { network: identity, mspId: B, actorTag, privateKey };
    return { input, proof: signStaffRequest(signer, { transaction: signedAs(operation), input }, instantOf(Date.now())) };
  };
  const known = async (pseudonym: Pseudonym = own): Promise<unknown> => {
    const { body } = await post('/v1/introductions:list', signed(memberOperations.ListIntroduced, { pseudonym }));
    return 'introduced' in body ? (body['introduced'] as { pseudonym: string }[]).map((each) => each.pseudonym) : body['code'];
  };

  it('tells own staff of whom the patient has said so, of which the peer is asked for the two keys alone', async () => {
    expect(await introduce(say())).toEqual({ status: 200, body: { act: 'introduce' } });
    expect(asked).toEqual(['GetPseudonym', 'GetPseudonym']);
    expect(await known()).toEqual([elsewhere]);
    expect(await known(elsewhere)).toEqual([]);
  });

  it.each<readonly [what: string, code: string, said: () => Introduction]>([
    ['to another member', 'PROOF_MISMATCH', () => say({ mspId: A })],
    ['on another channel', 'PROOF_MISMATCH', () => say({ channel: 'emr2' })],
    ['signed for one of the two alone', 'PROOF_MISMATCH', () => say({}, [own])],
    ['of two pseudonyms of other hospitals', 'PROOF_MISMATCH', () => say({ pseudonyms: [elsewhere, third] }, [elsewhere, third])],
    ['with the own one last', 'PROOF_MISMATCH', () => say({ pseudonyms: [elsewhere, own] })],
    [
      'by another key than the announced',
      'STALE_KEY',
      () => say({}, [own, elsewhere], (each) => (each === own ? keyOf(own) : newPrivateKey())),
    ],
    [
      'of a pseudonym that nobody has',
      'NOT_FOUND',
      () => say({ pseudonyms: [own, pseudonymSchema.parse('psn-x')] }, [own, pseudonymSchema.parse('psn-x')]),
    ],
    ['a while ago', 'TIME_SKEW', () => say({ issuedAt: instantOf(Date.now() - 3_600_000) })],
  ])('knows nothing of what is said %s', async (_what, code, said) => {
    expect((await introduce(said())).body).toMatchObject({ code });
    expect(await known()).toEqual([]);
  });

  it('forgets what either pseudonym withdraws, and takes nothing twice', async () => {
    for (const by of [own, elsewhere]) {
      const said = say();
      expect((await introduce(said)).status).toBe(200);
      expect((await introduce(said)).body).toMatchObject({ code: 'TIME_SKEW' });
      expect((await introduce(say({ act: 'withdraw' }, [by]))).status).toBe(200);
      expect(await known()).toEqual([]);
      expect((await introduce(said)).body).toMatchObject({ code: 'TIME_SKEW' });
      expect(await known()).toEqual([]);
    }
  });

  it.each([undefined, 'proposed', 'suspended', 'terminated', 'rejected'] as const)(
    'tells nobody while the relationship is %s',
    async (state) => {
      await introduce(say());
      relationship = state;
      expect(await known()).toEqual([]);
    },
  );

  it.each(['registrar', 'recordAdmin', 'privacyOfficer', 'orgAdmin'])('tells no %s', async (role) => {
    await introduce(say());
    staff = { ...clinician, roles: [role] } as Staff;
    expect(await known()).toBe('NOT_PERMITTED');
    expect((await post('/v1/peers:heights', signed(memberOperations.AskHeights, {}))).body).toMatchObject({ code: 'NOT_PERMITTED' });
  });

  it('tells nobody who has not signed', async () => {
    for (const path of ['/v1/introductions:list', '/v1/peers:heights'])
      expect((await post(path, { input: { pseudonym: own } })).body).toMatchObject({ code: 'INVALID_REQUEST' });
  });

  it('tells own staff how far the peer is', async () => {
    const { body } = await post('/v1/peers:heights', signed(memberOperations.AskHeights, {}));
    expect(body).toEqual({ peers: [{ mspId: B, newestBlock: '7' }] });
  });
});

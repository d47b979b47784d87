import { memberOperations, newPrivateKey, publicKeyOf, signedAs, signPatientCommand, signStaffRequest } from '@lianyi/client';
import {
  actorTagSchema,
  DomainError,
  hashOfKey,
  instantOf,
  type Ledger,
  mspIdSchema,
  Refused,
  Rejected,
  roleSchema,
  type SignedRequest,
  type Staff,
  type StaffProof,
  type TransactionEntry,
  transactions,
  Unavailable,
} from '@lianyi/domain';
import { StaffGate } from '../check-caller';
import { PreparationSeal } from '../services/preparation-seal';
import { Preparations } from '../services/preparations';
import { PurgingLedger } from '../services/purging-ledger';
import { RecordService, type RecordServices } from '../services/record-service';
import { identity, place, preparedAs, pseudonym } from '../services/record-service.fixture';
import { admitEverybody } from '../testing';
import { addRecordRoutes, type RecordRouteServices } from './record-routes';
import { type NodeServer } from './server';
import { newServerOf } from './server.fixture';

const entry = transactions.AnchorRecord;
const { input } = preparedAs('mine');
const actorTag = actorTagSchema.parse('lab-1');
const privateKey = newPrivateKey();
const anotherHospital = mspIdSchema.parse('HospitalBMSP');
const publisher = {
  ...{ mspId: identity.mspId, actorTag, roles: ['lab'], state: 'active', dutyWindows: [] },
  publicKeyHash: hashOfKey(publicKeyOf(privateKey)),
} as unknown as Staff; // the gate reads no more of it

/** What differs in a signature from that of the hospital's laboratory for the anchor. */
interface Signing {
  readonly mspId?: typeof anotherHospital;
  readonly key?: typeof privateKey;
  readonly transaction?: { readonly contract: string; readonly name: string };
}

describe('POST /v1/records:publish', () => {
  let server: NodeServer;
  let preparations: Preparations;
  /** What the ledger has of who asks, and what their organisation has said of them. */
  let [written, said]: (Staff | DomainError)[] = [];
  let untilCommitted: Promise<unknown>;
  /** What the node looked up, kept, or sent. */
  const done: string[] = [];

  beforeAll(async () => {
    server = await newServerOf(identity.mspId, 10_000);
    const answer = (entryOf: Staff | DomainError | undefined): Promise<Staff> =>
      entryOf instanceof DomainError || entryOf === undefined
        ? Promise.reject(entryOf ?? new Refused('NOT_FOUND', 'none', {}))
        : Promise.resolve(entryOf);
    const submit = async ({ entry: { name } }: SignedRequest<TransactionEntry>): Promise<object> => {
      done.push(name);
      await untilCommitted;
      return { result: { recordId: place.recordId, version: 1, state: 'current' }, transactionId: 'tx', blockNumber: 9n };
    };
    const ledger = { evaluate: () => answer(written), submit } as unknown as Ledger; // the gate asks for staff, and for nothing else
    const admission = admitEverybody(ledger);
    type Of<Name extends 'find' | 'markSent' | 'markUnsent' | 'forget'> = Parameters<Preparations[Name]>;
    const told = (name: string): Preparations => {
      done.push(name);
      return preparations;
    };
    const looking = {
      find: (...given: Of<'find'>) => told('find').find(...given),
      markSent: (...given: Of<'markSent'>) => told('markSent').markSent(...given),
      markUnsent: (...given: Of<'markUnsent'>) => told('markUnsent').markUnsent(...given),
      forget: (...given: Of<'forget'>) => told('forget').forget(...given),
    };
    const replication = { learn: () => undefined };
    const used = { preparations: looking, ledger, keyService: ledger, replication }; // what publishing uses
    const records = new RecordService(used as unknown as RecordServices);
    const staff = new StaffGate(identity, ledger, admission, { entryOfNow: () => answer(said) });
    addRecordRoutes(server, { admission, staff, records } as unknown as RecordRouteServices); // nothing is read here
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    done.length = 0;
    [written, said, untilCommitted] = [publisher, publisher, Promise.resolve()];
    preparations = new Preparations(':memory:', new PreparationSeal(newPrivateKey()));
    await preparations.keep(place, preparedAs('mine'));
  });
  afterEach(() => preparations.close());

  const sign = (
    { mspId = identity.mspId, key = privateKey, transaction = entry }: Signing = {},
    signed: unknown = input,
    at = Date.now(),
  ): StaffProof => signStaffRequest({ network: identity, mspId, actorTag, privateKey: key }, { transaction, input: signed }, instantOf(at));
  const publish = async (proof: unknown, sent: unknown = input): Promise<unknown> => {
    const payload = { transaction: 'AnchorRecord', input: sent, proof };
    return (await server.inject({ method: 'POST', url: '/v1/records:publish', payload })).json();
  };
  const patient = (): unknown =>
    signPatientCommand(
      { network: identity, pseudonym, privateKey, nextPrivateKey: newPrivateKey() },
      { transaction: entry, input },
      instantOf(Date.now()),
    );
  const hasRoles = (...roles: string[]): Staff => ({ ...publisher, roles }) as unknown as Staff; // as above

  it.each(['lab', 'recordAdmin'])('keeps the key and carries the anchor of the hospital’s %s', async (role) => {
    [written, said] = [hasRoles(role), hasRoles(role)];
    expect(await publish(sign())).toMatchObject({ transactionId: 'tx' });
    expect(done).toEqual(['find', 'markSent', 'PutEnvelope', 'AnchorRecord', 'forget']);
  });

  const others = roleSchema.options.filter((role) => role !== 'lab' && role !== 'recordAdmin');
  it.each(others)('does nothing for the hospital’s %s', async (role) => {
    [written, said] = [hasRoles(role), hasRoles(role)];
    expect(await publish(sign())).toMatchObject({ code: 'NOT_PERMITTED' });
    expect(done).toEqual([]);
  });

  it.each<readonly [string, () => unknown, string]>([
    ['a patient', patient, 'NOT_AUTHENTICATED'],
    ['staff of another hospital', () => sign({ mspId: anotherHospital }), 'PROOF_MISMATCH'],
    ['who signed for the preparation', () => sign({ transaction: signedAs(memberOperations.PrepareRecord) }), 'PROOF_MISMATCH'],
    ['who signed for the operation', () => sign({ transaction: signedAs(memberOperations.PublishRecord) }), 'PROOF_MISMATCH'],
    ['who signed for an amendment', () => sign({ transaction: transactions.AmendRecord }), 'PROOF_MISMATCH'],
    ['who signed another input', () => sign({}, preparedAs('another').input), 'PROOF_MISMATCH'],
    ['another’s signature', () => ({ ...sign(), signature: sign({ key: newPrivateKey() }).signature }), 'BAD_SIGNATURE'],
    ['a key that is not the entry’s', () => sign({ key: newPrivateKey() }), 'BAD_SIGNATURE'],
    ['what was signed long ago', () => sign({}, input, Date.now() - 3_600_000), 'TIME_SKEW'],
    ['nobody’s signature', () => undefined, 'INVALID_REQUEST'],
  ])('does nothing for %s, and does not look for what is prepared', async (_what, proof, code) => {
    expect(await publish(proof())).toMatchObject({ code });
    expect(done).toEqual([]);
    expect((await preparations.find(place))?.isInUse).toBe(false);
  });

  it.each<readonly [string, Staff | DomainError, Staff | DomainError, string]>([
    ['who is staff no more', { ...publisher, state: 'revoked' }, publisher, 'STAFF_REVOKED'],
    ['whom nobody knows', new DomainError('NOT_FOUND'), publisher, 'NOT_FOUND'],
    ['whom others have written', publisher, new DomainError('STAFF_UNPROVEN'), 'STAFF_UNPROVEN'],
    ['to whom others have given the role', publisher, hasRoles('clinician'), 'NOT_PERMITTED'],
  ])('does nothing for somebody %s', async (_what, ofLedger, ofOrganisation, code) => {
    [written, said] = [ofLedger, ofOrganisation];
    expect(await publish(sign())).toMatchObject({ code });
    expect(done).toEqual([]);
  });

  it('has one person wait who publishes more than sixteen at once, and refuses what is more than eighty', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    untilCommitted = promise;
    const codes: unknown[] = [];
    const all = Array.from({ length: 90 }, async () => codes.push((await publish(sign())) as { code?: string }));
    const keysPut = (): number => done.filter((each) => each === 'PutEnvelope').length;
    const isFull = (): boolean => codes.length >= 10 && keysPut() >= 16;
    for (let turn = 0; turn < 20_000 && !isFull(); turn += 1) await new Promise((later) => setImmediate(later));
    expect(isFull()).toBe(true);
    expect(codes).toEqual(Array(10).fill(expect.objectContaining({ code: 'RATE_LIMITED' })));
    expect(keysPut()).toBe(16);
    resolve(undefined);
    await Promise.all(all);
  });

  it('marks and sends nothing for what was not prepared', async () => {
    const other = preparedAs('another').input;
    expect(await publish(sign({}, other), other)).toMatchObject({ code: 'PROOF_MISMATCH' });
    expect(done).toEqual(['find']);
  });
});

describe('an operation for whoever signs', () => {
  it('is none by which the node itself acts', () => {
    expect(Object.values(memberOperations).filter(({ callers }) => (callers.kind as string) === 'signer')).toEqual([]);
  });

  it.each<readonly [string, Error]>([
    ['refuses', new Refused('NOT_PERMITTED', 'no', {})],
    ['is not asked', new DomainError('STAFF_UNPROVEN')],
    ['cannot be reached', new Unavailable('down')],
    ['finds it invalid', new Rejected('no', 'tx', 10)],
  ])('changes nothing at the node when the ledger %s', async (_what, failure) => {
    const preparations = new Preparations(':memory:', new PreparationSeal(newPrivateKey()));
    await preparations.keep(place, preparedAs('mine'));
    const before = await preparations.all();
    const ledger = new PurgingLedger({ submit: () => Promise.reject(failure), evaluate: () => Promise.reject(failure) }, preparations);
    const { keyEpoch, recordId } = place;
    for (const each of Object.values<TransactionEntry>(transactions)) {
      const request = {
        entry: each,
        input: { ...input, pseudonym, envelopes: [{ recordId, keyEpoch }] },
      } as unknown as SignedRequest<TransactionEntry>;
      await expect(ledger.submit(request)).rejects.toBe(failure);
    }
    expect(await preparations.all()).toEqual(before);
    expect((await preparations.find(place))?.isInUse).toBe(false);
    await preparations.close();
  });
});

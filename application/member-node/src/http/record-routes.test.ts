import {
  memberOperations,
  newPrivateKey,
  publicKeyOf,
  signDelegateCommand,
  signedAs,
  signPatientCommand,
  signStaffRequest,
} from '@lianyi/client';
import {
  actorTagSchema,
  type Delegation,
  delegationIdSchema,
  DomainError,
  hashOfKey,
  instantOf,
  type Ledger,
  mspIdSchema,
  type PseudonymEntry,
  pseudonymSchema,
  sha256,
  type Staff,
  type StaffProof,
} from '@lianyi/domain';
import { ReaderGate, StaffGate } from '../check-caller';
import { admitEverybody } from '../testing';
import { addRecordRoutes, type RecordRouteServices } from './record-routes';
import { type NodeServer } from './server';
import { newServerOf } from './server.fixture';

const identity = { mspId: mspIdSchema.parse('HospitalBMSP'), channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
const actorTag = actorTagSchema.parse('cardiologist-1');
const privateKey = newPrivateKey();
const staff: Pick<Staff, 'mspId' | 'actorTag' | 'roles' | 'state' | 'dutyWindows' | 'publicKeyHash'> = {
  mspId: identity.mspId,
  actorTag,
  roles: ['clinician'],
  state: 'active',
  dutyWindows: [],
  publicKeyHash: hashOfKey(publicKeyOf(privateKey)),
};

async function newServer(): Promise<NodeServer> {
  return newServerOf(identity.mspId, 1_000);
}

describe('POST /v1/access/:ticketId/document', () => {
  const asked: unknown[] = [];
  /** What the index shows of who asks; undefined: others have written the entry. */
  let shown: typeof staff | undefined;
  let server: NodeServer;

  beforeAll(async () => {
    server = await newServer();
    const ledger = { evaluate: () => Promise.resolve(staff) } as unknown as Ledger; // the one answer that the gate reads
    const documents = {
      read: (request: unknown, reader: unknown) => {
        asked.push({ request, reader });
        return Promise.reject(new Error('far enough'));
      },
    };
    const admission = admitEverybody(ledger);
    const gate = new StaffGate(identity, ledger, admission, {
      entryOfNow: () => (shown === undefined ? Promise.reject(new DomainError('STAFF_UNPROVEN')) : Promise.resolve(shown as Staff)), // the gate reads no more of it
    });
    const reader = {
      pseudonym: () => Promise.resolve(patient as PseudonymEntry), // the gate reads no more of it
      delegation: () => Promise.resolve(delegation as Delegation),
    };
    const services = {
      identity,
      admission,
      staff: gate,
      readers: new ReaderGate(identity, gate, reader, admission),
      records: {},
      documents,
      maxDocumentBytes: 1_000,
    };
    addRecordRoutes(server, services as unknown as RecordRouteServices); // no test here prepares or publishes
  });
  afterAll(() => server.close());
  beforeEach(() => {
    asked.length = 0;
    shown = staff;
  });

  const input = { ticketId: 'ticket-1', recordId: 'record-1' };
  const sign = (signed: unknown = input): StaffProof =>
    signStaffRequest(
      { network: identity, mspId: identity.mspId, actorTag, privateKey },
      { transaction: signedAs(memberOperations.ReadDocument), input: signed },
      instantOf(Date.now()),
    );
  const post = async (ticketId: string, body: object): Promise<unknown> =>
    (await server.inject({ method: 'POST', url: `/v1/access/${ticketId}/document`, payload: body })).json();

  it('reads nothing for staff whom others have written', async () => {
    shown = undefined;
    expect(await post('ticket-1', { input, proof: sign() })).toMatchObject({ code: 'STAFF_UNPROVEN' });
    expect(asked).toEqual([]);
  });

  it('reads nothing for staff to whom others have given a role', async () => {
    shown = { ...staff, roles: ['registrar'] };
    expect(await post('ticket-1', { input, proof: sign() })).toMatchObject({ code: 'NOT_PERMITTED' });
    expect(asked).toEqual([]);
  });

  it('reads what the clinician signed for', async () => {
    await post('ticket-1', { input, proof: sign() });
    expect(asked).toEqual([{ request: input, reader: { kind: 'staff', mspId: identity.mspId, actorTag } }]);
  });

  const pseudonym = pseudonymSchema.parse('p-1');
  const delegationId = delegationIdSchema.parse('d-1');
  const [key, another] = [newPrivateKey(), newPrivateKey()];
  /** What the ledger has of the patient and of who acts for them, but for what a test says. */
  let patient: Partial<PseudonymEntry>;
  let delegation: Partial<Delegation>;
  beforeEach(() => {
    patient = { pseudonym, nextKeyHash: hashOfKey(publicKeyOf(key)), state: 'active' };
    delegation = { pseudonym, delegationId, nextKeyHash: hashOfKey(publicKeyOf(key)), state: 'active', basis: 'court' };
    delegation = { ...delegation, validUntil: instantOf(Date.now() + 60_000) };
  });
  const question = { transaction: signedAs(memberOperations.ReadDocument), input };
  const signer = (privateKey = key) => ({ network: identity, pseudonym, privateKey, nextPrivateKey: another });
  const byPatient = (privateKey?: typeof key): object => signPatientCommand(signer(privateKey), question, instantOf(Date.now()));
  const byDelegate = (privateKey?: typeof key): object =>
    signDelegateCommand({ ...signer(privateKey), delegationId }, question, instantOf(Date.now()));

  it('reads what the patient, or who acts for them, signed for: of whichever hospital they are', async () => {
    await post('ticket-1', { input, proof: byPatient() });
    await post('ticket-1', { input, proof: byDelegate() });
    const patients = { request: input, reader: { kind: 'patient', pseudonym } };
    expect(asked).toEqual([patients, { request: input, reader: { kind: 'delegate', pseudonym, delegationId } }]);
  });

  it.each<readonly [string, () => object, () => void, string]>([
    ['a thief who has another key', () => byPatient(another), () => undefined, 'STALE_KEY'],
    ['a key that was used up', () => byPatient(), () => (patient = { ...patient, nextKeyHash: sha256('next') }), 'STALE_KEY'],
    ['a patient who has died', () => byPatient(), () => (patient = { ...patient, isDeceased: true }), 'PATIENT_DECEASED'],
    ['the code of a receipt', () => byPatient(), () => (patient = { ...patient, kind: 'assisted' }), 'TAKE_OVER_FIRST'],
    ['another delegate’s key', () => byDelegate(another), () => undefined, 'STALE_KEY'],
    ['who acts no more', () => byDelegate(), () => (delegation = { ...delegation, state: 'ended' }), 'DELEGATION_NOT_IN_FORCE'],
    ['a parent of who has a wallet', () => byDelegate(), () => (delegation = { ...delegation, basis: 'parent' }), 'PSEUDONYM_TAKEN_OVER'],
  ])('does not read for %s', async (_whom, proof, before, code) => {
    before();
    expect(await post('ticket-1', { input, proof: proof() })).toMatchObject({ code });
    expect(asked).toEqual([]);
  });

  it('does not read under another ticket than the signed one', async () => {
    expect(await post('ticket-2', { input, proof: sign() })).toMatchObject({ code: 'PROOF_MISMATCH', details: { field: 'ticketId' } });
    expect(asked).toEqual([]);
  });

  it.each([
    ['another record than the signed one', { input: { ...input, recordId: 'record-2' }, proof: sign() }, 'PROOF_MISMATCH'],
    [
      'a proof for another operation',
      { input, proof: { ...sign(), statement: { ...sign().statement, transaction: 'MemberNode:Other' } } },
      'PROOF_MISMATCH',
    ],
    ['a signature of something else', { input, proof: { ...sign(), signature: sign({}).signature } }, 'BAD_SIGNATURE'],
    ['no proof', { input }, 'INVALID_REQUEST'],
  ])('does not read for %s', async (_what, body, code) => {
    expect(await post('ticket-1', body)).toMatchObject({ code });
    expect(asked).toEqual([]);
  });
});

describe('POST /v1/access/:ticketId/release:witness', () => {
  const input = { ticketId: 'ticket-1', recordId: 'record-1', releaseId: 'release-1' };
  const asker = (tag: string): StaffProof =>
    signStaffRequest(
      { network: identity, mspId: mspIdSchema.parse('HospitalAMSP'), actorTag: actorTagSchema.parse(tag), privateKey },
      { transaction: signedAs(memberOperations.WitnessRelease), input },
      instantOf(Date.now()),
    );
  let server: NodeServer;
  let running: Record<string, number>;
  let waiting: (() => void)[];

  beforeEach(async () => {
    [running, waiting] = [{}, []];
    server = await newServer();
    const witness = {
      assertAsker: (_operation: unknown, _input: unknown, { statement: { msp, actorTag: tag } }: StaffProof) =>
        Promise.resolve({
          holder: { kind: 'staff', mspId: msp, actorTag: tag },
          memberMspId: tag.startsWith('of-b') ? 'HospitalBMSP' : msp,
        }),
      // waits for a block, as long as the test says
      witness: ({ actorTag: tag }: { actorTag: string }) => {
        running[tag] = (running[tag] ?? 0) + 1;
        return new Promise((_resolve, reject) =>
          waiting.push(() => {
            reject(new DomainError('NOT_FOUND'));
          }),
        );
      },
    };
    addRecordRoutes(server, { identity, witness } as unknown as RecordRouteServices); // nothing else is asked for here
  });
  afterEach(async () => {
    const end = finishAll();
    await server.close();
    clearInterval(end);
  });

  const finishAll = (): NodeJS.Timeout =>
    setInterval(() => {
      for (const each of waiting.splice(0)) each();
    }, 1);
  const ask = async (tag: string): Promise<unknown> => {
    const payload = { input, proof: asker(tag) };
    return (await server.inject({ method: 'POST', url: '/v1/access/ticket-1/release:witness', payload })).json();
  };
  const until = async (holds: () => boolean): Promise<void> => {
    for (let turn = 0; turn < 20_000 && !holds(); turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(holds()).toBe(true);
  };

  it('lets one reader wait for four answers at once, thirty-two more of theirs in turn, and refuses the next', async () => {
    const codes: unknown[] = [];
    const asked = Array.from({ length: 40 }, () => ask('reader-1').then((answer) => codes.push((answer as { code: string }).code)));
    await until(() => codes.length === 4);
    expect(codes).toEqual(Array(4).fill('RATE_LIMITED'));
    expect(running).toEqual({ 'reader-1': 4 });
    const finish = finishAll();
    await Promise.all(asked);
    clearInterval(finish);
    expect(codes.filter((code) => code === 'NOT_FOUND')).toHaveLength(36);
  });

  it('keeps places for other readers while one has filled theirs', async () => {
    const greedy = Array.from({ length: 20 }, () => ask('reader-1'));
    await until(() => running['reader-1'] === 4);
    const other = ask('reader-2');
    await until(() => running['reader-2'] === 1);
    expect(running).toEqual({ 'reader-1': 4, 'reader-2': 1 });
    const finish = finishAll();
    expect(await other).toMatchObject({ code: 'NOT_FOUND' });
    await Promise.all(greedy);
    clearInterval(finish);
  });

  it('lets no more than sixteen readers of one member wait for blocks at once, and always one of another', async () => {
    const asked = Array.from({ length: 40 }, (_none, index) => ask(`reader-${index}`));
    await until(() => waiting.length === 16);
    asked.push(ask('of-b'));
    await until(() => running['of-b'] === 1);
    expect(waiting).toHaveLength(17);
    const finish = finishAll();
    expect(await Promise.all(asked)).toHaveLength(41);
    clearInterval(finish);
  });
});

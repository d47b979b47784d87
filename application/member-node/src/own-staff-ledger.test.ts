import { newPrivateKey, signPatientCommand, signStaffRequest } from '@lianyi/client';
import {
  actorTagSchema,
  DomainError,
  instantOf,
  mspIdSchema,
  newRequest,
  type Proof,
  pseudonymSchema,
  Refused,
  sha256,
  type SignedRequest,
  ticketIdSchema,
  transactions,
} from '@lianyi/domain';
import { OwnStaffLedger } from './own-staff-ledger';

const network = { channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
const mspId = mspIdSchema.parse('HospitalAMSP');
const actorTag = actorTagSchema.parse('somebody');
const input = { ticketId: ticketIdSchema.parse('ticket') };
const asked = { transaction: transactions.CloseTicket, input };
const byStaff = signStaffRequest({ network, mspId, actorTag, privateKey: newPrivateKey() }, asked, instantOf(0));
const patient = { network, pseudonym: pseudonymSchema.parse('psn'), privateKey: newPrivateKey(), nextPrivateKey: newPrivateKey() };
const byPatient = signPatientCommand(patient, asked, instantOf(0));

describe('what a node carries into the ledger for staff', () => {
  let carried: string[];
  /** What the index answers, look by look. */
  let known: (boolean | undefined)[];
  const perform = (request: SignedRequest<never>): Promise<never> => {
    carried.push(request.proof?.kind ?? 'nobody');
    return Promise.reject(new Refused('NOT_FOUND', 'here ends the test', {}));
  };
  const ledger = (): OwnStaffLedger =>
    new OwnStaffLedger(
      // nothing here looks at the answer
      { evaluate: perform, submit: perform },
      {
        isStaffProven: (msp, tag) => Promise.resolve(msp === mspId && tag === actorTag ? known.shift() : undefined),
        waitFor: async (look) => (await look()) ?? (await look()),
      },
    );
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'ok',
      (error: unknown) => (error instanceof DomainError || error instanceof Refused ? error.code : String(error)),
    );
  const submitted = (proof?: Proof): Promise<string> =>
    codeOf(ledger().submit(newRequest(transactions.CloseTicket, input, proof === undefined ? {} : { proof })));
  const evaluated = (proof?: Proof): Promise<string> =>
    codeOf(ledger().evaluate(newRequest(transactions.GetDecision, input, proof === undefined ? {} : { proof })));

  beforeEach(() => {
    carried = [];
    known = [];
  });

  it.each<readonly [string, (boolean | undefined)[]]>([
    ['others have written', [false]],
    ['others have just written, as the next block shows', [undefined, false]],
    ['the organisation has made and others have written over', [false, true]],
  ])('is nothing of somebody whose entry %s', async (_what, looks) => {
    known = [...looks];
    expect(await submitted(byStaff)).toBe('STAFF_UNPROVEN');
    known = [...looks];
    expect(await evaluated(byStaff)).toBe('STAFF_UNPROVEN');
    expect(carried).toEqual([]);
  });

  it.each<readonly [string, (boolean | undefined)[]]>([
    ['the organisation has made', [true]],
    ['was made just now, as the next block shows', [undefined, true]],
  ])('is whatever somebody asks whose entry %s', async (_what, looks) => {
    known = [...looks];
    expect(await submitted(byStaff)).toBe('NOT_FOUND');
    known = [...looks];
    expect(await evaluated(byStaff)).toBe('NOT_FOUND');
    expect(carried).toEqual(['staff', 'staff']);
  });

  it('is nothing of somebody whose entry is in no block that was followed: the index is behind', async () => {
    expect([await submitted(byStaff), await evaluated(byStaff)]).toEqual(['STAFF_UNSEEN', 'STAFF_UNSEEN']);
    expect(carried).toEqual([]);
  });

  it('is what patients command and ask, and certificates', async () => {
    known = [false, false, false, false];
    expect([await submitted(byPatient), await submitted(), await evaluated(byPatient), await evaluated()]).toEqual(
      Array(4).fill('NOT_FOUND'),
    );
    expect(carried).toEqual(['patient', 'nobody', 'patient', 'nobody']);
  });
});

import { assistedStatementFor, coSign, newPrivateKey, publicKeyOf, signPatientCommand, signStaffRequest } from '@lianyi/client';
import {
  type ActorTag,
  actorTagSchema,
  DomainError,
  type ErrorCode,
  hashOfKey,
  instantOf,
  linkIdSchema,
  newRequest,
  type Proof,
  pseudonymSchema,
  Refused,
  type SignedRequest,
  type Staff,
  ticketIdSchema,
  transactions,
} from '@lianyi/domain';
import { OwnStaffLedger } from './own-staff-ledger';
import { type StaffSignature } from './staff-witness';
import { actorTag, mspId, network, staffWith } from './staff.fixture';

const input = { ticketId: ticketIdSchema.parse('ticket') };
const asked = { transaction: transactions.CloseTicket, input };
const byStaff = signStaffRequest({ network, mspId, actorTag, privateKey: newPrivateKey() }, asked, instantOf(0));
const patient = { network, pseudonym: pseudonymSchema.parse('psn'), privateKey: newPrivateKey(), nextPrivateKey: newPrivateKey() };
const byTwo = { transaction: transactions.ListPolicies, input: { pseudonym: patient.pseudonym } };
const byPatient = signPatientCommand(patient, asked, instantOf(0));

describe('what a node carries into the ledger for staff', () => {
  let carried: string[];
  /** What the blocks show of who asks. */
  let entry: Staff;
  let refusal: ErrorCode | undefined;
  let taken: { definition: string } | undefined;
  let asked: string[];
  const perform = (request: SignedRequest<never>): Promise<never> => {
    carried.push(request.proof?.kind ?? 'nobody');
    return Promise.reject(new Refused('NOT_FOUND', 'here ends the test', {}));
  };
  const answer = (how: string) => (): Promise<Staff> => {
    asked.push(how);
    return refusal === undefined ? Promise.resolve(entry) : Promise.reject(new DomainError(refusal));
  };
  const ledger = (): OwnStaffLedger =>
    // nothing here looks at the answer
    new OwnStaffLedger(
      { evaluate: perform, submit: perform },
      { entryOf: answer('shown'), entryOfNow: answer('shown by now') },
      { ownNameTaken: () => Promise.resolve(taken) },
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
    asked = [];
    refusal = taken = undefined;
    entry = staffWith({ roles: ['clinician'] });
  });

  it.each<ErrorCode>(['STAFF_UNPROVEN', 'STAFF_UNSEEN'])('is nothing of somebody who is %s', async (code) => {
    refusal = code;
    expect([await submitted(byStaff), await evaluated(byStaff)]).toEqual([code, code]);
    expect(carried).toEqual([]);
  });

  it('is whatever somebody asks who is shown', async () => {
    expect([await submitted(byStaff), await evaluated(byStaff)]).toEqual(['NOT_FOUND', 'NOT_FOUND']);
    expect(carried).toEqual(['staff', 'staff']);
    expect(asked).toEqual(['shown', 'shown']);
  });

  it('is nothing that the roles do not permit which their organisation has given them', async () => {
    entry = staffWith({ roles: ['hrAdmin'] });
    expect(await submitted(byStaff)).toBe('NOT_PERMITTED');
    expect(carried).toEqual([]);
  });

  it('is what the own hospital alone endorses only if the index has all that the peer has', async () => {
    entry = staffWith({ roles: ['registrar'] });
    const resolve = newRequest(transactions.ResolveIdentifier, { linkId: linkIdSchema.parse('link') }, { proof: byStaff });
    expect(await codeOf(ledger().evaluate(resolve))).toBe('NOT_FOUND');
    expect(asked).toEqual(['shown by now']);
    refusal = 'STAFF_UNSEEN';
    expect(await codeOf(ledger().evaluate(resolve))).toBe('STAFF_UNSEEN');
    expect(carried).toEqual(['staff']);
  });

  describe('while others bear the name of the own hospital', () => {
    const link = linkIdSchema.parse('link');
    const unlink = newRequest(transactions.UnlinkIdentifier, { linkId: link });

    beforeEach(() => {
      taken = { definition: 'hash' };
      entry = staffWith({ roles: ['registrar'] });
    });

    it('is nothing that the own hospital alone endorses, whoever asks', async () => {
      for (const request of [unlink, newRequest(transactions.UnlinkIdentifier, { linkId: link }, { proof: byStaff })])
        expect(await codeOf(ledger().submit(request))).toBe('OWN_NAME_TAKEN');
      const refused = await ledger()
        .submit(unlink)
        .catch((error: unknown) => error);
      expect(refused).toMatchObject({ details: { definition: 'hash' } });
      expect(carried).toEqual([]);
    });

    it('is whatever others judge, and each question', async () => {
      const resolve = newRequest(transactions.ResolveIdentifier, { linkId: link }, { proof: byStaff });
      expect([await submitted(), await submitted(byPatient), await codeOf(ledger().evaluate(resolve))]).toEqual(Array(3).fill('NOT_FOUND'));
      expect(carried).toEqual(['nobody', 'patient', 'staff']);
    });

    it('is everything again when it is set right', async () => {
      taken = undefined;
      expect(await codeOf(ledger().submit(unlink))).toBe('NOT_FOUND');
    });
  });

  describe('for a patient without a device', () => {
    const keys = [newPrivateKey(), newPrivateKey()] as const;
    const tags: [ActorTag, ActorTag] = [actorTag, actorTagSchema.parse('nurse-1')];
    const statement = assistedStatementFor({ network, msp: mspId, pseudonym: patient.pseudonym, actorTags: tags }, byTwo, instantOf(0));
    const proof: Proof = { kind: 'assisted', statement, signatures: [coSign(keys[0], statement), coSign(keys[1], statement)] };
    let entries: readonly Staff[];
    const both = async (): Promise<readonly string[]> => {
      const witness = {
        entryOf: ({ statement: of, publicKey }: StaffSignature): Promise<Staff> => {
          asked.push(`${of.actorTag} ${hashOfKey(publicKey)}`);
          const [entry] = entries;
          entries = entries.slice(1);
          return entry === undefined ? Promise.reject(new DomainError('STAFF_UNPROVEN')) : Promise.resolve(entry);
        },
        entryOfNow: () => Promise.reject(new DomainError('STAFF_UNSEEN')),
      };
      const carrying = new OwnStaffLedger({ evaluate: perform, submit: perform }, witness, { ownNameTaken: () => Promise.resolve(taken) });
      const shown = entries;
      const submitted = await codeOf(carrying.submit(newRequest(transactions.CloseTicket, input, { proof })));
      entries = shown;
      return [submitted, await codeOf(carrying.evaluate(newRequest(transactions.GetDecision, input, { proof })))];
    };
    const [registrar, nurse] = [staffWith({ roles: ['registrar'] }), staffWith({ roles: ['nurse'], actorTag: tags[1] })];

    it('is what two have signed whom the hospital has hired for it', async () => {
      entries = [registrar, nurse];
      expect(await both()).toEqual(['NOT_FOUND', 'NOT_FOUND']);
      const signers = tags.map((tag, index) => `${tag} ${hashOfKey(publicKeyOf(keys[index === 0 ? 0 : 1]))}`);
      expect(asked).toEqual([...signers, ...signers]);
    });

    it.each<readonly [string, readonly Staff[], ErrorCode]>([
      ['neither of whom the hospital has hired', [], 'STAFF_UNPROVEN'],
      ['one of whom the hospital has hired', [registrar], 'STAFF_UNPROVEN'],
      ['who are two registrars', [registrar, staffWith({ roles: ['registrar'], actorTag: tags[1] })], 'SECOND_PERSON_NEEDED'],
      ['who are one', [registrar, registrar], 'SECOND_PERSON_NEEDED'],
      ['who have no such roles', [staffWith({ roles: ['lab'] }), nurse], 'SECOND_PERSON_NEEDED'],
    ])('is nothing of two %s', async (_who, shown, code) => {
      entries = shown;
      expect(await both()).toEqual([code, code]);
      expect(carried).toEqual([]);
    });
  });

  it('is what patients command and ask, and certificates', async () => {
    refusal = 'STAFF_UNPROVEN';
    expect([await submitted(byPatient), await submitted(), await evaluated(byPatient), await evaluated()]).toEqual(
      Array(4).fill('NOT_FOUND'),
    );
    expect(carried).toEqual(['patient', 'nobody', 'patient', 'nobody']);
    expect(asked).toEqual([]);
  });
});

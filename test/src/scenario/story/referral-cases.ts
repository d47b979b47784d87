import { newIdNonce, newPrivateKey, type OpenedDocument, publicKeyOf } from '@lianyi/client';
import {
  type IdNonce,
  mspIdSchema,
  type Output,
  pseudonymSchema,
  recordIdSchema,
  type ReferralId,
  referralIdOf,
  type Request,
  saltSchema,
  transactions,
} from '@lianyi/domain';
import { summaryCommitmentOf } from '@lianyi/domain/deciding';
import { carry, carryingFor } from '../carry';
import { newRecordId, newTicketId } from '../owned-ids';
import { department, fromNow, laboratoryReport, PatientCase } from '../patient-case';
import { type Patient } from '../patient';
import { refusalOf, type StaffMember } from '../scenario';
import { type GetWorld } from './world';

const { AcceptRelationship, AgreeReferral, AnswerReferral, EndReferral, GetReferral, ListReferrals, ListReferralsOfHospital } =
  transactions;
const { ProposeReferral, ProposeRelationship, RegisterPatient, RequestAccess, WithdrawReferral } = transactions;

interface Referred {
  readonly key: { readonly pseudonym: string; readonly referralId: ReferralId; readonly nonce: IdNonce };
  readonly recordIds: readonly string[];
}

function newReferral({ hospital }: StaffMember, pseudonym: string, recordIds: readonly string[]): Referred {
  const nonce = newIdNonce();
  const owner = { mspId: mspIdSchema.parse(hospital.member.mspId), pseudonym: pseudonymSchema.parse(pseudonym), nonce };
  return { key: { pseudonym, referralId: referralIdOf(owner), nonce }, recordIds };
}

type Grantee = ReturnType<typeof department>;
function agreement({ key: { pseudonym, referralId }, recordIds }: Referred, grantee: Grantee): Request<typeof AgreeReferral> {
  const scope = { purposes: ['TREAT' as const], recordIds: [...recordIds], uses: 100, handling: 'view' as const };
  const provision = { provisionId: referralId, effect: 'permit' as const, ...scope, validUntil: fromNow(13 * 86_400_000) };
  return { pseudonym, referralId, grantee, provisions: [provision] };
}

/** Feature 17: a referral opens exactly the listed records, up to another hospital, and the summary comes back. */
export function referralCases(world: GetWorld): void {
  const by = carryingFor(() => world().scenario);
  let known: PatientCase;
  let letter: string;
  let other: string;
  let up: Referred;
  const shortKey = () => ({ pseudonym: up.key.pseudonym, referralId: up.key.referralId });

  beforeAll(async () => {
    const made = await PatientCase.withRecord(world().scenario, world().staff);
    [known, letter] = [made.known, made.recordId];
    other = await known.publish(laboratoryReport);
    up = newReferral(world().staff.clinicianA, known.pseudonym, [letter]);
  });
  const proposing = (): Request<typeof ProposeReferral> => ({
    ...{ ...up.key, department: 'internal', to: known.cardiology, recordIds: [letter], letterId: letter },
    ...{ direction: 'up', urgency: 'urgent' },
  });

  it('opens nothing before the patient agrees, and their word is for exactly what was listed', async () => {
    const { cardiologistB, clinicianA, colleagueB } = world().staff;
    const thief = await PatientCase.related(world().scenario, world().staff);
    expect(await refusalOf(by(cardiologistB, ProposeReferral, proposing()))).toBe('NOT_PERMITTED');
    const strange = { ...proposing(), recordIds: [recordIdSchema.parse('nobodys')], letterId: recordIdSchema.parse('nobodys') };
    expect(await refusalOf(by(clinicianA, ProposeReferral, strange))).toBe('NOT_FOUND');
    await known.byStaff(clinicianA, ProposeReferral, proposing(), 'ReferralProposed', { recordIds: [letter], grantee: known.cardiology });
    expect((await known.ask(cardiologistB, { recordIds: [letter] })).answer).toMatchObject({ reasons: ['NO_CONSENT'] });
    expect(await refusalOf(by(colleagueB, AnswerReferral, { ...shortKey(), answer: { kind: 'accepted' } }))).toBe('ILLEGAL_STATE');
    const asked = agreement(up, known.cardiology);
    const wider = agreement({ ...up, recordIds: [letter, other] }, known.cardiology);
    expect(await refusalOf(known.attempt(AgreeReferral, wider))).toBe('REFERRAL_DIFFERS');
    const elsewhere = agreement(up, department(known.cardiology.mspId, 'neurology'));
    expect(await refusalOf(known.attempt(AgreeReferral, elsewhere))).toBe('REFERRAL_DIFFERS');
    const stolen = thief.patient.signFor(known.pseudonym, AgreeReferral, asked);
    expect(await refusalOf(known.attempt(AgreeReferral, asked, stolen))).toBe('STALE_KEY');
    await known.command(AgreeReferral, asked, 'ReferralAgreed');
    expect(await refusalOf(known.attempt(AgreeReferral, asked))).toBe('ILLEGAL_STATE');
  });

  it('opens the listed records to the department that is asked, and nothing else to it and nothing to others', async () => {
    const { cardiologistB, clinicianC, neurologistB } = world().staff;
    expect((await known.ask(neurologistB, { recordIds: [letter] })).answer).toMatchObject({ reasons: ['NO_CONSENT'] });
    expect((await known.ask(clinicianC, { recordIds: [letter] })).answer).toMatchObject({ reasons: ['NO_CONSENT'] });
    const accepting = { ...shortKey(), answer: { kind: 'accepted' as const } };
    expect(await refusalOf(by(neurologistB, AnswerReferral, accepting))).toBe('NOT_FOUND');
    expect(await refusalOf(by(clinicianC, AnswerReferral, accepting))).toBe('NOT_FOUND');
    const inbox = (await by(cardiologistB, ListReferralsOfHospital, { limit: 10 })).items;
    expect(inbox).toMatchObject([{ referral: { ...shortKey(), letterId: letter }, state: 'agreed' }]);
    expect((await by(neurologistB, ListReferralsOfHospital, { limit: 10 })).items).toEqual([]);
    await known.byStaff(cardiologistB, AnswerReferral, accepting, 'ReferralAnswered');
    const ticket = await known.ask(cardiologistB, { recordIds: [letter, other] });
    expect(ticket.answer).toMatchObject({ decision: 'permit', denied: [{ recordId: other, reasons: ['RECORD_NOT_COVERED'] }] });
    expect(laboratoryReport.equals((await known.read(cardiologistB, ticket, letter)).bytes)).toBe(true);
    await known.byStaff(cardiologistB, AnswerReferral, { ...shortKey(), answer: { kind: 'attended' } }, 'ReferralAnswered');
  });

  it('comes back with a summary under another pseudonym, which the patient opens to the department that has referred', async () => {
    const { scenario, staff } = world();
    const { cardiologistB, clinicianA } = staff;
    const back = await patientAt(scenario.b, staff.registrarB);
    const summary = await publishAt(back.pseudonym);
    const salt = saltSchema.parse('c2FsdC1vZi1hLXN1bW1hcnk');
    const named = { summaryPseudonym: pseudonymSchema.parse(back.pseudonym), summaryRecordId: recordIdSchema.parse(summary), salt };
    const summaryCommitment = summaryCommitmentOf({ referralId: up.key.referralId, ...named });
    await known.byStaff(
      cardiologistB,
      AnswerReferral,
      { ...shortKey(), answer: { kind: 'returned', summaryCommitment } },
      'ReferralAnswered',
    );
    const down = newReferral(cardiologistB, back.pseudonym, [summary]);
    const internal = department(scenario.a.member.mspId, 'internal');
    await by(cardiologistB, ProposeReferral, {
      ...{ ...down.key, department: 'cardiology', to: internal, recordIds: [summary], letterId: summary },
      ...{ direction: 'down', urgency: 'routine' },
    });
    expect(await askAs(clinicianA, back.pseudonym, summary)).toMatchObject({ answer: { reasons: ['NO_CONSENT'] } });
    await carry(scenario.client(scenario.b), AgreeReferral, agreement(down, internal), { sign: back.sign });
    back.roll();
    const { pseudonym, referralId } = down.key;
    await by(clinicianA, AnswerReferral, { pseudonym, referralId, answer: { kind: 'accepted' } });
    expect(laboratoryReport.equals((await readAs(clinicianA, back.pseudonym, summary)).bytes)).toBe(true);
    const withdrawing = { pseudonym, referralId, policy: { grantee: internal, previousVersion: 1 } };
    await carry(scenario.client(scenario.b), WithdrawReferral, withdrawing, { sign: back.sign });
    back.roll();
    expect(await by(clinicianA, GetReferral, { pseudonym, referralId })).toMatchObject({
      state: 'withdrawn',
      word: { word: { kind: 'withdraws' } },
    });
    expect(await askAs(clinicianA, back.pseudonym, summary)).toMatchObject({ answer: { decision: 'deny', reasons: ['POLICY_REVOKED'] } });
  });

  it('is closed by the hospital that has referred, and nothing opens any more', async () => {
    const { cardiologistB, clinicianA } = world().staff;
    expect(await refusalOf(by(cardiologistB, EndReferral, shortKey()))).toBe('NOT_FOUND');
    await known.byStaff(clinicianA, EndReferral, shortKey(), 'ReferralEnded');
    expect((await known.ask(cardiologistB, { recordIds: [letter] })).answer).toMatchObject({ reasons: ['USES_EXHAUSTED'] });
    const ended = agreement(up, known.cardiology);
    expect(await refusalOf(known.attempt(WithdrawReferral, shortKey()))).toBe('ILLEGAL_STATE');
    expect(await refusalOf(known.attempt(AgreeReferral, { ...ended, previousVersion: 1 }))).toBe('ILLEGAL_STATE');
    const { items } = await known.seeOwn(ListReferrals, { pseudonym: known.pseudonym, limit: 10 });
    expect(items).toMatchObject([{ state: 'closed', answered: { answer: { kind: 'returned' } } }]);
    const told = (await known.audit()).map(({ event }) => event).filter((event) => event.startsWith('Referral'));
    expect(told).toEqual([
      ...['ReferralProposed', 'ReferralAgreed', 'ReferralAnswered', 'ReferralAnswered', 'ReferralAnswered'],
      'ReferralEnded',
    ]);
  });

  type Hospital = StaffMember['hospital'];
  /** Somebody whom another hospital has registered, and who has a relationship with it. */
  async function patientAt(hospital: Hospital, registrar: StaffMember): Promise<Patient> {
    const { scenario } = world();
    const patient = scenario.newPatient(hospital);
    await by(registrar, RegisterPatient, patient.registration);
    await by(registrar, ProposeRelationship, { pseudonym: patient.pseudonym, type: 'care' });
    const accepting = { pseudonym: patient.pseudonym, mspId: hospital.member.mspId };
    await carry(scenario.client(hospital), AcceptRelationship, accepting, { sign: patient.sign });
    patient.roll();
    return patient;
  }

  async function publishAt(pseudonym: string): Promise<string> {
    const { network, b, c } = world().scenario;
    const publisher = await world().scenario.hire(b, 'lab');
    const ids = newRecordId(b.member.mspId, pseudonym);
    const document = { network, pseudonym, ...ids, bytes: laboratoryReport, replicaMspIds: [c.member.mspId] };
    const prepared = await publisher.client.prepareRecord(document, publisher.sign);
    await publisher.client.publishRecord(document, prepared, publisher.sign);
    return ids.recordId;
  }

  async function askAs(who: StaffMember, pseudonym: string, recordId: string) {
    const ephemeralKey = newPrivateKey();
    const ticket = newTicketId(who);
    const input = {
      ...{ ...ticket, pseudonym, recordIds: [recordId], purpose: 'TREAT' as const },
      ...{ department: who.department, ephemeralPublicKey: publicKeyOf(ephemeralKey) },
    };
    const answer: Output<typeof RequestAccess> = await by(who, RequestAccess, input);
    return { ticketId: ticket.ticketId, ephemeralKey, answer };
  }

  async function readAs(who: StaffMember, pseudonym: string, recordId: string): Promise<OpenedDocument> {
    const { scenario } = world();
    const { ticketId, ephemeralKey } = await askAs(who, pseudonym, recordId);
    const mspId = mspIdSchema.parse(who.hospital.member.mspId);
    const witness = scenario.witnessFor(who.hospital);
    return who.client.readDocument({ ticketId, ephemeralKey, recordId, pseudonym, network: scenario.network, mspId, witness }, who.sign);
  }
}

import { newSalt } from '@lianyi/client';
import {
  capacityCommitment,
  encodeBase64url,
  type EvidenceOf,
  pseudonymSchema,
  type Request,
  saltSchema,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { carry, carryingFor } from '../carry';
import { Delegate } from '../delegate';
import { fromNow, laboratoryReport, PatientCase, permission } from '../patient-case';
import { refusalOf } from '../scenario';
import { type GetWorld } from './world';

const { AppointDelegate, ConfirmDeath, ConfirmDelegation, ConfirmIncapacity, DeclareIncapacity, DisputeDeath, GetPolicy, GrantPolicy } =
  transactions;
const { ProposeDeath, ProposeDelegation, RevokeDeath, RotateKey } = transactions;

/** Features 51 and 60: a court, the loss of capacity and death, as two of two hospitals say them. */
export function capacityCases(world: GetWorld): void {
  const related = (): Promise<PatientCase> => PatientCase.related(world().scenario, world().staff);
  const act = async <Entry extends TransactionEntry>(delegate: Delegate, entry: Entry, input: NoInfer<Request<Entry>>) => {
    const { result } = await carry(world().scenario.client(world().scenario.a), entry, input, { sign: delegate.sign });
    if (entry.kind === 'submit') delegate.roll();
    return result;
  };
  const granting = (known: PatientCase) => ({ pseudonym: known.pseudonym, grantee: known.cardiology, provisions: [permission()] });
  const term = { scopes: ['consents' as const, 'view' as const], validUntil: fromNow(3_600_000) };
  /** What two have found or were shown, as each of them computes it. */
  const evidenceOf = (known: PatientCase, of: EvidenceOf) =>
    capacityCommitment(of, pseudonymSchema.parse(known.pseudonym), {
      shown: 'seen by both',
      salt: saltSchema.parse(encodeBase64url(newSalt())),
    });
  const byStaff = carryingFor(() => world().scenario);

  it('whom the patient has appointed for that case grants once two clinicians have said so, until the patient speaks again', async () => {
    const { known, recordId } = await PatientCase.withRecord(world().scenario, world().staff);
    const { clinicianA, cardiologistB } = world().staff;
    const delegate = new Delegate(world().scenario.network, known.pseudonym);
    await known.command(AppointDelegate, { ...delegate.offer, ...term, onIncapacity: true }, 'DelegateAppointed');
    expect(await refusalOf(act(delegate, GrantPolicy, granting(known)))).toBe('DELEGATION_NOT_IN_FORCE');
    const found = { pseudonym: known.pseudonym, evidence: evidenceOf(known, 'incapacity') };
    await known.byStaff(clinicianA, DeclareIncapacity, found, 'IncapacityDeclared');
    expect(await refusalOf(byStaff(clinicianA, ConfirmIncapacity, found))).toBe('SECOND_PERSON_NEEDED');
    expect(await refusalOf(act(delegate, GrantPolicy, granting(known)))).toBe('DELEGATION_NOT_IN_FORCE');
    expect(await byStaff(cardiologistB, ConfirmIncapacity, found)).toMatchObject({ state: 'confirmed' });
    await world().scenario.catchUp(world().scenario.a);
    await act(delegate, GrantPolicy, granting(known));
    const ticket = await known.ask(cardiologistB, { recordIds: [recordId] });
    expect(laboratoryReport.equals((await known.read(cardiologistB, ticket, recordId)).bytes)).toBe(true);
    await known.command(RotateKey, { pseudonym: known.pseudonym }, 'KeyRotated');
    const revocation = { pseudonym: known.pseudonym, grantee: known.cardiology, previousVersion: 1 };
    expect(await refusalOf(act(delegate, transactions.RevokePolicy, revocation))).toBe('DELEGATION_NOT_IN_FORCE');
  });

  it('whom a court has named acts once a registrar of another hospital has confirmed it, and the patient dismisses them', async () => {
    const known = await related();
    const { registrarA, registrarB } = world().staff;
    const delegate = new Delegate(world().scenario.network, known.pseudonym);
    const evidence = evidenceOf(known, 'court');
    const decision = { ...delegate.offer, ...term, basis: 'court' as const, evidence };
    await byStaff(registrarA, ProposeDelegation, decision);
    const key = { pseudonym: known.pseudonym, delegationId: delegate.delegationId };
    expect(await refusalOf(act(delegate, GrantPolicy, granting(known)))).toBe('DELEGATION_NOT_IN_FORCE');
    expect(await refusalOf(byStaff(registrarA, ConfirmDelegation, decision))).toBe('SECOND_PERSON_NEEDED');
    expect(await refusalOf(byStaff(registrarB, ConfirmDelegation, { ...decision, evidence: evidenceOf(known, 'court') }))).toBe(
      'HASH_MISMATCH',
    );
    expect(await refusalOf(byStaff(registrarB, ConfirmDelegation, { ...decision, scopes: ['view'] }))).toBe('DELEGATION_DIFFERS');
    await byStaff(registrarB, ConfirmDelegation, decision);
    await world().scenario.catchUp(world().scenario.a);
    await act(delegate, GrantPolicy, granting(known));
    expect(await known.seeOwn(GetPolicy, { pseudonym: known.pseudonym, grantee: known.cardiology })).toMatchObject({ state: 'active' });
    await known.command(transactions.EndDelegation, key, 'DelegationEnded');
    expect(await refusalOf(act(delegate, transactions.RotateKey, { pseudonym: known.pseudonym }))).toBe('DELEGATION_NOT_IN_FORCE');
  });

  it('nobody commands in the name of who has died, what was permitted is read, and two others take a wrong record back', async () => {
    const { known, recordId } = await PatientCase.granted(world().scenario, world().staff);
    const { scenario, staff } = world();
    const said = { pseudonym: known.pseudonym, evidence: evidenceOf(known, 'death') };
    await byStaff(staff.registrarA, ProposeDeath, said);
    expect(await refusalOf(byStaff(staff.registrarA, ConfirmDeath, said))).toBe('SECOND_PERSON_NEEDED');
    await byStaff(staff.registrarB, ConfirmDeath, said);
    await scenario.catchUp(scenario.a);
    expect(await refusalOf(known.command(RotateKey, { pseudonym: known.pseudonym }, 'KeyRotated'))).toBe('PATIENT_DECEASED');
    const ticket = await known.ask(staff.cardiologistB, { recordIds: [recordId] });
    expect(laboratoryReport.equals((await known.read(staff.cardiologistB, ticket, recordId)).bytes)).toBe(true);
    const alive = { pseudonym: known.pseudonym, evidence: evidenceOf(known, 'life') };
    expect(await refusalOf(byStaff(staff.registrarA, DisputeDeath, alive))).toBe('SECOND_PERSON_NEEDED');
    const [colleagueA, registrarC] = [await scenario.hire(scenario.a, 'registrar'), await scenario.hire(scenario.c, 'registrar')];
    await byStaff(colleagueA, DisputeDeath, alive);
    expect(await refusalOf(byStaff(staff.registrarB, RevokeDeath, alive))).toBe('SECOND_PERSON_NEEDED');
    await byStaff(registrarC, RevokeDeath, alive);
    await scenario.catchUp(scenario.a);
    await known.command(RotateKey, { pseudonym: known.pseudonym }, 'KeyRotated');
  });
}

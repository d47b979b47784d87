import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { type EventName, idNonceSchema, mspIdSchema, pseudonymSchema, recordIdOf, transactions } from '@lianyi/domain';
import { carry } from '../carry';
import { laboratoryReport, PatientCase, permission } from '../patient-case';
import { newRecordId } from '../owned-ids';
import { refusalOf, type StaffMember } from '../scenario';
import { type GetWorld } from './world';

const { GetRecord, GetRecordVersion, GetRelationship, ProposeTermination, ResumeRelationship, SuspendRelationship, TerminateRelationship } =
  transactions;

const refusedSchema = z.object({ error: z.object({ code: z.string(), repeatWith: z.string() }) });
const publishedSchema = z.object({ result: z.object({ recordId: z.string() }) });

/** Features 12 and 18: nothing is published without an active relationship, and nothing but the patient closes what they grant. */
export function relationshipCases(world: GetWorld): void {
  const key = (known: PatientCase) => ({ pseudonym: known.pseudonym, mspId: known.custodian });
  const state = async (known: PatientCase): Promise<string> => (await known.see(GetRelationship, key(known))).state;
  const granted = () => PatientCase.granted(world().scenario, world().staff);

  it.each(['registered', 'proposed'] as const)('refuses to publish for a patient who is only %s', async (stage) => {
    const known = PatientCase.unknown(world().scenario, world().staff);
    await known.register();
    if (stage === 'proposed') await known.propose();
    const ids = known.newRecordId();
    expect(await refusalOf(known.publish(laboratoryReport, ids))).toBe('ILLEGAL_STATE');
    const { recordId } = ids;
    expect(await refusalOf(known.see(GetRecord, { pseudonym: known.pseudonym, recordId }))).toBe('NOT_FOUND');
  });

  it.each<readonly [string, 'patient' | 'registrar']>([
    ['the patient', 'patient'],
    ['the hospital', 'registrar'],
  ])('goes on with a publication that %s’s suspension had stopped, once it is resumed, with the same id', async (_who, side) => {
    const known = await PatientCase.related(world().scenario, world().staff);
    const { registrarA, cardiologistB } = world().staff;
    const by = (entry: typeof SuspendRelationship | typeof ResumeRelationship, event: EventName): Promise<void> =>
      side === 'patient' ? known.command(entry, key(known), event) : known.byStaff(registrarA, entry, key(known), event);
    const ids = known.newRecordId();
    await by(SuspendRelationship, 'RelationshipSuspended');
    // twice: the key is kept before the anchor is refused, and kept once more
    expect(await refusalOf(known.publish(laboratoryReport, ids))).toBe('ILLEGAL_STATE');
    expect(await refusalOf(known.publish(laboratoryReport, ids))).toBe('ILLEGAL_STATE');
    await by(ResumeRelationship, 'RelationshipResumed');
    const recordId = await known.publish(laboratoryReport, ids);
    await known.grant([permission()]);
    const ticket = await known.ask(cardiologistB, { recordIds: [recordId] });
    expect(laboratoryReport.equals((await known.read(cardiologistB, ticket, recordId)).bytes)).toBe(true);
  });

  it('publishes another document under an id whose first one was stopped, and that one opens', async () => {
    const known = await PatientCase.related(world().scenario, world().staff);
    const { cardiologistB } = world().staff;
    const ids = known.newRecordId();
    const other = Buffer.concat([laboratoryReport, Buffer.from('\n')]);
    await known.command(SuspendRelationship, key(known), 'RelationshipSuspended');
    expect(await refusalOf(known.publish(other, ids))).toBe('ILLEGAL_STATE');
    await known.command(ResumeRelationship, key(known), 'RelationshipResumed');
    const recordId = await known.publish(laboratoryReport, ids);
    await known.grant([permission()]);
    const ticket = await known.ask(cardiologistB, { recordIds: [recordId] });
    expect(laboratoryReport.equals((await known.read(cardiologistB, ticket, recordId)).bytes)).toBe(true);
  });

  it('goes on with a publication whose relationship was only proposed when it was first tried', async () => {
    const known = PatientCase.unknown(world().scenario, world().staff);
    await known.register();
    await known.propose();
    const ids = known.newRecordId();
    expect(await refusalOf(known.publish(laboratoryReport, ids))).toBe('ILLEGAL_STATE');
    await known.accept();
    const recordId = await known.publish(laboratoryReport, ids);
    expect(await known.see(GetRecord, { pseudonym: known.pseudonym, recordId })).toMatchObject({ version: 1, state: 'current' });
  });

  it('amends a record after the amendment was stopped', async () => {
    const { known, recordId } = await granted();
    const { labA } = world().staff;
    const amends = { previousVersion: 1, operation: 'amend' as const };
    const { network } = world().scenario;
    const document = { network, pseudonym: known.pseudonym, recordId, bytes: Buffer.concat([laboratoryReport, Buffer.from('\n')]), amends };
    const amended = async (): Promise<unknown> =>
      labA.client.publishRecord(document, await labA.client.prepareRecord(document, labA.sign), labA.sign);
    await known.command(SuspendRelationship, key(known), 'RelationshipSuspended');
    expect(await refusalOf(amended())).toBe('ILLEGAL_STATE');
    await known.command(ResumeRelationship, key(known), 'RelationshipResumed');
    await amended();
    expect(await known.see(GetRecord, { pseudonym: known.pseudonym, recordId })).toMatchObject({ version: 2 });
  });

  it('is not accepted by the hospital that proposed it', async () => {
    const known = PatientCase.unknown(world().scenario, world().staff);
    await known.register();
    await known.propose();
    const { registrarA } = world().staff;
    const accepted = carry(registrarA.client, transactions.AcceptRelationship, key(known), { sign: registrarA.sign });
    expect(await refusalOf(accepted)).toBe('NOT_PERMITTED');
    expect(await state(known)).toBe('proposed');
  });

  it('stays rejected once the patient has rejected it', async () => {
    const known = PatientCase.unknown(world().scenario, world().staff);
    await known.register();
    await known.propose();
    await known.command(transactions.RejectRelationship, key(known), 'RelationshipRejected');
    expect(await refusalOf(known.attempt(transactions.AcceptRelationship, key(known)))).toBe('ILLEGAL_STATE');
    expect(await state(known)).toBe('rejected');
  });

  it('denies while the patient has suspended it, lets only them resume it, and permits again', async () => {
    const { known, recordId } = await granted();
    const { registrarA, cardiologistB } = world().staff;
    await known.command(SuspendRelationship, key(known), 'RelationshipSuspended');
    const denied = await known.ask(cardiologistB, { recordIds: [recordId] });
    expect(denied.answer).toMatchObject({ decision: 'deny', reasons: ['RELATIONSHIP_NOT_ACTIVE'] });
    const byHospital = carry(registrarA.client, ResumeRelationship, key(known), { sign: registrarA.sign });
    expect(await refusalOf(byHospital)).toBe('NOT_PERMITTED');
    expect(await known.see(GetRelationship, key(known))).toMatchObject({ state: 'suspended', suspendedBy: 'patient' });
    await known.command(ResumeRelationship, key(known), 'RelationshipResumed');
    expect((await known.ask(cardiologistB, { recordIds: [recordId] })).answer.decision).toBe('permit');
  });

  it('closes tickets that are already open when the patient suspends it', async () => {
    const { known, recordId } = await granted();
    const { cardiologistB } = world().staff;
    const ticket = await known.ask(cardiologistB, { recordIds: [recordId] });
    await known.command(SuspendRelationship, key(known), 'RelationshipSuspended');
    expect(await refusalOf(known.read(cardiologistB, ticket, recordId))).toBe('TICKET_CLOSED');
  });

  it('keeps what the patient grants readable while the hospital suspends it, closes its own default and publishes nothing', async () => {
    const { known, recordId } = await granted();
    const { registrarA, cardiologistB, clinicianA } = world().staff;
    const own = await known.ask(clinicianA, { recordIds: [recordId] });
    await known.byStaff(registrarA, SuspendRelationship, key(known), 'RelationshipSuspended');
    const ticket = await known.ask(cardiologistB, { recordIds: [recordId] });
    expect(Buffer.from((await known.read(cardiologistB, ticket, recordId)).bytes)).toEqual(laboratoryReport);
    expect(await refusalOf(known.read(clinicianA, own, recordId))).toBe('TICKET_CLOSED');
    const denied = await known.ask(clinicianA, { recordIds: [recordId] });
    expect(denied.answer).toMatchObject({ decision: 'deny', reasons: ['RELATIONSHIP_NOT_ACTIVE'] });
    expect(await refusalOf(known.publish(laboratoryReport))).toBe('ILLEGAL_STATE');
  });

  it('is ended by no registrar alone, and after its end what the patient grants stays readable, until they close it', async () => {
    const { known, recordId } = await granted();
    const { registrarA, cardiologistB, clinicianA } = world().staff;
    const end = (who: StaffMember) => carry(who.client, TerminateRelationship, key(known), { sign: who.sign });
    expect(await refusalOf(end(registrarA))).toBe('QUORUM');
    await known.byStaff(registrarA, ProposeTermination, key(known), 'RelationshipTerminationProposed');
    expect(await refusalOf(end(registrarA))).toBe('QUORUM');
    expect(await state(known)).toBe('active');
    const second = await world().scenario.hire(world().scenario.a, 'registrar');
    await known.byStaff(second, TerminateRelationship, key(known), 'RelationshipTerminated');
    expect(await state(known)).toBe('terminated');
    const ticket = await known.ask(cardiologistB, { recordIds: [recordId] });
    expect(Buffer.from((await known.read(cardiologistB, ticket, recordId)).bytes)).toEqual(laboratoryReport);
    expect((await known.ask(clinicianA, { recordIds: [recordId] })).answer.decision).toBe('deny');
    await known.command(SuspendRelationship, key(known), 'RelationshipSuspended');
    const denied = await known.ask(cardiologistB, { recordIds: [recordId] });
    expect(denied.answer).toMatchObject({ decision: 'deny', reasons: ['RELATIONSHIP_NOT_ACTIVE'] });
  });

  it('keeps record, version and audit readable after its end, grants readable, and publishes nothing more', async () => {
    const { known, recordId } = await granted();
    const { cardiologistB, clinicianA } = world().staff;
    await known.command(TerminateRelationship, key(known), 'RelationshipTerminated');
    expect((await known.ask(cardiologistB, { recordIds: [recordId] })).answer.decision).toBe('permit');
    expect((await known.ask(clinicianA, { recordIds: [recordId] })).answer.decision).toBe('deny');
    await known.revoke();
    expect((await known.ask(cardiologistB, { recordIds: [recordId] })).answer.decision).toBe('deny');
    expect(await refusalOf(known.publish(laboratoryReport))).toBe('ILLEGAL_STATE');
    expect(await refusalOf(known.attempt(ResumeRelationship, key(known)))).toBe('ILLEGAL_STATE');
    expect(await state(known)).toBe('terminated');
    expect(await known.see(GetRecord, { pseudonym: known.pseudonym, recordId })).toMatchObject({ recordId, state: 'current' });
    expect(await known.see(GetRecordVersion, { pseudonym: known.pseudonym, recordId, version: 1 })).toMatchObject({ operation: 'anchor' });
    expect((await known.audit()).map(({ txId }) => txId)).toEqual(known.truth.map(({ txId }) => txId));
  });

  it('goes on with a publication that the ledger refused, once it may be published', async () => {
    const known = await PatientCase.related(world().scenario, world().staff);
    await known.command(SuspendRelationship, key(known), 'RelationshipSuspended');
    const ids = known.newRecordId();
    expect(await refusalOf(known.publish(laboratoryReport, ids))).toBe('ILLEGAL_STATE');
    await known.command(ResumeRelationship, key(known), 'RelationshipResumed');
    expect(await known.publish(laboratoryReport, ids)).toBe(ids.recordId);
    expect(await refusalOf(known.publish(laboratoryReport, ids))).toBe('ALREADY_EXISTS');
  });

  it('is told on the command line with which nonce a refused publication goes on', async () => {
    const known = await PatientCase.related(world().scenario, world().staff);
    const { acts, consortium } = world().scenario;
    const file = consortium.data.file('refused.json');
    writeFileSync(file, laboratoryReport);
    const publish = (...more: readonly string[]) =>
      acts.commands.run(world().staff.labA.profile, ['record', 'publish', '--pseudonym', known.pseudonym, ...more, '--', file]);
    await known.command(SuspendRelationship, key(known), 'RelationshipSuspended');
    const { error } = refusedSchema.parse((await publish()).json);
    expect(error.code).toBe('ILLEGAL_STATE');
    await known.command(ResumeRelationship, key(known), 'RelationshipResumed');
    const [, nonce] = error.repeatWith.split(' ');
    const { result } = publishedSchema.parse((await publish('--nonce', nonce ?? '')).json);
    const owner = { mspId: mspIdSchema.parse(known.custodian), pseudonym: pseudonymSchema.parse(known.pseudonym) };
    expect(result.recordId).toBe(recordIdOf({ ...owner, nonce: idNonceSchema.parse(nonce) }));
  });

  it('denies a retracted record under a grant that covers it', async () => {
    const { known, recordId } = await granted();
    const { recordAdminA, cardiologistB } = world().staff;
    const retraction = { pseudonym: known.pseudonym, recordId, previousVersion: 1, reason: 'entered-in-error' as const };
    await known.byStaff(recordAdminA, transactions.RetractRecord, retraction, 'RecordRetracted', { recordIds: [recordId] });
    const denied = await known.ask(cardiologistB, { recordIds: [recordId] });
    expect(denied.answer).toMatchObject({ decision: 'deny', reasons: ['RECORD_RETRACTED'] });
    expect(await known.see(GetRecord, { pseudonym: known.pseudonym, recordId })).toMatchObject({ state: 'retracted' });
  });

  it('lets nobody but the custodian publish for its patient', async () => {
    const known = await PatientCase.related(world().scenario, world().staff);
    await known.grant([permission()]);
    const labB = await world().scenario.hire(world().scenario.b, 'lab');
    const ids = newRecordId(world().scenario.b.member.mspId, known.pseudonym);
    const { recordId } = ids;
    const document = { network: world().scenario.network, pseudonym: known.pseudonym, ...ids, bytes: laboratoryReport };
    const prepared = await labB.client.prepareRecord(document, labB.sign);
    expect(await refusalOf(labB.client.publishRecord(document, prepared, labB.sign))).toBe('ILLEGAL_STATE');
    expect(await refusalOf(known.see(GetRecord, { pseudonym: known.pseudonym, recordId }))).toBe('NOT_FOUND');
  });
}

import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { agreedText, checkEvidence } from '@lianyi/client/consent-wording';
import { granteeSchema, transactions, newRequest } from '@lianyi/domain';
import { carry } from '../carry';
import { department, laboratoryReport, PatientCase, permission } from '../patient-case';
import { newId, refusalOf, type StaffMember } from '../scenario';
import { type GetWorld } from './world';
import { newTicketId } from '../owned-ids';

const { GetDecision } = transactions;

/** Features 30, 52, 53, 57, 61, 62, 64, 67: who is permitted, who is denied, who may not even ask. */
export function accessCases(world: GetWorld): void {
  const granted = (twist: Parameters<typeof permission>[0] = {}) => PatientCase.granted(world().scenario, world().staff, twist);
  const withRecord = () => PatientCase.withRecord(world().scenario, world().staff);

  it('denies before any grant, commits the denial with its reason, and opens nothing for it', async () => {
    const { known, recordId } = await withRecord();
    const { cardiologistB } = world().staff;
    const ticket = await known.ask(cardiologistB, { recordIds: [recordId] });
    const written = await known.see(GetDecision, { ticketId: ticket.ticketId });
    expect(written).toMatchObject({ decision: 'deny', reasons: ['NO_CONSENT'], recordIds: [recordId], purpose: 'TREAT' });
    expect(written.actor).toMatchObject({ mspId: world().scenario.b.member.mspId, actorTag: cardiologistB.actorTag });
    expect(await refusalOf(known.read(cardiologistB, ticket, recordId))).toBe('TICKET_CLOSED');
  });

  it('permits under the grant, naming its provision and version, and the document comes back byte for byte', async () => {
    const { known, recordId } = await withRecord();
    const { cardiologistB } = world().staff;
    const provision = permission();
    await known.grant([provision]);
    const ticket = await known.ask(cardiologistB, { recordIds: [recordId] });
    expect(await known.see(GetDecision, { ticketId: ticket.ticketId })).toMatchObject({
      decision: 'permit',
      state: 'open',
      provisionIds: [provision.provisionId],
      grantVersions: [{ grantee: known.cardiology, version: 1 }],
      recordVersions: [1],
      custodianMspId: known.custodian,
    });
    expect(laboratoryReport.equals((await known.read(cardiologistB, ticket, recordId)).bytes)).toBe(true);
  });

  it('denies another department and another hospital what it permits to cardiology of B', async () => {
    const { known, recordId } = await granted();
    for (const who of [world().staff.neurologistB, world().staff.clinicianC]) {
      const { ticketId } = await known.ask(who, { recordIds: [recordId] });
      expect(await known.see(GetDecision, { ticketId })).toMatchObject({ decision: 'deny', reasons: ['NO_CONSENT'] });
    }
  });

  it('refuses a clinician who claims a department they are not of, and commits nothing', async () => {
    const { known, recordId } = await granted();
    const ticket = newTicketId(world().staff.neurologistB);
    const asking = known.ask(world().staff.neurologistB, { recordIds: [recordId], department: 'cardiology', ticket });
    expect(await refusalOf(asking)).toBe('NOT_PERMITTED');
    expect(await refusalOf(known.see(GetDecision, { ticketId: ticket.ticketId }))).toBe('NOT_FOUND');
  });

  it('lets a nurse read what is granted to the department, and nothing once it is revoked', async () => {
    const { known, recordId } = await granted();
    const { nurseB } = world().staff;
    const ticket = await known.ask(nurseB, { recordIds: [recordId] });
    expect(ticket.answer.decision).toBe('permit');
    expect(laboratoryReport.equals((await known.read(nurseB, ticket, recordId)).bytes)).toBe(true);
    await known.revoke();
    expect((await known.ask(nurseB, { recordIds: [recordId] })).answer).toMatchObject({ decision: 'deny' });
  });

  it.each(['registrarB', 'recordAdminA'] as const)('refuses %s to ask at all, and commits nothing', async (who) => {
    const { known, recordId } = await granted();
    const ticket = newTicketId(world().staff[who]);
    const asking = known.ask(world().staff[who], { recordIds: [recordId], department: 'cardiology', ticket });
    expect(await refusalOf(asking)).toBe('NOT_PERMITTED');
    expect(await refusalOf(known.see(GetDecision, { ticketId: ticket.ticketId }))).toBe('NOT_FOUND');
  });

  it('denies research to a clinician even under a grant for any purpose', async () => {
    const { known, recordId } = await granted({ purposes: 'any' });
    const { ticketId } = await known.ask(world().staff.cardiologistB, { recordIds: [recordId], purpose: 'HRESCH' });
    expect(await known.see(GetDecision, { ticketId })).toMatchObject({ decision: 'deny', reasons: ['ROLE_MAY_NOT_CLAIM_PURPOSE'] });
  });

  it('denies a purpose the patient did not grant', async () => {
    const { known, recordId } = await granted();
    const { ticketId } = await known.ask(world().staff.cardiologistB, { recordIds: [recordId], purpose: 'PATRQT' });
    expect(await known.see(GetDecision, { ticketId })).toMatchObject({ decision: 'deny', reasons: ['PURPOSE_NOT_ALLOWED'] });
  });

  it('denies one named person under a grant that covers their whole department, and permits the colleague', async () => {
    const { known, recordId } = await granted();
    const { cardiologistB, colleagueB } = world().staff;
    const person = granteeSchema.parse({ kind: 'person', mspId: world().scenario.b.member.mspId, name: cardiologistB.actorTag });
    const { validFrom } = permission();
    await known.grant([{ provisionId: newId(), effect: 'deny', purposes: 'any', validFrom }], person);
    const { ticketId } = await known.ask(cardiologistB, { recordIds: [recordId] });
    expect(await known.see(GetDecision, { ticketId })).toMatchObject({ decision: 'deny', reasons: ['DENIED_BY_PROVISION'] });
    expect((await known.ask(colleagueB, { recordIds: [recordId] })).answer.decision).toBe('permit');
  });

  it('tells the patient and the privacy officer of A which provision denies, and nobody else', async () => {
    const { known, recordId } = await granted();
    const { cardiologistB, clinicianA } = world().staff;
    const { scenario } = world();
    const provisionId = newId();
    const person = granteeSchema.parse({ kind: 'person', mspId: scenario.b.member.mspId, name: cardiologistB.actorTag });
    await known.grant([{ provisionId, effect: 'deny', purposes: 'any', validFrom: permission().validFrom }], person);
    const asker = { mspId: cardiologistB.hospital.member.mspId, actorTag: cardiologistB.actorTag, department: 'cardiology' };
    const asked = { pseudonym: known.pseudonym, question: { recordId, purpose: 'TREAT' as const, asker } };
    const byStaff = (who: StaffMember) => carry(who.client, transactions.ExplainAccess, asked, { sign: who.sign });
    const [officerA, officerB] = await Promise.all([
      scenario.hire(scenario.a, 'privacyOfficer'),
      scenario.hire(scenario.b, 'privacyOfficer'),
    ]);
    const forbiddenBy = [{ provisionId, grantVersion: { grantee: person, version: 1 } }];
    const explained = {
      decision: { effect: 'deny', reasons: ['DENIED_BY_PROVISION'] },
      sources: expect.arrayContaining([expect.objectContaining({ source: 'prohibitions', forbiddenBy })]) as unknown,
    };
    expect(await known.seeOwn(transactions.ExplainAccess, asked)).toMatchObject(explained);
    await scenario.catchUp(scenario.a);
    expect((await byStaff(officerA)).result).toMatchObject(explained);
    for (const who of [officerB, cardiologistB, clinicianA]) expect(await refusalOf(byStaff(who))).toBe('NOT_PERMITTED');
    expect((await known.ask(cardiologistB, { recordIds: [recordId] })).answer).toMatchObject({
      reasons: ['DENIED_BY_PROVISION'],
      provisionIds: [],
    });
  });

  it('keeps what the patient was shown with the version that it is of, and the text is made of that version again', async () => {
    const { known } = await withRecord();
    const { pseudonym } = known;
    const provisions = [{ provisionId: newId(), effect: 'deny' as const, purposes: 'any' as const }];
    const asked = { pseudonym, grantee: known.cardiology, provisions };
    const { text, evidence } = agreedText(transactions.GrantPolicy.request.parse(asked), 'zh', 'wallet');
    const onPaper = { ...asked, evidence: { ...evidence, ceremony: 'paper' as const } };
    expect(await refusalOf(known.attempt(transactions.GrantPolicy, onPaper))).toBe('INVALID_REQUEST');
    await known.command(transactions.GrantPolicy, { ...asked, evidence }, 'PolicyGranted');
    await known.revoke();
    const key = { pseudonym, grantee: known.cardiology };
    expect(await known.seeOwn(transactions.GetPolicy, key)).not.toHaveProperty('evidence');
    const [first] = (await known.seeOwn(transactions.ListPolicyVersions, { ...key, limit: 10 })).items;
    if (first === undefined) throw new Error('the version that was granted is gone');
    expect(checkEvidence(first)).toEqual({ outcome: 'agreed', text });
    expect(checkEvidence({ ...first, grantee: department(known.custodian, 'internal') })).toMatchObject({ outcome: 'differs' });
  });

  it('denies the custodian’s own clinician once the patient forbids it, and permits by default before', async () => {
    const { known, recordId } = await withRecord();
    const { clinicianA } = world().staff;
    const first = await known.ask(clinicianA, { recordIds: [recordId] });
    expect(await known.see(GetDecision, { ticketId: first.ticketId })).toMatchObject({ decision: 'permit', provisionIds: ['default'] });
    const { validFrom } = permission();
    const grantee = department(known.custodian, 'internal');
    await known.grant([{ provisionId: newId(), effect: 'deny', purposes: 'any', validFrom }], grantee);
    expect((await known.ask(clinicianA, { recordIds: [recordId] })).answer).toMatchObject({ reasons: ['DENIED_BY_PROVISION'] });
  });

  it('denies a class, a level or a record the grant does not name', async () => {
    const { known, recordId } = await granted({ classes: ['prescription'] });
    const { cardiologistB } = world().staff;
    expect((await known.ask(cardiologistB, { recordIds: [recordId] })).answer).toMatchObject({ reasons: ['CLASS_NOT_COVERED'] });
    const grantee = known.cardiology;
    const amendment = { pseudonym: known.pseudonym, grantee };
    const byLevel = { ...amendment, previousVersion: 1, provisions: [permission({ maxDataLevel: 1 })] };
    await known.command(transactions.AmendPolicy, byLevel, 'PolicyAmended');
    expect((await known.ask(cardiologistB, { recordIds: [recordId] })).answer).toMatchObject({ reasons: ['LEVEL_NEEDS_APPROVAL'] });
    const byRecord = { ...amendment, previousVersion: 2, provisions: [permission({ recordIds: [newId()] })] };
    await known.command(transactions.AmendPolicy, byRecord, 'PolicyAmended');
    expect((await known.ask(cardiologistB, { recordIds: [recordId] })).answer).toMatchObject({ reasons: ['RECORD_NOT_COVERED'] });
    const replaced = await known.seeOwn(transactions.ListPolicyVersions, { ...amendment, limit: 10 });
    expect(replaced.items.map(({ version }) => version)).toEqual([1, 2]);
    expect(replaced.items.map(({ provisions }) => provisions)).toMatchObject([[{ classes: ['prescription'] }], [{ maxDataLevel: 1 }]]);
  });

  it('decides on each of several records, opens those that are permitted, and closes those of a consent that ends', async () => {
    const { known, recordId } = await withRecord();
    const [other, third] = [await known.publish(laboratoryReport), await known.publish(laboratoryReport)];
    const { cardiologistB } = world().staff;
    const person = granteeSchema.parse({ kind: 'person', mspId: world().scenario.b.member.mspId, name: cardiologistB.actorTag });
    await known.grant([permission({ recordIds: [recordId] })]);
    await known.grant([permission({ recordIds: [third] })], person);
    const nobodys = newId();
    const ticket = await known.ask(cardiologistB, { recordIds: [other, recordId, nobodys, third] });
    expect(ticket.answer).toMatchObject({
      decision: 'permit',
      denied: [
        { recordId: other, reasons: ['RECORD_NOT_COVERED'] },
        { recordId: nobodys, reasons: ['NO_CONSENT'] },
      ],
    });
    expect(laboratoryReport.equals((await known.read(cardiologistB, ticket, third)).bytes)).toBe(true);
    await known.revoke(1, person);
    expect(await refusalOf(known.read(cardiologistB, ticket, third))).toBe('TICKET_CLOSED');
    expect(await refusalOf(known.read(cardiologistB, ticket, other))).toBe('TICKET_CLOSED');
    expect(laboratoryReport.equals((await known.read(cardiologistB, ticket, recordId)).bytes)).toBe(true);
    const lines = (await known.audit()).filter(({ event }) => event === 'AccessPermitted');
    expect(lines).toMatchObject([{ recordIds: [recordId, third], denied: [{ recordId: other }, { recordId: nobodys }] }]);
  });

  it('answers for a pseudonym or a record that does not exist exactly as for one without consent', async () => {
    const { known } = await granted();
    const { neurologistB } = world().staff;
    const nobody = PatientCase.unknown(world().scenario, world().staff);
    const answers = [await known.ask(neurologistB, { recordIds: [newId()] }), await nobody.ask(neurologistB, { recordIds: [newId()] })].map(
      ({ answer: { decision, reasons, provisionIds } }) => ({ decision, reasons, provisionIds }),
    );
    expect(answers).toEqual(Array(2).fill({ decision: 'deny', reasons: ['NO_CONSENT'], provisionIds: [] }));
  });

  it('denies after a revocation, and names it', async () => {
    const { known, recordId } = await granted();
    await known.revoke();
    const { ticketId } = await known.ask(world().staff.cardiologistB, { recordIds: [recordId] });
    expect(await known.see(GetDecision, { ticketId })).toMatchObject({ decision: 'deny', reasons: ['POLICY_REVOKED'] });
  });

  it('answers the very same request with the same ticket, and refuses another under its id', async () => {
    const { known, recordId } = await granted();
    const { cardiologistB, colleagueB } = world().staff;
    const ticket = newTicketId(cardiologistB);
    const { ticketId } = ticket;
    const input = {
      ...{ ...ticket, pseudonym: known.pseudonym, recordIds: [recordId], purpose: 'TREAT' as const },
      ...{ department: 'cardiology', ephemeralPublicKey: publicKeyOf(newPrivateKey()) },
    };
    const first = await carry(cardiologistB.client, transactions.RequestAccess, input, { sign: cardiologistB.sign });
    const again = await carry(cardiologistB.client, transactions.RequestAccess, input, { sign: cardiologistB.sign });
    expect(again.result).toEqual(first.result);
    expect(await refusalOf(known.ask(colleagueB, { recordIds: [recordId], ticket }))).toBe('ID_MISMATCH');
    expect(await refusalOf(known.ask(cardiologistB, { recordIds: [recordId], ticket }))).toBe('ALREADY_EXISTS');
    expect((await known.audit()).filter((line) => line.ticketId === ticketId).map(({ txId }) => txId)).toEqual([first.transactionId]);
  });

  describe('staff', () => {
    const hired = (): Promise<StaffMember> => world().scenario.hire(world().scenario.b, 'clinician', 'cardiology');
    const administrator = () => world().scenario.ledger(world().scenario.b, 'Admin');

    it('is refused in the next transaction after the kill switch, and their open ticket is dead', async () => {
      const [{ known, recordId }, leaver] = await Promise.all([granted(), hired()]);
      const ticket = await known.ask(leaver, { recordIds: [recordId] });
      expect(ticket.answer.decision).toBe('permit');
      await (await administrator()).submit(newRequest(transactions.RevokeStaff, { actorTag: leaver.actorTag }));
      const later = newTicketId(leaver);
      expect(await refusalOf(known.ask(leaver, { recordIds: [recordId], ticket: later }))).toBe('STAFF_REVOKED');
      expect(await refusalOf(known.see(GetDecision, { ticketId: later.ticketId }))).toBe('NOT_FOUND');
      expect(await refusalOf(known.read(leaver, ticket, recordId))).toBe('STAFF_REVOKED');
      const { b, a } = world().scenario;
      const release = { method: 'POST', path: '/v1/keys:release', body: JSON.stringify({ ticketId: ticket.ticketId, recordId }) } as const;
      expect(await world().scenario.askMember(b, a, release)).toBe('TICKET_CLOSED');
    });

    it('stays revoked: nobody registers the same entry anew', async () => {
      const leaver = await hired();
      const ledger = await administrator();
      await ledger.submit(newRequest(transactions.RevokeStaff, { actorTag: leaver.actorTag }));
      const entry = {
        actorTag: leaver.actorTag,
        roles: ['clinician' as const],
        departments: [],
        publicKeyHash: 'A'.repeat(43),
        dutyWindows: [],
      };
      expect(await refusalOf(ledger.submit(newRequest(transactions.RegisterStaff, entry)))).toBe('ALREADY_EXISTS');
      const known = PatientCase.unknown(world().scenario, world().staff);
      const key = { mspId: world().scenario.b.member.mspId, actorTag: leaver.actorTag };
      expect((await known.see(transactions.GetStaff, key)).state).toBe('revoked');
    });

    it('is refused off duty, and asks again when on duty', async () => {
      const [{ known, recordId }, clinician] = await Promise.all([granted(), hired()]);
      const ledger = await administrator();
      const { actorTag } = clinician;
      const at = (millis: number): string => new Date(Date.now() + millis).toISOString();
      const yesterday = { from: at(-86_400_000), until: at(-3_600_000) };
      await ledger.submit(newRequest(transactions.UpdateStaffDuty, { actorTag, dutyWindows: [yesterday] }));
      expect(await refusalOf(known.ask(clinician, { recordIds: [recordId] }))).toBe('OFF_DUTY');
      await ledger.submit(
        newRequest(transactions.UpdateStaffDuty, { actorTag, dutyWindows: [{ from: at(-60_000), until: at(3_600_000) }] }),
      );
      expect((await known.ask(clinician, { recordIds: [recordId] })).answer.decision).toBe('permit');
    });

    it('is not registered or revoked by another hospital’s administrator', async () => {
      const { cardiologistB } = world().staff;
      const ledger = await world().scenario.ledger(world().scenario.c, 'Admin');
      const revoked = ledger.submit(newRequest(transactions.RevokeStaff, { actorTag: cardiologistB.actorTag }));
      expect(await refusalOf(revoked)).toBe('NOT_FOUND');
      const known = PatientCase.unknown(world().scenario, world().staff);
      const key = { mspId: world().scenario.b.member.mspId, actorTag: cardiologistB.actorTag };
      expect((await known.see(transactions.GetStaff, key)).state).toBe('active');
    });
  });
}

import { actorTagSchema, type Output, recordIdSchema, type transactions } from '@lianyi/domain';
import { hashOfCase } from '@lianyi/domain/deciding';
import { A, B, C, must, type Stage } from './cast.fixture';
import { type Outcome, type Staff } from './consortium.fixture';
import { emergency, glassInput, reviewerOf, reviewing } from './emergency.fixture';
import { sha256Of } from './consortium.fixture';
import { retract, suspendRelationship } from './refusal-case.fixture';
import { useStage } from './stage.fixture';

const stage = useStage();
const HOUR = 3_600_000;

type Json = Readonly<Record<string, unknown>>;
/** B's cardiologist, whom the patient of A has never heard of. */
const stranger = (): Staff => stage().cast.staff(B, 'clinician');
const breakGlass = (twist: Json = {}, by = stranger()): Promise<Outcome> =>
  stage().cast.invoke('BreakGlass', glassInput(stage(), by, twist), by);
const decided = async (twist: Json = {}, by = stranger()): Promise<Json | undefined> => must(await breakGlass(twist, by)).answer;
const choose = async (choice: Json, by = stage().patient): Promise<Outcome> =>
  stage().cast.invoke('SetEmergencyChoice', { pseudonym: stage().patient.pseudonym, choice }, by);
const forbid = async ({ cast, patient }: Stage, grantee: Json, purposes: unknown): Promise<void> => {
  const provisions = [{ provisionId: 'no', effect: 'deny', purposes, validFrom: cast.instant(-1) }];
  must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee, provisions }, patient));
};
const allowed = (maxConfidentiality: string, maxDataLevel = 4): Json => ({ stance: 'allowed', maxConfidentiality, maxDataLevel });
const labelled = async (confidentiality: string, dataLevel = 3): Promise<Json> => ({
  recordIds: [await stage().cast.anchor(stage().patient, { confidentiality, dataLevel })],
});
const release = ({ ticketId }: { readonly ticketId: string }, recordId = stage().recordId): Promise<Outcome> => {
  const { cast } = stage();
  const input = { ticketId, recordId, releaseId: cast.id('rel'), sealedSha256: sha256Of('sealed') };
  return cast.invoke('RecordKeyRelease', input, cast.staff(A, 'keyService'));
};
const review = async (ticketId: string, outcome = 'justified'): Promise<Outcome> =>
  stage().cast.invoke('ReviewEmergency', await reviewing(stage(), ticketId, outcome), stage().cast.staff(A, 'privacyOfficer'));

describe('breaking the glass', () => {
  it('opens what no consent does, for as long as was asked, and the key leaves', async () => {
    const { cast } = stage();
    const input = glassInput(stage(), stranger());
    const { answer } = must(await cast.invoke('BreakGlass', input, stranger()));
    expect(answer).toMatchObject({ decision: 'permit', provisionIds: ['emergency'], expiresAt: cast.instant(HOUR) });
    must(await release(input));
    cast.now += HOUR;
    expect(await release(input)).toMatchObject({ code: 'TICKET_CLOSED', details: { obstacle: 'expired' } });
  });

  it('stands in the patient’s audit and list, and in those of both hospitals', async () => {
    const { cast, patient, recordId } = stage();
    cast.now += 1_000;
    const { ticketId } = await emergency(stage(), stranger());
    const line = must(await cast.invoke('ListForPatient', { pseudonym: patient.pseudonym, limit: 1 }, patient)).answer;
    expect(line).toMatchObject({ items: [{ event: 'EmergencyPermitted', ticketId, recordIds: [recordId], purpose: 'ETREAT' }] });
    const seen = { items: [{ emergency: { ticketId, reason: 'cannot-consent', state: 'open' }, isOverdue: false }] };
    expect(must(await cast.invoke('ListOwnEmergencies', { pseudonym: patient.pseudonym, limit: 10 }, patient)).answer).toMatchObject(seen);
    for (const msp of [A, B])
      expect(must(await cast.invoke('ListEmergencies', { limit: 10 }, cast.staff(msp, 'privacyOfficer'))).answer).toMatchObject(seen);
    expect(must(await cast.invoke('ListEmergencies', { limit: 10 }, cast.staff(C, 'privacyOfficer'))).answer).toEqual({ items: [] });
    expect(await cast.invoke('GetEmergency', { ticketId }, cast.staff(C, 'privacyOfficer'))).toMatchObject({ code: 'NOT_PERMITTED' });
  });

  it('is for the summary first, and for all only after it', async () => {
    const { cast, patient } = stage();
    const dataset = { opening: { scope: 'dataset' } };
    expect(await decided(dataset)).toMatchObject({ decision: 'deny', reasons: ['CLASS_NOT_COVERED'] });
    const summary = await cast.anchor(patient, { class: 'patient-summary' });
    const first = glassInput(stage(), stranger(), { ...dataset, recordIds: [summary] });
    expect(must(await cast.invoke('BreakGlass', first, stranger())).answer).toMatchObject({ decision: 'permit' });
    const after = { opening: { scope: 'full', after: first.ticketId } };
    expect(await decided(after)).toMatchObject({ decision: 'permit' });
    expect(await breakGlass(after, cast.staff(C, 'clinician'))).toMatchObject({ code: 'ILLEGAL_STATE', writes: 0 });
    cast.now += 24 * HOUR;
    expect(await breakGlass(after)).toMatchObject({ code: 'ILLEGAL_STATE', writes: 0 });
  });

  it.each<readonly [string, () => Promise<unknown>, Json, readonly string[]]>([
    ['a patient who refuses it', () => choose({ stance: 'refused' }), {}, ['EMERGENCY_REFUSED']],
    ['a label above the patient’s', () => choose(allowed('M')), {}, ['LABEL_NOT_COVERED']],
    ['a level above the patient’s', () => choose(allowed('N', 2)), {}, ['LEVEL_NEEDS_APPROVAL']],
    ['a record that was retracted', () => retract(stage()), {}, ['RECORD_RETRACTED']],
    ['a patient who has closed the hospital', () => suspendRelationship(stage()), {}, ['RELATIONSHIP_NOT_ACTIVE']],
    ['an unknown record', () => Promise.resolve(), { recordIds: ['nothing'] }, ['NO_CONSENT']],
    [
      'whose department the patient has forbidden it',
      () => forbid(stage(), stage().cast.cardiologyOf(B), ['ETREAT']),
      {},
      ['DENIED_BY_PROVISION'],
    ],
    [
      'whose hospital the patient has forbidden everything',
      () => forbid(stage(), { kind: 'organisation', mspId: B, name: 'all' }, 'any'),
      {},
      ['DENIED_BY_PROVISION'],
    ],
  ])('is denied to %s, and nothing waits for a review', async (_whom, happens, twist, reasons) => {
    await happens();
    const outcome = must(await breakGlass(twist));
    expect(outcome.answer).toMatchObject({ decision: 'deny', reasons });
    expect(outcome.written.filter((type) => type.startsWith('emergency'))).toEqual([]);
  });

  it('passes what was forbidden for treatment only: a patient who means emergencies says so', async () => {
    await forbid(stage(), stage().cast.cardiologyOf(B), ['TREAT']);
    expect(await decided()).toMatchObject({ decision: 'permit' });
  });

  it('reaches what is restricted, and what is very restricted or of level 5 only where the patient has named it', async () => {
    expect(await decided(await labelled('R'))).toMatchObject({ decision: 'permit' });
    expect(await decided(await labelled('V'))).toMatchObject({ reasons: ['LABEL_NOT_COVERED'] });
    expect(await decided(await labelled('N', 5))).toMatchObject({ reasons: ['LEVEL_NEEDS_APPROVAL'] });
    must(await choose(allowed('V', 5)));
    expect(await decided(await labelled('V', 5))).toMatchObject({ decision: 'permit' });
  });

  it.each(['nurse', 'lab', 'privacyOfficer'] as const)('is not for a %s', async (role) => {
    expect(await breakGlass({}, stage().cast.staff(B, role))).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
  });

  it('is not for a department that the clinician is not of', async () => {
    expect(await breakGlass({ department: 'neurology' })).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
  });

  it('ends with the patient’s refusal, and not with what its asker owes', async () => {
    const input = await emergency(stage(), stranger());
    for (let count = 1; count < 8; count += 1) await emergency(stage(), stranger());
    must(await release(input));
    must(await choose({ stance: 'refused' }));
    expect(await release(input)).toMatchObject({ code: 'TICKET_CLOSED', details: { obstacle: 'consent-changed' } });
  });
});

describe('an emergency of several records', () => {
  const glass = async (recordIds: readonly string[]): Promise<{ readonly ticketId: string; readonly outcome: Outcome }> => {
    const input = glassInput(stage(), stranger(), { recordIds });
    return { ticketId: input.ticketId, outcome: must(await stage().cast.invoke('BreakGlass', input, stranger())) };
  };

  it('opens those that it may, says of each other why not, and is one case and one line', async () => {
    const { cast, patient, recordId } = stage();
    const secret = await cast.anchor(patient, { confidentiality: 'V' });
    cast.now += 1_000;
    const { ticketId, outcome } = await glass([secret, 'no-such-record', recordId]);
    const denied = [
      { recordId: secret, reasons: ['LABEL_NOT_COVERED'] },
      { recordId: 'no-such-record', reasons: ['NO_CONSENT'] },
    ];
    expect(outcome.answer).toMatchObject({ decision: 'permit', provisionIds: ['emergency'], reasons: [], denied });
    expect(outcome.written.filter((type) => type === 'emergency' || type === 'accessEvent')).toHaveLength(2);
    const line = must(await cast.invoke('ListForPatient', { pseudonym: patient.pseudonym, limit: 1 }, patient)).answer;
    expect(line).toMatchObject({ items: [{ event: 'EmergencyPermitted', recordIds: [recordId], denied }] });
    must(await release({ ticketId }));
    for (const id of [secret, 'no-such-record'])
      expect(await release({ ticketId }, id)).toMatchObject({ code: 'TICKET_CLOSED', details: { obstacle: 'other-record' } });
  });

  it('is denied with the reasons of each where it may open none, and is no case', async () => {
    const secret = await stage().cast.anchor(stage().patient, { confidentiality: 'V' });
    const { outcome } = await glass([secret, 'no-such-record']);
    expect(outcome.answer).toMatchObject({ decision: 'deny', reasons: ['NO_CONSENT', 'LABEL_NOT_COVERED'] });
    expect(outcome.written.filter((type) => type.startsWith('emergency'))).toEqual([]);
  });

  it('closes those alone that the patient closes meanwhile', async () => {
    const { cast, patient, recordId } = stage();
    const restricted = await cast.anchor(patient, { confidentiality: 'R' });
    const { ticketId } = await glass([restricted, recordId]);
    must(await choose(allowed('N')));
    const { answer } = must(await cast.invoke('GetTicketStanding', { ticketId }, { kind: 'member', msp: C }));
    expect(answer).toMatchObject({ withdrawnRecordIds: [restricted] });
    expect(await release({ ticketId }, restricted)).toMatchObject({ code: 'TICKET_CLOSED', details: { obstacle: 'consent-changed' } });
    must(await release({ ticketId }));
  });

  it('takes no use of a consent, and needs none to be left', async () => {
    const { cast, patient, recordId } = stage();
    const provisions = [cast.permit({ provisionId: 'once', uses: 1, purposes: 'any' })];
    must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions }, patient));
    for (let count = 0; count < 2; count += 1) {
      const { outcome } = await glass([recordId]);
      expect([outcome.answer?.['provisionIds'], outcome.written.includes('grantUses')]).toEqual([['emergency'], false]);
    }
    const asked = cast.accessInput(patient, [recordId], stranger());
    expect(must(await cast.invoke('RequestAccess', asked, stranger())).answer).toMatchObject({ provisionIds: ['once'] });
    expect(await decided()).toMatchObject({ decision: 'permit', provisionIds: ['emergency'] });
  });
});

describe('a review', () => {
  it('is of the records’ hospital, or of the asker’s in another department; once', async () => {
    const { cast } = stage();
    const { ticketId } = await emergency(stage(), stranger());
    const said = await reviewing(stage(), ticketId);
    const as = (who: Staff): Promise<Outcome> => cast.invoke('ReviewEmergency', said, who);
    expect(await as(cast.staff(C, 'privacyOfficer'))).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
    expect(await as(cast.staff(B, 'privacyOfficer'))).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
    must(await as(await reviewerOf(stage(), B)));
    expect(await as(cast.staff(A, 'privacyOfficer'))).toMatchObject({ code: 'ILLEGAL_STATE', writes: 0 });
  });

  it('is of the case that they were shown: of no other asker’s, record or time', async () => {
    const { cast } = stage();
    const recordId = recordIdSchema.parse(stage().recordId);
    const [one, other] = [await emergency(stage(), stranger()), await emergency(stage())];
    const { answer } = must(await cast.invoke('GetEmergency', one, cast.staff(A, 'privacyOfficer')));
    const { emergency: shown } = answer as Output<typeof transactions.GetEmergency>;
    const lies = [
      [shown, []],
      [{ ...shown, asker: { ...shown.asker, actorTag: actorTagSchema.parse(sha256Of('a colleague')) } }, [recordId]],
      [{ ...shown, openedAt: shown.endsAt }, [recordId]],
      [{ ...shown, opening: { scope: 'dataset' } }, [recordId]],
    ] as const;
    const said = await reviewing(stage(), one.ticketId);
    const as = (caseSha256: unknown): Promise<Outcome> =>
      cast.invoke('ReviewEmergency', { ...said, caseSha256 }, cast.staff(A, 'privacyOfficer'));
    for (const [lie, recordIds] of lies) expect(await as(hashOfCase(lie, recordIds))).toMatchObject({ code: 'HASH_MISMATCH', writes: 0 });
    expect(await as((await reviewing(stage(), other.ticketId))['caseSha256'])).toMatchObject({ code: 'HASH_MISMATCH', writes: 0 });
    must(await as(said['caseSha256']));
  });

  it('is never of who has asked, whatever other roles they have', async () => {
    const { cast } = stage();
    const { input, staff } = cast.staffInput(['clinician', 'privacyOfficer']);
    must(await cast.invoke('RegisterStaff', input, cast.admin(A)));
    const { ticketId } = await emergency(stage(), staff(A));
    expect(await cast.invoke('ReviewEmergency', await reviewing(stage(), ticketId), staff(A))).toMatchObject({ code: 'NOT_PERMITTED' });
  });

  it('closes what was not justified', async () => {
    const input = await emergency(stage(), stranger());
    must(await review(input.ticketId, 'not-justified'));
    expect(await release(input)).toMatchObject({ code: 'TICKET_CLOSED', details: { obstacle: 'closed' } });
  });

  it('is overdue after 72 hours', async () => {
    const { cast, patient } = stage();
    const { ticketId } = await emergency(stage(), stranger());
    const isOverdue = async (): Promise<unknown> => must(await cast.invoke('GetEmergency', { ticketId }, patient)).answer?.['isOverdue'];
    cast.now += 72 * HOUR - 1;
    expect(await isOverdue()).toBe(false);
    cast.now += 1;
    expect(await isOverdue()).toBe(true);
    must(await review(ticketId));
    expect(await isOverdue()).toBe(false);
  });
});

describe('the dead', () => {
  const die = async (): Promise<void> => {
    const { cast, patient } = stage();
    const said = { pseudonym: patient.pseudonym, evidence: sha256Of('death') };
    must(await cast.invoke('ProposeDeath', said, cast.staff(A, 'registrar')));
    must(await cast.invoke('ConfirmDeath', said, cast.staff(C, 'registrar')));
  };
  it('are read by nobody in an emergency, whatever they had chosen, until their death is taken back', async () => {
    const { cast, patient } = stage();
    must(await choose(allowed('V', 5)));
    await die();
    expect(await decided()).toMatchObject({ decision: 'deny', reasons: ['EMERGENCY_REFUSED'] });
    const said = { pseudonym: patient.pseudonym, evidence: sha256Of('death') };
    must(await cast.invoke('DisputeDeath', said, await cast.colleague(A, 'registrar')));
    must(await cast.invoke('RevokeDeath', said, cast.staff(B, 'registrar')));
    expect(await decided()).toMatchObject({ decision: 'permit' });
  });

  it('are read no more in an emergency that was open', async () => {
    const opened = await emergency(stage(), stranger());
    await die();
    expect(await release(opened)).toMatchObject({ code: expect.any(String) as string, writes: 0 });
  });
});

describe('a patient’s choice', () => {
  it('is opened again by the patient, and by no proxy whom they have chosen', async () => {
    const { cast, patient } = stage();
    const proxy = await cast.appoint(patient);
    const by = (choice: Json): Promise<Outcome> => cast.invoke('SetEmergencyChoice', { pseudonym: patient.pseudonym, choice }, proxy);
    must(await by(allowed('N')));
    expect(await by(allowed('R'))).toMatchObject({ code: 'BEYOND_DELEGATION', writes: 0 });
    must(await choose({ stance: 'refused' }));
    expect(await by(allowed('L'))).toMatchObject({ code: 'BEYOND_DELEGATION', writes: 0 });
    expect(must(await choose(allowed('L'))).answer).toMatchObject({ version: 3, choice: allowed('L') });
  });

  it('is what holds, said or not', async () => {
    const { cast, patient } = stage();
    const seen = async (): Promise<unknown> =>
      must(await cast.invoke('GetEmergencyChoice', { pseudonym: patient.pseudonym }, patient)).answer;
    expect(await seen()).toEqual({ pseudonym: patient.pseudonym, choice: allowed('R') });
    must(await choose({ stance: 'refused' }));
    expect(await seen()).toMatchObject({ choice: { stance: 'refused' }, said: { version: 1 } });
  });
});

import { isDeepStrictEqual } from 'node:util';
import { A, B, C, must, type Stage } from './cast.fixture';
import { sha256Of } from './consortium.fixture';
import { useStage } from './stage.fixture';

const stage = useStage();
type Answer = Readonly<Record<string, unknown>> | undefined;

/** Three records of one patient; cardiology of B may read the first, and the clinician the second. */
async function granted(): Promise<Stage & { readonly second: string; readonly third: string; readonly person: object }> {
  const { cast, patient, recordId } = stage();
  const [second, third] = [await cast.anchor(patient), await cast.anchor(patient)];
  const person = { kind: 'person', mspId: B, name: cast.staff(B, 'clinician').actorTag };
  for (const [grantee, recordIds] of [
    [cast.cardiologyOf(B), [recordId]],
    [person, [second]],
  ] as const) {
    const provisions = [cast.permit({ recordIds })];
    must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee, provisions }, patient));
  }
  return { ...stage(), second, third, person };
}
const ask = async (recordIds: readonly string[]): Promise<{ readonly ticketId: string; readonly answer: Answer }> => {
  const { cast, patient } = stage();
  const by = cast.staff(B, 'clinician');
  const input = cast.accessInput(patient, recordIds, by);
  return { ticketId: String(input['ticketId']), answer: must(await cast.invoke('RequestAccess', input, by)).answer };
};
const seen = async (name: 'GetDecision' | 'GetTicketStanding', ticketId: string): Promise<Answer> =>
  must(await stage().cast.invoke(name, { ticketId }, { kind: 'member', msp: C })).answer;
const release = async (ticketId: string, recordId: string): Promise<string> => {
  const { cast } = stage();
  const input = { ticketId, recordId, releaseId: cast.id('rel'), sealedSha256: sha256Of('sealed') };
  const outcome = await cast.invoke('RecordKeyRelease', input, cast.staff(A, 'keyService'));
  return outcome.status === 200 ? 'released' : String(outcome.details['obstacle']);
};

describe('several records asked for together', () => {
  it('are a decision each, under one ticket that opens what is permitted', async () => {
    const { recordId, second, third } = await granted();
    const { ticketId, answer } = await ask([third, second, 'no-such-record', recordId]);
    const denied = [
      { recordId: third, reasons: ['RECORD_NOT_COVERED'] },
      { recordId: 'no-such-record', reasons: ['NO_CONSENT'] },
    ];
    expect(answer).toMatchObject({ decision: 'permit', reasons: [], denied });
    const ticket = await seen('GetDecision', ticketId);
    expect(ticket).toMatchObject({ recordIds: [second, recordId], recordVersions: [1, 1], denied, state: 'open' });
    expect(ticket?.['grounds']).toMatchObject([
      { grantVersions: [{ grantee: { kind: 'person' } }] },
      { grantVersions: [{ grantee: { kind: 'department' } }] },
    ]);
    expect(await release(ticketId, second)).toBe('released');
    expect(await release(ticketId, third)).toBe('other-record');
    expect(await release(ticketId, 'no-such-record')).toBe('other-record');
  });

  it('stand in one line of the patient’s audit: the permits, and the denials with their reasons', async () => {
    const { cast, patient, recordId, third } = await granted();
    const { ticketId } = await ask([third, recordId]);
    const lines = must(await cast.invoke('ListForPatient', { pseudonym: patient.pseudonym, limit: 100 }, patient)).answer;
    const line = { event: 'AccessPermitted', decision: 'permit', recordIds: [recordId], reasons: ['RECORD_NOT_COVERED'], ticketId };
    expect(lines?.['items']).toContainEqual(
      expect.objectContaining({ ...line, denied: [{ recordId: third, reasons: ['RECORD_NOT_COVERED'] }] }),
    );
  });

  it('stand there with the provisions of each, so that an accounting names those of the one that left', async () => {
    const { cast, patient, recordId, second } = await granted();
    const { ticketId } = await ask([second, recordId]);
    const lines = must(await cast.invoke('ListForPatient', { pseudonym: patient.pseudonym, limit: 100 }, patient)).answer;
    const line = (lines?.['items'] as { ticketId?: string; provisionIds?: string[]; grounds?: string[][] }[]).find(
      (each) => each.ticketId === ticketId,
    );
    expect(line?.grounds).toHaveLength(2);
    expect(new Set(line?.grounds?.flat())).toEqual(new Set(line?.provisionIds));
    const { ticketId: one } = await ask([second]);
    const next = must(await cast.invoke('ListForPatient', { pseudonym: patient.pseudonym, limit: 100 }, patient)).answer;
    const alone = (next?.['items'] as { ticketId?: string }[]).find((each) => each.ticketId === one);
    expect(alone).toBeDefined();
    expect(alone).not.toHaveProperty('grounds');
  });

  it('are a denial where none is permitted, with the reasons of each', async () => {
    const { third } = await granted();
    const { ticketId, answer } = await ask([third, 'no-such-record']);
    const denied = [
      { recordId: third, reasons: ['RECORD_NOT_COVERED'] },
      { recordId: 'no-such-record', reasons: ['NO_CONSENT'] },
    ];
    expect(answer).toEqual({ ticketId, decision: 'deny', reasons: ['NO_CONSENT', 'RECORD_NOT_COVERED'], provisionIds: [], denied });
    expect(await release(ticketId, third)).toBe('denied');
  });

  it('answer and read alike for a record without consent and for one that is not there', async () => {
    const { cast, patient } = stage();
    const own = cast.staff(A, 'clinician');
    must(
      await cast.invoke(
        'GrantPolicy',
        {
          pseudonym: patient.pseudonym,
          grantee: { kind: 'department', mspId: B, name: 'cardiology' },
          provisions: [{ provisionId: 'no', effect: 'deny', purposes: 'any', validFrom: cast.instant(-1) }],
        },
        patient,
      ),
    );
    // own staff, of a role that reads nothing by default, and nobody has said anything of
    const nurse = cast.staff(A, 'nurse');
    const [known, hidden] = [await cast.anchor(patient), await cast.anchor(patient)].sort();
    expect(own.msp).toBe(nurse.msp);
    const traceOf = async (other: string): Promise<object> => {
      const from = cast.state.reads.length;
      const input = cast.accessInput(patient, [String(known), other], nurse, cast.nonce('the same for both'));
      const outcome = must(await cast.invoke('RequestAccess', input, nurse, { txId: 'tx-x' }));
      const pattern = cast.state.reads.slice(from).map((read) => read.keys.map((key) => key.split('\u0000')[1]));
      cast.state = cast.state.fork();
      return { answer: outcome.answer, written: outcome.written, events: outcome.events.map((event) => event['name']), pattern };
    };
    const before = cast.state.fork();
    const ofHidden = await traceOf(String(hidden));
    cast.state = before.fork();
    expect(await traceOf('no-such-record')).toEqual(ofHidden);
    expect(ofHidden).toMatchObject({ answer: { decision: 'deny', reasons: ['NO_CONSENT'] } });
  });
});

describe('a ticket for several records, once a consent is revoked', () => {
  const revoke = async (grantee: object, { cast, patient }: Stage): Promise<void> => {
    must(await cast.invoke('RevokePolicy', { pseudonym: patient.pseudonym, grantee, previousVersion: 1 }, patient));
  };

  it('opens no record of that consent, and still those of another', async () => {
    const known = await granted();
    const { ticketId } = await ask([known.recordId, known.second]);
    expect(await seen('GetTicketStanding', ticketId)).not.toHaveProperty('withdrawnRecordIds');
    await revoke(known.person, known);
    expect(await seen('GetTicketStanding', ticketId)).toMatchObject({ changedRecordIds: [], withdrawnRecordIds: [known.second] });
    expect(await release(ticketId, known.second)).toBe('consent-changed');
    expect(await release(ticketId, known.recordId)).toBe('released');
  });

  it('opens nothing when the last of its consents is gone', async () => {
    const known = await granted();
    const { ticketId } = await ask([known.recordId, known.second]);
    await revoke(known.person, known);
    await revoke(known.cast.cardiologyOf(B), known);
    const standing = await seen('GetTicketStanding', ticketId);
    expect(isDeepStrictEqual(standing?.['obstacle'], 'consent-changed')).toBe(true);
    expect(standing).not.toHaveProperty('withdrawnRecordIds');
    for (const each of [known.recordId, known.second]) expect(await release(ticketId, each)).toBe('consent-changed');
  });

  it('opens nothing when who asked is forbidden everything', async () => {
    const known = await granted();
    const { cast, patient } = known;
    const { ticketId } = await ask([known.recordId, known.second]);
    const provisions = [{ provisionId: 'no', effect: 'deny', purposes: 'any', validFrom: cast.instant(-1) }];
    const grantee = { kind: 'organisation', mspId: B, name: 'all' };
    must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee, provisions }, patient));
    for (const each of [known.recordId, known.second]) expect(await release(ticketId, each)).toBe('consent-changed');
  });
});

import { isDeepStrictEqual } from 'node:util';
import { A, B, C, type Cast, must, type Stage } from './cast.fixture';
import { useStage } from './stage.fixture';
import { sha256Of } from './consortium.fixture';
import { retract, suspendRelationship } from './refusal-case.fixture';
import { ticket } from './sample.fixture';

const stage = useStage();

describe('the ticket', () => {
  const release = async (change: (stage: Stage, ticketId: string) => Promise<unknown>): Promise<{ outcome: string; said: unknown }> => {
    const { cast, recordId } = stage();
    const ticketId = await ticket(stage());
    await change(stage(), ticketId);
    const said = await told(ticketId);
    const input = { ticketId, recordId, releaseId: cast.id('rel'), sealedSha256: sha256Of('sealed') };
    const outcome = await cast.invoke('RecordKeyRelease', input, cast.staff(A, 'keyService'));
    expect(outcome.writes === 0).toBe(outcome.status !== 200);
    return { outcome: outcome.status === 200 ? 'released' : `${String(outcome.code)} ${String(outcome.details['obstacle'])}`, said };
  };
  /** What a member that keeps ciphertext is told of it by its own peer. */
  const told = async (ticketId: string): Promise<unknown> => {
    const { cast, recordId } = stage();
    const { answer } = must(await cast.invoke('GetTicketStanding', { ticketId }, { kind: 'member', msp: C }));
    return isDeepStrictEqual(answer?.['changedRecordIds'], [recordId]) ? 'record-changed' : (answer?.['obstacle'] ?? 'none');
  };
  const grantOf = (cast: Cast, pseudonym: string): Readonly<Record<string, unknown>> => ({
    pseudonym,
    grantee: cast.cardiologyOf(B),
    previousVersion: 1,
  });

  it('opens as long as nothing has changed', async () => {
    expect(await release(() => Promise.resolve())).toEqual({ outcome: 'released', said: 'none' });
  });

  it.each<readonly [string, string, (stage: Stage, ticketId: string) => Promise<unknown>]>([
    ['after its fifteen minutes', 'expired', ({ cast }) => Promise.resolve((cast.now += 900_000))],
    [
      'after the patient has revoked',
      'consent-changed',
      async ({ cast, patient }) => must(await cast.invoke('RevokePolicy', grantOf(cast, patient.pseudonym), patient)),
    ],
    [
      'after the patient has amended, even to the same',
      'consent-changed',
      async ({ cast, patient }) =>
        must(await cast.invoke('AmendPolicy', { ...grantOf(cast, patient.pseudonym), provisions: [cast.permit()] }, patient)),
    ],
    [
      'after the patient has forbidden it to the organisation',
      'consent-changed',
      async ({ cast, patient }) => {
        const provision = { provisionId: 'no', effect: 'deny', purposes: 'any', validFrom: cast.instant(-1) };
        must(
          await cast.invoke(
            'GrantPolicy',
            { pseudonym: patient.pseudonym, grantee: { kind: 'organisation', mspId: B, name: 'all' }, provisions: [provision] },
            patient,
          ),
        );
      },
    ],
    ['after the relationship was suspended', 'consent-changed', suspendRelationship],
    ['after the record was retracted', 'record-changed', retract],
    [
      'after the record was amended',
      'record-changed',
      async ({ cast, patient, recordId }) =>
        must(await cast.invoke('AmendRecord', cast.amendment(patient.pseudonym, recordId), cast.staff(A, 'recordAdmin'))),
    ],
    [
      'after it was closed by who asked',
      'closed',
      async ({ cast }, ticketId) => must(await cast.invoke('CloseTicket', { ticketId }, cast.staff(B, 'clinician'))),
    ],
    [
      'after it was closed by the patient',
      'closed',
      async ({ cast, patient }, ticketId) => must(await cast.invoke('CloseTicket', { ticketId }, patient)),
    ],
    [
      'after the clinician was revoked',
      'asker-revoked',
      async ({ cast }) => must(await cast.invoke('RevokeStaff', { actorTag: cast.staff(B, 'clinician').actorTag }, cast.admin(B))),
    ],
  ])('opens nothing %s', async (_when, obstacle, change) => {
    expect(await release(change)).toEqual({ outcome: `TICKET_CLOSED ${obstacle}`, said: obstacle });
  });

  it.each([B, C])('opens nothing to the key service of %s, which is not the custodian', async (msp) => {
    const { cast, recordId } = stage();
    const input = { ticketId: await ticket(stage()), recordId, releaseId: 'rel', sealedSha256: sha256Of('sealed') };
    expect(await cast.invoke('RecordKeyRelease', input, cast.staff(msp, 'keyService'))).toMatchObject({ code: 'TICKET_CLOSED', writes: 0 });
  });

  it('is no permit when it is a denial', async () => {
    const { cast, patient, recordId } = stage();
    const asked = cast.accessInput(patient, [recordId], cast.staff(B, 'clinician'));
    must(await cast.invoke('RequestAccess', asked, cast.staff(B, 'clinician')));
    const input = { ticketId: asked['ticketId'], recordId, releaseId: 'rel', sealedSha256: sha256Of('sealed') };
    expect(await cast.invoke('RecordKeyRelease', input, cast.staff(A, 'keyService'))).toMatchObject({ code: 'TICKET_CLOSED', writes: 0 });
  });

  it.each(['another clinician', 'another patient'])('is not closed by %s', async (who) => {
    const { cast } = stage();
    const ticketId = await ticket(stage());
    const other = who === 'another patient' ? await cast.newPatient() : cast.staff(C, 'clinician');
    expect(await cast.invoke('CloseTicket', { ticketId }, other)).toMatchObject({ code: 'NOT_PERMITTED', writes: 0 });
  });
});

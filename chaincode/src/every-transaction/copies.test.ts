import { A, B, C, must, type Stage } from './cast.fixture';
import { closed, destroyed, type HeldCopy, heldCopy, receiver, revoked } from './copies.fixture';
import { adopt } from './governance.fixture';
import { useStage } from './stage.fixture';

type Json = Readonly<Record<string, unknown>>;
const HOUR = 3_600_000;
const stage = useStage();

/** The patient's status page; read in pages of one. */
async function copiesOf({ cast }: Stage, { patient }: HeldCopy): Promise<readonly Json[]> {
  const items: Json[] = [];
  for (let after: unknown, turn = 0; turn < 10; turn += 1) {
    const input = { pseudonym: patient.pseudonym, limit: 1, ...(after === undefined ? {} : { after }) };
    const { answer } = must(await cast.invoke('ListCopies', input, patient));
    items.push(...(answer?.['items'] as Json[]));
    after = answer?.['next'];
    if (after === undefined) return items;
  }
  throw new Error('a list without end');
}
const only = async (of: Stage, held: HeldCopy): Promise<Json> => {
  const [copy, ...others] = await copiesOf(of, held);
  expect(others).toEqual([]);
  return copy ?? {};
};
const answer = async ({ cast }: Stage, { ticketId, recordId }: HeldCopy, said: Json, msp: string = A): Promise<unknown> =>
  must(await cast.invoke('AnswerForCopy', { ticketId, recordId, ...said }, cast.staff(msp, 'privacyOfficer')));
const retained = (more: Json = {}): Json => ({ answer: { outcome: 'retained', basis: 'treatment-record-law', ...more } });

describe('copies', () => {
  it('are held as long as nothing says that they must go, however old their ticket is', async () => {
    const held = await heldCopy(stage());
    stage().cast.now += 1_000 * HOUR;
    const copy = await only(stage(), held);
    expect(copy).toMatchObject({ standing: 'held', copy: { holderMspId: A, ticketId: held.ticketId }, terms: { onward: true } });
    expect(copy).not.toHaveProperty('due');
  });
  it('are none of a record’s own hospital, nor of the patient', async () => {
    const { cast, patient, recordId } = stage();
    const byDefault = cast.accessInput(patient, [recordId], cast.staff(A, 'clinician'));
    must(await cast.invoke('RequestAccess', byDefault, cast.staff(A, 'clinician')));
    const own = cast.ownInput(patient, [recordId]);
    must(await cast.invoke('OpenOwnRecords', own, patient));
    for (const { ticketId } of [byDefault, own] as readonly { readonly ticketId?: unknown }[]) {
      const release = { ticketId, recordId, releaseId: cast.id('rel'), sealedSha256: 'A'.repeat(43) };
      must(await cast.invoke('RecordKeyRelease', release, cast.staff(A, 'keyService')));
    }
    expect(await copiesOf(stage(), { patient, ticketId: '', recordId })).toEqual([]);
  });
  it.each<readonly [string, (held: HeldCopy) => Promise<unknown>, string]>([
    ['revoked', (held) => revoked(stage(), held), 'consent-changed'],
    [
      'amended, and amended again later',
      async ({ patient }) => {
        const { cast } = stage();
        for (const previousVersion of [1, 2]) {
          const said = { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(A), previousVersion, provisions: [cast.permit()] };
          must(await cast.invoke('AmendPolicy', said, patient));
          cast.now += previousVersion === 1 ? 0 : -HOUR;
          cast.now += HOUR;
        }
        cast.now -= HOUR;
      },
      'consent-changed',
    ],
    [
      'overruled by a prohibition',
      async ({ patient }) => {
        const { cast } = stage();
        const provisions = [{ provisionId: 'never', effect: 'deny', purposes: 'any' }];
        const grantee = { kind: 'organisation', mspId: A, name: 'all' };
        must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee, provisions }, patient));
      },
      'forbidden',
    ],
    [
      'of a record that is retracted',
      async ({ patient, recordId }) => {
        const { cast } = stage();
        const retraction = { pseudonym: patient.pseudonym, recordId, previousVersion: 1, reason: 'other' };
        must(await cast.invoke('RetractRecord', retraction, cast.staff(B, 'recordAdmin')));
      },
      'retracted',
    ],
  ])('must go within 72 hours when their consent is %s, and are overdue at that instant', async (_what, happens, cause) => {
    const held = await heldCopy(stage());
    stage().cast.now += HOUR;
    const goneBy = stage().cast.instant(72 * HOUR);
    await happens(held);
    expect(await only(stage(), held)).toMatchObject({ standing: 'must-go', due: { cause, goneBy } });
    stage().cast.now = Date.parse(goneBy) - 1;
    expect(await only(stage(), held)).toMatchObject({ standing: 'must-go' });
    stage().cast.now += 1;
    expect(await only(stage(), held)).toMatchObject({ standing: 'overdue', due: { cause, goneBy } });
  });
  it('must go by their erase date, and what is only viewed within 72 hours of its ticket', async () => {
    const eraseAt = stage().cast.instant(30 * 24 * HOUR);
    const dated = await heldCopy(stage(), { eraseAt });
    expect(await only(stage(), dated)).toMatchObject({ standing: 'must-go', due: { cause: 'erase-date', goneBy: eraseAt } });
    const viewed = await heldCopy(stage(), { handling: 'view', eraseAt });
    const goneBy = stage().cast.instant(72 * HOUR + 15 * 60_000);
    expect(await only(stage(), viewed)).toMatchObject({ terms: { handling: 'view' }, due: { cause: 'view-only', goneBy } });
  });
  it('are destroyed by their holder’s word, which the transaction’s id leads to, or retained until the law that is named ends', async () => {
    const held = await heldCopy(stage());
    await revoked(stage(), held);
    await answer(stage(), held, retained({ until: stage().cast.instant(100 * HOUR) }));
    stage().cast.now += 99 * HOUR;
    expect(await only(stage(), held)).toMatchObject({ standing: 'retained', copy: { answer: { basis: 'treatment-record-law' } } });
    stage().cast.now += HOUR;
    expect(await only(stage(), held)).toMatchObject({ standing: 'overdue' });
    await answer(stage(), held, destroyed);
    const { txId, by } = ((await only(stage(), held)) as { readonly copy: { readonly answer: Json } }).copy.answer;
    expect([typeof txId, by]).toEqual(['string', { kind: 'staff', mspId: A, actorTag: stage().cast.staff(A, 'privacyOfficer').actorTag }]);
    stage().cast.now += 1_000 * HOUR;
    expect(await only(stage(), held)).toMatchObject({ standing: 'destroyed' });
  });
  it('that were handed on have a due date of their own, and an answer by whoever has received them', async () => {
    const held = await heldCopy(stage());
    const { ticketId, recordId } = held;
    const { cast } = stage();
    must(await cast.invoke('DiscloseOnward', { ticketId, recordId, to: receiver(stage()) }, cast.staff(A, 'recordAdmin')));
    await closed(stage(), held);
    await revoked(stage(), held);
    await answer(stage(), held, destroyed);
    expect(await copiesOf(stage(), held)).toMatchObject([
      { standing: 'destroyed', copy: { holderMspId: A } },
      { standing: 'must-go', copy: { holderMspId: C, from: { mspId: A } }, due: { cause: 'consent-changed' } },
    ]);
    await answer(stage(), held, retained(), C);
    expect((await copiesOf(stage(), held)).map(({ standing }) => standing)).toEqual(['destroyed', 'retained']);
    const { answer: own } = must(await cast.invoke('ListCopiesHeld', { limit: 10 }, cast.staff(C, 'privacyOfficer')));
    expect(own).toMatchObject({ items: [{ copy: { holderMspId: C, ticketId } }] });
  });
  it('are overdue by the prohibition that covers them, whatever else the same grant forbids from later on', async () => {
    const held = await heldCopy(stage());
    const { cast } = stage();
    const never = { effect: 'deny', purposes: 'any' };
    const later = { ...never, provisionId: 'later', recordIds: ['another'], validFrom: cast.instant(71 * HOUR) };
    const said = { pseudonym: held.patient.pseudonym, grantee: { kind: 'organisation', mspId: A, name: 'all' } };
    const provisions = [{ ...never, provisionId: 'now' }, later];
    must(await cast.invoke('GrantPolicy', { ...said, provisions }, held.patient));
    const goneBy = cast.instant(72 * HOUR);
    cast.now = Date.parse(goneBy);
    expect(await only(stage(), held)).toMatchObject({ standing: 'overdue', due: { cause: 'forbidden', goneBy } });
  });
  it('are handed on to nobody whom the record’s hospital has to approve and has not', async () => {
    const { ticketId, recordId, patient } = await heldCopy(stage());
    const { cast } = stage();
    const value = { '1': 'none', '2': 'none', '3': 'custodian', '4': 'none', '5': 'none' };
    await adopt(cast, { name: 'level-approvers', value });
    const approve = async (msp: string): Promise<unknown> => {
      const asker = { mspId: msp, actorTag: cast.staff(msp, 'clinician').actorTag };
      const approval = { pseudonym: patient.pseudonym, asker, levels: [3], until: cast.instant(HOUR), previousVersion: 0 };
      return must(await cast.invoke('ApproveAccess', approval, cast.staff(B, 'privacyOfficer')));
    };
    const on = (): ReturnType<typeof cast.invoke> =>
      cast.invoke('DiscloseOnward', { ticketId, recordId, to: receiver(stage()) }, cast.staff(A, 'clinician'));
    await approve(A);
    expect(await on()).toMatchObject({ code: 'ONWARD_NOT_ALLOWED', details: { obstacle: 'not-approved' } });
    await approve(C);
    must(await on());
  });
  it.each<readonly [string, Json]>([
    ['of a ticket that there is not', { ticketId: 'nothing' }],
    ['of a record that its ticket is not for', { recordId: 'nothing' }],
    ['of a time after which there is none', { takenAt: '9999-12-31T23:59:59.999Z' }],
  ])('beside a line %s are listed, and the line is counted', async (_what, changes) => {
    const held = await heldCopy(stage());
    await revoked(stage(), held);
    const { cast } = stage();
    const space = { kind: 'public' } as const;
    const [, text] = [...cast.state.dump(space)].find(([at]) => at.startsWith(`\u0000copy\u0000${A}`)) ?? ['', '{}'];
    const line = { ...(JSON.parse(text) as Json), holderMspId: C, ...changes } as Json;
    const key = `\u0000${['copy', C, held.patient.pseudonym, line['ticketId'], line['recordId']].join('\u0000')}\u0000`;
    await cast.state.apply([{ kind: 'put', space, key, value: Buffer.from(JSON.stringify(line)) }]);
    const input = { pseudonym: held.patient.pseudonym, limit: 10 };
    const { answer: told } = must(await cast.invoke('ListCopies', input, held.patient));
    expect(told).toMatchObject({ items: [{ copy: { holderMspId: A } }], unreadable: 1 });
    const { answer: own } = must(await cast.invoke('ListCopiesHeld', { limit: 10 }, cast.staff(C, 'privacyOfficer')));
    expect(own).toEqual({ items: [], unreadable: 1 });
  });
  it('are handed on before an erase date that binds the receiver as well', async () => {
    const { cast } = stage();
    const { ticketId, recordId } = await heldCopy(stage(), { eraseAt: '2036-01-01T00:00:00.000Z', onward: true });
    must(await cast.invoke('DiscloseOnward', { ticketId, recordId, to: receiver(stage()) }, cast.staff(A, 'clinician')));
  });
  it.each<readonly [string, Json, (text: string) => string]>([
    ['be kept', { handling: 'view' }, (text) => text.replace('"copy":{"handling":"view"},', '')],
    ['be kept longer', { handling: 'store', eraseAt: '2026-06-01T00:00:00.000Z' }, (text) => text.replace('2026-06-01', '2036-06-01')],
    ['be handed on', {}, (text) => text.replace('"custodianMspId"', '"copy":{"handling":"store","onward":true},"custodianMspId"')],
  ])('of a ticket that colluding endorsers have made say that they may %s open nothing', async (_what, provision, change) => {
    const held = await heldCopy(stage(), provision);
    const { cast } = stage();
    const space = { kind: 'public' } as const;
    const [key, text] = [...cast.state.dump(space)].find(([at]) => at.startsWith(`\u0000access\u0000${held.ticketId}`)) ?? ['', ''];
    expect(change(text)).not.toBe(text);
    await cast.state.apply([{ kind: 'put', space, key, value: Buffer.from(change(text)) }]);
    const { ticketId, recordId } = held;
    const { answer: standing } = must(await cast.invoke('GetTicketStanding', { ticketId }, { kind: 'member', msp: C }));
    expect(standing).toMatchObject({ obstacle: 'consent-changed' });
    const release = { ticketId, recordId, releaseId: cast.id('rel'), sealedSha256: 'A'.repeat(43) };
    expect(await cast.invoke('RecordKeyRelease', release, cast.staff(B, 'keyService'))).toMatchObject({ code: 'TICKET_CLOSED' });
    const on = { ticketId, recordId, to: receiver(stage()) };
    expect(await cast.invoke('DiscloseOnward', on, cast.staff(A, 'clinician'))).toMatchObject({ status: 500, writes: 0 });
  });
  it('of several records have what each one’s consent says', async () => {
    const { cast, patient, recordId } = stage();
    const second = await cast.anchor(patient);
    const permits = [cast.permit({ recordIds: [recordId], handling: 'view' }), cast.permit({ recordIds: [second], onward: true })];
    const grantee = cast.cardiologyOf(B);
    must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee, provisions: permits }, patient));
    const asked = cast.accessInput(patient, [recordId, second], cast.staff(B, 'clinician'));
    const { answer: told } = must(await cast.invoke('RequestAccess', asked, cast.staff(B, 'clinician')));
    expect(told).toMatchObject({ copy: { handling: 'view' } });
    const { answer: ticket } = must(await cast.invoke('GetDecision', { ticketId: asked['ticketId'] }, { kind: 'member', msp: C }));
    expect(ticket).toMatchObject({ copy: { handling: 'view' }, grounds: [{ copy: { handling: 'view' } }, { copy: { onward: true } }] });
  });
});

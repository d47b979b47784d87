import { canonicalJson } from '@lianyi/domain';
import { publicSpace } from '../ledger/state';
import { A, B, C, HOSPITALS, must, type Stage } from './cast.fixture';
import { type Delegate, type Patient, sha256Of } from './consortium.fixture';
import { suspendRelationship } from './refusal-case.fixture';
import { coolingOff, HOUR } from './recovery-steps.fixture';
import { useStage } from './stage.fixture';

const stage = useStage();

type Asked = { readonly ticketId: string; readonly answer: Readonly<Record<string, unknown>> | undefined };
const ask = async (by: Patient | Delegate, recordIds: readonly string[], through?: string): Promise<Asked> => {
  const { cast } = stage();
  const input: Readonly<Record<string, unknown>> = {
    ...cast.ownInput(by, recordIds),
    ...(through === undefined ? {} : { mspId: through }),
  };
  const { answer } = must(await cast.invoke('OpenOwnRecords', input, by));
  return { ticketId: String(input['ticketId']), answer };
};

async function rewrite(objectType: string, parts: readonly string[], change: (entry: Record<string, unknown>) => object): Promise<void> {
  const { state } = stage().cast;
  const key = `\u0000${[objectType, ...parts].join('\u0000')}\u0000`;
  const entry = JSON.parse(state.dump(publicSpace).get(key) ?? '{}') as Record<string, unknown>;
  await state.apply([{ kind: 'put', space: publicSpace, key, value: Buffer.from(canonicalJson(change(entry))) }]);
}

const forbidEverybody = async ({ cast, patient }: Stage): Promise<void> => {
  const provisions = [{ provisionId: 'no', effect: 'deny', purposes: 'any', validFrom: cast.instant(-1) }];
  for (const mspId of HOSPITALS) {
    const grantee = { kind: 'organisation', mspId, name: 'all' };
    must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee, provisions }, patient));
  }
};
const retractAs =
  (reason: string) =>
  async ({ cast, patient: { pseudonym }, recordId }: Stage): Promise<void> => {
    must(await cast.invoke('RetractRecord', { pseudonym, recordId, previousVersion: 1, reason }, cast.staff(A, 'recordAdmin')));
  };

describe('a patient’s own record', () => {
  it.each<readonly [string, (stage: Stage) => Promise<unknown>]>([
    ['has said nothing', () => Promise.resolve()],
    ['has forbidden it to everybody', forbidEverybody],
    ['has suspended the relationship', suspendRelationship],
    [
      'has a relationship that is over',
      ({ patient: { pseudonym } }) => rewrite('relationship', [pseudonym, A], (entry) => ({ ...entry, state: 'terminated' })),
    ],
    [
      'has a record of the strictest label and level',
      ({ patient: { pseudonym }, recordId }) =>
        rewrite('record', [pseudonym, recordId], (entry) => ({ ...entry, confidentiality: 'V', dataLevel: 5 })),
    ],
  ])('is opened by a patient who %s', async (_what, before) => {
    const { patient, recordId } = stage();
    await before(stage());
    expect((await ask(patient, [recordId])).answer).toMatchObject({ decision: 'permit', provisionIds: ['own'], state: 'open' });
  });

  it.each(['entered-in-error', 'withdrawn-by-author', 'other'])(
    'is opened and marked when its hospital has retracted it: %s',
    async (reason) => {
      const { cast, patient, recordId } = stage();
      await retractAs(reason)(stage());
      const { ticketId, answer } = await ask(patient, [recordId]);
      expect(answer).toMatchObject({ decision: 'permit', retracted: [recordId] });
      const ticket = must(await cast.invoke('GetDecision', { ticketId }, { kind: 'member', msp: C })).answer;
      expect(ticket).toMatchObject({ recordVersions: [1], retracted: [recordId] });
    },
  );

  it('stands under a ticket that names the patient and the member that carried, and in the patient’s audit', async () => {
    const { cast, patient, recordId } = stage();
    const { ticketId } = await ask({ ...patient, carrier: B }, [recordId], B);
    const ticket = must(await cast.invoke('GetDecision', { ticketId }, { kind: 'member', msp: C })).answer;
    expect(ticket).toMatchObject({ actor: { kind: 'patient', mspId: B }, purpose: 'PATRQT', custodianMspId: A, recordVersions: [1] });
    expect(ticket).not.toHaveProperty('retracted');
  });

  it.each<readonly [string, (stage: Stage) => Promise<readonly string[]>, string]>([
    ['an id that is nobody’s', () => Promise.resolve(['nothing']), 'RECORD_NOT_OWN'],
    [
      'a record of another patient',
      async ({ cast }) => {
        const other = await cast.newPatient();
        await cast.relate(other);
        return [await cast.anchor(other)];
      },
      'RECORD_NOT_OWN',
    ],
    ['a pointer that is not there', () => Promise.resolve([`q${'A'.repeat(43)}`]), 'RECORD_NOT_OWN'],
    ['two that are nobody’s', () => Promise.resolve(['nothing', 'nothing-else']), 'RECORD_NOT_OWN'],
    [
      'one that was retracted as another person’s',
      async (on) => {
        await retractAs('wrong-patient')(on);
        return [on.recordId];
      },
      'RECORD_RETRACTED',
    ],
  ])('is denied, and the denial committed, of %s', async (_what, ids, reason) => {
    const { cast, patient } = stage();
    const recordIds = await ids(stage());
    const { ticketId, answer } = await ask(patient, recordIds);
    expect(answer).toEqual({ ticketId, decision: 'deny', reasons: [reason], provisionIds: [] });
    const lines = must(await cast.invoke('ListForPatient', { pseudonym: patient.pseudonym, limit: 100 }, patient)).answer;
    const line = { event: 'OwnRecordsDenied', ticketId, recordIds, reasons: [reason], decision: 'deny', purpose: 'PATRQT' };
    expect(lines?.['items']).toContainEqual(expect.objectContaining(line));
  });

  it('is opened beside one that is nobody’s, which is denied by itself', async () => {
    const { cast, patient, recordId } = stage();
    const { ticketId, answer } = await ask(patient, ['nothing', recordId]);
    const denied = [{ recordId: 'nothing', reasons: ['RECORD_NOT_OWN'] }];
    expect(answer).toMatchObject({ decision: 'permit', denied });
    const ticket = must(await cast.invoke('GetDecision', { ticketId }, { kind: 'member', msp: C })).answer;
    expect(ticket).toMatchObject({ decision: 'permit', recordIds: [recordId], recordVersions: [1], denied });
  });

  it('is looked for in two rounds of reads, by key alone: as many, whether it is there, another’s or nobody’s', async () => {
    const { cast, patient, recordId } = stage();
    const other = await cast.newPatient();
    await cast.relate(other);
    const asked = [recordId, await cast.anchor(other), 'nothing', `q${'A'.repeat(43)}`];
    for (const id of asked) {
      const from = cast.state.reads.length;
      await ask(patient, [id]);
      // who asks; the ticket and the record
      expect(cast.state.reads.slice(from).map((read) => read.keys.length)).toEqual([3, 2]);
    }
  });

  it.each(['proxy', 'assistance'])('is opened by no %s: they see the list and open nothing', async (who) => {
    const { cast, patient, recordId } = stage();
    if (who === 'proxy') {
      const proxy = await cast.appoint(patient, { scopes: ['cards', 'consents', 'relationships', 'view'] });
      expect(await cast.invoke('OpenOwnRecords', cast.ownInput(patient, [recordId]), proxy)).toMatchObject({
        code: 'BEYOND_DELEGATION',
        writes: 0,
      });
    }
    for (const role of ['registrar', 'clinician'])
      expect(await cast.invoke('OpenOwnRecords', cast.ownInput(patient, [recordId]), cast.staff(A, role))).toMatchObject({
        code: 'NOT_PERMITTED',
        writes: 0,
      });
  });
});

describe('a key for a patient’s own record', () => {
  const release = async (ticketId: string, recordId: string, as: string = A): Promise<unknown> => {
    const { cast } = stage();
    const input = { ticketId, recordId, releaseId: cast.id('rel'), sealedSha256: sha256Of('sealed') };
    const outcome = await cast.invoke('RecordKeyRelease', input, cast.staff(as, 'keyService'));
    expect(outcome.writes === 0).toBe(outcome.status !== 200);
    return outcome.status === 200 ? 'released' : outcome.details['obstacle'];
  };

  it.each<readonly [string, (stage: Stage) => Promise<unknown>]>([
    ['nothing has changed', () => Promise.resolve()],
    ['the patient has forbidden everything since', forbidEverybody],
    ['the relationship was suspended since', suspendRelationship],
    ['the record was retracted since', retractAs('entered-in-error')],
  ])('is released while %s', async (_when, change) => {
    const { patient, recordId } = stage();
    const { ticketId } = await ask(patient, [recordId]);
    await change(stage());
    expect(await release(ticketId, recordId)).toBe('released');
  });

  it.each<readonly [string, string, (stage: Stage, ticketId: string) => Promise<unknown>]>([
    ['after its fifteen minutes', 'expired', ({ cast }) => Promise.resolve((cast.now += 900_000))],
    [
      'after the patient has closed it',
      'closed',
      async ({ cast, patient }, ticketId) => must(await cast.invoke('CloseTicket', { ticketId }, patient)),
    ],
    [
      'after the record was amended',
      'record-changed',
      async ({ cast, patient, recordId }) =>
        must(await cast.invoke('AmendRecord', cast.amendment(patient.pseudonym, recordId), cast.staff(A, 'recordAdmin'))),
    ],
    ['after the record was retracted as another person’s', 'consent-changed', retractAs('wrong-patient')],
    [
      'after the patient has died',
      'asker-revoked',
      ({ patient: { pseudonym } }) => rewrite('pseudonym', [pseudonym], (entry) => ({ ...entry, isDeceased: true })),
    ],
    [
      'after somebody else has got the pseudonym’s key',
      'asker-revoked',
      ({ cast, patient: { pseudonym } }) => rewrite('pseudonym', [pseudonym], (entry) => ({ ...entry, recoveredAt: cast.instant() })),
    ],
  ])('is not released %s', async (_when, obstacle, change) => {
    const { patient, recordId } = stage();
    const { ticketId } = await ask(patient, [recordId]);
    await change(stage(), ticketId);
    expect(await release(ticketId, recordId)).toBe(obstacle);
  });

  it('is not released to a member that has left the consortium, whose node carried the command', async () => {
    const { patient, recordId } = stage();
    const { ticketId } = await ask({ ...patient, carrier: B }, [recordId], B);
    await rewrite('organisation', [B], (entry) => ({ ...entry, status: 'suspended' }));
    expect(await release(ticketId, recordId)).toBe('asker-revoked');
  });

  it('is not released of another record, nor by another hospital’s key service', async () => {
    const { cast, patient, recordId } = stage();
    const other = await cast.anchor(patient);
    const { ticketId } = await ask(patient, [recordId]);
    expect(await release(ticketId, other)).toBe('other-record');
    expect(await release(ticketId, recordId, B)).toBe('other-custodian');
  });

  it('is not released on a denial', async () => {
    const { patient, recordId } = stage();
    const { ticketId } = await ask(patient, ['nothing']);
    expect(await release(ticketId, recordId)).toBe('denied');
  });

  it('is noted as nobody’s any more by the recovery itself', async () => {
    const { cast, patient } = stage();
    const { key, comesBack } = await coolingOff(stage());
    cast.now += 48 * HOUR;
    const at = cast.instant();
    must(await cast.invoke('CompleteRecovery', key, comesBack));
    const entry = must(await cast.invoke('GetPseudonym', { pseudonym: patient.pseudonym }, { kind: 'member', msp: C })).answer;
    expect(entry).toMatchObject({ recoveredAt: at });
  });
});

describe('a child’s record', () => {
  const delegateOf = async (basis: string): Promise<Delegate> => {
    const { cast, patient } = stage();
    const delegate = await cast.appoint(patient, { scopes: ['consents'], validUntil: cast.instant(600_000) });
    await rewrite('delegation', [patient.pseudonym, delegate.delegationId], (entry) => ({ ...entry, basis }));
    if (basis === 'parent') await rewrite('pseudonym', [patient.pseudonym], (entry) => ({ ...entry, kind: 'assisted' }));
    return delegate;
  };

  it.each(['parent', 'court'])('is opened by a %s, whose ticket ends with what they act by', async (basis) => {
    const { cast, recordId } = stage();
    const delegate = await delegateOf(basis);
    const until = cast.instant(600_000);
    const { ticketId, answer } = await ask(delegate, [recordId]);
    expect(answer).toMatchObject({ decision: 'permit', expiresAt: until });
    const ticket = must(await cast.invoke('GetDecision', { ticketId }, { kind: 'member', msp: C })).answer;
    expect(ticket).toMatchObject({ actor: { kind: 'delegate', delegationId: delegate.delegationId } });
    const input = { ticketId, recordId, releaseId: 'rel', sealedSha256: sha256Of('sealed') };
    await rewrite('delegation', [delegate.pseudonym, delegate.delegationId], (entry) => ({ ...entry, state: 'ended' }));
    expect(await cast.invoke('RecordKeyRelease', input, cast.staff(A, 'keyService'))).toMatchObject({
      code: 'TICKET_CLOSED',
      details: { obstacle: 'asker-revoked' },
      writes: 0,
    });
  });
});

import { transactions } from '@lianyi/domain';
import { implicitCollection, publicSpace } from '../ledger/state';
import { A, B, must, type Stage } from './cast.fixture';
import { useStage } from './stage.fixture';
import { type Patient } from './consortium.fixture';
import { names, samples } from './requests.fixture';

const stage = useStage();

describe('the same request again', () => {
  const repeatable = [
    'RegisterPatient',
    'IssueCard',
    'RegisterOrganisation',
    'RegisterStaff',
    'ProposeRelationship',
    'AnchorRecord',
    'AmendRecord',
    'RetractRecord',
    'RequestAccess',
    'RecordKeyRelease',
  ] as const;

  it.each(repeatable)('%s: is the same answer, and nothing is written twice', async (name) => {
    const { cast } = stage();
    const { input, as, bend } = await samples[name].prepare(stage());
    const first = must(await cast.invoke(name, input, as, bend));
    cast.now += 60_000;
    const again = must(await cast.invoke(name, input, as, bend));
    expect(again.answer).toEqual(first.answer);
    expect(again).toMatchObject({ writes: 0, events: [] });
  });

  it.each(['PutEnvelope', 'LinkIdentifier'] as const)(
    '%s: is the same answer, and the same is written, since an owner’s transaction that writes nothing is invalid',
    async (name) => {
      const { cast } = stage();
      const { input, as, bend } = await samples[name].prepare(stage());
      const first = must(await cast.invoke(name, input, as, bend));
      // each time has a line of its own
      const kept = (): readonly unknown[] =>
        [...cast.state.dump({ kind: 'private', ownerMspId: A })].filter(([key]) => !key.startsWith('\u0000ownLine\u0000'));
      const state = kept();
      const again = must(await cast.invoke(name, input, as, bend));
      expect(again).toMatchObject({ answer: first.answer, written: samples[name].written, events: [] });
      expect(kept()).toEqual(state);
    },
  );

  it.each(['RegisterPatient', 'AnchorRecord'] as const)('%s: is refused to a colleague, who did not ask', async (name) => {
    const { cast } = stage();
    const { input, as, bend } = await samples[name].prepare(stage());
    must(await cast.invoke(name, input, as, bend));
    const { input: hired, staff } = cast.staffInput([name === 'AnchorRecord' ? 'recordAdmin' : 'registrar']);
    must(await cast.invoke('RegisterStaff', hired, cast.admin(A)));
    expect(await cast.invoke(name, input, staff(A), bend)).toMatchObject({ code: 'ALREADY_EXISTS', writes: 0 });
  });

  it('keeps the first answer to a request for access, although it would be decided otherwise now', async () => {
    const { cast, patient, recordId } = stage();
    const input = cast.accessInput(patient, [recordId], cast.staff(B, 'clinician'));
    const clinician = cast.staff(B, 'clinician');
    const first = must(await cast.invoke('RequestAccess', input, clinician));
    must(
      await cast.invoke(
        'GrantPolicy',
        { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions: [cast.permit()] },
        patient,
      ),
    );
    expect(must(await cast.invoke('RequestAccess', input, clinician)).answer).toEqual(first.answer);
  });
});

describe('asking for what does not exist', () => {
  /** What somebody sees and what a peer records: the answer but for its ticket, the write set, the sizes of the reads. */
  const traceOf = async (as: (stage: Stage) => Patient, recordId: string): Promise<object> => {
    const { cast } = stage();
    const patient = as(stage());
    const reads = cast.state.reads.length;
    const by = cast.staff(B, 'clinician');
    // one nonce, so one ticket id: an answer names its ticket
    const input = cast.accessInput(patient, [recordId], by, cast.nonce('the same for both'));
    const outcome = must(await cast.invoke('RequestAccess', input, by, { txId: 'tx-x' }));
    const pattern = cast.state.reads.slice(reads).map((read) => read.keys.map((key) => key.split('\u0000')[1]));
    cast.state = cast.state.fork();
    return { answer: outcome.answer, written: outcome.written, events: outcome.events.map((event) => event['name']), pattern };
  };

  it('answers and reads as for a record without consent, and leaves nothing in a patient’s audit', async () => {
    const { recordId, patient } = stage();
    const before = stage().cast.state.fork();
    const withoutConsent = await traceOf((now) => now.patient, recordId);
    expect(withoutConsent).toMatchObject({
      answer: { decision: 'deny', reasons: ['NO_CONSENT'] },
      written: ['access', 'accessEvent'],
      events: ['AccessDenied'],
    });
    stage().cast.state = before.fork();
    const unaudited = { ...withoutConsent, written: ['access'] };
    expect(await traceOf((now) => now.patient, 'no-such-record')).toEqual(unaudited);
    stage().cast.state = before.fork();
    expect(await traceOf(() => ({ ...patient, pseudonym: 'nobody' }), recordId)).toEqual(unaudited);
  });

  it('denies it beside a record that is permitted, by itself', async () => {
    const { cast, patient, recordId } = stage();
    must(
      await cast.invoke(
        'GrantPolicy',
        { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions: [cast.permit()] },
        patient,
      ),
    );
    const input = cast.accessInput(patient, [recordId, 'no-such-record'], cast.staff(B, 'clinician'));
    expect(must(await cast.invoke('RequestAccess', input, cast.staff(B, 'clinician'))).answer).toMatchObject({
      decision: 'permit',
      denied: [{ recordId: 'no-such-record', reasons: ['NO_CONSENT'] }],
    });
  });
});

describe('reads', () => {
  it('of a decision are two rounds, by key alone, however many records and sources', async () => {
    const { cast, patient, recordId } = stage();
    const from = cast.state.reads.length;
    const scan = jest.spyOn(cast.state, 'scan');
    must(await cast.invoke('RequestAccess', cast.accessInput(patient, [recordId], cast.staff(B, 'clinician')), cast.staff(B, 'clinician')));
    // who asks, the ticket and the record; four grants and what was taken of each, the relationship, two parameters and the approval
    expect(cast.state.reads.slice(from).map((read) => read.keys.length)).toEqual([5, 12]);
    expect(scan).not.toHaveBeenCalled();
  });

  it('of a decision that is made again are two rounds, the ticket and all that it leads to; a third of who has another department besides', async () => {
    const { cast, patient, recordId } = stage();
    const granted = { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions: [cast.permit()] };
    must(await cast.invoke('GrantPolicy', granted, patient));
    const readsOf = async (departments: readonly string[]): Promise<readonly number[]> => {
      const { input, staff } = cast.staffInput(['clinician']);
      must(await cast.invoke('RegisterStaff', { ...input, departments }, cast.admin(B)));
      const request = cast.accessInput(patient, [recordId], staff(B));
      must(await cast.invoke('RequestAccess', request, staff(B)));
      const from = cast.state.reads.length;
      const { answer } = must(await cast.invoke('GetTicketStanding', { ticketId: request['ticketId'] }, { kind: 'member', msp: A }));
      expect(answer).not.toHaveProperty('obstacle');
      return cast.state.reads.slice(from).map((read) => read.keys.length);
    };
    // their entry and hospital, the record; four grants, the relationship, two parameters and the approval
    expect(await readsOf(['cardiology'])).toEqual([1, 11]);
    expect(await readsOf(['cardiology', 'oncology'])).toEqual([1, 11, 1]);
  });

  it('of a what-if are the two of a request; of a record, by whoever signs for it, one', async () => {
    const { cast, patient, recordId } = stage();
    const doctor = cast.staff(B, 'clinician');
    const from = cast.state.reads.length;
    must(await cast.invoke('ExplainAccess', cast.explainInput(patient, recordId, doctor), patient));
    must(await cast.invoke('GetRecord', { pseudonym: patient.pseudonym, recordId }, doctor));
    expect(cast.state.reads.slice(from).map((read) => read.keys.length)).toEqual([6, 12, 4]);
  });

  it.each(names.filter((name) => transactions[name].kind === 'submit'))('of %s are never a scan', async (name) => {
    const { cast } = stage();
    const { input, as, bend } = await samples[name].prepare(stage());
    const scan = jest.spyOn(cast.state, 'scan');
    must(await cast.invoke(name, input, as, bend));
    expect(scan).not.toHaveBeenCalled();
  });

  it.each(names.filter((name) => transactions[name].kind === 'submit'))('of %s cover whatever it writes over', async (name) => {
    const { cast } = stage();
    const { input, as, bend } = await samples[name].prepare(stage());
    const from = cast.state.reads.length;
    const applied = cast.state.applied.length;
    must(await cast.invoke(name, input, as, bend));
    const read = new Set(cast.state.reads.slice(from).flatMap(({ collection, keys }) => keys.map((key) => collection + key)));
    const written = cast.state.applied.slice(applied).flat();
    // a line's key holds the transaction's own id; that of a policy's earlier version the version of the entry that is written over, and read
    const appended = ['accessEvent', 'ownLine', 'replacedGrant'].map((objectType) => `\u0000${objectType}\u0000`);
    const blind = written.filter(
      ({ kind, key, space }) =>
        kind === 'put' &&
        !appended.some((prefix) => key.startsWith(prefix)) &&
        !read.has((space.kind === 'private' ? implicitCollection(space.ownerMspId) : '') + key),
    );
    expect(blind.map(({ key }) => key)).toEqual([]);
  });

  it('report a stored value that no longer fits as the operator’s matter', async () => {
    const { cast, patient } = stage();
    const [key = ''] = [...cast.state.dump(publicSpace).keys()].filter((at) => at.startsWith(`\u0000pseudonym\u0000${patient.pseudonym}`));
    for (const value of ['{"schemaVersion":2}', 'no json', '\ud800']) {
      await cast.state.apply([{ kind: 'put', space: publicSpace, key, value: Buffer.from(value) }]);
      expect((await cast.invoke('GetPseudonym', { pseudonym: patient.pseudonym }, { kind: 'member', msp: A })).code).toBe('CORRUPT_STATE');
    }
  });
});

describe('faults', () => {
  it.each([
    ['a read', 'readMany'],
    ['the flush', 'apply'],
  ] as const)('of %s fail the transaction with a constant text and no event', async (_what, method) => {
    const { cast } = stage();
    const { input, as } = await samples.RegisterPatient.prepare(stage());
    const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    jest.spyOn(cast.state, method).mockRejectedValue(new Error(`GET_STATE failed: secret of ${String(input['pseudonym'])}`));
    const outcome = await cast.invoke('RegisterPatient', input, as);
    expect(outcome).toMatchObject({
      status: 500,
      code: undefined,
      events: [],
      message: 'the chaincode failed; its operator finds the fault in the log',
    });
    const logged = stderr.mock.calls.map(([text]) => String(text)).join('');
    stderr.mockRestore();
    expect(logged).toContain('at ');
    expect(logged).not.toContain('secret');
  });
});

describe('determinism', () => {
  it.each(names)('%s: two processes with one state, time and transaction id write and answer the same bytes', async (name) => {
    const { cast } = stage();
    const { input, as, bend } = await samples[name].prepare(stage());
    const state = cast.state.fork();
    const argument = cast.argument(name, input, as, bend);
    const run = async (): Promise<unknown> => {
      cast.state = state.fork();
      const outcome = await cast.invoke(name, input, as, { ...bend, argument, txId: 'tx-1', keepKey: true });
      return {
        message: outcome.message,
        answer: outcome.answer,
        events: outcome.events,
        state: [...cast.state.dump(publicSpace)],
        own: [...cast.state.dump({ kind: 'private', ownerMspId: A })],
      };
    };
    expect(await run()).toEqual(await run());
  });
});

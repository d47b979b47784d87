import { publicSpace } from '../ledger/state';
import { A, B, C, type Cast, must, type Stage } from './cast.fixture';
import { returnTo, useStage } from './stage.fixture';
import { type As, type Outcome, sha256Of, type Staff } from './consortium.fixture';
import { coolingOff, HOUR } from './recovery-steps.fixture';
import { names, samples } from './requests.fixture';
import { ticket } from './sample.fixture';

const stage = useStage();
type Json = Readonly<Record<string, unknown>>;

const ask = async ({ cast, patient, recordId }: Stage, by: Staff): Promise<Outcome> =>
  cast.invoke('RequestAccess', cast.accessInput(patient, [recordId], by), by);
const decision = async (on: Stage, by: Staff): Promise<unknown> => must(await ask(on, by)).answer?.['decision'];
const grant = async ({ cast, patient: { pseudonym }, patient }: Stage, msp: string, permit: Json = {}): Promise<unknown> =>
  must(await cast.invoke('GrantPolicy', { pseudonym, grantee: cast.cardiologyOf(msp), provisions: [cast.permit(permit)] }, patient));
/** Refused with a code, without a write and without a word to anybody. */
const expectRefused = (outcome: Outcome, code: unknown = expect.any(String)): void => {
  expect(outcome).toMatchObject({ status: 500, code, writes: 0, events: [] });
};

/**
 * The nine defects that a reader finds in the code of MedRec 2.0 (github.com/mitmedialab/medrec, 3e63800), the best known system of this
 * kind. The ninth also misses an emergency and a research path, which this chaincode does not have yet.
 */
describe('the defects of MedRec', () => {
  describe('1: a permission that is stored, and asked by nobody', () => {
    it.each([
      ['a millisecond before it begins', { validFrom: 1_000, validUntil: 2_000 }, 999, 'deny'],
      ['at its first instant', { validFrom: 1_000, validUntil: 2_000 }, 1_000, 'permit'],
      ['in its last millisecond', { validFrom: 1_000, validUntil: 2_000 }, 1_999, 'permit'],
      ['at its end', { validFrom: 1_000, validUntil: 2_000 }, 2_000, 'deny'],
    ])('is asked with every request: %s', async (_when, { validFrom, validUntil }, offset, expected) => {
      const { cast } = stage();
      await grant(stage(), B, { validFrom: cast.instant(validFrom), validUntil: cast.instant(validUntil) });
      cast.now += offset;
      expect(await decision(stage(), cast.staff(B, 'clinician'))).toBe(expected);
    });

    it('ends with its time also for who has asked before: no key is released', async () => {
      const { cast, recordId } = stage();
      await grant(stage(), B, { validUntil: cast.instant(60_000) });
      const clinician = cast.staff(B, 'clinician');
      const input = cast.accessInput(stage().patient, [recordId], clinician);
      must(await cast.invoke('RequestAccess', input, clinician));
      cast.now += 60_000;
      const release = { ticketId: input['ticketId'], recordId, releaseId: 'rel', sealedSha256: sha256Of('sealed') };
      expectRefused(await cast.invoke('RecordKeyRelease', release, cast.staff(A, 'keyService')), 'TICKET_CLOSED');
    });
  });

  it('2: things that are kept, and used by nobody: each kind of entry is read by a transaction that does not write it', async () => {
    const written = new Set<string>();
    const used = new Set<string>();
    const toBeginning = returnTo(stage());
    for (const name of names) {
      toBeginning();
      const read = await entriesReadBy(name);
      for (const kind of samples[name].written) written.add(kind);
      for (const kind of read) if (!samples[name].written.some((each) => each === kind)) used.add(kind);
    }
    // marks that let a thing happen once, or so often: the transaction that writes one refuses, or denies, when it is there
    const marks = ['cardTokenUse', 'staffKey', 'accessUse'];
    expect([...written].map(bareKind).filter((kind) => !used.has(kind))).toEqual(marks);
  });

  /** The kinds of entries that the valid request of a transaction reads or lists. */
  async function entriesReadBy(name: (typeof names)[number]): Promise<readonly string[]> {
    const { cast } = stage();
    const { input, as, bend } = await samples[name].prepare(stage());
    const before = cast.state.reads.length;
    const listed = jest.spyOn(cast.state, 'scan');
    must(await cast.invoke(name, input, as, bend));
    const kinds = listed.mock.calls.map(([{ objectType }]) => objectType);
    listed.mockRestore();
    return [...kinds, ...cast.state.reads.slice(before).flatMap(({ keys }) => keys.map((key) => key.split('\u0000')[1] ?? ''))];
  }
  const bareKind = (written: string): string => written.replace(/^[^/]+\//, '').replace(/^\w+ /, '');

  describe('3: what is another’s is changed by anybody', () => {
    const strangers = ({ cast }: Stage): readonly As[] => [
      cast.staff(C, 'registrar'),
      cast.admin(B),
      cast.admin(A),
      cast.staff(A, 'nurse'),
    ];

    it('is not so for who acts for a patient: neither stopped nor appointed by others', async () => {
      const { cast, patient } = stage();
      const { delegationId } = await cast.appoint(patient);
      const other = await cast.newPatient();
      for (const as of [...strangers(stage()), other]) {
        expectRefused(await cast.invoke('EndDelegation', { pseudonym: patient.pseudonym, delegationId }, as));
        expectRefused(await cast.invoke('AppointDelegate', cast.delegation(patient).input, as));
      }
    });

    it('is not so for a member’s place: another’s administrator changes their own', async () => {
      const { cast } = stage();
      const endpoints = async (): Promise<unknown> =>
        must(await cast.invoke('ListEndpoints', { mspId: A, limit: 100 }, { kind: 'member', msp: C })).answer;
      const before = await endpoints();
      await cast.invoke('UpdateEndpoint', { ...cast.endpointInput(B), host: 'elsewhere.example' }, cast.admin(B));
      expectRefused(await cast.invoke('UpdateEndpoint', cast.endpointInput(A), cast.staff(A, 'clinician')));
      expect(await endpoints()).toEqual(before);
    });
  });

  it('4: to remove somebody unknown removes the last: the others stay', async () => {
    const { cast, patient } = stage();
    const { pseudonym } = patient;
    const appointed = [await cast.appoint(patient), await cast.appoint(patient)];
    expectRefused(await cast.invoke('EndDelegation', { pseudonym, delegationId: 'nobody' }, patient), 'NOT_FOUND');
    for (const { delegationId } of appointed) {
      const { answer } = must(await cast.invoke('GetDelegation', { pseudonym, delegationId }, { kind: 'member', msp: C }));
      expect(answer).toMatchObject({ state: 'active' });
    }
  });

  describe('5: a signature covers a time and nothing else', () => {
    it('is not so: it cannot be carried with another input, for another transaction, nor a second time', async () => {
      const { cast, patient } = stage();
      const input = { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions: [cast.permit()] };
      const argument = cast.argument('GrantPolicy', input, patient);
      const { proof } = JSON.parse(argument) as { proof: unknown };
      const moved = JSON.stringify({ input: { ...input, grantee: cast.cardiologyOf(C) }, proof });
      expectRefused(await cast.invoke('GrantPolicy', input, patient, { argument: moved }), 'PROOF_MISMATCH');
      const used = JSON.stringify({ input: { pseudonym: patient.pseudonym }, proof });
      expectRefused(await cast.invoke('RotateKey', { pseudonym: patient.pseudonym }, patient, { argument: used }), 'PROOF_MISMATCH');
      must(await cast.invoke('GrantPolicy', input, patient, { argument }));
      expectRefused(await cast.invoke('GrantPolicy', input, patient, { argument }), 'STALE_KEY');
    });

    it.each([300_000, 600_000])('is not so for staff: %i ms later the same words are refused', async (millis) => {
      const { cast, patient, recordId } = stage();
      const clinician = cast.staff(A, 'clinician');
      const input = cast.accessInput(patient, [recordId], clinician);
      const argument = cast.argument('RequestAccess', input, clinician);
      cast.now += millis;
      expectRefused(await cast.invoke('RequestAccess', input, clinician, { argument }), 'TIME_SKEW');
    });
  });

  it('6: who has lost the key needs it to get another: guardians vouch, and all that was kept goes on under the new key', async () => {
    const { cast, patient } = stage();
    await grant(stage(), B);
    const { key, comesBack } = await coolingOff(stage());
    cast.now += 48 * HOUR;
    must(await cast.invoke('CompleteRecovery', key, comesBack));
    expectRefused(await cast.invoke('RotateKey', { pseudonym: patient.pseudonym }, patient), 'STALE_KEY');
    const revoke = { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), previousVersion: 1 };
    must(await cast.invoke('RevokePolicy', revoke, comesBack));
    expect(await decision(stage(), cast.staff(B, 'clinician'))).toBe('deny');
  });

  it.each([
    ['the first', B, C],
    ['the last', C, B],
  ])('7: a permission that was removed stays: removing %s ends that one, and no other', async (_which, removed, kept) => {
    const { cast, patient } = stage();
    for (const msp of [B, C]) await grant(stage(), msp);
    const revoke = { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(removed), previousVersion: 1 };
    must(await cast.invoke('RevokePolicy', revoke, patient));
    expect(await decision(stage(), cast.staff(removed, 'clinician'))).toBe('deny');
    expect(await decision(stage(), cast.staff(kept, 'clinician'))).toBe('permit');
    const { answer } = must(await cast.invoke('ListPolicies', { pseudonym: patient.pseudonym, limit: 10 }, patient));
    const states = (answer?.['items'] as { grantee: { mspId: string }; state: string }[]).map(({ grantee, state }) => [
      grantee.mspId,
      state,
    ]);
    expect(new Map(states as [string, string][])).toEqual(
      new Map([
        [removed, 'revoked'],
        [kept, 'active'],
      ]),
    );
  });

  describe('8: an index past the end stops the server, and queries are glued from text', () => {
    it.each([
      ['no record', () => []],
      ['a record that is not there', () => ['nothing']],
      ['one record twice', ({ recordId }: Stage) => [recordId, recordId]],
      ['a hundred records', () => Array.from({ length: 100 }, (_none, index) => `record-${index}`)],
    ])('is a refusal or a denial for %s', async (_what, recordIds) => {
      const { cast, patient } = stage();
      const clinician = cast.staff(B, 'clinician');
      const outcome = await cast.invoke('RequestAccess', cast.accessInput(patient, recordIds(stage()), clinician), clinician);
      if (outcome.status === 200) expect(outcome.answer).toMatchObject({ decision: 'deny' });
      else expectRefused(outcome);
    });

    it.each(['results; drop table results', 'results where 1=1', '"results"', 'results--', ''])(
      'is no way into a custodian’s database: a template with %j for a name is refused',
      async (text) => {
        const { cast } = stage();
        const { input, as } = await samples.ProposeQueryTemplate.prepare(stage());
        for (const bent of [
          { view: text },
          { columns: [{ name: text, type: 'text' }] },
          { conditions: [{ column: text, is: 'equal', parameter: 'patient' }] },
          { conditions: [{ column: 'patient_number', is: text, parameter: 'patient' }] },
        ]) {
          expectRefused(await cast.invoke('ProposeQueryTemplate', { ...input, ...bent }, as), 'INVALID_REQUEST');
        }
      },
    );
  });

  describe('9: nothing says whether what was read is what was written, nor who has read', () => {
    const pathsOf = (cast: Cast): string => [...cast.state.dump(publicSpace).values()].join('\n');

    it.each(['cipherSha256', 'contentCommitment', 'dekCommitment'])('is not so: no record is anchored without its %s', async (field) => {
      const { cast, patient } = stage();
      const { [field]: hash, ...input } = cast.recordInput(A, patient.pseudonym);
      expect(hash).toBeDefined();
      expectRefused(await cast.invoke('AnchorRecord', input, cast.staff(A, 'recordAdmin')), 'INVALID_REQUEST');
      must(await cast.invoke('AnchorRecord', { ...input, [field]: hash }, cast.staff(A, 'recordAdmin')));
      expect(pathsOf(cast)).toContain(String(hash));
    });

    it('is not so: each key that was given is a line that the patient reads, with who, when and under which ticket', async () => {
      const { cast, patient, recordId } = stage();
      const ticketId = await ticket(stage());
      for (const releaseId of ['rel-1', 'rel-2']) {
        const release = { ticketId, recordId, releaseId, sealedSha256: sha256Of('sealed') };
        must(await cast.invoke('RecordKeyRelease', release, cast.staff(A, 'keyService')));
      }
      const { answer } = must(await cast.invoke('ListForPatient', { pseudonym: patient.pseudonym, limit: 100 }, patient));
      const given = (answer?.['items'] as Json[]).filter(({ event }) => event === 'KeyReleased');
      expect(given).toEqual(Array(2).fill(expect.objectContaining({ ticketId, at: cast.instant() })));
    });

    it('is not so: no pointer is added without a commitment to what its query must give', async () => {
      const { input, as } = await samples.AddPointer.prepare(stage());
      const { resultCommitment, ...bare } = input;
      expectRefused(await stage().cast.invoke('AddPointer', bare, as), 'INVALID_REQUEST');
      must(await stage().cast.invoke('AddPointer', { ...bare, resultCommitment }, as));
    });
  });
});

import { publicSpace } from '../ledger/state';
import { A, B, C, must } from './cast.fixture';
import { useStage } from './stage.fixture';
import { envelopeSecret } from './sample.fixture';
import { manyGrantees, suspendRelationship } from './refusal-case.fixture';

const stage = useStage();

const auditLines = (pseudonym: string): number =>
  [...stage().cast.state.dump(publicSpace).keys()].filter((key) => key.startsWith(`\u0000accessEvent\u0000${pseudonym}`)).length;

describe('a question about a patient', () => {
  const ask = async (recordIds: readonly string[], pseudonym = stage().patient.pseudonym): Promise<number> => {
    const { cast, patient } = stage();
    const before = auditLines(pseudonym);
    const asker = cast.staff(B, 'clinician');
    const input: Readonly<Record<string, unknown>> = { ...cast.accessInput(patient, recordIds, asker), pseudonym };
    const { answer } = must(await cast.invoke('RequestAccess', input, asker));
    expect(answer).toMatchObject({ decision: 'deny' });
    const found = must(await cast.invoke('GetDecision', { ticketId: input['ticketId'] }, { kind: 'member', msp: C }));
    expect(found.answer).toMatchObject({ decision: 'deny' });
    return auditLines(pseudonym) - before;
  };

  it('that is denied stands in their audit', async () => {
    expect(await ask([stage().recordId])).toBe(1);
  });

  it('that is denied because they suspended the relationship stands in their audit too', async () => {
    await suspendRelationship(stage());
    expect(await ask([stage().recordId])).toBe(1);
  });

  it('stands in their audit once, whatever else it asks for', async () => {
    expect(await ask([stage().recordId, 'no-such-record'])).toBe(1);
  });

  it.each<[string, () => Promise<number>]>([
    ['about a record that does not exist', () => ask(['no-such-record'])],
    ['about sixteen of them', () => ask(Array.from({ length: 16 }, (_, index) => `no-record-${index}`))],
    ['about a pseudonym that nobody has', () => ask([stage().recordId], 'nobody')],
  ])('%s stands under the asker’s ticket only', async (_what, asking) => {
    expect(await asking()).toBe(0);
  });
});

describe('a key that is kept before its record is anchored', () => {
  const put = async (recordId: string, keyEpoch: number, title: string): Promise<string | undefined> => {
    const { cast, patient } = stage();
    const transient = { ...envelopeSecret(), details: { title } };
    const input = { pseudonym: patient.pseudonym, recordId, keyEpoch };
    return (await cast.invoke('PutEnvelope', input, cast.staff(A, 'keyService'), { transient })).code;
  };
  const kept = (): string => [...stage().cast.state.dump({ kind: 'private', ownerMspId: A }).values()].join();

  it('gives way to another one', async () => {
    expect(await put('to-come', 1, 'first')).toBeUndefined();
    expect(await put('to-come', 1, 'second')).toBeUndefined();
    expect(kept()).toContain('second');
    expect(kept()).not.toContain('first');
  });

  it('gives way for the next version too, and the one in use stays', async () => {
    const { recordId } = stage();
    expect(await put(recordId, 1, 'in use')).toBeUndefined();
    expect(await put(recordId, 2, 'first')).toBeUndefined();
    expect(await put(recordId, 2, 'second')).toBeUndefined();
    expect(await put(recordId, 1, 'another')).toBe('ALREADY_EXISTS');
    expect(kept()).toContain('in use');
    expect(kept()).not.toContain('another');
  });
});

describe('an organisation’s endpoints', () => {
  const update = async (endpointId: string, msp: string = B): Promise<string | undefined> => {
    const { cast } = stage();
    return (await cast.invoke('UpdateEndpoint', { ...cast.endpointInput(msp), endpointId }, cast.admin(msp))).code;
  };

  it('are sixteen at most; those there are can be changed, and others are not counted', async () => {
    for (let count = 2; count <= 16; count += 1) expect(await update(`vault-${count}`)).toBeUndefined();
    expect(await update('vault-17')).toBe('LIMIT_REACHED');
    expect(await update('vault-16')).toBeUndefined();
    expect(await update('vault-2', C)).toBeUndefined();
  });
});

describe('a grant', () => {
  const grantTo = async (grantee: object, effects: readonly string[] = ['permit']): Promise<string | undefined> => {
    const { cast, patient } = stage();
    const provisions = effects.map((effect) => ({ ...cast.permit(), effect }));
    const input = { pseudonym: patient.pseudonym, grantee, provisions };
    return (await cast.invoke('GrantPolicy', input, patient)).code;
  };

  it('to the same grantee after a revocation counts once', async () => {
    const { cast, patient } = stage();
    const grantee = cast.cardiologyOf(B);
    expect(await grantTo(grantee)).toBeUndefined();
    must(await cast.invoke('RevokePolicy', { pseudonym: patient.pseudonym, grantee, previousVersion: 1 }, patient));
    expect(await grantTo(grantee)).toBeUndefined();
    const { answer } = await cast.invoke('GetPseudonym', { pseudonym: patient.pseudonym }, { kind: 'member', msp: C });
    expect(answer).toMatchObject({ grantees: 1 });
  });

  it.each([
    ['permits has a place up to the 256th', 255, ['permit'], undefined],
    ['permits has none after that', 256, ['permit'], 'LIMIT_REACHED'],
    ['permits among prohibitions has none after that', 256, ['deny', 'permit'], 'LIMIT_REACHED'],
    ['only forbids has one still', 256, ['deny'], undefined],
    ['only forbids in several ways has one still', 700, ['deny', 'deny'], undefined],
    ['only forbids has one up to the 1,024th', 1_023, ['deny'], undefined],
    ['only forbids has none after that', 1_024, ['deny'], 'LIMIT_REACHED'],
  ])('that %s', async (_what, grantees, effects, refusal) => {
    const { cast, patient } = stage();
    await manyGrantees(cast, patient.pseudonym, grantees);
    expect(await grantTo(cast.cardiologyOf(B), effects)).toBe(refusal);
  });

  it.each([
    ['has a place up to the 128th', 127, ['permit'], undefined],
    ['has none after that, which are the patient’s', 128, ['permit'], 'LIMIT_REACHED'],
    ['only forbids and has one still', 128, ['deny'], undefined],
    ['only forbids and has one up to the 512th', 511, ['deny'], undefined],
    ['only forbids and has none after that', 512, ['deny'], 'LIMIT_REACHED'],
  ])('that a delegate makes %s', async (_what, grantees, effects, refusal) => {
    const { cast, patient } = stage();
    const delegate = await cast.appoint(patient);
    await manyGrantees(cast, patient.pseudonym, grantees + 7, grantees);
    const provisions = effects.map((effect) => ({ ...cast.permit(), effect }));
    const input = { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions };
    expect((await cast.invoke('GrantPolicy', input, delegate)).code).toBe(refusal);
    if (refusal !== undefined) expect(await grantTo(cast.cardiologyOf(B), effects)).toBeUndefined();
  });

  it('has its place whatever those who act for the patient have granted, and theirs whatever the patient has', async () => {
    const { cast, patient } = stage();
    const delegate = await cast.appoint(patient);
    await manyGrantees(cast, patient.pseudonym, 512 + 255, 512);
    expect(await grantTo(cast.cardiologyOf(B))).toBeUndefined();
    await manyGrantees(cast, patient.pseudonym, 1_024 + 127, 127);
    const input = { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(C), provisions: [cast.permit()] };
    must(await cast.invoke('GrantPolicy', input, delegate));
    const { answer } = await cast.invoke('GetPseudonym', { pseudonym: patient.pseudonym }, { kind: 'member', msp: C });
    expect(answer).toMatchObject({ grantees: 1_024 + 128, granteesByOthers: 128 });
  });

  it('to somebody new that forbids goes through for who has granted 256 their reading, and is changed and taken back like any', async () => {
    const { cast, patient } = stage();
    await manyGrantees(cast, patient.pseudonym, 256);
    const grantee = cast.cardiologyOf(B);
    expect(await grantTo(grantee, ['deny'])).toBeUndefined();
    must(await cast.invoke('RevokePolicy', { pseudonym: patient.pseudonym, grantee, previousVersion: 1 }, patient));
    expect(await grantTo(grantee, ['deny'])).toBeUndefined();
  });
});

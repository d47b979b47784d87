import { B, C, must, type Stage } from './cast.fixture';
import { type Staff } from './consortium.fixture';
import {
  agree,
  agreed,
  agreementOf,
  answering,
  DAY_MS,
  decline,
  keyOf,
  ofAnotherDepartment,
  proposed,
  recall,
  receiver,
  withdrawal,
} from './referral-sample.fixture';
import { useStage } from './stage.fixture';

describe('what a referral opens', () => {
  const stage = useStage();
  const ask = async (by: Staff, recordIds: readonly string[] = [stage().recordId]) => {
    const { cast, patient } = stage();
    return must(await cast.invoke('RequestAccess', cast.accessInput(patient, recordIds, by), by)).answer;
  };
  const denied = (...reasons: readonly string[]) => ({ decision: 'deny', reasons });
  const after = (millis: number): void => {
    stage().cast.now += millis;
  };
  const openPolicy = async ({ cast, patient }: Stage) => {
    const provisions = [cast.permit({ provisionId: 'other', recordIds: ['elsewhere'], uses: 2, validUntil: cast.instant(30 * DAY_MS) })];
    const key = { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B) };
    must(await cast.invoke('GrantPolicy', { ...key, provisions }, patient));
    return { ...key, provisions };
  };

  it('is nothing before the patient agrees', async () => {
    await proposed(stage());
    expect(await ask(receiver(stage()))).toMatchObject(denied('NO_CONSENT'));
  });
  it('is the listed record, to its department, and no other of the patient’s', async () => {
    const { cast, patient, recordId } = stage();
    const other = await cast.anchor(patient);
    await agree(stage());
    expect(await ask(receiver(stage()), [recordId, other])).toMatchObject({
      decision: 'permit',
      provisionIds: [keyOf(stage()).referralId],
      denied: [{ recordId: other, reasons: ['RECORD_NOT_COVERED'] }],
    });
  });
  it('is nothing to another hospital, nor to another purpose', async () => {
    const { cast, patient, recordId } = stage();
    await agree(stage());
    expect(await ask(cast.staff(C, 'clinician'))).toMatchObject(denied('NO_CONSENT'));
    const other = { ...cast.accessInput(patient, [recordId], receiver(stage())), purpose: 'COC' };
    expect((await cast.invoke('RequestAccess', other, receiver(stage()))).answer?.['decision']).not.toBe('permit');
  });
  it('is nothing to another department of the hospital', async () => {
    const { cast, patient, recordId } = stage();
    await agree(stage());
    const oncologist = await ofAnotherDepartment(B)(stage());
    const input = { ...cast.accessInput(patient, [recordId], oncologist), department: 'oncology' };
    expect((await cast.invoke('RequestAccess', input, oncologist)).answer).toMatchObject(denied('NO_CONSENT'));
  });
  it('is open one millisecond before the end of fourteen days, and closed at it, with nothing written', async () => {
    const { cast, patient } = stage();
    await proposed(stage());
    const longest = agreementOf(stage(), { validUntil: cast.instant(14 * DAY_MS) });
    must(await cast.invoke('AgreeReferral', longest, patient));
    after(14 * DAY_MS - 1);
    expect(await ask(receiver(stage()))).toMatchObject({ decision: 'permit' });
    after(1);
    expect(await ask(receiver(stage()))).toMatchObject(denied('EXPIRED'));
    expect((await cast.invoke('GetReferral', keyOf(stage()), patient)).answer).toMatchObject({ state: 'lapsed' });
  });
  it.each<readonly [string, (stage: Stage) => Promise<unknown>, string]>([
    ['it is declined', decline, 'USES_EXHAUSTED'],
    ['it is recalled', recall, 'USES_EXHAUSTED'],
    [
      'the patient withdraws it',
      async (on) => must(await on.cast.invoke('WithdrawReferral', withdrawal(on), on.patient)),
      'POLICY_REVOKED',
    ],
  ])('is nothing once %s', async (_what, end, reason) => {
    await agree(stage());
    expect(await ask(receiver(stage()))).toMatchObject({ decision: 'permit' });
    await end(stage());
    const answer = await ask(receiver(stage()));
    expect(answer).toMatchObject({ decision: 'deny' });
    expect(answer?.['reasons']).toContain(reason);
  });
  it('stands beside what the policy says already, of which what was taken stays taken; and an end leaves that as it is', async () => {
    const { cast, patient } = stage();
    const { provisions, ...key } = await openPolicy(stage());
    await proposed(stage());
    const both = { ...agreementOf(stage()), previousVersion: 1, provisions: [...provisions, agreed(stage())] };
    must(await cast.invoke('AgreeReferral', both, patient));
    must(await cast.invoke('AnswerReferral', answering(stage(), { kind: 'accepted' }), receiver(stage())));
    expect(await ask(receiver(stage()))).toMatchObject({ decision: 'permit' });
    await recall(stage());
    const { answer } = must(await cast.invoke('GetPolicy', key, patient));
    expect(answer).toMatchObject({ version: 2, state: 'active', taken: [{ provisionId: keyOf(stage()).referralId, count: 100 }] });
    expect(answer?.['provisions']).toHaveLength(2);
  });
  it('keeps what was taken of another provision when it is withdrawn, and lets the rest of the policy stand', async () => {
    const { cast, patient, recordId } = stage();
    const key = { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B) };
    const once = cast.permit({ provisionId: 'once', recordIds: [recordId], uses: 1, validUntil: cast.instant(30 * DAY_MS) });
    must(await cast.invoke('GrantPolicy', { ...key, provisions: [once] }, patient));
    expect(await ask(receiver(stage()))).toMatchObject({ decision: 'permit' });
    await proposed(stage());
    const both = { ...agreementOf(stage()), previousVersion: 1, provisions: [once, agreed(stage())] };
    must(await cast.invoke('AgreeReferral', both, patient));
    const policy = { grantee: key.grantee, previousVersion: 2, provisions: [once] };
    must(await cast.invoke('WithdrawReferral', { ...keyOf(stage()), policy }, patient));
    expect(await ask(receiver(stage()))).toMatchObject(denied('USES_EXHAUSTED'));
    expect(must(await cast.invoke('GetPolicy', key, patient)).answer).toMatchObject({ version: 3, provisions: [{ provisionId: 'once' }] });
  });
});

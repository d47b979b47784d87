import { B, must } from './cast.fixture';
import { useStage } from './stage.fixture';

const stage = useStage();

type Line = { readonly event: string; readonly grantee?: object; readonly policyVersion?: number };
const linesOf = async (): Promise<readonly Line[]> => {
  const { cast, patient } = stage();
  const { answer } = must(await cast.invoke('ListForPatient', { pseudonym: patient.pseudonym, limit: 100 }, patient));
  return (answer as { items: readonly Line[] }).items.filter(({ event }) => event.startsWith('Policy')).toReversed();
};

describe('the patient’s audit', () => {
  it.each<readonly [string, () => Readonly<Record<string, unknown>>]>([
    ['a department', () => stage().cast.cardiologyOf(B)],
    ['a person', () => ({ kind: 'person', mspId: B, name: stage().cast.staff(B, 'clinician').actorTag })],
    ['a role', () => ({ kind: 'role', mspId: B, name: 'clinician' })],
    ['an organisation', () => ({ kind: 'organisation', mspId: B, name: 'all' })],
  ])('names whom a policy is for, and each version of it: %s', async (_what, granteeOf) => {
    const { cast, patient } = stage();
    const grantee = granteeOf();
    const key = { pseudonym: patient.pseudonym, grantee };
    const change = async (name: 'GrantPolicy' | 'AmendPolicy' | 'RevokePolicy', input: object): Promise<void> => {
      cast.now += 1_000;
      must(await cast.invoke(name, { ...key, ...input }, patient));
    };
    await change('GrantPolicy', { provisions: [cast.permit()] });
    await change('AmendPolicy', { previousVersion: 1, provisions: [{ provisionId: 'no', effect: 'deny', purposes: 'any' }] });
    await change('RevokePolicy', { previousVersion: 2 });
    await change('GrantPolicy', { provisions: [cast.permit()] });
    expect(await linesOf()).toMatchObject([
      { event: 'PolicyGranted', grantee, policyVersion: 1 },
      { event: 'PolicyAmended', grantee, policyVersion: 2 },
      { event: 'PolicyRevoked', grantee, policyVersion: 3 },
      { event: 'PolicyGranted', grantee, policyVersion: 4 },
    ]);
  });

  it('tells policies of one moment apart', async () => {
    const { cast, patient } = stage();
    const grantees = [cast.cardiologyOf(B), { kind: 'organisation', mspId: B, name: 'all' }];
    for (const grantee of grantees)
      must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee, provisions: [cast.permit()] }, patient));
    expect(new Set((await linesOf()).map(({ grantee }) => JSON.stringify(grantee))).size).toBe(2);
  });
});

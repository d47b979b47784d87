import { commonRefusals, transactions } from '@lianyi/domain';
import { B, must } from './cast.fixture';
import { useStage } from './stage.fixture';
import { names, samples } from './requests.fixture';

/** Every refusal that the catalogue lists for a transaction, brought about; and that it leaves nothing behind. */

const cases = names.flatMap((name) => samples[name].refusals.map(([code, when, bring]) => [name, code, when, bring] as const));
const stage = useStage();

describe('refusals', () => {
  it.each(cases)('%s answers %s when %s, and writes nothing', async (name, code, _when, bring) => {
    const valid = { name, prepare: async () => samples[name].prepare(stage()) };
    const { input, as, bend } = await bring(stage(), valid);
    const before = stage().cast.state.dump({ kind: 'public' });
    const outcome = await stage().cast.invoke(name, input, as, bend);
    expect(outcome).toMatchObject({ status: 500, code, writes: 0, events: [] });
    expect(stage().cast.state.dump({ kind: 'public' })).toEqual(before);
  });

  it('are all of those that the catalogue lists', () => {
    const brought = new Set(cases.map(([name, code]) => `${name} ${code}`));
    const listed = names.flatMap((name) => transactions[name].refusals.map((code) => `${name} ${code}`));
    expect(listed.filter((refusal) => !brought.has(refusal))).toEqual([]);
  });

  it('are no others: who calls learns from the catalogue what to expect', () => {
    const unlisted = cases.filter(([name, code]) => ![...commonRefusals, ...transactions[name].refusals].includes(code));
    expect(unlisted.map(([name, code]) => `${name} ${code}`)).toEqual([]);
  });

  it('leave the patient’s key good for the corrected command', async () => {
    const { cast, patient } = stage();
    const input = { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), previousVersion: 1 };
    expect((await cast.invoke('RevokePolicy', input, patient)).code).toBe('NOT_FOUND');
    must(
      await cast.invoke(
        'GrantPolicy',
        { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions: [cast.permit()] },
        patient,
      ),
    );
  });
});

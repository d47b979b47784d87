import { publicSpace } from '../ledger/state';
import { A, B, must } from './cast.fixture';
import { type Outcome } from './consortium.fixture';
import { samples } from './requests.fixture';
import { usePrepared, useStage } from './stage.fixture';

const stage = useStage();
const prepared = usePrepared(stage, samples.RegisterPatient);

const register = (): Promise<Outcome> => stage().cast.invoke('RegisterPatient', prepared().input, prepared().as);
const keyOf = (...parts: readonly string[]): string => `\u0000${parts.join('\u0000')}\u0000`;
const own = (): string => String(prepared().input['pseudonym']);
/** What colluding endorsers may write under a pseudonym that they have read in a registration on its way. */
const places: readonly (readonly [string, () => string])[] = [
  ['a choice about emergencies', () => keyOf('emergencyChoice', own())],
  ['a relationship with its hospital', () => keyOf('relationship', own(), A)],
  ['guardians', () => keyOf('guardianSet', own())],
  ['an incapacity', () => keyOf('incapacity', own())],
  ['a death', () => keyOf('death', own())],
];
/** Whether anybody could read it is not looked at. */
const write = (key: string): Promise<void> =>
  stage().cast.state.apply([{ kind: 'put', space: publicSpace, key, value: Buffer.from('{}') }]);

describe('the registration of a pseudonym', () => {
  it.each(places)('is refused where %s stands under it, and writes nothing', async (_what, key) => {
    await write(key());
    expect((await register()).code).toBe('ALREADY_EXISTS');
    expect(stage().cast.state.dump(publicSpace).has(keyOf('pseudonym', own()))).toBe(false);
  });

  it.each(places)('reads that there is not %s, so that it is not valid where somebody writes it meanwhile', async (_what, key) => {
    const { state } = stage().cast;
    const before = state.reads.length;
    must(await register());
    expect(state.reads.slice(before).flatMap(({ keys }) => keys)).toContain(key());
  });

  it('is no matter of what stands under another pseudonym, or with another hospital', async () => {
    for (const key of [keyOf('death', `${own()}x`), keyOf('relationship', own(), B)]) await write(key);
    must(await register());
  });

  it('answers again as it did, whatever was said under it since', async () => {
    const first = must(await register());
    for (const [, key] of places) await write(key());
    expect(must(await register()).answer).toEqual(first.answer);
  });
});

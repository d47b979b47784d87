import { canonicalJson } from '@lianyi/domain';
import { publicSpace } from '../ledger/state';
import { A, B, must } from './cast.fixture';
import { useStage } from './stage.fixture';
import { sha256Of } from './consortium.fixture';
import { samples } from './requests.fixture';
import { envelopeSecret, linkOf } from './sample.fixture';

const stage = useStage();

describe('private data', () => {
  const link = async (): Promise<string> => {
    const { cast, patient } = stage();
    const transient = linkOf({ cast, patient });
    must(await cast.invoke('LinkIdentifier', { linkId: transient['linkId'] }, cast.staff(A, 'registrar'), { transient }));
    return String(transient['linkId']);
  };
  const envelope = async (): Promise<Readonly<Record<string, unknown>>> => {
    const { cast, patient, recordId } = stage();
    const key = { pseudonym: patient.pseudonym, recordId, keyEpoch: 1 };
    must(await cast.invoke('PutEnvelope', key, cast.staff(A, 'keyService'), { transient: envelopeSecret() }));
    return key;
  };

  it('lie in the collection of the owner, and what they say is nowhere in public state', async () => {
    const { cast } = stage();
    await link();
    await envelope();
    const own = [...cast.state.dump({ kind: 'private', ownerMspId: A }).values()].join();
    expect(own).toContain('110101199003078515');
    expect(own).toContain('Full blood count');
    const open = [...cast.state.dump(publicSpace)].flat().join();
    expect(open).not.toContain('110101199003078515');
    expect(open).not.toContain('Full blood count');
    expect(cast.state.dump({ kind: 'private', ownerMspId: B }).size).toBe(0);
  });

  it.each([B, 'GammaMSP'])('are found by nobody at %s, whatever they ask', async (msp) => {
    const { cast } = stage();
    const linkId = await link();
    const key = await envelope();
    expect(await cast.invoke('ResolveIdentifier', { linkId }, cast.staff(msp, 'registrar'))).toMatchObject({
      code: 'NOT_FOUND',
      writes: 0,
    });
    expect(await cast.invoke('UnlinkIdentifier', { linkId }, cast.staff(msp, 'registrar'))).toMatchObject({ code: 'NOT_FOUND', writes: 0 });
    expect(await cast.invoke('GetEnvelope', key, cast.staff(msp, 'keyService'))).toMatchObject({ code: 'NOT_FOUND', writes: 0 });
  });

  it('are purged from the caller’s own collection only', async () => {
    const { cast, patient, recordId } = stage();
    await envelope();
    const input = { pseudonym: patient.pseudonym, envelopes: [{ recordId, keyEpoch: 1 }] };
    const kept = (): number =>
      [...cast.state.dump({ kind: 'private', ownerMspId: A }).keys()].filter((key) => !key.startsWith('\u0000ownLine\u0000')).length;
    must(await cast.invoke('PurgeEnvelopes', input, cast.staff(B, 'keyService')));
    expect(kept()).toBe(1);
    must(await cast.invoke('PurgeEnvelopes', input, cast.staff(A, 'keyService')));
    expect(kept()).toBe(0);
  });

  it('are gone for good once unlinked', async () => {
    const { cast } = stage();
    const linkId = await link();
    must(await cast.invoke('UnlinkIdentifier', { linkId }, cast.staff(A, 'registrar')));
    expect((await cast.invoke('ResolveIdentifier', { linkId }, cast.staff(A, 'registrar'))).code).toBe('NOT_FOUND');
  });

  it('come from transient data that the request covers, or not at all', async () => {
    const { cast, patient } = stage();
    const transient = linkOf({ cast, patient });
    const registrar = cast.staff(A, 'registrar');
    const input = { linkId: transient['linkId'], transientSha256: sha256Of('something') };
    expect((await cast.invoke('LinkIdentifier', input, registrar)).code).toBe('INVALID_REQUEST');
    expect((await cast.invoke('LinkIdentifier', input, registrar, { transient })).code).toBe('HASH_MISMATCH');
    expect((await cast.invoke('LinkIdentifier', { linkId: 'another' }, registrar, { transient })).code).toBe('INVALID_REQUEST');
    expect(
      (await cast.invoke('LinkIdentifier', { linkId: transient['linkId'] }, registrar, { transient: { ...transient, salt: 'short' } }))
        .code,
    ).toBe('INVALID_REQUEST');
    expect(cast.state.dump({ kind: 'private', ownerMspId: A }).size).toBe(0);
  });

  it.each(['LinkIdentifier', 'PutEnvelope'] as const)('are looked up in no public state: %s', async (name) => {
    const { cast } = stage();
    const { input, as, bend } = await samples[name].prepare(stage());
    const before = cast.state.reads.length;
    must(await cast.invoke(name, input, as, bend));
    const read = cast.state.reads.slice(before).flatMap(({ keys }) => keys);
    const told = [canonicalJson(input), ...read].join();
    expect(read).not.toEqual([]);
    expect(leavesOf(bend?.transient).filter((text) => read.join().includes(text) && !canonicalJson(input).includes(text))).toEqual([]);
    expect(told).not.toContain('110101199003078515');
  });
});

/** Every text and number in a value, as text. */
function leavesOf(value: unknown): readonly string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leavesOf);
  return [String(value)];
}

import { join } from 'node:path';
import { createWallet } from '@lianyi/client/node';
import { Refused, sha256 } from '@lianyi/domain';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { type Hospital, openHospital, passphrase } from './hospital.fixture';
import { run, type Run } from './terminal.fixture';

type Made = { readonly pseudonym: string; readonly nextKeyHash: string; readonly mspId: string };
const AT = '2026-11-22T00:00:00.000Z';
const origin = { requestHash: sha256('a request'), actor: { kind: 'staff', mspId: 'HospitalBMSP', actorTag: 'registrar-1' } };

let hospital: Hospital;
/** One at each of three hospitals; the node is the second’s. */
const held: Made[] = [];
beforeAll(async () => {
  hospital = await openHospital(scratchDirectory());
  hospital.answer = () => Promise.reject(new Refused('NOT_FOUND', 'none', {}));
  await createWallet(join(hospital.dataDir, 'wallets', 'patient.json'), passphrase, { scryptN: 1024 });
  for (const mspId of ['HospitalBMSP', 'HospitalAMSP', 'HospitalCMSP'])
    held.push(JSON.parse((await as('patient', 'wallet', 'pseudonym', '--hospital', mspId)).stdout) as Made);
});
afterAll(() => hospital.close());
beforeEach(() => {
  hospital.carried.length = 0;
  hospital.answer = (name) => {
    const { pseudonym } = hospital.carried.at(-1)?.argument.input as { pseudonym?: string };
    if (name === 'ListOrganisations' || name === 'ListPermitted') return Promise.resolve({ result: { items: [] } });
    const known = held.find((each) => each.pseudonym === pseudonym);
    if (name !== 'GetPseudonym' || known === undefined) return Promise.reject(new Refused('NOT_FOUND', 'none', {}));
    const { nextKeyHash, mspId } = known;
    const entry = { pseudonym: known.pseudonym, nextKeyHash, mspId };
    return Promise.resolve({ result: { schemaVersion: 1, ...entry, suite: 'P256-SHA256', state: 'active', registeredAt: AT, origin } });
  };
});

const as = (profile: string, ...argv: readonly string[]): Promise<Run> =>
  run([...argv, '--as', profile, '--json', '--data-dir', hospital.dataDir], { env: { LIANYI_WALLET_PASSPHRASE: passphrase } });
const introduce = (...more: string[]): Promise<Run> => as('patient', 'relationship', 'introduce', '--to', 'HospitalBMSP', ...more);
/** Of whom the clinician’s list is who types the hospital’s own pseudonym alone. */
const listed = async (): Promise<readonly string[]> => {
  const { stdout } = await as('clinician', 'access', 'list', held[0]?.pseudonym ?? '', '--purpose', 'TREAT');
  return (JSON.parse(stdout) as { lists: { pseudonym: string }[] }).lists.map(({ pseudonym }) => pseudonym).sort();
};
const psn = (...places: readonly number[]): readonly string[] => places.map((place) => held[place]?.pseudonym ?? '').sort();

describe('relationship introduce', () => {
  it('lets the list of one hospital be of all that the wallet has, until it is withdrawn, and commits nothing', async () => {
    expect(await listed()).toEqual(psn(0));
    const { code, stderr, stdout } = await introduce();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      act: 'introduce',
      pseudonym: held[0]?.pseudonym,
      others: [held[1]?.pseudonym, held[2]?.pseudonym],
    });
    expect(await listed()).toEqual(psn(0, 1, 2));
    expect((await introduce('--withdraw', '--others', held[1]?.pseudonym ?? '')).code).toBe(0);
    expect(await listed()).toEqual(psn(0, 2));
    // of what it was not told, a withdrawal would tell
    expect((await introduce('--withdraw')).stderr).toContain('--others');
    expect((await introduce('--withdraw', '--others', held[2]?.pseudonym ?? '')).code).toBe(0);
    expect(await listed()).toEqual(psn(0));
    const asked = new Set(hospital.carried.map(({ name }) => name));
    expect([...asked].every((name) => name.startsWith('Get') || name.startsWith('List'))).toBe(true);
  });

  it('is withdrawn by whichever key is the patient’s still, and says what it has told where the next is refused', async () => {
    await introduce();
    const both = psn(1, 2).join(',');
    const known = hospital.answer;
    const lost = (places: readonly number[]): void => {
      hospital.answer = (name) => {
        const { pseudonym } = hospital.carried.at(-1)?.argument.input as { pseudonym?: string };
        const isLost = name === 'GetPseudonym' && places.some((place) => held[place]?.pseudonym === pseudonym);
        return isLost ? Promise.reject(new Refused('NOT_FOUND', 'none', {})) : known(name);
      };
    };
    lost([0, 2]);
    const refused = await introduce('--withdraw', '--others', both);
    expect(refused.stderr).toContain(`HospitalBMSP: withdraw: ${held[1]?.pseudonym ?? ''}`);
    expect(refused.stderr).toContain(`withdraw ✗: ${held[2]?.pseudonym ?? ''}`);
    expect(refused.code).not.toBe(0);
    lost([0]);
    expect((await introduce('--withdraw', '--others', both)).code).toBe(0);
    lost([]);
    expect(await listed()).toEqual(psn(0));
  });

  it('goes on behind one that is refused', async () => {
    await introduce();
    const known = hospital.answer;
    hospital.answer = (name) => {
      const { pseudonym } = hospital.carried.at(-1)?.argument.input as { pseudonym?: string };
      const isLost = name === 'GetPseudonym' && [0, 1].some((place) => held[place]?.pseudonym === pseudonym);
      return isLost ? Promise.reject(new Refused('NOT_FOUND', 'none', {})) : known(name);
    };
    const { code, stderr } = await introduce('--withdraw', '--others', `${held[1]?.pseudonym ?? ''},${held[2]?.pseudonym ?? ''}`);
    hospital.answer = known;
    expect(code).not.toBe(0);
    expect(stderr).toContain(`withdraw ✗: ${held[1]?.pseudonym ?? ''}`);
    expect(await listed()).toEqual(psn(0, 1));
    expect((await introduce('--withdraw', '--others', held[1]?.pseudonym ?? '')).code).toBe(0);
  });

  it('withdraws for the own pseudonym that is named, which must be one of the wallet there', async () => {
    const [own = '', other = ''] = [held[0]?.pseudonym, held[1]?.pseudonym];
    await introduce();
    for (const wrong of [other, 'psn-of-another'])
      expect((await introduce('--withdraw', '--others', other, '--own', wrong)).stderr).toContain('NOT_FOUND');
    expect((await introduce('--own', own)).stderr).toContain('--withdraw');
    expect(await listed()).toEqual(psn(0, 1, 2));
    expect((await introduce('--withdraw', '--others', `${other},${held[2]?.pseudonym ?? ''}`, '--own', own)).code).toBe(0);
    expect(await listed()).toEqual(psn(0));
  });

  it('withdraws a pair whose own pseudonym is of the past, where there is a newer one', async () => {
    const [former = '', other = ''] = [held[0]?.pseudonym, held[1]?.pseudonym];
    await introduce('--others', other);
    const known = hospital.answer;
    hospital.answer = (name) =>
      name === 'GetRelationship'
        ? Promise.resolve({
            result: {
              schemaVersion: 1,
              pseudonym: former,
              mspId: 'HospitalBMSP',
              type: 'care',
              state: 'terminated',
              proposedAt: AT,
              changedAt: AT,
              origin,
            },
          })
        : known(name);
    const made = await as('patient', 'wallet', 'pseudonym', '--hospital', 'HospitalBMSP');
    hospital.answer = known;
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const newer = JSON.parse(made.stdout) as Made;
    expect(newer.pseudonym).not.toBe(former);
    held.push(newer);
    expect(await listed()).toEqual(psn(0, 1));
    expect((await introduce('--withdraw', '--others', other)).code).toBe(0);
    expect(await listed()).toEqual(psn(0, 1));
    expect((await introduce('--withdraw', '--others', other, '--own', former)).code).toBe(0);
    expect(await listed()).toEqual(psn(0));
  });

  it('tells a hospital only of pseudonyms that the wallet has, and none where it has no own', async () => {
    expect((await introduce('--others', 'psn-of-another')).stderr).toContain('NOT_FOUND');
    expect((await as('patient', 'relationship', 'introduce', '--to', 'HospitalDMSP')).stderr).toContain('NOT_FOUND');
    expect(hospital.carried.map(({ name }) => name)).toEqual([]);
  });
});

import { mkdtempSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ProfileInput } from './profile';

type StaffInput = Extract<ProfileInput, { kind: 'staff' }>;
import { listProfileFiles, loadProfile, profileFile, saveProfile } from './profile-file';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'lianyi-profiles-'));
});
afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

function staff(changes: Partial<StaffInput> = {}): StaffInput {
  return {
    name: 'cardiologist',
    kind: 'staff',
    mspId: 'HospitalBMSP',
    nodeUrl: 'https://127.0.0.1:7001',
    tlsCaFile: join(dataDir, 'network', 'tlsca.pem'),
    keyFile: join(dataDir, 'profiles', 'cardiologist.key'),
    actorTag: 'a1b2',
    department: 'cardiology',
    channel: 'emr',
    chaincode: 'emr',
    genesis: 'A'.repeat(43),
    ...changes,
  };
}

function failure(properties: Record<string, unknown>): Error {
  // jest types its asymmetric matchers as any
  return expect.objectContaining(properties) as Error;
}

const administrator = (): ProfileInput => ({
  name: 'admin-a',
  kind: 'administrator',
  mspId: 'HospitalAMSP',
  connectionProfile: '/elsewhere/connection.json',
  certDirectory: '/elsewhere/msp/signcerts',
  keyDirectory: '/elsewhere/msp/keystore',
  channel: 'emr',
  chaincode: 'emr',
});

describe('a profile file', () => {
  it('comes back as it was saved', () => {
    const file = profileFile('cardiologist', dataDir);
    saveProfile(file, staff());
    expect(loadProfile(file).profile).toEqual(staff());
  });

  it('is readable by its owner only', () => {
    const { file } = saveProfile(profileFile('cardiologist', dataDir), staff());
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('keeps working when the data directory is moved', () => {
    saveProfile(profileFile('cardiologist', dataDir), staff());
    const moved = `${dataDir}-moved`;
    renameSync(dataDir, moved);
    try {
      expect(loadProfile(profileFile('cardiologist', moved)).profile).toMatchObject({
        keyFile: join(moved, 'profiles', 'cardiologist.key'),
      });
    } finally {
      renameSync(moved, dataDir);
    }
  });

  it('keeps far paths absolute', () => {
    const { file } = saveProfile(profileFile('admin-a', dataDir), administrator());
    expect(readFileSync(file, 'utf8')).toContain('"/elsewhere/connection.json"');
  });

  it('is not overwritten unless asked', () => {
    const file = profileFile('cardiologist', dataDir);
    saveProfile(file, staff());
    expect(() => saveProfile(file, staff({ department: 'surgery' }))).toThrow(failure({ code: 'PROFILE_EXISTS' }));
    expect(loadProfile(file).profile).toMatchObject({ department: 'cardiology' });
    saveProfile(file, staff({ department: 'surgery' }), { replace: true });
    expect(loadProfile(file).profile).toMatchObject({ department: 'surgery' });
  });

  it('is found by name or by path', () => {
    expect(profileFile('nurse', dataDir)).toBe(join(dataDir, 'profiles', 'nurse.json'));
    expect(profileFile('/x/nurse.json', dataDir)).toBe('/x/nurse.json');
  });

  it('is listed by name, other files are not', () => {
    saveProfile(profileFile('zoe', dataDir), staff({ name: 'zoe' }));
    saveProfile(profileFile('adam', dataDir), staff({ name: 'adam' }));
    writeFileSync(join(dataDir, 'profiles', 'zoe.key'), '');
    expect(listProfileFiles(dataDir)).toEqual([profileFile('adam', dataDir), profileFile('zoe', dataDir)]);
  });

  it('has none where there is no folder', () => {
    expect(listProfileFiles(join(dataDir, 'absent'))).toEqual([]);
  });

  it('that is missing is said to be missing', () => {
    expect(() => loadProfile(profileFile('nobody', dataDir))).toThrow(failure({ code: 'PROFILE_NOT_FOUND' }));
  });
});

describe('a profile is refused', () => {
  const refused: readonly (readonly [string, unknown, string])[] = [
    ['when it is not JSON', undefined, 'not JSON'],
    ['over plain http', { nodeUrl: 'http://127.0.0.1:1' }, 'nodeUrl'],
    ['with a malformed genesis', { genesis: 'short' }, 'genesis'],
    ['with a key inside it', { privateKey: 'secret' }, 'privateKey'],
    ['with a name that is a path', { name: '../x' }, 'name'],
    ['without a key file', { keyFile: undefined }, 'keyFile'],
    ['of an unknown kind', { kind: 'robot' }, 'kind'],
    ['for a patient without wallet', { kind: 'patient' }, 'walletFile'],
  ];

  it.each(refused)('%s', (_, changes, place) => {
    mkdirSync(join(dataDir, 'profiles'));
    const file = profileFile('bad', dataDir);
    writeFileSync(file, changes === undefined ? '{' : JSON.stringify({ ...staff(), ...(changes as object) }));
    let thrown: unknown;
    try {
      loadProfile(file);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'PROFILE_INVALID' });
    expect(JSON.stringify((thrown as { details: unknown }).details)).toContain(place);
    expect(String(thrown)).not.toContain('secret');
  });
});

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createWallet, loadProfile, profileFile, saveProfile } from '@lianyi/client/node';
import { Refused, sha256 } from '@lianyi/domain';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { type Hospital, openHospital, passphrase } from './hospital.fixture';
import { run, type Run } from './terminal.fixture';

type Pseudonym = { readonly pseudonym: string; readonly nextKeyHash: string };
type State = 'proposed' | 'active' | 'suspended' | 'terminated' | 'rejected' | 'none';
const AT = '2026-11-22T00:00:00.000Z';
const actor = { kind: 'staff', mspId: 'HospitalBMSP', actorTag: 'registrar-1' };
const origin = { requestHash: sha256('a request'), actor };

/** The patient's node, and another hospital's. */
let own: Hospital;
let other: Hospital;
let name: string;
beforeAll(async () => {
  own = await openHospital(scratchDirectory());
  const elsewhere = scratchDirectory();
  mkdirSync(elsewhere, { recursive: true });
  other = await openHospital(elsewhere, 'HospitalCMSP');
});
afterAll(() => Promise.all([own.close(), other.close()]));

const as = (...argv: readonly string[]): Promise<Run> =>
  run([...argv, '--as', name, '--json', '--data-dir', own.dataDir], { env: { LIANYI_WALLET_PASSPHRASE: passphrase } });
const codeOf = ({ stderr }: Run): string => (JSON.parse(stderr) as { error: { code: string } }).error.code;
const placeOf = ({ dataDir }: Hospital): { nodeUrl: string; tlsCaFile: string } => {
  const { profile } = loadProfile(profileFile('patient', dataDir));
  if (profile.kind !== 'patient') throw new Error('a patient’s profile was expected');
  return profile;
};
const made = async (...argv: readonly string[]): Promise<Pseudonym> =>
  JSON.parse((await as('wallet', 'pseudonym', ...argv)).stdout) as Pseudonym;
const carriedBy = ({ carried }: Hospital): readonly string[] => carried.map((each) => each.name);
const shown = async (): Promise<unknown> => JSON.parse((await as('wallet', 'show')).stdout);

/** What a node says of a pseudonym that its hospital has registered, with a relationship in a state. */
function knowing({ pseudonym, nextKeyHash }: Pseudonym, mspId: string, state: State = 'none'): Hospital['answer'] {
  return (asked) => {
    const common = { schemaVersion: 1, pseudonym, mspId, origin };
    if (asked === 'GetPseudonym')
      return Promise.resolve({ result: { ...common, suite: 'P256-SHA256', nextKeyHash, state: 'active', registeredAt: AT } });
    if (asked === 'GetRelationship' && state !== 'none')
      return Promise.resolve({ result: { ...common, type: 'care', state, proposedAt: AT, changedAt: AT } });
    return Promise.reject(new Refused('NOT_FOUND', 'none', {}));
  };
}
const knowingNothing: Hospital['answer'] = () => Promise.reject(new Refused('NOT_FOUND', 'none', {}));

let wallets = 0;
beforeEach(async () => {
  wallets += 1;
  name = `patient-${wallets}`;
  const { profile } = loadProfile(profileFile('patient', own.dataDir));
  if (profile.kind !== 'patient') throw new Error('a patient’s profile was expected');
  const walletFile = join(own.dataDir, 'wallets', `${name}.json`);
  saveProfile(profileFile(name, own.dataDir), { ...profile, name, walletFile });
  await createWallet(walletFile, passphrase, { scryptN: 1024 });
  for (const hospital of [own, other]) {
    hospital.answer = knowingNothing;
    hospital.carried.length = 0;
  }
});

const nameOther = (...more: readonly string[]): Promise<Run> => {
  const { nodeUrl, tlsCaFile } = placeOf(other);
  const argv = ['profile', 'add-hospital', name, '--msp-id', 'HospitalCMSP', '--node-url', nodeUrl, '--tls-ca-file', tlsCaFile, ...more];
  return run([...argv, '--data-dir', own.dataDir]);
};

const commands: readonly (readonly [string, (pseudonym: string) => readonly string[]])[] = [
  ['relationship accept', (pseudonym) => ['relationship', 'accept', '--pseudonym', pseudonym]],
  ['consent revoke', (pseudonym) => ['consent', 'revoke', '--to', 'organisation:X', '--previous-version', '1', '--pseudonym', pseudonym]],
  ['card activate', (pseudonym) => ['card', 'activate', 'card-1', '--pseudonym', pseudonym]],
  ['a question: audit list', (pseudonym) => ['audit', 'list', '--pseudonym', pseudonym]],
  ['wallet sync', (pseudonym) => ['wallet', 'sync', '--pseudonym', pseudonym]],
];

describe('the commands of a pseudonym', () => {
  it.each(commands)('go through its own hospital’s node and no other: %s', async (_what, argv) => {
    const first = await made();
    const second = await made('--hospital', 'HospitalCMSP');
    expect((await nameOther()).code).toBe(0);
    await as(...argv(second.pseudonym));
    expect(carriedBy(own)).toEqual([]);
    expect(carriedBy(other)).not.toEqual([]);
    other.carried.length = 0;
    await as(...argv(first.pseudonym));
    expect(carriedBy(own)).not.toEqual([]);
    expect(carriedBy(other)).toEqual([]);
  });

  it.each(commands)('go nowhere while the profile names no node of its hospital: %s', async (_what, argv) => {
    const { pseudonym } = await made('--hospital', 'HospitalCMSP');
    const refused = await as(...argv(pseudonym));
    expect({ code: refused.code, problem: codeOf(refused) }).toEqual({ code: 2, problem: 'HOSPITAL_NODE_UNNAMED' });
    expect([...carriedBy(own), ...carriedBy(other)]).toEqual([]);
  });

  it('are shown by --dry-run with that node, and unsigned', async () => {
    const { pseudonym } = await made('--hospital', 'HospitalCMSP');
    await nameOther();
    const { stdout } = await as('relationship', 'accept', '--pseudonym', pseudonym, '--dry-run');
    expect(JSON.parse(stdout)).toMatchObject({ to: placeOf(other).nodeUrl });
    expect(stdout).not.toMatch(/proof|signature|statement/);
  });
});

describe('a hospital of a patient’s profile', () => {
  it('is named anew, not twice', async () => {
    await nameOther();
    await nameOther('--witness-url', 'https://witness.example', '--witness-tls-ca-file', '/elsewhere/ca.pem');
    const { profile } = loadProfile(profileFile(name, own.dataDir));
    expect(profile).toMatchObject({ hospitals: [{ mspId: 'HospitalCMSP', witnessTlsCaFile: '/elsewhere/ca.pem' }] });
  });

  it.each([
    ['the profile’s own', ['--msp-id', 'HospitalBMSP', '--node-url', 'https://b.example', '--tls-ca-file', 'ca.pem'], '--hospitals'],
    ['one over plain http', ['--msp-id', 'HospitalDMSP', '--node-url', 'http://d.example', '--tls-ca-file', 'ca.pem'], '--node-url'],
    [
      'one with half a witness',
      ['--msp-id', 'D', '--node-url', 'https://d.example', '--tls-ca-file', 'c', '--witness-url', 'https://w.example'],
      '--witness-tls-ca-file',
    ],
    ['one with an id that is none', ['--msp-id', 'D/E', '--node-url', 'https://d.example', '--tls-ca-file', 'ca.pem'], '--msp-id'],
  ])('is not %s', async (_what, argv, place) => {
    const { code, stderr } = await run(['profile', 'add-hospital', name, ...argv, '--data-dir', own.dataDir]);
    expect(code).toBe(2);
    expect(stderr).toContain(place);
  });

  it('is nothing of a clinician’s', async () => {
    const argv = ['profile', 'add-hospital', 'clinician', '--msp-id', 'D', '--node-url', 'https://d.example', '--tls-ca-file', 'ca.pem'];
    expect((await run([...argv, '--data-dir', own.dataDir])).stderr).toContain('PROFILE_KIND');
  });
});

/** Has the other node say what the ledger has, beside the own hospital's. */
function witnessed(): void {
  const { profile } = loadProfile(profileFile(name, own.dataDir));
  const { nodeUrl: witnessUrl, tlsCaFile: witnessTlsCaFile } = placeOf(other);
  saveProfile(profileFile(name, own.dataDir), { ...profile, witnessUrl, witnessTlsCaFile } as typeof profile, { replace: true }); // a patient's
}

/** Names a witness in the profile, at any address. */
function witnessAt(witnessUrl: string, { tlsCaFile }: { readonly tlsCaFile: string }): void {
  const { profile } = loadProfile(profileFile(name, own.dataDir));
  saveProfile(profileFile(name, own.dataDir), { ...profile, witnessUrl, witnessTlsCaFile: tlsCaFile } as typeof profile, { replace: true }); // a patient's
}

describe('who carries a command', () => {
  const accept = (pseudonym: string): Promise<Run> => as('relationship', 'accept', '--pseudonym', pseudonym);
  const committing =
    ({ pseudonym, nextKeyHash }: Pseudonym, tell = knowing({ pseudonym, nextKeyHash }, 'HospitalCMSP')): Hospital['answer'] =>
    (asked) =>
      asked === 'AcceptRelationship'
        ? Promise.resolve({ result: { pseudonym, mspId: 'HospitalCMSP', state: 'active' }, transactionId: 'claimed' })
        : tell(asked);

  it.each<readonly [string, (url: string) => string]>([
    ['as it is', (url) => url],
    ['in capitals and with a path', (url) => `${url.replace('https', 'HTTPS')}/v1`],
  ])(
    'is no witness of itself: the profile’s own node is, when the witness is the carrier’s address %s',
    async (_how, written) => {
      const second = await made('--hospital', 'HospitalCMSP');
      await nameOther();
      witnessAt(written(placeOf(other).nodeUrl), placeOf(other));
      // the carrier says that it is committed, and the other hospital's ledger has nothing of it
      own.answer = knowing(second, 'HospitalCMSP');
      other.answer = committing(second);
      expect(await accept(second.pseudonym)).toMatchObject({ code: 5 });
      expect(carriedBy(other)).toEqual(['AcceptRelationship']);
      expect(new Set(carriedBy(own))).toEqual(new Set(['GetPseudonym']));
      expect(await shown()).toMatchObject([{ open: [{ transaction: 'RelationshipContract:AcceptRelationship' }] }]);
    },
    30_000,
  );

  it('has no witness in another node of the same member: nothing is sent', async () => {
    const elsewhere = scratchDirectory();
    mkdirSync(elsewhere, { recursive: true });
    const twin = await openHospital(elsewhere, 'HospitalCMSP');
    const second = await made('--hospital', 'HospitalCMSP');
    await nameOther();
    witnessAt(placeOf(twin).nodeUrl, placeOf(twin));
    [other.answer, twin.answer] = [committing(second), knowing(second, 'HospitalCMSP')];
    const commandsOfIt = [
      ['relationship', 'accept'],
      ['wallet', 'sync'],
      ['wallet', 'give-up'],
    ];
    for (const argv of commandsOfIt) {
      const refused = await as(...argv, '--pseudonym', second.pseudonym);
      expect({ argv, code: codeOf(refused), told: refused.stderr.includes('carriers-organisation') }).toEqual({
        argv,
        code: 'WITNESS_UNAVAILABLE',
        told: true,
      });
    }
    expect([...carriedBy(other), ...carriedBy(twin)]).toEqual([]);
    await twin.close();
  }, 30_000);

  it('is not taken for a witness when nobody else is asked: it is said loudly', async () => {
    const first = await made();
    own.answer = knowing(first, 'HospitalBMSP');
    const told = await as('wallet', 'sync');
    expect(JSON.parse(told.stdout)).toMatchObject({ toldBy: placeOf(own).nodeUrl, isWitnessed: false });
    const words = async (): Promise<string> =>
      (await run(['wallet', 'sync', '--as', name, '--data-dir', own.dataDir], { env: { LIANYI_WALLET_PASSPHRASE: passphrase } })).stdout;
    expect(await words()).toContain('UNWITNESSED');
    witnessed();
    other.answer = knowing(first, 'HospitalBMSP');
    expect(await words()).not.toContain('UNWITNESSED');
    expect(JSON.parse((await as('wallet', 'sync')).stdout)).toMatchObject({ toldBy: placeOf(other).nodeUrl, isWitnessed: true });
  });
});

describe('who comes back to a hospital', () => {
  const answered = async (mine: State, theirs: State): Promise<Run> => {
    const first = await made();
    witnessed();
    own.answer = knowing(first, 'HospitalBMSP', mine);
    other.answer = knowing(first, 'HospitalBMSP', theirs);
    return as('wallet', 'pseudonym');
  };

  it.each<readonly [State]>([['terminated'], ['rejected']])(
    'gets a new pseudonym after a relationship that is %s, and keeps the old one',
    async (state) => {
      const again = await answered(state, state);
      const { pseudonym } = JSON.parse(again.stdout) as Pseudonym;
      expect(await shown()).toMatchObject([
        { mspId: 'HospitalBMSP', past: 'ended', open: [] },
        { mspId: 'HospitalBMSP', pseudonym, open: [] },
      ]);
      // it is the one for the hospital now: nobody need name it
      expect(JSON.parse((await as('relationship', 'accept', '--dry-run')).stdout)).toMatchObject({ input: { pseudonym } });
    },
  );

  it.each<readonly [State, State]>([
    ['active', 'active'],
    ['suspended', 'suspended'],
    ['proposed', 'proposed'],
    ['none', 'none'],
    ['terminated', 'active'],
    ['active', 'terminated'],
  ])('gets none while their hospital’s node says %s and the witness %s', async (mine, theirs) => {
    const again = await answered(mine, theirs);
    expect({ code: again.code, problem: codeOf(again) }).toEqual({ code: 1, problem: 'PSEUDONYM_IN_USE' });
    expect(await shown()).toHaveLength(1);
  });

  it('gets none when a node cannot be asked', async () => {
    await made();
    own.answer = () => Promise.reject(new Refused('LEDGER_UNAVAILABLE', 'no peer', {}));
    expect(codeOf(await as('wallet', 'pseudonym'))).toBe('LEDGER_UNAVAILABLE');
    expect(await shown()).toHaveLength(1);
  });
});

describe('wallet discard', () => {
  it('lets a pseudonym go that was never registered, so that another takes its place', async () => {
    const { pseudonym } = await made();
    witnessed();
    expect(JSON.parse((await as('wallet', 'discard')).stdout)).toEqual({ pseudonym, past: 'discarded' });
    const { pseudonym: second } = await made();
    expect(await shown()).toMatchObject([{ pseudonym, past: 'discarded' }, { pseudonym: second }]);
  });

  it.each<readonly [string, () => Hospital]>([
    ['its hospital’s node', () => own],
    ['the witness', () => other],
  ])('refuses what %s knows', async (_who, who) => {
    const known = await made();
    witnessed();
    who().answer = knowing(known, 'HospitalBMSP');
    expect(codeOf(await as('wallet', 'discard'))).toBe('PSEUDONYM_IN_USE');
    expect(await shown()).toEqual([{ pseudonym: known.pseudonym, mspId: 'HospitalBMSP', open: [] }]);
  });

  it.each([
    ['with a key that is none of this wallet’s', 'HospitalBMSP', sha256('another key')],
    ['as another hospital’s', 'HospitalCMSP', undefined],
  ])('lets one go that the ledger knows %s', async (_how, mspId, nextKeyHash) => {
    const known = await made();
    own.answer = knowing({ ...known, ...(nextKeyHash === undefined ? {} : { nextKeyHash }) }, mspId);
    expect((await as('wallet', 'discard')).code).toBe(0);
  });

  it('is taken back by a look at the ledger, should it be registered after all', async () => {
    const known = await made();
    await as('wallet', 'discard');
    own.answer = knowing(known, 'HospitalBMSP');
    expect((await as('wallet', 'sync', '--pseudonym', known.pseudonym)).code).toBe(0);
    expect(await shown()).toEqual([{ pseudonym: known.pseudonym, mspId: 'HospitalBMSP', open: [] }]);
  });

  it.each([
    ['cannot be asked', new Refused('LEDGER_UNAVAILABLE', 'no peer', {})],
    ['will not be asked', new Refused('RATE_LIMITED', 'wait', {})],
  ])('lets nothing go when the ledger %s', async (_what, failure) => {
    await made();
    own.answer = () => Promise.reject(failure);
    expect(codeOf(await as('wallet', 'discard'))).toBe(failure.code);
    expect(await shown()).toMatchObject([{ open: [] }]);
    expect(JSON.stringify(await shown())).not.toContain('past');
  });

  it('has no dry run', async () => {
    await made();
    expect((await as('wallet', 'discard', '--dry-run')).code).toBe(2);
  });
});

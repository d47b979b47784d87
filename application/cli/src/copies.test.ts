import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createWallet } from '@lianyi/client/node';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { displayWidth } from './columns';
import { type Hospital, openHospital, passphrase } from './hospital.fixture';
import { run, type Run } from './terminal.fixture';

let own: string;
let hospital: Hospital;
beforeAll(async () => {
  hospital = await openHospital(scratchDirectory());
  await createWallet(join(hospital.dataDir, 'wallets', 'patient.json'), passphrase, { scryptN: 1024 });
  ({ pseudonym: own } = JSON.parse((await as('patient', ['wallet', 'pseudonym', '--json'])).stdout) as { pseudonym: string });
});
afterAll(() => hospital.close());
beforeEach(() => {
  hospital.carried.length = 0;
});

const as = (who: string, args: readonly string[], more: object = {}): Promise<Run> =>
  run([...args, '--as', who, '--data-dir', hospital.dataDir], { env: { LIANYI_WALLET_PASSPHRASE: passphrase }, ...more });
const AT = '2026-05-01T08:00:00.000Z';
const origin = { requestHash: 'A'.repeat(43), actor: { kind: 'staff', mspId: 'HospitalAMSP', actorTag: 'keys' } };
const by = { kind: 'staff', mspId: 'HospitalBMSP', actorTag: 'officer' };
const id = (name: string): string => name.padEnd(22, '0');
const copyOf = (holderMspId: string, standing: string, more: object = {}, told: object = {}): object => ({
  copy: {
    ...{
      schemaVersion: 1,
      holderMspId,
      ticketId: id('ticket'),
      recordId: id('record'),
      takenAt: AT,
      state: 'held',
      origin,
    },
    ...more,
    /** Made before the tests begin, and after this. */
    get pseudonym() {
      return own;
    },
  },
  purpose: 'TREAT',
  standing,
  ...told,
});
const due = (cause: string): object => ({ due: { cause, goneBy: '2026-05-04T08:00:00.000Z' } });
const answerOf = (said: object): object => ({ answer: { ...said, at: AT, by, txId: 'ab12', origin } });
const from = { from: { mspId: 'HospitalBMSP', to: { mspId: 'HospitalCMSP', actorTag: 'dr-wu', department: 'cardiology' } } };
const copies = [
  // in the order of the members' names, which is not that of who has it from whom
  copyOf('HospitalAAMSP', 'retained', {
    ...from,
    state: 'retained',
    ...answerOf({ outcome: 'retained', basis: 'litigation', until: '2027-01-01T00:00:00.000Z' }),
  }),
  copyOf('HospitalBMSP', 'overdue', {}, due('consent-changed')),
  copyOf('HospitalCMSP', 'destroyed', { ticketId: id('other'), state: 'destroyed', ...answerOf({ outcome: 'destroyed' }) }),
];
const list = (...items: readonly object[]): void => {
  hospital.answer = () => Promise.resolve({ result: { items } });
};

describe('lianyi copies', () => {
  it.each([
    ['en', /OVERDUE/, /the consent was changed/, /litigation/, /0 must go, 1 overdue, of 3/],
    ['zh', /已逾期/, /授权已变更或撤销/, /诉讼/, /共 3 份：须销毁 0 份，逾期 1 份/],
  ] as const)('list shows each holder and what became of it, in 80 columns (%s)', async (language, ...told) => {
    list(...copies);
    const { code, stdout, stderr } = await as('patient', ['copies', 'list', '--lang', language], { columns: 80 });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const text of told) expect(stdout.replace(/\s+/g, ' ')).toMatch(text);
    expect(stdout.split('\n').filter((line) => displayWidth(line) > 80)).toEqual([]);
  });

  it('list has what was handed on directly below whom it came from', async () => {
    list(...copies);
    const { stdout } = await as('patient', ['copies', 'list', '--json']);
    const { items } = JSON.parse(stdout) as { readonly items: readonly { readonly copy: { readonly holderMspId: string } }[] };
    expect(items.map(({ copy }) => copy.holderMspId)).toEqual(['HospitalBMSP', 'HospitalAAMSP', 'HospitalCMSP']);
  });

  it('due shows a holder what is to be answered, and nothing else unless asked', async () => {
    list(...copies, copyOf('HospitalBMSP', 'held'));
    expect((await as('clinician', ['copies', 'due'])).stdout).toMatch(/0 must go, 1 overdue, of 1/);
    expect((await as('clinician', ['copies', 'due', '--all'])).stdout).toMatch(/of 4/);
    list(copyOf('HospitalBMSP', 'held'));
    expect((await as('clinician', ['copies', 'due'])).stdout).toMatch(/Nothing is due/);
  });

  it.each<readonly [readonly string[], object]>([
    [['--destroyed'], { outcome: 'destroyed' }],
    [['--retained', 'litigation'], { outcome: 'retained', basis: 'litigation' }],
    [
      ['--retained', 'litigation', '--until', '2027-01-01T00:00:00Z'],
      { outcome: 'retained', basis: 'litigation', until: '2027-01-01T00:00:00.000Z' },
    ],
  ])('answer says %j', async (flags, answer) => {
    hospital.answer = () =>
      Promise.resolve({ result: { ticketId: 't', recordId: 'r', state: 'destroyed' }, transactionId: 'ab12', blockNumber: 7n });
    const { code } = await as('clinician', ['copies', 'answer', 't', 'r', ...flags]);
    expect([code, hospital.carried[0]?.argument.input]).toEqual([0, { ticketId: 't', recordId: 'r', answer }]);
  });

  it.each<readonly [string, readonly string[]]>([
    ['neither', ['answer', 't', 'r']],
    ['both', ['answer', 't', 'r', '--destroyed', '--retained', 'litigation']],
    ['an end of what is gone', ['answer', 't', 'r', '--destroyed', '--until', '2027-01-01']],
    ['a law that is none', ['answer', 't', 'r', '--retained', 'because']],
    ['nobody to hand it on to', ['disclose', 't', 'r', '--to', 'HospitalCMSP:dr-wu']],
  ])('sends nothing that says %s', async (_what, args) => {
    expect((await as('clinician', ['copies', ...args])).code).toBe(2);
    expect(hospital.carried).toEqual([]);
  });
});

describe('consent grant', () => {
  const grant = (...flags: readonly string[]): Promise<Run> =>
    as('patient', ['consent', 'grant', '--to', 'organisation:HospitalBMSP', '--purposes', 'TREAT', ...flags, '--dry-run', '--json']);
  const until = ['--until', '2027-01-01T00:00:00Z'];

  it('says what may be done with copies', async () => {
    const { code, stdout } = await grant(...until, '--handling', 'store', '--erase-at', '2027-02-01T00:00:00Z', '--onward');
    expect(code).toBe(0);
    const { input } = JSON.parse(stdout) as { readonly input: { readonly provisions: readonly object[] } };
    expect(input.provisions).toMatchObject([{ handling: 'store', eraseAt: '2027-02-01T00:00:00.000Z', onward: true }]);
    expect(
      (JSON.parse((await grant(...until)).stdout) as { readonly input: { readonly provisions: readonly object[] } }).input.provisions[0],
    ).not.toHaveProperty('handling');
  });
  it.each<readonly [string, readonly string[]]>([
    ['what is forbidden', ['--deny', '--handling', 'view']],
    ['handing on what is forbidden', ['--deny', '--onward']],
    ['handing on what is only viewed', [...until, '--handling', 'view', '--onward']],
    ['a copy that is gone before the permission', [...until, '--erase-at', '2026-12-31T00:00:00Z']],
    ['a handling that is none', [...until, '--handling', 'print']],
  ])('says nothing of copies for %s', async (_what, flags) => {
    expect((await grant(...flags)).code).toBe(2);
    expect(hospital.carried).toEqual([]);
  });
});

describe('access read', () => {
  const ticketOf = (copy: object): object => ({
    ...{ schemaVersion: 1, ticketId: 't', pseudonym: 'psn-1', recordIds: ['rec-1'], purpose: 'TREAT', origin, requestedAt: AT },
    actor: { mspId: 'HospitalBMSP', actorTag: 'tag', roles: ['clinician'], department: 'cardiology' },
    ...{ decision: 'permit', custodianMspId: 'HospitalAMSP', recordVersions: [1], provisionIds: ['p1'], grantVersions: [] },
    ...{ expiresAt: '2026-05-01T08:15:00.000Z', state: 'open', ...copy },
  });
  const read = async (copy: object, out: string): Promise<Run> => {
    const asked = { decision: 'permit', reasons: [], provisionIds: ['p1'], expiresAt: '2099-01-01T00:00:00.000Z', state: 'open' };
    hospital.answer = (name) => {
      if (name === 'ListDisagreements') return Promise.resolve({ result: { items: [] } });
      // the CLI's own request, which comes first
      const { ticketId, ephemeralPublicKey } = hospital.carried[0]?.argument.input as Readonly<Record<string, string>>;
      const result = name === 'GetDecision' ? { ...ticketOf(copy), ticketId, ephemeralPublicKey } : { ...asked, ticketId };
      return Promise.resolve({ result, transactionId: 'ab', blockNumber: 1n });
    };
    await as('clinician', ['access', 'request', '--pseudonym', 'psn-1', '--records', 'rec-1', '--purpose', 'TREAT']);
    const { ticketId } = hospital.carried[0]?.argument.input as { readonly ticketId: string };
    return as('clinician', ['access', 'read', ticketId, '--record', 'rec-1', '--unwitnessed', '--out', out]);
  };

  it('keeps nothing that the patient lets be viewed only, and has no key released for it', async () => {
    const out = join(hospital.dataDir, 'kept.json');
    const { code, stderr } = await read({ copy: { handling: 'view' } }, out);
    expect([code, stderr]).toEqual([3, expect.stringContaining('VIEW_ONLY')]);
    expect(existsSync(out)).toBe(false);
  });
  it.each([[{}], [{ copy: { handling: 'store', onward: true } }]])('goes on to read what may be kept: %j', async (copy) => {
    const { stderr } = await read(copy, join(hospital.dataDir, 'kept.json'));
    expect(hospital.carried.map(({ name }) => name)).toEqual(['RequestAccess', 'GetDecision', 'ListDisagreements']);
    // as far as a node that serves no documents lets it
    expect(stderr).toContain('METHOD_NOT_ALLOWED');
  });
});

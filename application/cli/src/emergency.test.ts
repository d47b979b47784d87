import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOfJson, instantOf, OutcomeUnknown, Refused, saltSchema, ticketIdSchema } from '@lianyi/domain';
import { commitmentOf } from '@lianyi/domain/deciding';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { genesis, type Hospital, openHospital, passphrase } from './hospital.fixture';
import { run, type Run } from './terminal.fixture';

let hospital: Hospital;
let file: string;
beforeAll(async () => {
  hospital = await openHospital(scratchDirectory());
  file = join(hospital.dataDir, 'happened.json');
  writeFileSync(file, JSON.stringify({ text: 'found unconscious at the station' }));
});
afterAll(() => hospital.close());
beforeEach(() => {
  hospital.carried.length = 0;
});

const breakGlass = (...more: readonly string[]): Promise<Run> => {
  const asked = ['--pseudonym', 'psn-1', '--records', 'rec-1', '--reason', 'cannot-consent', '--narrative-file', file];
  const who = ['--as', 'clinician', '--data-dir', hospital.dataDir];
  return run(['access', 'emergency', ...asked, ...more, ...who], { env: { LIANYI_WALLET_PASSPHRASE: passphrase } });
};
const keys = (): readonly string[] => {
  const folder = join(hospital.dataDir, 'profiles', 'clinician.data', 'tickets');
  return (existsSync(folder) ? readdirSync(folder) : []).filter((name) => name.endsWith('.pem')).map((name) => join(folder, name));
};
const answer = (decision: 'permit' | 'deny', narrative: () => Promise<{ result: unknown }>, more: object = {}): void => {
  hospital.answer = (name) => {
    const { ticketId } = hospital.carried[0]?.argument.input as { ticketId: string }; // the CLI's own request
    if (name === 'PutEmergencyNarrative') return narrative();
    const result =
      decision === 'permit'
        ? { decision, ticketId, state: 'open', reasons: [], provisionIds: ['emergency'], expiresAt: '2030-01-01T00:00:00.000Z', ...more }
        : { decision, ticketId, reasons: ['EMERGENCY_DEBT'], provisionIds: [] };
    return Promise.resolve({ result, transactionId: 'ab12', blockNumber: 7n });
  };
};
const kept = (): Promise<{ result: unknown }> => {
  const { ticketId } = hospital.carried[0]?.argument.input as { ticketId: string };
  return Promise.resolve({ result: { ticketId } });
};

describe('breaking the glass on the command line', () => {
  it('asks for the summary first, commits to what happened, and has that kept in private', async () => {
    answer('permit', kept);
    const { code, stdout } = await breakGlass('--minutes', '120');
    expect([code, stdout]).toEqual([0, expect.stringContaining('emergency')]);
    const [asked, told] = hospital.carried;
    expect(hospital.carried.map(({ name }) => name)).toEqual(['BreakGlass', 'PutEmergencyNarrative']);
    expect(asked?.argument.input).toMatchObject({ opening: { scope: 'dataset' }, lastsMinutes: 120, reason: 'cannot-consent' });
    const { ticketId, narrativeCommitment } = asked?.argument.input as Readonly<Record<string, string>>;
    const { transient } = told?.argument as unknown as { readonly transient: { readonly text: string; readonly salt: string } };
    const narrative = { ticketId: ticketIdSchema.parse(ticketId), text: transient.text, salt: saltSchema.parse(transient.salt) };
    expect([transient.text, commitmentOf(narrative)]).toEqual(['found unconscious at the station', narrativeCommitment]);
    expect(told?.argument.input).toEqual({ ticketId, transientSha256: hashOfJson(transient) });
    expect(JSON.stringify(asked?.argument)).not.toContain('station');
  });

  it('keeps the key for as long as the emergency lasts', async () => {
    answer('permit', kept);
    const before = new Set(keys());
    await breakGlass('--minutes', '240');
    const [made = ''] = keys().filter((name) => !before.has(name));
    // forgotten a ticket's lifetime after this: 225 minutes and 15
    expect(statSync(made).mtimeMs - Date.now()).toBeGreaterThan(224 * 60_000);
  });

  const glass = (): readonly string[] =>
    keys()
      .map((key) => key.replace('.pem', '.glass'))
      .filter((name) => existsSync(name));
  const emergency = (...argv: readonly string[]): Promise<Run> =>
    run(['emergency', ...argv, '--as', 'clinician', '--data-dir', hospital.dataDir]);
  const ticketOf = (): string => (hospital.carried[0]?.argument.input as { ticketId: string }).ticketId;

  it('keeps what happened beside the key until the hospital has it, and tells it then', async () => {
    answer('permit', () => Promise.reject(new Refused('OFF_DUTY', 'off duty', {})));
    const { code, stdout } = await breakGlass('--scope', 'full', '--without-dataset', 'none-prepared');
    expect([code, stdout]).toEqual([0, expect.stringContaining(`OFF_DUTY): \`lianyi emergency tell ${ticketOf()}\``)]);
    const [file = ''] = glass();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const [, told] = hospital.carried;
    expect((await emergency('tell', ticketOf(), '--dry-run')).code).toBe(0);
    expect(glass()).toEqual([file]);
    answer('permit', kept);
    expect((await emergency('tell', ticketOf())).code).toBe(0);
    expect(hospital.carried.at(-1)?.argument).toMatchObject({ transient: (told?.argument as { transient?: object }).transient });
    expect(glass()).toEqual([]);
    expect((await emergency('tell', ticketOf())).stderr).toContain('TICKET_KEY_MISSING');
    expect((await emergency('tell', ticketOf(), '--narrative-file', file)).code).toBe(2);
  });

  it('can be asked for again where no answer came, with the same request and key, and is no second one', async () => {
    hospital.answer = () => Promise.reject(new OutcomeUnknown('ab12'));
    const lost = await breakGlass('--minutes', '240');
    expect([lost.code, lost.stderr]).toEqual([5, expect.stringContaining(`lianyi emergency resume ${ticketOf()}`)]);
    const [key = ''] = keys().filter((name) => name.includes(ticketOf()));
    expect(statSync(key).mtimeMs - Date.now()).toBeGreaterThan(224 * 60_000);
    expect((await emergency('resume', ticketOf())).stderr).toContain(`lianyi emergency resume ${ticketOf()}`);
    answer('permit', kept);
    expect((await emergency('resume', ticketOf())).code).toBe(0);
    const asked = hospital.carried.filter(({ name }) => name === 'BreakGlass').map(({ argument }) => argument.input);
    expect(asked).toEqual([asked[0], asked[0], asked[0]]);
    expect(hospital.carried.at(-1)?.name).toBe('PutEmergencyNarrative');
    expect([glass(), existsSync(key)]).toEqual([[], true]);
  });

  it.each([
    ['what was committed to', {}, []],
    ['another text that the own hospital keeps', { text: 'what sounds better' }, []],
    ['a text that another hospital has told', {}, ['--narrative-file', 'FILE']],
    ['another text that another hospital has told', { text: 'what sounds better' }, ['--narrative-file', 'FILE']],
  ])('shows a reviewer %s only if it is what was committed to', async (_what, told: { text?: string }, argv) => {
    const salt = saltSchema.parse('c2FsdHNhbHRzYWx0c2FsdA');
    const ticketId = ticketIdSchema.parse('ticket-1');
    const said = { text: 'found unconscious at the station', ...told };
    const from = instantOf(0);
    const opened = {
      ...{ schemaVersion: 1, ticketId, pseudonym: 'psn-1', custodianMspId: 'HospitalAMSP', reason: 'cannot-consent', state: 'open' },
      ...{ asker: { mspId: 'HospitalBMSP', actorTag: 'c', department: 'd' }, opening: { scope: 'dataset' } },
      narrativeCommitment: commitmentOf({ ticketId, text: 'found unconscious at the station', salt }),
      ...{ openedAt: from, endsAt: instantOf(1), reviewDueAt: instantOf(2) },
      origin: { requestHash: genesis, actor: { kind: 'staff', mspId: 'HospitalBMSP', actorTag: 'c' } },
    };
    hospital.answer = (name) =>
      Promise.resolve({
        result:
          name === 'GetEmergency'
            ? { emergency: opened, recordIds: ['rec-1'], isOverdue: false }
            : { schemaVersion: 1, ticketId, salt, ...said },
      });
    const other = join(hospital.dataDir, 'told.json');
    writeFileSync(other, JSON.stringify(said));
    const more = argv.length === 0 ? [] : ['--narrative-file', other, '--salt', salt];
    const { code, stdout, stderr } = await emergency('narrative', ticketId, ...more);
    expect([code, (stdout + stderr).includes(said.text), stderr]).toEqual(
      told.text === undefined ? [0, true, ''] : [3, false, expect.stringContaining('HASH_MISMATCH')],
    );
    expect(hospital.carried.map(({ name }) => name)).toEqual([...(argv.length === 0 ? ['GetEmergencyNarrative'] : []), 'GetEmergency']);
  });

  it('keeps nothing to go on with of what was refused', async () => {
    hospital.answer = () => Promise.reject(new Refused('OFF_DUTY', 'off duty', {}));
    expect((await breakGlass()).stderr).not.toContain('resume');
    expect(glass()).toEqual([]);
  });

  it('tells which records are denied, and keeps no key for them', async () => {
    answer('permit', kept, { denied: [{ recordId: 'rec-2', reasons: ['LABEL_NOT_COVERED'] }] });
    const { code, stdout } = await breakGlass('--records', 'rec-1,rec-2');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/rec-2.*LABEL_NOT_COVERED[^]*LABEL_NOT_COVERED: /)]);
    const { ticketId } = hospital.carried[0]?.argument.input as { ticketId: string };
    const [key = ''] = keys().filter((name) => name.includes(ticketId));
    expect(statSync(key).mtimeMs - Date.now()).toBeGreaterThan(44 * 60_000);
    expect(readFileSync(key.replace('.pem', '.json'), 'utf8')).toMatch(/"unread":\["rec-1"\]/);
  });

  it('answers 4 on a denial, keeps no key and tells no narrative', async () => {
    answer('deny', kept);
    const before = keys();
    const { code, stdout } = await breakGlass();
    expect([code, stdout]).toEqual([4, expect.stringContaining('EMERGENCY_DEBT')]);
    expect([keys(), glass(), hospital.carried.map(({ name }) => name)]).toEqual([before, [], ['BreakGlass']]);
  });

  it.each([
    [['--scope', 'full']],
    [['--after', 'ticket']],
    [['--without-dataset', 'none-prepared']],
    [['--scope', 'full', '--after', 'ticket', '--without-dataset', 'none-prepared']],
    [['--minutes', '241']],
    [['--minutes', '4']],
    [['--reason', 'stroke']],
    [['--narrative-file', '/nowhere/at/all']],
  ])('sends nothing with %j', async (more) => {
    const { code } = await breakGlass(...more);
    expect([code, hospital.carried]).toEqual([expect.any(Number), []]);
    expect(code).not.toBe(0);
  });

  it('says what a second person would run where one has to sign, and asks again with their name', async () => {
    const missing = { decision: 'deny', reasons: ['COUNTERSIGNATURE_MISSING'], provisionIds: [] };
    hospital.answer = () => Promise.resolve({ result: { ...missing, ticketId: ticketOf() }, transactionId: 'ab12', blockNumber: 7n });
    const { code, stdout } = await breakGlass();
    const [command = '', asker = '', nonce = ''] = /lianyi emergency countersign (\S+) --nonce (\S+)/.exec(stdout) ?? [];
    expect([code, command]).toEqual([4, expect.stringContaining('countersign')]);
    expect(nonce).not.toBe((hospital.carried[0]?.argument.input as { nonce: string }).nonce);
    hospital.carried.length = 0;
    hospital.answer = () =>
      Promise.resolve({ result: { ticketId: ticketOf(), signer: 'second', until: '2030-01-01T00:00:00.000Z' }, blockNumber: 7n });
    expect((await emergency('countersign', asker, '--nonce', nonce, '--pseudonym', 'psn-1', '--records', 'rec-1')).code).toBe(0);
    const signedFor = ticketOf();
    hospital.carried.length = 0;
    answer('permit', kept);
    expect((await breakGlass('--second', 'second', '--nonce', nonce)).code).toBe(0);
    expect(hospital.carried[0]?.argument.input).toMatchObject({ ticketId: signedFor, nonce, second: 'second' });
  });

  it.each([[['--second', 'second']], [['--nonce', 'A'.repeat(22)]]])('sends nothing with %j alone', async (more) => {
    expect([(await breakGlass(...more)).code, hospital.carried]).toEqual([2, []]);
  });
});

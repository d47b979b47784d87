import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicKeyOf } from '@lianyi/client';
import { loadKeyFile } from '@lianyi/client/node';
import { Conflict, hashOfJson, hashOfKey, OutcomeUnknown, Refused, staffStatementSchema, Unavailable } from '@lianyi/domain';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { genesis, type Hospital, openHospital, passphrase } from './hospital.fixture';
import { run, type Run } from './terminal.fixture';

let hospital: Hospital;
beforeAll(async () => {
  hospital = await openHospital(scratchDirectory());
});
afterAll(() => hospital.close());
beforeEach(() => {
  hospital.carried.length = 0;
});

const as = (profile: string, ...argv: readonly string[]): Promise<Run> =>
  run([...argv, '--as', profile, '--data-dir', hospital.dataDir], { env: { LIANYI_WALLET_PASSPHRASE: passphrase } });

const requestAccess = ['access', 'request', '--pseudonym', 'psn-1', '--records', 'rec-1,rec-2', '--purpose', 'TREAT'];

function answerAccess(decision: 'permit' | 'deny'): void {
  hospital.answer = () => {
    const input = hospital.carried.at(-1)?.argument.input as { ticketId: string }; // the CLI's own request
    const result =
      decision === 'permit'
        ? { decision, ticketId: input.ticketId, state: 'open', reasons: [], provisionIds: ['p1'], expiresAt: '2030-01-01T00:00:00.000Z' }
        : { decision, ticketId: input.ticketId, reasons: ['NO_CONSENT'], provisionIds: [] };
    return Promise.resolve({ result, transactionId: 'ab12', blockNumber: 7n });
  };
}

/** A record's ledger entry; whose hashes they are does not matter here. */
function labelledRecord(): object {
  const receipt = (mspId: string): object => ({
    statement: {
      t: 'lianyi/receipt/v1',
      objectSha256: genesis,
      versionHash: genesis,
      mspId,
      endpointId: 'vault',
      storedAt: '2026-01-01T00:00:00.000Z',
    },
    signature: Buffer.alloc(64, 1).toString('base64url'),
  });
  return {
    ...{ schemaVersion: 1, pseudonym: 'psn-1', recordId: 'rec-1', version: 1, state: 'current' },
    ...{ custodianMspId: 'HospitalAMSP', authorMspId: 'HospitalAMSP', class: 'laboratory-report', category: 'health-status' },
    ...{ format: 'fhir-r4-json', displayProfile: 'cn-lab@1', sizeBucket: 12, cipherSha256: genesis, contentCommitment: genesis },
    ...{ dekCommitment: genesis, keyEpoch: 1, anchoredAt: '2026-01-01T00:00:00.000Z', changedAt: '2026-01-01T00:00:00.000Z' },
    locators: ['HospitalAMSP', 'HospitalBMSP'].map((mspId) => ({ mspId, endpointId: 'vault' })),
    receipts: ['HospitalAMSP', 'HospitalBMSP'].map(receipt),
    origin: { requestHash: genesis, actor: { kind: 'staff', mspId: 'HospitalAMSP', actorTag: 'lab-1' } },
  };
}

function ticketKeys(): string[] {
  const folder = join(hospital.dataDir, 'profiles', 'clinician.data', 'tickets');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.filter((name) => name.endsWith('.pem')).map((name) => join(folder, name));
}

describe('asking for access', () => {
  it('answers 0 on a permit and keeps the ephemeral key for its owner only', async () => {
    answerAccess('permit');
    const before = new Set(ticketKeys());
    const { code, stdout } = await as('clinician', ...requestAccess, '--json');
    const made = ticketKeys().filter((file) => !before.has(file));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ result: { decision: 'permit' }, transactionId: 'ab12', blockNumber: '7' });
    expect(made).toHaveLength(1);
    expect(statSync(made[0] ?? '').mode & 0o777).toBe(0o600);
    const key = publicKeyOf(await loadKeyFile(made[0] ?? ''));
    expect(hospital.carried).toMatchObject([
      { name: 'RequestAccess', argument: { input: { recordIds: ['rec-1', 'rec-2'], department: 'cardiology', ephemeralPublicKey: key } } },
    ]);
  });

  it('answers 4 on a committed denial, says why, and keeps no key', async () => {
    answerAccess('deny');
    const before = ticketKeys();
    const { code, stdout } = await as('clinician', ...requestAccess, '--lang', 'zh');
    expect(code).toBe(4);
    expect(stdout).toContain('NO_CONSENT：没有覆盖该操作者的患者授权。');
    expect(ticketKeys()).toEqual(before);
  });

  it.each<readonly [reason: string, labels: object, needs: RegExp]>([
    ['LABEL_NOT_COVERED', { confidentiality: 'R', dataLevel: 5 }, /laboratory-report .*5 .*R .*--labels R --max-level 5/],
    ['LABEL_NOT_COVERED', { confidentiality: 'V', dataLevel: 4 }, /laboratory-report .*4 .*V .*--labels V/],
    ['LEVEL_NEEDS_APPROVAL', { confidentiality: 'N', dataLevel: 5 }, /laboratory-report .*5 .*N .*--max-level 5/],
    ['CLASS_NOT_COVERED', { class: 'prescription', confidentiality: 'R', dataLevel: 4 }, /prescription .*4 .*R .*--labels R/],
  ])('names the records of a denial, their labels, and what a consent for them needs: %s of %j', async (reason, labels, needs) => {
    const record = { ...labelledRecord(), ...labels };
    hospital.answer = (name) => {
      const { ticketId, recordId } = hospital.carried.at(-1)?.argument.input as Readonly<Record<string, string>>; // the CLI's own request
      if (name === 'GetRecord') return Promise.resolve({ result: { ...record, recordId } });
      const result = { decision: 'deny', ticketId, reasons: [reason], provisionIds: [] };
      return Promise.resolve({ result, transactionId: 'ab12', blockNumber: 7n });
    };
    const { code, stdout } = await as('clinician', ...requestAccess);
    expect(code).toBe(4);
    for (const recordId of ['rec-1', 'rec-2']) {
      const line = stdout.split('\n').find((each) => each.includes(recordId) && needs.test(each));
      expect([recordId, stdout, line]).toEqual([recordId, stdout, expect.any(String)]);
    }
  });

  it('still tells a denial when its records cannot be looked up', async () => {
    hospital.answer = (name) => {
      if (name === 'GetRecord') return Promise.reject(new Refused('NOT_FOUND', 'no such record', {}));
      const { ticketId } = hospital.carried.at(-1)?.argument.input as { ticketId: string }; // the CLI's own request
      return Promise.resolve({ result: { decision: 'deny', ticketId, reasons: ['LABEL_NOT_COVERED'], provisionIds: [] } });
    };
    const { code, stdout } = await as('clinician', ...requestAccess);
    expect(code).toBe(4);
    expect(stdout).toContain('LABEL_NOT_COVERED');
  });

  it('answers 3 on a refusal, with its code and remedy', async () => {
    hospital.answer = () => Promise.reject(new Refused('OFF_DUTY', 'off duty', { actorTag: 'clinician-1' }));
    const { code, stdout, stderr } = await as('clinician', ...requestAccess);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('OFF_DUTY: The staff member is not on duty at this time.');
    expect(stderr).toContain('→ Ask within the duty window');
  });

  it('lets no refusal steer the terminal', async () => {
    hospital.answer = () => Promise.reject(new Refused('NEW_CODE', '\u001b[2Jgone\r', { place: '\u001b]0;x\u0007' }));
    const { code, stderr } = await as('clinician', ...requestAccess);
    expect(code).toBe(3);
    expect(stderr).toContain('NEW_CODE');
    // eslint-disable-next-line no-control-regex -- exactly the control characters are meant
    expect(stderr.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f]/);
  });

  const failures: readonly (readonly [string, Error, number, string])[] = [
    ['5 when the outcome is unknown, with the transaction to ask for', new OutcomeUnknown('cd34'), 5, 'OUTCOME_UNKNOWN'],
    ['1 when the ledger cannot be reached', new Unavailable('no peer'), 1, 'LEDGER_UNAVAILABLE'],
    ['1 when another transaction came first', new Conflict('cd34', 11), 1, 'LEDGER_CONFLICT'],
    ['1 when the node fails', new Error('something with a secret'), 1, 'INTERNAL'],
  ];

  it.each(failures)('answers %s', async (_, failure, expected, errorCode) => {
    hospital.answer = () => Promise.reject(failure);
    const { code, stderr } = await as('clinician', ...requestAccess, '--json');
    expect(code).toBe(expected);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: errorCode, exitCode: expected } });
    expect(stderr).not.toContain('secret');
    if (expected === 5) expect(JSON.parse(stderr)).toMatchObject({ error: { transactionId: 'cd34' } });
  });

  it('answers 5 when what comes back is not what the transaction answers: it may be committed', async () => {
    hospital.answer = () => Promise.resolve({ result: { decision: 'maybe' } });
    const { code, stdout, stderr } = await as('clinician', ...requestAccess);
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
    expect(stderr).toContain('OUTCOME_UNKNOWN');
  });

  it('answers 1 when what comes back to a question is not what it answers', async () => {
    hospital.answer = () => Promise.resolve({ result: { items: 'maybe' } });
    const { code, stderr } = await as('clinician', 'org', 'list');
    expect(code).toBe(1);
    expect(stderr).toContain('NOT_AN_ANSWER');
  });

  it('answers 5 and says nothing of a safe repetition when the node ends with the command in its hands', async () => {
    hospital.answer = () => {
      hospital.cutOff();
      return new Promise(() => undefined);
    };
    const { code, stdout, stderr } = await as('clinician', ...requestAccess, '--json');
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: 'OUTCOME_UNKNOWN', exitCode: 5, remedy: expect.stringContaining('blindly') as unknown },
    });
    expect(stderr).not.toContain('nothing was sent');
    expect(hospital.carried).toHaveLength(1);
  });

  it('answers 1 when the node ends with a question in its hands', async () => {
    hospital.answer = () => {
      hospital.cutOff();
      return new Promise(() => undefined);
    };
    const { code, stderr } = await as('clinician', 'org', 'list', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'LEDGER_UNAVAILABLE', exitCode: 1 } });
  });

  it('answers 2 and sends nothing when an id is malformed', async () => {
    const { code } = await as('clinician', 'access', 'request', '--pseudonym', 'no/id', '--records', 'r', '--purpose', 'TREAT');
    expect(code).toBe(2);
    expect(hospital.carried).toEqual([]);
  });

  it('answers 2 for a profile of the wrong kind', async () => {
    const { code, stderr } = await as('patient', ...requestAccess);
    expect(code).toBe(2);
    expect(stderr).toContain('PROFILE_KIND');
  });
});

describe('reading a document', () => {
  it('is refused before anything is sent unless the reader says where it goes', async () => {
    const { code, stderr } = await as('clinician', 'access', 'read', 'ticket-1');
    expect(code).toBe(2);
    expect(stderr).toContain('DOCUMENT_UNASKED');
    expect(hospital.carried).toEqual([]);
  });

  it('overwrites no file, and releases no key to find that out', async () => {
    const out = join(hospital.dataDir, 'there.json');
    writeFileSync(out, 'mine');
    const { stderr } = await as('clinician', 'access', 'read', 'ticket-1', '--out', out);
    expect(stderr).toContain('FILE_EXISTS');
    expect(readFileSync(out, 'utf8')).toBe('mine');
    expect(hospital.carried).toEqual([]);
  });

  it('says when the ephemeral key is not here', async () => {
    const { code, stderr } = await as('clinician', 'access', 'read', 'ticket-1', '--stdout');
    expect(code).toBe(1);
    expect(stderr).toContain('TICKET_KEY_MISSING');
  });
});

describe('--dry-run', () => {
  const publish = ['record', 'publish', '--pseudonym', 'psn-1', join(__dirname, '../../examples/laboratory-report-zh.json')];
  it.each([
    ['AccessContract:RequestAccess', requestAccess],
    ['DirectoryContract:RevokeStaff', ['staff', 'revoke', 'tag-1']],
    ['RegistrarContract:ReportCardLost', ['card', 'report-lost', 'card-1']],
    ['RelationshipContract:ProposeRelationship', ['relationship', 'propose', '--pseudonym', 'psn-1', '--type', 'care']],
    ['MemberNode:PrepareRecord', publish],
    ['RecordContract:GetRecord', ['record', 'show', 'rec-1', '--pseudonym', 'psn-1']],
  ])('of staff shows what would be signed for %s, and neither signs nor sends anything', async (transaction, argv) => {
    const { code, stdout } = await as('clinician', '--dry-run', ...argv);
    expect(code).toBe(0);
    expect(hospital.carried).toEqual([]);
    const shown = JSON.parse(stdout) as { statement: unknown; input: unknown };
    expect(shown).toMatchObject({ transaction });
    const statement = staffStatementSchema.parse(shown.statement);
    expect(statement).toMatchObject({ genesis, transaction, actorTag: 'clinician-1', requestHash: hashOfJson(shown.input) });
    // whoever reads a terminal's scrollback holds no request that could be carried
    expect(stdout).not.toMatch(/signature|proof/);
    expect(stdout).not.toContain('PRIVATE KEY');
    for (const secret of secretsOf(join(hospital.dataDir, 'clinician.pem'))) expect(stdout).not.toContain(secret);
  });

  it('writes no ephemeral key', async () => {
    const before = ticketKeys();
    await as('clinician', ...requestAccess, '--dry-run');
    expect(ticketKeys()).toEqual(before);
  });
});

/** The base64 lines of a PEM file, and the same as one base64url text. */
function secretsOf(file: string): string[] {
  const body = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('-'));
  return [...body, Buffer.from(body.join(''), 'base64').toString('base64url')];
}

describe('tx', () => {
  const getRecord = { pseudonym: 'psn-1', recordId: 'rec-1' };
  const tx = (name: string, stdin: string, ...argv: readonly string[]): Promise<Run> =>
    run(['tx', name, '--input', '-', '--as', 'clinician', '--data-dir', hospital.dataDir, ...argv], { stdin });

  it('lists the catalogue', async () => {
    const { code, stdout } = await run(['tx', '--json']);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { name: string }[]).map(({ name }) => name)).toContain('AccessContract:RequestAccess');
  });

  it('shows a signed request for any transaction', async () => {
    const { code, stdout } = await tx('RecordContract:GetRecord', JSON.stringify(getRecord), '--dry-run', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ transaction: 'RecordContract:GetRecord', kind: 'evaluate', input: getRecord });
  });

  it('covers a private value by its hash and does not show it', async () => {
    const transient = join(hospital.dataDir, 'link.json');
    writeFileSync(
      transient,
      JSON.stringify({ linkId: 'l1', pseudonym: 'psn-1', system: 'mrn', value: 'canary-4711', salt: 'A'.repeat(22) }),
    );
    const { code, stdout } = await tx('RegistrarContract:LinkIdentifier', '{"linkId":"l1"}', '--transient', transient, '--dry-run');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ transient: 'present', input: { linkId: 'l1' } });
    expect((JSON.parse(stdout) as { input: { transientSha256: string } }).input.transientSha256).toHaveLength(43);
    expect(stdout).not.toContain('canary-4711');
  });

  const wrong: readonly (readonly [string, string, string, string])[] = [
    ['an unknown transaction, naming the one meant', 'RecordsContract:getrecord', '{}', 'RecordContract:GetRecord?'],
    ['duplicate keys', 'RecordContract:GetRecord', '{"pseudonym":"a","pseudonym":"b","recordId":"c"}', 'DUPLICATE_KEY'],
    ['what is not JSON', 'RecordContract:GetRecord', '{', 'SYNTAX'],
    ['a field too many', 'RecordContract:GetRecord', '{"pseudonym":"a","recordId":"c","x":1}', 'input'],
    ['a missing field', 'RecordContract:GetRecord', '{"pseudonym":"a"}', 'input.recordId'],
  ];
  it.each(wrong)('refuses %s as a usage error', async (_, name, stdin, place) => {
    const { code, stderr } = await tx(name, stdin, '--dry-run');
    expect(code).toBe(2);
    expect(stderr).toContain(place);
  });
});

describe('staff key', () => {
  it('writes a key of mode 0600, prints its hash and nothing of the key, and never overwrites one', async () => {
    const out = join(hospital.dataDir, 'new.pem');
    const { code, stdout } = await run(['staff', 'key', '--out', out, '--json']);
    expect(code).toBe(0);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(JSON.parse(stdout)).toEqual({ file: out, publicKeyHash: hashOfKey(publicKeyOf(await loadKeyFile(out))) });
    for (const secret of secretsOf(out)) expect(stdout).not.toContain(secret);
    expect(await run(['staff', 'key', '--out', out])).toMatchObject({ code: 3 });
  });
});

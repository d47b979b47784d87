import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { DomainError, mspIdSchema } from '@lianyi/domain';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { type Hospital, openHospital } from './hospital.fixture';
import { run, type Run } from './terminal.fixture';

let hospital: Hospital;
beforeAll(async () => {
  hospital = await openHospital(scratchDirectory());
});
afterAll(() => hospital.close());
beforeEach(() => {
  hospital.carried.length = 0;
  hospital.peers = [
    { mspId: mspIdSchema.parse('HospitalBMSP'), newestBlock: '41' },
    { mspId: mspIdSchema.parse('HospitalAMSP'), silent: 'UNAVAILABLE' },
  ];
  hospital.answer = (name) => Promise.resolve({ result: answers[name] });
});

const LONG = 'r'.repeat(43);
const instants = { anchoredAt: '2026-03-01T08:00:00.000Z', changedAt: '2026-03-01T08:00:00.000Z' };
const item = {
  ...{ pseudonym: 'psn-1', recordId: LONG, version: 2, class: 'laboratory-report', dataLevel: 3, confidentiality: 'N' },
  ...{ custodianMspId: 'HospitalAMSP', authorMspId: 'HospitalAMSP', careMonths: { first: '2026-02', last: '2026-02' }, ...instants },
};
const organisation = (mspId: string, status = 'active'): object => ({
  ...{
    schemaVersion: 1,
    mspId,
    status,
    kinds: ['hospital'],
    encapsulationKeys: [{ epoch: 1, publicKey: publicKeyOf(newPrivateKey()) }],
    registeredAt: instants.anchoredAt,
  },
  origin: { requestHash: 'A'.repeat(43), actor: { kind: 'administrator', mspId, keyHash: 'A'.repeat(43) } },
});
const answers: Record<string, unknown> = {
  ListPermitted: { items: [item] },
  ListOrganisations: {
    items: [
      ...['HospitalAMSP', 'HospitalBMSP', 'HospitalCMSP'].map((mspId) => organisation(mspId)),
      organisation('HospitalDMSP', 'suspended'),
    ],
  },
};
const contributed = { ...item, recordId: 'c'.repeat(43), class: 'observation', contributed: true };
const list = (...more: string[]): Promise<Run> =>
  run(['access', 'list', ...more, '--purpose', 'TREAT', '--as', 'clinician', '--data-dir', hospital.dataDir], { columns: 80 });
const request = (...more: string[]): Promise<Run> =>
  run([
    'access',
    'request',
    '--pseudonym',
    'psn-1',
    '--records',
    LONG,
    '--purpose',
    'TREAT',
    '--as',
    'clinician',
    ...more,
    '--data-dir',
    hospital.dataDir,
  ]);

describe('access list', () => {
  it('shows what may be asked for within 80 columns, by whose peer and as of which block, and a request to copy', async () => {
    const { code, stdout, stderr } = await list('psn-1');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const line of stdout.split('\n')) expect([line, line.length <= 80]).toEqual([line, true]);
    expect(stdout).toContain(LONG);
    expect(stdout).toMatch(/HospitalBMSP +41 +decides/);
    expect(stdout).toMatch(/HospitalAMSP +no answer \(UNAVAILABLE\)/);
    expect(stdout).toMatch(/HospitalCMSP +- +not followed/);
    const copied = /lianyi access request[\s\S]*?(?<!\\)\n/.exec(stdout)?.[0].replaceAll('\\\n', '').split(/\s+/).slice(1, -1) ?? [];
    expect(copied.join(' ')).toBe(
      `access request --purpose TREAT --department cardiology --as clinician --seen-block 41 --pseudonym psn-1 --records ${LONG}`,
    );
  });

  it.each([
    ['en', 'observation (patient’s own)'],
    ['zh', '观察记录（患者自述）'],
  ])('keeps what the patient has contributed under a heading of its own: %s', async (language, heading) => {
    hospital.answer = (name) =>
      Promise.resolve({
        result:
          name === 'ListPermitted' ? { items: [contributed, { ...contributed, recordId: LONG, contributed: undefined }] } : answers[name],
      });
    const { stdout } = await list('psn-1', '--lang', language);
    const [before = '', after = ''] = stdout.split(heading);
    expect([before.includes(LONG), before.includes(contributed.recordId), after.includes(contributed.recordId)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('asks each pseudonym, for the department of the profile, and reads every page', async () => {
    const second = { ...item, recordId: 'rec-2' };
    hospital.answer = (name) => {
      const asked = hospital.carried.at(-1)?.argument.input as { after?: string; pseudonym?: string };
      if (name !== 'ListPermitted' || asked.pseudonym !== 'psn-1')
        return Promise.resolve({ result: name === 'ListPermitted' ? { items: [] } : answers[name] });
      return Promise.resolve({ result: asked.after === undefined ? { items: [item], next: 'cmVj' } : { items: [second] } });
    };
    const { code, stdout } = await list('psn-1,psn-2', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      seenBlock: '41',
      notAsked: ['HospitalCMSP'],
      lists: [
        { pseudonym: 'psn-1', items: [{ recordId: LONG }, { recordId: 'rec-2' }] },
        { pseudonym: 'psn-2', items: [] },
      ],
    });
    expect(hospital.carried.at(-1)?.argument.input).toEqual({ pseudonym: 'psn-2', purpose: 'TREAT', department: 'cardiology', limit: 100 });
  });

  it('refuses what the node answers about somebody else', async () => {
    hospital.answer = (name) =>
      Promise.resolve({ result: name === 'ListPermitted' ? { items: [{ ...item, pseudonym: 'psn-of-another' }] } : answers[name] });
    expect((await list('psn-1')).stderr).toContain('ANSWER_DIFFERS');
  });

  it('asks for nothing without a pseudonym or a card', async () => {
    const { code, stderr } = await list();
    expect(code).toBe(2);
    expect(stderr).toContain('--token-file');
    expect(hospital.carried).toEqual([]);
  });
});

describe('a request that carries the block of the list', () => {
  const seen: bigint[] = [];
  beforeEach(() => {
    seen.length = 0;
    hospital.untilSeen = (block) => {
      seen.push(block);
      return block > 41n
        ? Promise.reject(new DomainError('PEER_BEHIND', undefined, { seenBlock: '42', newestBlock: '41' }))
        : Promise.resolve();
    };
    hospital.answer = () => {
      const { ticketId } = hospital.carried.at(-1)?.argument.input as { ticketId: string }; // the CLI's own request
      const opens = {
        decision: 'permit',
        ticketId,
        reasons: [],
        provisionIds: ['p1'],
        expiresAt: '2027-01-01T00:00:00.000Z',
        state: 'open',
      };
      return Promise.resolve({ result: opens, transactionId: 'ab12', blockNumber: 42n });
    };
  });

  it('is carried once the own peer has it, and the block is no part of what is signed', async () => {
    expect((await request('--seen-block', '41')).code).toBe(0);
    expect(seen).toEqual([41n]);
    expect(JSON.stringify(hospital.carried, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))).not.toContain(
      'seenBlock',
    );
  });

  it('is refused and carried nowhere while the own peer is behind it', async () => {
    const { code, stderr } = await request('--seen-block', '42');
    expect([code, stderr.includes('PEER_BEHIND')]).toEqual([1, true]);
    expect(hospital.carried).toEqual([]);
  });

  it('is shown unsent with it', async () => {
    expect(JSON.parse((await request('--seen-block', '42', '--dry-run')).stdout)).toMatchObject({ seenBlock: '42' });
    expect(seen).toEqual([]);
  });

  it('carries none where none is named', async () => {
    expect((await request()).code).toBe(0);
    expect(seen).toEqual([]);
  });
});

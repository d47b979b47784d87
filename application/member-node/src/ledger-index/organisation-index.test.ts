import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { canonicalJson, mspIdSchema, sha256, transactions } from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { administered, certificates, endpointKey, hired, organisationKey, person, registered, signedBy } from './member-chain.fixture';
import { type PatientChain, usePatientChain } from './patient-chain.fixture';

const B = mspIdSchema.parse('BMSP');
const theirs = { epoch: 9, publicKey: publicKeyOf(newPrivateKey()) };
const orgAdminB = person('BMSP', 'org-admin', ['orgAdmin']);
const clerkB = person('BMSP', 'clerk', ['registrar']);

const used = usePatientChain();
let chain: PatientChain;
beforeEach(() => {
  chain = used();
});
/** What the node tells; an auditor tells the same. */
const told = (): readonly string[] => {
  expect(chain.audit.report().alarms.map(({ name }) => name)).toEqual(chain.names());
  return chain.names();
};

describe('an organisation’s entry', () => {
  /** As its administrator's registration has it, but for what is said. */
  const entry = (mspId: string, changes: object = {}): Record<string, string> => {
    const written = registered(mspId).writes?.[organisationKey(mspId)];
    return { [organisationKey(mspId)]: canonicalJson({ ...(JSON.parse(written ?? '{}') as object), ...changes }) };
  };
  const keys = (): object => {
    const { encapsulationKeys } = JSON.parse(entry('BMSP')[organisationKey('BMSP')] ?? '{}') as { encapsulationKeys: object[] };
    return { encapsulationKeys: [...encapsulationKeys, theirs] };
  };

  it('is told of by nobody where its own administrator has registered it', async () => {
    await chain.add(registered('DMSP', ['insurer']));
    expect(told()).toEqual([]);
  });

  it.each<readonly [string, () => Call, string]>([
    ['others write one more key of it', () => chain.forged(entry('BMSP', keys())), 'organisation-without-command'],
    ['others write it as it was', () => chain.forged(entry('BMSP')), 'organisation-without-command'],
    ['others write it suspended', () => chain.forged(entry('BMSP', { status: 'suspended' })), 'organisation-without-command'],
    ['others write other kinds', () => chain.forged(entry('BMSP', { kinds: ['insurer'] })), 'organisation-without-command'],
    ['others delete it', () => chain.forged({ [organisationKey('BMSP')]: null }), 'organisation-without-command'],
    ['its own administrator registers it once more', () => registered('BMSP'), 'organisation-without-command'],
    ['another’s administrator registers it', () => registered('DMSP', ['hospital'], 'BMSP'), 'organisation-without-command'],
    [
      'a client of its own that is no administrator’s does',
      () => ({ ...registered('DMSP'), creatorCertificate: certificates.client }),
      'organisation-without-command',
    ],
    ['it is written beside the registration of another', () => beside('DMSP', entry('BMSP', keys())), 'organisation-without-command'],
    [
      'it is written with another key than its administrator registers',
      () => ({ ...registered('DMSP'), writes: entry('DMSP', { encapsulationKeys: [theirs] }) }),
      'organisation-not-as-commanded',
    ],
    [
      'it is written with other kinds than registered',
      () => ({ ...registered('DMSP'), writes: entry('DMSP', { kinds: ['insurer'] }) }),
      'organisation-not-as-commanded',
    ],
    [
      'it is written suspended as it is registered',
      () => ({ ...registered('DMSP'), writes: entry('DMSP', { status: 'suspended' }) }),
      'organisation-not-as-commanded',
    ],
    [
      'it is deleted as it is registered',
      () => ({ ...registered('DMSP'), writes: { [organisationKey('DMSP')]: null } }),
      'organisation-not-as-commanded',
    ],
  ])('is told of where %s', async (_what, call, alarm) => {
    await chain.add(call());
    expect(told()).toEqual([alarm]);
    expect(chain.alarms[0]?.detail).toMatch(/^[BD]MSP$/);
  });

  it('has the keys that its own administrator has registered, whatever is written', async () => {
    const before = await chain.index.encapsulationKeys(B);
    await chain.add(chain.forged(entry('BMSP', keys())), { ...registered('DMSP'), writes: entry('DMSP', { encapsulationKeys: [theirs] }) });
    expect(await chain.index.encapsulationKeys(B)).toEqual(before);
    const ofD = await chain.index.encapsulationKeys(mspIdSchema.parse('DMSP'));
    expect(ofD?.map(({ epoch }) => epoch)).toEqual([1]);
  });

  const beside = (mspId: string, writes: Record<string, string>): Call => {
    const own = registered(mspId);
    return { ...own, writes: { ...own.writes, ...writes } };
  };
});

describe('an organisation’s endpoint', () => {
  const said = {
    ...{ endpointId: 'vault', kind: 'vault', host: 'vault.b.example', port: 8443, state: 'active' },
    ...{ tlsSha256: sha256('certificate'), receiptPublicKey: publicKeyOf(newPrivateKey()) },
  } as const;
  const entry = (changes: object = {}): Record<string, string> => {
    const written = { schemaVersion: 1, mspId: 'BMSP', ...said, changedAt: '2026-03-01T10:00:00.000Z', ...changes };
    return { [endpointKey('BMSP', 'vault')]: canonicalJson(written) };
  };
  const updated = (mspId = 'BMSP', writes = entry(), input: object = said): Call =>
    administered(mspId, transactions.UpdateEndpoint, input, writes);
  const byStaff = (who = orgAdminB): Call => signedBy(who, transactions.UpdateEndpoint, said, entry());
  beforeEach(async () => {
    await chain.add(hired(orgAdminB), hired(clerkB));
  });

  it('is told of by nobody where its own administrator or staff have written it, again and again', async () => {
    const retired = { state: 'retired' };
    await chain.add(updated(), byStaff(), updated('BMSP', entry(retired), { ...said, ...retired }));
    expect(told()).toEqual([]);
  });

  it.each<readonly [string, () => Call, string]>([
    ['others write it', () => chain.forged(entry()), 'endpoint-without-command'],
    ['others delete it', () => chain.forged({ [endpointKey('BMSP', 'vault')]: null }), 'endpoint-without-command'],
    ['another’s administrator does', () => updated('CMSP'), 'endpoint-without-command'],
    ['staff do who may not', () => byStaff(clerkB), 'endpoint-without-command'],
    ['staff do whom nobody has registered', () => byStaff(person('BMSP', 'nobody', ['orgAdmin'])), 'endpoint-without-command'],
    ['it is written for another one', () => updated('BMSP', entry(), { ...said, endpointId: 'keys' }), 'endpoint-without-command'],
    [
      'it is written with another receipt key',
      () => updated('BMSP', entry({ receiptPublicKey: theirs.publicKey })),
      'endpoint-not-as-commanded',
    ],
    ['it is written with another certificate', () => updated('BMSP', entry({ tlsSha256: sha256('theirs') })), 'endpoint-not-as-commanded'],
    [
      'it is written with one certificate more',
      () => updated('BMSP', entry({ nextTlsSha256: sha256('theirs') })),
      'endpoint-not-as-commanded',
    ],
    ['it is written elsewhere', () => updated('BMSP', entry({ host: 'c.example' })), 'endpoint-not-as-commanded'],
    [
      'it is written as active, and was retired',
      () => updated('BMSP', entry(), { ...said, state: 'retired' }),
      'endpoint-not-as-commanded',
    ],
  ])('is told of where %s', async (_what, call, alarm) => {
    await chain.add(call());
    expect(told()).toEqual([alarm]);
    expect(chain.alarms[0]?.detail).toBe('BMSP vault');
  });
});

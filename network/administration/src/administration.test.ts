import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '@lianyi/fabric-processes/testing';
import { common, computeConfigUpdate, createRevocationList, parseCertificate, revokeSerialNumbers } from '@lianyi/fabric-protocol';
import { amend, NO_AMENDMENTS, OperatorError, runningChaincodes } from '@lianyi/network-model';
import { configOf, type Group, groupAt } from '@lianyi/test/support/config-fixture';
import { consortiumOf } from '@lianyi/test/support/consortium-fixture';
import { type Consortium, newConsortium, temporaryDir } from '@lianyi/test/support/ledger-fixture';
import { checkRevocationList } from './membership/revocation';

let members: Consortium;

beforeAll(async () => {
  members = await newConsortium();
});

describe('the update that leads from one channel configuration to another', () => {
  const before = (): Group => configOf(members.genesis).getChannelGroup() ?? new common.ConfigGroup();
  const changed = (change: (channel: Group) => void): Group => {
    const after = before();
    change(after);
    return after;
  };
  const changes: readonly (readonly [string, (channel: Group) => void])[] = [
    [
      'a value',
      (channel) => {
        groupAt(channel, 'Orderer').getValuesMap().get('BatchTimeout')?.setValue(Buffer.from('x'));
      },
    ],
    [
      'a policy',
      (channel) => {
        groupAt(channel, 'Application').getPoliciesMap().get('Readers')?.setModPolicy('/Channel/Orderer/Admins');
      },
    ],
    [
      'an organisation more',
      (channel) => {
        const organizations = groupAt(channel, 'Application').getGroupsMap();
        organizations.set('NewMSP', groupAt(channel, 'Application', 'AMSP').clone());
      },
    ],
    [
      'an organisation less, and a policy',
      (channel) => {
        groupAt(channel, 'Application').getGroupsMap().del('BMSP');
        groupAt(channel, 'Application').getPoliciesMap().get('Endorsement')?.setModPolicy('Writers');
      },
    ],
    [
      'who may change a group',
      (channel) => {
        groupAt(channel, 'Application', 'AMSP').setModPolicy('/Channel/Application/Admins');
      },
    ],
  ];

  it('is none where nothing differs', () => {
    expect(computeConfigUpdate('emr', before(), before())).toBeUndefined();
  });

  it('names of a changed value only the way to it', () => {
    const [, change] = changes[0] ?? ['', (): void => undefined];
    const update = computeConfigUpdate('emr', before(), changed(change));
    const write = update?.getWriteSet() ?? new common.ConfigGroup();
    expect(
      write
        .getGroupsMap()
        .toArray()
        .map(([name]) => name),
    ).toEqual(['Orderer']);
    expect(
      groupAt(write, 'Orderer')
        .getValuesMap()
        .toArray()
        .map(([name]) => name),
    ).toEqual(['BatchTimeout']);
    expect(groupAt(write, 'Orderer').getValuesMap().get('BatchTimeout')?.getVersion()).toBe(1);
    expect(groupAt(write, 'Orderer').getVersion()).toBe(0);
  });

  it('names of a group that lost a member all that stay, under a new version', () => {
    const [, change] = changes[3] ?? ['', (): void => undefined];
    const update = computeConfigUpdate('emr', before(), changed(change));
    const application = groupAt(update?.getWriteSet() ?? new common.ConfigGroup(), 'Application');
    expect(application.getVersion()).toBe(1);
    expect(application.getGroupsMap().get('BMSP')).toBeUndefined();
    expect(application.getGroupsMap().get('AMSP')?.getVersion()).toBe(0);
    expect(application.getPoliciesMap().get('Endorsement')?.getVersion()).toBe(1);
  });

  const configtxlator = findProgram('configtxlator', process.env);
  if (configtxlator === undefined)
    process.stderr.write("skipped: comparison with Fabric's configtxlator: not found in FABRIC_BIN or on PATH\n");
  const compare = configtxlator === undefined ? it.skip : it;

  compare.each(changes)("is what Fabric's configtxlator computes: %s", (_what, change) => {
    const scratch = temporaryDir();
    try {
      const file = (name: string, group?: Group): string => {
        const config = new common.Config();
        config.setChannelGroup(group);
        if (group) writeFileSync(join(scratch.dir, name), config.serializeBinary());
        return join(scratch.dir, name);
      };
      const after = changed(change);
      const args = [
        '--channel_id',
        'emr',
        '--original',
        file('before', before()),
        '--updated',
        file('after', after),
        '--output',
        file('update'),
      ];
      execFileSync(configtxlator ?? '', ['compute_update', ...args]);
      const theirs = common.ConfigUpdate.deserializeBinary(readFileSync(file('update')));
      expect(sorted(computeConfigUpdate('emr', before(), after)?.toObject())).toEqual(sorted(theirs.toObject()));
    } finally {
      scratch.remove();
    }
  });
});

/** Maps are arrays of entries in the order of the bytes; that order means nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, sorted(inner)]));
}

describe('what administrators changed since a network was made', () => {
  const consortium = consortiumOf();
  const d = { mspId: 'DMSP', name: 'd', domain: 'd.example', roles: ['peer' as const], peers: 1, users: [] };
  const next = { name: 'emr', version: '2.0', sequence: 2, initRequired: false, collections: [] };

  it('changes nothing where there is nothing, and nothing more the second time', () => {
    expect(amend(consortium, NO_AMENDMENTS)).toEqual(consortium);
    const amendments = { ...NO_AMENDMENTS, joined: [d], left: ['CMSP'], chaincodes: [{ settings: next, folder: '/new' }] };
    const once = amend(consortium, amendments);
    expect(once.organizations.map(({ mspId }) => mspId)).toEqual(['AMSP', 'BMSP', 'RMSP', 'DMSP']);
    expect(once.chaincodes).toEqual([next]);
    expect(amend(once, amendments)).toEqual(once);
  });

  it('holds what was deployed last against the folder a start names, and leaves the others', () => {
    const whole = { ...consortium, chaincodes: [...consortium.chaincodes, { ...next, name: 'other' }, { ...next, name: 'unused' }] };
    const folders = new Map([
      ['emr', '/old'],
      ['other', '/other'],
    ]);
    const running = runningChaincodes(whole, folders, { ...NO_AMENDMENTS, chaincodes: [{ settings: next, folder: '/new' }] });
    expect(running.map(({ settings, folder }) => [settings.name, settings.version, folder])).toEqual([
      ['other', '2.0', '/other'],
      ['emr', '2.0', '/new'],
    ]);
  });

  it('upgrades a chaincode on one channel and leaves it on another', () => {
    const whole = consortiumOf({
      channels: [{ name: 'claims' }],
      chaincodes: [{ name: 'emr', version: '1.0', channels: ['emr', 'claims'] }],
    });
    const amendments = { ...NO_AMENDMENTS, chaincodes: [{ settings: { ...next, channels: ['claims'] }, folder: '/new' }] };
    const once = amend(whole, amendments);
    expect(once.chaincodes.map(({ version, channels }) => [version, channels])).toEqual([
      ['1.0', ['emr']],
      ['2.0', ['claims']],
    ]);
    expect(amend(once, amendments)).toEqual(once);
    expect(runningChaincodes(whole, new Map([['emr', '/old']]), amendments).map(({ folder }) => folder)).toEqual(['/old', '/new']);
  });

  it('keeps later members of the consortium out of channels that were made before', () => {
    const whole = consortiumOf({ channels: [{ name: 'claims' }] });
    const later = { name: 'later', organizations: ['AMSP', 'DMSP'], batch: whole.channel.batch };
    const amended = amend(whole, { ...NO_AMENDMENTS, joined: [d], left: ['CMSP'], channels: [later] });
    expect(amended.channels.map(({ name, organizations }) => [name, organizations])).toEqual([
      ['claims', ['AMSP', 'BMSP', 'RMSP']],
      ['later', ['AMSP', 'DMSP']],
    ]);
  });
});

describe('a revocation list', () => {
  const authorities = (): Parameters<typeof checkRevocationList>[2] => {
    const certificate = parseCertificate(members.a.ca.certificatePem);
    return certificate ? [certificate] : [];
  };

  it("is taken when it is of the organisation's own CA", async () => {
    const pem = await createRevocationList(members.a.ca, [members.a.client.certificatePem]);
    expect(checkRevocationList(pem, 'AMSP', authorities()).revokedSerialNumbers.size).toBe(1);
  });

  it.each([
    [
      'without AuthorityKeyIdentifier',
      () => revokeSerialNumbers(members.a.ca, ['0a'], { without: '2.5.29.35' }),
      /would lock all of AMSP out/,
    ],
    ['of another CA', () => revokeSerialNumbers(members.b.ca, ['0a']), /not one of AMSP's own/],
    ['that is signed by another under its key identifier', () => forged(), /not one of AMSP's own/],
    ['with another label', async () => (await revokeSerialNumbers(members.a.ca, ['0a'])).replaceAll('X509 CRL', 'CRL'), /not 'CRL'/],
    ['that is not one', () => Promise.resolve('-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n'), /cannot be read/],
  ])('%s is refused', async (_what, make, sentence) => {
    const pem = await make();
    const check = (): unknown => checkRevocationList(pem, 'AMSP', authorities());
    expect(check).toThrow(sentence);
    expect(check).toThrow(OperatorError);
  });

  /** A's certificate with B's key: names A as issuer, and A's key identifier. */
  async function forged(): Promise<string> {
    return revokeSerialNumbers({ ...members.a.ca, privateKey: members.b.ca.privateKey }, ['0a']);
  }
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { channelDefinition, findProgram, planNetwork, portNames } from '@lianyi/fabric-processes/testing';
import { common, orderer } from '@lianyi/fabric-protocol';
import {
  describeTolerance,
  orderingOf,
  type Organization,
  organizationPaths,
  quorumOf,
  toleratedFaults,
  writeOrganizations,
} from '@lianyi/network-model';
import { readChain, recordedChains } from '@lianyi/test/conformance/recording/recorded-chain';
import { configOf, type Group, groupAt } from '@lianyi/test/support/config-fixture';
import { consortiumOf } from '@lianyi/test/support/consortium-fixture';
import { inTurn } from './config-change';
import { presentedOrganization } from './membership-change';
import {
  type Consenter,
  consentersOf,
  ordererEndpointsOf,
  isConsenter,
  isOrdererOrganization,
  needsEndpoints,
  withConsenter,
  withEndpoints,
  withoutConsenter,
  withoutOrdererOrganization,
  withOrdererOrganization,
} from './orderer-change';

const newcomer: Organization = { mspId: 'DMSP', name: 'd', domain: 'd.example', roles: ['orderer'], peers: 1, users: [] };

describe('how many orderers may fail', () => {
  // fabric common/policies/bft.go: a quorum of 6 is 4, of 7 it is 5
  it.each([
    ['bft', 1, 1, 0, 'none may stop or lie'],
    ['bft', 2, 2, 0, 'none may stop or lie'],
    ['bft', 3, 2, 0, '1 may stop and none may lie'],
    ['bft', 4, 3, 1, '1 may stop or lie'],
    ['bft', 5, 4, 1, '1 may stop or lie'],
    ['bft', 6, 4, 1, '2 may stop and 1 may lie'],
    ['bft', 7, 5, 2, '2 may stop or lie'],
    ['raft', 1, 1, 0, 'none may stop'],
    ['raft', 2, 2, 0, 'none may stop'],
    ['raft', 3, 2, 1, '1 may stop'],
    ['raft', 4, 3, 1, '1 may stop'],
    ['raft', 5, 3, 2, '2 may stop'],
  ] as const)('%s with %i consenters: %i must work, %i may fail: %s', (ordering, consenters, quorum, faults, text) => {
    expect(quorumOf(ordering, consenters)).toBe(quorum);
    expect(toleratedFaults(ordering, consenters)).toBe(faults);
    expect(describeTolerance(ordering, consenters).en).toMatch(new RegExp(`^${consenters} orderers? \\(\\w+\\), of which ${text}$`));
  });

  it('follows the line where the definition says nothing', () => {
    expect(orderingOf(consortiumOf())).toBe('bft');
    expect(orderingOf(consortiumOf({ fabricLine: '2.5' }))).toBe('raft');
    expect(orderingOf(consortiumOf({ ordering: 'raft' }))).toBe('raft');
  });
});

const consenter = (port: number, mark = ''): Consenter => ({
  host: 'localhost',
  port,
  mspId: 'DMSP',
  identity: Buffer.from(`identity${mark}`),
  tlsCertificate: Buffer.from(`tls${mark}`),
});
const blockValidation = (channel: Group): Buffer =>
  Buffer.from(groupAt(channel, 'Orderer').getPoliciesMap().get('BlockValidation')?.getPolicy()?.serializeBinary() ?? []);

/** The recorded channel of real Fabric, as if SmartBFT ordered it with four consenters. */
function bftChannel(): Group {
  const [file] = recordedChains().filter((name) => name.includes('3.1.'));
  const [genesis] = readChain(file ?? '');
  const channel = configOf(Buffer.from(genesis?.block ?? '', 'base64')).getChannelGroup() ?? new common.ConfigGroup();
  const type = new orderer.ConsensusType();
  type.setType('BFT');
  groupAt(channel, 'Orderer').getValuesMap().get('ConsensusType')?.setValue(type.serializeBinary());
  return inTurn(...[1, 2, 3, 4].map((port) => withConsenter(consenter(port, String(port)))))(channel);
}

describe('a change of the consenters of a channel', () => {
  const before = bftChannel();

  it('leaves the configuration it was made from as it was', () => {
    const bytes = Buffer.from(before.serializeBinary());
    const orderers = groupAt(before, 'Orderer')
      .getGroupsMap()
      .toArray()
      .map(([mspId]) => mspId);
    const changes = [withConsenter(consenter(9)), withoutConsenter(consenter(1)), withoutOrdererOrganization(orderers[0] ?? '')];
    for (const change of changes) expect(change(before).toObject()).not.toEqual(before.toObject());
    expect(bytes.equals(before.serializeBinary())).toBe(true);
  });

  it('leaves nothing of one who came and went', () => {
    const restored = inTurn(withConsenter(consenter(9)), withoutConsenter(consenter(9)))(before);
    expect(restored.toObject()).toEqual(before.toObject());
  });

  it('gives a newcomer a number that nobody has, and asks for the quorum of all', () => {
    const channel = withConsenter(consenter(9))(before);
    const { consenterMappingList } = common.Orderers.deserializeBinary(
      groupAt(channel, 'Orderer').getValuesMap().get('Orderers')?.getValue_asU8() ?? new Uint8Array(),
    ).toObject();
    expect(consenterMappingList.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
    const policy = groupAt(channel, 'Orderer').getPoliciesMap().get('BlockValidation')?.getPolicy();
    const rule = common.SignaturePolicyEnvelope.deserializeBinary(policy?.getValue_asU8() ?? new Uint8Array());
    expect(rule.getRule()?.getNOutOf()?.getN()).toBe(4);
    expect(rule.getIdentitiesList()).toHaveLength(5);
    expect(isConsenter(channel, consenter(9))).toBe(true);
    expect(isConsenter(before, consenter(9))).toBe(false);
  });

  it('replaces the certificates of a consenter at the same address, in its place', () => {
    const channel = withConsenter(consenter(2, 'renewed'))(before);
    expect(consentersOf(channel)).toEqual(consentersOf(before));
    expect(blockValidation(channel).equals(blockValidation(before))).toBe(false);
  });

  it('changes nothing where there is no such consenter or organisation', () => {
    const channel = inTurn(
      withoutConsenter(consenter(9)),
      withoutOrdererOrganization('DMSP'),
      withEndpoints('DMSP', ['localhost:9']),
    )(before);
    expect(channel.toObject()).toEqual(before.toObject());
  });

  it('knows that V3_0 wants an endpoint of every organisation', () => {
    expect(needsEndpoints(before)).toBe(true);
    expect(ordererEndpointsOf(before, 'DMSP')).toEqual([]);
  });
});

describe('membership of the ordering service, beside what configtxgen makes of the same members', () => {
  const configtxgen = findProgram('configtxgen', process.env);
  if (configtxgen === undefined)
    process.stderr.write("skipped: comparison with Fabric's configtxgen: not found in FABRIC_BIN or on PATH\n");
  const compare = configtxgen === undefined ? describe.skip : describe;

  const knowsBft = configtxgen !== undefined && !/Version: v?2\./.test(execFileSync(configtxgen, ['--version'], { encoding: 'utf8' }));
  const kinds: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ...(knowsBft ? [['SmartBFT', {}] as const] : []),
    ['Raft', { ordering: 'raft' }],
    ['Raft of 2.5', { fabricLine: '2.5' }],
  ];
  compare.each(kinds)('%s', (_name, overrides) => {
    const few = consortiumOf({ ...overrides, chaincodes: [] });
    const many = { ...few, organizations: [...few.organizations, newcomer] };
    // one port map for both, as the network has it: what is there keeps its address
    const ports = new Map(portNames(many).map((name, index) => [name, 20_000 + index]));
    let dir: string;
    const configurations = new Map<object, Group>();

    const made = (consortium: typeof few): Group => configurations.get(consortium)?.clone() ?? new common.ConfigGroup();
    const make = (consortium: typeof few): Group => {
      const plan = planNetwork(consortium, dir, ports);
      writeFileSync(join(dir, 'configtx.yaml'), JSON.stringify(channelDefinition(plan, plan.channel)));
      const block = join(dir, 'genesis.block');
      execFileSync(configtxgen ?? '', ['-profile', 'Channel', '-channelID', 'emr', '-outputBlock', block], {
        env: { FABRIC_CFG_PATH: dir, FABRIC_LOGGING_SPEC: 'ERROR' },
        stdio: 'pipe',
      });
      return configOf(readFileSync(block)).getChannelGroup() ?? new common.ConfigGroup();
    };
    const consenterOfNewcomer = (): Consenter => {
      const { msp, tls } = organizationPaths(dir, newcomer).node('orderer');
      return {
        host: 'localhost',
        port: ports.get('orderer0.d.example') ?? 0,
        mspId: 'DMSP',
        identity: readFileSync(join(msp, 'signcerts', 'orderer0.d.example-cert.pem')),
        tlsCertificate: readFileSync(join(tls, 'server.crt')),
      };
    };

    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), 'lianyi-orderers-'));
      await writeOrganizations(dir, many);
      for (const consortium of [few, many]) configurations.set(consortium, make(consortium));
    });
    afterAll(() => {
      rmSync(dir, { recursive: true, force: true });
    });

    it('is the same after an organisation with an orderer has joined', () => {
      const welcomed = withOrdererOrganization(presentedOrganization(dir, newcomer), [])(made(few));
      expect(isOrdererOrganization(welcomed, 'DMSP')).toBe(true);
      const endpoints = [`localhost:${ports.get('orderer0.d.example') ?? 0}`];
      const channel = inTurn(withConsenter(consenterOfNewcomer()), withEndpoints('DMSP', endpoints))(welcomed);
      expect(readable(channel)).toEqual(readable(made(many)));
    });

    it('is the same after it has left again', () => {
      const reduced = withoutConsenter(consenterOfNewcomer())(made(many));
      expect(isConsenter(reduced, consenterOfNewcomer())).toBe(false);
      const channel = withoutOrdererOrganization('DMSP')(reduced);
      expect(readable(channel)).toEqual(readable(made(few)));
      expect(readable(channel)).not.toEqual(readable(made(many)));
    });
  });
});

/** A configuration with its bytes unpacked as far as they differ by order only: maps are written in any order. */
function readable(channel: Group): unknown {
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, sorted(inner)]));
  };
  const consensus = groupAt(channel, 'Orderer').getValuesMap().get('ConsensusType')?.getValue_asU8() ?? new Uint8Array();
  return sorted({ channel: channel.toObject(), type: orderer.ConsensusType.deserializeBinary(consensus).getType() });
}

import { type Consortium } from '@lianyi/network-model';
import { consortiumOf, planOf } from '@lianyi/test/support/consortium-fixture';
import { channelDefinition } from './channel-definition';
import { ordererConfig } from './orderer-config';
import { peerConfig } from './peer-config';
import { portNames } from './plan';

function first<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined) throw new Error('nothing there');
  return item;
}

const settings = { builder: '/data/fabric/builder', line: '3.1', executeTimeoutMillis: 30_000, bootstrap: ['localhost:1'] } as const;

function peerYaml(line: '3.1' | '2.5' = '3.1'): object {
  const plan = planOf(consortiumOf());
  return peerConfig('/data', first(plan.peers), { ...settings, line });
}

function ownChannel(consortium: Consortium): object {
  const plan = planOf(consortium);
  return channelDefinition(plan, plan.channel);
}

function channelText(consortium: Consortium): string {
  return JSON.stringify(ownChannel(consortium));
}

describe('ports of a real network', () => {
  it('are one for every listener, each under its own name', () => {
    const names = portNames(consortiumOf());
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(4 * 3 + 3 * 3 + 3);
    expect(names).toContain('peer0.a.example');
    expect(names).toContain('admin.orderer0.r.example');
    expect(names).not.toContain('peer0.r.example');
  });
});

describe('peers of one organisation', () => {
  const two = planOf(
    consortiumOf({ organizations: consortiumOf().organizations.map((member) => ({ ...member, peers: member.mspId === 'AMSP' ? 2 : 1 })) }),
  );

  it('have ports, folders and certificates of their own', () => {
    expect(two.peers.map(({ name, index }) => [name, index])).toEqual([
      ['peer0.a.example', 0],
      ['peer1.a.example', 1],
      ['peer0.b.example', 0],
      ['peer0.c.example', 0],
    ]);
    const ports = two.peers.flatMap((peer) => Object.values(peer.ports));
    expect(new Set(ports).size).toBe(12);
    const yaml = JSON.stringify(peerConfig('/data', two.peers[1] ?? first(two.peers), { ...settings, bootstrap: [] }));
    expect(yaml).toContain('peers/peer1.a.example/tls/server.key');
    expect(yaml).not.toContain('peer0.a.example');
  });

  it('share one chaincode process and one anchor', () => {
    expect(two.chaincodes.map(({ name }) => name)).toEqual(['emr.a.example', 'emr.b.example', 'emr.c.example']);
    expect(JSON.stringify(channelDefinition(two, two.channel)).match(/"AnchorPeers"/g)).toHaveLength(3);
  });
});

describe('channels beside the own one', () => {
  const organizations = ['AMSP', 'BMSP'];
  const settings = { version: '1.0', sequence: 1 };
  const plan = planOf(
    consortiumOf({
      channels: [{ name: 'claims', organizations }, { name: 'all' }],
      chaincodes: [
        { name: 'emr', ...settings },
        { name: 'bill', ...settings, channels: ['claims'] },
        { name: 'emr', version: '2.0', sequence: 1, channels: ['all'] },
      ],
    }),
  );

  it('have the members they name, the orderers of those and of who has no peer, and a majority of those members', () => {
    const [own, claims, all] = plan.channels;
    expect([own, claims, all].map((channel) => channel?.peers.length)).toEqual([3, 2, 3]);
    const text = JSON.stringify(claims && channelDefinition(plan, claims));
    expect(text).toContain("OR('BMSP.peer')");
    expect(text).toContain('MAJORITY Endorsement');
    expect(text.match(/"MSPID":"\w+"/g)).toEqual(['"MSPID":"AMSP"', '"MSPID":"BMSP"', '"MSPID":"RMSP"']);
    // whose MSP is on a channel that it is no member of is refused by gossip at random
    expect(text).not.toContain('CMSP');
    expect(claims?.genesisBlock).toBe('/data/fabric/channels/claims/genesis.block');
    expect(own?.genesisBlock).toBe('/data/fabric/genesis.block');
  });

  it('have the chaincodes committed there, each version with one process at each member', () => {
    expect(plan.channels.map(({ consortium }) => consortium.chaincodes.map(({ name, version }) => `${name} ${version}`))).toEqual([
      ['emr 1.0'],
      ['bill 1.0'],
      ['emr 2.0'],
    ]);
    expect(plan.chaincodes.map(({ name }) => name)).toEqual([
      'emr.a.example',
      'emr.b.example',
      'emr.c.example',
      'bill-1.0.a.example',
      'bill-1.0.b.example',
      'emr-2.0.a.example',
      'emr-2.0.b.example',
      'emr-2.0.c.example',
    ]);
  });

  it('are refused with a name that is taken, a member that is not there, or a chaincode defined twice on one', () => {
    expect(() => consortiumOf({ channels: [{ name: 'emr' }] })).toThrow(/name emr occurs twice/);
    expect(() => consortiumOf({ channels: [{ name: 'claims', organizations: ['XMSP'] }] })).toThrow(/unknown organisation XMSP/);
    const alone = consortiumOf().organizations.map((member) => ({
      ...member,
      roles: member.mspId === 'AMSP' ? ['orderer', 'peer'] : ['peer'],
    }));
    expect(() => consortiumOf({ organizations: alone, channels: [{ name: 'claims', organizations: ['BMSP'] }] })).toThrow(
      /no organisation orders it/,
    );
    const twice = [
      { name: 'emr', ...settings },
      { name: 'emr', version: '2.0', channels: ['emr'] },
    ];
    expect(() => consortiumOf({ chaincodes: twice })).toThrow(/emr on emr occurs twice/);
  });
});

describe('core.yaml', () => {
  it('keeps the values without which a fresh network cannot endorse for 20 s', () => {
    expect(peerYaml()).toMatchObject({
      peer: { gossip: { reconnectInterval: '500ms', publishStateInfoInterval: '1s', requestStateInfoInterval: '1s' } },
    });
  });

  it('keeps the values that bound a stall behind a frozen orderer', () => {
    expect(peerYaml()).toMatchObject({
      peer: { deliveryclient: { blockCensorshipTimeoutKey: '3s', policy: 'cluster', blockGossipEnabled: false } },
    });
  });

  it('lets no block wait long for private data that the peer lacks', () => {
    const pvtData = { pullRetryThreshold: '2s', skipPullingInvalidTransactionsDuringCommit: true, reconcileSleepInterval: '10s' };
    expect(peerYaml()).toMatchObject({ peer: { gossip: { pvtData } } });
  });

  it('sends chaincode no keepalive and lets it batch', () => {
    expect(peerYaml()).toMatchObject({ chaincode: { keepalive: 0, runtimeParams: { useWriteBatch: true, useGetMultipleKeys: true } } });
  });

  it('needs no Docker and purges with the next block', () => {
    expect(peerYaml()).toMatchObject({
      vm: { endpoint: '' },
      ledger: { pvtdataStore: { purgeInterval: 1 }, state: { stateDatabase: 'goleveldb' } },
    });
  });

  it('checks the time of proposals where Fabric can', () => {
    const filters = (line: '3.1' | '2.5'): string => JSON.stringify(peerYaml(line)).match(/"authFilters":(\[.*?\])/)?.[1] ?? '';
    expect(filters('3.1')).toContain('TimeWindowCheck');
    // new in 3.0
    expect(filters('2.5')).not.toContain('TimeWindowCheck');
  });

  it('never turns TLS off', () => {
    expect(peerYaml()).toMatchObject({ peer: { tls: { enabled: true } }, operations: { tls: { enabled: true } } });
  });
});

describe('orderer.yaml', () => {
  const node = first(planOf(consortiumOf()).orderers);

  it('lets in on the admin listener who has the orderer’s own TLS pair, not everybody of its organisation', () => {
    expect(ordererConfig('/data', node, '3.1')).toMatchObject({
      Admin: {
        TLS: { Enabled: true, ClientAuthRequired: true, ClientRootCAs: [expect.stringContaining('orderer0.a.example/tls/server.crt')] },
      },
      General: { TLS: { Enabled: true }, BootstrapMethod: 'none' },
    });
  });

  it('believes blocks by the certificate of an orderer only, not by an administrator’s', () => {
    const definition = ownChannel(consortiumOf({ ordering: 'raft' }));
    expect(definition).toMatchObject({
      Profiles: { Channel: { Orderer: { Policies: { BlockValidation: { Type: 'ImplicitMeta', Rule: 'ANY BlockSigners' } } } } },
    });
    const signers = [...JSON.stringify(definition).matchAll(/"BlockSigners":\{"Type":"Signature","Rule":"([^"]*)"/g)].map(
      ([, rule]) => rule,
    );
    expect(signers).toEqual(['A', 'B', 'C', 'R'].map((letter) => `OR('${letter}MSP.orderer')`));
  });

  it('fetches blocks without a vote under BFT, and leaves the key out where Raft would refuse it', () => {
    expect(ordererConfig('/data', node, '3.1')).toMatchObject({ General: { Cluster: { ReplicationPolicy: 'simple' } } });
    expect(JSON.stringify(ordererConfig('/data', node, '2.5'))).not.toContain('ReplicationPolicy');
  });
});

describe('the channel of a consortium', () => {
  it('names no .member anywhere', () => {
    expect(channelText(consortiumOf())).not.toMatch(/\.member/);
  });

  it('spells the majority out when a member has no peer, which ImplicitMeta would count', () => {
    expect(channelText(consortiumOf())).toContain("OutOf(2, 'AMSP.peer', 'BMSP.peer', 'CMSP.peer')");
  });

  it('leaves the majority to ImplicitMeta when every member has a peer', () => {
    const everybody = consortiumOf({ organizations: consortiumOf().organizations.slice(0, 3) });
    expect(channelText(everybody)).toContain('MAJORITY Endorsement');
    expect(channelText(everybody)).not.toContain('OutOf');
  });

  it('puts every orderer into the consenter mapping under BFT, with a short heartbeat', () => {
    const definition = ownChannel(consortiumOf());
    expect(definition).toMatchObject({
      Profiles: {
        Channel: {
          Capabilities: { V3_0: true },
          Orderer: {
            OrdererType: 'BFT',
            SmartBFT: { LeaderHeartbeatTimeout: '2s' },
            ConsenterMapping: [{ ID: 1 }, { ID: 2 }, { ID: 3 }, { ID: 4, MSPID: 'RMSP' }],
          },
        },
      },
    });
  });

  it('orders by Raft on 2.5 and where the consortium asks for it', () => {
    const onLine = ownChannel(consortiumOf({ fabricLine: 2.5 }));
    expect(onLine).toMatchObject({ Profiles: { Channel: { Capabilities: { V2_0: true }, Orderer: { OrdererType: 'etcdraft' } } } });
    const asked = ownChannel(consortiumOf({ ordering: 'raft' }));
    expect(asked).toMatchObject({ Profiles: { Channel: { Capabilities: { V3_0: true }, Orderer: { OrdererType: 'etcdraft' } } } });
    expect(() => consortiumOf({ fabricLine: '2.5', ordering: 'bft' })).toThrow(/2\.5 orders by raft only/);
  });

  it('has the anchor peers in its first block, of members with a peer only', () => {
    const anchors = channelText(consortiumOf()).match(/"AnchorPeers"/g) ?? [];
    expect(anchors).toHaveLength(3);
  });
});

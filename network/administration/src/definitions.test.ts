import {
  type CommittedDefinition,
  common,
  outOf,
  parsePolicyText,
  peer,
  signaturePolicy,
  validationParameter,
} from '@lianyi/fabric-protocol';
import { consortiumOf } from '@lianyi/test/support/consortium-fixture';
import { refuseUnsafePolicies, refuseWeakerDefinitions } from './definition-check';

function consortiumWith(chaincode: Readonly<Record<string, unknown>>): ReturnType<typeof consortiumOf> {
  return consortiumOf({ chaincodes: [{ name: 'emr', version: '1.0', ...chaincode }] });
}

function settings(chaincode: Readonly<Record<string, unknown>> = {}): ReturnType<typeof consortiumOf>['chaincodes'][number] {
  const [first] = consortiumWith(chaincode).chaincodes;
  if (first === undefined) throw new Error('no chaincode');
  return first;
}

/** What the channel answers when the chaincode of these settings was committed. */
function committed(chaincode: Readonly<Record<string, unknown>> = {}): CommittedDefinition {
  const { name, version, sequence } = settings(chaincode);
  const { initRequired } = settings(chaincode);
  return {
    name,
    version,
    sequence,
    initRequired,
    validationParameter: validationParameter(settings(chaincode)),
    collections: Buffer.alloc(0),
  };
}

describe('policy texts', () => {
  it('become the bytes of the policy they describe', () => {
    const principals = (['A', 'B', 'C'] as const).map((letter) => ({ mspId: `${letter}MSP`, role: 'peer' as const }));
    const built = signaturePolicy(outOf(2, principals)).getValue_asU8();
    expect(Buffer.from(parsePolicyText("OutOf(2, 'AMSP.peer', 'BMSP.peer', 'CMSP.peer')").serializeBinary())).toEqual(Buffer.from(built));
  });

  it('may nest, take either quote and three spellings', () => {
    const text = (policy: string): string => Buffer.from(parsePolicyText(policy).serializeBinary()).toString('hex');
    expect(text(`and("AMSP.peer", OR('BMSP.peer','CMSP.peer'))`)).toBe(text(`OutOf(2, 'AMSP.peer', outof(1, 'BMSP.peer', "CMSP.peer"))`));
  });

  it.each([
    '',
    'OR()',
    "OR('AMSP.peer'",
    "XOR('AMSP.peer','BMSP.peer')",
    "OR('AMSP')",
    "OR('AMSP.boss')",
    "OutOf('AMSP.peer')",
    "OutOf(3, 'AMSP.peer')",
    "OR('AMSP.peer') OR",
    'AMSP.peer',
  ])('are refused when they are none: %s', (text) => {
    expect(() => parsePolicyText(text)).toThrow(/is not understood/);
  });
});

describe('a consortium file', () => {
  it('may ask for more than the majority', () => {
    expect(() => {
      refuseUnsafePolicies(consortiumWith({ endorsementPolicy: "AND('AMSP.peer','BMSP.peer','CMSP.peer')" }));
    }).not.toThrow();
  });

  it.each([
    ["OutOf(0, 'AMSP.peer')", /needs no endorsement at all/],
    ["OutOf(2, 'AMSP.peer')", /can fulfil/],
    ["AND('AMSP.peer', 'XMSP.peer')", /can fulfil/],
    ["OR('AMSP.client')", /can fulfil/],
  ])('may not ask for %s', (endorsementPolicy, reason) => {
    expect(() => {
      refuseUnsafePolicies(consortiumWith({ endorsementPolicy }));
    }).toThrow(reason);
  });

  it('may not say .member, whatever is around it', () => {
    expect(() => consortiumWith({ endorsementPolicy: "AND('AMSP.peer', 'BMSP.member')" })).toThrow(/never \.member/);
  });

  it('may not give a collection a policy that needs nobody', () => {
    const collections = [{ name: 'c', members: ['AMSP'], endorsementPolicy: "OutOf(0, 'AMSP.peer')" }];
    expect(() => {
      refuseUnsafePolicies(consortiumWith({ collections }));
    }).toThrow(/collection emr\/c: its endorsement policy needs no endorsement/);
  });
});

type ChannelPolicy = InstanceType<typeof common.Policy>;

function put(group: InstanceType<typeof common.ConfigGroup>, name: string, policy: ChannelPolicy): void {
  const entry = new common.ConfigPolicy();
  entry.setPolicy(policy);
  group.getPoliciesMap().set(name, entry);
}

function implicitMeta(rule: 'ANY' | 'ALL' | 'MAJORITY', subPolicy = 'Endorsement'): ChannelPolicy {
  const meta = new common.ImplicitMetaPolicy();
  meta.setRule(common.ImplicitMetaPolicy.Rule[rule]);
  meta.setSubPolicy(subPolicy);
  const policy = new common.Policy();
  policy.setType(common.Policy.PolicyType.IMPLICIT_META);
  policy.setValue(meta.serializeBinary());
  return policy;
}

const signature = (text: string): ChannelPolicy => signaturePolicy(parsePolicyText(text));
const ABC = signature("OutOf(2, 'AMSP.peer', 'BMSP.peer', 'CMSP.peer')");

/** A channel's configuration, as far as endorsements are counted by it. */
function channelOf(
  policies: Readonly<Record<string, ChannelPolicy>> = {},
  members: readonly string[] = ['AMSP', 'BMSP', 'CMSP', 'RMSP'],
  ofMember = (mspId: string): string => `OR('${mspId}.peer')`,
): InstanceType<typeof common.ConfigGroup> {
  const application = new common.ConfigGroup();
  for (const mspId of members) {
    const organization = new common.ConfigGroup();
    put(organization, 'Endorsement', signature(ofMember(mspId)));
    put(organization, 'Writers', signature(`OR('${mspId}.admin', '${mspId}.client')`));
    application.getGroupsMap().set(mspId, organization);
  }
  for (const [name, policy] of Object.entries({ Endorsement: ABC, LifecycleEndorsement: ABC, ...policies })) put(application, name, policy);
  put(application, 'Writers', implicitMeta('ANY', 'Writers'));
  const channel = new common.ConfigGroup();
  channel.getGroupsMap().set('Application', application);
  return channel;
}

describe('the policies of a channel', () => {
  const look = (channel: ReturnType<typeof channelOf>, consortium = consortiumOf()) => {
    refuseWeakerDefinitions(consortium, [], channel);
  };
  const hospitals = ['AMSP', 'BMSP', 'CMSP'];
  const everywhere = (policy: ChannelPolicy): Readonly<Record<string, ChannelPolicy>> => ({
    Endorsement: policy,
    LifecycleEndorsement: policy,
  });

  it.each([
    ['the majority spelt out over those with a peer', channelOf()],
    ['MAJORITY where all have one', channelOf(everywhere(implicitMeta('MAJORITY')), hospitals)],
    ['ALL', channelOf(everywhere(implicitMeta('ALL')), hospitals)],
    ['all three by name', channelOf(everywhere(signature("AND('AMSP.peer', 'BMSP.peer', 'CMSP.peer')")))],
    [
      'the majority of four, when the record does not name the fourth yet',
      channelOf(everywhere(implicitMeta('MAJORITY')), [...hospitals, 'DMSP']),
    ],
    ['the majority of two, when the record still names who left', channelOf(everywhere(implicitMeta('MAJORITY')), ['AMSP', 'BMSP'])],
  ])('are served when they are %s', (_title, channel) => {
    expect(() => {
      look(channel);
    }).not.toThrow();
  });

  it.each([
    [
      'Endorsement',
      { Endorsement: implicitMeta('ANY') },
      /\/Endorsement: it needs 1 endorsing organisation, the consortium file asks for 2/,
    ],
    ['LifecycleEndorsement', { LifecycleEndorsement: implicitMeta('ANY') }, /\/LifecycleEndorsement: it needs 1 endorsing/],
    ['of one of three', { Endorsement: signature("OR('AMSP.peer', 'BMSP.peer', 'CMSP.peer')") }, /needs 1 endorsing/],
    ['of Writers', { Endorsement: implicitMeta('MAJORITY', 'Writers') }, /no set of the consortium's peers can fulfil/],
    ['of nobody', { Endorsement: signature("OutOf(0, 'AMSP.peer')") }, /needs no endorsement at all/],
    ['of .member', { LifecycleEndorsement: signature("AND('AMSP.member', 'BMSP.member')") }, /names \.member/],
    [
      'that one client fulfils, too',
      { Endorsement: signature("OR('AMSP.client', AND('AMSP.peer', 'BMSP.peer'))") },
      /fulfilled with less by certificates that are no peer’s/,
    ],
  ])('are refused when one is weaker: %s', (_title, policies, reason) => {
    expect(() => {
      look(channelOf(policies));
    }).toThrow(reason);
  });

  it('are refused when one is gone, or a member counts any of its certificates', () => {
    const channel = channelOf();
    channel.getGroupsMap().get('Application')?.getPoliciesMap().del('LifecycleEndorsement');
    expect(() => {
      look(channel);
    }).toThrow(/LifecycleEndorsement: it is not there/);
    const loose = channelOf({ Endorsement: implicitMeta('MAJORITY') }, hospitals, (mspId) => `OR('${mspId}.member')`);
    expect(() => {
      look(loose);
    }).toThrow(/names \.member/);
  });
});

describe('a committed definition', () => {
  const refuse = (definition: CommittedDefinition): void => {
    refuseWeakerDefinitions(consortiumOf(), [definition], channelOf());
  };
  const referring = (path: string): Buffer => {
    const policy = new peer.ApplicationPolicy();
    policy.setChannelConfigPolicyReference(path);
    return Buffer.from(policy.serializeBinary());
  };

  it.each(['/Channel/Application/Writers', '/Channel/Application/AMSP/Endorsement', 'Endorsement', ''])(
    'is refused when it refers to another policy of the channel, also if the file does not name it: %s',
    (path) => {
      const foreign = { ...committed(), name: 'foreign', validationParameter: referring(path) };
      expect(() => {
        refuse(foreign);
      }).toThrow(`foreign (sequence 1): it refers to the channel's policy '${path}', which is not about endorsements`);
    },
  );

  it('may refer to the policy of definitions', () => {
    expect(() => {
      refuse({ ...committed(), validationParameter: referring('/Channel/Application/LifecycleEndorsement') });
    }).not.toThrow();
  });

  it.each([
    [referring('/Channel/Application/Writers'), /collection emr\/c: it refers to the channel's policy/],
    [
      Buffer.from(validationParameter(settings({ endorsementPolicy: "OutOf(0, 'AMSP.peer')" }))),
      /collection emr\/c: .* needs no endorsement/,
    ],
  ])('is refused when a collection of it protects nothing', (policy, reason) => {
    const collection = new peer.StaticCollectionConfig();
    collection.setName('c');
    collection.setEndorsementPolicy(peer.ApplicationPolicy.deserializeBinary(policy));
    const entry = new peer.CollectionConfig();
    entry.setStaticCollectionConfig(collection);
    const collections = new peer.CollectionConfigPackage();
    collections.addConfig(entry);
    expect(() => {
      refuse({ ...committed(), collections: Buffer.from(collections.serializeBinary()) });
    }).toThrow(reason);
  });

  it('is served when it is the channel’s majority, or stronger', () => {
    expect(() => {
      refuse(committed());
    }).not.toThrow();
    expect(() => {
      refuse(committed({ endorsementPolicy: "AND('AMSP.peer','BMSP.peer','CMSP.peer')" }));
    }).not.toThrow();
  });

  it('is refused when one organisation is enough and the file asks for a majority', () => {
    expect(() => {
      refuse(committed({ endorsementPolicy: "OR('AMSP.peer','BMSP.peer')" }));
    }).toThrow(/needs 1 endorsing organisation, the consortium file asks for 2/);
  });

  it('is refused when it counts any certificate for a peer’s', () => {
    const member = parsePolicyText("AND('AMSP.member','BMSP.member')");
    const policy = new peer.ApplicationPolicy();
    policy.setSignaturePolicy(member);
    expect(() => {
      refuse({ ...committed(), validationParameter: Buffer.from(policy.serializeBinary()) });
    }).toThrow(/names \.member/);
  });

  it('is refused when its policy is empty', () => {
    const policy = new peer.ApplicationPolicy();
    policy.setSignaturePolicy(new common.SignaturePolicyEnvelope());
    expect(() => {
      refuse({ ...committed(), validationParameter: Buffer.from(policy.serializeBinary()) });
    }).toThrow(/endorsement policy is empty/);
  });
});

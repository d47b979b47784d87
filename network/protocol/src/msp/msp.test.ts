import { type ChannelLedger } from '@lianyi/embedded-network/testing';
import {
  type Consortium,
  type Member,
  newConsortium,
  newLedger,
  newMember,
  newSigner,
  temporaryDir,
} from '@lianyi/test/support/ledger-fixture';
import { createRevocationList } from '../authority/ca';
import { curveOrder, derInteger, derSequence, parseEcdsaSignature } from '../crypto/der';
import { serializeIdentity, type Signer } from '../wire/signer';
import { outOf } from '../policies/policy-builder';
import { evaluateRule, type SignatureRule } from '../policies/signature-policy';
import { bytesOf, common, msp } from '../wire/proto';
import { type SignedData } from './channel-identity';
import { Msp } from './msp';
import { ChannelMsps } from './msp-manager';

type Role = 'member' | 'admin' | 'client' | 'peer' | 'orderer';

const ROLE = msp.MSPRole.MSPRoleType;
const ROLE_TYPES = { member: ROLE.MEMBER, admin: ROLE.ADMIN, client: ROLE.CLIENT, peer: ROLE.PEER, orderer: ROLE.ORDERER } as const;

function rolePrincipal(mspId: string, role: Role): InstanceType<typeof msp.MSPPrincipal> {
  const mspRole = new msp.MSPRole();
  mspRole.setMspIdentifier(mspId);
  mspRole.setRole(ROLE_TYPES[role]);
  const principal = new msp.MSPPrincipal();
  principal.setPrincipalClassification(msp.MSPPrincipal.Classification.ROLE);
  principal.setPrincipal(mspRole.serializeBinary());
  return principal;
}

function mspConfig(
  member: Member,
  options: { readonly crls?: readonly string[]; readonly nodeOus?: boolean } = {},
): InstanceType<typeof msp.FabricMSPConfig> {
  const unit = (name: string): InstanceType<typeof msp.FabricOUIdentifier> => {
    const identifier = new msp.FabricOUIdentifier();
    identifier.setOrganizationalUnitIdentifier(name);
    identifier.setCertificate(Buffer.from(member.ca.certificatePem));
    return identifier;
  };
  const config = new msp.FabricMSPConfig();
  config.setName(member.mspId);
  config.setRootCertsList([Buffer.from(member.ca.certificatePem)]);
  config.setRevocationListList((options.crls ?? []).map((crl) => Buffer.from(crl)));
  const units = new msp.FabricNodeOUs();
  units.setEnable(options.nodeOus ?? true);
  units.setClientOuIdentifier(unit('client'));
  units.setPeerOuIdentifier(unit('peer'));
  units.setAdminOuIdentifier(unit('admin'));
  units.setOrdererOuIdentifier(unit('orderer'));
  config.setFabricNodeOus(units);
  return config;
}

describe('an MSP with node OUs', () => {
  let member: Member;
  let msps: ChannelMsps;

  const managerOf = (options: Parameters<typeof mspConfig>[1] = {}): ChannelMsps => new ChannelMsps([new Msp(mspConfig(member, options))]);
  const reasonFor = (manager: ChannelMsps, signer: Signer): string | undefined => {
    const identity = manager.deserialize(signer.serializedIdentity);
    return identity ? manager.invalidReason(identity) : 'not deserialised';
  };

  beforeAll(async () => {
    member = await newMember('AMSP');
    msps = managerOf();
  });

  it.each([
    ['peer', ['member', 'peer']],
    ['client', ['member', 'client']],
    ['admin', ['member', 'admin']],
    ['orderer', ['member', 'orderer']],
  ] as const)('lets a certificate with OU=%s be exactly %j', (unit, roles) => {
    const identity = msps.deserialize(member[unit].serializedIdentity);
    const held = (['member', 'admin', 'client', 'peer', 'orderer'] as const).filter(
      (role) => identity && msps.satisfiesPrincipal(identity, rolePrincipal('AMSP', role)),
    );
    expect(held.sort()).toEqual([...roles].sort());
  });

  it('does not let a role count for another MSP', () => {
    const identity = msps.deserialize(member.peer.serializedIdentity);
    expect(identity && msps.satisfiesPrincipal(identity, rolePrincipal('BMSP', 'member'))).toBe(false);
  });

  it.each([
    ['no role OU', [], /does not have an OU that resolves to client, peer, orderer, or admin role/],
    ['an unknown OU only', ['cardiology'], /does not have an OU that resolves/],
    ['two role OUs', ['client', 'peer'], /not a combination of them/],
  ])('refuses a certificate with %s for every role', async (_, units, reason) => {
    const signer = await newSigner(member, units);
    expect(reasonFor(msps, signer)).toMatch(reason);
    const identity = msps.deserialize(signer.serializedIdentity);
    expect(identity && msps.satisfiesPrincipal(identity, rolePrincipal('AMSP', 'member'))).toBe(false);
  });

  it('takes other OUs beside one role OU', async () => {
    expect(reasonFor(msps, await newSigner(member, ['cardiology', 'client']))).toBeUndefined();
  });

  it('does not know a certificate of a foreign CA under its own id', async () => {
    const stranger = await newMember('AMSP');
    expect(msps.deserialize(stranger.client.serializedIdentity)).toBeUndefined();
  });

  it('does not know another MSP, garbage, or a text that is no certificate', () => {
    const other = serializeIdentity('BMSP', member.client.certificatePem);
    expect(
      [other, Buffer.from('garbage'), Buffer.alloc(0), serializeIdentity('AMSP', 'hello')].map((bytes) => msps.deserialize(bytes)),
    ).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('leaves expiry to the filters of proposals and broadcasts, and tells them when it is', async () => {
    const expired = await newSigner(member, ['client'], { notAfter: new Date(Date.now() - 1000) });
    expect(reasonFor(msps, expired)).toBeUndefined();
    expect(msps.deserialize(expired.serializedIdentity)?.expiresAtMillis).toBeLessThan(Date.now());
  });

  it('does not know a certificate that starts before its CA', async () => {
    const early = await newSigner(member, ['client'], { notBefore: new Date('2020-01-01T00:00:00Z') });
    expect(msps.deserialize(early.serializedIdentity)).toBeUndefined();
  });

  it('refuses a CA certificate as an identity', () => {
    const identity = serializeIdentity('AMSP', member.ca.certificatePem);
    const known = msps.deserialize(identity);
    expect(known && msps.invalidReason(known)).toMatch(/cannot be used as an identity/);
  });

  it('refuses a revoked certificate and no other', async () => {
    const crl = await createRevocationList(member.ca, [member.client.certificatePem]);
    const manager = managerOf({ crls: [crl] });
    expect(crl).toContain('-----BEGIN X509 CRL-----');
    expect(reasonFor(manager, member.client)).toMatch(/The certificate has been revoked/);
    expect(reasonFor(manager, member.admin)).toBeUndefined();
  });

  it('ignores a list signed by another CA that claims the same key id', async () => {
    const impostor = await newMember('AMSP');
    const forged = await createRevocationList({ ...member.ca, privateKey: impostor.ca.privateKey }, [member.client.certificatePem]);
    expect(reasonFor(managerOf({ crls: [forged] }), member.client)).toBeUndefined();
  });

  it('tells no roles apart when node OUs are off', () => {
    const manager = managerOf({ nodeOus: false });
    const identity = manager.deserialize(member.peer.serializedIdentity);
    const held = (['member', 'admin', 'client', 'peer'] as const).filter(
      (role) => identity && manager.satisfiesPrincipal(identity, rolePrincipal('AMSP', role)),
    );
    expect(held).toEqual(['member']);
  });

  it('accepts a low-S signature and refuses its high-S twin, another message and an empty one', () => {
    const identity = msps.deserialize(member.client.serializedIdentity);
    const message = Buffer.from('message');
    const signature = member.client.sign(message);
    const order = curveOrder('prime256v1') ?? 0n;
    const parsed = parseEcdsaSignature(signature) ?? { r: 0n, s: 0n };
    const high = derSequence(derInteger(parsed.r), derInteger(order - parsed.s));
    expect(identity?.verify(message, signature)).toBe(true);
    expect(identity?.verify(message, high)).toBe(false);
    expect(identity?.verify(Buffer.from('other'), signature)).toBe(false);
    expect(identity?.verify(message, Buffer.alloc(0))).toBe(false);
  });
});

describe('a signature policy', () => {
  const A = { mspId: 'A', role: 'peer' } as const;
  const B = { mspId: 'B', role: 'peer' } as const;
  const C = { mspId: 'C', role: 'peer' } as const;

  interface Gate {
    readonly n: number;
    readonly of: readonly Rule[];
  }
  type Rule = typeof A | typeof B | typeof C | Gate;
  const compile = (rule: Rule): SignatureRule =>
    'n' in rule ? { kind: 'outOf', n: rule.n, rules: rule.of.map(compile) } : { kind: 'signedBy', principal: { kind: 'role', ...rule } };
  const holds = (rule: Rule, signers: readonly string[]): boolean => {
    const distinct = signers.map((mspId, index) => ({ mspId, index }));
    return evaluateRule(compile(rule), distinct, (signer, principal) => principal.kind === 'role' && principal.mspId === signer.mspId);
  };

  it.each<[string, Rule, readonly string[], boolean]>([
    ['one of one', A, ['A'], true],
    ['one of one, unsigned', A, [], false],
    ['another signs', A, ['B'], false],
    ['OR first', { n: 1, of: [A, B] }, ['A'], true],
    ['OR second', { n: 1, of: [A, B] }, ['B'], true],
    ['OR none', { n: 1, of: [A, B] }, ['C'], false],
    ['AND both', { n: 2, of: [A, B] }, ['B', 'A'], true],
    ['AND one', { n: 2, of: [A, B] }, ['A'], false],
    ['2 of 3', { n: 2, of: [A, B, C] }, ['A', 'C'], true],
    ['2 of 3 with one', { n: 2, of: [A, B, C] }, ['C'], false],
    ['twice the same signer is one', { n: 2, of: [A, A] }, ['A'], false],
    ['two signers of one organisation', { n: 2, of: [A, A] }, ['A', 'A'], true],
    ['0 of none', { n: 0, of: [] }, [], true],
    ['nested', { n: 2, of: [A, { n: 1, of: [B, C] }] }, ['C', 'A'], true],
    ['nested unmet', { n: 2, of: [A, { n: 2, of: [B, C] }] }, ['C', 'A'], false],
    ['greedy: a satisfied OR keeps both signers', { n: 2, of: [{ n: 1, of: [A, B] }, B] }, ['A', 'B'], false],
    ['order of rules decides for the greedy', { n: 2, of: [B, { n: 1, of: [A, B] }] }, ['A', 'B'], true],
  ])('%s', (_, rule, signers, expected) => {
    expect(holds(rule, signers)).toBe(expected);
  });
});

describe('the policies of the first block', () => {
  let consortium: Consortium;
  let policies: ChannelLedger['policies'];
  let ledger: ChannelLedger;
  const data = Buffer.from('data');
  const by = (...signers: readonly Signer[]): SignedData[] =>
    signers.map((signer) => ({ data, identity: signer.serializedIdentity, signature: signer.sign(data) }));
  const scratch = temporaryDir();

  beforeAll(async () => {
    consortium = await newConsortium();
    ledger = newLedger(scratch.dir, consortium.genesis);
    policies = ledger.policies;
  });
  afterAll(() => {
    ledger.close();
    scratch.remove();
  });

  it.each<[string, (c: Consortium) => Signer, boolean, boolean, boolean]>([
    ['a client', ({ a }) => a.client, true, true, true],
    ['an admin', ({ b }) => b.admin, true, true, true],
    ['a peer', ({ a }) => a.peer, false, true, false],
    ['an orderer', ({ a }) => a.orderer, false, false, true],
    ["the regulator's client", ({ authority }) => authority.client, true, true, true],
  ])('%s may propose: %s, read: %s, hand to the orderer: %s', (_, pick, proposes, reads, orders) => {
    const signed = by(pick(consortium));
    const allows = (path: string): boolean => policies.evaluate(path, signed) === undefined;
    expect(['/Channel/Application/Writers', '/Channel/Application/Readers', '/Channel/Writers'].map(allows)).toEqual([
      proposes,
      reads,
      orders,
    ]);
  });

  it.each<[string, (c: Consortium) => readonly Signer[], boolean]>([
    ['two hospitals', ({ a, c }) => [a.peer, c.peer], true],
    ['all three', ({ a, b, c }) => [a.peer, b.peer, c.peer], true],
    ['one hospital', ({ a }) => [a.peer], false],
    ['one hospital twice', ({ a }) => [a.peer, a.peer], false],
    ['a hospital and the regulator', ({ a, authority }) => [a.peer, authority.peer], false],
    ['two clients', ({ a, b }) => [a.client, b.client], false],
    ['two admins', ({ a, b }) => [a.admin, b.admin], false],
  ])('endorsement by %s: %s', (_, pick, expected) => {
    expect(policies.evaluate('/Channel/Application/Endorsement', by(...pick(consortium))) === undefined).toBe(expected);
  });

  it('drops a signature over something else', () => {
    const [first] = by(consortium.a.client);
    const forged = first ? [{ ...first, data: Buffer.from('other') }] : [];
    expect(policies.evaluate('/Channel/Application/Writers', forged)).toBe(
      "implicit policy evaluation failed - 0 sub-policies were satisfied, but this policy requires 1 of the 'Writers' sub-policies to be satisfied",
    );
  });

  it.each([
    ['/Channel/Application/Nobody', "no such policy: 'Application/Nobody'"],
    ['/Other/Writers', /no such policy/],
  ])('refuses by the unknown policy %s', (path, reason) => {
    expect(policies.evaluate(path, by(consortium.a.admin))).toMatch(reason);
  });

  it('plans any two hospitals for the default policy, and never the regulator', () => {
    expect(policies.minimalOrganizationSets({ kind: 'channel', path: '/Channel/Application/Endorsement' })).toEqual([
      ['AMSP', 'BMSP'],
      ['AMSP', 'CMSP'],
      ['BMSP', 'CMSP'],
    ]);
  });

  it('plans nothing for a policy that does not compile', () => {
    expect(policies.minimalOrganizationSets({ kind: 'signature', envelope: Buffer.from('garbage') })).toEqual([]);
    expect(policies.evaluateEndorsement({ kind: 'signature', envelope: Buffer.alloc(0) }, by(consortium.a.peer))).toBeDefined();
  });

  it('reads the member policy of a collection by identity', () => {
    const envelope = bytesOf(outOf(1, [{ mspId: 'AMSP', role: 'member' }]).serializeBinary());
    const identity = ledger.config.msps.deserialize(consortium.a.client.serializedIdentity);
    const foreign = ledger.config.msps.deserialize(consortium.b.client.serializedIdentity);
    expect([identity, foreign].map((each) => each && policies.identitySatisfies({ kind: 'signature', envelope }, each))).toEqual([
      true,
      false,
    ]);
  });

  it('names the policies of the configuration tree Fabric people expect', () => {
    const block = common.Block.deserializeBinary(consortium.genesis);
    const envelope = common.Envelope.deserializeBinary(block.getData()?.getDataList_asU8()[0] ?? new Uint8Array());
    const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
    const group = common.ConfigEnvelope.deserializeBinary(payload.getData_asU8()).getConfig()?.getChannelGroup();
    const application = group?.getGroupsMap().get('Application');
    expect(
      application
        ?.getPoliciesMap()
        .toArray()
        .map(([name]) => name)
        .sort(),
    ).toEqual(['Admins', 'Endorsement', 'LifecycleEndorsement', 'Readers', 'Writers']);
    expect(
      application
        ?.getGroupsMap()
        .toArray()
        .map(([name]) => name)
        .sort(),
    ).toEqual(['AMSP', 'AuthorityMSP', 'BMSP', 'CMSP']);
  });
});

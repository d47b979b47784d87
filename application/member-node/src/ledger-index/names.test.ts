import { createHash } from 'node:crypto';
import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { hashOfKey, type Pseudonym, pseudonymOf, type Sha256, transactions } from '@lianyi/domain';
import {
  type CertificateAuthority,
  common,
  createCertificateAuthority,
  createRevocationList,
  createSigner,
  issueIdentity,
  marshal,
  type msp,
  mspConfig,
  msp as messages,
  type Signer,
} from '@lianyi/fabric-protocol';
import { CommandAudit, type FollowedBlock } from '@lianyi/ledger-client';
import { blockOfCalls, type Call } from './block-of-calls.fixture';
import { LedgerIndex } from './ledger-index';
import { A, hired, nonce, type Person, person, registrarA, signedBy } from './member-chain.fixture';

type Definition = msp.FabricMSPConfig;

/** A configuration with these organisations, by the names of their groups. */
function configOf(organizations: Readonly<Record<string, Definition>>): common.Config {
  const group = new common.ConfigGroup();
  const application = new common.ConfigGroup();
  group.getGroupsMap().set('Application', application);
  for (const [name, definition] of Object.entries(organizations)) {
    const wrapped = new messages.MSPConfig();
    wrapped.setConfig(marshal(definition));
    const value = new common.ConfigValue();
    value.setValue(marshal(wrapped));
    const organization = new common.ConfigGroup();
    organization.getValuesMap().set('MSP', value);
    application.getGroupsMap().set(name, organization);
  }
  const config = new common.Config();
  config.setChannelGroup(group);
  return config;
}

function enveloped(data: Uint8Array): common.Envelope {
  const payload = new common.Payload();
  payload.setData(data);
  const envelope = new common.Envelope();
  envelope.setPayload(marshal(payload));
  return envelope;
}

/** An update that writes these organisations, and who has signed it. */
function updateOf(organizations: Readonly<Record<string, Definition>>, signers: readonly Signer[], nonce = ''): common.Envelope {
  const update = new common.ConfigUpdate();
  update.setChannelId(`emr${nonce}`);
  update.setWriteSet(configOf(organizations).getChannelGroup());
  const signed = new common.ConfigUpdateEnvelope();
  signed.setConfigUpdate(marshal(update));
  for (const signer of signers) {
    const header = new common.SignatureHeader();
    header.setCreator(signer.serializedIdentity);
    const signature = new common.ConfigSignature();
    signature.setSignatureHeader(marshal(header));
    signature.setSignature(signer.sign(Buffer.concat([marshal(header), marshal(update)])));
    signed.addSignatures(signature);
  }
  return enveloped(marshal(signed));
}

function configBlock(number: number, organizations: Readonly<Record<string, Definition>>, update?: common.Envelope): FollowedBlock {
  const content = new common.ConfigEnvelope();
  const config = configOf(organizations);
  content.setConfig(config);
  content.setLastUpdate(update);
  const envelope = marshal(enveloped(marshal(content)));
  const transaction = { transactionId: `config-${number}`, transactionIndex: 0, validationCode: 0, event: undefined, envelope };
  return { ...blockOfCalls(number, []), configuration: marshal(config), transactions: [transaction] };
}

const hashOf = (definition: Definition): string => createHash('sha256').update(marshal(definition)).digest('base64url');

describe('the name of an organisation', () => {
  let authorities: Readonly<Record<'A' | 'B' | 'new', CertificateAuthority>>;
  /** Certificates with the name of A. */
  let admin: Signer;
  let client: Signer;
  let revoked: Signer;
  let falseAdmin: Signer;
  let falseClient: Signer;
  let adminOfB: Signer;
  let revocations: string;

  let index: LedgerIndex;
  let alarms: string[];
  /** Of the same blocks. */
  let audit: CommandAudit;
  let next: number;

  const issued = async (ca: CertificateAuthority, mspId: string, unit: string): Promise<Signer> => {
    const pair = await issueIdentity(ca, { commonName: unit, organization: mspId, organizationalUnits: [unit] });
    return createSigner(mspId, pair.certificatePem, pair.privateKeyPem);
  };
  /** As A's administrators define it, with more roots or without its revocation list. */
  const definitionOf = (mspId: string, roots: readonly CertificateAuthority[], lists: readonly string[] = []): Definition => {
    const [{ certificatePem: caPem } = { certificatePem: '' }] = roots;
    const definition = messages.FabricMSPConfig.deserializeBinary(mspConfig({ mspId, caPem, tlsCaPem: caPem }).getConfig_asU8());
    const units = definition.getFabricNodeOus();
    // roles of whichever root
    for (const unit of [units?.getClientOuIdentifier(), units?.getAdminOuIdentifier()]) unit?.setCertificate('');
    definition.setRootCertsList(roots.map((root) => Buffer.from(root.certificatePem)));
    definition.setRevocationListList(lists.map((list) => Buffer.from(list)));
    return definition;
  };
  const ofA = (): Definition => definitionOf('AMSP', [authorities.A], [revocations]);
  const ofB = (): Definition => definitionOf('BMSP', [authorities.B]);
  /** B's root may name itself A, too. */
  const widened = (): Definition => definitionOf('AMSP', [authorities.A, authorities.B], [revocations]);

  beforeAll(async () => {
    const newAuthority = (name: string) => createCertificateAuthority(`ca.${name}`, name);
    authorities = { A: await newAuthority('a'), B: await newAuthority('b'), new: await newAuthority('new') };
    admin = await issued(authorities.A, 'AMSP', 'admin');
    client = await issued(authorities.A, 'AMSP', 'client');
    revoked = await issued(authorities.A, 'AMSP', 'admin');
    falseAdmin = await issued(authorities.B, 'AMSP', 'admin');
    falseClient = await issued(authorities.B, 'AMSP', 'client');
    adminOfB = await issued(authorities.B, 'BMSP', 'admin');
    revocations = await createRevocationList(authorities.A, [revoked.certificatePem]);
  });
  const begin = async (agreed: readonly string[] = []): Promise<void> => {
    alarms = [];
    audit = new CommandAudit('emr');
    index = new LedgerIndex(':memory:', 'emr', 'AMSP', ({ name, detail }) => alarms.push(`${name} ${detail ?? ''}`.trim()), agreed);
    next = 0;
    await configured({ HospitalA: ofA(), HospitalB: ofB() });
  };
  beforeEach(() => begin());
  afterEach(() => index.close());

  const configured = async (organizations: Readonly<Record<string, Definition>>, update?: common.Envelope): Promise<void> => {
    const block = configBlock(next, organizations, update);
    await index.sinkOf('AMSP').apply(block, false);
    await audit.visit(block);
    next += 1;
  };
  const committed = async (...calls: readonly Call[]): Promise<void> => {
    const block = blockOfCalls(next, calls);
    await index.sinkOf('AMSP').apply(block, false);
    await audit.visit(block);
    next += 1;
  };
  let hiredSoFar = 0;
  /** Whether somebody counts whom this client registers under its organisation's name. */
  const counts = async (by: Signer): Promise<boolean> => {
    const somebody: Person = person(by.mspId, `person-${(hiredSoFar += 1)}`, ['clinician']);
    await committed(hired(somebody, {}, by.certificatePem));
    return (await index.staffShown(somebody.mspId, somebody.actorTag))?.isProven === true;
  };
  const audited = (): string[] => audit.report().alarms.map(({ name, detail = '' }) => `${name} ${detail}`.trim());
  const taken = async (): Promise<string | undefined> => (await index.ownNameTaken())?.definition;

  it('is for whom its first definition admits', async () => {
    expect([await counts(admin), await counts(falseAdmin), await counts(revoked), await counts(client)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(await taken()).toBeUndefined();
    expect(alarms.every((alarm) => alarm.startsWith('staff-without-command'))).toBe(true);
  });

  it.each<[string, () => Promise<void>]>([
    ['in its group', () => configured({ HospitalA: widened(), HospitalB: ofB() })],
    [
      'in another group in place of its own',
      () => configured({ HospitalA2: widened(), HospitalB: ofB() }, updateOf({ HospitalA2: widened() }, [adminOfB])),
    ],
    ['signed by a client of it', () => configured({ HospitalA: widened() }, updateOf({ HospitalA: widened() }, [client, adminOfB]))],
    [
      'signed by an administrator whom it has revoked',
      () => configured({ HospitalA: widened() }, updateOf({ HospitalA: widened() }, [revoked])),
    ],
    [
      'signed by the administrator whom it would admit',
      () => configured({ HospitalA: widened() }, updateOf({ HospitalA: widened() }, [falseAdmin])),
    ],
    [
      'in an update of something else that its administrator signed',
      () => configured({ HospitalA: widened() }, updateOf({ HospitalB: ofB() }, [admin])),
    ],
    [
      'in place of the definition that its administrator signed',
      () => configured({ HospitalA: widened() }, updateOf({ HospitalA: ofA() }, [admin])),
    ],
  ])('is not for whom another one admits, %s', async (_how, change) => {
    await change();
    expect(alarms).toEqual([`name-without-word AMSP ${hashOf(widened())}`]);
    expect(await index.ownNameTaken()).toEqual({ definition: hashOf(widened()), blockNumber: 1 });
    expect([await counts(falseAdmin), await counts(admin), await counts(adminOfB)]).toEqual([false, true, true]);
    // nor by what its administrators sign of other things later
    await configured({ HospitalA: widened(), HospitalB: ofB() }, updateOf({ HospitalB: ofB() }, [admin], 'later'));
    expect([await counts(falseAdmin), await taken()]).toEqual([false, hashOf(widened())]);
    expect(alarms.filter((alarm) => alarm.startsWith('name'))).toHaveLength(1);
    // an auditor is told the same, of the name and of whom it was used to register
    expect(audited()).toEqual(alarms);
    expect(audited()).toHaveLength(3);
  });

  it('is for whom its administrator has signed that it admits, from then on', async () => {
    const changed = definitionOf('AMSP', [authorities.new], [revocations]);
    const [ofNew, clientOfNew] = [await issued(authorities.new, 'AMSP', 'admin'), await issued(authorities.new, 'AMSP', 'client')];
    expect(await counts(ofNew)).toBe(false);
    await configured({ HospitalA: changed }, updateOf({ HospitalA: changed }, [adminOfB, admin]));
    expect([await counts(ofNew), await counts(admin), await counts(clientOfNew)]).toEqual([true, false, false]);
    expect(await taken()).toBeUndefined();
    expect(alarms.some((alarm) => alarm.startsWith('name'))).toBe(false);
    expect(audited()).toEqual(alarms);
  });

  it('is set right by its administrator', async () => {
    await configured({ HospitalA: widened() });
    await configured({ HospitalA: ofA() }, updateOf({ HospitalA: ofA() }, [admin]));
    expect(await taken()).toBeUndefined();
    expect([await counts(falseAdmin), await counts(admin)]).toEqual([false, true]);
  });

  it('is not given twice by one signature', async () => {
    const [withNew, update] = [
      definitionOf('AMSP', [authorities.A, authorities.new]),
      updateOf({ HospitalA: definitionOf('AMSP', [authorities.A, authorities.new]) }, [admin]),
    ];
    const ofNew = await issued(authorities.new, 'AMSP', 'admin');
    await configured({ HospitalA: withNew }, update);
    expect(await counts(ofNew)).toBe(true);
    await configured({ HospitalA: ofA() }, updateOf({ HospitalA: ofA() }, [admin]));
    await configured({ HospitalA: withNew }, update);
    expect([await counts(ofNew), await taken()]).toEqual([false, hashOf(withNew)]);
  });

  it('stays refused to whom it has revoked, when others leave the list out', async () => {
    const without = definitionOf('AMSP', [authorities.A]);
    await configured({ HospitalA: without });
    expect([await counts(revoked), await counts(admin), await taken()]).toEqual([false, true, hashOf(without)]);
  });

  it('is not taken by a definition that admits fewer, nor while the organisation is away', async () => {
    const stricter = definitionOf(
      'AMSP',
      [authorities.A],
      [revocations, await createRevocationList(authorities.A, [client.certificatePem])],
    );
    await configured({ HospitalA: stricter });
    await configured({ HospitalB: ofB() });
    await configured({ HospitalA: ofA(), HospitalB: ofB() });
    expect([alarms, await taken()]).toEqual([[], undefined]);
    await configured({ HospitalB: ofB() });
    await configured({ HospitalA: widened(), HospitalB: ofB() });
    expect([await counts(falseAdmin), await taken()]).toEqual([false, hashOf(widened())]);
  });

  it('is for whom the node’s operator has agreed to', async () => {
    await index.close();
    await begin([hashOf(widened())]);
    await configured({ HospitalA: widened() });
    expect([await counts(falseAdmin), await counts(admin), await taken(), alarms]).toEqual([true, true, undefined, []]);
  });

  it('begins the chain of no patient’s keys for who only bears it', async () => {
    await committed(hired(registrarA, {}, admin.certificatePem));
    await configured({ HospitalA: widened() });
    const registration = (by: Signer, pseudonym: Pseudonym, nextKeyHash: Sha256): Call => ({
      ...signedBy(registrarA, transactions.RegisterPatient, { pseudonym, suite: 'P256-SHA256', nextKeyHash, nonce }, writesOf(pseudonym)),
      creatorCertificate: by.certificatePem,
    });
    const writesOf = (pseudonym: Pseudonym): Record<string, string> => ({ [`\u0000pseudonym\u0000${pseudonym}\u0000`]: '{}' });
    const keys = [hashOfKey(publicKeyOf(newPrivateKey())), hashOfKey(publicKeyOf(newPrivateKey()))] as const;
    const [ofFalse, ofTrue] = [
      pseudonymOf({ mspId: A, firstKeyHash: keys[0], nonce }),
      pseudonymOf({ mspId: A, firstKeyHash: keys[1], nonce }),
    ];
    await committed(registration(falseClient, ofFalse, keys[0]), registration(client, ofTrue, keys[1]));
    alarms = [];
    // a write over the entry of a patient who is followed is an alarm, and nothing over that of one who is not
    const over = (pseudonym: Pseudonym): Call => ({
      ...hired(registrarA, {}, admin.certificatePem),
      writes: writesOf(pseudonym),
      creatorMspId: 'BMSP',
    });
    await committed(over(ofFalse));
    expect(alarms).toEqual([]);
    await committed(over(ofTrue));
    expect(alarms).toEqual(['key-without-command']);
  });

  it('of another organisation is no more for others, and stops nothing here', async () => {
    const widenedB = definitionOf('BMSP', [authorities.B, authorities.new]);
    const falseB = await issued(authorities.new, 'BMSP', 'admin');
    await configured({ HospitalA: ofA(), HospitalB: widenedB });
    expect([await counts(falseB), await counts(adminOfB)]).toEqual([false, true]);
    expect([alarms[0], await taken()]).toEqual([`name-without-word BMSP ${hashOf(widenedB)}`, undefined]);
  });
});

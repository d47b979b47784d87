import { type CertificateAuthority, createCertificateAuthority, createRevocationList, issueIdentity } from '../authority/ca';
import { blockHeaderBytes, newBlock, signBlock } from '../wire/block';
import { bytesOf, common, marshal, msp } from '../wire/proto';
import { createSigner, type Signer } from '../wire/signer';
import { BlockAuthority, ConfigurationUnread, unreadParts } from './block-authority';
import { parseChannelConfig } from './channel-config';
import { buildGenesisBlock } from './genesis';

/** Fields that a peer passes over: of an unknown number, or of another wire type than theirs. */
const FOREIGN = ['7805', '0a0161', '1005', '1501020304', '1805', '7b7c', '7b7b7c7c', '2005', '2805'];

describe('a configuration that peers take, whatever one member’s administrator has put into its own part', () => {
  let authorities: Readonly<Record<'A' | 'B', CertificateAuthority>>;
  let ordererOf: Readonly<Record<'A' | 'B', Signer>>;
  let genesis: common.Block;

  const batch = { timeoutMillis: 5, maxMessageCount: 10, preferredMaxBytes: 1024, absoluteMaxBytes: 2048 };
  const organizationOf = (name: 'A' | 'B') => ({
    mspId: `${name}MSP`,
    caPem: authorities[name].certificatePem,
    tlsCaPem: authorities[name].certificatePem,
    hasPeer: true,
    hasOrderer: true,
    isApplication: true,
  });

  beforeAll(async () => {
    authorities = { A: await createCertificateAuthority('ca.a', 'AMSP'), B: await createCertificateAuthority('ca.b', 'BMSP') };
    const orderer = async (name: 'A' | 'B'): Promise<Signer> => {
      const pair = await issueIdentity(authorities[name], { commonName: 'orderer', organization: name, organizationalUnits: ['orderer'] });
      return createSigner(`${name}MSP`, pair.certificatePem, pair.privateKeyPem);
    };
    ordererOf = { A: await orderer('A'), B: await orderer('B') };
    genesis = common.Block.deserializeBinary(
      buildGenesisBlock({ channel: 'emr', batch, organizations: [organizationOf('A'), organizationOf('B')] }),
    );
  });

  /** A block with the configuration of the first, as `change` makes its bytes. */
  function configBlock(number: number, change: (content: common.ConfigEnvelope) => Buffer): common.Block {
    const envelope = common.Envelope.deserializeBinary(genesis.getData()?.getDataList_asU8()[0] ?? new Uint8Array());
    const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
    payload.setData(change(common.ConfigEnvelope.deserializeBinary(payload.getData_asU8())));
    envelope.setPayload(marshal(payload));
    return newBlock(number, Buffer.alloc(32), [marshal(envelope)]);
  }

  /** After a change of B's definition, in both sections. */
  function withMspOfB(change: (definition: msp.FabricMSPConfig, wrapped: msp.MSPConfig) => void): common.Block {
    return configBlock(1, (content) => {
      for (const group of groupsOfB(content)) {
        const value = group.getValuesMap().get('MSP') ?? new common.ConfigValue();
        const wrapped = msp.MSPConfig.deserializeBinary(value.getValue_asU8());
        const definition = msp.FabricMSPConfig.deserializeBinary(wrapped.getConfig_asU8());
        change(definition, wrapped);
        if (wrapped.getType() === 0) wrapped.setConfig(marshal(definition));
        value.setValue(marshal(wrapped));
      }
      return marshal(content);
    });
  }

  function groupsOfB(content: common.ConfigEnvelope): readonly common.ConfigGroup[] {
    const sections = content.getConfig()?.getChannelGroup()?.getGroupsMap();
    return ['Application', 'Orderer'].flatMap((section) => sections?.get(section)?.getGroupsMap().get('BMSP') ?? []);
  }

  function follow(block: common.Block): BlockAuthority {
    const authority = BlockAuthority.ofGenesis(genesis);
    expect(authority.follow(block)).toBe(true);
    // what is kept of it is judged alike
    return BlockAuthority.ofConfiguration(bytesOf(Uint8Array.from(authority.configuration)));
  }

  function signedBy(name: 'A' | 'B'): common.Block {
    const block = newBlock(2, Buffer.alloc(32), []);
    signBlock(block, ordererOf[name], 1);
    return block;
  }

  const pem = (change: (pem: string) => string) => (definition: msp.FabricMSPConfig) => {
    definition.setRootCertsList([Buffer.from(change(authorities.B.certificatePem))]);
  };

  it.each<[string, (definition: msp.FabricMSPConfig) => void]>([
    ['a root in PEM with a header line', pem((text) => text.replace('CERTIFICATE-----\n', 'CERTIFICATE-----\nUse: none\n\n'))],
    [
      'a root in PEM with two header lines and no blank line',
      pem((text) => text.replace('CERTIFICATE-----\n', 'CERTIFICATE-----\nA: 1\nB:\n')),
    ],
    ['a root under a label in small letters', pem((text) => text.replaceAll('CERTIFICATE', 'certificate'))],
    ['a root under a label with other signs', pem((text) => text.replaceAll('CERTIFICATE', 'X.509/ü'))],
    ['a root under no label', pem((text) => text.replaceAll('CERTIFICATE', ''))],
    ['a root behind a block whose base64 is none', pem((text) => `${text.replace('\n-----END', '\nA\n-----END')}${text}`)],
  ])('is followed with %s, and all of it counts', (_what, change) => {
    const authority = follow(withMspOfB(change));
    expect(authority.unread).toEqual([]);
    for (const name of ['A', 'B'] as const) expect(authority.refusalOf(signedBy(name))).toBeUndefined();
  });

  it.each(['DER', 'PEM'])('is followed with a revocation list in %s, which revokes', async (form) => {
    const list = await createRevocationList(authorities.B, [ordererOf.B.certificatePem]);
    const der = Buffer.from(list.replace(/-----.*-----/g, ''), 'base64');
    const authority = follow(
      withMspOfB((definition) => {
        definition.setRevocationListList([form === 'DER' ? der : Buffer.from(list)]);
      }),
    );
    expect(authority.unread).toEqual([]);
    expect(authority.refusalOf(signedBy('A'))).toBeUndefined();
    expect(authority.refusalOf(signedBy('B'))).toContain('policy');
  });

  it.each<[string, (definition: msp.FabricMSPConfig, wrapped: msp.MSPConfig) => void]>([
    [
      'an MSP of another kind',
      (_definition, wrapped) => {
        wrapped.setType(1);
        wrapped.setConfig(Buffer.from('keys of an issuer'));
      },
    ],
    ['a root that is none', pem(() => 'no certificate')],
    [
      'a revocation list that is none',
      (definition) => {
        definition.setRevocationListList([Buffer.from('no list')]);
      },
    ],
    [
      'a revocation list with something behind it',
      (definition) => {
        definition.setRevocationListList([Buffer.from('3000ff', 'hex')]);
      },
    ],
    [
      'an administrator’s certificate that is none',
      (definition) => {
        definition.setAdminsList([Buffer.from('nobody')]);
      },
    ],
  ])('is followed with %s: nobody of that organisation counts, everybody else does', (_what, change) => {
    const block = withMspOfB(change);
    const authority = follow(block);
    expect(authority.unread.map(({ path }) => path).sort()).toEqual(['/Channel/Application/BMSP', '/Channel/Orderer/BMSP']);
    expect(unreadParts(authority.unread)[0]).toMatch(/BMSP of the channel’s configuration cannot be read \(.+\): nobody satisfies it/);
    expect(authority.refusalOf(signedBy('A'))).toBeUndefined();
    // it may be a block that peers take: nothing is said against the chain
    expect(() => authority.refusalOf(signedBy('B'))).toThrow(ConfigurationUnread);
    expect(() => parseChannelConfig(configOf(block))).toThrow();
  });

  it('is followed where it is unread and orders nothing, and blocks are judged as ever', () => {
    const authority = follow(
      configBlock(1, (content) => {
        const value = groupsOfB(content)[0]?.getValuesMap().get('MSP');
        value?.setValue(Buffer.from('0801', 'hex'));
        return marshal(content);
      }),
    );
    expect(authority.unread.map(({ path }) => path)).toEqual(['/Channel/Application/BMSP']);
    expect(authority.refusalOf(signedBy('B'))).toBeUndefined();
    expect(authority.refusalOf(newBlock(2, Buffer.alloc(32), []))).toBeDefined();
  });

  describe.each(FOREIGN)('with the field %s, which peers pass over,', (hex) => {
    const foreign = Buffer.from(hex, 'hex');
    const inValue = (content: common.ConfigEnvelope): Buffer => {
      for (const group of groupsOfB(content)) {
        const value = group.getValuesMap().get('MSP');
        value?.setValue(Buffer.concat([value.getValue_asU8(), foreign]));
      }
      return marshal(content);
    };
    const inPolicies = (content: common.ConfigEnvelope): Buffer => {
      for (const group of groupsOfB(content))
        for (const [name] of group.getPoliciesMap().toArray()) {
          const policy = group.getPoliciesMap().get(name)?.getPolicy();
          policy?.setValue(Buffer.concat([policy.getValue_asU8(), foreign]));
        }
      return marshal(content);
    };
    const inGroup = (content: common.ConfigEnvelope): Buffer => {
      const group = Buffer.concat([marshal(content.getConfig()?.getChannelGroup() ?? new common.ConfigGroup()), foreign]);
      return delimited(1, Buffer.concat([Buffer.of(0x08, 7), delimited(2, group)]));
    };
    const inUpdate = (content: common.ConfigEnvelope): Buffer => Buffer.concat([marshal(content), delimited(2, foreign)]);

    it.each([
      ['in a definition', inValue],
      ['in a policy', inPolicies],
      ['in a group', inGroup],
      ['in the update that led to it', inUpdate],
    ])('it is followed, %s', (_where, change) => {
      const authority = follow(configBlock(1, change));
      expect(authority.unread).toEqual([]);
      for (const name of ['A', 'B'] as const) expect(authority.refusalOf(signedBy(name))).toBeUndefined();
    });
  });

  it.each([
    ['ends within a field', (content: common.ConfigEnvelope) => Buffer.concat([marshal(content), Buffer.of(0x0a, 5)])],
    ['has text that is none', () => delimited(1, delimited(2, Buffer.from('2a02c328', 'hex')))],
  ])('is a fault, and no block without one, where it %s', (_what, change) => {
    const authority = BlockAuthority.ofGenesis(genesis);
    const before = authority.configuration;
    expect(() => authority.follow(configBlock(7, change))).toThrow(ConfigurationUnread);
    expect(() => authority.follow(configBlock(7, change))).toThrow('block 7');
    expect(authority.configuration).toBe(before);
  });

  it('may have an orderer that writes its signature in another way', () => {
    const header = new common.SignatureHeader();
    header.setCreator(Buffer.concat([ordererOf.B.serializedIdentity, Buffer.from('1005', 'hex')]));
    const block = signedBy('B');
    const entries = block.getMetadata()?.getMetadataList_asU8() ?? [];
    const metadata = common.Metadata.deserializeBinary(entries[common.BlockMetadataIndex.SIGNATURES] ?? new Uint8Array());
    const bytes = Buffer.concat([marshal(header), Buffer.from('0805', 'hex')]);
    const signature = new common.MetadataSignature();
    signature.setSignatureHeader(bytes);
    signature.setSignature(
      ordererOf.B.sign(Buffer.concat([metadata.getValue_asU8(), bytes, blockHeaderBytes(block.getHeader() ?? new common.BlockHeader())])),
    );
    metadata.setSignaturesList([signature]);
    entries[common.BlockMetadataIndex.SIGNATURES] = marshal(metadata);
    block.getMetadata()?.setMetadataList(entries);
    expect(BlockAuthority.ofGenesis(genesis).refusalOf(block)).toBeUndefined();
  });
});

function delimited(field: number, content: Uint8Array): Buffer {
  const length: number[] = [];
  let rest = content.length;
  for (; rest > 0x7f; rest >>>= 7) length.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.of(field * 8 + 2), Buffer.from([...length, rest]), content]);
}

function configOf(block: common.Block): common.Config {
  const envelope = common.Envelope.deserializeBinary(block.getData()?.getDataList_asU8()[0] ?? new Uint8Array());
  const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
  return common.ConfigEnvelope.deserializeBinary(payload.getData_asU8()).getConfig() ?? new common.Config();
}

describe('why a part of a configuration cannot be read', () => {
  it.each([
    ['letters', 'x'.repeat(1_000), 'x'.repeat(200)],
    ['pairs', '𠮷'.repeat(300), '𠮷'.repeat(200)],
    ['a pair at the end of what is told', `${'x'.repeat(199)}${'𠮷'.repeat(9)}`, `${'x'.repeat(199)}𠮷`],
    ['pictures', '😀'.repeat(300), '😀'.repeat(200)],
    ['letters and pairs by turns', 'x𠮷'.repeat(300), 'x𠮷'.repeat(100)],
  ])('is told up to two hundred whole characters, of its name and of its reason: %s', (_what, text, told) => {
    const [line] = unreadParts([{ path: text, cause: new Error(text), isOfOrdering: false }]);
    expect(line).toBe(`${told}… of the channel’s configuration cannot be read (${told}…): nobody satisfies it`);
  });
});

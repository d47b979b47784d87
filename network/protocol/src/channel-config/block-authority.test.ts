import { type CertificateAuthority, createCertificateAuthority, issueIdentity } from '../authority/ca';
import { outOfPrincipals, signaturePolicy } from '../policies/policy-builder';
import { blockHeaderBytes, newBlock, signBlock } from '../wire/block';
import { bytesOf, common, marshal, msp } from '../wire/proto';
import { createSigner, type Signer } from '../wire/signer';
import { ChannelMsps } from '../msp/msp-manager';
import { BlockAuthority, BuriedSignatures } from './block-authority';
import { buildGenesisBlock } from './genesis';

const CONSENTERS = [1, 2, 3, 4];

describe('who may make a channel’s blocks', () => {
  let ca: CertificateAuthority;
  let consenters: readonly Signer[];

  async function newSigner(unit: string): Promise<Signer> {
    const pair = await issueIdentity(ca, { commonName: unit, organization: 'AMSP', organizationalUnits: [unit] });
    return createSigner('AMSP', pair.certificatePem, pair.privateKeyPem);
  }

  /** Block 0, after `change` of its channel group. */
  function genesis(change: (channel: common.ConfigGroup) => void = () => undefined): common.Block {
    const organization = {
      mspId: 'AMSP',
      caPem: ca.certificatePem,
      tlsCaPem: ca.certificatePem,
      hasPeer: true,
      hasOrderer: true,
      isApplication: true,
    };
    const batch = { timeoutMillis: 5, maxMessageCount: 10, preferredMaxBytes: 1024, absoluteMaxBytes: 2048 };
    const block = common.Block.deserializeBinary(buildGenesisBlock({ channel: 'emr', batch, organizations: [organization] }));
    const envelope = common.Envelope.deserializeBinary(block.getData()?.getDataList_asU8()[0] ?? new Uint8Array());
    const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
    const config = common.ConfigEnvelope.deserializeBinary(payload.getData_asU8());
    change(config.getConfig()?.getChannelGroup() ?? new common.ConfigGroup());
    payload.setData(marshal(config));
    envelope.setPayload(marshal(payload));
    return newBlock(0, Buffer.alloc(0), [marshal(envelope)]);
  }

  /** As SmartBFT has it: consenters by number, and a quorum of their certificates. */
  function byNumber(channel: common.ConfigGroup): void {
    const orderer = channel.getGroupsMap().get('Orderer') ?? new common.ConfigGroup();
    const mapping = new common.Orderers();
    const principals = consenters.map((signer, index) => {
      const consenter = mapping.addConsenterMapping();
      consenter.setId(index + 1);
      consenter.setMspId('AMSP');
      consenter.setIdentity(Buffer.from(signer.certificatePem));
      const principal = new msp.MSPPrincipal();
      principal.setPrincipalClassification(msp.MSPPrincipal.Classification.IDENTITY);
      principal.setPrincipal(signer.serializedIdentity);
      return principal;
    });
    const value = new common.ConfigValue();
    value.setValue(marshal(mapping));
    orderer.getValuesMap().set('Orderers', value);
    orderer
      .getPoliciesMap()
      .get('BlockValidation')
      ?.setPolicy(signaturePolicy(outOfPrincipals(3, principals)));
  }

  function signedByNumber(numbers: readonly number[], number = 1): common.Block {
    const block = newBlock(number, Buffer.alloc(32), []);
    return withSignatures(
      block,
      numbers.map((identifier) => signatureByNumber(block, identifier)),
    );
  }

  /** By another key where `isBad`. */
  function signatureByNumber(block: common.Block, identifier: number, isBad = false): common.MetadataSignature {
    const identity = new common.IdentifierHeader();
    identity.setIdentifier(identifier);
    const header = marshal(identity);
    const signature = new common.MetadataSignature();
    signature.setIdentifierHeader(header);
    const signer = consenters[isBad ? identifier % CONSENTERS.length : identifier - 1] ?? consenters[0];
    const data = Buffer.concat([Buffer.from('value'), header, blockHeaderBytes(block.getHeader() ?? new common.BlockHeader())]);
    signature.setSignature(signer?.sign(data) ?? new Uint8Array());
    return signature;
  }

  function withSignatures(
    block: common.Block,
    signatures: readonly common.MetadataSignature[],
    value = Buffer.from('value'),
  ): common.Block {
    const metadata = new common.Metadata();
    metadata.setValue(value);
    metadata.setSignaturesList([...signatures]);
    const entries = block.getMetadata()?.getMetadataList_asU8() ?? [];
    entries[common.BlockMetadataIndex.SIGNATURES] = marshal(metadata);
    block.getMetadata()?.setMetadataList(entries);
    return block;
  }

  beforeAll(async () => {
    ca = await createCertificateAuthority('ca', 'AMSP');
    consenters = await Promise.all(CONSENTERS.map(() => newSigner('orderer')));
  });

  it('is an orderer of the channel, by certificate', () => {
    const authority = BlockAuthority.ofGenesis(genesis());
    const block = newBlock(1, Buffer.alloc(32), []);
    expect(authority.refusalOf(block)).toBeDefined();
    signBlock(block, consenters[0] ?? fail(), 0);
    expect(authority.refusalOf(block)).toBeUndefined();
  });

  it.each([
    ['a client', 'client'],
    ['a peer', 'peer'],
    ['an administrator', 'admin'],
  ])('is not %s of an ordering organisation', async (_who, unit) => {
    const block = newBlock(1, Buffer.alloc(32), []);
    signBlock(block, await newSigner(unit), 0);
    expect(BlockAuthority.ofGenesis(genesis()).refusalOf(block)).toContain('policy');
  });

  it('is a quorum of the consenters, by number', () => {
    const authority = BlockAuthority.ofGenesis(genesis(byNumber));
    expect(authority.refusalOf(signedByNumber([1, 2, 4]))).toBeUndefined();
  });

  it.each([
    ['two of four', [1, 2]],
    ['one three times', [2, 2, 2]],
    ['two and a number that nobody has', [1, 2, 9]],
    ['nobody', []],
  ])('is not %s', (_who, numbers) => {
    expect(BlockAuthority.ofGenesis(genesis(byNumber)).refusalOf(signedByNumber(numbers))).toBeDefined();
  });

  it('is no number where blocks may not name their signers so', () => {
    const authority = BlockAuthority.ofGenesis(
      genesis((channel) => {
        byNumber(channel);
        channel.getValuesMap().get('Capabilities')?.setValue(new Uint8Array());
      }),
    );
    expect(authority.refusalOf(signedByNumber([1, 2, 3]))).toBeDefined();
  });

  it('is refused with the signatures of another block', () => {
    const authority = BlockAuthority.ofGenesis(genesis(byNumber));
    const block = newBlock(2, Buffer.alloc(32), []);
    block.setMetadata(signedByNumber([1, 2, 3]).getMetadata());
    expect(authority.refusalOf(block)).toBeDefined();
  });

  it('follows configuration blocks, and survives being kept as bytes', () => {
    const authority = BlockAuthority.ofGenesis(genesis());
    expect(authority.follow(newBlock(1, Buffer.alloc(32), [Buffer.from('a transaction')]))).toBe(false);
    const before = authority.configuration;
    expect(authority.follow(genesis(byNumber))).toBe(true);
    expect(authority.configuration.equals(before)).toBe(false);
    const kept = BlockAuthority.ofConfiguration(bytesOf(Uint8Array.from(authority.configuration)));
    expect(kept.refusalOf(signedByNumber([1, 2, 3]))).toBeUndefined();
    expect(kept.refusalOf(signedByNumber([1, 2]))).toBeDefined();
  });

  describe('among signatures that somebody has added, for nobody signs how many there are', () => {
    /** A signature is verified of an identity that was read: at most once for each time. */
    let verified: jest.SpyInstance;
    beforeEach(() => {
      verified = jest.spyOn(ChannelMsps.prototype, 'deserialize');
    });
    afterEach(() => {
      verified.mockRestore();
    });
    const authorityOf = (): BlockAuthority => BlockAuthority.ofGenesis(genesis(byNumber));
    const block = (): common.Block => newBlock(1, Buffer.alloc(32), []);
    const by = (isBad: boolean, ...numbers: readonly number[]): common.MetadataSignature[] =>
      numbers.map((identifier) => signatureByNumber(block(), identifier, isBad));
    const many = (count: number, isBad = true): common.MetadataSignature[] =>
      by(isBad, ...CONSENTERS).flatMap((each) => Array.from({ length: count / CONSENTERS.length }, () => each));

    it('costs a quorum of verifications where every consenter has signed', () => {
      expect(authorityOf().refusalOf(withSignatures(block(), by(false, ...CONSENTERS)))).toBeUndefined();
      expect(verified).toHaveBeenCalledTimes(3);
    });

    it('costs no more for what follows the quorum', () => {
      expect(authorityOf().refusalOf(withSignatures(block(), [...by(false, 1, 2, 3), ...many(40_000)]))).toBeUndefined();
      expect(verified).toHaveBeenCalledTimes(3);
    });

    it.each([
      ['bad ones of each consenter', () => many(28)],
      ['one good one again and again', () => by(false, ...Array.from({ length: 29 }, () => 1))],
      ['those of numbers that nobody has', () => by(false, ...Array.from({ length: 29 }, () => 9))],
    ])('is found behind %s, as Fabric finds it', (_what, before) => {
      expect(authorityOf().refusalOf(withSignatures(block(), [...before(), ...by(false, 2, 3, 4)]))).toBeUndefined();
    });

    it.each([
      ['bad ones of each consenter', () => many(40_000)],
      ['one good one again and again', () => by(false, ...Array.from({ length: 4_000 }, () => 1))],
      ['those of numbers that nobody has', () => by(false, ...Array.from({ length: 4_000 }, () => 9))],
    ])('is not looked for behind very many %s', (_what, before) => {
      const buried = withSignatures(block(), [...before(), ...by(false, 2, 3, 4)]);
      expect(() => authorityOf().refusalOf(buried)).toThrow(BuriedSignatures);
      expect(verified.mock.calls.length).toBeLessThanOrEqual(16 + 4 * CONSENTERS.length);
    });

    it('is not looked for over more bytes than orderers sign', () => {
      const buried = withSignatures(block(), by(false, 1, 2, 3), Buffer.alloc(2 << 20));
      expect(() => authorityOf().refusalOf(buried)).toThrow(BuriedSignatures);
      expect(verified).not.toHaveBeenCalled();
    });

    it('is found beside signers whose names are larger than any certificate', () => {
      const large = new common.MetadataSignature();
      large.setSignatureHeader(Buffer.alloc(100_000, 1));
      expect(authorityOf().refusalOf(withSignatures(block(), [large, ...by(false, 1, 2, 3)]))).toBeUndefined();
    });

    it('is refused where few have signed, and none is buried', () => {
      expect(authorityOf().refusalOf(withSignatures(block(), [...many(28), ...by(false, 2, 3)]))).toContain('policy');
    });
  });

  it('is told by no first block without configuration', () => {
    expect(() => BlockAuthority.ofGenesis(newBlock(0, Buffer.alloc(0), []))).toThrow('holds its configuration');
  });
});

function fail(): never {
  throw new Error('no such consenter');
}

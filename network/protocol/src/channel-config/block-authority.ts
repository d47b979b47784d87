import { type SignedData } from '../msp/channel-identity';
import { blockHeaderBytes } from '../wire/block';
import { tryDecode } from '../wire/decode';
import { readEnvelope } from '../wire/envelope';
import { bytesOf, common, marshal } from '../wire/proto';
import { type ChannelConfig, parseChannelConfig } from './channel-config';
import { ConfiguredPolicies } from './configured-policies';

/** The policy that the signatures of every block but the first must satisfy (common/policies/policy.go BlockValidation). */
const BLOCK_VALIDATION = '/Channel/Orderer/BlockValidation';
const CONFIG: number = common.HeaderType.CONFIG;

/**
 * Who may make a channel's next block: its policy BlockValidation, as the newest configuration block has it.
 *
 * The first block is nobody's to sign; whoever holds it as the network's beginning can tell from it whether any later block was
 * ordered.
 */
export class BlockAuthority {
  #config: ChannelConfig;
  readonly #policies = new ConfiguredPolicies(() => this.#config);

  private constructor(config: ChannelConfig) {
    this.#config = config;
  }

  /** From the first block of a channel. @throws Error — the block holds no configuration. */
  static ofGenesis(block: common.Block): BlockAuthority {
    const config = configIn(block);
    if (config === undefined) throw new Error('the first block of a channel holds its configuration; this one holds none');
    return new BlockAuthority(config);
  }

  /** From {@link configuration} as it was kept. */
  static ofConfiguration(configuration: Buffer): BlockAuthority {
    return new BlockAuthority(parseChannelConfig(common.Config.deserializeBinary(configuration)));
  }

  /** Marshalled common.Config by which the next block is judged. */
  get configuration(): Buffer {
    return this.#config.bytes;
  }

  /**
   * Why a block was not ordered by the channel's orderers, in Fabric's words; undefined if its signatures satisfy the policy.
   * @remarks Source: fabric protoutil/blockutils.go BlockSignatureVerifier.
   */
  refusalOf(block: common.Block): string | undefined {
    const signatures = this.#signaturesOf(block);
    return signatures === undefined ? 'no signatures in block metadata' : this.#policies.evaluate(BLOCK_VALIDATION, signatures);
  }

  /**
   * Takes over the configuration that a block carries, if it carries one: the blocks after it are judged by that. To be called for
   * every block that was not refused, in order.
   * @returns whether the configuration changed
   */
  follow(block: common.Block): boolean {
    const config = configIn(block);
    if (config === undefined) return false;
    this.#config = config;
    return true;
  }

  #signaturesOf(block: common.Block): readonly SignedData[] | undefined {
    const entry = block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.SIGNATURES];
    const metadata = entry && tryDecode(common.Metadata, entry);
    const header = block.getHeader();
    if (!metadata || !header) return undefined;
    const [value, headerBytes] = [bytesOf(metadata.getValue_asU8()), blockHeaderBytes(header)];
    return metadata.getSignaturesList().flatMap((signature) => {
      const signer = this.#signerOf(signature);
      if (signer === undefined) return [];
      const data = Buffer.concat([value, signer.header, headerBytes]);
      return [{ data, identity: signer.identity, signature: bytesOf(signature.getSignature_asU8()) }];
    });
  }

  /** A signer names itself by certificate, or by its number among the consenters; a number nobody has is no signer. */
  #signerOf(signature: common.MetadataSignature): { readonly header: Buffer; readonly identity: Buffer } | undefined {
    const byCertificate = bytesOf(signature.getSignatureHeader_asU8());
    const byNumber = bytesOf(signature.getIdentifierHeader_asU8());
    if (byCertificate.length === 0 && byNumber.length > 0 && this.#config.consenters.size > 0) {
      const identity = this.#config.consenters.get(tryDecode(common.IdentifierHeader, byNumber)?.getIdentifier() ?? -1);
      return identity && { header: byNumber, identity };
    }
    const creator = tryDecode(common.SignatureHeader, byCertificate)?.getCreator_asU8();
    return creator && { header: byCertificate, identity: bytesOf(creator) };
  }
}

/** The configuration a block carries: it is then the only envelope of the block (orderer/common/multichannel/blockwriter.go). */
function configIn(block: common.Block): ChannelConfig | undefined {
  const [first, ...others] = block.getData()?.getDataList_asU8() ?? [];
  if (first === undefined || others.length > 0) return undefined;
  const reading = readEnvelope(first);
  if (!reading.ok || reading.envelope.channelHeader.getType() !== CONFIG) return undefined;
  const config = tryDecode(common.ConfigEnvelope, reading.envelope.data)?.getConfig();
  return config && parseChannelConfig(common.Config.deserializeBinary(marshal(config)));
}

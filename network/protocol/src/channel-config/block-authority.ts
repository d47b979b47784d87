import { type SignedData } from '../msp/channel-identity';
import { blockHeaderBytes } from '../wire/block';
import { tryDecode } from '../wire/decode';
import { readEnvelope } from '../wire/envelope';
import { bytesOf, common, marshal } from '../wire/proto';
import { WireMessage } from '../wire/wire-message';
import { type ChannelConfig, parseChannelConfig } from './channel-config';
import { ConfiguredPolicies } from './configured-policies';

const NO_SIGNATURES = 'no signatures in block metadata';
/** The policy that the signatures of every block but the first must satisfy (common/policies/policy.go BlockValidation). */
const BLOCK_VALIDATION = '/Channel/Orderer/BlockValidation';
const CONFIG: number = common.HeaderType.CONFIG;
/** Field numbers of common.Envelope, ... */
const ENVELOPE = { payload: 1 };
const PAYLOAD = { header: 1 };
const HEADER = { channelHeader: 1 };
const CHANNEL_HEADER = { type: 1 };
/** Field numbers of common.Metadata and common.MetadataSignature. */
const METADATA = { value: 1, signatures: 2 };
const METADATA_SIGNATURE = { header: 1, signature: 2, identifierHeader: 3 };
/** An orderer's certificate takes two or three thousand. */
const MOST_BYTES_OF_A_SIGNATURE = 16 * 1024;
/** What orderers sign beside the header: the number of a block, and a few numbers of their own. */
const MOST_BYTES_SIGNED = 1024 * 1024;

/**
 * A block carries so many signatures that are none, before those that count, that no more were looked at.
 *
 * Nobody signs how many there are: who delivers a block can add any, and another peer may have the same block without them. So it says
 * nothing against the chain. Fabric itself looks at all of them (common/policies/policy.go SignatureSetToValidIdentities).
 */
export class BuriedSignatures extends Error {
  override readonly name = 'BuriedSignatures';

  constructor(number: number, reason: string) {
    super(`block ${number} carries ${reason}; another peer may have it without them`);
  }
}

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
   * @throws {@link BuriedSignatures} — that cannot be told at a bounded cost; to be asked for again, of another peer if there is one.
   * @remarks Source: fabric protoutil/blockutils.go BlockSignatureVerifier.
   */
  refusalOf(block: common.Block): string | undefined {
    const entry = block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.SIGNATURES];
    const header = block.getHeader();
    if (!entry || !header) return NO_SIGNATURES;
    try {
      return this.#policies.evaluateInTurn(BLOCK_VALIDATION, this.#signaturesIn(new WireMessage(entry), header));
    } catch (error) {
      if (error instanceof BuriedSignatures) throw error;
      return NO_SIGNATURES; // bytes of strangers
    }
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

  *#signaturesIn(metadata: WireMessage, header: common.BlockHeader): Generator<SignedData> {
    const [number, headerBytes] = [header.getNumber(), blockHeaderBytes(header)];
    const value = metadata.bytes(METADATA.value);
    if (value.length > MOST_BYTES_SIGNED) throw new BuriedSignatures(number, `signatures over ${value.length} bytes`);
    let left = signaturesLookedAt(this.#config.consenters.size);
    for (const bytes of metadata.each(METADATA.signatures)) {
      if (left === 0) throw new BuriedSignatures(number, 'many signatures that do not count before any that would');
      left -= 1;
      if (bytes.length > MOST_BYTES_OF_A_SIGNATURE) continue;
      const signature = new WireMessage(bytes);
      const signer = this.#signerOf(signature);
      if (signer === undefined) continue;
      const data = Buffer.concat([value, signer.header, headerBytes]);
      yield { data, identity: signer.identity, signature: bytesOf(signature.bytes(METADATA_SIGNATURE.signature)) };
    }
  }

  /** A signer names itself by certificate, or by its number among the consenters; a number nobody has is no signer. */
  #signerOf(signature: WireMessage): { readonly header: Buffer; readonly identity: Buffer } | undefined {
    const byCertificate = bytesOf(signature.bytes(METADATA_SIGNATURE.header));
    const byNumber = bytesOf(signature.bytes(METADATA_SIGNATURE.identifierHeader));
    if (byCertificate.length === 0 && byNumber.length > 0 && this.#config.consenters.size > 0) {
      const identity = this.#config.consenters.get(tryDecode(common.IdentifierHeader, byNumber)?.getIdentifier() ?? -1);
      return identity && { header: byNumber, identity };
    }
    const creator = tryDecode(common.SignatureHeader, byCertificate)?.getCreator_asU8();
    return creator && { header: byCertificate, identity: bytesOf(creator) };
  }
}

/** How many signatures of a block are looked at. An orderer adds one, SmartBFT one of each consenter. */
function signaturesLookedAt(consenters: number): number {
  return 16 + 4 * consenters;
}

/** The configuration a block carries: it is then the only envelope of the block (orderer/common/multichannel/blockwriter.go). */
function configIn(block: common.Block): ChannelConfig | undefined {
  const [first, ...others] = block.getData()?.getDataList_asU8() ?? [];
  if (first === undefined || others.length > 0 || !isOfConfiguration(first)) return undefined;
  const reading = readEnvelope(first);
  if (!reading.ok || reading.envelope.channelHeader.getType() !== CONFIG) return undefined;
  const config = tryDecode(common.ConfigEnvelope, reading.envelope.data)?.getConfig();
  return config && parseChannelConfig(common.Config.deserializeBinary(marshal(config)));
}

/** Looks no further than the header: what is no configuration is a stranger's transaction of any size and form. */
function isOfConfiguration(envelope: Uint8Array): boolean {
  try {
    const header = new WireMessage(new WireMessage(envelope).bytes(ENVELOPE.payload)).message(PAYLOAD.header);
    return new WireMessage(header.bytes(HEADER.channelHeader)).integer(CHANNEL_HEADER.type, 32) === BigInt(CONFIG);
  } catch {
    return false;
  }
}

import { type SignedData } from '../msp/channel-identity';
import { blockHeaderBytes } from '../wire/block';
import { tryDecodeKnown } from '../wire/known-fields';
import { ofIdentifierHeader, ofSignatureHeader } from '../wire/known-messages';
import { bytesOf, common } from '../wire/proto';
import { WireMessage } from '../wire/wire-message';
import { type ChannelConfig, decodeConfig, readChannelConfig, type UnreadPart } from './channel-config';
import { ConfiguredPolicies } from './configured-policies';

const NO_SIGNATURES = 'no signatures in block metadata';
/** The policy that the signatures of every block but the first must satisfy (common/policies/policy.go BlockValidation). */
const BLOCK_VALIDATION = '/Channel/Orderer/BlockValidation';
const CONFIG: number = common.HeaderType.CONFIG;
/** Field numbers of common.Envelope, ... */
const ENVELOPE = { payload: 1 };
const PAYLOAD = { header: 1, data: 2 };
const CONFIG_ENVELOPE = { config: 1 };
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
 * A block brings a configuration that this version of the program cannot read, or whose signers it cannot tell by the one that holds.
 *
 * It says nothing against the chain, whose peers have taken that configuration: following waits at this block for a version that can.
 */
export class ConfigurationUnread extends Error {
  override readonly name = 'ConfigurationUnread';

  constructor(number: number, what: string, cause: unknown) {
    super(`block ${number}: ${what} cannot be read by this version (${reasonOf(cause)})`, { cause });
  }
}

/** Parts of a configuration that count as if nobody were there, as {@link UnreadPart} has them, in words. */
export function unreadParts(parts: readonly UnreadPart[]): readonly string[] {
  return parts.map(
    ({ path, cause }) => `${shortened(path)} of the channel’s configuration cannot be read (${reasonOf(cause)}): nobody satisfies it`,
  );
}

const MOST_LETTERS = 200;
/** Cut between characters: half of one is no well-formed text, and what says it is read as strict JSON. */
function shortened(text: string): string {
  const characters = Array.from(text);
  return characters.length > MOST_LETTERS ? `${characters.slice(0, MOST_LETTERS).join('')}…` : text;
}
const reasonOf = (cause: unknown): string => shortened(cause instanceof Error ? cause.message : 'no reason is known');

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

  /** From the first block of a channel. @throws Error — the block holds no configuration; {@link ConfigurationUnread}. */
  static ofGenesis(block: common.Block): BlockAuthority {
    const config = configIn(block);
    if (config === undefined) throw new Error('the first block of a channel holds its configuration; this one holds none');
    return new BlockAuthority(config);
  }

  /** From {@link configuration} as it was kept. */
  static ofConfiguration(configuration: Buffer): BlockAuthority {
    return new BlockAuthority(readChannelConfig(decodeConfig(configuration)));
  }

  /** Marshalled common.Config by which the next block is judged. */
  get configuration(): Buffer {
    return this.#config.bytes;
  }

  /** What of that configuration counts as if nobody were there. */
  get unread(): readonly UnreadPart[] {
    return this.#config.unread;
  }

  /**
   * Why a block was not ordered by the channel's orderers, in Fabric's words; undefined if its signatures satisfy the policy.
   * @throws {@link BuriedSignatures} — that cannot be told at a bounded cost; to be asked for again, of another peer if there is one;
   * {@link ConfigurationUnread} — those whose signatures are missing may be in a part of the configuration that cannot be read.
   * @remarks Source: fabric protoutil/blockutils.go BlockSignatureVerifier.
   */
  refusalOf(block: common.Block): string | undefined {
    const refusal = this.#signatureRefusal(block);
    const unread = refusal === undefined ? undefined : this.#config.unread.find(({ isOfOrdering }) => isOfOrdering);
    if (unread !== undefined) throw new ConfigurationUnread(block.getHeader()?.getNumber() ?? 0, shortened(unread.path), unread.cause);
    return refusal;
  }

  #signatureRefusal(block: common.Block): string | undefined {
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
   * @throws {@link ConfigurationUnread} — a configuration that cannot be read at all; the former one still counts.
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
      const identity = this.#config.consenters.get(
        tryDecodeKnown(common.IdentifierHeader, ofIdentifierHeader, byNumber)?.getIdentifier() ?? -1,
      );
      return identity && { header: byNumber, identity };
    }
    const creator = tryDecodeKnown(common.SignatureHeader, ofSignatureHeader, byCertificate)?.getCreator_asU8();
    return creator && { header: byCertificate, identity: bytesOf(creator) };
  }
}

/** How many signatures of a block are looked at. An orderer adds one, SmartBFT one of each consenter. */
function signaturesLookedAt(consenters: number): number {
  return 16 + 4 * consenters;
}

/**
 * The configuration a block carries: it is then the only envelope of the block (orderer/common/multichannel/blockwriter.go).
 * @throws {@link ConfigurationUnread}
 */
function configIn(block: common.Block): ChannelConfig | undefined {
  const [first, ...others] = block.getData()?.getDataList_asU8() ?? [];
  if (first === undefined || others.length > 0 || !isOfConfiguration(first)) return undefined;
  try {
    const content = new WireMessage(new WireMessage(new WireMessage(first).bytes(ENVELOPE.payload)).bytes(PAYLOAD.data));
    return readChannelConfig(decodeConfig(content.message(CONFIG_ENVELOPE.config).content));
  } catch (cause) {
    throw new ConfigurationUnread(block.getHeader()?.getNumber() ?? 0, 'its configuration', cause);
  }
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

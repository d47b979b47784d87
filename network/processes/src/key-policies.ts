import {
  common,
  compileSignaturePolicy,
  decodeMetadata,
  envelopesOf,
  evaluateRule,
  keyHashOf,
  type MetadataWrite,
  type NamespaceRwSet,
  parseRwSet,
  peer,
  peerOfSatisfies,
  readEnvelope,
  type SignatureRule,
  tryDecode,
  validationCodesOf,
} from '@lianyi/fabric-protocol';
import { type Sentence } from '@lianyi/network-model';

/** Metadata entry that holds a key's policy (fabric-protos peer.MetaDataKeys). */
const VALIDATION_PARAMETER = 'VALIDATION_PARAMETER' satisfies keyof typeof peer.MetaDataKeys;

/** What is wrong with a key's policy now, by `chaincode/key` or, of a private key, `chaincode/collection/hash of the key`. */
type UnsafeKeys = Readonly<Record<string, { readonly block: number; readonly reason: string }>>;

/** The reasons of {@link unsafeReason}; the network's state keeps them in English. */
const chineseOf: Readonly<Record<string, string>> = {
  'has an empty policy': '为空',
  'needs no endorsement': '不需要任何背书',
  'counts any certificate of an organisation as an endorsement (.member)': '把组织的任何证书都算作背书（.member）',
};

/** Why a key's policy protects nothing; `undefined` if it asks for some organisation's peer. */
export function unsafeReason(policy: Buffer): string | undefined {
  const envelope = tryDecode(common.SignaturePolicyEnvelope, policy);
  const rule = envelope && compileSignaturePolicy(envelope);
  if (!rule) return 'has an empty policy';
  if (evaluateRule(rule, [], peerOfSatisfies)) return 'needs no endorsement';
  return namesMember(rule) ? 'counts any certificate of an organisation as an endorsement (.member)' : undefined;
}

function namesMember(rule: SignatureRule): boolean {
  return rule.kind === 'outOf' ? rule.rules.some(namesMember) : rule.principal.kind === 'role' && rule.principal.role === 'member';
}

/** Read and write sets of the valid endorser transactions of a block. */
function* validWrites(block: common.Block): Generator<NamespaceRwSet> {
  const codes = validationCodesOf(block);
  for (const [index, bytes] of envelopesOf(block).entries()) {
    const reading = readEnvelope(bytes);
    const isTransaction = reading.ok && reading.envelope.channelHeader.getType() === common.HeaderType.ENDORSER_TRANSACTION;
    if (!isTransaction || codes[index] !== peer.TxValidationCode.VALID) continue;
    for (const action of peer.Transaction.deserializeBinary(reading.envelope.data).getActionsList()) {
      const endorsed = peer.ChaincodeActionPayload.deserializeBinary(action.getPayload_asU8()).getAction();
      const response = peer.ProposalResponsePayload.deserializeBinary(endorsed?.getProposalResponsePayload_asU8() ?? new Uint8Array());
      const results = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8()).getResults_asU8();
      yield* parseRwSet(Buffer.from(results)) ?? [];
    }
  }
}

interface PolicyChanges {
  readonly writes: readonly { readonly key: string; readonly isDelete: boolean; readonly isPurge?: boolean }[];
  readonly metadataWrites: readonly MetadataWrite[];
}

/**
 * Follows the endorsement policies of single keys through the chain. Such a policy replaces the chaincode's for its key; a
 * key whose policy was emptied may be written by anybody.
 */
export class KeyPolicyAudit {
  readonly #unsafe: Map<string, { readonly block: number; readonly reason: string }>;

  constructor(before: UnsafeKeys = {}) {
    this.#unsafe = new Map(Object.entries(before));
  }

  look(block: common.Block): void {
    const number = block.getHeader()?.getNumber() ?? 0;
    for (const { namespace, collections, ...writes } of validWrites(block)) {
      this.#follow(number, writes, (key) => `${namespace}/${key}`);
      // of private keys only the hash is in the block
      for (const { collection, ...hashed } of collections)
        this.#follow(number, hashed, (key) => `${namespace}/${collection}/${keyHashOf(key).toString('hex')}`);
    }
  }

  #follow(block: number, { writes, metadataWrites }: PolicyChanges, nameOf: (key: string) => string): void {
    // a deleted key loses its metadata
    for (const { key, isDelete, isPurge } of writes) if (isDelete || isPurge) this.#unsafe.delete(nameOf(key));
    for (const { key, metadata } of metadataWrites) {
      const policy = metadata && decodeMetadata(metadata).get(VALIDATION_PARAMETER);
      // no bytes at all: the chaincode's policy counts again
      const reason = policy && policy.length > 0 ? unsafeReason(policy) : undefined;
      if (reason === undefined) this.#unsafe.delete(nameOf(key));
      else this.#unsafe.set(nameOf(key), { block, reason });
    }
  }

  get unsafeKeys(): UnsafeKeys {
    return Object.fromEntries(this.#unsafe);
  }
}

/** One sentence on the first unsafe key; `undefined` if there is none. */
export function describeUnsafeKeys(keys: UnsafeKeys): Sentence | undefined {
  const [first, ...others] = Object.entries(keys);
  if (!first) return undefined;
  const [name, { block, reason }] = first;
  const more = others.length === 0 ? { en: '', zh: '' } : { en: ` (and ${others.length} more keys)`, zh: `（另有 ${others.length} 个键）` };
  return {
    en: `the policy of key ${JSON.stringify(name)}, set in block ${block}, ${reason}${more.en}: anybody could write it`,
    zh: `键 ${JSON.stringify(name)} 在区块 ${block} 中设置的策略${chineseOf[reason] ?? ` ${reason}`}${more.zh}：任何人都能写入`,
  };
}

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { OperatorError, reasonOf } from '../machine/operator-error';
import { faultsOf, joinedFaults } from '../machine/schema-faults';
import { type Sentence, verbatim } from '../machine/sentence';
import { type ChaincodeSettings, collectionSchema } from './consortium';

type Collections = ChaincodeSettings['collections'];

const signaturePolicy = z.strictObject({ signaturePolicy: z.string().min(1) });
/** @remarks Source: fabric internal/peer/chaincode/common.go collectionConfigJson. */
const entrySchema = z.strictObject({
  name: z.string(),
  policy: z.string(),
  requiredPeerCount: z.int().min(0).default(0),
  maxPeerCount: z.int().min(0).default(0),
  blockToLive: z.int().min(0).default(0),
  memberOnlyRead: z.boolean().default(false),
  memberOnlyWrite: z.boolean().default(false),
  endorsementPolicy: signaturePolicy.optional(),
});

const listSchema = z.array(entrySchema);

const MEMBER = /^'([A-Za-z0-9.-]+)\.(?:member|peer)'$/;

/** Who holds the data: the organisations of `OR('AMSP.member', 'BMSP.member')`, or of one alone; `undefined`: it says more than that. */
function membersOf(policy: string): readonly string[] | undefined {
  const inner = /^\s*OR\s*\((.*)\)\s*$/i.exec(policy)?.[1] ?? policy;
  const members = inner.split(',').map((part) => MEMBER.exec(part.trim())?.[1]);
  return members.every((mspId) => mspId !== undefined) ? members : undefined;
}

function collectionOf({ policy, endorsementPolicy, ...rest }: z.infer<typeof entrySchema>, file: string): Collections[number] {
  const members = membersOf(policy);
  const refuse = ({ en, zh }: Sentence): never => {
    throw new OperatorError('POLICY_REFUSED', {
      en: `collection ${rest.name} of ${file}: ${en}`,
      zh: `${file} 的集合 ${rest.name}：${zh}`,
    });
  };
  if (!members)
    return refuse({
      en: `its policy is ${policy}; OR('AMSP.member', …) of whole organisations is what can be said here`,
      zh: `其策略为 ${policy}；此处只能写整个组织的 OR('AMSP.member', …)`,
    });
  // only peers endorse: what asks for any member's signature is read as asking for a peer's, which is less and never more
  const text = endorsementPolicy?.signaturePolicy.replaceAll(/\.member\b/gi, '.peer');
  const collection = { ...rest, members, ...(text !== undefined && { endorsementPolicy: text }) };
  const parsed = collectionSchema.safeParse(collection);
  return parsed.success ? parsed.data : refuse(joinedFaults(faultsOf(collectionSchema, collection)));
}

/**
 * Reads the collections of a chaincode from a file in Fabric's own form, as `peer lifecycle chaincode … --collections-config` takes it.
 * @throws {@link OperatorError} `UNKNOWN_NAME` — it is no such file; `POLICY_REFUSED` — naming the collection.
 */
export function readCollectionsConfig(file: string): Collections {
  return parseEntries(file).map((entry) => collectionOf(entry, file));
}

function parseEntries(file: string): readonly z.infer<typeof entrySchema>[] {
  const value = jsonOf(file);
  const parsed = listSchema.safeParse(value);
  if (!parsed.success) return refuseFile(file, joinedFaults(faultsOf(listSchema, value)), parsed.error);
  return parsed.data;
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    return refuseFile(file, verbatim(reasonOf(cause)), cause);
  }
}

function refuseFile(file: string, why: Sentence, cause: unknown): never {
  throw new OperatorError(
    'UNKNOWN_NAME',
    {
      en: `${file} is no collections configuration of Fabric (a JSON list of name, policy, requiredPeerCount, …): ${why.en}`,
      zh: `${file} 不是 Fabric 的集合配置（含 name、policy、requiredPeerCount 等的 JSON 列表）：${why.zh}`,
    },
    { cause },
  );
}

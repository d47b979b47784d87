import { z } from 'zod';
import { faultsOf, inBoth, joinedFaults } from '../machine/schema-faults';
import { type Sentence } from '../machine/sentence';

const HOST_NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
/** Channel names: lower-case, dots and dashes (common/configtx/validator.go channelAllowedChars). */
const CHANNEL_NAME = /^[a-z][a-z0-9.-]{0,248}$/;
/** Chaincode names and versions (core/chaincode/lifecycle/scc.go ChaincodeNameRegExp, ChaincodeVersionRegExp). */
const CHAINCODE_NAME = /^[a-zA-Z0-9]+([-_][a-zA-Z0-9]+)*$/;
const CHAINCODE_VERSION = /^[A-Za-z0-9_.+-]+$/;
/** Services, nodes and CA servers are hosts of one domain, told apart by this name. */
const NODE_NAME = /^(ca|peer\d+|orderer\d+)$/;
const HOST_LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const MSP_ID = /^[A-Za-z0-9.-]+$/;
const MEBIBYTE = 1024 * 1024;

/**
 * A policy naming `.member` would count any certificate of an organisation, a clerk's or a patient app's, as an
 * endorsement: only peers endorse. `MAJORITY` is the channel's own policy.
 */
const endorsementPolicy = z
  .string()
  .min(1)
  .refine(
    (text) => !/\.member\b/i.test(text),
    inBoth({
      en: 'an endorsement policy must name .peer, never .member',
      zh: '背书策略必须写 .peer，不能写 .member',
    }),
  );

/** One private data collection of a chaincode. */
export const collectionSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9-]+([A-Za-z0-9_-]+)*$/),
  members: z.array(z.string().regex(MSP_ID)).min(1),
  requiredPeerCount: z.int().min(0).default(0),
  maxPeerCount: z.int().min(0).default(2),
  blockToLive: z.int().min(0).default(0),
  memberOnlyRead: z.boolean().default(true),
  memberOnlyWrite: z.boolean().default(true),
  endorsementPolicy: endorsementPolicy.optional(),
});

/** One chaincode of a consortium.yaml. */
export const chaincodeSchema = z.strictObject({
  name: z
    .string()
    .regex(CHAINCODE_NAME)
    .refine(
      (name) => !NODE_NAME.test(name),
      inBoth({
        en: 'ca, peer0, orderer0 and the like are names of nodes; a chaincode cannot have one, too',
        zh: 'ca、peer0、orderer0 等是节点名称，链码不能使用',
      }),
    ),
  version: z.string().regex(CHAINCODE_VERSION),
  sequence: z.int().min(1).default(1),
  /** A policy in Fabric's words, e.g. `OR('AMSP.peer','BMSP.peer')`; absent = the channel's Endorsement policy. */
  endorsementPolicy: endorsementPolicy.optional(),
  /** Where it is committed; absent: on the consortium's channel. One package and one service serve all of them. */
  channels: z.array(z.string().regex(CHANNEL_NAME)).min(1).optional(),
  /** The first transaction must call Init with `isInit` (core/chaincode/lifecycle: InitRequired). */
  initRequired: z.boolean().default(false),
  collections: z.array(collectionSchema).default([]),
});

/** Nodes whose host name can be chosen. */
const HOSTS = ['orderer0', ...([0, 1, 2, 3, 4, 5, 6, 7, 8] as const).map((index) => `peer${index}` as const)] as const;

/** One organisation of a consortium.yaml. */
export const organizationSchema = z.strictObject({
  mspId: z.string().regex(MSP_ID),
  name: z.string().regex(HOST_NAME),
  domain: z.string().regex(HOST_NAME),
  roles: z
    .array(z.enum(['peer', 'orderer', 'client']))
    .min(1)
    .transform((roles) => [...new Set(roles)]),
  /** How many peers it runs, if it has that role. The first one is its anchor peer. */
  peers: z.int().min(1).max(9).default(1),
  /** Host names of its nodes within its domain where they are not `peer0`, `peer1`, … and `orderer0`, e.g. `orderer0: orderer`. */
  hosts: z.partialRecord(z.enum(HOSTS), z.string().regex(HOST_LABEL)).optional(),
  /** Signing users beside Admin, User1 and node. */
  users: z.array(z.string().regex(/^[A-Za-z0-9._-]+$/)).default([]),
});

const batch = z.strictObject({
  timeoutMillis: z.int().min(1).default(20),
  maxMessageCount: z.int().min(1).default(100),
  preferredMaxBytes: z
    .int()
    .min(1)
    .default(2 * MEBIBYTE),
  absoluteMaxBytes: z
    .int()
    .min(1)
    .default(10 * MEBIBYTE),
});

/** A channel beside the consortium's own: all organisations with a peer or a client take part, or those named. */
export const channelSchema = z.strictObject({
  name: z.string().regex(CHANNEL_NAME),
  organizations: z.array(z.string().regex(MSP_ID)).min(1).optional(),
  batch: batch.default(() => batch.parse({})),
});

/** Release line of real Fabric: 3.1 orders by SmartBFT, 2.5 (long-term support) by Raft. YAML reads both as numbers. */
const fabricLine = z
  .union([z.literal('3.1'), z.literal('2.5'), z.literal(3.1), z.literal(2.5)])
  .transform((line): '3.1' | '2.5' => (Number(line) === 2.5 ? '2.5' : '3.1'))
  .default('3.1');

const port = z.int().min(1).max(65_535);

const consortiumSchema = z
  .strictObject({
    name: z.string().regex(HOST_NAME),
    channel: z.strictObject({ name: z.string().regex(CHANNEL_NAME), batch: batch.default(() => batch.parse({})) }),
    /** More channels, ordered by their members' orderers and by those of organisations without a peer; `createChannel` adds others to a running network. */
    channels: z.array(channelSchema).default([]),
    organizations: z.array(organizationSchema).min(1),
    chaincodes: z.array(chaincodeSchema).default([]),
    /** `auto`: free ports, chosen once and kept; else one number per node name, e.g. `peer0.hospital-a.example: 7051`. */
    ports: z.union([z.literal('auto'), z.record(z.string(), port)]).default('auto'),
    /**
     * What peers tell others of where nodes are, and profiles have as addresses: `localhost`, or the nodes' names, which then must lead to
     * this machine (its hosts file, or DNS).
     */
    addresses: z.enum(['localhost', 'names']).optional(),
    fabricLine,
    /** How real Fabric orders; absent: SmartBFT on 3.1, Raft on 2.5, which has nothing else. */
    ordering: z.enum(['bft', 'raft']).optional(),
    /**
     * Who issues the certificates of real Fabric: a fabric-ca-server of each organisation, or this program itself; absent:
     * this program, or what the network was made with.
     */
    certificates: z.enum(['in-process', 'fabric-ca']).optional(),
  })
  .superRefine((consortium, context) => {
    refuseDuplicates(context, 'organizations', consortium.organizations, ['mspId', 'name', 'domain']);
    refuseDuplicates(context, 'chaincodes', placements(consortium), ['name']);
    refuseDuplicates(context, 'channels', [consortium.channel, ...consortium.channels], ['name']);
    if (consortium.fabricLine === '2.5' && consortium.ordering === 'bft') {
      refuse(context, ['ordering'], { en: 'Fabric 2.5 orders by raft only', zh: 'Fabric 2.5 只能用 raft 排序' });
    }
    for (const role of ['peer', 'orderer'] as const) {
      if (consortium.organizations.some((member) => member.roles.includes(role))) continue;
      refuse(context, ['organizations'], { en: `no organisation has the role ${role}`, zh: `没有组织具有角色 ${role}` });
    }
    refuseUnknownNames(context, consortium);
    refuseHostsTwice(context, consortium);
  });

/** One entry for each chaincode and channel: a name may come twice, with other settings on other channels. */
function placements({ channel, chaincodes }: Names): readonly { readonly name: string }[] {
  return chaincodes.flatMap(({ name, channels = [channel.name] }) => channels.map((on) => ({ name: `${name} on ${on}` })));
}

function refuse(context: z.RefinementCtx, path: readonly string[], sentence: Sentence): void {
  context.addIssue({ code: 'custom', path: [...path], ...inBoth(sentence) });
}

interface Names {
  readonly channel: { readonly name: string };
  readonly channels: readonly z.infer<typeof channelSchema>[];
  readonly organizations: readonly z.infer<typeof organizationSchema>[];
  readonly chaincodes: readonly z.infer<typeof chaincodeSchema>[];
}

function refuseUnknownNames(context: z.RefinementCtx, consortium: Names): void {
  const members = new Set(consortium.organizations.map(({ mspId }) => mspId));
  const channels = new Set([consortium.channel, ...consortium.channels].map(({ name }) => name));
  const refuseOthers = (path: readonly string[], what: Sentence, names: readonly string[], known: ReadonlySet<string>): void => {
    for (const name of names.filter((candidate) => !known.has(candidate)))
      refuse(context, path, { en: `unknown ${what.en} ${name}`, zh: `未知的${what.zh} ${name}` });
  };
  const [organisation, channel] = [
    { en: 'organisation', zh: '组织' },
    { en: 'channel', zh: '通道' },
  ];
  for (const { name, organizations } of consortium.channels) {
    refuseOthers(['channels', name], organisation, organizations ?? [], members);
    const isOrdered = consortium.organizations.some(
      ({ mspId, roles }) =>
        roles.includes('orderer') && (organizations === undefined || organizations.includes(mspId) || !roles.includes('peer')),
    );
    if (!isOrdered) refuse(context, ['channels', name], { en: 'no organisation orders it', zh: '没有组织为它排序' });
  }
  for (const { name, collections, channels: on = [] } of consortium.chaincodes) {
    refuseOthers(
      ['chaincodes', name],
      organisation,
      collections.flatMap((entry) => entry.members),
      members,
    );
    refuseOthers(['chaincodes', name], channel, on, channels);
  }
}

/** Nodes, chaincode services and the CA server of an organisation are hosts of one domain. */
function refuseHostsTwice(context: z.RefinementCtx, { organizations, chaincodes }: Names): void {
  for (const { name, hosts = {} } of organizations) {
    const labels = Object.values(hosts);
    const services = chaincodes.map((chaincode) => chaincode.name);
    const nodes = HOSTS.filter((host) => hosts[host] === undefined);
    const taken = labels.find((label, index) => ['ca', ...services, ...nodes, ...labels.slice(0, index)].includes(label));
    if (taken !== undefined)
      refuse(context, ['organizations', name, 'hosts'], {
        en: `${taken} is another host of the domain`,
        zh: `${taken} 是该域名的另一主机`,
      });
  }
}

function refuseDuplicates<T extends object>(
  context: z.RefinementCtx,
  list: string,
  entries: readonly T[],
  keys: readonly (keyof T & string)[],
): void {
  for (const key of keys) {
    const values = entries.map((entry) => entry[key]);
    const repeated = values.find((value, index) => values.indexOf(value) !== index);
    if (repeated !== undefined)
      refuse(context, [list], { en: `${key} ${String(repeated)} occurs twice`, zh: `${key} ${String(repeated)} 出现两次` });
  }
}

export type Consortium = z.infer<typeof consortiumSchema>;
export type Organization = Consortium['organizations'][number];
export type Channel = Consortium['channels'][number];
export type ChaincodeSettings = Consortium['chaincodes'][number];

/** Where a node is reached, as its peers and profiles tell others. */
export function advertisedHost({ addresses }: Pick<Consortium, 'addresses'>, name: string): string {
  return addresses === 'names' ? name : 'localhost';
}

/** A definition of a consortium that is none; names every fault by its path. */
export class ConsortiumError extends Error {
  override readonly name = 'ConsortiumError';

  constructor(
    readonly sentence: Sentence,
    options?: ErrorOptions,
  ) {
    super(sentence.en, options);
  }
}

/** The consortium's own channel first, then the others; with the organisations of their application groups. */
export function channelsOf(consortium: Consortium): readonly (Channel & { readonly organizations: readonly string[] })[] {
  const everybody = consortium.organizations.filter(({ roles }) => roles.some((role) => role !== 'orderer')).map(({ mspId }) => mspId);
  return [consortium.channel, ...consortium.channels].map((channel) => ({ organizations: everybody, ...channel }));
}

/**
 * The consortium as one channel has it: its members, its batches, the chaincodes on it. On the consortium's own channel stay
 * the organisations that only order, too. `undefined` if there is no such channel.
 */
export function channelView(consortium: Consortium, name: string): Consortium | undefined {
  const channel = channelsOf(consortium).find((candidate) => candidate.name === name);
  if (!channel) return undefined;
  const isOwn = name === consortium.channel.name;
  return {
    ...consortium,
    channel: { name, batch: channel.batch },
    channels: [],
    organizations: consortium.organizations.filter(({ mspId }) => isOwn || channel.organizations.includes(mspId)),
    chaincodes: consortium.chaincodes
      .filter((chaincode) => channelsOfChaincode(consortium, chaincode).includes(name))
      .map((chaincode) => ({ ...chaincode, channels: [name] })),
  };
}

/**
 * Whether the organisation's orderer orders the channel: a member's does, and one whose organisation has no peer. Another's would
 * read what is not meant for it; and where an organisation's MSP is on a channel whose Readers do not name it, peers that share
 * another channel with it refuse its peers at random: they take the first channel, of a map, that knows its MSP and ask that
 * channel's Readers (internal/peer/gossip/mcs.go getValidatedIdentity, Verify).
 */
export function ordersChannel(consortium: Consortium, channel: string, { mspId, roles }: Organization): boolean {
  if (!roles.includes('orderer')) return false;
  const members = channelsOf(consortium).find(({ name }) => name === channel)?.organizations ?? [];
  return members.includes(mspId) || !roles.includes('peer');
}

/** Names of the channels a chaincode is committed on. */
export function channelsOfChaincode(consortium: Consortium, chaincode: ChaincodeSettings): readonly string[] {
  return chaincode.channels ?? [consortium.channel.name];
}

/** Parses the value of a consortium.yaml. Throws {@link ConsortiumError} naming every fault by its path. */
export function parseConsortium(value: unknown): Consortium {
  const parsed = consortiumSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { en, zh } = joinedFaults(faultsOf(consortiumSchema, value), { en: '\n  ', zh: '\n  ' });
  throw new ConsortiumError({ en: `the consortium definition is not usable:\n  ${en}`, zh: `联盟定义不可用：\n  ${zh}` });
}

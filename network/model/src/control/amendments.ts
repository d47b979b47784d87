import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  chaincodeSchema,
  type ChaincodeSettings,
  type Channel,
  channelSchema,
  channelsOf,
  channelsOfChaincode,
  type Consortium,
  organizationSchema,
} from '../consortium/consortium';
import { OperatorError, sentenceOf } from '../machine/operator-error';

const deployed = z.strictObject({
  settings: chaincodeSchema,
  folder: z.string(),
  /** What the consortium's file said in its place then. */
  insteadOf: chaincodeSchema.optional(),
});
/** A chaincode as it was deployed into a running network. */
export type DeployedChaincode = z.infer<typeof deployed>;

/**
 * What administrators changed since the network was made from its consortium file. The file still says how the consortium
 * began; what holds now is the file with these amendments.
 */
export const amendmentsSchema = z.strictObject({
  format: z.literal(1),
  joined: z.array(organizationSchema),
  /** MSP ids. */
  left: z.array(z.string()),
  /** Made since, or with other members than the file says. */
  channels: z.array(channelSchema).default([]),
  chaincodes: z.array(deployed),
  /** Installed and approved beside what runs, not yet committed: its services run already. */
  incoming: deployed.optional(),
});
export type Amendments = z.infer<typeof amendmentsSchema>;

/** A change of a running network, as a verb asks for it. */
export const amendmentRequest = z.strictObject({
  amendments: amendmentsSchema,
  /** The recorded ones that the verb saw when it computed these: two verbs at once do not lose one another's change. */
  madeFrom: amendmentsSchema,
});
export type AmendmentRequest = z.infer<typeof amendmentRequest>;

export const NO_AMENDMENTS: Amendments = { format: 1, joined: [], left: [], channels: [], chaincodes: [] };

const amendmentsFile = (folder: string): string => join(folder, 'amendments.json');

/** @throws {@link OperatorError} `STATE_INCOMPLETE` — the file is there and cannot be read. */
export function readAmendments(folder: string): Amendments {
  const file = amendmentsFile(folder);
  if (!existsSync(file)) return NO_AMENDMENTS;
  try {
    return amendmentsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new OperatorError('STATE_INCOMPLETE', {
      en: `${file} cannot be read (${sentenceOf(error).en.split('\n')[0] ?? ''}); it says who joined and what was deployed since the network was made: restore it`,
      zh: `${file} 无法读取（${sentenceOf(error).zh.split('\n')[0] ?? ''}）；它记录网络建立以来谁加入、部署了什么：请恢复该文件`,
    });
  }
}

/** Written beside and renamed, so that a crash leaves the old or the new. */
export function writeAmendments(folder: string, amendments: Amendments): void {
  const file = amendmentsFile(folder);
  writeFileSync(`${file}.new`, `${JSON.stringify(amendments, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** The consortium as it is now. Applying the same amendments twice changes nothing more. */
export function amend(consortium: Consortium, amendments: Amendments): Consortium {
  const { joined, left } = amendments;
  const stayed = consortium.organizations.filter(({ mspId }) => !left.includes(mspId));
  const added = joined.filter(({ mspId }) => !stayed.some((organization) => organization.mspId === mspId));
  const channels = amendedChannels(consortium, amendments);
  const names = [consortium.channel.name, ...channels.map(({ name }) => name)];
  return {
    ...consortium,
    organizations: [...stayed, ...added],
    channels,
    chaincodes: amendedChaincodes(consortium, amendments).flatMap((settings) => onChannels(consortium, settings, names)),
  };
}

/** A chaincode where its channels still are; itself, if all are. */
function onChannels(consortium: Consortium, settings: ChaincodeSettings, names: readonly string[]): readonly ChaincodeSettings[] {
  const channels = channelsOfChaincode(consortium, settings);
  const kept = channels.filter((name) => names.includes(name));
  if (kept.length === channels.length) return [settings];
  return kept.length === 0 ? [] : [{ ...settings, channels: kept }];
}

/**
 * Who joined later joined the consortium's own channel: another channel's members are those it was made with. One whose members
 * all left has no nodes: its ledger stays on disk, and nothing is started for it.
 */
function amendedChannels(consortium: Consortium, { left, channels }: Amendments): Channel[] {
  const made = channelsOf(consortium).slice(1);
  const known = made.map((channel) => channels.find(({ name }) => name === channel.name) ?? channel);
  const fresh = channels.filter(({ name }) => !made.some((channel) => channel.name === name));
  return [...known, ...fresh]
    .map(({ organizations, ...channel }) => ({
      ...channel,
      ...(organizations && { organizations: organizations.filter((mspId) => !left.includes(mspId)) }),
    }))
    .filter(({ organizations }) => organizations?.length !== 0);
}

/** What was deployed takes the place of what the file says for the same channel. */
function amendedChaincodes(consortium: Consortium, { chaincodes }: Amendments): ChaincodeSettings[] {
  const deployments = chaincodes.map(({ settings }) => settings);
  const replaced = (name: string, channel: string): boolean =>
    deployments.some((settings) => settings.name === name && channelsOfChaincode(consortium, settings).includes(channel));
  const known = consortium.chaincodes.flatMap((settings): readonly ChaincodeSettings[] => {
    const channels = channelsOfChaincode(consortium, settings);
    const left = channels.filter((channel) => !replaced(settings.name, channel));
    if (left.length === channels.length) return [settings];
    return left.length === 0 ? [] : [{ ...settings, channels: left }];
  });
  return [...known, ...deployments];
}

/** A committed deployment, which replaces the former one on its channels; `incoming` is cleared. */
export function withDeployment(consortium: Consortium, amendments: Amendments, deployed: DeployedChaincode): Amendments {
  const { format, joined, left, channels } = amendments;
  const replaced = channelsOfChaincode(consortium, deployed.settings);
  const others = amendments.chaincodes.flatMap((entry) => {
    if (entry.settings.name !== deployed.settings.name) return [entry];
    const kept = channelsOfChaincode(consortium, entry.settings).filter((channel) => !replaced.includes(channel));
    return kept.length === 0 ? [] : [{ ...entry, settings: { ...entry.settings, channels: kept } }];
  });
  return { format, joined, left, channels, chaincodes: [...others, deployed] };
}

/** A chaincode's name and version, which say what runs: one package, and one service at each organisation. */
export const versionKey = ({ name, version }: Pick<ChaincodeSettings, 'name' | 'version'>): string => `${name} ${version}`;

/** Chaincodes to run, each with its folder: as deployed last, else as the start named it. One without a folder does not run. */
export function runningChaincodes(
  consortium: Consortium,
  folders: ReadonlyMap<string, string>,
  amendments: Amendments,
): readonly DeployedChaincode[] {
  return amend(consortium, amendments).chaincodes.flatMap((settings) => {
    const { chaincodes } = amendments;
    const deployed =
      chaincodes.find((candidate) => candidate.settings === settings) ??
      // on fewer channels than it was deployed on
      chaincodes.find((candidate) => versionKey(candidate.settings) === versionKey(settings));
    const folder = deployed?.folder ?? folders.get(settings.name);
    return folder === undefined ? [] : [{ settings, folder }];
  });
}

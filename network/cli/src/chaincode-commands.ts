import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import {
  approveEverywhere,
  type ChaincodeRequest,
  type ChannelHandle,
  commitDefinition,
  committedDefinition,
  committedDefinitions,
  deployChaincode,
  type DeployRequest,
  installPackage,
  invokeChaincode,
  packageOf,
  type Progress,
  queryChaincode,
  readTransient,
  refuseUnsafePolicies,
  settingsFor,
  settle,
  stage,
} from '@lianyi/network-administration';
import { chaincodeSchema, type ChaincodeSettings, CLIENT_USER, OperatorError, readLaunchCommand } from '@lianyi/network-model';
import { type Output } from './output';
import { collect } from './up-command';
import { withChannel } from './verb';
import { addChannelVerb, addGroup, type ChannelOptions, type VerbGroup } from './verb-group';

interface DefineOptions extends ChannelOptions {
  readonly name: string;
  readonly chaincode: string;
  readonly version?: string;
  readonly sequence?: number;
  readonly organization?: readonly string[];
  readonly policy?: string;
  readonly initRequired?: true;
}

const INIT_TEXT = "the first call must be its Init ('cc invoke --init'); as it runs, if absent";

function parseSequence(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('a whole number from 1 is needed');
  return Number(text);
}

/** Registers `deployCC` and `cc …`. */
export function addChaincodeVerbs(verbs: VerbGroup, output: Output): void {
  addChannelVerb(
    verbs,
    'deployCC',
    'install, approve and commit a chaincode; upgrades under the next sequence, changes nothing if it is there',
  )
    .requiredOption('--name <name>', 'chaincode')
    .requiredOption('--chaincode <dir>', 'its package directory')
    .option('--version <version>', 'as it runs, if absent; other code needs another version')
    .option('--sequence <number>', 'the next one, if absent', parseSequence)
    .option('--policy <text>', "endorsement policy in Fabric's words; as committed, if absent")
    .option('--init-required', INIT_TEXT)
    .action(async (options: DefineOptions) => {
      await withChannel(options, output, async (network, progress) => deployChaincode(network, requestOf(network, options), progress));
    });
  const cc = addGroup(verbs, 'cc', 'one step of the chaincode lifecycle, or one call');
  addPackage(cc, output);
  addLifecycle(cc, output);
  addCalls(cc, output);
}

/** What the request says, checked as a line of consortium.yaml is. */
function requestOf(network: ChannelHandle, options: DefineOptions): DeployRequest {
  const folder = resolve(options.chaincode);
  readLaunchCommand(folder);
  const { name, version, sequence, policy, initRequired } = options;
  const draft = chaincodeSchema.safeParse({ name, version: version ?? '1', ...(policy !== undefined && { endorsementPolicy: policy }) });
  if (!draft.success)
    throw new OperatorError('UNKNOWN_NAME', draft.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
  refuseUnsafePolicies({ ...network.consortium, chaincodes: [draft.data] });
  return {
    name,
    folder,
    ...(version !== undefined && { version }),
    ...(sequence !== undefined && { sequence }),
    ...(policy !== undefined && { endorsementPolicy: policy }),
    ...(initRequired && { initRequired }),
  };
}

function addPackage(cc: VerbGroup, output: Output): void {
  cc.command
    .command('package')
    .description('write the package that stands for a chaincode, for whoever installs it elsewhere')
    .requiredOption('--name <name>', 'chaincode')
    .requiredOption('--version <version>', 'its version')
    .requiredOption('--chaincode <dir>', 'its package directory')
    .requiredOption('--out <file>', 'where to write it')
    .option('--json', 'print JSON')
    .action((options: DefineOptions & { readonly version: string; readonly out: string }) => {
      const folder = resolve(options.chaincode);
      readLaunchCommand(folder);
      const made = packageOf(chaincodeSchema.parse({ name: options.name, version: options.version }), folder);
      writeFileSync(resolve(options.out), made.bytes);
      output.out(options.json ? JSON.stringify({ packageId: made.packageId, file: resolve(options.out) }) : made.packageId);
    });
}

async function wanted(
  network: ChannelHandle,
  options: DefineOptions,
): Promise<{ settings: ChaincodeSettings; folder: string; packageId: string; bytes: Buffer; label: string }> {
  const request = requestOf(network, options);
  const settings = settingsFor(network, request, await committedDefinition(network, options.name));
  return { settings, folder: request.folder, ...packageOf(settings, request.folder) };
}

type Step = (network: ChannelHandle, options: DefineOptions, progress: Progress) => Promise<object>;

const install: Step = async (network, options, progress) => {
  const { settings, folder, ...made } = await wanted(network, options);
  await stage(network, { settings, folder });
  for (const administrator of network.peersOf(options.organization ?? [])) {
    for (const client of network.allPeersOf(administrator.node.organization)) {
      await installPackage(client, made);
      progress(`installed at ${client.node.name}`);
    }
  }
  return { packageId: made.packageId };
};

const approve: Step = async (network, options, progress) => {
  const { settings, packageId } = await wanted(network, options);
  await approveEverywhere(network, settings, packageId, network.peersOf(options.organization ?? []), progress);
  return { name: settings.name, version: settings.version, sequence: settings.sequence, packageId };
};

const commit: Step = async (network, options, progress) => {
  const { settings, folder } = await wanted(network, options);
  const isThere = (await committedDefinition(network, settings.name))?.sequence === settings.sequence;
  if (!isThere) await commitDefinition(network.peersOf(options.organization ?? []), network.name, settings);
  progress(`committed ${settings.name} ${settings.version} as sequence ${settings.sequence}`);
  await settle(network, { settings, folder });
  return { name: settings.name, version: settings.version, sequence: settings.sequence };
};

function addLifecycle(cc: VerbGroup, output: Output): void {
  const step = (name: string, text: string, act: Step): void => {
    addChannelVerb(cc, name, text)
      .requiredOption('--name <name>', 'chaincode')
      .requiredOption('--chaincode <dir>', 'its package directory')
      .option('--version <version>', 'as it runs, if absent')
      .option('--sequence <number>', 'the next one, if absent', parseSequence)
      .option('--policy <text>', 'endorsement policy; as committed, if absent')
      .option('--init-required', INIT_TEXT)
      .option('--organization <name>', 'only this organisation; may be repeated', collect)
      .action(async (options: DefineOptions) => {
        await withChannel(options, output, (network, progress) => act(network, options, progress));
      });
  };
  step('install', 'start the services of a version beside what runs, and install its package', install);
  step('approve', "agree to the definition with the organisations' administrators", approve);
  step('commit', 'make the approved definition the one that holds; the former services are stopped', commit);
  addChannelVerb(cc, 'list', 'the committed definitions').action(async (options: ChannelOptions) => {
    await withChannel(options, output, async (network) => {
      const [client] = network.peers;
      const definitions = client ? await committedDefinitions(client, network.name) : [];
      return { chaincodes: definitions.map(({ name, version, sequence }) => ({ name, version, sequence })) };
    });
  });
}

interface CallOptions extends ChannelOptions {
  readonly as?: string;
  readonly user: string;
  readonly endorser?: readonly string[];
  readonly transient?: readonly string[];
  readonly init?: true;
}

function addCalls(cc: VerbGroup, output: Output): void {
  const callOf = (network: ChannelHandle, chaincode: string, args: readonly string[], options: CallOptions): ChaincodeRequest => ({
    chaincode,
    args,
    organization: options.as ?? network.peers[0]?.node.organization.mspId ?? '',
    user: options.user,
    endorsers: options.endorser ?? [],
    transient: readTransient(options.transient ?? []),
    isInit: options.init === true,
  });
  const call = (name: string, text: string): Command =>
    addChannelVerb(cc, `${name} <chaincode> <function> [args...]`, text)
      .option('--as <organization>', 'who asks; the first organisation with a peer, if absent')
      .option('--user <name>', 'its user', CLIENT_USER)
      .option('--endorser <organization>', 'who must answer; may be repeated', collect)
      .option('--transient <key=@file>', 'a value only the endorsers see, from a file or standard input (@-); may be repeated', collect);
  call('invoke', 'endorse, order and wait for the commit')
    .option('--init', "call the chaincode's Init, where its definition requires it first")
    .action(async (chaincode: string, name: string, args: string[], options: CallOptions) => {
      await withChannel(options, output, async (network) => ({
        ...(await invokeChaincode(network, callOf(network, chaincode, [name, ...args], options))),
      }));
    });
  call('query', 'read; nothing is ordered').action(async (chaincode: string, name: string, args: string[], options: CallOptions) => {
    await withChannel(options, output, async (network) => ({
      result: await queryChaincode(network, callOf(network, chaincode, [name, ...args], options)),
    }));
  });
}

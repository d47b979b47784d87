import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  approveEverywhere,
  type ChannelHandle,
  commitDefinition,
  committedDefinition,
  committedDefinitions,
  deployChaincode,
  type DeployRequest,
  installPackage,
  packageOf,
  type Progress,
  settingsFor,
  settle,
  stage,
} from '@lianyi/network-administration';
import {
  chaincodeSchema,
  type ChaincodeSettings,
  OperatorError,
  readCollectionsConfig,
  readLaunchCommand,
  faultsOf,
  joinedFaults,
} from '@lianyi/network-model';
import { callVerbs } from './chaincode-call-commands';
import { type HelpText } from './language';
import { channelOptions, json, withChannel } from './on-network';
import { switchOption, optional, parsed, repeated, required, wholeNumber } from './option';
import { refuseUnusableNames } from './package-command';
import { verb, type VerbGroup, type VerbSpec } from './verb-spec';

interface DefinitionInput {
  readonly name: string;
  readonly chaincode: string;
  readonly version: string | undefined;
  readonly sequence: number | undefined;
  readonly policy: string | undefined;
  readonly initRequired: boolean;
  readonly collectionsConfig: string | undefined;
}
interface StepInput extends DefinitionInput {
  readonly organization: readonly string[];
}

const name = required('--name <name>', { en: 'chaincode', zh: '链码' });
const chaincode = required('--chaincode <dir>', { en: 'its package directory', zh: '链码包目录' });

/** Options of whatever makes or approves a definition. */
const definitionOptions = {
  name,
  chaincode,
  version: optional('--version <version>', {
    en: 'as it runs, if absent; other code needs another version',
    zh: '省略则为运行中的版本；代码不同须用不同版本',
  }),
  sequence: parsed(
    '--sequence <number>',
    { en: 'the next one, if absent', zh: '省略则为下一个' },
    {
      schema: wholeNumber(1, 999_999_999).optional(),
      needs: { en: 'a whole number from 1 is needed', zh: '需要从 1 开始的整数' },
    },
  ),
  policy: optional('--policy <text>', {
    en: "endorsement policy in Fabric's words; as committed, if absent",
    zh: 'Fabric 写法的背书策略；省略则与已提交的相同',
  }),
  collectionsConfig: optional('--collections-config <file>', {
    en: "its private data collections, in Fabric's JSON; as it runs, if absent",
    zh: '其私有数据集合（Fabric 的 JSON 格式）；省略则照旧',
  }),
  initRequired: switchOption('--init-required', {
    en: "the first call must be its Init ('cc invoke --init'); as it runs, if absent",
    zh: '首次调用必须是 Init（cc invoke --init）；省略则照旧',
  }),
};

export const deployVerb = (defaultDir: string): VerbSpec =>
  verb({
    name: 'deployCC',
    summary: {
      en: 'install, approve and commit a chaincode; upgrades under the next sequence, changes nothing if it is there',
      zh: '安装、批准并提交链码；升级用下一个序号，已是如此则不改动',
    },
    options: { ...definitionOptions, ...channelOptions(defaultDir) },
    action: (input, call) => withChannel(input, call, async (channel, progress) => deployChaincode(channel, requestOf(input), progress)),
  });

/** `cc …`. */
export const chaincodeGroup = (defaultDir: string): VerbGroup => ({
  name: 'cc',
  summary: { en: 'one step of the chaincode lifecycle, or one call', zh: '链码生命周期的单个步骤，或一次调用' },
  verbs: [packageVerb, ...stepVerbs(defaultDir), listVerb(defaultDir), ...callVerbs(defaultDir)],
});

/** What the request says, checked as a line of consortium.yaml is. */
function requestOf(input: DefinitionInput): DeployRequest {
  const folder = resolve(input.chaincode);
  readLaunchCommand(folder);
  const { version, sequence, policy, initRequired, collectionsConfig } = input;
  const draft = {
    name: input.name,
    version: version ?? '1',
    ...(policy !== undefined && { endorsementPolicy: policy }),
  };
  const faults = faultsOf(chaincodeSchema, draft);
  if (faults.length > 0) throw new OperatorError('UNKNOWN_NAME', joinedFaults(faults));
  return {
    name: input.name,
    folder,
    ...(version !== undefined && { version }),
    ...(sequence !== undefined && { sequence }),
    ...(policy !== undefined && { endorsementPolicy: policy }),
    ...(initRequired && { initRequired }),
    ...(collectionsConfig !== undefined && { collections: readCollectionsConfig(resolve(collectionsConfig)) }),
  };
}

const packageVerb = verb({
  name: 'package',
  summary: {
    en: 'write the package that stands for a chaincode, for whoever installs it elsewhere',
    zh: '写出代表链码的包，供别处安装',
  },
  options: {
    name,
    version: required('--version <version>', { en: 'its version', zh: '链码版本' }),
    chaincode,
    out: required('--out <file>', { en: 'where to write it', zh: '输出文件' }),
    json,
  },
  action: (input, { output }) => {
    const folder = resolve(input.chaincode);
    refuseUnusableNames(input.name, input.version);
    readLaunchCommand(folder);
    const made = packageOf(chaincodeSchema.parse({ name: input.name, version: input.version }), folder);
    writeFileSync(resolve(input.out), made.bytes);
    output.out(input.json ? JSON.stringify({ packageId: made.packageId, file: resolve(input.out) }) : made.packageId);
  },
});

async function wanted(
  channel: ChannelHandle,
  input: DefinitionInput,
): Promise<{ settings: ChaincodeSettings; folder: string; packageId: string; bytes: Buffer; label: string }> {
  const request = requestOf(input);
  const settings = settingsFor(channel, request, await committedDefinition(channel, input.name));
  return { settings, folder: request.folder, ...packageOf(settings, request.folder) };
}

type Step = (channel: ChannelHandle, input: StepInput, progress: Progress) => Promise<object>;

const install: Step = async (channel, input, progress) => {
  const { settings, folder, ...made } = await wanted(channel, input);
  await stage(channel, { settings, folder });
  for (const administrator of channel.peersOf(input.organization)) {
    for (const client of channel.allPeersOf(administrator.node.organization)) {
      await installPackage(client, made);
      progress({
        en: `installed at ${client.node.name}`,
        zh: `已安装于 ${client.node.name}`,
      });
    }
  }
  return { packageId: made.packageId };
};

const approve: Step = async (channel, input, progress) => {
  const { settings, packageId } = await wanted(channel, input);
  await approveEverywhere(channel, settings, packageId, channel.peersOf(input.organization), progress);
  return { name: settings.name, version: settings.version, sequence: settings.sequence, packageId };
};

const commit: Step = async (channel, input, progress) => {
  const { settings, folder } = await wanted(channel, input);
  const isThere = (await committedDefinition(channel, settings.name))?.sequence === settings.sequence;
  if (!isThere) await commitDefinition(channel.peersOf(input.organization), channel.name, settings);
  progress({
    en: `committed ${settings.name} ${settings.version} as sequence ${settings.sequence}`,
    zh: `已提交 ${settings.name} ${settings.version}，序号 ${settings.sequence}`,
  });
  await settle(channel, { settings, folder });
  return { name: settings.name, version: settings.version, sequence: settings.sequence };
};

const steps: readonly (readonly [name: string, summary: HelpText, act: Step])[] = [
  [
    'install',
    {
      en: 'start the services of a version beside what runs, and install its package',
      zh: '在现有服务旁启动某版本的服务，并安装其包',
    },
    install,
  ],
  ['approve', { en: "agree to the definition with the organisations' administrators", zh: '由各组织的管理员批准定义' }, approve],
  [
    'commit',
    {
      en: 'make the approved definition the one that holds; the former services are stopped',
      zh: '使已批准的定义生效；停止原有服务',
    },
    commit,
  ],
];

function stepVerbs(defaultDir: string): readonly VerbSpec[] {
  const organization = repeated('--organization <name>', {
    en: 'only this organisation; may be repeated',
    zh: '只限该组织；可重复',
  });
  return steps.map(([stepName, summary, act]) =>
    verb({
      name: stepName,
      summary,
      options: { ...definitionOptions, organization, ...channelOptions(defaultDir) },
      action: (input, call) => withChannel(input, call, (channel, progress) => act(channel, input, progress)),
    }),
  );
}

const listVerb = (defaultDir: string): VerbSpec =>
  verb({
    name: 'list',
    summary: { en: 'the committed definitions', zh: '已提交的定义' },
    options: channelOptions(defaultDir),
    action: (input, call) =>
      withChannel(input, call, async (channel) => {
        const [client] = channel.peers;
        const definitions = client ? await committedDefinitions(client, channel.name) : [];
        return { chaincodes: definitions.map((each) => ({ name: each.name, version: each.version, sequence: each.sequence })) };
      }),
  });

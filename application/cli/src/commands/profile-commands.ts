import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { command, type CommandSpec } from '../command-spec';
import { type Text } from '../language';
import { type Block, fields, outcome, table } from '../outcome';
import {
  listProfileFiles,
  type LoadedProfile,
  loadProfile,
  type PatientProfile,
  type Profile,
  profileFile,
  profileName,
  ProfileProblem,
  profileSchema,
  saveProfile,
} from '@lianyi/client/node';
import { profileFromSamples } from './profile-from-samples';
import { type Misfit, misfitsOf, misfitText, REQUIRED } from '../misfits';

const label = {
  name: { en: 'name', zh: '名称' },
  kind: { en: 'kind', zh: '类型' },
  organisation: { en: 'organisation', zh: '机构' },
  actor: { en: 'actor tag', zh: '人员代号' },
  file: { en: 'file', zh: '文件' },
} as const;

/** What the fields of a profile are; English keeps the names that the file has. */
const fieldWords: Readonly<Record<string, string>> = {
  mspId: '机构',
  channel: '通道',
  chaincode: '链码',
  genesis: '创世哈希',
  nodeUrl: '成员节点',
  tlsCaFile: '节点的 TLS CA 证书',
  keyFile: '签名密钥文件',
  actorTag: '人员代号',
  department: '科室',
  walletFile: '钱包文件',
  witnessUrl: '见证节点',
  witnessTlsCaFile: '见证节点的 TLS CA 证书',
  hospitals: '其他医院的节点',
  connectionProfile: 'Fabric 连接配置',
  certDirectory: '证书目录',
  keyDirectory: '私钥目录',
};

const kinds = {
  staff: { en: 'staff', zh: '工作人员' },
  patient: { en: 'patient', zh: '患者' },
  administrator: { en: 'administrator', zh: '管理员' },
} as const satisfies Record<Profile['kind'], Text>;

const name = z.string().min(1);

export const profileCommands: readonly CommandSpec[] = [
  command({
    name: 'list',
    summary: { en: 'list the profiles', zh: '列出身份配置' },
    example: '',
    input: z.object({}),
    run: (call) => {
      const found = listProfileFiles(call.options.dataDir).map(describe);
      const rows = found.map((entry) => [
        entry.name,
        entry.kind === undefined ? undefined : kinds[entry.kind],
        entry.mspId,
        entry.actorTag,
      ]);
      return Promise.resolve(outcome(found, table([label.name, label.kind, label.organisation, label.actor], rows)));
    },
  }),
  command({
    name: 'show',
    summary: { en: 'show a profile (it holds no secret)', zh: '显示身份配置（不含机密）' },
    example: 'registrar',
    arguments: [{ term: '<name>', text: { en: 'name or path', zh: '名称或路径' } }],
    input: z.object({ name }),
    run: (call, input) => Promise.resolve(showProfile(loadProfile(profileFile(input.name, call.options.dataDir)))),
  }),
  command({
    name: 'add',
    summary: { en: 'write a profile', zh: '新建身份配置' },
    example:
      '--name registrar --kind staff --msp-id HospitalAMSP --channel emr --chaincode emr --genesis HASH --node-url https://node.hospital-a.example:7443 --tls-ca-file tls-ca.pem --key-file registrar.key --actor-tag TAG',
    hasNoDryRun: true,
    flags: [
      { flags: '--name <name>', text: { en: 'its name', zh: '名称' }, required: true },
      { flags: '--kind <kind>', text: { en: 'who it is', zh: '类型' }, required: true, choices: ['staff', 'patient', 'administrator'] },
      { flags: '--msp-id <id>', text: { en: 'organisation', zh: '机构' }, required: true },
      { flags: '--channel <name>', text: { en: 'channel', zh: '通道' }, required: true },
      { flags: '--chaincode <name>', text: { en: 'chaincode', zh: '链码' }, required: true },
      { flags: '--genesis <hash>', text: { en: 'hash of block 0 (staff, patient)', zh: '创世区块哈希（工作人员、患者）' } },
      { flags: '--node-url <url>', text: { en: 'member node (staff, patient)', zh: '成员节点地址（工作人员、患者）' } },
      {
        flags: '--tls-ca-file <file>',
        text: { en: 'TLS certificate authority of the node (staff, patient)', zh: '节点的 TLS CA 证书（工作人员、患者）' },
      },
      { flags: '--key-file <file>', text: { en: 'signing key, mode 0600 (staff)', zh: '签名密钥文件，权限 0600（工作人员）' } },
      { flags: '--actor-tag <tag>', text: { en: 'name in the staff directory (staff)', zh: '人员目录中的代号（工作人员）' } },
      { flags: '--department <name>', text: { en: 'department (staff)', zh: '科室（工作人员）' } },
      { flags: '--wallet-file <file>', text: { en: 'wallet (patient)', zh: '钱包文件（患者）' } },
      {
        flags: '--witness-url <url>',
        text: {
          en: 'another member’s node, to be asked what the ledger has (staff, patient)',
          zh: '另一成员的节点，用于核对账本内容（工作人员、患者）',
        },
      },
      {
        flags: '--witness-tls-ca-file <file>',
        text: { en: 'its TLS certificate authority (staff, patient)', zh: '其 TLS CA 证书（工作人员、患者）' },
      },
      {
        flags: '--connection-profile <file>',
        text: { en: 'Fabric connection profile (administrator)', zh: 'Fabric 连接配置（管理员）' },
      },
      { flags: '--cert-directory <dir>', text: { en: 'msp/signcerts (administrator)', zh: 'msp/signcerts 目录（管理员）' } },
      { flags: '--key-directory <dir>', text: { en: 'msp/keystore (administrator)', zh: 'msp/keystore 目录（管理员）' } },
    ],
    input: z.looseObject({ name }),
    run: (call, input) => Promise.resolve(showProfile(addProfile(call.options.dataDir, fromHere(call, input)))),
  }),
  command({
    name: 'add-hospital',
    summary: { en: 'name the node of another hospital the patient has a pseudonym at', zh: '为患者身份配置指明另一医院的节点' },
    detail: {
      en: 'The commands of a pseudonym go through its own hospital’s node. One node for all would see, and by its certificate in the blocks show every member, which pseudonyms are one patient’s. A node named before is named anew.',
      zh: '假名的指令经由其所属医院的节点。若都经由同一节点，该节点会看出哪些假名属于同一患者，区块中的证书也会让所有成员看出。已指明的节点可重新指明。',
    },
    example: 'patient --msp-id HospitalBMSP --node-url https://node.hospital-b.example:7443 --tls-ca-file tls-ca-b.pem',
    hasNoDryRun: true,
    arguments: [{ term: '<name>', text: { en: 'name or path of the patient’s profile', zh: '患者身份配置的名称或路径' } }],
    flags: [
      { flags: '--msp-id <id>', text: { en: 'the hospital', zh: '医院' }, required: true },
      { flags: '--node-url <url>', text: { en: 'its member node', zh: '其成员节点地址' }, required: true },
      { flags: '--tls-ca-file <file>', text: { en: 'TLS certificate authority of the node', zh: '节点的 TLS CA 证书' }, required: true },
      {
        flags: '--witness-url <url>',
        text: { en: 'whom to ask what the ledger has (the profile’s witness)', zh: '用于核对账本内容的节点（默认身份配置的见证节点）' },
      },
      { flags: '--witness-tls-ca-file <file>', text: { en: 'its TLS certificate authority', zh: '其 TLS CA 证书' } },
    ],
    input: z.looseObject({ name, mspId: z.string() }),
    run: (call, { name: profile, ...node }) =>
      Promise.resolve(showProfile(addHospital(call.options.dataDir, profile, fromHere(call, node)))),
  }),
  command({
    name: 'from-samples',
    summary: {
      en: 'write an administrator’s profile from the environment of Fabric’s samples',
      zh: '按 Fabric 示例程序的环境变量新建管理员身份配置',
    },
    detail: {
      en: 'Reads CRYPTO_PATH, MSP_ID, CHANNEL_NAME, CHAINCODE_NAME, PEER_ENDPOINT, PEER_HOST_ALIAS, TLS_CERT_PATH, CERT_DIRECTORY_PATH, KEY_DIRECTORY_PATH.',
      zh: '读取 CRYPTO_PATH、MSP_ID、CHANNEL_NAME、CHAINCODE_NAME、PEER_ENDPOINT、PEER_HOST_ALIAS、TLS_CERT_PATH、CERT_DIRECTORY_PATH、KEY_DIRECTORY_PATH。',
    },
    example: '--name admin',
    hasNoDryRun: true,
    flags: [
      { flags: '--name <name>', text: { en: 'its name', zh: '名称' }, required: true },
      { flags: '--user <name>', text: { en: 'whose folder below users/ (Admin)', zh: 'users/ 下的用户（默认 Admin）' } },
    ],
    input: z.object({ name: profileName, user: profileName.default('Admin') }),
    run: async (call, input) => showProfile(await profileFromSamples(call, input.name, input.user)),
  }),
];

function addProfile(dataDir: string, input: Readonly<Record<string, unknown>>): LoadedProfile {
  const result = profileSchema.safeParse(input);
  if (!result.success) throw new CliProblem('USAGE', misfitText(misfitsOf(profileSchema, input).map((misfit) => atFlag(misfit, input))));
  return saveProfile(join(dataDir, 'profiles', `${result.data.name}.json`), result.data);
}

function addHospital(dataDir: string, name: string, node: Readonly<{ mspId: string; [field: string]: unknown }>): LoadedProfile {
  const { profile, file } = loadProfile(profileFile(name, dataDir));
  if (profile.kind !== 'patient') throw new CliProblem('PROFILE_KIND', `${profile.name} (${profile.kind}); patient`);
  const others = (profile.hospitals ?? []).filter(({ mspId }) => mspId !== node.mspId);
  const changed = { ...profile, hospitals: [...others, node] };
  const result = profileSchema.safeParse(changed);
  if (!result.success) {
    const placed = misfitsOf(profileSchema, changed).map(({ path, why }) =>
      atFlag({ path: path.slice(path.length > 2 ? 2 : 0), why }, node),
    );
    throw new CliProblem('USAGE', misfitText(placed));
  }
  return saveProfile(file, result.data, { replace: true });
}

const FILES: ReadonlySet<string> = new Set([
  ...['tlsCaFile', 'keyFile', 'walletFile', 'witnessTlsCaFile', 'connectionProfile', 'certDirectory', 'keyDirectory'],
]);

/** Files as whoever types them means them: from where they are, and not from the folder of profiles. */
function fromHere<Input extends Readonly<Record<string, unknown>>>({ terminal }: CommandCall, input: Input): Input {
  const placed = Object.entries(input).filter((entry): entry is [string, string] => FILES.has(entry[0]) && typeof entry[1] === 'string');
  return { ...input, ...Object.fromEntries(placed.map(([key, path]) => [key, resolve(terminal.cwd, path)])) };
}

function atFlag({ path: [first = 'kind'], why }: Misfit, input: Readonly<Record<string, unknown>>): readonly [string, Text] {
  const key = String(first);
  const flag = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return [flag, input[key] === undefined ? REQUIRED : why];
}

function showProfile({ profile, file }: LoadedProfile): ReturnType<typeof outcome> {
  const rest = Object.entries(profile).filter(([key]) => key !== 'name' && key !== 'kind');
  const view: Block = fields([
    [label.name, profile.name],
    [label.kind, kinds[profile.kind]],
    ...rest.map(([key, value]) => [{ en: key, zh: fieldWords[key] ?? key }, textOf(value)] as const),
    [label.file, file],
  ]);
  return outcome({ ...profile, file }, view);
}

function textOf(value: Profile[keyof Profile] | PatientProfile['hospitals']): string | undefined {
  return Array.isArray(value) ? value.map(({ mspId, nodeUrl }) => `${mspId} ${nodeUrl}`).join(', ') : value;
}

/** One broken file must not hide the others. */
function describe(file: string): { name: string; kind?: Profile['kind']; mspId?: string; actorTag?: string; problem?: string } {
  try {
    const { profile } = loadProfile(file);
    const { kind, mspId } = profile;
    return { name: profile.name, kind, mspId, ...(kind === 'staff' ? { actorTag: profile.actorTag } : {}) };
  } catch (error) {
    if (!(error instanceof ProfileProblem)) throw error;
    return { name: file, problem: error.code };
  }
}

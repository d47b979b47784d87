import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { deviceIdentitySchema, identifyDevice, signAsDevice } from '@lianyi/client/devices';
import { createKeyFile, loadKeyFile, networkOf } from '@lianyi/client/node';
import {
  type Device,
  deviceIdSchema,
  instantOf,
  instantSchema,
  mspIdSchema,
  nameSchema,
  pseudonymSchema,
  recordIdSchema,
  revocationReasonSchema,
  transactions,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { command, type CommandSpec } from '../command-spec';
import { parsedFile, readInput, whole } from '../inputs';
import { type Block, fields, outcome, table } from '../outcome';
import { writeNewFile } from '../private-folder';
import { transact } from '../transact';
import { restOfPage, pageInput, pageRequest } from './paging';
import { flag, label } from './vocabulary';
import { choicesText, stateText, wordText } from './words';

const words = {
  device: { en: 'device', zh: '设备' },
  model: { en: 'model', zh: '型号' },
  owner: { en: 'whose', zh: '归属' },
  house: { en: 'the house’s', zh: '本机构公用' },
  revoked: { en: 'revoked', zh: '撤销' },
} as const;
const deviceArgument = { term: '<device>', text: words.device };
const identityArgument = {
  term: '<identity>',
  text: { en: 'the device’s identity file (device new)', zh: '设备身份文件（device new 所写）' },
};

const contributorFlag = {
  flags: '--contributor',
  text: { en: 'it is no device: the patient contributes what they say themselves', zh: '并非设备：由患者本人提供自述内容' },
};

export const deviceCommands: readonly CommandSpec[] = [
  command({
    name: 'new',
    summary: { en: 'make the key of a device, and the file by which it is attested', zh: '生成设备密钥及用于认证的身份文件' },
    detail: {
      en: 'The key stays on the device, mode 0600. The identity file holds no secret. A device of one patient’s own is named by their pseudonym here; one of the house is not. A patient who comes back under a new pseudonym needs a new key: one key would join the two.',
      zh: '密钥留在设备上（权限 0600）。身份文件不含秘密。患者自有的设备在此注明其假名，本机构公用的设备则不注明。患者以新假名回来时须更换密钥：同一密钥会把两个假名连在一起。',
    },
    example: '--out meter.key --identity meter.json --model glucose-meter --as org-admin',
    hasNoDryRun: true,
    flags: [
      { flags: '--out <file>', text: { en: 'where to write the key', zh: '密钥保存位置' }, required: true },
      { flags: '--identity <file>', text: { en: 'where to write the identity', zh: '身份文件保存位置' }, required: true },
      { flags: '--model <word>', text: { en: 'what it is', zh: '设备种类' }, required: true },
      { flags: '--pseudonym <id>', text: { en: 'whose it is alone (left out: of the house)', zh: '仅属于哪名患者（省略则为公用）' } },
      contributorFlag,
    ],
    input: z.object({
      out: z.string().min(1),
      identity: z.string().min(1),
      model: nameSchema,
      pseudonym: pseudonymSchema.optional(),
      contributor: z.boolean().optional(),
    }),
    run: async (call, { out, identity: identityFile, contributor = false, ...about }) => {
      if (contributor && about.pseudonym === undefined) throw new CliProblem('USAGE', '--contributor: --pseudonym <id>');
      const [file, identityPath] = [resolve(call.terminal.cwd, out), resolve(call.terminal.cwd, identityFile)];
      if (existsSync(identityPath)) throw new CliProblem('FILE_EXISTS', identityPath);
      const identity = identifyDevice(await createKeyFile(file), homeOf(call), about, contributor ? 'patient' : 'device');
      writeNewFile(identityPath, JSON.stringify(identity, null, 2));
      const { deviceId } = identity;
      return outcome(
        { deviceId, file, identity: identityPath },
        fields([
          [words.device, deviceId],
          [label.file, file],
          [identityArgument.text, identityPath],
        ]),
      );
    },
  }),
  command({
    name: 'attest',
    summary: {
      en: 'vouch for a device (administrator; or orgAdmin, recordAdmin, and a second person confirms)',
      zh: '认证设备（管理员；机构管理员、病案管理员认证的须经第二人确认）',
    },
    example: 'meter.json --as org-admin',
    arguments: [identityArgument],
    input: z.object({ identity: z.string() }),
    run: (call, { identity }) =>
      transact(call, transactions.AttestDevice, parsedFile(deviceIdentitySchema, identity, call.terminal), showAnswer),
  }),
  command({
    name: 'confirm',
    summary: { en: 'confirm a device as a second person, who has it before them', zh: '由第二人当面核对设备后确认' },
    example: 'meter.json --as admin',
    arguments: [identityArgument],
    input: z.object({ identity: z.string() }),
    run: (call, { identity }) => {
      const { possession: _shown, ...said } = parsedFile(deviceIdentitySchema, identity, call.terminal);
      return transact(call, transactions.ConfirmDevice, said, showAnswer);
    },
  }),
  command({
    name: 'revoke',
    summary: { en: 'revoke a device for ever, at once; what it has authored stays', zh: '立即永久撤销设备；其已发布的数据仍有效' },
    example: 'DEVICE --reason lost --as org-admin',
    arguments: [deviceArgument],
    flags: [
      {
        flags: '--reason <reason>',
        text: { en: 'why', zh: `原因：${choicesText(revocationReasonSchema.options)}` },
        required: true,
        choices: revocationReasonSchema.options,
      },
    ],
    input: z.object({ device: deviceIdSchema, reason: revocationReasonSchema }),
    run: (call, { device: deviceId, reason }) => transact(call, transactions.RevokeDevice, { deviceId, reason }, showAnswer),
  }),
  command({
    name: 'sign',
    summary: { en: 'sign a document as the device that has made it', zh: '以设备身份签署其生成的文档' },
    detail: {
      en: 'Nothing is sent. The file of --out is for `record publish --device`; it is as secret as the document.',
      zh: '不发送任何内容。--out 的文件供 record publish --device 使用，须与文档同样保密。',
    },
    example: 'observation.json --key-file meter.key --pseudonym PSEUDONYM --out signed.json --as lab',
    hasNoDryRun: true,
    arguments: [{ term: '<file>', text: { en: 'FHIR R4 JSON document (- is standard input)', zh: 'FHIR R4 JSON 文档（- 表示标准输入）' } }],
    flags: [
      { flags: '--key-file <file>', text: { en: 'the device’s key', zh: '设备密钥文件' }, required: true },
      flag.pseudonym,
      { flags: '--out <file>', text: { en: 'where to write what it signed', zh: '签署结果保存位置' }, required: true },
      { flags: '--observed-at <instant>', text: { en: 'when it observed (now)', zh: '测量时间（默认当前）' } },
      { flags: '--record <id>', text: { en: 'of a new version: which record', zh: '新版本所属病历' } },
      { flags: '--previous-version <n>', text: { en: 'of a new version: the one it replaces', zh: '新版本所替换的版本' } },
      contributorFlag,
    ],
    input: z.object({
      file: z.string(),
      keyFile: z.string(),
      pseudonym: pseudonymSchema,
      out: z.string().min(1),
      observedAt: instantSchema.optional(),
      record: recordIdSchema.optional(),
      previousVersion: whole(z.int().min(1)).optional(),
      contributor: z.boolean().optional(),
    }),
    run: async (call, { file, keyFile, pseudonym, out, observedAt, record, previousVersion, contributor }) => {
      if ((record === undefined) !== (previousVersion === undefined))
        throw new CliProblem('USAGE', '--record <id>, --previous-version <n>');
      const target = resolve(call.terminal.cwd, out);
      if (existsSync(target)) throw new CliProblem('FILE_EXISTS', target);
      const amends = record === undefined || previousVersion === undefined ? undefined : { recordId: record, previousVersion };
      const bytes = readInput(file, call.terminal);
      const key = await loadKeyFile(resolve(call.terminal.cwd, keyFile));
      const now = instantOf(call.terminal.now().getTime());
      const signed = await signAsDevice(key, homeOf(call), {
        ...{ pseudonym, bytes, observedAt: observedAt ?? now, amends },
        by: contributor === true ? 'patient' : 'device',
      });
      writeNewFile(target, JSON.stringify(signed, null, 2));
      return outcome(
        { file: target, recordId: signed.recordId, deviceId: signed.device.deviceId, observedAt: signed.device.observedAt },
        fields([
          [label.file, target],
          [label.record, signed.recordId],
          [words.device, signed.device.deviceId],
        ]),
      );
    },
  }),
  command({
    name: 'list',
    summary: { en: 'list the own devices', zh: '列出本机构设备' },
    example: '--as org-admin',
    flags: [flag.limit, flag.after],
    input: z.object(pageInput),
    run: (call, page) =>
      transact(call, transactions.ListDevices, pageRequest(page), ({ items, ...rest }) => [
        table(
          [words.device, words.model, words.owner, label.state, label.changed],
          items.map((device) => [
            device.deviceId,
            device.model,
            device.pseudonym ?? words.house,
            stateText(device.state),
            device.changedAt,
          ]),
        ),
        ...restOfPage(rest),
      ]),
  }),
  command({
    name: 'show',
    summary: { en: 'show a device of any organisation', zh: '显示任一机构的设备' },
    example: 'DEVICE --msp-id HospitalBMSP --as clinician',
    arguments: [deviceArgument],
    flags: [{ flags: '--msp-id <id>', text: { en: 'organisation (the own)', zh: '机构（默认本机构）' } }],
    input: z.object({ device: deviceIdSchema, mspId: mspIdSchema.optional() }),
    run: (call, { device: deviceId, mspId = mspIdSchema.parse(call.actor.profile.mspId) }) =>
      transact(call, transactions.GetDevice, { mspId, deviceId }, showDevice),
  }),
];

/** The organisation and the ledger of the profile: a device belongs to one of each. */
function homeOf(call: CommandCall): Parameters<typeof identifyDevice>[1] {
  // a patient who contributes has the key, and makes it
  const { profile } = call.actorOf('staff', 'patient');
  return { mspId: mspIdSchema.parse(profile.mspId), network: networkOf(profile) };
}

function showAnswer({ deviceId, state }: Pick<Device, 'deviceId' | 'state'>): readonly Block[] {
  return [
    fields([
      [words.device, deviceId],
      [label.state, stateText(state)],
    ]),
  ];
}

function showDevice({ mspId, deviceId, model, pseudonym, state, revoked, attestedAt, changedAt }: Device): readonly Block[] {
  return [
    fields([
      [label.organisation, mspId],
      [words.device, deviceId],
      [words.model, model],
      [words.owner, pseudonym ?? words.house],
      [label.state, stateText(state)],
      [{ en: 'attested', zh: '认证时间' }, attestedAt],
      [words.revoked, revoked?.at],
      [{ en: 'why', zh: '原因' }, revoked === undefined ? undefined : wordText(revoked.reason)],
      [label.changed, changedAt],
    ]),
  ];
}

import { z } from 'zod';
import { publicKeyOf } from '@lianyi/client';
import { loadKeyFile } from '@lianyi/client/node';
import {
  coolingOffMinutesSchema,
  encapsulationKeySchema,
  leastCoolingOffOf,
  mspIdSchema,
  organisationKinds,
  organisationKindSchema,
  publicKeySchema,
  sha256Schema,
  transactions,
} from '@lianyi/domain';
import { readGenesis } from '@lianyi/ledger-client';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { command, type CommandSpec } from '../command-spec';
import { list, whole } from '../inputs';
import { openAdministratorSession } from '../ledger/administrator-session';
import { fields, table } from '../outcome';
import { transact } from '../transact';
import { restOfPage, pageInput, pageRequest } from './paging';
import { flag, label } from './vocabulary';
import { choicesText, stateText, wordsText } from './words';

export const orgCommands: readonly CommandSpec[] = [
  command({
    name: 'register',
    summary: { en: 'register the own organisation (administrator)', zh: '登记本机构（管理员）' },
    detail: {
      en: 'Without --genesis and without one in the profile, block 0 of the own peer names the network: compare it with the other members. The first to register fixes for all for how long a patient’s old key may veto a recovery at least; who registers with another value is refused, and nobody changes it alone.',
      zh: '未给出 --genesis 且身份配置中也没有时，取本机构节点的 0 号区块：请与其他成员核对。首个登记的机构为所有成员确定患者旧密钥可否决恢复的最短时长；以其他值登记将被拒绝，任何成员都不能单独更改。',
    },
    example: '--kinds hospital --kem-key-file kem.key --as admin',
    flags: [
      {
        flags: '--kinds <list>',
        text: { en: `of ${organisationKinds.join(', ')}`, zh: `取自 ${choicesText(organisationKinds)}` },
        required: true,
      },
      {
        flags: '--kem-key-file <file>',
        text: { en: 'key to which record keys are sealed (its public half is registered)', zh: '密钥封装私钥文件（只登记其公钥）' },
      },
      { flags: '--encapsulation-key <spki>', text: { en: 'or its public half, base64url', zh: '或直接给出公钥（base64url）' } },
      { flags: '--epoch <n>', text: { en: 'its epoch (1)', zh: '密钥代次（默认 1）' } },
      { flags: '--genesis <hash>', text: { en: 'hash of block 0', zh: '创世区块哈希' } },
      {
        flags: '--least-cooling-off <minutes>',
        text: {
          en: 'for how long the old key may veto a recovery at least, 1 to 43200 minutes (10080, a week), as the members agreed',
          zh: '旧密钥可否决恢复的最短时长，1 至 43200 分钟（默认 10080，一周），须与各成员约定一致',
        },
      },
    ],
    input: z.object({
      kinds: list(organisationKindSchema),
      kemKeyFile: z.string().optional(),
      encapsulationKey: publicKeySchema.optional(),
      epoch: whole(encapsulationKeySchema.shape.epoch).default(1),
      genesis: sha256Schema.optional(),
      leastCoolingOff: whole(coolingOffMinutesSchema).default(leastCoolingOffOf({})),
    }),
    run: async (call, { kinds, kemKeyFile, encapsulationKey, epoch, genesis, leastCoolingOff }) => {
      const publicKey = encapsulationKey ?? (await publicKeyOfFile(kemKeyFile));
      const agreed = { genesis: genesis ?? (await genesisOf(call)), leastCoolingOffMinutes: leastCoolingOff };
      const input = { kinds, ...agreed, encapsulationKeys: [{ epoch, publicKey }] };
      return transact(call, transactions.RegisterOrganisation, input, ({ mspId, status }) => [
        fields([
          [label.organisation, mspId],
          [label.state, stateText(status)],
          [{ en: 'genesis', zh: '创世哈希' }, input.genesis],
          [{ en: 'an old key may veto for (minutes, at least)', zh: '旧密钥可否决的最短时长（分钟）' }, String(leastCoolingOff)],
        ]),
      ]);
    },
  }),
  command({
    name: 'list',
    summary: { en: 'list the organisations', zh: '列出机构' },
    example: '--as registrar',
    flags: [flag.limit, flag.after],
    input: z.object(pageInput),
    run: (call, page) =>
      transact(call, transactions.ListOrganisations, pageRequest(page), ({ items, ...rest }) => [
        table(
          [label.organisation, label.state, label.kinds, label.since],
          items.map(({ mspId, status, kinds, registeredAt }) => [mspId, stateText(status), wordsText(kinds), registeredAt]),
        ),
        ...restOfPage(rest),
      ]),
  }),
  command({
    name: 'show',
    summary: { en: 'show an organisation', zh: '显示机构' },
    example: 'HospitalAMSP --as registrar',
    arguments: [{ term: '<msp-id>', text: { en: 'e.g. HospitalAMSP', zh: '例如 HospitalAMSP' } }],
    input: z.object({ mspId: mspIdSchema }),
    run: (call, input) =>
      transact(call, transactions.GetOrganisation, input, ({ mspId, status, kinds, registeredAt, encapsulationKeys }) => [
        fields([
          [label.organisation, mspId],
          [label.state, stateText(status)],
          [label.kinds, wordsText(kinds)],
          [label.since, registeredAt],
          [{ en: 'key epochs', zh: '密钥代次' }, encapsulationKeys.map(({ epoch }) => epoch).join(', ')],
        ]),
      ]),
  }),
];

async function publicKeyOfFile(file: string | undefined): Promise<string> {
  if (file === undefined) throw new CliProblem('USAGE', '--kem-key-file <file> | --encapsulation-key <spki>');
  return publicKeyOf(await loadKeyFile(file));
}

/** The profile's word for the network, else the own peer's. */
async function genesisOf(call: CommandCall): Promise<string> {
  const { profile } = call.actorOf('administrator');
  if (profile.genesis !== undefined) return profile.genesis;
  const session = await openAdministratorSession(profile);
  try {
    return await readGenesis((startBlock) => session.blocks.open(startBlock));
  } finally {
    session.close();
  }
}

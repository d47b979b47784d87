import { z } from 'zod';
import { loadProfile, profileFile } from '@lianyi/client/node';
import { CliProblem } from '../cli-problem';
import { command, type CommandSpec } from '../command-spec';
import { exitCode } from '../exit-code';
import { type CommandOutcome, table } from '../outcome';
import { type CommandCall } from '../call';
import { type Check, examineIntegration } from './integration-checks';

export const doctorCommands: readonly CommandSpec[] = [
  command({
    name: 'integrator',
    summary: {
      en: 'try what a hospital’s own program needs: TLS, network, clock, key, events (recordAdmin, privacyOfficer)',
      zh: '检查本院程序所需：TLS、网络、时钟、密钥、事件（病案管理员、隐私专员）',
    },
    detail: {
      en: 'Each line says what was found and what to do. With --asker a staff profile that may ask for records asks for one that nobody has: the denial is committed, in no patient’s audit, and must come back as an event. Without it nothing is written. Exit code 1 when something fails.',
      zh: '每行说明检查结果和处理办法。给出 --asker 时，由该可申请查阅的工作人员身份申请一份不存在的病历：拒绝会写入账本，不进入任何患者的审计，并须作为事件传回。不给出时不写入任何内容。有失败项时退出码为 1。',
    },
    example: '--asker clinician --as records',
    hasNoDryRun: true,
    flags: [
      {
        flags: '--asker <profile>',
        text: { en: 'who asks for a record that nobody has (nothing is written)', zh: '申请不存在病历的身份配置（默认不写入）' },
      },
    ],
    input: z.object({ asker: z.string().exactOptional() }),
    run: examine,
  }),
];

const verdicts = {
  good: { en: 'good', zh: '正常' },
  bad: { en: 'FAILS', zh: '失败' },
  note: { en: 'note', zh: '提示' },
} as const;

async function examine(call: CommandCall, { asker }: { readonly asker?: string }): Promise<CommandOutcome> {
  const { profile } = call.actorOf('staff');
  const other = asker === undefined ? undefined : loadProfile(profileFile(asker, call.options.dataDir)).profile;
  if (other !== undefined && other.kind !== 'staff') throw new CliProblem('PROFILE_KIND', `${other.name} (${other.kind}); staff`);
  const checks = await examineIntegration(profile, other, () => call.terminal.now());
  const rows = checks.map(({ what, verdict, found, remedy }) => [what, verdicts[verdict], found, remedy]);
  const head = [
    { en: 'WHAT', zh: '检查项' },
    { en: 'VERDICT', zh: '结论' },
    { en: 'FOUND', zh: '结果' },
    { en: 'TO DO', zh: '处理办法' },
  ];
  const isWell = checks.every(({ verdict }) => verdict !== 'bad');
  return {
    data: { checks: checks.map(forPrograms) },
    view: [table(head, rows)],
    exitCode: isWell ? exitCode.ok : exitCode.failure,
  };
}

/** Programs get names, codes and the English sentences. */
function forPrograms({ name, verdict, code, found, remedy }: Check): object {
  return {
    check: name,
    verdict,
    ...(code === undefined ? {} : { code }),
    found: found.en,
    ...(remedy === undefined ? {} : { remedy: remedy.en }),
  };
}

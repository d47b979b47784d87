import { resolve } from 'node:path';
import { ArchiveCheck, type ArchiveReport } from '@lianyi/client/archive';
import { networkOf } from '@lianyi/client/node';
import { denyReasonSchema, mspIdSchema, pseudonymSchema, sha256Schema } from '@lianyi/domain';
import { z } from 'zod';
import { OwnArchive } from '../archive/own-archive';
import { filesOfTar, writeTar } from '../archive/tar-file';
import { type CommandCall } from '../call';
import { command, type CommandSpec } from '../command-spec';
import { exitCode } from '../exit-code';
import { list } from '../inputs';
import { withPatientSession } from '../ledger/patient-session';
import { soleOf } from '../ledger/pseudonym';
import { clockOf } from '../ledger/staff-session';
import { type Block, type CommandOutcome, fields, line, outcome, table } from '../outcome';
import { byWhoseWord } from '../transact';
import { flag, label } from './vocabulary';

const archiveFile = { term: '<file>', text: { en: 'the archive', zh: '归档文件' } };
/** `HospitalAMSP:HASH` */
const serviceKey = z
  .string()
  .transform((text) => text.split(':'))
  .pipe(z.tuple([mspIdSchema, sha256Schema]));

const makeInput = z.object({
  out: z.string(),
  pseudonym: pseudonymSchema.optional(),
  unwitnessed: z.boolean().default(false),
  through: z.string().optional(),
});

export const archiveCommands: readonly CommandSpec[] = [
  command({
    name: 'make',
    summary: {
      en: 'everything of a patient in one file that proves itself without a network (patient)',
      zh: '将患者的全部内容制成一个可离线自证的文件（患者）',
    },
    detail: {
      en: 'A tar of each record as it was published, with the ledger’s entry and the signatures of those who keep it; what the ledger has of grants, decisions, disclosures, copies and corrections; a patient summary (IPS) made of the FHIR documents; and a list of all that, signed by the wallet. The records are opened by commands that stand in your audit, 16 at a time. The file holds everything in the clear: it is written with mode 0600, keep it as you would the papers. Exit code 1 if a record could not be fetched: the list says which.',
      zh: '一个 tar 文件，包括：每份病历的原文及账本条目和保存方的签名；账本中的授权、决定、披露、副本和更正；由 FHIR 文档生成的患者摘要（IPS）；以及由钱包签名的清单。打开病历的命令会列入您的审计，每次 16 份。文件内容均为明文，权限为 0600，请如纸质病历一样保管。若有病历无法取得，退出码为 1，清单中会注明。',
    },
    example: '--out everything.tar --as patient',
    hasNoDryRun: true,
    flags: [
      { flags: '--out <file>', text: { en: 'the file, which must not be there yet', zh: '目标文件（须不存在）' }, required: true },
      flag.ownPseudonym,
      { flags: '--unwitnessed', text: { en: 'take the carrying node’s word for what the ledger has', zh: '仅凭转送节点所述的账本内容' } },
      {
        flags: '--through <profile>',
        text: {
          en: 'through the node of this profile, of any member (that of the pseudonym’s hospital)',
          zh: '经由此身份配置的节点，任一成员均可（默认假名所属医院的节点）',
        },
      },
    ],
    input: makeInput,
    run: make,
  }),
  command({
    name: 'verify',
    summary: { en: 'check an archive against its own evidence; asks nobody', zh: '依据归档自带的证据核对；不联网' },
    detail: {
      en: 'Each document is sealed anew and must be the object whose hash the ledger’s entry has, for which the custodian’s key service and two members’ vaults have signed; each file must be the one on the signed list. The first that is not is named, and the exit code is 1. Whose the keys are that have signed only the ledger tells: compare the hashes shown with what those hospitals say (`staff show`), or give them with --service.',
      zh: '每份文档重新加密后，须与账本条目所载哈希的密文一致，且由保管医院的密钥服务和两家成员的存储库签名；每个文件须与签名清单一致。首个不符的文件会被指明，退出码为 1。签名密钥属于谁，只有账本能说明：请将所示哈希与各医院公布的（`staff show`）比对，或用 --service 给出。',
    },
    example: 'everything.tar --service HospitalAMSP:HASH',
    hasNoDryRun: true,
    arguments: [archiveFile],
    flags: [
      {
        flags: '--service <list>',
        text: {
          en: 'hash of the key of a hospital’s key service, as you know it (MSP:HASH, with commas between)',
          zh: '您所知的医院密钥服务的密钥哈希（MSP:HASH，以逗号分隔）',
        },
      },
    ],
    input: z.object({ file: z.string(), service: list(serviceKey).optional() }),
    run: async (call, { file, service = [] }) => {
      const check = new ArchiveCheck(new Map(service));
      for await (const { name, bytes } of filesOfTar(resolve(call.terminal.cwd, file))) await check.take(name, bytes);
      const report = check.finish();
      return outcome({ holds: true, ...report }, ...shown(report));
    },
  }),
];

async function make(
  call: CommandCall,
  { out, pseudonym: named, unwitnessed: isUnwitnessed, through }: z.output<typeof makeInput>,
): Promise<CommandOutcome> {
  const { profile } = call.actorOf('patient');
  const pseudonym = await soleOf(call, named);
  const file = resolve(call.terminal.cwd, out);
  return withPatientSession(call, { signer: pseudonym, through }, async (session) => {
    const archive = new OwnArchive({ session, pseudonym, network: networkOf(profile), isUnwitnessed, now: clockOf(call) });
    await writeTar(file, archive.files());
    const { opened, notOpened } = archive;
    const carriage = await session.carriageOf(pseudonym);
    const word = byWhoseWord(isUnwitnessed ? { toldBy: carriage.url, isWitnessed: false } : carriage.told);
    const hasFailed = notOpened.some(({ reasons }) => reasons.some((reason) => !denyReasonSchema.safeParse(reason).success));
    const rows = fields([[label.file, file], [recordsLabel, opened], word]);
    return {
      ...outcome({ file, records: opened, notOpened }, rows, ...leftOut(notOpened)),
      exitCode: hasFailed ? exitCode.failure : exitCode.ok,
    };
  });
}

const recordsLabel = { en: 'records', zh: '病历数' };

function leftOut(notOpened: ArchiveReport['notOpened']): readonly Block[] {
  if (notOpened.length === 0) return [];
  const head = [label.record, { en: 'not in it, because', zh: '未包括的原因' }];
  return [
    line(''),
    table(
      head,
      notOpened.map(({ recordId, reasons }) => [recordId, reasons.join(', ')]),
    ),
  ];
}

function shown({ records, notOpened, signedBy, files, bytes, ...said }: ArchiveReport): readonly Block[] {
  return [
    fields([
      [label.pseudonym, said.pseudonym],
      [label.organisation, said.mspId],
      [{ en: 'made', zh: '制作时间' }, said.madeAt],
      [{ en: 'network (genesis)', zh: '网络（创世哈希）' }, `${said.channel} ${said.genesis}`],
      [{ en: 'files', zh: '文件数' }, files],
      [{ en: 'bytes', zh: '字节数' }, bytes],
      [{ en: 'list signed with key', zh: '清单签名密钥' }, signedBy.keyHash],
      [recordsLabel, records.length],
      [
        { en: 'all of it', zh: '整体' },
        { en: 'holds, by its own evidence', zh: '与自带证据一致' },
      ],
    ]),
    line(''),
    table(
      [
        label.record,
        label.version,
        { en: 'custodian', zh: '保管机构' },
        { en: 'key service signed with', zh: '密钥服务签名密钥' },
        { en: 'vaults that signed', zh: '已签名的存储库' },
        { en: 'ledger witnessed by', zh: '账本内容见证' },
        label.state,
      ],
      records.map((each) => [
        each.recordId,
        each.version,
        each.custodianMspId,
        each.serviceKeyHash,
        each.vaultMspIds.join(', '),
        each.witnessMspId,
        each.isRetracted ? { en: 'retracted since', zh: '其后已撤回' } : undefined,
      ]),
    ),
    ...leftOut(notOpened),
  ];
}

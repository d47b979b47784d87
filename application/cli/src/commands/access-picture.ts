import { z } from 'zod';
import { type OpenedDocument } from '@lianyi/client';
import { type PatientGraph } from '@lianyi/graph';
import { connectWitness } from '@lianyi/client/node';
import { departmentSchema, DomainError, pseudonymSchema, purposes, purposeSchema } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { lacking } from '../cli-problem';
import { command, type CommandSpec } from '../command-spec';
import { exitCode } from '../exit-code';
import { list } from '../inputs';
import { openStaffSession } from '../ledger/staff-session';
import { type CommandOutcome, fields, line, outcome, table } from '../outcome';
import { type OpenedForPicture } from '../picture/open-permitted';
import { pictureTarget, PICTURE_ENDINGS } from '../picture/write-picture';
import { tellDisagreement } from './read-document';
import { flag, label } from './vocabulary';

const input = z.object({
  pseudonyms: list(pseudonymSchema),
  purpose: purposeSchema,
  department: departmentSchema.optional(),
  out: z.string(),
  unwitnessed: z.boolean().default(false),
});

/** The whole patient, of what one may read, in one file. */
export const accessPictureCommand: CommandSpec = command({
  name: 'picture',
  summary: { en: 'draw the whole patient out of all that you may read of them', zh: '将您可阅读的全部内容绘成患者全貌' },
  detail: {
    en: `Everything that a request for this purpose would open is asked for, 16 records at a time: the decisions stand on the ledger and in the patient’s audit. What comes is put together here and nowhere else: what two hospitals tell is one thing with two sources, contradictions are shown, values go over hospitals in one unit. The ending of the file says what it is: ${PICTURE_ENDINGS}. It is in the clear, mode 0600. Records that are only to be viewed and documents that are no FHIR are left out, and named. Exit code 1 if a record did not come.`,
    zh: `以该用途可打开的全部病历逐批申请（每次 16 份）：决定写入账本，并列入患者的审计。内容仅在本机汇总：多家医院所述的同一事项合并为一项并列出各来源，相互矛盾之处予以标明，数值换算为同一单位。文件扩展名决定格式：${PICTURE_ENDINGS}。文件为明文，权限 0600。仅供查看的病历和非 FHIR 文档不纳入，但会列出。若有病历未能取得，退出码为 1。`,
  },
  example: 'PSEUDONYM --purpose TREAT --out patient.svg --as cardiologist',
  hasNoDryRun: true,
  arguments: [
    {
      term: '<pseudonyms>',
      text: { en: 'the patient at one hospital or several, with commas between', zh: '患者在一家或多家医院的假名，以逗号分隔' },
    },
  ],
  flags: [
    { flags: '--purpose <purpose>', text: label.purpose, required: true, choices: purposes },
    flag.department,
    {
      flags: '--out <file>',
      text: { en: `the file, which must not be there yet: ${PICTURE_ENDINGS}`, zh: `目标文件（须不存在）：${PICTURE_ENDINGS}` },
      required: true,
    },
    { flags: '--unwitnessed', text: { en: 'take the own node’s word for what the ledger has', zh: '仅凭本机构节点所述的账本内容' } },
  ],
  input,
  run: picture,
});

async function picture(
  call: CommandCall,
  { pseudonyms, purpose, out, unwitnessed, ...asked }: z.output<typeof input>,
): Promise<CommandOutcome> {
  const { profile } = call.actorOf('staff');
  const department = asked.department ?? profile.department;
  if (department === undefined) throw lacking('--department <name>');
  const target = pictureTarget(call, out);
  const { openPermitted } = await import('../picture/open-permitted.js');
  const witness = unwitnessed ? 'none' : await connectWitness(profile);
  if (witness === undefined) throw new DomainError('WITNESS_UNAVAILABLE', undefined, { obstacle: 'none-named' });
  const session = await openStaffSession(call);
  try {
    const onOpened = (document: OpenedDocument): void => {
      tellDisagreement(call, document);
    };
    const { sources, ...opened } = await openPermitted({ session, profile, purpose, department, witness, onOpened }, new Set(pseudonyms));
    const { nodes, contradictions, unread } = await target.write(sources);
    return drawn({
      file: target.file,
      records: sources.length,
      facts: nodes.filter((node) => 'sayings' in node).length,
      contradictions: contradictions.length,
      unread,
      ...opened,
    });
  } finally {
    session.close();
    if (witness !== 'none') witness.close();
  }
}

/** Left out on purpose: all else did not come. */
const EXPECTED: ReadonlySet<string> = new Set(['ONLY_TO_BE_VIEWED', 'DOCUMENT_OTHER_FORMAT']);

interface Drawn extends Omit<OpenedForPicture, 'sources'> {
  readonly file: string;
  readonly records: number;
  readonly facts: number;
  readonly contradictions: number;
  readonly unread: PatientGraph['unread'];
}

function drawn(data: Drawn): CommandOutcome {
  const { file, records, facts, contradictions, leftOut, unread } = data;
  const rows = fields([
    [label.file, file],
    [{ en: 'records', zh: '病历数' }, records],
    [{ en: 'things told', zh: '事项数' }, facts],
    [{ en: 'contradictions', zh: '矛盾数' }, contradictions],
    ...(unread.length === 0
      ? []
      : [
          [
            { en: 'left out, changed by an extension', zh: '含修饰扩展而未纳入' },
            [...new Set(unread.map(({ recordId, path }) => `${recordId} ${path}`))].join(', '),
          ] as const,
        ]),
  ]);
  const head = [label.record, { en: 'not in it, because', zh: '未包括的原因' }];
  const rest = leftOut.map(({ recordId, code }) => [recordId, code]);
  const view = leftOut.length === 0 ? [rows] : [rows, line(''), table(head, rest)];
  return { ...outcome(data, ...view), exitCode: leftOut.every(({ code }) => EXPECTED.has(code)) ? exitCode.ok : exitCode.failure };
}

import { z } from 'zod';
import { type DocumentToPublish, memberOperations, newIdNonce, preparationOf, signedAs } from '@lianyi/client';
import { type SignedByDevice, signedByDeviceSchema } from '@lianyi/client/devices';
import {
  amendmentOperationSchema,
  encodeOutcome,
  idNonceSchema,
  type MedicalRecord,
  mspIdSchema,
  type Pseudonym,
  pseudonymSchema,
  qualifiedName,
  recordIdOf,
  recordIdSchema,
  type RecordVersion,
  retractionReasonSchema,
  transactions,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { command, type CommandSpec, type Flag } from '../command-spec';
import { list, parsedFile, readInput, whole } from '../inputs';
import { networkOf } from '@lianyi/client/node';
import { type Text } from '../language';
import { openStaffSession } from '../ledger/staff-session';
import { soleOf } from '../ledger/pseudonym';
import { type Block, fields, outcome, type CommandOutcome } from '../outcome';
import { RepeatableFailure } from '../repeatable-failure';
import { committed, showUnsent, transact } from '../transact';
import { careFlags, careInput, careOf, careRows } from './care';
import { conclusionCommand } from './conclusion-command';
import { describedFlags, describedInput, describedOf } from './described';
import { imagingFlags, imagingInput, indexedOf } from './imaging';
import { openOwnCommand } from './own-records';
import { recordListCommand } from './record-list';
import { isPageAsked, pageCommand, showDocument, showDocumentFlags, showDocumentInput } from './show-document';
import { flag, label } from './vocabulary';
import { choicesText, stateText, wordText } from './words';

const version = whole(z.int().min(1));
const recordArgument = { term: '<record>', text: label.record };
const fileArgument = {
  term: '<file>',
  text: {
    en: 'document: FHIR R4 JSON, or what --format says (- is standard input)',
    zh: '文档：FHIR R4 JSON 或 --format 所指格式（- 表示标准输入）',
  },
};
const previousFlag: Flag = { flags: '--previous-version <n>', text: { en: 'the version it replaces', zh: '被替换的版本' }, required: true };
const replicasFlag: Flag = {
  flags: '--replicas <list>',
  text: { en: 'members that should hold a copy, best first (left out: any)', zh: '希望保存副本的成员，按优先次序（省略则任选）' },
};

const deviceFlag: Flag = {
  flags: '--device <file>',
  text: { en: 'what the device that made the document has signed (device sign)', zh: '生成该文档的设备所签内容（device sign）' },
};

export const recordCommands: readonly CommandSpec[] = [
  command({
    name: 'publish',
    summary: {
      en: 'check, seal, store, replicate and anchor a document (recordAdmin, lab)',
      zh: '校验、加密、存储、复制并登记一份文档（病案管理员、检验）',
    },
    example: 'report.json --pseudonym PSEUDONYM --replicas HospitalCMSP --as lab',
    arguments: [fileArgument],
    flags: [
      flag.pseudonym,
      {
        flags: '--nonce <nonce>',
        text: {
          en: 'of a publication that failed: goes on with the same record (left out: a new one)',
          zh: '先前发布失败时的随机数：继续发布同一份病历（省略则新建）',
        },
      },
      replicasFlag,
      deviceFlag,
      ...careFlags,
      ...describedFlags,
      ...imagingFlags,
    ],
    input: z.object({
      file: z.string(),
      ...careInput,
      ...describedInput,
      ...imagingInput,
      device: z.string().optional(),
      pseudonym: pseudonymSchema,
      nonce: idNonceSchema.optional(),
      replicas: list(mspIdSchema).optional(),
    }),
    run: async (call, { file, pseudonym, nonce: given, replicas, device, ...said }) => {
      const { profile } = call.actorOf('staff');
      const signed = signedBy(call, device, pseudonym);
      const nonce = given ?? signed?.nonce ?? newIdNonce();
      const bytes = await indexedOf(readInput(file, call.terminal), said, pseudonym);
      return publish(call, {
        network: networkOf(profile),
        ...(await careOf(bytes, said)),
        ...describedOf(said),
        pseudonym,
        nonce,
        recordId: recordIdOf({ mspId: mspIdSchema.parse(profile.mspId), pseudonym, nonce }),
        bytes,
        ...(signed === undefined ? {} : { device: signed.device }),
        ...(replicas === undefined ? {} : { replicaMspIds: replicas }),
      });
    },
  }),
  openOwnCommand,
  conclusionCommand,
  pageCommand,
  recordListCommand,
  command({
    name: 'show',
    summary: { en: 'show a record’s ledger entry, or its document as a page', zh: '显示病历的账本条目，或将其文档排版显示' },
    detail: {
      en: 'Without more: hashes, labels, places. With --html, --pdf or --conclusion the record is opened, as record open (patient) and access read (staff, --ticket) open it, and its document laid out by the display profile of its class, as every hospital’s are. The page holds no script and fetches nothing; what is abnormal is marked by signs, not by colour alone.',
      zh: '默认显示哈希、标签与存储位置。加 --html、--pdf 或 --conclusion 则按 record open（患者）或 access read（医务人员，须 --ticket）的方式打开病历，并按其类别的展现标准排版，各医院一致。网页不含脚本，也不加载任何外部内容；异常值以符号标示，不仅凭颜色。',
    },
    example: 'RECORD --pdf report.pdf --as patient',
    arguments: [recordArgument],
    flags: [
      flag.ownPseudonym,
      { flags: '--record-version <n>', text: { en: 'an earlier version', zh: '较早的版本' } },
      ...showDocumentFlags,
    ],
    input: showDocumentInput.extend({ recordVersion: version.optional() }),
    run: async (call, input) => {
      if (isPageAsked(input)) {
        if (input.recordVersion !== undefined) throw new CliProblem('USAGE', '--record-version');
        return showDocument(call, input);
      }
      const key = { pseudonym: await soleOf(call, input.pseudonym), recordId: input.record };
      return input.recordVersion === undefined
        ? transact(call, transactions.GetRecord, key, (record) => showRecord(record, stateText(record.state)))
        : transact(call, transactions.GetRecordVersion, { ...key, version: input.recordVersion }, (record) =>
            showRecord(record, wordText(record.operation)),
          );
    },
  }),
  command({
    name: 'amend',
    summary: { en: 'publish a new version of a record', zh: '发布病历的新版本' },
    example: 'RECORD corrected.json --pseudonym PSEUDONYM --previous-version 1 --as lab',
    arguments: [recordArgument, fileArgument],
    flags: [
      flag.pseudonym,
      previousFlag,
      {
        flags: '--operation <operation>',
        text: { en: 'how (amend)', zh: `方式：${choicesText(amendmentOperationSchema.options)}，默认 amend` },
        choices: amendmentOperationSchema.options,
      },
      replicasFlag,
      deviceFlag,
      ...careFlags,
      ...describedFlags,
    ],
    input: z.object({
      ...careInput,
      ...describedInput,
      record: recordIdSchema,
      file: z.string(),
      device: z.string().optional(),
      pseudonym: pseudonymSchema,
      previousVersion: version,
      operation: amendmentOperationSchema.default('amend'),
      replicas: list(mspIdSchema).optional(),
    }),
    run: async (call, { record, file, pseudonym, previousVersion, operation, replicas, device, ...said }) => {
      const signed = signedBy(call, device, pseudonym);
      const bytes = readInput(file, call.terminal);
      return publish(call, {
        ...(await careOf(bytes, said)),
        ...describedOf(said),
        network: networkOf(call.actorOf('staff').profile),
        pseudonym,
        recordId: record,
        bytes,
        amends: { previousVersion, operation },
        ...(signed === undefined ? {} : { device: signed.device }),
        ...(replicas === undefined ? {} : { replicaMspIds: replicas }),
      });
    },
  }),
  command({
    name: 'retract',
    summary: { en: 'retract a record; nobody but its patient reads it afterwards', zh: '撤回病历；此后除患者本人外任何人不得访问' },
    example: 'RECORD --pseudonym PSEUDONYM --previous-version 2 --reason wrong-patient --as lab',
    arguments: [recordArgument],
    flags: [
      flag.pseudonym,
      previousFlag,
      {
        flags: '--reason <reason>',
        text: { en: 'why', zh: `原因：${choicesText(retractionReasonSchema.options)}` },
        required: true,
        choices: retractionReasonSchema.options,
      },
    ],
    input: z.object({ record: recordIdSchema, pseudonym: pseudonymSchema, previousVersion: version, reason: retractionReasonSchema }),
    run: (call, { record, pseudonym, previousVersion, reason }) =>
      transact(call, transactions.RetractRecord, { pseudonym, recordId: record, previousVersion, reason }, showAnswer),
  }),
];

/** What a device has signed; for whom, is told here already. @throws CliProblem `USAGE` — it is for another patient */
function signedBy(call: CommandCall, file: string | undefined, pseudonym: Pseudonym): SignedByDevice | undefined {
  if (file === undefined) return undefined;
  const signed = parsedFile(signedByDeviceSchema, file, call.terminal);
  if (signed.pseudonym !== pseudonym) throw new CliProblem('USAGE', `--device ${file}: pseudonym`);
  return signed;
}

/** Two signatures: one for the document's hash, so that the node may seal and store it; one for what the ledger will hold. */
async function publish(call: CommandCall, document: DocumentToPublish): Promise<CommandOutcome> {
  const session = await openStaffSession(call);
  try {
    if (call.options.dryRun) {
      const input = preparationOf(document);
      const transaction = signedAs(memberOperations.PrepareRecord);
      const statement = session.statementOf(transaction, input);
      return showUnsent({ to: session.node.url, transaction: qualifiedName(transaction), kind: 'submit', input, statement });
    }
    const prepared = await session.node.prepareRecord(document, session.sign);
    const published = await session.node.publishRecord(document, prepared, session.sign).catch((error: unknown) => {
      throw document.nonce === undefined ? error : new RepeatableFailure(error, repeatedBy(document.nonce, document.care));
    });
    const care = document.care === undefined ? [] : [fields(careRows(document.care))];
    return outcome(encodeOutcome(published), ...showAnswer(published.result), ...care, ...committed(published));
  } finally {
    session.close();
  }
}

/** What goes on with the same record; an encounter that was new is that one then. */
function repeatedBy(nonce: string, care: DocumentToPublish['care']): string {
  return `--nonce ${nonce}${care?.encounter === undefined ? '' : ` --encounter ${care.encounter}`}`;
}

function showAnswer(result: { readonly recordId: string; readonly version: number }): readonly Block[] {
  return [
    fields([
      [label.record, result.recordId],
      [label.version, result.version],
    ]),
  ];
}

function showRecord(record: MedicalRecord | RecordVersion, state: Text): readonly Block[] {
  return [
    fields([
      [label.record, record.recordId],
      [label.version, record.version],
      [label.state, state],
      [label.class, wordText(record.class)],
      [{ en: 'category', zh: '数据类别' }, wordText(record.category)],
      [label.level, record.dataLevel],
      [label.confidentiality, wordText(record.confidentiality)],
      ...careRows(record),
      [{ en: 'display profile', zh: '显示规范' }, record.displayProfile],
      [{ en: 'size at most', zh: '大小不超过' }, `2^${record.sizeBucket}`],
      [{ en: 'ciphertext SHA-256', zh: '密文 SHA-256' }, record.cipherSha256],
      [{ en: 'key epoch', zh: '密钥代次' }, record.keyEpoch],
      [{ en: 'made by device', zh: '生成设备' }, record.device?.deviceId],
      [{ en: 'observed', zh: '测量时间' }, record.device?.observedAt],
      [{ en: 'places', zh: '存储位置' }, record.locators.map(({ mspId, endpointId }) => `${mspId}/${endpointId}`).join(', ')],
    ]),
  ];
}

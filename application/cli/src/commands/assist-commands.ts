import { resolve } from 'node:path';
import { z } from 'zod';
import { newIdNonce } from '@lianyi/client';
import { handOverKeyHash, newHandOverCode } from '@lianyi/client/wallet';
import {
  actorTagSchema,
  assertMayDelegate,
  type AssistedProof,
  assistedStatementSchema,
  type ConsentEvidence,
  coSignatureSchema,
  delegationScopes,
  hashOfJson,
  mspIdSchema,
  pseudonymOf,
  pseudonymSchema,
  qualifiedName,
  type SignedRequest,
  type TransactionEntry,
  transactionByName,
  transactions,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { command, type CommandSpec } from '../command-spec';
import { readJson } from '../inputs';
import { openStaffSession } from '../ledger/staff-session';
import { type Block, type CommandOutcome, fields, line, outcome } from '../outcome';
import { writeNewFile } from '../private-folder';
import { ask, checkedRequest, committed, sendRequest } from '../transact';
import { agreedBlocks, withEvidence } from './consent-evidence';
import { flag, label } from './vocabulary';

const transactionLabel = { en: 'transaction', zh: '交易' };
const firstLabel = { en: 'signed by', zh: '第一签名人' };
const notYet = {
  en: 'nothing is signed or sent yet: if it is what the patient wants, once more with --yes and the check above',
  zh: '尚未签名或发送：如与患者意愿一致，请加 --yes 及上面的校验码再次执行',
};
const assistedCeremonies = ['witnessed', 'paper'] as const satisfies readonly ConsentEvidence['ceremony'][];
/** 96 bits, as of a note's name: the first of the two chooses what the statement says. */
const CHECK_DIGITS = 24;
const checkLabel = { en: 'check', zh: '校验码' };
const receiptLabel = { en: 'receipt', zh: '回执' };

export const assistCommands: readonly CommandSpec[] = [
  command({
    name: 'register',
    summary: {
      en: 'register a patient who has no device, with a receipt to hand over (registrar)',
      zh: '登记没有设备的患者，并生成交接回执（登记员）',
    },
    detail: {
      en: 'The receipt holds the hand-over code, which is nowhere else: print it, give it to the patient, delete the file. Whoever has it can take the pseudonym over with a wallet of their own (`lianyi wallet take-over`); until then two of the hospital act for the patient.',
      zh: '交接码仅存于回执：请打印交给患者并删除文件。持有者可用自己的钱包接管该假名（`lianyi wallet take-over`）；在此之前由本院两名工作人员共同代办。',
    },
    example: '--receipt receipt.txt --as registrar',
    hasNoDryRun: true,
    flags: [{ flags: '--receipt <file>', text: { en: 'the new file, mode 0600', zh: '新文件（权限 0600）' }, required: true }],
    input: z.object({ receipt: z.string() }),
    run: register,
  }),
  command({
    name: 'sign',
    summary: { en: 'sign as the first of two for a patient who has no device', zh: '作为第一人为没有设备的患者签名' },
    detail: {
      en: 'One of the two is a registrar, the other a clinician or nurse. The second signs and sends within ten minutes: `lianyi assist send`. What staff may do is in docs/acting-for-somebody.md.',
      zh: '两人之一为登记员，另一人为医师或护士。第二人须在十分钟内签名并发送：`lianyi assist send`。可代办事项见 docs/acting-for-somebody.md。',
    },
    example: 'ConsentContract:GrantPolicy --pseudonym PSEUDONYM --input grant.json --with TAG --out assisted.json --as registrar',
    hasNoDryRun: true,
    arguments: [{ term: '<transaction>', text: { en: 'Contract:Name', zh: '合约:名称' } }],
    flags: [
      flag.pseudonym,
      {
        flags: '--input <file>',
        text: { en: 'its input as JSON (- is standard input)', zh: 'JSON 输入（- 表示标准输入）' },
        required: true,
      },
      { flags: '--with <tag>', text: { en: 'the colleague who will sign as the second', zh: '第二签名人的代号' }, required: true },
      {
        flags: '--ceremony <how>',
        text: {
          en: 'of a grant: how the patient has agreed to the text that is shown',
          zh: '授予时：患者以何种方式同意所示文本',
        },
        choices: assistedCeremonies,
      },
      { flags: '--out <file>', text: { en: 'the new file for the colleague', zh: '交给第二签名人的新文件' }, required: true },
    ],
    input: z.object({
      transaction: z.string(),
      pseudonym: pseudonymSchema,
      input: z.string(),
      with: actorTagSchema,
      ceremony: z.enum(assistedCeremonies).optional(),
      out: z.string(),
    }),
    run: signFirst,
  }),
  command({
    name: 'send',
    summary: { en: 'sign as the second of two, and send', zh: '作为第二人签名并发送' },
    detail: {
      en: 'Shows first what would be signed, for whom, and signs nothing; with --yes it signs and sends just that.',
      zh: '先显示将要签名的内容及患者假名，不签名；加 --yes 及所示校验码后签名并发送。',
    },
    example: 'assisted.json --yes CHECK --as nurse',
    hasNoDryRun: true,
    arguments: [{ term: '<file>', text: { en: 'what the first has signed', zh: '第一人签名的文件' } }],
    flags: [
      {
        flags: '--yes <check>',
        text: { en: 'sign and send what was shown with this check', zh: '签名并发送与该校验码一同显示的内容' },
      },
    ],
    input: z.object({ file: z.string(), yes: z.string().optional() }),
    run: sendSecond,
  }),
];

async function register(call: CommandCall, { receipt }: { readonly receipt: string }): Promise<CommandOutcome> {
  const mspId = mspIdSchema.parse(call.actorOf('staff').profile.mspId);
  const code = newHandOverCode();
  const nonce = newIdNonce();
  const nextKeyHash = handOverKeyHash(code);
  const pseudonym = pseudonymOf({ mspId, firstKeyHash: nextKeyHash, nonce });
  const file = resolve(call.terminal.cwd, receipt);
  // before it is sent: a registration whose code nobody has would be nobody's
  writeNewFile(file, receiptText({ pseudonym, mspId, code }));
  const session = await openStaffSession(call);
  try {
    const answered = await ask(session, transactions.RegisterPatient, {
      ...{ pseudonym, nonce, suite: 'P256-SHA256', nextKeyHash, kind: 'assisted' },
    });
    const rows = fields([
      [label.pseudonym, pseudonym],
      [receiptLabel, file],
    ]);
    return outcome({ pseudonym, mspId, receipt: file }, rows, ...committed(answered));
  } finally {
    session.close();
  }
}

/** What the patient takes home. */
function receiptText({ pseudonym, mspId, code }: { readonly pseudonym: string; readonly mspId: string; readonly code: string }): string {
  return [
    '联医 Lianyi',
    '',
    `医院 hospital          ${mspId}`,
    `假名 pseudonym         ${pseudonym}`,
    `交接码 hand-over code  ${code}`,
    '',
    '请妥善保管。有了自己的设备后，可用此码接管本假名，此后医院不能再代您办理。',
    'Keep this. With a device of your own you take the pseudonym over by this code; from then on the hospital acts for you no more.',
    '',
  ].join('\n');
}

/** What goes from the first of the two to the second. */
const halfSignedSchema = z.strictObject({
  input: z.unknown(),
  statement: assistedStatementSchema,
  signature: coSignatureSchema,
});

interface First {
  readonly transaction: string;
  readonly pseudonym: z.output<typeof pseudonymSchema>;
  readonly input: string;
  readonly with: z.output<typeof actorTagSchema>;
  readonly ceremony?: (typeof assistedCeremonies)[number] | undefined;
  readonly out: string;
}

async function signFirst(call: CommandCall, first: First): Promise<CommandOutcome> {
  const { transaction, pseudonym, with: second, out } = first;
  const { profile } = call.actorOf('staff');
  const request = requestOf(transaction, inputOf(call, first));
  const session = await openStaffSession(call);
  try {
    const { lastCommand } = (await ask(session, transactions.GetPseudonym, { pseudonym })).result;
    const statement = session.assistedStatementOf(
      { transaction: request.entry, input: request.input },
      {
        ...{ pseudonym, actorTags: [actorTagSchema.parse(profile.actorTag), second] },
        ...(lastCommand === undefined ? {} : { after: lastCommand.statementHash }),
      },
    );
    const half = { input: request.input, statement, signature: session.coSign(statement) };
    const file = resolve(call.terminal.cwd, out);
    writeNewFile(file, JSON.stringify(half, null, 2));
    const rows = fields([
      [label.pseudonym, pseudonym],
      [transactionLabel, transaction],
      [label.file, file],
      [label.until, statement.notAfter],
    ]);
    return outcome({ pseudonym, transaction, file, notAfter: statement.notAfter }, rows);
  } finally {
    session.close();
  }
}

/** The input; of a grant with what was shown to the patient, where the first says how they have agreed to it. */
function inputOf(call: CommandCall, { transaction, input, ceremony }: First): unknown {
  const read = readJson(input, call.terminal);
  if (ceremony === undefined) return read;
  const grant = qualifiedName(transactions.GrantPolicy);
  if (transaction !== grant) throw new CliProblem('USAGE', `--ceremony <how>: ${grant}`);
  if (call.options.json) throw new CliProblem('USAGE', '--json, --ceremony <how>');
  checkedRequest(transactions.GrantPolicy, read);
  return withEvidence(call, transactions.GrantPolicy, transactions.GrantPolicy.request.parse(read), ceremony);
}

async function sendSecond(
  call: CommandCall,
  { file, yes }: { readonly file: string; readonly yes?: string | undefined },
): Promise<CommandOutcome> {
  const { profile } = call.actorOf('staff');
  const half = halfSignedSchema.safeParse(readJson(file, call.terminal));
  if (!half.success) throw new CliProblem('USAGE', `${file}: not what \`assist sign\` writes`);
  const { input, statement, signature } = half.data;
  const request = requestOf(statement.transaction, input);
  // the second signs what they are shown, and shows nothing that was changed on the way
  if (statement.actorTags[1] !== profile.actorTag || statement.requestHash !== hashOfJson(input) || !isAbout(statement.pseudonym, input))
    throw new CliProblem('USAGE', `${file}: of another colleague or patient, or changed since it was signed`);
  const check = checkOf(statement);
  const shown = [...shownToSecond(half.data, check), ...agreedBlocks(input, file)];
  if (yes === undefined) return outcome({ ...statement, input, check, isSent: false }, ...shown, line(notYet));
  // the file may have been changed since it was shown
  if (yes !== check) throw new CliProblem('USAGE', `${file}: not what was shown with --yes ${yes}; show it again`);
  const session = await openStaffSession(call);
  try {
    const proof: AssistedProof = { kind: 'assisted', statement, signatures: [signature, session.coSign(statement)] };
    return await sendRequest(call, session, { ...request, proof }, (result) => [
      ...shown,
      { kind: 'raw', text: JSON.stringify(result, null, 2) },
    ]);
  } finally {
    session.close();
  }
}

/** By which the second says what they were shown: so many digits of a hash of the statement, which has that of the input, that nobody makes another of the same. */
function checkOf(statement: z.output<typeof assistedStatementSchema>): string {
  return Buffer.from(hashOfJson(statement), 'base64url').toString('hex').slice(0, CHECK_DIGITS);
}

/** What the second signs: which transaction, for whom, and what it says. */
function shownToSecond({ input, statement }: z.output<typeof halfSignedSchema>, check: string): readonly Block[] {
  return [
    fields([
      [label.pseudonym, statement.pseudonym],
      [transactionLabel, statement.transaction],
      [firstLabel, statement.actorTags[0]],
      [checkLabel, check],
      [label.until, statement.notAfter],
    ]),
    { kind: 'raw', text: JSON.stringify(input, null, 2) },
  ];
}

/** Whether an input is about a patient; what names a card only, the ledger holds against whose it is. */
function isAbout(pseudonym: string, input: unknown): boolean {
  const named = z.looseObject({ pseudonym: z.string().exactOptional() }).safeParse(input).data;
  return named !== undefined && (named.pseudonym === undefined || named.pseudonym === pseudonym);
}

/** @throws {@link DomainError} `BEYOND_DELEGATION` — staff may not do this for a patient */
function requestOf(name: string, input: unknown): SignedRequest<TransactionEntry> {
  const entry = transactionByName(name);
  if (entry === undefined) throw new CliProblem('USAGE', name);
  assertMayDelegate(entry, { basis: 'assistance', scopes: delegationScopes });
  return checkedRequest<TransactionEntry>(entry, input);
}

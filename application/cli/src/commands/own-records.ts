import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { newIdNonce, newPrivateKey, publicKeyOf } from '@lianyi/client';
import { type OwnRecords } from '@lianyi/client/own-records';
import { encodeOutcome, ownTicketIdOf, type Pseudonym, pseudonymSchema, type RecordId, recordIdSchema, transactions } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { CliProblem, lacking } from '../cli-problem';
import { command } from '../command-spec';
import { exitCode } from '../exit-code';
import { list } from '../inputs';
import { type PatientLedgerSession, withPatientSession } from '../ledger/patient-session';
import { soleOf } from '../ledger/pseudonym';
import { type Block, type CommandOutcome, fields, line, outcome } from '../outcome';
import { byWhoseWord, checkedRequest, committed, dryRun } from '../transact';
import { showDenials } from './denials';
import { tellDisagreement, written } from './read-document';
import { flag, label } from './vocabulary';
import { stateText } from './words';

const input = z.object({
  records: list(recordIdSchema),
  pseudonym: pseudonymSchema.optional(),
  out: z.string().optional(),
  outDir: z.string().optional(),
  stdout: z.boolean().default(false),
  unwitnessed: z.boolean().default(false),
  through: z.string().optional(),
});
type Input = z.output<typeof input>;

/** A patient opens records of their own. */
export const openOwnCommand = command({
  name: 'open',
  summary: {
    en: 'open your own records, whatever you have granted or forbidden to others (patient)',
    zh: '打开本人的病历，不受对他人的授权或禁止影响（患者）',
  },
  detail: {
    en: 'For the patient, and for a parent or whom a court has appointed. The command and its decision stand on the ledger and in your audit; the keys are sealed to a key that never leaves this program. What comes is compared with the custodian’s signature and with the ledger as the profile’s witness (another member’s node) has it. A record that its hospital has retracted opens too, as it was before, and is marked; one that was retracted as another person’s does not.',
    zh: '供患者本人、父母或法院指定的代理人使用。该命令及其决定写入账本，并列入患者的审计；密钥密封给从不离开本程序的临时密钥。所取内容与保管机构的签名以及见证节点（身份配置中另一成员的节点）所述的账本核对。医院已撤回的病历也可打开（撤回前的最后版本），并予以标明；因属他人而撤回的除外。',
  },
  example: 'RECORD --out report.json --as patient',
  arguments: [{ term: '<records>', text: { en: 'records, at most 16, with commas between', zh: '病历编号，最多 16 个，以逗号分隔' } }],
  flags: [
    flag.ownPseudonym,
    { flags: '--out <file>', text: { en: 'write the only record here, mode 0600', zh: '写入文件（仅一份病历，权限 0600）' } },
    {
      flags: '--out-dir <folder>',
      text: { en: 'write each record here as RECORD.json, mode 0600', zh: '将各份病历写入此文件夹，名为“病历编号.json”（权限 0600）' },
    },
    { flags: '--stdout', text: { en: 'print the only record’s bytes and nothing else', zh: '只输出病历原文（仅一份病历）' } },
    { flags: '--unwitnessed', text: { en: 'take the carrying node’s word for what the ledger has', zh: '仅凭转送节点所述的账本内容' } },
    {
      flags: '--through <profile>',
      text: {
        en: 'through the node of this profile, of any member (that of the pseudonym’s hospital)',
        zh: '经由此身份配置的节点，任一成员均可（默认假名所属医院的节点）',
      },
    },
  ],
  input,
  run: open,
});

async function open(call: CommandCall, asked: Input): Promise<CommandOutcome> {
  call.actorOf('patient');
  const fileOf = targetOf(call, asked);
  return withOwnRecords(call, asked, async (own, word) => {
    const opened = asked.records.filter((record) => !own.denials.some(({ recordId }) => recordId === record));
    if (fileOf === undefined) return printed(call, own, opened);
    return delivered(own, opened, fileOf, word, (record) => {
      tellRetracted(call, record);
    });
  });
}

type Word = ReturnType<typeof byWhoseWord>;
type AskedOwn = Pick<Input, 'records' | 'pseudonym' | 'unwitnessed' | 'through'>;

/** Asks for records of the patient's own, and hands on what opens those that are permitted. A dry run and a denial of all of them end here. */
export async function withOwnRecords(
  call: CommandCall,
  { pseudonym: named, records, unwitnessed, through }: AskedOwn,
  use: (own: OwnRecords, word: Word) => Promise<CommandOutcome>,
): Promise<CommandOutcome> {
  const pseudonym = await soleOf(call, named);
  return withPatientSession(call, { signer: pseudonym, through }, async (session) => {
    if (call.options.dryRun) return unsent(session, pseudonym, records);
    const own = await session.openOwnRecords({ pseudonym, recordIds: records }, { isUnwitnessed: unwitnessed });
    const { told, url } = await session.carriageOf(pseudonym);
    const word = byWhoseWord(unwitnessed ? { toldBy: url, isWitnessed: false } : told);
    return own.outcome.result.decision === 'deny' ? denied(own, word) : use(own, word);
  });
}

async function unsent(session: PatientLedgerSession, pseudonym: Pseudonym, recordIds: readonly RecordId[]): Promise<CommandOutcome> {
  const nonce = newIdNonce();
  const ephemeralPublicKey = publicKeyOf(newPrivateKey());
  const { mspId } = (await session.carriageOf(pseudonym)).own;
  const shown = { ticketId: ownTicketIdOf({ pseudonym, nonce }), nonce, pseudonym, recordIds, ephemeralPublicKey, mspId };
  return dryRun(await session.unsent(checkedRequest(transactions.OpenOwnRecords, shown)));
}

/** Where the texts go, a file for each record or none; decided before anything is asked, so that no key is released for nothing. */
function targetOf({ terminal, options }: CommandCall, asked: Omit<Input, 'pseudonym'>): ((record: RecordId) => string) | undefined {
  const { records, out, outDir, stdout } = asked;
  const said = [out === undefined ? [] : '--out <file>', outDir === undefined ? [] : '--out-dir <folder>', stdout ? '--stdout' : []].flat();
  if (said.length === 0) throw new CliProblem('DOCUMENT_UNASKED', records.join(', '));
  if (said.length > 1) throw new CliProblem('USAGE', said.join(', '));
  if (outDir === undefined && records.length > 1) throw lacking('--out-dir <folder>');
  if (options.json && stdout) throw new CliProblem('USAGE', '--json, --stdout');
  return stdout ? undefined : filesIn(terminal.cwd, asked);
}

/** @throws {@link CliProblem} `FILE_EXISTS` */
function filesIn(cwd: string, { records, out = '', outDir }: Omit<Input, 'pseudonym'>): (record: RecordId) => string {
  const fileOf = (record: RecordId): string => (outDir === undefined ? resolve(cwd, out) : join(resolve(cwd, outDir), `${record}.json`));
  const taken = records.map(fileOf).find((file) => existsSync(file));
  if (taken !== undefined) throw new CliProblem('FILE_EXISTS', taken);
  return fileOf;
}

function denied({ outcome: answered, denials }: OwnRecords, word: Word): CommandOutcome {
  const { ticketId, decision } = answered.result;
  const rows = fields([[label.ticket, ticketId], [label.decision, stateText(decision)], word]);
  const shown = [rows, ...showDenials(denials), ...committed(answered)];
  return { ...outcome(encodeOutcome(answered), ...shown), exitCode: exitCode.denied };
}

async function printed(call: CommandCall, own: OwnRecords, records: readonly RecordId[]): Promise<CommandOutcome> {
  for (const record of records) {
    const opened = await own.open(record);
    // beside the bytes, never among them
    if (opened.isRetracted) tellRetracted(call, record);
    tellDisagreement(call, opened);
    call.terminal.out(opened.bytes);
  }
  return { data: {}, view: [], silent: true };
}

/** Told at once: what comes after it may fail. @returns what was told */
export function tellRetracted(call: CommandCall, record: RecordId): string {
  const told = RETRACTED[1][call.options.language];
  call.terminal.err(`${record}: ${told}\n`);
  return told;
}

/** Opens each record, writes it into its file, and lays out how it came. */
export async function delivered(
  own: OwnRecords,
  records: readonly RecordId[],
  fileOf: (record: RecordId) => string,
  word: Word,
  onRetracted: (record: RecordId) => void,
): Promise<CommandOutcome> {
  const opened: object[] = [];
  const view: Block[] = [];
  for (const record of records) {
    const { isRetracted, ...document } = await own.open(record);
    const file = fileOf(record);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const { data, rows } = written(file, document);
    if (isRetracted) onRetracted(record);
    opened.push({ ...data, isRetracted });
    view.push(fields([...rows, ...(isRetracted ? [RETRACTED] : [])]), line(''));
  }
  const { outcome: answered } = own;
  return outcome(
    { ...encodeOutcome(answered), opened },
    ...view,
    ...showDenials(own.denials),
    fields([[label.ticket, answered.result.ticketId], word]),
    ...committed(answered),
  );
}

const RETRACTED = [
  label.state,
  { en: 'retracted by its hospital since; this is the last version before', zh: '医院其后已撤回；此为撤回前的最后版本' },
] as const;

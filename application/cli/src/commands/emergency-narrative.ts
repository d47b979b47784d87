import { z } from 'zod';
import { forgetGlass, keptGlass } from '@lianyi/client/node';
import { DomainError, saltSchema, ticketIdSchema, transactions, type Transient } from '@lianyi/domain';
import { commitmentOf } from '@lianyi/domain/deciding';
import { type CommandCall } from '../call';
import { lacking } from '../cli-problem';
import { command, type CommandSpec, type Flag } from '../command-spec';
import { parsedFile } from '../inputs';
import { type Text } from '../language';
import { type CommandOutcome, fields, outcome } from '../outcome';
import { ask, checkedRequest, dryRun, sendRequest, withSession } from '../transact';
import { narrativeRequest } from './broken-glass';
import { label } from './vocabulary';

/** What is in the file of a narrative. */
export const narrativeFileSchema = transactions.PutEmergencyNarrative.transient.pick({ text: true });
export const narrativeFileText: Text = {
  en: 'The file is JSON: {"text": "…"}. The own hospital keeps it in its private data; the ledger has a salted hash of it.',
  zh: '文件为 JSON：{"text": "……"}。内容保存在本院的私有数据中，账本上只有其加盐哈希。',
};

const ticketArgument = { term: '<ticket>', text: label.ticket };
const saidFlags: readonly Flag[] = [
  { flags: '--narrative-file <file>', text: { en: 'what happened, as JSON', zh: '经过（JSON）' } },
  { flags: '--salt <salt>', text: { en: 'the salt that was committed to with it', zh: '申请时所用的盐' } },
];
const saidInput = z.object({ ticket: ticketIdSchema, narrativeFile: z.string().optional(), salt: saltSchema.optional() });
type Said = z.output<typeof saidInput>;

export const narrativeCommands: readonly CommandSpec[] = [
  command({
    name: 'narrative',
    summary: { en: 'show what happened, as who asked tells it (privacy officer)', zh: '显示申请人所述经过（隐私专员）' },
    detail: {
      en: 'Of the own hospital, what it keeps; with --narrative-file and --salt what another hospital has told. It is held against what was committed to when it was asked: HASH_MISMATCH for another text.',
      zh: '默认显示本院所存内容；用 --narrative-file 和 --salt 核对其他医院告知的内容。均与申请时的承诺核对，不符则为 HASH_MISMATCH。',
    },
    example: 'TICKET --as privacy-officer',
    arguments: [ticketArgument],
    flags: saidFlags,
    input: saidInput,
    run: showNarrative,
  }),
  command({
    name: 'tell',
    summary: { en: 'keep what happened, where that has not been done yet (clinician)', zh: '补存急诊经过（临床人员）' },
    detail: {
      en: `By default as it is kept beside the ticket’s key since it was asked. ${narrativeFileText.en}`,
      zh: `默认采用申请时保存在凭单密钥旁的内容。${narrativeFileText.zh}`,
    },
    example: 'TICKET --as clinician',
    arguments: [ticketArgument],
    flags: saidFlags,
    input: saidInput,
    run: tellWhatHappened,
  }),
];

type Narrative = Transient<typeof transactions.PutEmergencyNarrative>;

/** @throws CliProblem `USAGE` — text without its salt, or the other way round */
function saidIn(call: CommandCall, { narrativeFile, salt }: Said): Narrative | undefined {
  if (narrativeFile === undefined && salt === undefined) return undefined;
  if (narrativeFile === undefined) throw lacking('--narrative-file <file>');
  if (salt === undefined) throw lacking('--salt <salt>');
  return { text: parsedFile(narrativeFileSchema, narrativeFile, call.terminal).text, salt };
}

/** What a hospital keeps, or tells, is worth what was committed to: its own peers write it, and its node answers. */
async function showNarrative(call: CommandCall, input: Said): Promise<CommandOutcome> {
  const { ticket: ticketId } = input;
  const said = saidIn(call, input);
  return withSession(call, async (session) => {
    const entry = said === undefined ? transactions.GetEmergencyNarrative : transactions.GetEmergency;
    if (call.options.dryRun) return dryRun(await session.unsent(checkedRequest(entry, { ticketId })));
    const { text, salt } = said ?? (await ask(session, transactions.GetEmergencyNarrative, { ticketId })).result;
    const { emergency } = (await ask(session, transactions.GetEmergency, { ticketId })).result;
    if (commitmentOf({ ticketId, text, salt }) !== emergency.narrativeCommitment)
      throw new DomainError('HASH_MISMATCH', undefined, { entity: 'emergencyNarrative' });
    return outcome(
      { result: { ticketId, text, salt } },
      fields([
        [{ en: 'what happened', zh: '经过' }, text],
        [{ en: 'salt', zh: '盐' }, salt],
      ]),
    );
  });
}

async function tellWhatHappened(call: CommandCall, input: Said): Promise<CommandOutcome> {
  const { ticket: ticketId } = input;
  const { loaded } = call.actorOf('staff');
  const request = narrativeRequest(ticketId, saidIn(call, input) ?? (await keptGlass(loaded, ticketId)).narrative);
  const shown = await withSession(call, (session) =>
    sendRequest(call, session, request, (told) => [fields([[label.ticket, told.ticketId]])]),
  );
  if (!call.options.dryRun) forgetGlass(loaded, ticketId);
  return shown;
}

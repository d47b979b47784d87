import { resolve } from 'node:path';
import { z } from 'zod';
import { newSalt } from '@lianyi/client';
import {
  capacityCommitment,
  capacityEvidenceSchema,
  encodeBase64url,
  type EvidenceOf,
  type Output,
  type Pseudonym,
  pseudonymSchema,
  saltSchema,
  type Sha256,
  transactions,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { command, type CommandSpec, type Flag } from '../command-spec';
import { parsedFile } from '../inputs';
import { type Text } from '../language';
import { type Block, fields } from '../outcome';
import { writeNewFile } from '../private-folder';
import { transact } from '../transact';
import { flag, label } from './vocabulary';
import { stateText } from './words';

const evidenceFlag: Flag = {
  flags: '--evidence-file <file>',
  text: { en: 'what was found or shown, as JSON', zh: '所见或所出示的内容（JSON）' },
  required: true,
};
const outFlag: Flag = {
  flags: '--out <file>',
  text: { en: 'the new file for the colleague of the other hospital, with the salt', zh: '交给另一家医院同事的新文件（含盐）' },
  required: true,
};
const firstInput = z.object({ pseudonym: pseudonymSchema, evidenceFile: z.string(), out: z.string() });
const secondInput = z.object({ pseudonym: pseudonymSchema, evidenceFile: z.string() });
const file: Text = {
  en: 'The file is JSON: {"shown": "…"}. It stays with the two hospitals; the ledger has a salted hash of it. The colleague gets the file of --out.',
  zh: '文件为 JSON：{"shown": "……"}。文件留存两家医院，账本上只有其加盐哈希。--out 的文件交给对方医院的同事。',
};

type First = typeof transactions.DeclareIncapacity | typeof transactions.ProposeDeath | typeof transactions.DisputeDeath;
type Second = typeof transactions.ConfirmIncapacity | typeof transactions.ConfirmDeath | typeof transactions.RevokeDeath;

/** What the first of two says, with a new salt for the second. */
function first(of: EvidenceOf, entry: First, words: { readonly name: string; readonly summary: Text }, role: string): CommandSpec {
  return command({
    ...words,
    detail: file,
    example: `--pseudonym PSEUDONYM --evidence-file shown.json --out evidence.json --as ${role}`,
    hasNoDryRun: true,
    flags: [flag.pseudonym, evidenceFlag, outFlag],
    input: firstInput,
    run: (call, { pseudonym, evidenceFile, out }) => {
      const { shown } = parsedFile(capacityEvidenceSchema.omit({ salt: true }), evidenceFile, call.terminal);
      const evidence = { shown, salt: saltSchema.parse(encodeBase64url(newSalt())) };
      writeNewFile(resolve(call.terminal.cwd, out), JSON.stringify(evidence, null, 2));
      return say(call, entry, pseudonym, capacityCommitment(of, pseudonym, evidence));
    },
  });
}

/** What the second says, who was shown the same. */
function second(of: EvidenceOf, entry: Second, words: { readonly name: string; readonly summary: Text }, role: string): CommandSpec {
  return command({
    ...words,
    example: `--pseudonym PSEUDONYM --evidence-file evidence.json --as ${role}`,
    hasNoDryRun: true,
    flags: [flag.pseudonym, evidenceFlag],
    input: secondInput,
    run: (call, { pseudonym, evidenceFile }) =>
      say(call, entry, pseudonym, capacityCommitment(of, pseudonym, parsedFile(capacityEvidenceSchema, evidenceFile, call.terminal))),
  });
}

function say(call: CommandCall, entry: First | Second, pseudonym: Pseudonym, evidence: Sha256) {
  return transact<First | Second>(call, entry, { pseudonym, evidence }, showState);
}

export const capacityCommands: readonly CommandSpec[] = [
  first(
    'incapacity',
    transactions.DeclareIncapacity,
    { name: 'declare', summary: { en: 'declare that a patient cannot decide (clinician)', zh: '声明患者无法自行决定（临床人员）' } },
    'clinician',
  ),
  second(
    'incapacity',
    transactions.ConfirmIncapacity,
    {
      name: 'confirm',
      summary: { en: 'confirm it, having found the same (clinician of another hospital)', zh: '查实后予以确认（另一家医院的临床人员）' },
    },
    'clinician-b',
  ),
  command({
    name: 'show',
    summary: { en: 'show what was declared', zh: '显示所作声明' },
    example: '--pseudonym PSEUDONYM --as clinician',
    flags: [flag.pseudonym],
    input: z.object({ pseudonym: pseudonymSchema }),
    run: (call, { pseudonym }) => transact(call, transactions.GetIncapacity, { pseudonym }, showState),
  }),
];

export const deathCommands: readonly CommandSpec[] = [
  first(
    'death',
    transactions.ProposeDeath,
    { name: 'propose', summary: { en: 'say that a patient has died (registrar)', zh: '提出患者死亡登记（登记员）' } },
    'registrar',
  ),
  second(
    'death',
    transactions.ConfirmDeath,
    {
      name: 'confirm',
      summary: {
        en: 'record it, having been shown the same (registrar of another hospital)',
        zh: '核对同样的证明后登记死亡（另一家医院的登记员）',
      },
    },
    'registrar-b',
  ),
  first(
    'life',
    transactions.DisputeDeath,
    {
      name: 'dispute',
      summary: { en: 'say that a recorded death is wrong (another registrar)', zh: '提出死亡登记有误（另一名登记员）' },
    },
    'registrar-2',
  ),
  second(
    'life',
    transactions.RevokeDeath,
    {
      name: 'revoke',
      summary: {
        en: 'take the record back (registrar of another hospital, who has not recorded it)',
        zh: '撤回死亡登记（另一家医院且未参与登记的登记员）',
      },
    },
    'registrar-c',
  ),
  command({
    name: 'show',
    summary: { en: 'show what was said of a patient’s death', zh: '显示死亡登记情况' },
    example: '--pseudonym PSEUDONYM --as registrar',
    flags: [flag.pseudonym],
    input: z.object({ pseudonym: pseudonymSchema }),
    run: (call, { pseudonym }) => transact(call, transactions.GetDeath, { pseudonym }, showState),
  }),
];

function showState({ pseudonym, state }: Pick<Output<First | Second>, 'pseudonym' | 'state'>): readonly Block[] {
  return [
    fields([
      [label.pseudonym, pseudonym],
      [label.state, stateText(state)],
    ]),
  ];
}

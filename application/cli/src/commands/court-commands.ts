import { resolve } from 'node:path';
import { z } from 'zod';
import { newSalt } from '@lianyi/client';
import { capacityCommitment, capacityEvidenceSchema, encodeBase64url, pseudonymSchema, saltSchema, transactions } from '@lianyi/domain';
import { command, type CommandSpec } from '../command-spec';
import { parsedFile } from '../inputs';
import { parseMoment } from '../moment';
import { writeNewFile } from '../private-folder';
import { transact } from '../transact';
import { confirmDetail, confirmFlags, confirmInput, confirmShown } from './confirm-delegation';
import { delegationArgument, evidenceFlag, offerFlags, offerInput, showDelegationState } from './delegation-offer';
import { flag } from './vocabulary';

/** Whom a court has named. */
export const courtCommands: readonly CommandSpec[] = [
  command({
    name: 'propose-court',
    summary: { en: 'propose that somebody act whom a court has named (registrar)', zh: '提出法院指定的代理人（登记员）' },
    detail: {
      en: 'The file is JSON: {"shown": "which decision of which court"}. It stays with the two hospitals; the ledger has a salted hash of it. A registrar of another hospital confirms with the file of --out. The end is that of the decision, at most five years ahead.',
      zh: '文件为 JSON：{"shown": "哪家法院的哪份裁判"}。文件留存两家医院，账本上只有其加盐哈希。另一家医院的登记员凭 --out 的文件确认。截止时间为裁判所定期限，最长五年。',
    },
    example:
      '--pseudonym PSEUDONYM --delegation DELEGATION --nonce NONCE --next-key-hash HASH --scopes consents,view --until +365d --evidence-file decision.json --out evidence.json --as registrar',
    hasNoDryRun: true,
    flags: [
      flag.pseudonym,
      ...offerFlags,
      evidenceFlag,
      {
        flags: '--out <file>',
        text: { en: 'the new file for the registrar of the other hospital, with the salt', zh: '交给另一家医院登记员的新文件（含盐）' },
        required: true,
      },
    ],
    input: z.object({ pseudonym: pseudonymSchema, ...offerInput, evidenceFile: z.string(), out: z.string() }),
    run: async (call, { pseudonym, delegation, until, evidenceFile, out, ...offer }) => {
      const { shown } = parsedFile(capacityEvidenceSchema.omit({ salt: true }), evidenceFile, call.terminal);
      const evidence = { shown, salt: saltSchema.parse(encodeBase64url(newSalt())) };
      writeNewFile(resolve(call.terminal.cwd, out), JSON.stringify(evidence, null, 2));
      const input = {
        ...{ pseudonym, delegationId: delegation, ...offer, basis: 'court' as const },
        validUntil: parseMoment(until, call.terminal, 'end'),
        evidence: capacityCommitment('court', pseudonym, evidence),
      };
      return transact(call, transactions.ProposeDelegation, input, showDelegationState);
    },
  }),
  command({
    name: 'confirm-court',
    summary: {
      en: 'confirm whom a court has named, having been shown the same decision (registrar of another hospital)',
      zh: '核对同一裁判后确认法院指定的代理人（另一家医院的登记员）',
    },
    detail: confirmDetail,
    example:
      'DELEGATION --pseudonym PSEUDONYM --nonce NONCE --next-key-hash HASH --evidence-file evidence.json --yes CHECK --as registrar-b',
    hasNoDryRun: true,
    arguments: [delegationArgument],
    flags: confirmFlags,
    input: confirmInput,
    run: (call, { evidenceFile, ...input }) => {
      const evidence = capacityCommitment('court', input.pseudonym, parsedFile(capacityEvidenceSchema, evidenceFile, call.terminal));
      return confirmShown(call, input, { basis: 'court', evidence });
    },
  }),
];

import { z } from 'zod';
import { newIdNonce } from '@lianyi/client';
import {
  actorTagSchema,
  type DeniedRecord,
  idNonceSchema,
  mspIdSchema,
  pseudonymSchema,
  type RecordId,
  recordIdSchema,
  type TicketId,
  ticketIdOf,
  transactions,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { command, type CommandSpec } from '../command-spec';
import { list } from '../inputs';
import { exitCode } from '../exit-code';
import { type Block, type CommandOutcome, fields, line, outcome } from '../outcome';
import { transact } from '../transact';
import { AT_ONCE, type LedTo } from './emergency-card';
import { flag, label } from './vocabulary';

const signerLabel = { en: 'countersigned by', zh: '会签人' };

/** A second person signs before an emergency. */
export const countersignCommand: CommandSpec = command({
  name: 'countersign',
  summary: {
    en: 'let a colleague of another department open records in an emergency (clinician, privacy officer)',
    zh: '会签其他科室同事的急诊访问（临床人员、隐私专员）',
  },
  detail: {
    en: 'Needed where the members have set it (`governance show emergency-signers`). The colleague’s denied `access emergency` prints this command: look whether patient and records are those of whom they tell. It opens nothing by itself, is good for half an hour, and for these records alone; the patient is told, and who signs does not review.',
    zh: '仅在成员已设定时需要（见 `governance show emergency-signers`）。同事的 `access emergency` 被拒时会给出本命令：请核对患者与病历是否与其所述一致。会签本身不打开任何内容，半小时内有效，且仅限所列病历；患者会得知，会签人不得复核。',
  },
  example: 'TAG --nonce NONCE --pseudonym PSEUDONYM --records RECORD --as surgeon',
  arguments: [{ term: '<asker>', text: { en: 'who will ask (tag)', zh: '申请人代号' } }],
  flags: [
    { flags: '--nonce <nonce>', text: { en: 'by which they will ask', zh: '申请时所用的随机数' }, required: true },
    flag.pseudonym,
    { flags: '--records <list>', text: { en: 'records, at most 16', zh: '病历，最多 16 份' }, required: true },
  ],
  input: z.object({ asker: actorTagSchema, nonce: idNonceSchema, pseudonym: pseudonymSchema, records: list(recordIdSchema) }),
  run: (call, { asker, nonce, pseudonym, records: recordIds }) => {
    const { profile } = call.actorOf('staff');
    const ticketId = ticketIdOf({ mspId: mspIdSchema.parse(profile.mspId), actorTag: asker, nonce });
    return transact(call, transactions.CountersignEmergency, { ticketId, nonce, pseudonym, recordIds, asker }, (signed) => [
      fields([
        [label.ticket, signed.ticketId],
        [signerLabel, signed.signer],
        [label.until, signed.until],
      ]),
    ]);
  },
});

interface Wanted {
  readonly data: object;
  readonly view: readonly Block[];
}

/** Where a card has led only to what a second person has to sign for: nothing is asked for, and nothing committed but that the card was shown. */
export function onlyWithSecond(call: CommandCall, ticketId: TicketId, of: LedTo): CommandOutcome {
  const wanted = wantedSignature(call, of, []);
  const { en, zh } = { en: 'Nothing opens by one person alone.', zh: '凭一人之名不能打开任何病历。' };
  return {
    ...outcome(
      { ticketId, pseudonym: of.pseudonym, records: [], ...wanted?.data },
      line({ en, zh }),
      ledToRows(of),
      ...(wanted?.view ?? []),
    ),
    exitCode: exitCode.denied,
  };
}

/** What the card has led to, which nobody has typed. */
export function ledToRows({ pseudonym, recordIds, withSecond, others }: LedTo): Block {
  const listed = (ids: readonly RecordId[]): string | undefined => (ids.length === 0 ? undefined : ids.join(', '));
  return fields([
    [label.pseudonym, pseudonym],
    [label.record, listed(recordIds)],
    [{ en: 'opens if a second person countersigns', zh: '须会签方可打开' }, listed(withSecond)],
    [{ en: 'not asked for', zh: '未申请的其余份数' }, others === 0 ? undefined : String(others)],
  ]);
}

/** Where a second person has to sign: what they would run, by a new nonce, and with what it is asked again; undefined where nobody has to. */
export function wantedSignature(call: CommandCall, { pseudonym, withSecond }: LedTo, denials: readonly DeniedRecord[]): Wanted | undefined {
  const denied = denials.filter(({ reasons }) => reasons.includes('COUNTERSIGNATURE_MISSING')).map(({ recordId }) => recordId);
  const recordIds = [...denied, ...withSecond].slice(0, AT_ONCE);
  if (recordIds.length === 0) return undefined;
  const nonce = newIdNonce();
  const asker = call.actorOf('staff').profile.actorTag;
  const of = `--nonce ${nonce} --pseudonym ${pseudonym} --records ${recordIds.join(',')}`;
  return {
    data: { countersign: { asker, nonce, pseudonym, recordIds } },
    view: [
      line({ en: 'Somebody of another department runs:', zh: '请其他科室的同事执行：' }),
      { kind: 'raw', text: `lianyi emergency countersign ${asker} ${of}` },
      line({ en: 'Then ask again, with their tag:', zh: '然后以其代号重新申请：' }),
      { kind: 'raw', text: `lianyi access emergency ${of} --second TAG …` },
    ],
  };
}

import { encodeOutcome, isContributed, type MedicalRecord, perform, transactions } from '@lianyi/domain';
import { retainedUntil } from '@lianyi/domain/deciding';
import { type CommandCall } from '../call';
import { command, type CommandSpec } from '../command-spec';
import { type LedgerSession } from '../ledger/session';
import { localTime } from '../local-time';
import { type Block, type CommandOutcome, outcome, table } from '../outcome';
import { ask, checkedRequest, dryRun, withSession } from '../transact';
import { ownPage, ownPageFlags, ownPageInput, restOfPage } from './paging';
import { label } from './vocabulary';
import { contributedText, stateText, wordText } from './words';

/** A patient's records, and until when the law of records has each kept. */
export const recordListCommand: CommandSpec = command({
  name: 'list',
  summary: { en: 'list a patient’s records (patient, recordAdmin of the custodian)', zh: '列出患者的病历（患者、保管机构病案管理员）' },
  detail: {
    en: 'Where the members have set how long a class must be kept (`governance show retention-periods`), each record says until when its hospital may not purge it; what is held besides, `hold show` tells.',
    zh: '成员已设定保存期限的类别（见 `governance show retention-periods`），会列出其医院在何时之前不得清除；另有保全的，见 `hold show`。',
  },
  example: '--as patient',
  flags: ownPageFlags,
  input: ownPageInput,
  run: async (call, input) => showRecords(call, await ownPage(call, input)),
});

async function showRecords(call: CommandCall, asked: Awaited<ReturnType<typeof ownPage>>): Promise<CommandOutcome> {
  return withSession(
    call,
    async (session) => {
      const request = checkedRequest(transactions.ListRecords, asked);
      if (call.options.dryRun) return dryRun(await session.unsent(request));
      const answered = await perform(session.ledger, request);
      const { items, ...rest } = answered.result;
      const kept = items.length === 0 ? new Map<string, string>() : await keptUntil(session, items);
      const told = kept.size === 0 ? {} : { retainedUntil: Object.fromEntries(kept) };
      return outcome({ ...encodeOutcome(answered), ...told }, recordTable(call, items, kept), ...restOfPage(rest));
    },
    asked.pseudonym,
  );
}

/** Until when each record must be kept, as the members have set it for its class; of those of which nothing is said, nothing. */
async function keptUntil(session: LedgerSession, items: readonly MedicalRecord[]): Promise<ReadonlyMap<string, string>> {
  const { setting } = (await ask(session, transactions.GetParameter, { name: 'retention-periods' })).result;
  if (setting.name !== 'retention-periods') return new Map();
  return new Map(
    items.flatMap((record) => {
      const until = retainedUntil(record, setting.value);
      return until === undefined ? [] : [[record.recordId, until] as const];
    }),
  );
}

function recordTable(call: CommandCall, items: readonly MedicalRecord[], kept: ReadonlyMap<string, string>): Block {
  const retained = kept.size === 0 ? [] : [{ en: 'kept by law until', zh: '依法保存至' }];
  return table(
    [
      ...[label.record, label.version, label.class, label.level, label.confidentiality, label.state],
      ...[{ en: 'custodian', zh: '保管机构' }, { en: 'anchored', zh: '登记时间' }, ...retained],
    ],
    items.map((record) => {
      const until = kept.get(record.recordId);
      return [
        ...[
          record.recordId,
          record.version,
          isContributed(record) ? contributedText(record.class) : wordText(record.class),
          record.dataLevel,
          wordText(record.confidentiality),
        ],
        ...[stateText(record.state), record.custodianMspId, record.anchoredAt],
        ...(kept.size === 0 ? [] : [until === undefined ? undefined : localTime(until, call.terminal.timeZone)]),
      ];
    }),
  );
}

import { DomainError, type Identifier, type Pseudonym, type RecordId } from '@lianyi/domain';
import { type Journal, type Entry } from '../journal/journal';
import { fileMerge } from '../journal/merges';
import { notedReport, noteReport, placeReport, reportBefore, unplaceReport } from '../journal/reports';
import { type MessagePlan } from '../message/plan';
import { workFailure } from './failure';
import { type OwnHospital } from './hospital';

/**
 * Does what a message asks for, and writes down that it is done.
 * @throws {@link DomainError} `PATIENT_NOT_LINKED`, `PATIENT_AMBIGUOUS`; as {@link OwnHospital}
 */
export async function carryOut(
  entry: Entry,
  plan: MessagePlan,
  { journal, hospital }: { readonly journal: Journal; readonly hospital: OwnHospital },
): Promise<void> {
  const { id } = entry;
  if (plan.does === 'publish') {
    await publish(entry, plan, { journal, hospital });
    return;
  }
  await journal.write(() => {
    // of an admission nothing is needed: who a number belongs to is on the ledger
    if (plan.does === 'propose-merge') fileMerge(journal, id, plan);
    journal.done(id, undefined);
  });
}

type Publication = Extract<MessagePlan, { readonly does: 'publish' }>;
interface Parts {
  readonly journal: Journal;
  readonly hospital: OwnHospital;
}

async function publish({ id, nonce }: Entry, plan: Publication, { journal, hospital }: Parts): Promise<void> {
  const { bytes, described, details, careMonths, order } = plan;
  // before anything is waited for, so that reports stand in the order of their coming
  if (order !== undefined)
    await journal.write(() => {
      noteReport(journal, nonce, order.key);
    });
  const pseudonym = await onlyPseudonym(plan.numbers, hospital);
  const amends = order?.isCorrection === true ? await correctedBy(nonce, { key: order.key, pseudonym }, { journal, hospital }) : undefined;
  const document = { pseudonym, nonce, bytes, described, details };
  const more = { ...(careMonths === undefined ? {} : { care: { careMonths } }), ...(amends === undefined ? {} : { amends }) };
  const { recordId } = await hospital.publish({ ...document, ...more }).catch(async (error: unknown) => {
    throw await asTakenPlace(error, nonce, journal);
  });
  await journal.write(() => {
    journal.done(id, recordId);
    if (order !== undefined) placeReport(journal, nonce, { pseudonym, recordId, version: amends?.version ?? 1 }, true);
  });
}

/**
 * The version that a correction is of the record of the report before it; undefined where there is none, or it is of another patient: then it is a record of
 * its own.
 * @throws {@link DomainError} `PREPARATION_IN_USE` — the report before it is not published yet
 */
async function correctedBy(
  nonce: string,
  { key, pseudonym }: { readonly key: string; readonly pseudonym: Pseudonym },
  { journal, hospital }: Parts,
): Promise<{ readonly recordId: RecordId; readonly version: number } | undefined> {
  const planned = notedReport(journal, nonce);
  if (planned?.recordId && planned.version !== null) return { recordId: planned.recordId, version: planned.version };
  const before = reportBefore(journal, nonce, key);
  if (before === undefined) return undefined;
  const { recordId, isDone } = before;
  if (!isDone || recordId === null) throw new DomainError('PREPARATION_IN_USE');
  if (before.pseudonym !== pseudonym) return undefined;
  const version = (await hospital.versionOf({ pseudonym, recordId })) + 1;
  await journal.write(() => {
    placeReport(journal, nonce, { pseudonym, recordId, version }, false);
  });
  return { recordId, version };
}

/** Where somebody else has written the version meanwhile, the next one is meant. */
async function asTakenPlace(error: unknown, nonce: string, journal: Journal): Promise<unknown> {
  if (workFailure(error).code !== 'VERSION_CONFLICT') return error;
  await journal.write(() => {
    unplaceReport(journal, nonce);
  });
  return new DomainError('LEDGER_CONFLICT', undefined, {}, { cause: error });
}

async function onlyPseudonym(numbers: readonly Identifier[], hospital: OwnHospital): Promise<Pseudonym> {
  const found = await Promise.all(numbers.map((number) => hospital.pseudonymOf(number)));
  const pseudonyms = new Set(found.filter((each) => each !== undefined));
  const [only] = pseudonyms;
  if (only === undefined) throw new DomainError('PATIENT_NOT_LINKED', undefined, { segment: 'PID', field: 3 });
  if (pseudonyms.size > 1) throw new DomainError('PATIENT_AMBIGUOUS', undefined, { segment: 'PID', field: 3 });
  return only;
}

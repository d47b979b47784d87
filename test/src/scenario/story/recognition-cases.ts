import { memberOperations, newIdNonce } from '@lianyi/client';
import {
  actorTagSchema,
  declineReasons,
  type Grantee,
  granteeSchema,
  mspIdSchema,
  type Output,
  recognitionIdOf,
  type Request,
  transactions,
} from '@lianyi/domain';
import { itemCommitmentOf, recognitionReport } from '@lianyi/domain/deciding';
import { type BlockTransaction, CallsOfBlock, parseBlock } from '@lianyi/ledger-client';
import { z } from 'zod';
import { carryingFor } from '../carry';
import { fromNow, laboratoryReport, PatientCase, permission } from '../patient-case';
import { blocksOfPeer, chainHeight } from '../peer-blocks';
import { newId, refusalOf, type StaffMember } from '../scenario';
import { type GetWorld } from './world';

const { ApproveParameter, AskRecognition, ListRecognitions, ProposeParameter, RecordRecognition } = transactions;
type Decided = Request<typeof RecordRecognition>['decided'];
/** What opens a question that was asked. */
type Question = Request<typeof transactions.ResolveRecognition>;
type Found = Output<typeof transactions.ResolveRecognition>;

const salt = Buffer.alloc(32, 1).toString('base64url');
const item = (itemId: string, code: string, more: object = {}) => ({
  ...{ itemId, name: { en: itemId, zh: itemId }, codes: [{ system: 'loinc.org', code }], specimens: [] },
  ...{ longestDays: 7, priceCents: 5_000 as const, ...more },
});
/** Of what the report holds: cholesterol, one that needs a mark which it lacks, and one of which only an old result is there; and one that it has not. */
const items = [
  item('cholesterol', '2093-3'),
  item('hba1c', '4548-4', { mark: 'national' }),
  item('triglyceride', '2571-8'),
  item('thyrotropin', '3016-3'),
];

/** The shipped report, as of some days ago. */
function reportOf(days: number, code?: string): Buffer {
  const dated = laboratoryReport.toString().replaceAll('2026-09-14T07:42:00+08:00', fromNow(-days * 24 * 3_600_000));
  return Buffer.from(code === undefined ? dated : dated.replaceAll('"2093-3"', `"${code}"`));
}

/** Issue 13: a result of A is found at B instead of being made again, or declined with a reason. */
export function recognitionCases(world: GetWorld): void {
  let known: PatientCase;
  let recordId: string;

  const by = carryingFor(() => world().scenario);
  const ask = async (who: StaffMember, itemId: string, pseudonym = known.pseudonym, more: object = {}): Promise<Question> => {
    const nonce = newIdNonce();
    const mspId = mspIdSchema.parse(who.hospital.member.mspId);
    const askId = recognitionIdOf({ mspId, actorTag: actorTagSchema.parse(who.actorTag), nonce });
    const itemCommitment = itemCommitmentOf({ askId, itemId, salt });
    const input = {
      askId,
      nonce,
      pseudonym,
      department: who.department,
      priceCents: 5_000 as const,
      listVersion: 2,
      itemCommitment,
      ...more,
    };
    if (pseudonym === known.pseudonym) await known.byStaff(who, AskRecognition, input, 'RecognitionRequested');
    else await by(who, AskRecognition, input);
    return { mspId, askId, itemId, salt };
  };
  const find = (who: StaffMember, question: Question): Promise<Found> =>
    who.client.api.ask(memberOperations.FindRecognised, { body: question });
  const found = async (who: StaffMember, itemId: string): Promise<string> => JSON.stringify(await find(who, await ask(who, itemId)));
  const decide = (who: StaffMember, { askId }: Question, decided: Decided) => by(who, RecordRecognition, { askId, decided });
  const NOTHING = '{"found":false}';
  /** What was decided, in the patient's audit as well. */
  const told = ({ askId }: Question, who: StaffMember, decided: Decided): Promise<void> =>
    known.byStaff(
      who,
      RecordRecognition,
      { askId, decided },
      decided.outcome === 'accept' ? 'RecognitionAccepted' : 'RecognitionDeclined',
      { recordIds: [decided.recordId], ticketId: decided.ticketId },
    );
  const permitFor = async (who: StaffMember, of: string): Promise<{ readonly recordId: string; readonly ticketId: string }> => {
    const { ticketId, answer } = await known.ask(who, { recordIds: [of] });
    expect(answer.decision).toBe('permit');
    return { recordId: of, ticketId };
  };

  beforeAll(async () => {
    const { scenario, staff } = world();
    const [a, b] = await Promise.all([scenario.hire(scenario.a, 'orgAdmin'), scenario.hire(scenario.b, 'orgAdmin')]);
    const setting = { name: 'recognised-items' as const, value: { items } };
    const { proposalSha256 } = await by(a, ProposeParameter, { number: 1, setting });
    await by(b, ApproveParameter, { name: 'recognised-items', number: 1, proposalSha256 });
    known = await PatientCase.related(scenario, staff);
    recordId = await known.publish(reportOf(1));
    await known.grant([permission({ recordIds: [recordId] })]);
  });

  it('is found at B by a yes and the record alone, read under a permit, and accepted, once and by who has asked', async () => {
    const { cardiologistB, colleagueB } = world().staff;
    const question = await ask(cardiologistB, 'cholesterol');
    expect(await refusalOf(find(cardiologistB, { ...question, salt: Buffer.alloc(32).toString('base64url') }))).toBe('HASH_MISMATCH');
    expect(await refusalOf(find(cardiologistB, { ...question, itemId: 'thyrotropin' }))).toBe('HASH_MISMATCH');
    expect(await find(cardiologistB, question)).toEqual({ found: true, recordId });
    expect(await refusalOf(decide(cardiologistB, question, { outcome: 'accept', recordId, ticketId: newId() }))).toBe('TICKET_CLOSED');
    const ticket = await known.ask(cardiologistB, { recordIds: [recordId] });
    const { bytes } = await known.read(cardiologistB, ticket, recordId);
    expect(Buffer.from(bytes).toString()).toContain('2093-3');
    const accepted = { outcome: 'accept' as const, recordId, ticketId: ticket.ticketId };
    expect(await refusalOf(decide(colleagueB, question, accepted))).toBe('NOT_PERMITTED');
    await told(question, cardiologistB, accepted);
    expect(await refusalOf(decide(cardiologistB, question, { ...accepted, outcome: 'decline', reason: 'unwilling' }))).toBe(
      'ILLEGAL_STATE',
    );
    expect(await refusalOf(find(cardiologistB, question))).toBe('ILLEGAL_STATE');
  });

  it('is declined with a reason of the list and made again, and the new one is found from then on', async () => {
    const { cardiologistB } = world().staff;
    const question = await ask(cardiologistB, 'triglyceride');
    const permit = await permitFor(cardiologistB, recordId);
    const busy = { outcome: 'decline', ...permit, reason: 'busy' } as unknown as Decided; // a reason that nobody knows
    expect(await refusalOf(decide(cardiologistB, question, busy))).toBe('INVALID_REQUEST');
    await told(question, cardiologistB, { outcome: 'decline', ...permit, reason: 'condition-changed' });
    const again = await known.publish(reportOf(0));
    expect(await found(cardiologistB, 'triglyceride')).toBe(JSON.stringify({ found: true, recordId }));
    await known.grant([permission({ recordIds: [again] })], personOf(cardiologistB));
    expect(await found(cardiologistB, 'triglyceride')).toBe(JSON.stringify({ found: true, recordId: again }));
  });

  it('is answered the same where it is hidden, too old, without its mark, of nobody’s patient, and where there is none', async () => {
    const { cardiologistB, clinicianC } = world().staff;
    expect(await found(cardiologistB, 'thyrotropin')).toBe(NOTHING);
    await known.publish(reportOf(1, '3016-3'));
    expect(await found(cardiologistB, 'thyrotropin')).toBe(NOTHING);
    expect(await found(cardiologistB, 'hba1c')).toBe(NOTHING);
    expect(await found(clinicianC, 'cholesterol')).toBe(NOTHING);
    expect(JSON.stringify(await find(cardiologistB, await ask(cardiologistB, 'cholesterol', newId())))).toBe(NOTHING);
  });

  it('is asked for by clinicians alone, and of what the members recognise', async () => {
    const { nurseB, cardiologistB } = world().staff;
    expect(await refusalOf(ask(nurseB, 'cholesterol'))).toBe('NOT_PERMITTED');
    expect(await refusalOf(ask(cardiologistB, 'cholesterol', known.pseudonym, { priceCents: 1_000 }))).toBe('ITEM_NOT_RECOGNISED');
  });

  it('is counted by hospital and month as the signed requests in the blocks say', async () => {
    const { scenario, staff } = world();
    const session = await scenario.session(scenario.b);
    const { channel } = scenario.network;
    await scenario.catchUp(scenario.b);
    const blocks = await blocksOfPeer(session, channel, 0, (await chainHeight(session, channel)) - 1);
    const counted = recounted(
      blocks.flatMap((block) => parseBlock(block).transactions),
      scenario.network.chaincode,
    );
    const items = await Promise.all(
      [scenario.a, scenario.b, scenario.c].map(
        async ({ member }) => (await by(staff.nurseB, ListRecognitions, { mspId: member.mspId, limit: 100 })).items,
      ),
    );
    const report = recognitionReport(items.flat());
    expect(report).toEqual(counted);
    const ofB = report.filter(({ mspId }) => mspId === scenario.b.member.mspId);
    const sum = (of: 'asked' | 'accepted' | 'repeated' | 'savedCents'): number => ofB.reduce((total, month) => total + month[of], 0);
    expect([sum('asked'), sum('accepted'), sum('repeated'), sum('savedCents')]).toEqual([8, 1, 1, 5_000]);
  });
}

type Month = Mutable<ReturnType<typeof recognitionReport>[number]>;
type Mutable<Of> = { -readonly [Name in keyof Of]: Of[Name] };
const signedRequest = z.object({ input: z.record(z.string(), z.unknown()), proof: z.object({ statement: z.object({ msp: z.string() }) }) });
const decidedSchema = z.object({ outcome: z.string(), reason: z.enum(declineReasons).optional() });

/** The report once more, by nothing but the signed requests in the blocks. */
function recounted(ordered: readonly BlockTransaction[], chaincode: string): readonly Month[] {
  const [months, prices] = [new Map<string, Month>(), new Map<unknown, number>()];
  const calls = new CallsOfBlock(chaincode);
  for (const transaction of ordered) {
    const call = calls.of(transaction);
    if (call === undefined || call === 'unreadable' || call.args[0]?.startsWith('RecognitionContract:') !== true) continue;
    const { input, proof } = signedRequest.parse(JSON.parse(call.args[1] ?? ''));
    const [mspId, month] = [mspIdSchema.parse(proof.statement.msp), new Date(call.proposedAtMillis).toISOString().slice(0, 7)];
    const empty: Month = { mspId, month, asked: 0, found: 0, accepted: 0, repeated: 0, reasons: {}, savedCents: 0 };
    const counted = months.get(`${mspId} ${month}`) ?? empty;
    months.set(`${mspId} ${month}`, counted);
    if (call.args[0].endsWith(':AskRecognition')) {
      counted.asked += 1;
      prices.set(input['askId'], Number(input['priceCents']));
      continue;
    }
    const { outcome, reason } = decidedSchema.parse(input['decided']);
    counted.found += 1;
    if (outcome === 'accept') counted.accepted += 1;
    else counted.repeated += 1;
    if (outcome === 'accept') counted.savedCents += prices.get(input['askId']) ?? Number.NaN;
    if (reason !== undefined) counted.reasons = { ...counted.reasons, [reason]: (counted.reasons[reason] ?? 0) + 1 };
  }
  return [...months].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, month]) => month);
}

function personOf({ hospital, actorTag }: StaffMember): Grantee {
  return granteeSchema.parse({ kind: 'person', mspId: hospital.member.mspId, name: actorTag });
}

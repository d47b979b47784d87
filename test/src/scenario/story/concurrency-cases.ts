import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { transactions } from '@lianyi/domain';
import { type BlockTransaction, parseBlock, type PeerSession } from '@lianyi/ledger-client';
import { carry } from '../carry';
import { laboratoryReport, PatientCase, type permission } from '../patient-case';
import { blocksOfPeer, chainHeight } from '../peer-blocks';
import { type Roster } from '../roster';
import { outcomeOf, type Scenario } from '../scenario';
import { newTicketId } from '../owned-ids';
import { type GetWorld } from './world';

const PUBLISHERS = 50;
const VALID = 0;
/** TxValidationCode of Fabric's `transaction.proto`. */
const DUPLICATE_TXID = 9;
const MVCC_READ_CONFLICT = 11;

/** On a busy machine the client sends the same bytes once more; the second time they are the same transaction, and no conflict. */
function withoutRepeats(ordered: readonly BlockTransaction[]): readonly BlockTransaction[] {
  const valid = new Set(ordered.flatMap(({ validationCode, transactionId }) => (validationCode === VALID ? [transactionId] : [])));
  return ordered.filter(({ validationCode, transactionId }) => validationCode !== DUPLICATE_TXID || !valid.has(transactionId));
}

/** Many at once, for one patient or for many, and no transaction is lost to another. */
export function concurrencyCases(world: GetWorld): void {
  let staff: Roster;
  let session: PeerSession;
  const started = (): Scenario => world().scenario;
  const related = (): Promise<PatientCase> => PatientCase.related(started(), staff);
  const granted = (twist?: Parameters<typeof permission>[0]) => PatientCase.granted(started(), staff, twist);
  const times = <Result>(count: number, run: (index: number) => Promise<Result>): Promise<Result[]> =>
    Promise.all(Array.from({ length: count }, (_none, index) => run(index)));

  beforeAll(async () => {
    staff = world().staff;
    session = await started().session(started().b);
  });

  async function height(): Promise<number> {
    const { acts, a } = started();
    return (await acts.verifyChain(a.administrator, a.member.mspId)).blocks;
  }

  /** Runs something and reads from B's peer what was ordered meanwhile, valid or not. */
  async function orderedWhile<Result>(run: () => Promise<Result>): Promise<{ result: Result; ordered: readonly BlockTransaction[] }> {
    const from = await height();
    const result = await run();
    // B's own peer has what its node was answered; another's may be a block behind
    const { channel } = started().network;
    const until = Math.max(await height(), await chainHeight(session, channel));
    const blocks = await blocksOfPeer(session, channel, from, until - 1);
    return { result, ordered: withoutRepeats(blocks.flatMap((block) => parseBlock(block).transactions)) };
  }

  const invalid = (ordered: readonly BlockTransaction[]): readonly number[] =>
    ordered.map(({ validationCode }) => validationCode).filter((code) => code !== VALID);

  it('fifty publish for one patient: all are anchored, and no transaction conflicts with another', async () => {
    const known = await related();
    const { result: recordIds, ordered } = await orderedWhile(() => times(PUBLISHERS, () => known.publish(laboratoryReport)));
    expect(invalid(ordered)).toEqual([]);
    // an envelope in private data and an anchor for each
    expect(ordered).toHaveLength(2 * PUBLISHERS);
    const { items } = await known.seeOwn(transactions.ListRecords, { pseudonym: known.pseudonym, limit: 100 });
    expect(items.map(({ recordId }) => recordId as string).sort()).toEqual([...recordIds].sort());
    expect((await known.audit()).filter(({ event }) => event === 'RecordAnchored')).toHaveLength(PUBLISHERS);
  });

  it('fifty register, relate and publish for fifty patients: all are anchored, and no transaction conflicts with another', async () => {
    const { result, ordered } = await orderedWhile(() => times(PUBLISHERS, () => PatientCase.withRecord(started(), staff)));
    expect(invalid(ordered)).toEqual([]);
    expect(ordered).toHaveLength(5 * PUBLISHERS);
    const found = await Promise.all(
      result.map(({ known, recordId }) => known.see(transactions.GetRecord, { pseudonym: known.pseudonym, recordId })),
    );
    expect(found.filter(({ state }) => state === 'current')).toHaveLength(PUBLISHERS);
  });

  it('twenty requests for one record are decided and audited, and none conflicts with another', async () => {
    const { known, recordId } = await granted();
    const askers = [staff.cardiologistB, staff.colleagueB, staff.neurologistB, staff.clinicianC];
    const { result, ordered } = await orderedWhile(() =>
      Promise.all(askers.flatMap((who) => Array.from({ length: 5 }, () => known.ask(who, { recordIds: [recordId] })))),
    );
    expect(invalid(ordered)).toEqual([]);
    expect(result.filter(({ answer }) => answer.decision === 'permit')).toHaveLength(10);
    const audited = (await known.audit()).filter(({ ticketId }) => ticketId !== undefined).map(({ txId }) => txId);
    expect(audited.sort()).toEqual(result.map(({ transactionId }) => transactionId).sort());
  });

  it('ten readings under one ticket release ten keys, and none conflicts with another', async () => {
    const { known, recordId } = await granted();
    const ticket = await known.ask(staff.cardiologistB, { recordIds: [recordId] });
    const { result, ordered } = await orderedWhile(() => times(10, () => known.read(staff.cardiologistB, ticket, recordId)));
    expect(invalid(ordered)).toEqual([]);
    expect(result.every(({ bytes }) => laboratoryReport.equals(bytes))).toBe(true);
    const released = (await known.audit()).filter(({ event }) => event === 'KeyReleased').map(({ txId }) => txId);
    expect(released.sort()).toEqual(result.map(({ releaseTransactionId }) => releaseTransactionId).sort());
  });

  it('ten requests for the last use of a consent are permitted once, and counted once', async () => {
    const { known, recordId } = await granted({ uses: 1 });
    const { cardiologistB, colleagueB } = staff;
    const ask = (index: number) => known.ask(index % 2 === 0 ? cardiologistB : colleagueB, { recordIds: [recordId] });
    const { result, ordered } = await orderedWhile(() => times(10, ask));
    expect(result.filter(({ answer }) => answer.decision === 'permit')).toHaveLength(1);
    expect(result.filter(({ answer }) => answer.decision === 'deny' && answer.reasons.includes('USES_EXHAUSTED'))).toHaveLength(9);
    // whoever has read a count that another has changed since is asked once more
    expect(new Set(invalid(ordered))).toEqual(new Set(invalid(ordered).length === 0 ? [] : [MVCC_READ_CONFLICT]));
    const audited = (await known.audit()).filter(({ ticketId }) => ticketId !== undefined).map(({ txId }) => txId);
    expect(audited.sort()).toEqual(result.map(({ transactionId }) => transactionId).sort());
    const { taken } = await known.seeOwn(transactions.GetPolicy, { pseudonym: known.pseudonym, grantee: known.cardiology });
    expect(taken).toMatchObject([{ count: 1 }]);
  });

  it('ten sendings of one request make one ticket, and all are answered with it', async () => {
    const { known, recordId } = await granted();
    const { cardiologistB } = staff;
    const ticket = newTicketId(cardiologistB);
    const { ticketId } = ticket;
    const input = {
      ...{ ...ticket, pseudonym: known.pseudonym, recordIds: [recordId], purpose: 'TREAT' as const },
      ...{ department: 'cardiology', ephemeralPublicKey: publicKeyOf(newPrivateKey()) },
    };
    const answers = await times(10, () => carry(cardiologistB.client, transactions.RequestAccess, input, { sign: cardiologistB.sign }));
    expect(new Set(answers.map(({ result }) => JSON.stringify(result))).size).toBe(1);
    expect((await known.audit()).filter((line) => line.ticketId === ticketId)).toHaveLength(1);
  });

  it('ten people who claim one ticket id get one ticket: the others are refused', async () => {
    const { known, recordId } = await granted();
    const ticket = newTicketId(staff.cardiologistB);
    const { ticketId } = ticket;
    const askers = Array.from({ length: 5 }, () => [staff.cardiologistB, staff.colleagueB]).flat();
    const outcomes = await Promise.all(askers.map((who) => outcomeOf(known.ask(who, { recordIds: [recordId], ticket }))));
    expect(outcomes.sort()).toEqual([...Array<string>(4).fill('ALREADY_EXISTS'), ...Array<string>(5).fill('ID_MISMATCH'), 'ok']);
    expect((await known.audit()).filter((line) => line.ticketId === ticketId)).toHaveLength(1);
  });

  it('one command sent by ten members’ doors happens once', async () => {
    const known = await related();
    const input = { pseudonym: known.pseudonym, mspId: known.custodian };
    const proof = known.patient.signFor(known.pseudonym, transactions.SuspendRelationship, input);
    const outcomes = await times(10, (index) => {
      const door = started().hospitals[index % 3] ?? started().a;
      return outcomeOf(carry(started().client(door), transactions.SuspendRelationship, input, { proof }));
    });
    expect(outcomes.sort()).toEqual([...Array<string>(9).fill('STALE_KEY'), 'ok']);
    known.patient.roll();
    expect((await known.audit()).filter(({ event }) => event === 'RelationshipSuspended')).toHaveLength(1);
  });

  it('a revocation wins over every request ordered after it: no permit stands behind it in the chain', async () => {
    const { known, recordId } = await granted();
    const { result, ordered } = await orderedWhile(async () => {
      const [asked] = await Promise.all([times(10, () => known.ask(staff.cardiologistB, { recordIds: [recordId] })), known.revoke()]);
      return [...asked, await known.ask(staff.colleagueB, { recordIds: [recordId] })];
    });
    const valid = ordered.filter(({ validationCode }) => validationCode === VALID).map(({ transactionId }) => transactionId);
    const revoked = valid.indexOf(known.truth.find(({ event }) => event === 'PolicyRevoked')?.txId ?? '');
    expect(revoked).toBeGreaterThanOrEqual(0);
    for (const { answer, transactionId } of result) {
      const isBefore = valid.indexOf(transactionId) < revoked;
      expect({ decision: answer.decision, isBefore }).toEqual({ decision: isBefore ? 'permit' : 'deny', isBefore });
    }
  });
}

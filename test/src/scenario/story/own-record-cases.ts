import { ActingLedger, newPrivateKey } from '@lianyi/client';
import { type OwnRecords, openOwnRecords } from '@lianyi/client/own-records';
import { mspIdSchema, transactions } from '@lianyi/domain';
import { fromNow, laboratoryReport, PatientCase } from '../patient-case';
import { refusalOf, type Scenario } from '../scenario';
import { type GetWorld } from './world';

/** What a patient keeps for themself: nobody else of the organisations may read. */
const nothing = [{ provisionId: 'nothing', effect: 'deny' as const, purposes: 'any' as const, validFrom: fromNow(-60_000) }];

export function ownRecordCases(world: GetWorld): void {
  let known: PatientCase;
  let recordId: string;
  /** Somebody's wallet asks through a hospital's node; what comes is held against another's. */
  const ask = (who: PatientCase, hospital: Scenario['a'], recordIds: readonly string[]): Promise<OwnRecords> => {
    const { scenario } = world();
    const node = scenario.client(hospital);
    const { sign } = who.patient;
    const acting = new ActingLedger(node.ledger, sign);
    const submit: ActingLedger['submit'] = async (request) => {
      const outcome = await acting.submit(request);
      who.patient.roll();
      return outcome;
    };
    const mspId = mspIdSchema.parse(hospital.member.mspId);
    const way = { node, mspId, sign, network: scenario.network, witness: scenario.witnessFor(hospital), ledger: { submit } };
    return openOwnRecords(way, { pseudonym: who.pseudonym, recordIds });
  };

  beforeAll(async () => {
    const { scenario, staff } = world();
    ({ known, recordId } = await PatientCase.withRecord(scenario, staff));
    for (const { member } of scenario.hospitals)
      await known.grant(nothing, { kind: 'organisation', mspId: mspIdSchema.parse(member.mspId), name: 'all' });
    await known.command(transactions.SuspendRelationship, { pseudonym: known.pseudonym, mspId: known.custodian }, 'RelationshipSuspended');
  });

  it.each(['a', 'b'] as const)(
    'is opened by its patient through hospital %s, who has forbidden everybody and suspended the relationship',
    async (hospital) => {
      const { scenario } = world();
      await scenario.catchUp(scenario[hospital]);
      const own = await ask(known, scenario[hospital], [recordId]);
      const { bytes, isRetracted, custodianMspId } = await own.open(recordId);
      expect({ isRetracted, custodianMspId }).toEqual({ isRetracted: false, custodianMspId: known.custodian });
      expect(Buffer.from(bytes).equals(laboratoryReport)).toBe(true);
      await scenario.catchUp(scenario.a);
      const lines = (await known.audit()).slice(-2);
      const asked = { ticketId: own.outcome.result.ticketId, recordIds: [recordId], purpose: 'PATRQT' };
      expect(lines).toMatchObject([
        { event: 'OwnRecordsOpened', actor: { kind: 'patient', pseudonym: known.pseudonym }, decision: 'permit', ...asked },
        { event: 'KeyReleased', ...asked },
      ]);
    },
  );

  it('is opened by nobody whom the patient has forbidden', async () => {
    const { answer } = await known.ask(world().staff.cardiologistB, { recordIds: [recordId] });
    expect(answer).toMatchObject({ decision: 'deny' });
  });

  it('is opened by no other wallet: not by a command of its own, nor with the patient’s ticket', async () => {
    const { scenario, staff } = world();
    const other = await PatientCase.related(scenario, staff);
    const theirs = await ask(other, scenario.a, [recordId]);
    expect(theirs.outcome.result).toMatchObject({ decision: 'deny', reasons: ['RECORD_NOT_OWN'] });
    const { ticketId } = (await ask(known, scenario.a, [recordId])).outcome.result;
    const ids = { ticketId, recordId, pseudonym: known.pseudonym, mspId: mspIdSchema.parse(known.custodian) };
    const request = { ...ids, network: scenario.network, ephemeralKey: newPrivateKey(), witness: 'none' as const };
    expect(await refusalOf(scenario.client(scenario.a).readDocument(request, other.patient.sign))).toBe('NOT_PERMITTED');
  });
}

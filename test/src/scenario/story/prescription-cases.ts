import { newIdNonce, newPrivateKey, publicKeyOf, signCardToken } from '@lianyi/client';
import {
  addMilliseconds,
  type CardToken,
  hashOfKey,
  instantOf,
  mspIdSchema,
  prescriptionIdOf,
  pseudonymSchema,
  recordIdSchema,
  transactions,
} from '@lianyi/domain';
import { carry } from '../carry';
import { newCardId } from '../owned-ids';
import { PatientCase } from '../patient-case';
import { refusalOf, type StaffMember } from '../scenario';
import { type GetWorld } from './world';

const {
  ActivateCard,
  CancelPrescription,
  DispensePrescription,
  GetPrescription,
  IssueCard,
  IssuePrescription,
  ListDispensings,
  StopPrescription,
} = transactions;
const DAY = 24 * 60 * 60 * 1000;

const medicationRequest = Buffer.from(
  JSON.stringify({
    ...{ resourceType: 'MedicationRequest', status: 'active', intent: 'order', subject: { reference: 'Patient/1' } },
    medicationCodeableConcept: { coding: [{ system: 'http://www.whocc.no/atc', code: 'A10BA02', display: 'metformin' }] },
    ...{ authoredOn: '2026-11-29', dispenseRequest: { numberOfRepeatsAllowed: 1, quantity: { value: 10, unit: 'pack' } } },
  }),
);

/** Feature 35: what is prescribed at A is dispensed at any pharmacy, and never more than once. */
export function prescriptionCases(world: GetWorld): void {
  let hired: Promise<readonly [StaffMember, StaffMember, StaffMember]> | undefined;
  /** One at each of the three hospitals. */
  const pharmacists = () => {
    const { scenario } = world();
    const { a, b, c } = scenario;
    return (hired ??= Promise.all([scenario.hire(a, 'pharmacist'), scenario.hire(b, 'pharmacist'), scenario.hire(c, 'pharmacist')]));
  };
  /** A patient with a card, to whom A's clinician prescribes twice ten packs, the second of them at once. */
  const prescribed = async (numbers = { units: 10, fills: 2, intervalDays: 0 }) => {
    const known = await PatientCase.related(world().scenario, world().staff);
    const key = newPrivateKey();
    const { cardId, nonce: cardNonce } = newCardId(known.custodian, known.pseudonym);
    const card = { cardId, nonce: cardNonce, pseudonym: known.pseudonym, holderCommitment: 'A'.repeat(43) };
    await known.byStaff(world().staff.registrarA, IssueCard, card, 'CardIssued');
    await known.command(ActivateCard, { cardId, tokenKeyHash: hashOfKey(publicKeyOf(key)) }, 'CardActivated');
    const recordId = await known.publish(medicationRequest);
    const [nonce, now] = [newIdNonce(), instantOf(Date.now())];
    const of = { mspId: mspIdSchema.parse(known.custodian), pseudonym: pseudonymSchema.parse(known.pseudonym) };
    const prescriptionId = prescriptionIdOf({ ...of, nonce });
    const input = { pseudonym: known.pseudonym, prescriptionId, nonce, recordId: recordIdSchema.parse(recordId), ...numbers };
    const valid = { validFrom: addMilliseconds(now, -60_000), validUntil: addMilliseconds(now, 30 * DAY) };
    await known.byStaff(world().staff.clinicianA, IssuePrescription, { ...input, ...valid }, 'PrescriptionIssued', {
      recordIds: [recordId],
    });
    const show = (to: StaffMember): CardToken => {
      const { channel } = world().scenario.network;
      const msp = mspIdSchema.parse(to.hospital.member.mspId);
      const issuedAt = instantOf(Date.now());
      return signCardToken(key, {
        channel,
        genesis: world().scenario.genesis,
        msp,
        cardId,
        issuedAt,
        notAfter: addMilliseconds(issuedAt, 60_000),
      });
    };
    const dispense = async (who: StaffMember, units: number, token = show(who)) => {
      const asked = { prescriptionId, units, token };
      return (await carry(who.client, DispensePrescription, asked, { sign: who.sign })).result;
    };
    const caughtUp = async (): Promise<void> => {
      const { scenario } = world();
      for (const hospital of [scenario.a, scenario.b, scenario.c]) await scenario.catchUp(hospital);
    };
    return { known, key: { pseudonym: known.pseudonym, prescriptionId }, dispense, show, caughtUp };
  };

  it('is dispensed in parts at three pharmacies, as much as is prescribed and no more', async () => {
    const [ofA, ofB, ofC] = await pharmacists();
    const { known, key, dispense, caughtUp, show } = await prescribed();
    await caughtUp();
    expect(await dispense(ofB, 4)).toMatchObject({ number: 1, fill: 1, unitsLeft: 6, state: 'open' });
    await caughtUp();
    expect(await refusalOf(dispense(ofC, 7))).toBe('PRESCRIPTION_EXCEEDED');
    expect(await refusalOf(dispense(ofC, 6, show(ofB)))).toBe('CARD_TOKEN_ELSEWHERE');
    const token = show(ofC);
    expect(await dispense(ofC, 6, token)).toMatchObject({ number: 2, fill: 1, unitsLeft: 10 });
    await caughtUp();
    expect(await refusalOf(dispense(ofC, 1, token))).toBe('CARD_TOKEN_USED');
    expect(await dispense(ofA, 10)).toMatchObject({ number: 3, fill: 2, unitsLeft: 0, state: 'dispensed' });
    await caughtUp();
    expect(await refusalOf(dispense(ofB, 1))).toBe('ILLEGAL_STATE');
    const { items } = await known.seeOwn(ListDispensings, { ...key, limit: 10 });
    expect(items.map(({ mspId, units }) => [mspId, units])).toEqual([
      [ofB.hospital.member.mspId, 4],
      [ofC.hospital.member.mspId, 6],
      [ofA.hospital.member.mspId, 10],
    ]);
  });

  it('is dispensed once where ten would at the same time', async () => {
    const all = await pharmacists();
    const { known, key, dispense, caughtUp } = await prescribed({ units: 1, fills: 1, intervalDays: 0 });
    await caughtUp();
    const asked = await Promise.allSettled(Array.from({ length: 10 }, (_, at) => dispense(all[at % 3] ?? all[0], 1)));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await caughtUp();
    expect(await known.seeOwn(GetPrescription, key)).toMatchObject({ state: 'dispensed', dispensings: 1 });
  });

  it('is not dispensed once its hospital has taken it back, or the patient has stopped it', async () => {
    const [, ofB] = await pharmacists();
    const { clinicianA, clinicianC } = world().staff;
    const [one, other] = [await prescribed(), await prescribed()];
    expect(
      await refusalOf(carry(clinicianC.client, CancelPrescription, { ...one.key, reason: 'replaced' }, { sign: clinicianC.sign })),
    ).toBe('NOT_PERMITTED');
    const { recordId } = await one.known.seeOwn(GetPrescription, one.key);
    await one.known.byStaff(clinicianA, CancelPrescription, { ...one.key, reason: 'replaced' }, 'PrescriptionCancelled', {
      recordIds: [recordId],
    });
    await other.known.command(StopPrescription, other.key, 'PrescriptionStopped');
    await other.caughtUp();
    for (const { dispense } of [one, other]) expect(await refusalOf(dispense(ofB, 1))).toBe('ILLEGAL_STATE');
  });
}

import {
  assertOwnId,
  DomainError,
  type EventName,
  type Input,
  type Output,
  type Prescription,
  prescriptionIdOf,
  referenceTo,
  type transactions,
} from '@lianyi/domain';
import { assertMayIssue, cancelled, dispensed, stopped, unitsLeft } from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { recogniseCard } from '../registrar/recognise-card';
import { originOf, type WriteScope } from '../scope';
import { asPatientSide, asStaff, madeBefore } from '../standing';

type Issue = typeof transactions.IssuePrescription;
type Dispense = typeof transactions.DispensePrescription;
type Cancel = typeof transactions.CancelPrescription;
type Stop = typeof transactions.StopPrescription;

/** Puts on the ledger how much of what a record prescribes may be dispensed. The same request again answers what has become of it. */
export async function IssuePrescription(scope: WriteScope, { nonce, ...fields }: Input<Issue>): Promise<Output<Issue>> {
  const { ledger, now } = scope;
  const { mspId } = asStaff(scope.actor);
  const { pseudonym, prescriptionId, recordId } = fields;
  assertOwnId(prescriptionId, prescriptionIdOf({ mspId, pseudonym, nonce }));
  const [existing, record] = await Promise.all([
    ledger.prescriptions.find(pseudonym, prescriptionId),
    ledger.records.get(pseudonym, recordId),
  ]);
  const repeated = madeBefore(scope, existing);
  if (repeated !== undefined) return answerOf(repeated);
  assertMayIssue({ ...fields, mspId }, record, now);
  const prescription: Prescription = {
    ...{ schemaVersion: 1, ...fields, mspId, state: 'open', begun: 0, dispensedUnits: 0, dispensings: 0 },
    ...{ issuedAt: now, changedAt: now, origin: originOf(scope) },
  };
  await Promise.all([
    ledger.prescriptions.insert(prescription),
    ledger.prescriptionLines.insert({ schemaVersion: 1, mspId, did: 'issued', at: now, pseudonym, prescriptionId, number: 0 }),
  ]);
  return told(scope, prescription, 'PrescriptionIssued');
}

/**
 * Hands out units of a prescription of whoever's card is shown. The prescription is read and written by each: of two that hand it out at the same time
 * one fails (MVCC), and judged once more it meets what the other has left.
 */
export async function DispensePrescription(
  scope: WriteScope,
  { prescriptionId, units, token }: Input<Dispense>,
): Promise<Output<Dispense>> {
  const { ledger, now } = scope;
  const { mspId } = asStaff(scope.actor);
  const { pseudonym } = await recogniseCard(scope, token);
  const present = await ledger.prescriptions.get(pseudonym, prescriptionId);
  const record = await ledger.records.get(pseudonym, present.recordId);
  const prescription = dispensed(present, { units, now, record });
  const { dispensings: number, begun: fill, recordId } = prescription;
  const dispensing = { schemaVersion: 1, pseudonym, prescriptionId, number, mspId, fill, units, at: now } as const;
  await Promise.all([
    ledger.prescriptions.replace(prescription),
    ledger.dispensings.insert({ ...dispensing, by: referenceTo(scope.actor), origin: originOf(scope) }),
    ledger.prescriptionLines.insert({ schemaVersion: 1, mspId, did: 'dispensed', at: now, pseudonym, prescriptionId, number }),
  ]);
  recordEvent(scope, { name: 'PrescriptionDispensed', pseudonym, prescriptionId, number }, { recordIds: [recordId] });
  return { ...answerOf(prescription), number, fill, unitsLeft: unitsLeft(prescription) };
}

/** The hospital that has issued it takes it back. */
export async function CancelPrescription(scope: WriteScope, input: Input<Cancel>): Promise<Output<Cancel>> {
  const present = await scope.ledger.prescriptions.get(input.pseudonym, input.prescriptionId);
  if (present.mspId !== asStaff(scope.actor).mspId) throw new DomainError('NOT_PERMITTED', 'another hospital has issued it');
  const prescription = cancelled(present, input.reason, scope.now);
  await scope.ledger.prescriptions.replace(prescription);
  return told(scope, prescription, 'PrescriptionCancelled');
}

/** The patient wants no more of it. */
export async function StopPrescription(scope: WriteScope, { pseudonym, prescriptionId }: Input<Stop>): Promise<Output<Stop>> {
  asPatientSide(scope.actor, pseudonym);
  const prescription = stopped(await scope.ledger.prescriptions.get(pseudonym, prescriptionId), scope.now);
  await scope.ledger.prescriptions.replace(prescription);
  return told(scope, prescription, 'PrescriptionStopped');
}

type Told = Exclude<Extract<EventName, `Prescription${string}`>, 'PrescriptionDispensed'>;

function told(scope: WriteScope, prescription: Prescription, name: Told): Output<Issue> {
  const { pseudonym, prescriptionId, recordId } = prescription;
  recordEvent(scope, { name, pseudonym, prescriptionId }, { recordIds: [recordId] });
  return answerOf(prescription);
}

function answerOf({ pseudonym, prescriptionId, state }: Prescription): Output<Issue> {
  return { pseudonym, prescriptionId, state };
}

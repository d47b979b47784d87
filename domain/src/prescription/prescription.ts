import { DomainError } from '../domain-error';
import { addMilliseconds, type Instant } from '../instant';
import { type MedicalRecord } from '../record/entities';
import { nextState, type StateTable } from '../state-table';
import { type Prescription, type PrescriptionCancellation } from './transactions';

const DAY_MS = 24 * 60 * 60 * 1000;
/** A prescription is good for so long at most. */
const LONGEST_MS = 366 * DAY_MS;

type PrescriptionCommand = 'dispense' | 'complete' | 'cancel' | 'stop';
/** What is dispensed in full, taken back or stopped stays so. */
export const prescriptionTable: StateTable<Prescription['state'], PrescriptionCommand> = {
  open: { dispense: 'open', complete: 'dispensed', cancel: 'cancelled', stop: 'stopped' },
  dispensed: {},
  cancelled: {},
  stopped: {},
};

/**
 * Checks that a record may be dispensed by, and when.
 * @throws {@link DomainError} `NOT_PERMITTED` — another hospital keeps it; `ILLEGAL_STATE` — it is retracted or no prescription; `INVALID_REQUEST` — it
 * is over before it begins, already over, or lasts for more than 366 days
 */
export function assertMayIssue(
  prescribed: Pick<Prescription, 'mspId' | 'validFrom' | 'validUntil'>,
  record: Pick<MedicalRecord, 'custodianMspId' | 'state' | 'class'>,
  now: Instant,
): void {
  if (record.custodianMspId !== prescribed.mspId) throw new DomainError('NOT_PERMITTED', 'the record is kept by another hospital');
  assertPrescribes(record);
  const { validFrom, validUntil } = prescribed;
  if (validUntil <= validFrom || validUntil <= now || validUntil > addMilliseconds(now, LONGEST_MS))
    throw new DomainError('INVALID_REQUEST', 'it is over, or lasts too long', { path: 'validUntil' });
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — the record is retracted, or of another class */
function assertPrescribes({ state, class: recordClass }: Pick<MedicalRecord, 'state' | 'class'>): void {
  if (state !== 'current') throw new DomainError('ILLEGAL_STATE', undefined, { state, command: 'dispense' });
  if (recordClass !== 'prescription') throw new DomainError('ILLEGAL_STATE', 'the record prescribes nothing', { class: recordClass });
}

/** How much is left to be dispensed now of the fill that has begun, or of the next one where that is dispensed. */
export function unitsLeft({ units, fills, begun, dispensedUnits }: Prescription): number {
  if (begun > 0 && dispensedUnits < units) return units - dispensedUnits;
  return begun < fills ? units : 0;
}

/** From when on the next units may be dispensed; undefined: from its beginning on. */
function nextFrom({ units, begunAt, dispensedUnits, intervalDays }: Prescription): Instant | undefined {
  return begunAt === undefined || dispensedUnits < units ? undefined : addMilliseconds(begunAt, intervalDays * DAY_MS);
}

/**
 * The prescription after some of it was dispensed: of the fill that has begun, or, where that is dispensed, of the next one.
 * @throws {@link DomainError} `ILLEGAL_STATE` — all of it is, it was taken back or stopped, its time has not come or is over, or its record is
 * retracted; `PRESCRIPTION_TOO_EARLY` — the repeat begins later; `PRESCRIPTION_EXCEEDED` — so much is not left; details say what is
 */
export function dispensed(
  prescription: Prescription,
  { units, now, record }: { readonly units: number; readonly now: Instant; readonly record: Pick<MedicalRecord, 'state' | 'class'> },
): Prescription {
  nextState(prescriptionTable, prescription.state, 'dispense');
  assertPrescribes(record);
  assertValid(prescription, now);
  const from = nextFrom(prescription);
  if (from !== undefined && now < from) throw new DomainError('PRESCRIPTION_TOO_EARLY', undefined, { from });
  const left = unitsLeft(prescription);
  if (units > left) throw new DomainError('PRESCRIPTION_EXCEEDED', undefined, { left, units });
  const isNewFill = prescription.begun === 0 || prescription.dispensedUnits === prescription.units;
  const after = {
    ...prescription,
    ...(isNewFill ? { begun: prescription.begun + 1, begunAt: now } : {}),
    dispensedUnits: (isNewFill ? 0 : prescription.dispensedUnits) + units,
    dispensings: prescription.dispensings + 1,
    changedAt: now,
  };
  const isComplete = after.begun === after.fills && after.dispensedUnits === after.units;
  return { ...after, state: nextState(prescriptionTable, prescription.state, isComplete ? 'complete' : 'dispense') };
}

/** From the first instant on, and no longer at the last. */
function assertValid({ validFrom, validUntil }: Prescription, now: Instant): void {
  if (now < validFrom) throw new DomainError('ILLEGAL_STATE', 'its time has not come', { state: 'not-yet-valid', command: 'dispense' });
  if (now >= validUntil) throw new DomainError('ILLEGAL_STATE', 'its time is over', { state: 'lapsed', command: 'dispense' });
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — nothing of it is left to be dispensed */
export function cancelled(prescription: Prescription, reason: PrescriptionCancellation, now: Instant): Prescription {
  return { ...prescription, state: nextState(prescriptionTable, prescription.state, 'cancel'), cancellation: reason, changedAt: now };
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — nothing of it is left to be dispensed */
export function stopped(prescription: Prescription, now: Instant): Prescription {
  return { ...prescription, state: nextState(prescriptionTable, prescription.state, 'stop'), changedAt: now };
}

import {
  DomainError,
  type Input,
  isPatientSide,
  type Output,
  prescriptionArea,
  type PrescriptionLine,
  type Pseudonym,
  type transactions,
} from '@lianyi/domain';
import { assertMonthOver, boundsOfMonth, type CountedDispensing, prescriptionCountsOf } from '@lianyi/domain/deciding';
import { readable } from '../led-to';
import { linesOfPeriod } from '../lines-of-period';
import { type ReadScope } from '../scope';
import { asPatientSide, asStaff } from '../standing';

type Get = typeof transactions.GetPrescription;
type List = typeof transactions.ListPrescriptions;
type ListDispensed = typeof transactions.ListDispensings;
type Count = typeof transactions.GetPrescriptionStatistics;

export async function GetPrescription(scope: ReadScope, { pseudonym, prescriptionId }: Input<Get>): Promise<Output<Get>> {
  assertTheirs(scope, pseudonym);
  return scope.ledger.prescriptions.get(pseudonym, prescriptionId);
}

export async function ListPrescriptions(scope: ReadScope, { pseudonym, ...page }: Input<List>): Promise<Output<List>> {
  assertTheirs(scope, pseudonym);
  return scope.ledger.prescriptions.list([pseudonym], page);
}

export async function ListDispensings(scope: ReadScope, input: Input<ListDispensed>): Promise<Output<ListDispensed>> {
  const { pseudonym, prescriptionId, ...page } = input;
  assertTheirs(scope, pseudonym);
  return scope.ledger.dispensings.list([pseudonym, prescriptionId], page);
}

/** A patient reads their own; staff, whoever has shown them who they are. */
function assertTheirs({ actor }: ReadScope, pseudonym: Pseudonym): void {
  if (isPatientSide(actor)) asPatientSide(actor, pseudonym);
}

/** Counts a month of one member. What others have written and nobody can read counts for nothing. */
export async function GetPrescriptionStatistics(scope: ReadScope, { mspId, month }: Input<Count>): Promise<Output<Count>> {
  const { mspId: own, roles } = asStaff(scope.actor);
  if (mspId !== own && !roles.includes('regulator')) throw new DomainError('NOT_PERMITTED', 'a regulator counts what others do');
  const bounds = boundsOfMonth(month);
  assertMonthOver(bounds, scope.now);
  const [issued, dispensings] = [await linesOf(scope, mspId, 'issued', bounds), await linesOf(scope, mspId, 'dispensed', bounds)];
  const prescriptions = await Promise.all(
    issued.lines.map((line) => readable(scope.ledger.prescriptions.find(line.pseudonym, line.prescriptionId))),
  );
  const counted = await Promise.all(dispensings.lines.map((line) => countedOf(scope, line)));
  return {
    counts: prescriptionCountsOf(
      prescriptions.filter((found) => found !== undefined),
      counted.filter((found) => found !== undefined),
    ),
    isCut: issued.isCut || dispensings.isCut,
  };
}

function linesOf(
  { ledger }: ReadScope,
  mspId: PrescriptionLine['mspId'],
  did: PrescriptionLine['did'],
  bounds: ReturnType<typeof boundsOfMonth>,
): ReturnType<typeof linesOfPeriod<PrescriptionLine>> {
  const [, , ofTime, , , ofNumber] = prescriptionArea.entities.prescriptionLines.key;
  return linesOfPeriod(bounds, {
    list: (page) => ledger.prescriptionLines.list([mspId, did], page),
    timeOf: ({ at }) => at,
    ...{ ofTime, after: ['0', '0', ofNumber.spell(0)] },
  });
}

async function countedOf({ ledger }: ReadScope, line: PrescriptionLine): Promise<CountedDispensing | undefined> {
  const { pseudonym, prescriptionId, number } = line;
  const [dispensing, prescription] = await Promise.all([
    readable(ledger.dispensings.find(pseudonym, prescriptionId, number)),
    readable(ledger.prescriptions.find(pseudonym, prescriptionId)),
  ]);
  if (dispensing === undefined || prescription === undefined || dispensing.mspId !== line.mspId) return undefined;
  return { fill: dispensing.fill, units: dispensing.units, unitsOfFill: prescription.units };
}

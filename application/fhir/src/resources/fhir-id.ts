import { isId } from '@lianyi/domain';

const FHIR_ID = /^[A-Za-z0-9.-]{1,64}$/;

/**
 * An id of this house as a FHIR logical id: the same text, with `.` where the house writes `_`, which FHIR's ids do not have. The house has no `.`, so
 * that one id has one spelling on each side.
 *
 * @remarks Source: https://hl7.org/fhir/R4/datatypes.html#id; docs/ledger-keys.md.
 */
export function fhirIdOf(id: string): string {
  return id.replaceAll('_', '.');
}

/** The id that a FHIR logical id stands for; undefined where none could have it. */
export function houseIdOf(fhirId: string): string | undefined {
  if (!FHIR_ID.test(fhirId)) return undefined;
  const id = fhirId.replaceAll('.', '_');
  return isId(id) ? id : undefined;
}

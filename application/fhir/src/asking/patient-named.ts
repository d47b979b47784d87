import { type Pseudonym, pseudonymSchema } from '@lianyi/domain';
import { OWN } from '@lianyi/documents/consent';
import { houseIdOf } from '../resources/fhir-id';
import { notTaken, type Question, soleValue, tokenOf } from './question';

/** The parameters by which a question names its patient. */
export const patientParameters = { patient: { type: 'reference' }, 'patient.identifier': { type: 'token' } } as const;

/**
 * Whom a question is about: `patient=Patient/ID`, `patient=ID`, an absolute reference to this server, or
 * `patient.identifier=urn:lianyi:pseudonym|PSEUDONYM`. Exactly one of them.
 *
 * @throws DomainError `QUESTION_NOT_TAKEN` — none, both, or another server's patient
 */
export function patientNamed(question: Question, baseUrl: string): Pseudonym {
  const reference = soleValue(question, 'patient');
  const identifier = soleValue(question, 'patient.identifier');
  if ((reference === undefined) === (identifier === undefined)) throw notTaken('patient', 'the patient, once');
  const named = reference === undefined ? byIdentifier(identifier ?? '') : patientOfReference(reference, baseUrl);
  if (named === undefined) throw notTaken(reference === undefined ? 'patient.identifier' : 'patient', 'no patient of this server');
  return named;
}

/** The pseudonym that a reference to a patient of this server names; undefined where it names none. */
export function patientOfReference(reference: string, baseUrl: string): Pseudonym | undefined {
  const relative = reference.startsWith(`${baseUrl}/`) ? reference.slice(baseUrl.length + 1) : reference;
  const id = houseIdOf(relative.startsWith('Patient/') ? relative.slice('Patient/'.length) : relative);
  return id === undefined ? undefined : pseudonymOrNone(id);
}

function byIdentifier(text: string): Pseudonym | undefined {
  const { system, code } = tokenOf('patient.identifier', text);
  return system === OWN.pseudonym ? pseudonymOrNone(code) : undefined;
}

export function pseudonymOrNone(text: string): Pseudonym | undefined {
  const parsed = pseudonymSchema.safeParse(text);
  return parsed.success ? parsed.data : undefined;
}

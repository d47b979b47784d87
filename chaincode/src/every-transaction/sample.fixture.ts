import { A, B, type Cast, type HospitalRole, must, type Stage } from './cast.fixture';
import { type As, type Bend, type Patient, sha256Of } from './consortium.fixture';

/** What the sample requests of every transaction are made of. */

type Json = Readonly<Record<string, unknown>>;
export type Prepared = { readonly input: Json; readonly as: As; readonly bend?: Bend };
/** Who of hospital A may ask, besides the patient; what a successful request writes (object types) and says. */
export type Sample = {
  readonly by: 'administrator' | 'patient' | HospitalRole | 'member';
  readonly written: readonly string[];
  readonly events: readonly string[];
  readonly prepare: (stage: Stage) => Prepared | Promise<Prepared>;
};

export const page = { limit: 10 };
export const nothing = { written: [], events: [] } as const;
/** A patient's command rolls the key, so it always writes the pseudonym first. */
export const audit = 'accessEvent';

export const card = async ({ cast, patient }: Stage, active = true): Promise<string> => {
  const cardId = cast.id('card');
  must(
    await cast.invoke(
      'IssueCard',
      { cardId, pseudonym: patient.pseudonym, holderCommitment: sha256Of('holder') },
      cast.staff(A, 'registrar'),
    ),
  );
  if (active) must(await cast.invoke('ActivateCard', { cardId }, patient));
  return cardId;
};
export const grant = async ({ cast, patient }: Stage, grantee: Json): Promise<void> => {
  must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee, provisions: [cast.permit()] }, patient));
};
/** A permitted ticket of B's cardiologist. */
export const ticket = async (stage: Stage): Promise<string> => {
  const { cast, patient, recordId } = stage;
  await grant(stage, cast.cardiologyOf(B));
  const input = cast.accessInput(patient, [recordId]);
  const { answer } = must(await cast.invoke('RequestAccess', input, cast.staff(B, 'clinician')));
  if (answer?.['decision'] !== 'permit') throw new Error('expected a permit');
  return String(input['ticketId']);
};
export const linkOf = (cast: Cast, patient: Patient): Json => ({
  linkId: cast.id('link'),
  pseudonym: patient.pseudonym,
  system: 'id-card',
  value: '110101199003078515',
  salt: 'c2FsdHNhbHRzYWx0c2FsdA',
});
export const envelopeSecret = (): Json => ({
  envelope: { suite: 'hpke', organisationKeyEpoch: 1, enc: 'ZW5j', ciphertext: 'Y2lwaGVydGV4dA' },
  details: { title: 'Full blood count' },
  salts: { content: 'c2FsdHNhbHRzYWx0c2FsdA', dek: 'c2FsdHNhbHRzYWx0c2FsdA' },
});
export const staffOf = (cast: Cast, role: HospitalRole): As => cast.staff(A, role);
export const relationshipOf = (patient: Patient): Json => ({ pseudonym: patient.pseudonym, mspId: A });
export const otherRelationship = async ({ cast }: Stage, state: 'proposed' | 'active' | 'suspended'): Promise<Patient> => {
  const patient = await cast.newPatient();
  if (state === 'proposed')
    must(await cast.invoke('ProposeRelationship', { pseudonym: patient.pseudonym, type: 'care' }, cast.staff(A, 'registrar')));
  else await cast.relate(patient);
  if (state === 'suspended') must(await cast.invoke('SuspendRelationship', relationshipOf(patient), patient));
  return patient;
};
export const patientChange = (from: 'proposed' | 'active' | 'suspended', event: string): Sample => ({
  by: 'patient',
  written: ['pseudonym', 'relationship', audit],
  events: [event],
  prepare: async (stage) => {
    const patient = await otherRelationship(stage, from);
    return { input: relationshipOf(patient), as: patient };
  },
});

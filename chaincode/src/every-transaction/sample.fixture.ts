import { type Prepared } from './area.fixture';
import { A, B, must, type Stage } from './cast.fixture';
import { type Patient } from './consortium.fixture';

/** What the valid requests of several areas are made of. */

type Json = Readonly<Record<string, unknown>>;

export const page = { limit: 10 };
/** What a query writes and says. */
export const nothing = { written: [], events: [] } as const;
/** The object type of a line of the patient's audit. */
export const audit = 'accessEvent';

export const card = async ({ cast, patient }: Stage, active = true): Promise<string> => {
  const issued = cast.cardInput(A, patient.pseudonym);
  const { cardId } = issued;
  must(await cast.invoke('IssueCard', issued, cast.staff(A, 'registrar')));
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
  const input = cast.accessInput(patient, [recordId], cast.staff(B, 'clinician'));
  const { answer } = must(await cast.invoke('RequestAccess', input, cast.staff(B, 'clinician')));
  if (answer?.['decision'] !== 'permit') throw new Error('expected a permit');
  return String(input['ticketId']);
};
export const linkOf = ({ cast, patient }: Pick<Stage, 'cast' | 'patient'>): Json => ({
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
export const relationshipOf = (patient: Patient): Json => ({ pseudonym: patient.pseudonym, mspId: A });
/** A request of A’s registrar. */
export const byRegistrar =
  (make: (stage: Stage) => Promise<Json> | Json) =>
  async (stage: Stage): Promise<Prepared> => ({ input: await make(stage), as: stage.cast.staff(A, 'registrar') });

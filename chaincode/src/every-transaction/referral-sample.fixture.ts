import { type Prepared } from './area.fixture';
import { A, B, must, type Stage } from './cast.fixture';
import { type Staff } from './consortium.fixture';
import { changed } from './refusal-case.fixture';

/** What the requests about a referral are made of: A’s clinician refers the patient to B’s cardiology. */

type Json = Readonly<Record<string, unknown>>;
type Key = { readonly pseudonym: string; readonly referralId: string };

export const DAY_MS = 86_400_000;
export const SEED = 'a referral';
export const referrer = ({ cast }: Stage): Staff => cast.staff(A, 'clinician');
export const receiver = ({ cast }: Stage): Staff => cast.staff(B, 'clinician');
export const proposal = ({ cast, patient, recordId }: Stage): { readonly referralId: string } & Json =>
  cast.referralInput(patient, [recordId], cast.nonce(SEED));
export const keyOf = (stage: Stage): Key => ({ pseudonym: stage.patient.pseudonym, referralId: proposal(stage).referralId });

export const proposed = async (stage: Stage): Promise<unknown> =>
  must(await stage.cast.invoke('ProposeReferral', proposal(stage), referrer(stage)));
/** The provision that a patient agrees to. */
export const agreed = (stage: Stage, twist: Json = {}): Json => {
  const { cast, recordId } = stage;
  const scope = { purposes: ['TREAT'], recordIds: [recordId], uses: 100, handling: 'view' };
  const said: Json = { provisionId: keyOf(stage).referralId, effect: 'permit', ...scope, validUntil: cast.instant(13 * DAY_MS), ...twist };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
};
export const agreementOf = (stage: Stage, twist: Json = {}): Json => ({
  ...keyOf(stage),
  grantee: stage.cast.cardiologyOf(B),
  provisions: [agreed(stage, twist)],
});
export const agree = async (stage: Stage): Promise<unknown> => {
  await proposed(stage);
  return must(await stage.cast.invoke('AgreeReferral', agreementOf(stage), stage.patient));
};
const declined = { kind: 'declined', reason: 'no-capacity' };
export const returned = { kind: 'returned', summaryCommitment: 'A'.repeat(43) };
export const answering = (stage: Stage, answer: Json): Json => ({ ...keyOf(stage), answer });
export const answer = async (stage: Stage, said: Json): Promise<unknown> =>
  must(await stage.cast.invoke('AnswerReferral', answering(stage, said), receiver(stage)));
export const decline = (stage: Stage): Promise<unknown> => answer(stage, declined);
export const recall = async (stage: Stage): Promise<unknown> => must(await stage.cast.invoke('EndReferral', keyOf(stage), referrer(stage)));
export const withdrawal = (stage: Stage): Key & { readonly policy: Json } => ({
  ...keyOf(stage),
  policy: { grantee: stage.cast.cardiologyOf(B), previousVersion: 1 },
});
export const withdraw = async (stage: Stage): Promise<unknown> =>
  must(await stage.cast.invoke('WithdrawReferral', withdrawal(stage), stage.patient));
export const attended = async (stage: Stage): Promise<void> => {
  await agree(stage);
  await answer(stage, { kind: 'accepted' });
  await answer(stage, { kind: 'attended' });
};
export const inFifteenDays = ({ cast }: Stage): Promise<void> => {
  cast.now += 15 * DAY_MS;
  return Promise.resolve();
};
export const unknown = changed({ referralId: 'nothing' });
/** The valid request with another provision than the referral asks for. */
export const twisted =
  (twist: (stage: Stage) => Json) =>
  async (stage: Stage, valid: { prepare(): Promise<Prepared> }): Promise<Prepared> => {
    const prepared = await valid.prepare();
    return { ...prepared, input: { ...prepared.input, provisions: [agreed(stage, twist(stage))] } };
  };
/** The valid request by somebody else. */
export const by =
  (who: (stage: Stage) => Prepared['as'] | Promise<Prepared['as']>) =>
  async (stage: Stage, valid: { prepare(): Promise<Prepared> }): Promise<Prepared> => ({
    ...(await valid.prepare()),
    as: await who(stage),
  });
/** A clinician of the hospital, of another department. */
export const ofAnotherDepartment =
  (msp: string) =>
  async ({ cast }: Stage): Promise<Staff> => {
    const { input, staff } = cast.staffInput(['clinician']);
    must(await cast.invoke('RegisterStaff', { ...input, departments: ['oncology'] }, cast.admin(msp)));
    return staff(msp);
  };

import { type referralArea } from '@lianyi/domain';
import { referralTable } from '@lianyi/domain/deciding';
import { type AreaFixture, type Prepared } from './area.fixture';
import { A, B, C, DEPARTMENT, must, type Stage } from './cast.fixture';
import { type Staff } from './consortium.fixture';
import { after, changed, manyGrantees, retract, suspendRelationship, taken, twice } from './refusal-case.fixture';
import { audit, grant, nothing, page } from './sample.fixture';

type Json = Readonly<Record<string, unknown>>;
type Key = { readonly pseudonym: string; readonly referralId: string };

const DAY_MS = 86_400_000;
const SEED = 'a referral';
const referrer = ({ cast }: Stage): Staff => cast.staff(A, 'clinician');
const receiver = ({ cast }: Stage): Staff => cast.staff(B, 'clinician');
const proposal = ({ cast, patient, recordId }: Stage): { readonly referralId: string } & Json =>
  cast.referralInput(patient, [recordId], cast.nonce(SEED));
export const keyOf = (stage: Stage): Key => ({ pseudonym: stage.patient.pseudonym, referralId: proposal(stage).referralId });

export const proposed = async (stage: Stage): Promise<unknown> =>
  must(await stage.cast.invoke('ProposeReferral', proposal(stage), referrer(stage)));
/** The provision that a patient agrees to. */
export const agreed = (stage: Stage, twist: Json = {}): Json => {
  const { cast, recordId } = stage;
  const scope = { purposes: ['TREAT'], recordIds: [recordId], uses: 100, handling: 'view' };
  const said = { provisionId: keyOf(stage).referralId, effect: 'permit', ...scope, validUntil: cast.instant(13 * DAY_MS), ...twist };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
};
export const agreeing = (stage: Stage, twist: Json = {}): Json => ({
  ...keyOf(stage),
  grantee: stage.cast.cardiologyOf(B),
  provisions: [agreed(stage, twist)],
});
export const agree = async (stage: Stage): Promise<unknown> => {
  await proposed(stage);
  return must(await stage.cast.invoke('AgreeReferral', agreeing(stage), stage.patient));
};
const declined = { kind: 'declined', reason: 'no-capacity' };
const returned = { kind: 'returned', summaryCommitment: 'A'.repeat(43) };
const answering = (stage: Stage, answer: Json): Json => ({ ...keyOf(stage), answer });
export const answer = async (stage: Stage, said: Json): Promise<unknown> =>
  must(await stage.cast.invoke('AnswerReferral', answering(stage, said), receiver(stage)));
export const decline = (stage: Stage): Promise<unknown> => answer(stage, declined);
export const recall = async (stage: Stage): Promise<unknown> => must(await stage.cast.invoke('EndReferral', keyOf(stage), referrer(stage)));
export const withdrawal = (stage: Stage): Json => ({
  ...keyOf(stage),
  policy: { grantee: stage.cast.cardiologyOf(B), previousVersion: 1 },
});
const withdraw = async (stage: Stage): Promise<unknown> =>
  must(await stage.cast.invoke('WithdrawReferral', withdrawal(stage), stage.patient));
const attended = async (stage: Stage): Promise<void> => {
  await agree(stage);
  await answer(stage, { kind: 'accepted' });
  await answer(stage, { kind: 'attended' });
};
const inFifteenDays = ({ cast }: Stage): Promise<void> => {
  cast.now += 15 * DAY_MS;
  return Promise.resolve();
};
const unknown = changed({ referralId: 'nothing' });
/** The valid request with another provision than the referral asks for. */
const twisted =
  (twist: (stage: Stage) => Json) =>
  async (stage: Stage, valid: { prepare(): Promise<Prepared> }): Promise<Prepared> => {
    const prepared = await valid.prepare();
    return { ...prepared, input: { ...prepared.input, provisions: [agreed(stage, twist(stage))] } };
  };
/** The valid request by somebody else. */
const by =
  (who: (stage: Stage) => Prepared['as'] | Promise<Prepared['as']>) =>
  async (stage: Stage, valid: { prepare(): Promise<Prepared> }): Promise<Prepared> => ({
    ...(await valid.prepare()),
    as: await who(stage),
  });
/** A clinician of the hospital, of another department. */
const ofAnotherDepartment =
  (msp: string) =>
  async ({ cast }: Stage): Promise<Staff> => {
    const { input, staff } = cast.staffInput(['clinician']);
    must(await cast.invoke('RegisterStaff', { ...input, departments: ['oncology'] }, cast.admin(msp)));
    return staff(msp);
  };

export const referralFixture = {
  states: {
    referral: {
      table: referralTable,
      legal: [
        'proposed agree agreed',
        'proposed recall recalled',
        'proposed withdraw withdrawn',
        'agreed accept accepted',
        'agreed decline declined',
        'agreed recall recalled',
        'agreed withdraw withdrawn',
        'accepted decline declined',
        'accepted attend attended',
        'accepted recall recalled',
        'accepted withdraw withdrawn',
        'attended giveBack returned',
        'attended recall recalled',
        'attended withdraw withdrawn',
        'returned close closed',
        'returned withdraw withdrawn',
      ],
    },
  },
  transactions: {
    ProposeReferral: {
      callers: 'clinician',
      by: 'clinician',
      written: ['referral', 'referralOf', 'referralOf', audit],
      events: ['ReferralProposed'],
      again: { answers: { state: 'agreed' }, after: (stage) => stage.cast.invoke('AgreeReferral', agreeing(stage), stage.patient) },
      prepare: (stage) => ({ input: proposal(stage), as: referrer(stage) }),
      refusals: [
        ['ALREADY_EXISTS', 'the id is taken', taken(() => ({ urgency: 'urgent' }))],
        ['ID_MISMATCH', 'the id is another one’s', changed({ referralId: 'somebody' })],
        ['NOT_FOUND', 'there is no such record', changed({ recordIds: ['nothing'] })],
        ['UNKNOWN_GRANTEE', 'there is no such department', changed({ to: { kind: 'department', mspId: B, name: 'cardiolgy' } })],
        ['UNKNOWN_GRANTEE', 'there is no such hospital', changed({ to: { kind: 'organisation', mspId: 'NobodyMSP', name: 'all' } })],
        ['UNKNOWN_GRANTEE', 'it is their own hospital', changed({ to: { kind: 'department', mspId: A, name: DEPARTMENT } })],
        ['INVALID_REQUEST', 'it is to one person', changed({ to: { kind: 'person', mspId: B, name: 'somebody' } })],
        ['INVALID_REQUEST', 'no record is listed', changed({ recordIds: [] })],
        ['INVALID_REQUEST', 'seventeen records are listed', changed({ recordIds: Array.from({ length: 17 }, (_, n) => `record-${n}`) })],
        ['INVALID_REQUEST', 'the letter is not listed', changed({ letterId: 'elsewhere' })],
        ['NOT_PERMITTED', 'they ask for a department that is not theirs', changed({ department: 'oncology' })],
        ['ILLEGAL_STATE', 'a record is retracted', after(retract)],
        ['ILLEGAL_STATE', 'the relationship is suspended', after(suspendRelationship)],
        [
          'NOT_ACTIVE_ORGANISATION',
          'the other hospital is suspended',
          after(async ({ cast }) => {
            const space = { kind: 'public' } as const;
            const [key, text] = [...cast.state.dump(space)].find(([at]) => at.startsWith(`\u0000organisation\u0000${B}`)) ?? ['', '{}'];
            const value = Buffer.from(text.replace('"status":"active"', '"status":"suspended"'));
            await cast.state.apply([{ kind: 'put', space, key, value }]);
          }),
        ],
        [
          'NOT_FOUND',
          'a record is another patient’s',
          async (stage) => {
            const { cast, patient, recordId } = stage;
            const other = await cast.newPatient(A);
            await cast.relate(other, A);
            return { input: cast.referralInput(patient, [recordId, await cast.anchor(other)], cast.nonce(SEED)), as: referrer(stage) };
          },
        ],
      ],
    },
    AgreeReferral: {
      callers: 'P',
      forPatient: 'consents, staff',
      by: 'patient',
      written: ['referralWord', 'grant', 'pseudonym', audit],
      events: ['ReferralAgreed'],
      again: { refused: 'STALE_KEY' },
      prepare: async (stage) => {
        await proposed(stage);
        return { input: agreeing(stage), as: stage.patient };
      },
      refusals: [
        ['NOT_FOUND', 'nobody has proposed it', unknown],
        ['ILLEGAL_STATE', 'it was agreed to', twice],
        ['ILLEGAL_STATE', 'it was recalled', after(recall)],
        ['ILLEGAL_STATE', 'nobody has agreed for fourteen days', after(inFifteenDays)],
        ['REFERRAL_DIFFERS', 'it opens a record more', twisted(({ recordId }) => ({ recordIds: [recordId, 'another'] }))],
        ['REFERRAL_DIFFERS', 'it opens another record', twisted(() => ({ recordIds: ['another'] }))],
        ['REFERRAL_DIFFERS', 'it opens every record', twisted(() => ({ recordIds: undefined }))],
        ['REFERRAL_DIFFERS', 'it is for another purpose', twisted(() => ({ purposes: ['TREAT', 'HRESCH'] }))],
        ['REFERRAL_DIFFERS', 'it is for any purpose', twisted(() => ({ purposes: 'any' }))],
        ['REFERRAL_DIFFERS', 'it lasts a day longer', twisted(({ cast }) => ({ validUntil: cast.instant(15 * DAY_MS) }))],
        ['REFERRAL_DIFFERS', 'it is over', twisted(({ cast }) => ({ validFrom: cast.instant(-2), validUntil: cast.instant(-1) }))],
        ['REFERRAL_DIFFERS', 'it begins later', twisted(({ cast }) => ({ validFrom: cast.instant(DAY_MS) }))],
        ['REFERRAL_DIFFERS', 'it may be handed on', twisted(() => ({ handling: 'store', onward: true }))],
        ['REFERRAL_DIFFERS', 'it has no number of uses', twisted(() => ({ uses: undefined }))],
        ['REFERRAL_DIFFERS', 'it has another name', twisted(() => ({ provisionId: 'another' }))],
        [
          'REFERRAL_DIFFERS',
          'it is a prohibition',
          async (stage, valid) => {
            const deny = { provisionId: keyOf(stage).referralId, effect: 'deny', purposes: ['TREAT'], recordIds: [stage.recordId] };
            return { ...(await valid.prepare()), input: { ...agreeing(stage), provisions: [deny] } };
          },
        ],
        [
          'REFERRAL_DIFFERS',
          'it opens something besides',
          async (stage, valid) => {
            const prepared = await valid.prepare();
            return { ...prepared, input: { ...prepared.input, provisions: [agreed(stage), stage.cast.permit()] } };
          },
        ],
        ['REFERRAL_DIFFERS', 'it is for another department', changed({ grantee: { kind: 'organisation', mspId: B, name: 'all' } })],
        ['REFERRAL_DIFFERS', 'it is for another hospital', changed({ grantee: { kind: 'department', mspId: C, name: DEPARTMENT } })],
        [
          'REFERRAL_DIFFERS',
          'what the policy says else is left out',
          async (stage, valid) => {
            const prepared = await valid.prepare();
            await grant(stage, stage.cast.cardiologyOf(B));
            return { ...prepared, input: { ...prepared.input, previousVersion: 1 } };
          },
        ],
        [
          'POLICY_ACTIVE',
          'the department has a policy, if one that is over',
          async (stage, valid) => {
            const prepared = await valid.prepare();
            const over = stage.cast.permit({ validFrom: stage.cast.instant(-2_000), validUntil: stage.cast.instant(-1_000) });
            const key = { pseudonym: stage.patient.pseudonym, grantee: stage.cast.cardiologyOf(B) };
            must(await stage.cast.invoke('GrantPolicy', { ...key, provisions: [over] }, stage.patient));
            return prepared;
          },
        ],
        [
          'VERSION_CONFLICT',
          'another version is meant',
          async (stage, valid) => {
            const prepared = await valid.prepare();
            const other = stage.cast.permit();
            const key = { pseudonym: stage.patient.pseudonym, grantee: stage.cast.cardiologyOf(B) };
            must(await stage.cast.invoke('GrantPolicy', { ...key, provisions: [other] }, stage.patient));
            return { ...prepared, input: { ...prepared.input, previousVersion: 9, provisions: [other, agreed(stage)] } };
          },
        ],
        ['NOT_FOUND', 'there is no policy to amend', changed({ previousVersion: 1 })],
        ['LIMIT_REACHED', 'the patient has 256 grantees', after(({ cast, patient }) => manyGrantees(cast, patient.pseudonym, 256))],
      ],
    },
    WithdrawReferral: {
      callers: 'P',
      forPatient: 'consents, staff',
      by: 'patient',
      written: ['referralWord', 'grant', 'replacedGrant', 'pseudonym', audit],
      events: ['ReferralCancelled'],
      again: { refused: 'STALE_KEY' },
      prepare: async (stage) => {
        await agree(stage);
        return { input: withdrawal(stage), as: stage.patient };
      },
      refusals: [
        ['NOT_FOUND', 'nobody has proposed it', unknown],
        ['ILLEGAL_STATE', 'it was withdrawn', twice],
        ['ILLEGAL_STATE', 'it was declined', after(decline)],
        ['ILLEGAL_STATE', 'its time is over', after(inFifteenDays)],
        [
          'VERSION_CONFLICT',
          'another version is meant',
          async (stage, valid) => {
            const policy = { grantee: stage.cast.cardiologyOf(B), previousVersion: 9 };
            const prepared = await valid.prepare();
            return { ...prepared, input: { ...prepared.input, policy } };
          },
        ],
        [
          'REFERRAL_DIFFERS',
          'nothing is said of the policy',
          async (stage, valid) => ({ ...(await valid.prepare()), input: keyOf(stage) }),
        ],
        [
          'REFERRAL_DIFFERS',
          'the policy would say something new',
          async (stage, valid) => {
            const { policy } = withdrawal(stage) as { policy: Json };
            return { ...(await valid.prepare()), input: { ...keyOf(stage), policy: { ...policy, provisions: [stage.cast.permit()] } } };
          },
        ],
        [
          'REFERRAL_DIFFERS',
          'it is the policy of somebody else',
          async (stage, valid) => {
            const policy = { grantee: stage.cast.cardiologyOf(C), previousVersion: 1 };
            return { ...(await valid.prepare()), input: { ...keyOf(stage), policy } };
          },
        ],
      ],
    },
    AnswerReferral: {
      callers: 'clinician',
      by: 'clinician',
      // their like at another hospital is whom it is referred to
      everyHospitalForItself: true,
      written: ['referralAnswer', audit],
      events: ['ReferralAnswered'],
      again: { answers: { state: 'withdrawn' }, after: withdraw },
      prepare: async (stage) => {
        await agree(stage);
        return { input: answering(stage, { kind: 'accepted' }), as: receiver(stage) };
      },
      refusals: [
        ['NOT_FOUND', 'nobody has proposed it', unknown],
        ['NOT_FOUND', 'another hospital answers, as if there were none', by(({ cast }) => cast.staff(C, 'clinician'))],
        ['NOT_FOUND', 'another department answers, as if there were none', by(ofAnotherDepartment(B))],
        ['NOT_FOUND', 'the hospital that refers answers, as if there were none', by(referrer)],
        [
          'ILLEGAL_STATE',
          'the patient has not agreed',
          async (stage) => {
            await proposed(stage);
            return { input: answering(stage, { kind: 'accepted' }), as: receiver(stage) };
          },
        ],
        ['ILLEGAL_STATE', 'the patient has withdrawn it', after(withdraw)],
        ['ILLEGAL_STATE', 'it was recalled', after(recall)],
        ['ILLEGAL_STATE', 'a colleague has declined it', after(decline)],
        ['ILLEGAL_STATE', 'its time is over', after(inFifteenDays)],
        ['ILLEGAL_STATE', 'nobody has come, and there is a summary', changed({ answer: returned })],
        ['INVALID_REQUEST', 'the reason is none of the list', changed({ answer: { kind: 'declined', reason: 'she is too ill' } })],
      ],
    },
    EndReferral: {
      callers: 'clinician',
      by: 'clinician',
      written: ['referralEnd', 'grantUses', audit],
      events: ['ReferralEnded'],
      again: { answers: { state: 'recalled' } },
      prepare: async (stage) => {
        await agree(stage);
        return { input: keyOf(stage), as: referrer(stage) };
      },
      refusals: [
        ['NOT_FOUND', 'nobody has proposed it', unknown],
        ['NOT_FOUND', 'another department of the hospital ends it, as if there were none', by(ofAnotherDepartment(A))],
        ['NOT_FOUND', 'the hospital that was asked ends it, as if there were none', by(receiver)],
        ['ILLEGAL_STATE', 'the patient has withdrawn it', after(withdraw)],
        ['ILLEGAL_STATE', 'it was declined', after(decline)],
        [
          'ILLEGAL_STATE',
          'a colleague has ended it',
          after(async (stage) => {
            must(await stage.cast.invoke('EndReferral', keyOf(stage), await stage.cast.colleague(A, 'clinician')));
          }),
        ],
      ],
    },
    GetReferral: {
      callers: 'P clinician',
      forPatient: 'consents view, staff',
      by: 'clinician',
      // their like at another hospital is whom it is referred to
      everyHospitalForItself: true,
      ...nothing,
      prepare: async (stage) => {
        await attended(stage);
        return { input: keyOf(stage), as: referrer(stage) };
      },
      refusals: [
        ['NOT_FOUND', 'nobody has proposed it', unknown],
        ['NOT_FOUND', 'a third hospital asks, as if there were none', by(({ cast }) => cast.staff(C, 'clinician'))],
        ['NOT_FOUND', 'another department asks, as if there were none', by(ofAnotherDepartment(A))],
      ],
    },
    ListReferrals: {
      callers: 'P clinician',
      forPatient: 'consents view',
      by: 'patient',
      ...nothing,
      prepare: async (stage) => {
        await proposed(stage);
        return { input: { pseudonym: stage.patient.pseudonym, ...page }, as: stage.patient };
      },
      refusals: [],
    },
    ListReferralsOfHospital: {
      callers: 'clinician',
      by: 'clinician',
      everyHospitalForItself: true,
      ...nothing,
      prepare: async (stage) => {
        await proposed(stage);
        return { input: page, as: referrer(stage) };
      },
      refusals: [],
    },
  },
} as const satisfies AreaFixture<typeof referralArea>;

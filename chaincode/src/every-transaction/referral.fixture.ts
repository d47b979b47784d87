import { type referralArea } from '@lianyi/domain';
import { referralTable } from '@lianyi/domain/deciding';
import { type AreaFixture } from './area.fixture';
import { A, B, C, DEPARTMENT, must } from './cast.fixture';
import { refusalsOfAgreement } from './referral-agreement.fixture';
import { after, changed, retract, suspendRelationship, taken, twice } from './refusal-case.fixture';
import {
  agree,
  agreementOf,
  answering,
  attended,
  by,
  decline,
  inFifteenDays,
  keyOf,
  ofAnotherDepartment,
  proposal,
  proposed,
  recall,
  receiver,
  referrer,
  returned,
  SEED,
  unknown,
  withdraw,
  withdrawal,
} from './referral-sample.fixture';
import { audit, nothing, page } from './sample.fixture';

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
      again: { answers: { state: 'agreed' }, after: (stage) => stage.cast.invoke('AgreeReferral', agreementOf(stage), stage.patient) },
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
        return { input: agreementOf(stage), as: stage.patient };
      },
      refusals: refusalsOfAgreement,
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
            const { policy } = withdrawal(stage);
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

import { type Refusal } from './area.fixture';
import { B, C, DEPARTMENT, must } from './cast.fixture';
import { after, changed, manyGrantees, twice } from './refusal-case.fixture';
import { DAY_MS, agreed, agreementOf, inFifteenDays, keyOf, recall, twisted, unknown } from './referral-sample.fixture';
import { grant } from './sample.fixture';

const bring = (make: Refusal[2]): Refusal[2] => make;
/** What a patient does not agree to with a referral: anything but what it asks for, and the policy as it is. */
export const refusalsOfAgreement: readonly Refusal[] = [
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
    bring(async (stage, valid) => {
      const deny = { provisionId: keyOf(stage).referralId, effect: 'deny', purposes: ['TREAT'], recordIds: [stage.recordId] };
      return { ...(await valid.prepare()), input: { ...agreementOf(stage), provisions: [deny] } };
    }),
  ],
  [
    'REFERRAL_DIFFERS',
    'it opens something besides',
    bring(async (stage, valid) => {
      const prepared = await valid.prepare();
      return { ...prepared, input: { ...prepared.input, provisions: [agreed(stage), stage.cast.permit()] } };
    }),
  ],
  ['REFERRAL_DIFFERS', 'it is for another department', changed({ grantee: { kind: 'organisation', mspId: B, name: 'all' } })],
  ['REFERRAL_DIFFERS', 'it is for another hospital', changed({ grantee: { kind: 'department', mspId: C, name: DEPARTMENT } })],
  [
    'REFERRAL_DIFFERS',
    'what the policy says else is left out',
    bring(async (stage, valid) => {
      const prepared = await valid.prepare();
      await grant(stage, stage.cast.cardiologyOf(B));
      return { ...prepared, input: { ...prepared.input, previousVersion: 1 } };
    }),
  ],
  [
    'POLICY_ACTIVE',
    'the department has a policy, if one that is over',
    bring(async (stage, valid) => {
      const prepared = await valid.prepare();
      const over = stage.cast.permit({ validFrom: stage.cast.instant(-2_000), validUntil: stage.cast.instant(-1_000) });
      const key = { pseudonym: stage.patient.pseudonym, grantee: stage.cast.cardiologyOf(B) };
      must(await stage.cast.invoke('GrantPolicy', { ...key, provisions: [over] }, stage.patient));
      return prepared;
    }),
  ],
  [
    'VERSION_CONFLICT',
    'another version is meant',
    bring(async (stage, valid) => {
      const prepared = await valid.prepare();
      const other = stage.cast.permit();
      const key = { pseudonym: stage.patient.pseudonym, grantee: stage.cast.cardiologyOf(B) };
      must(await stage.cast.invoke('GrantPolicy', { ...key, provisions: [other] }, stage.patient));
      return { ...prepared, input: { ...prepared.input, previousVersion: 9, provisions: [other, agreed(stage)] } };
    }),
  ],
  ['NOT_FOUND', 'there is no policy to amend', changed({ previousVersion: 1 })],
  ['LIMIT_REACHED', 'the patient has 256 grantees', after(({ cast, patient }) => manyGrantees(cast, patient.pseudonym, 256))],
];

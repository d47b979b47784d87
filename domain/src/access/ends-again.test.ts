import { decideAccess, decideEmergencyAccess, type EmergencyFacts, initialSetting } from '../deciding';
import { type AskingActor, type Decision, groupSchema, type Instant, weeklyDutySchema } from '../index';
import { B, cardiologist, facts, grant, hours, permit, question, record } from '../story.fixture';

const night = groupSchema.parse('night-team');
const duty = weeklyDutySchema.parse({
  ...{ zone: 'Etc/UTC', offsets: [{ from: hours(-1_000), minutes: 0 }], until: hours(1) },
  turns: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', until: '23:59' }],
});
const onDuty: AskingActor = { ...cardiologist, groups: [{ group: night, state: 'active', duty }] };
const { value: signers } = initialSetting('emergency-signers');
const { value: levelApprovers } = initialSetting('level-approvers');
const level = String(record.dataLevel) as keyof typeof signers;
const broken: EmergencyFacts = {
  ...{ scope: 'full', until: hours(9), isInDebt: false, hasOverdue: false },
  ...{ signers: { ...signers, [level]: 'countersigned' }, second: { recordIds: [record.recordId], until: hours(1) } },
};
type Asked = { readonly at: Instant; readonly again?: true };

/**
 * Each fact of a decision that has an end, an hour from now, and whether a permit asked about once more goes on after it: then the chaincode of the records'
 * hospital, whose last word on a release is such a question, does not see the end, and an index must (`ledger-index/ends.test.ts`).
 */
const ends: Readonly<Record<string, { readonly decide: (asked: Asked) => Decision; readonly passesAgain: boolean }>> = {
  'a permission': {
    decide: (asked) => decideAccess(question(asked), facts([grant([permit({ validUntil: hours(1) })])])),
    passesAgain: false,
  },
  'a turn of duty': {
    decide: (asked) =>
      decideAccess(question({ ...asked, actor: onDuty }), facts([grant([permit()], { kind: 'group', mspId: B, name: night })])),
    passesAgain: false,
  },
  'an approval': {
    decide: (asked) => {
      const approval = { state: 'given' as const, levels: [record.dataLevel], until: hours(1) };
      return decideAccess(
        question(asked),
        facts([grant([permit()])], { levelApprovers: { ...levelApprovers, [level]: 'custodian' }, approval }),
      );
    },
    passesAgain: false,
  },
  'a countersignature': {
    decide: (asked) => decideEmergencyAccess(question({ ...asked, purpose: 'ETREAT' }), facts([]), broken),
    passesAgain: true,
  },
};

describe.each(Object.entries(ends))('the end of %s', (_what, { decide, passesAgain }) => {
  const [before, end] = [hours(1, -1), hours(1)];
  it('is exclusive: until then it permits, and from then on it does not', () => {
    expect([decide({ at: before }).effect, decide({ at: end }).effect]).toEqual(['permit', 'deny']);
  });
  it(passesAgain ? 'is not looked at once more: the index does' : 'ends what is asked about once more, too', () => {
    expect([decide({ at: before, again: true }).effect, decide({ at: end, again: true }).effect]).toEqual([
      'permit',
      passesAgain ? 'permit' : 'deny',
    ]);
  });
});

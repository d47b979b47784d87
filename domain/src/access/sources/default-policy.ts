import { DEFAULT_PROVISION_ID } from '../../consent/entities';
import { type DenyReason } from '../../errors/table';
import { type ImplicitPolicy, valueOfClass } from '../../governance/transactions';
import { readsByDefault } from '../../relationship/kinds';
import { readingExtent } from '../../relationship/relationship';
import { type DataLevel, type Purpose } from '../../vocabulary';
import { LABELS_UNSAID } from '../provision';
import { type AccessFacts, type KnownQuestion } from '../question';
import { type Duty, dutyIn } from './grantees';
import { ofKnownRecord, type PolicySource, SILENT } from './policy-source';

/** What is above, only the patient opens. */
const MOST_BY_DEFAULT: DataLevel = 4;
/** For which purposes each policy opens anything: two open nothing, and differ in an emergency alone. */
const purposesOf: Readonly<Record<ImplicitPolicy, readonly Purpose[]>> = {
  'basic-normal': ['TREAT'],
  'all-normal': ['TREAT', 'HPAYMT', 'HOPERAT'],
  'break-glass-only': [],
  'deny-all': [],
};

/**
 * Permits what the members have agreed on for where the patient has said nothing (ADR 0062): to the custodian's own staff alone, while the
 * relationship is active; without end, but where a group is the party: then to whoever of it is on duty, as long as they are.
 */
export const defaultPolicy: PolicySource = {
  needs: ({ custodianMspId }) => [
    { kind: 'parameter', name: 'default-policies' },
    { kind: 'relationship', mspId: custodianMspId },
  ],
  judge: ofKnownRecord((question, facts) => {
    const { actor, record } = question;
    const { relationship } = facts;
    const policy = valueOfClass(facts.defaultPolicies, record.class);
    if (relationship === undefined || actor.mspId !== record.custodianMspId) return SILENT;
    if (!isMeant(policy, relationship, actor) || !isOfItsGroup(relationship, actor)) return SILENT;
    const { isOn, until } = relationship.group === undefined ? ALWAYS : dutyIn(relationship.group, actor, question.at);
    const lacks = [...shortfallsOfDefault(question, policy, facts), ...(isOn ? [] : (['GROUP_OFF_DUTY'] as const))];
    return lacks.length === 0
      ? { addressed: true, permits: [{ provisionId: DEFAULT_PROVISION_ID, ...(until === undefined ? {} : { until }) }] }
      : { addressed: true, shortfalls: [{ provisionId: DEFAULT_PROVISION_ID, lacks }] };
  }),
};

const ALWAYS: Duty = { isOn: true };

type KnownRelationship = NonNullable<AccessFacts['relationship']>;
type Asker = KnownQuestion['actor'];

/** Of `basic-normal` those who treat under this kind of relationship; of `all-normal` all the staff: which purposes they may claim is asked elsewhere. */
function isMeant(policy: ImplicitPolicy, { type }: KnownRelationship, { roles }: Asker): boolean {
  return policy === 'all-normal' || (policy === 'basic-normal' && readsByDefault(type, roles));
}

/** Where a group is the party, the rest of the organisation is nobody there. */
function isOfItsGroup({ group }: KnownRelationship, { groups = [] }: Asker): boolean {
  return group === undefined || groups.some((each) => each.group === group && each.state === 'active');
}

function shortfallsOfDefault(
  { purpose, record }: KnownQuestion,
  policy: ImplicitPolicy,
  { relationship }: AccessFacts,
): readonly DenyReason[] {
  return [
    ...(readingExtent(relationship) === 'granted-and-default' ? [] : (['RELATIONSHIP_NOT_ACTIVE'] as const)),
    ...(purposesOf[policy].includes(purpose) ? [] : (['PURPOSE_NOT_ALLOWED'] as const)),
    ...(record.dataLevel <= MOST_BY_DEFAULT ? [] : (['LEVEL_NEEDS_APPROVAL'] as const)),
    ...(LABELS_UNSAID.includes(record.confidentiality) ? [] : (['LABEL_NOT_COVERED'] as const)),
  ];
}

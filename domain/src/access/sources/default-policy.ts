import { DEFAULT_PROVISION_ID } from '../../consent/entities';
import { type DenyReason } from '../../errors/table';
import { readsByDefault } from '../../relationship/kinds';
import { readingExtent } from '../../relationship/relationship';
import { LABELS_UNSAID } from '../provision';
import { type AccessFacts, type KnownQuestion } from '../question';
import { type Duty, dutyIn } from './grantees';
import { ofKnownRecord, type PolicySource, SILENT } from './policy-source';

/**
 * Permits treatment by those of the custodian's own staff whom the kind of relationship names, where the patient has said nothing, while it is
 * active; without end, but where a group is the party: then to whoever of it is on duty, as long as they are.
 */
export const defaultPolicy: PolicySource = {
  needs: ({ labels }) =>
    labels === undefined
      ? []
      : [
          { kind: 'relationship', mspId: labels.custodianMspId },
          { kind: 'defaultPolicy', class: labels.class },
        ],
  judge: ofKnownRecord((question, facts) => {
    const policy = facts.defaultPolicy;
    const { actor, record } = question;
    const { relationship } = facts;
    const isOwnReader =
      relationship !== undefined && actor.mspId === record.custodianMspId && readsByDefault(relationship.type, actor.roles);
    if (policy?.class !== record.class || !isOwnReader || !isOfItsGroup(relationship, actor)) return SILENT;
    const { isOn, until } = relationship.group === undefined ? ALWAYS : dutyIn(relationship.group, actor, question.at);
    const lacks = [...shortfallsOfDefault(question, policy, facts), ...(isOn ? [] : (['GROUP_OFF_DUTY'] as const))];
    return lacks.length === 0
      ? { addressed: true, permits: [{ provisionId: DEFAULT_PROVISION_ID, ...(until === undefined ? {} : { until }) }] }
      : { addressed: true, shortfalls: [{ provisionId: DEFAULT_PROVISION_ID, lacks }] };
  }),
};

const ALWAYS: Duty = { isOn: true };

/** Where a group is the party, the rest of the organisation is nobody there. */
function isOfItsGroup({ group }: NonNullable<AccessFacts['relationship']>, { groups = [] }: KnownQuestion['actor']): boolean {
  return group === undefined || groups.some((each) => each.group === group && each.state === 'active');
}

function shortfallsOfDefault(
  { purpose, record }: KnownQuestion,
  { maxDataLevel }: NonNullable<AccessFacts['defaultPolicy']>,
  { relationship }: AccessFacts,
): readonly DenyReason[] {
  return [
    ...(readingExtent(relationship) === 'granted-and-default' ? [] : (['RELATIONSHIP_NOT_ACTIVE'] as const)),
    ...(purpose === 'TREAT' ? [] : (['PURPOSE_NOT_ALLOWED'] as const)),
    ...(record.dataLevel <= maxDataLevel ? [] : (['LEVEL_NEEDS_APPROVAL'] as const)),
    ...(LABELS_UNSAID.includes(record.confidentiality) ? [] : (['LABEL_NOT_COVERED'] as const)),
  ];
}

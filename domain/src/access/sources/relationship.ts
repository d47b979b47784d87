import { readingExtent } from '../../relationship/relationship';
import { ofKnownRecord, type PolicySource, SILENT } from './policy-source';

/** Denies while the patient's relationship with the custodian opens nothing: it was never accepted, or the patient has suspended it. */
export const openRelationship: PolicySource = {
  needs: ({ labels }) => (labels === undefined ? [] : [{ kind: 'relationship', mspId: labels.custodianMspId }]),
  judge: ofKnownRecord((_, { relationship }) =>
    readingExtent(relationship) === 'nothing' ? { denials: ['RELATIONSHIP_NOT_ACTIVE'] } : SILENT,
  ),
};

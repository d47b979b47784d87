import { ofKnownRecord, type PolicySource, SILENT } from './policy-source';

/** Denies while the patient's relationship with the custodian is not active. */
export const activeRelationship: PolicySource = {
  needs: ({ labels }) => (labels === undefined ? [] : [{ kind: 'relationship', mspId: labels.custodianMspId }]),
  judge: ofKnownRecord((_, { relationship }) => (relationship === 'active' ? SILENT : { denials: ['RELATIONSHIP_NOT_ACTIVE'] })),
};

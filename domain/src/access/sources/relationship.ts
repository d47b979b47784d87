import { servesPurpose } from '../../relationship/kinds';
import { readingExtent } from '../../relationship/relationship';
import { ofKnownRecord, type PolicySource, SILENT } from './policy-source';

/**
 * Denies while the patient's relationship with the custodian opens nothing: it was never accepted, or the patient has suspended it; and what
 * is kept under it for other purposes.
 */
export const openRelationship: PolicySource = {
  needs: ({ custodianMspId }) => [{ kind: 'relationship', mspId: custodianMspId }],
  judge: ofKnownRecord(({ purpose }, { relationship }) => {
    if (relationship === undefined || readingExtent(relationship) === 'nothing') return { denials: ['RELATIONSHIP_NOT_ACTIVE'] };
    return servesPurpose(relationship.type, purpose) ? SILENT : { denials: ['PURPOSE_NOT_ALLOWED'] };
  }),
};

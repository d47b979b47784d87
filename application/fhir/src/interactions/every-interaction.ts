import { everythingInteractions } from './everything';
import { auditInteractions } from './audit-events';
import { consentInteractions } from './consents';
import { documentInteractions } from './find-documents';
import { patientInteractions } from './find-patients';
import { submissionInteractions } from './find-submissions';
import { imagingInteractions } from './find-studies';
import { type Interaction } from './interaction';
import { provisionInteractions } from './provide-documents';
import { disclosureInteractions } from './record-disclosure';
import { retrievalInteractions } from './retrieve-document';
import { summaryInteractions } from './summarise';
import { validationInteractions } from './validate';

/** All that the facade does: server and CapabilityStatement read it. */
export const interactions: readonly Interaction[] = [
  ...provisionInteractions,
  ...documentInteractions,
  ...submissionInteractions,
  ...imagingInteractions,
  ...retrievalInteractions,
  ...patientInteractions,
  ...everythingInteractions,
  ...summaryInteractions,
  ...consentInteractions,
  ...auditInteractions,
  ...disclosureInteractions,
  ...validationInteractions,
];

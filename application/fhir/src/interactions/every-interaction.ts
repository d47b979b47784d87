import { documentInteractions } from './find-documents';
import { type Interaction } from './interaction';
import { provisionInteractions } from './provide-documents';
import { retrievalInteractions } from './retrieve-document';

/** All that the facade does: server and CapabilityStatement read it. */
export const interactions: readonly Interaction[] = [...provisionInteractions, ...documentInteractions, ...retrievalInteractions];

import { openDocument } from '../acting/open-documents';
import { patientParameters } from '../asking/patient-named';
import { askerOf } from './asker-of';
import { recordNamed } from './find-documents';
import { type FacadeAnswer, type FacadeCall, type Interaction } from './interaction';

/** The document itself: asked for, decided, committed, and then the very bytes that were published. */
async function retrieve(call: FacadeCall): Promise<FacadeAnswer> {
  const { recordId, pseudonym } = recordNamed(call);
  return { bytes: await openDocument(askerOf(call), pseudonym, recordId) };
}

export const retrievalInteractions: readonly Interaction[] = [
  {
    ...{ name: 'ITI-68', method: 'GET', path: '/Binary/:id', type: 'Binary', does: { interaction: 'read' } },
    ...{ scope: { type: 'Binary', letter: 'r' }, takesPurpose: true, takesBody: false, parameters: patientParameters, run: retrieve },
  },
];

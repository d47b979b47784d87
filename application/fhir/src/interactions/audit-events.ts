import { transactions } from '@lianyi/domain';
import { carriedRequest } from '../acting/carried-request';
import { searchBundle } from '../asking/answer-pages';
import { notTaken, type ParameterRules, soleValue } from '../asking/question';
import { auditEventOf } from '../resources/audit-event-resource';
import { type FacadeAnswer, type FacadeCall, type Interaction } from './interaction';

/** Long enough for a signed question in base64. */
const parameters: ParameterRules = { _request: { type: 'special', isOurs: true, longest: 12_000 } };

/**
 * A patient's audit as AuditEvents (IHE BALP), for the patient: the question is signed by them (`ListForPatient`), and goes on where the last answer says.
 */
async function find(call: FacadeCall): Promise<FacadeAnswer> {
  const request = soleValue(call.question, '_request');
  if (request === undefined) throw notTaken('_request', 'the patient’s signed question: the ledger shows an audit to the patient alone');
  const { items, next } = await call.staff.ledger.evaluate(carriedRequest(transactions.ListForPatient, request));
  const resources = items.map((line) => auditEventOf(line, call.staff.mspId));
  const bundle = searchBundle(call.baseUrl, 'AuditEvent', new Map(), { resources });
  // who asks signs the next question, too; the address of a signed one would be good for nothing
  return { resource: next === undefined ? bundle : { ...bundle, identifier: { system: 'urn:lianyi:cursor', value: next } } };
}

export const auditInteractions: readonly Interaction[] = [
  {
    ...{ name: 'search', method: 'POST', path: '/AuditEvent/_search', type: 'AuditEvent', does: { interaction: 'search-type' } },
    ...{ scope: { type: 'AuditEvent', letter: 's' }, takesPurpose: false, takesBody: false, parameters, run: find },
  },
];

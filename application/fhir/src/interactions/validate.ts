import { DomainError } from '@lianyi/domain';
import { isResource, type JsonObject } from '@lianyi/documents/json-object';
import { jsonOfOutcome, outcomeOfFailure } from '../resources/outcome-of-failure';
import { type FacadeAnswer, type FacadeCall, type Interaction } from './interaction';

const DEFINITION = 'http://hl7.org/fhir/OperationDefinition/Resource-validate';

/**
 * Checks a resource as a publication would, and publishes nothing. What does not fit is an answer, not a failure.
 *
 * @remarks Source: https://hl7.org/fhir/R4/resource-operation-validate.html; profiles are not looked at, which the answer says.
 */
async function validate(call: FacadeCall): Promise<FacadeAnswer> {
  try {
    const resource = await call.sentResource();
    assertOfType(resource, call.id);
    return { resource: fits(call) };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { outcome } = outcomeOfFailure(error, call.language);
    return { resource: jsonOfOutcome(outcome) };
  }
}

function assertOfType(resource: JsonObject, type: string): void {
  if (!isResource(resource) || resource.resourceType !== type)
    throw new DomainError('DOCUMENT_NOT_FHIR', 'another type than the path has', { path: 'resourceType' });
}

function fits({ language }: FacadeCall): JsonObject {
  const text = {
    en: 'Fits the base definition of its type: elements, cardinalities, types, required bindings. Profiles and terminologies were not looked at.',
    zh: '符合该类型的基础定义：元素、基数、类型、必需绑定。未检查 profile 与术语。',
  }[language];
  return { resourceType: 'OperationOutcome', issue: [{ severity: 'information', code: 'informational', details: { text } }] };
}

export const validationInteractions: readonly Interaction[] = [
  {
    ...{
      name: '$validate',
      method: 'POST',
      path: '/:id/$validate',
      type: 'system',
      does: { operation: 'validate', definition: DEFINITION },
    },
    ...{ scope: undefined, takesPurpose: false, takesBody: true, parameters: {}, run: validate },
  },
];

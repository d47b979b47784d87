import { type JsonObject } from '@lianyi/documents/json-object';

/** What of an interaction the CapabilityStatement says. */
export interface Capability {
  readonly type: string;
  readonly does: { readonly interaction: string } | { readonly operation: string; readonly definition: string };
  readonly parameters: Readonly<Record<string, { readonly type: string; readonly isOurs?: true }>>;
}

export interface FacadeNames {
  readonly baseUrl: string;
  readonly tokenUrl: string;
  readonly version: string;
}

const SERVICES = 'http://terminology.hl7.org/CodeSystem/restful-security-service';
/** When what it says changed last; a CapabilityStatement must have a date. */
const DATE = '2026-12-01';
/** What a client would look for and not find (docs/fhir-facade.md says more). */
const TOTALS =
  'Bundle.total is there where one answer has all that is permitted, and counts that alone. An answer in pages has none, for which each page would judge every record of the patient: follow the next links. _total and _summary are refused.';

/**
 * What the facade does, of the very table that it does it by. Where a token is to be had says `.well-known/smart-configuration`: SMART’s extension for it
 * demands an address at which users agree, and here there are none.
 *
 * @remarks Source: https://hl7.org/fhir/R4/capabilitystatement.html.
 */
export function capabilityStatementOf(capabilities: readonly Capability[], { baseUrl, version }: FacadeNames): JsonObject {
  const types = [...new Set(capabilities.map(({ type }) => type))].filter((type) => type !== 'system').sort();
  const ofSystem = capabilities.filter(({ type }) => type === 'system');
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: DATE,
    kind: 'instance',
    software: { name: 'Lianyi FHIR facade', version },
    implementation: { description: 'Records that patients let others read, by committed decisions', url: baseUrl },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'application/fhir+xml'],
    rest: [
      {
        mode: 'server',
        documentation: TOTALS,
        security: {
          cors: false,
          service: [{ coding: [{ system: SERVICES, code: 'SMART-on-FHIR' }] }],
        },
        resource: types.map((type) => resourceOf(type, capabilities)),
        ...interactionsOf(ofSystem),
        ...operationsOf(ofSystem),
      },
    ],
  };
}

function resourceOf(type: string, capabilities: readonly Capability[]): JsonObject {
  const own = capabilities.filter((each) => each.type === type);
  const searched = own.filter(({ does }) => 'interaction' in does && does.interaction === 'search-type');
  const parameters = new Map(searched.flatMap((each) => Object.entries(each.parameters)));
  const searchParam = [...parameters].filter(([, { isOurs }]) => isOurs !== true).map(([name, rule]) => ({ name, type: rule.type }));
  return {
    type,
    ...interactionsOf(own),
    versioning: 'versioned-update',
    ...(searchParam.length === 0 ? {} : { searchParam }),
    ...operationsOf(own),
  };
}

function interactionsOf(capabilities: readonly Capability[]): JsonObject {
  const codes = new Set(capabilities.flatMap(({ does }) => ('interaction' in does ? [does.interaction] : [])));
  return codes.size === 0 ? {} : { interaction: [...codes].map((code) => ({ code })) };
}

function operationsOf(capabilities: readonly Capability[]): JsonObject {
  const operations = new Map(capabilities.flatMap(({ does }) => ('operation' in does ? [[does.operation, does.definition] as const] : [])));
  return operations.size === 0 ? {} : { operation: [...operations].map(([name, definition]) => ({ name, definition })) };
}

import { type MspId, type Pseudonym } from '@lianyi/domain';
import { OWN } from '@lianyi/documents/consent';
import { type JsonObject } from '@lianyi/documents/json-object';
import { fhirIdOf } from './fhir-id';

/** A pseudonym as the ledger has it. */
export interface KnownPseudonym {
  readonly pseudonym: Pseudonym;
  readonly mspId: MspId;
  readonly state: string;
}

/** A pseudonym as an identifier whose assigner is the hospital that it is of. */
export function pseudonymIdentifier({ pseudonym, mspId }: Pick<KnownPseudonym, 'pseudonym' | 'mspId'>): JsonObject {
  return { system: OWN.pseudonym, value: pseudonym, assigner: { identifier: { system: OWN.msp, value: mspId }, display: mspId } };
}

/** A patient: a pseudonym and whose it is. Name, sex and birth stand nowhere in this house. */
export function patientResourceOf(known: KnownPseudonym): JsonObject {
  return {
    resourceType: 'Patient',
    id: fhirIdOf(known.pseudonym),
    identifier: [pseudonymIdentifier(known)],
    active: known.state === 'active',
    managingOrganization: { identifier: { system: OWN.msp, value: known.mspId } },
  };
}

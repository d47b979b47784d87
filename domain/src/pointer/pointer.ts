import { z } from 'zod';
import { type ActorReference } from '../actor';
import { type RecordFacts } from '../access/question';
import { type Endpoint } from '../directory/entities';
import { DomainError } from '../domain-error';
import { type MspId } from '../ids';
import { type Instant } from '../instant';
import { assertVersion, nextState, type StateTable } from '../state-table';
import { confidentialities } from '../vocabulary';
import { type Pointer, pointerContentFields, type PointerVersion, type QueryTemplate } from './entities';
import { hashOfTemplate } from './entities';

export type TemplateCommand = 'approve' | 'retire';
export type PointerCommand = 'update' | 'retire';

/** Retired is for ever; what points by a retired template can still be read, and nothing new may point by it. */
export const queryTemplateTable: StateTable<QueryTemplate['state'], TemplateCommand> = {
  proposed: { approve: 'active', retire: 'retired' },
  active: { retire: 'retired' },
  retired: {},
};
export const pointerTable: StateTable<Pointer['state'], PointerCommand> = {
  current: { update: 'current', retire: 'retired' },
  retired: {},
};

/**
 * A template in force: a second organisation has said by its hash what it says.
 * @throws {@link DomainError} `ILLEGAL_STATE`; `QUORUM` — the organisation that proposed it would approve it; `HASH_MISMATCH` — it says
 * something else than what is approved.
 */
export function approveTemplate(
  template: QueryTemplate,
  { by, mspId, templateSha256 }: { readonly by: ActorReference; readonly mspId: MspId; readonly templateSha256: string },
  now: Instant,
): QueryTemplate {
  const state = nextState(queryTemplateTable, template.state, 'approve');
  if (mspId === template.mspId)
    throw new DomainError('QUORUM', 'another organisation approves a template', { command: 'approve', needed: 2 });
  if (templateSha256 !== hashOfTemplate(template)) throw new DomainError('HASH_MISMATCH', undefined, { path: 'input.templateSha256' });
  return { ...template, state, approvedBy: by, changedAt: now };
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — it is retired. */
export function retireTemplate(template: QueryTemplate, now: Instant): QueryTemplate {
  return { ...template, state: nextState(queryTemplateTable, template.state, 'retire'), changedAt: now };
}

/** What a version of a pointer says: everything of {@link pointerContentFields}. */
export type PointerContent = z.output<typeof contentSchema>;

// the strip-unknown twin of the strict schemas: takes a content out of whatever holds one
const contentSchema = z.object(pointerContentFields);

/** The content of anything that holds one: a pointer, a version, the input of a transaction. */
export function pointerContentOf(holder: PointerContent): PointerContent {
  return contentSchema.parse(holder);
}

/**
 * Checks what a pointer says of its template and its endpoint.
 * @throws {@link DomainError} `ILLEGAL_STATE` — the template is not in force; `TEMPLATE_MISMATCH` — another content, another class, or less
 * protected than the template; `NOT_FOUND` — the custodian has no such endpoint for queries that is active.
 */
export function assertPointsBy(content: PointerContent, template: QueryTemplate, endpoint: Endpoint | undefined): void {
  if (template.state !== 'active')
    throw new DomainError('ILLEGAL_STATE', 'the template is not in force', { state: template.state, command: 'point' });
  const rank = ({ confidentiality }: Pick<PointerContent, 'confidentiality'>): number => confidentialities.indexOf(confidentiality);
  const fits: Readonly<Record<string, boolean>> = {
    templateSha256: content.templateSha256 === hashOfTemplate(template),
    class: content.class === template.class,
    dataLevel: content.dataLevel >= template.dataLevel,
    confidentiality: rank(content) >= rank(template),
  };
  const differing = Object.keys(fits).find((field) => fits[field] !== true);
  if (differing !== undefined) throw new DomainError('TEMPLATE_MISMATCH', undefined, { field: differing });
  if (endpoint?.kind !== 'query' || endpoint.state !== 'active')
    throw new DomainError('NOT_FOUND', 'no such endpoint for queries', { endpointId: content.endpointId });
}

/**
 * The pointer with the content of its next version.
 * @throws {@link DomainError} `ILLEGAL_STATE` — it is retired; `VERSION_CONFLICT`; `CLASS_CHANGED`, `LABEL_LOWERED` — consent given for the
 * one would open the other.
 */
export function updatePointer(pointer: Pointer, previousVersion: number, content: PointerContent, now: Instant): Pointer {
  const state = nextState(pointerTable, pointer.state, 'update');
  assertVersion(pointer.version, previousVersion);
  if (content.class !== pointer.class) throw new DomainError('CLASS_CHANGED', undefined, { present: pointer.class, next: content.class });
  const isLowered =
    content.dataLevel < pointer.dataLevel ||
    confidentialities.indexOf(content.confidentiality) < confidentialities.indexOf(pointer.confidentiality);
  if (isLowered) throw new DomainError('LABEL_LOWERED');
  return { ...pointer, ...content, state, version: pointer.version + 1, changedAt: now };
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — it is retired already; `VERSION_CONFLICT`. */
export function retirePointer(pointer: Pointer, previousVersion: number, now: Instant): Pointer {
  const state = nextState(pointerTable, pointer.state, 'retire');
  assertVersion(pointer.version, previousVersion);
  return { ...pointer, state, version: pointer.version + 1, changedAt: now };
}

/** The immutable entry of a pointer's present version. */
export function versionOfPointer(
  pointer: Pointer,
  operation: PointerVersion['operation'],
  origin: PointerVersion['origin'],
): PointerVersion {
  const { pseudonym, pointerId, version, changedAt } = pointer;
  return { schemaVersion: 1, pseudonym, pointerId, version, operation, ...pointerContentOf(pointer), at: changedAt, origin };
}

/** What a decision and a ticket look at in whatever may be asked for. */
export type Readable = RecordFacts & { readonly version: number };

/** A pointer as the deciding rule sees it: like a record, and a retired one like a retracted one. */
export function readableOf(pointer: Pointer): Readable {
  const { pointerId, version, state, custodianMspId, dataLevel, confidentiality, addedAt } = pointer;
  return {
    ...{ recordId: pointerId, version, class: pointer.class, dataLevel, confidentiality },
    ...{ custodianMspId, authorMspId: custodianMspId, anchoredAt: addedAt },
    state: state === 'current' ? 'current' : 'retracted',
  };
}

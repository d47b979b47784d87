import { type CopyTerms, type Grantee } from '../../consent/entities';
import { type ParameterName } from '../../governance/transactions';
import { type ActorTag, type MspId, type ProvisionId } from '../../ids';
import { type Instant } from '../../instant';
import { type GrantVersion, type ProvisionUse } from '../decision';
import { type DenyReason } from '../../errors/table';
import { type AccessFacts, type AccessQuestion, type FactsQuestion, type KnownQuestion } from '../question';

/** One entry of the ledger that a source rests on. The patient's pseudonym is part of the inquiry and so of no key. */
export type FactKey =
  | { readonly kind: 'grant'; readonly grantee: Grantee }
  | { readonly kind: 'relationship'; readonly mspId: MspId }
  | { readonly kind: 'parameter'; readonly name: ParameterName }
  | { readonly kind: 'approval'; readonly mspId: MspId; readonly actorTag: ActorTag };

/** The provision that something comes from, and of which version of which grant; without one it is the default policy's, or of no grant. */
export type ProvisionOrigin = { readonly provisionId: ProvisionId; readonly grantVersion?: GrantVersion };

/** What a permit rests on. `until` is exclusive; without it this basis has no end. */
export type PermitBasis = ProvisionOrigin & {
  readonly until?: Instant;
  /** The use that resting on it takes: it is good for so many permits and no more. */
  readonly use?: ProvisionUse;
};

/** What one source has to say about a question. An absent member says nothing; {@link SILENT} says nothing at all. */
export type Verdict = {
  /** Ends the matter: this reason alone is told, whatever later sources say. */
  readonly refusal?: DenyReason;
  /** Somebody has said something about this actor. If no source is addressed, `NO_CONSENT` is all that is told. */
  readonly addressed?: boolean;
  /** Denies that no permit outweighs. */
  readonly denials?: readonly DenyReason[];
  /** The prohibitions that these denials come from: for who may know what the patient has said, never for who asks. */
  readonly forbiddenBy?: readonly ProvisionOrigin[];
  readonly permits?: readonly PermitBasis[];
  /** What is missing besides: denies what would be permitted, and is told of nothing else. */
  readonly unapproved?: readonly DenyReason[];
  /** For each attempt at a permit, what it lacks; of these only the nearest are told. */
  readonly shortfalls?: readonly (ProvisionOrigin & { readonly lacks: readonly DenyReason[] })[];
  /** Told beside the nearest shortfalls when nothing permits. */
  readonly remarks?: readonly DenyReason[];
  /** The grants that these remarks are about. */
  readonly revoked?: readonly GrantVersion[];
  /** Instants at which every permit ends (exclusive), whatever it rests on. */
  readonly ends?: readonly (Partial<ProvisionOrigin> & { readonly at: Instant })[];
  /** What may be done with a copy (ADR 0061): binds every permit, whatever it rests on; of several the strictest. */
  readonly obligations?: readonly CopyTerms[];
};

export const SILENT: Verdict = {};

/**
 * One reason for which access is given or denied. Pure: values in, a verdict out.
 *
 * `needs` depends on the question alone, never on what was found, so that a record that does not exist costs the same reads as one
 * without consent: the pattern of reads must not tell the two apart.
 */
export interface PolicySource {
  needs(question: FactsQuestion): readonly FactKey[];
  judge(question: AccessQuestion, facts: AccessFacts): Verdict;
}

/** The judge of a source that is about a record: of a record that does not exist it says nothing. */
export function ofKnownRecord(judge: (question: KnownQuestion, facts: AccessFacts) => Verdict): PolicySource['judge'] {
  return (question, facts) => (question.record === undefined ? SILENT : judge({ ...question, record: question.record }, facts));
}

import { type Grantee } from '../../consent/entities';
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

/** What a permit rests on. `until` is exclusive; without it this basis has no end. */
export type PermitBasis = {
  readonly provisionId: ProvisionId;
  readonly grantVersion?: GrantVersion;
  readonly until?: Instant;
  /** The use that resting on it takes: it is good for so many permits and no more. */
  readonly use?: ProvisionUse;
};

/** Every obligation that may come with a permit: none yet. */
export const obligationCodes = [] as const satisfies readonly string[];
/** What the reader of a permitted record has to do besides, such as giving a reason afterwards. */
export type Obligation = (typeof obligationCodes)[number];

/** What one source has to say about a question. An absent member says nothing; {@link SILENT} says nothing at all. */
export type Verdict = {
  /** Ends the matter: this reason alone is told, whatever later sources say. */
  readonly refusal?: DenyReason;
  /** Somebody has said something about this actor. If no source is addressed, `NO_CONSENT` is all that is told. */
  readonly addressed?: boolean;
  /** Denies that no permit outweighs. */
  readonly denials?: readonly DenyReason[];
  readonly permits?: readonly PermitBasis[];
  /** What is missing besides: denies what would be permitted, and is told of nothing else. */
  readonly unapproved?: readonly DenyReason[];
  /** For each attempt at a permit, what it lacks; of these only the nearest are told. */
  readonly shortfalls?: readonly (readonly DenyReason[])[];
  /** Told beside the nearest shortfalls when nothing permits. */
  readonly remarks?: readonly DenyReason[];
  /** Instants at which every permit ends (exclusive), whatever it rests on. */
  readonly ends?: readonly Instant[];
  readonly obligations?: readonly Obligation[];
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

import { newSalt } from '@lianyi/client';
import { type StaffSession } from '@lianyi/client/node';
import {
  DomainError,
  encodeBase64url,
  hashOfJson,
  type Identifier,
  newRequest,
  type Pseudonym,
  saltSchema,
  transactions,
} from '@lianyi/domain';
import { type Journal } from '../journal/journal';
import { decideMerge, type Merge, openMerge } from '../journal/merges';
import { type OwnHospital } from './hospital';

/** A registrar who looks at what the hospital's own system has said of two numbers. */
export interface DecidingRegistrar {
  readonly actorTag: string;
  readonly session: StaffSession;
  readonly hospital: Pick<OwnHospital, 'pseudonymOf'>;
  /** The interface's own staff entries: what came by them they do not confirm. */
  readonly interfaceTags: readonly string[];
}

/** `linked`: the surviving number leads to the prior one's pseudonym now; `apart`: each keeps its own, or neither has one. */
export type Confirmed = { readonly merge: Merge; readonly effect: 'linked' | 'already' | 'apart' };

/**
 * Agrees that two numbers are one person's. If only the prior one is linked, the registrar links the surviving one to the same pseudonym. Two
 * pseudonyms stay two: the ledger joins none, and what was published stays where it is (ADR 0044, 0067).
 * @throws {@link DomainError} `NOT_FOUND`, `ILLEGAL_STATE`; `SECOND_PERSON_NEEDED` — of the interface itself; those of the ledger
 */
export async function confirmFiledMerge(journal: Journal, mergeId: string, by: DecidingRegistrar): Promise<Confirmed> {
  const merge = openMerge(journal, mergeId);
  assertSecond(by);
  const [prior, survivor] = [await by.hospital.pseudonymOf(merge.prior), await by.hospital.pseudonymOf(merge.survivor)];
  const effect = prior !== undefined && prior === survivor ? 'already' : 'apart';
  const links = prior !== undefined && survivor === undefined;
  if (links) await link(by.session, merge.survivor, prior);
  decideMerge(journal, mergeId, { state: 'merged', by: by.actorTag });
  journal.hurry();
  return { merge, effect: links ? 'linked' : effect };
}

/**
 * Says that they are two persons'.
 * @throws {@link DomainError} as {@link confirmFiledMerge}; `NOT_PERMITTED` — no registrar
 */
export async function dismissFiledMerge(journal: Journal, mergeId: string, by: DecidingRegistrar): Promise<Merge> {
  const merge = openMerge(journal, mergeId);
  assertSecond(by);
  // the node answers this for registrars alone, so that nobody else decides
  await by.hospital.pseudonymOf(merge.prior);
  decideMerge(journal, mergeId, { state: 'dismissed', by: by.actorTag });
  return merge;
}

function assertSecond({ actorTag, interfaceTags }: DecidingRegistrar): void {
  if (interfaceTags.includes(actorTag)) throw new DomainError('SECOND_PERSON_NEEDED', 'the interface does not confirm what came by it');
}

async function link(session: StaffSession, identifier: Identifier, pseudonym: Pseudonym): Promise<void> {
  const linkId = await session.node.linkIdOf(identifier, session.sign);
  const transient = { linkId, pseudonym, ...identifier, salt: saltSchema.parse(encodeBase64url(newSalt())) };
  await session.ledger.submit(newRequest(transactions.LinkIdentifier, { linkId, transientSha256: hashOfJson(transient) }, { transient }));
}

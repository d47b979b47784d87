import {
  canonicalJson,
  DomainError,
  type IdentifierLink,
  type Input,
  type Output,
  spellIdentifier,
  type transactions,
  type Transient,
} from '@lianyi/domain';
import { recordOwnAct } from '../record-own-act';
import { type ReadScope, type WriteScope } from '../scope';
import { asStaff } from '../standing';

type Link = typeof transactions.LinkIdentifier;
type Resolve = typeof transactions.ResolveIdentifier;
type Unlink = typeof transactions.UnlinkIdentifier;

/**
 * Keeps which identifier belongs to which pseudonym, in the private data of the registrar's hospital and nowhere else.
 *
 * The pseudonym is not looked up: what a transaction reads of the public state stands in its block, beside the id of the link.
 */
export async function LinkIdentifier(scope: WriteScope, input: Input<Link>, transient: Transient<Link>): Promise<Output<Link>> {
  if (transient.linkId !== input.linkId) {
    throw new DomainError('INVALID_REQUEST', undefined, { path: 'transient.linkId', problem: 'differs from input.linkId' });
  }
  const { system, value } = transient;
  if (spellIdentifier({ system, value }).value !== value) throw new DomainError('IDENTIFIER_INVALID', undefined, { obstacle: 'text' });
  const { identifierLinks } = scope.ledger.own(asStaff(scope.actor));
  const existing = await identifierLinks.find(input.linkId);
  const link: IdentifierLink = { schemaVersion: 1, ...transient };
  if (existing === undefined) {
    await identifierLinks.insert(link);
  } else if (canonicalJson(existing) !== canonicalJson(link)) {
    throw new DomainError('IDENTIFIER_LINKED');
  } else {
    // written again, because what writes nothing is judged by the chaincode's own policy, which no owner meets alone
    // (Fabric core/common/validation/statebased/base.go, CheckCCEPIfNoEPChecked)
    await identifierLinks.replace(link);
  }
  recordOwnAct(scope, 'LinkIdentifier', { pseudonym: link.pseudonym }, link.salt);
  return { linkId: input.linkId };
}

/** Reads a link of the registrar's own hospital, without the salt. */
export async function ResolveIdentifier(scope: ReadScope, input: Input<Resolve>): Promise<Output<Resolve>> {
  const { linkId, pseudonym, system, value } = await scope.ledger.own(asStaff(scope.actor)).identifierLinks.get(input.linkId);
  return { linkId, pseudonym, system, value };
}

/** Removes a link and the tags of its number from every peer of the hospital, their history included. */
export async function UnlinkIdentifier(scope: WriteScope, input: Input<Unlink>): Promise<Output<Unlink>> {
  const { identifierLinks, matchTags, matchTagEntries } = scope.ledger.own(asStaff(scope.actor));
  const [link, kept] = await Promise.all([identifierLinks.get(input.linkId), matchTags.find(input.linkId)]);
  identifierLinks.purge(input.linkId);
  if (kept !== undefined) {
    for (const { tag } of kept.tags) matchTagEntries.purge(tag);
    matchTags.purge(input.linkId);
  }
  recordOwnAct(scope, 'UnlinkIdentifier', { pseudonym: link.pseudonym }, link.salt);
  return { linkId: input.linkId };
}

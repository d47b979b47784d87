import { canonicalJson, DomainError, type Input, type MatchTags, type Output, type transactions, type Transient } from '@lianyi/domain';
import { recordOwnAct } from '../record-own-act';
import { type ReadScope, type WriteScope } from '../scope';
import { asStaff } from '../standing';

type Put = typeof transactions.PutMatchTags;
type Find = typeof transactions.ResolveMatchTag;

/** Keeps the tags of a linked number, in the private data of the registrar's hospital and nowhere else. */
export async function PutMatchTags(scope: WriteScope, input: Input<Put>, transient: Transient<Put>): Promise<Output<Put>> {
  const { linkId } = input;
  if (transient.linkId !== linkId)
    throw new DomainError('INVALID_REQUEST', undefined, { path: 'transient.linkId', problem: 'differs from input.linkId' });
  const { identifierLinks, matchTags, matchTagEntries } = scope.ledger.own(asStaff(scope.actor));
  const [link, before] = await Promise.all([identifierLinks.get(linkId), matchTags.find(linkId)]);
  const kept: MatchTags = { schemaVersion: 1, ...transient };
  const isAgain = before !== undefined && canonicalJson(before) === canonicalJson(kept);
  // by another key: those of the one before find nobody any more
  for (const { tag } of isAgain ? [] : (before?.tags ?? [])) matchTagEntries.purge(tag);
  for (const pair of transient.tags) {
    const entry = { schemaVersion: 1, ...pair, linkId } as const;
    // written again as it is, because what writes nothing is judged by the chaincode's own policy, which no owner meets alone
    await (isAgain ? matchTagEntries.replace(entry) : matchTagEntries.insert(entry));
  }
  await matchTags.put(kept);
  recordOwnAct(scope, 'PutMatchTags', { pseudonym: link.pseudonym }, link.salt);
  return { linkId };
}

/** Finds whose number a tag is, and the secret of the tag; the number itself is not told. */
export async function ResolveMatchTag(scope: ReadScope, { tag }: Input<Find>): Promise<Output<Find>> {
  const { identifierLinks, matchTagEntries } = scope.ledger.own(asStaff(scope.actor));
  const { linkId, mspId, secret } = await matchTagEntries.get(tag);
  const { pseudonym, system } = await identifierLinks.get(linkId);
  return { linkId, mspId, secret, pseudonym, system };
}

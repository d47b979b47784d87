import { memberOperations } from '@lianyi/client';
import { type LedgerIndex } from '../ledger-index/ledger-index';
import { serve } from './operation-routes';
import { type NodeServer } from './server';

/** Tells whoever recovers a pseudonym, and those who vouch, how far the hospital follows it: what it will release nothing for, they learn at once. */
export function addRecoveryRoutes(server: NodeServer, { index }: { readonly index: Pick<LedgerIndex, 'followedRecovery'> }): void {
  serve(server, memberOperations.FollowedRecovery, async ({ body: key }) => ({
    body: await index.followedRecovery(key),
  }));
}

import { memberOperations, signedAs } from '@lianyi/client';
import { type StaffGate } from '../check-caller';
import { type PeerHeights } from '../peer-heights';
import { serve } from './operation-routes';
import { type NodeServer } from './server';

export interface ListingServices {
  readonly staff: Pick<StaffGate, 'assertStaff'>;
  readonly heights: Pick<PeerHeights, 'all'>;
}

/** What staff who list what they may ask for want to know besides, of which the ledger says nothing. */
export function addListingRoutes(server: NodeServer, { staff, heights }: ListingServices): void {
  const { AskHeights } = memberOperations;
  serve(server, AskHeights, async ({ body: { proof }, signedInput, request: { ip } }) => {
    await staff.assertStaff(signedAs(AskHeights), signedInput, proof, AskHeights.callers.roles, ip);
    return { body: { peers: await heights.all() } };
  });
}

import { experiment } from '../../bench/linkage/experiment';
import { type GetWorld } from './world';

/** Pseudonyms: what links and what does not. The attack on a thousand patients is `npm run bench:linkage`. */
export function linkageCases(world: GetWorld): void {
  it('join nothing by any id, key, hash or signature on the ledger, whatever the wallets of several patients write at three hospitals', async () => {
    const found = await experiment(world().scenario, 3);
    expect(found).toMatchObject({ things: 18, shared: [], byTokens: 0 });
  });
}

import { join } from 'node:path';
import { loadKeyFile } from '@lianyi/client/node';
import { type Admission } from './admission/admission';
import { type StaffGate } from './check-caller';
import { addListingRoutes } from './http/listing-routes';
import { type NodeServer } from './http/server';
import { type Cleanups, type LedgerSide } from './ledger-side';
import { type NodeConfig } from './node-config';
import { Introductions } from './services/introductions';
import { PreparationSeal } from './services/preparation-seal';

interface ForListing {
  readonly config: Pick<NodeConfig, 'dataDir' | 'kemKeyFile'>;
  readonly side: Pick<LedgerSide, 'identity' | 'heights' | 'own'>;
  readonly staff: StaffGate;
  readonly admission: Admission;
  readonly cleanups: Cleanups;
}

/** What staff who list what they may ask for want to know of this node: how far peers are, and who has named which other pseudonym. */
export async function addListing(http: NodeServer, { config, side, staff, admission, cleanups }: ForListing): Promise<void> {
  const seal = new PreparationSeal(await loadKeyFile(config.kemKeyFile));
  const introductions = new Introductions(join(config.dataDir, 'introductions.sqlite'), seal);
  cleanups.push(() => introductions.close());
  const { identity, heights, own: reader } = side;
  addListingRoutes(http, { identity, heights, reader, staff, admission, introductions });
}

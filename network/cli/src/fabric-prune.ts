import { fabricFolders, findPrunable, lookAtUse, releaseNetwork, tryTakeNetwork } from '@lianyi/fabric-processes';
import { type HoldNetwork } from '@lianyi/network-model';
import { type Output } from './output';
import { addPruneVerb as addVerb } from './prune';
import { type VerbGroup } from './verb-group';

const hold: HoldNetwork = (dataDir) => {
  const folders = fabricFolders(dataDir);
  lookAtUse(folders); // where there is no network, nothing is made for a lock
  if (!tryTakeNetwork(folders)) return undefined;
  return () => {
    releaseNetwork(folders);
  };
};

/** Registers `prune`, for a network that runs or is stopped. */
export function addPruneVerb(verbs: VerbGroup, output: Output): void {
  addVerb(verbs, output, {
    find: (dataDir, isHeld) => {
      const folders = fabricFolders(dataDir);
      return findPrunable(folders, lookAtUse(folders, isHeld));
    },
    hold,
    explanation: `Running or stopped. Removed are: folders of chaincode services of superseded definitions, their packages and what peers that
are stopped keep of them; all of organisations that left, their ledgers and keys, too; logs that are full or whose node is no
more; what killed verbs left. Not touched: snapshots, and what restore put aside, which may hold the only private values.`,
  });
}

import { BlockAuthority, BuriedSignatures, common } from '@lianyi/fabric-protocol';
import { shortestOf } from '../../stalling/shortest-of';
import { type Attack, type AttackOutcome } from '../attack';
import { ChainInMemory } from '../chain-in-memory';

const ADDED = 5_000;
/** The signatures that are looked at in any case, and the bytes of the rest. */
const BOUNDED = 500;

/** The same block with signatures that are none before its own: nobody signs how many there are. */
function buried(block: common.Block): common.Block {
  const copy = common.Block.deserializeBinary(block.serializeBinary());
  const entries = copy.getMetadata()?.getMetadataList_asU8() ?? [];
  const metadata = common.Metadata.deserializeBinary(entries[common.BlockMetadataIndex.SIGNATURES] ?? new Uint8Array(0));
  const own = metadata.getSignaturesList();
  const bad = own.map((signature) => {
    const other = common.MetadataSignature.deserializeBinary(signature.serializeBinary());
    other.setSignatureHeader(Buffer.concat([signature.getSignatureHeader_asU8(), Buffer.from([0x7a, 0x00])]));
    return other;
  });
  metadata.setSignaturesList([...Array.from({ length: ADDED }, () => bad).flat(), ...own]);
  entries[common.BlockMetadataIndex.SIGNATURES] = metadata.serializeBinary();
  copy.getMetadata()?.setMetadataList(entries);
  return copy;
}

function judge(authority: BlockAuthority, block: common.Block): void {
  try {
    authority.refusalOf(block);
  } catch (error) {
    if (!(error instanceof BuriedSignatures)) throw error;
  }
}

async function run(): Promise<AttackOutcome> {
  const chain = await ChainInMemory.make();
  const block = chain.after(chain.genesis, [Buffer.from('a transaction')], true);
  const authority = BlockAuthority.ofGenesis(chain.genesis);
  const filled = buried(block);
  judge(authority, block);
  const [clean, costly] = [
    shortestOf(5, () => {
      judge(authority, block);
    }),
    shortestOf(2, () => {
      judge(authority, filled);
    }),
  ];
  const times = Math.round(costly / clean);
  return { succeeded: times > BOUNDED, seen: `${ADDED} bad signatures before the good one cost ${times} times as much as it alone` };
}

/** The other member's peer delivers true blocks with signatures added; the node verifies every one, and stands still meanwhile. */
export const buriedSignatures: Attack = {
  id: 'R2-4',
  title: 'Signatures that a peer adds to a block stall who follows it',
  defences: [{ file: 'network/protocol/src/channel-config/block-authority.ts', name: 'signaturesLookedAt', body: 'return Infinity;' }],
  networks: ['embedded'],
  run,
};

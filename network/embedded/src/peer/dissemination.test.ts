import { type EmbeddedChannel } from '../ledger/embedded-channel';
import { type DataHolder } from '../ledger/data-holder';
import { distributePrivateData } from './dissemination';

interface Collection {
  readonly members?: readonly string[];
  readonly required?: number;
  readonly maximum?: number;
}

const peerOf = (holder: string): DataHolder => ({ mspId: holder.slice(0, 1), holder, isRunning: true });

/** Endorses at `endorser` one write to a collection; answers who was handed it. */
function handedOut(endorser: string, up: readonly string[], collection: Collection, name = 'c'): readonly string[] {
  const { members = ['A', 'B'], required = 0, maximum = 1 } = collection;
  const holders: string[] = [];
  const channel = {
    name: 'emr',
    definitions: { collection: () => ({ memberMspIds: members, requiredPeerCount: required, maximumPeerCount: maximum }) },
    stagePrivateData: (_txId: string, holder: string) => holders.push(holder),
  } as unknown as EmbeddedChannel; // only what dissemination looks at
  const data = [{ namespace: 'cc', collection: name, kvRwSet: Buffer.from('set') }];
  distributePrivateData(channel, data, { txId: 'tx', endorser: peerOf(endorser), peers: up.map(peerOf) });
  return holders;
}

describe('private data of an endorsement', () => {
  it('stays at the endorser and goes to one peer of each other member, as far as the maximum allows', () => {
    expect(handedOut('A0', ['A0', 'A1', 'B0', 'B1'], { maximum: 2 })).toEqual(['A0', 'A1', 'B0']);
    expect(handedOut('A0', ['A0', 'B0', 'B1'], { maximum: 5 })).toEqual(['A0', 'B0', 'B1']);
    expect(handedOut('A0', ['A0', 'B0'], { maximum: 0 })).toEqual(['A0']);
  });

  it('never goes to a peer outside the collection', () => {
    expect(handedOut('A0', ['A0', 'C0', 'B0'], { maximum: 9 })).toEqual(['A0', 'B0']);
  });

  it.each([
    ['nobody else is up', ['A0'], 1, 0],
    ['one is missing', ['A0', 'B0'], 2, 1],
    ['the others are no members', ['A0', 'C0', 'C1'], 1, 0],
  ])('is refused when %s', (_what, up, required, eligible) => {
    expect(() => handedOut('A0', up, { required, maximum: 3 })).toThrow(
      `failed to distribute private collection, txID tx, channel emr: could not build private data dissemination plan for chaincode cc and collection c: required to disseminate to at least ${required} peers, but know of only ${eligible} eligible peers`,
    );
  });

  it("counts the other peer of the endorser's own organisation", () => {
    expect(handedOut('A0', ['A0', 'A1'], { required: 1 })).toEqual(['A0', 'A1']);
  });

  it('for one organisation alone goes to one more of its own peers, and to none by an endorser of another', () => {
    expect(handedOut('A0', ['A0', 'A1', 'A2'], {}, '_implicit_org_A')).toEqual(['A0', 'A1']);
    expect(handedOut('B0', ['A0', 'B0'], {}, '_implicit_org_A')).toEqual(['B0']);
  });
});

import { type Marker } from '../canary';
import { type PeerLine } from '../peer-line';
import { type Roster } from '../roster';
import { type Scenario } from '../scenario';

/** What the cases of a file share: the consortium and its people. Everybody else, each case makes for itself. */
export interface World {
  readonly scenario: Scenario;
  readonly staff: Roster;
  /** Between A's node and C's peer, which confirms for A whatever B's clinicians are permitted. */
  readonly line: PeerLine;
  /** What was said to one person alone, as often as a case hears it: the last cases look for it everywhere. */
  readonly secrets: Marker[];
  /** What a hospital keeps in its private data, such as the salts of commitments: no block may hold it. */
  readonly salts: Marker[];
}

/** Asked for inside a test; before that nothing runs. */
export type GetWorld = () => World;

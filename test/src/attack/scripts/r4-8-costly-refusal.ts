import { ConnectionPlaces } from '@lianyi/member-node/testing';
import { shortestOf } from '../../stalling/shortest-of';
import { type Attack, type AttackOutcome } from '../attack';

const REFUSED = 20;
const [FEW, MANY] = [128, 1_024];
/** As much costs a connection more than with few places; twelve times as much is what eight times the places could. */
const BOUNDED = 12;

/** All places are taken by as many sites, each with a request under way. */
function full(all: number): ConnectionPlaces {
  const places = new ConnectionPlaces({ all, perSite: all, perAddress: all });
  for (let site = 0; site < all; site += 1) {
    const place = places.enter({ address: `a${site}`, site: `s${site}`, end: () => undefined });
    if (place !== undefined) places.change(place, 'busy');
  }
  return places;
}

/** Milliseconds for some connections that are refused, of somebody else. */
function costOf(all: number): number {
  const places = full(all);
  return shortestOf(5, () => {
    for (let count = 0; count < REFUSED; count += 1) {
      const place = places.enter({ address: 'newcomer', site: 'newcomer', end: () => undefined });
      if (place !== undefined) throw new Error('a connection of somebody with a request under way gave way');
    }
  });
}

function run(): Promise<AttackOutcome> {
  costOf(FEW); // once for the compiler
  const times = Math.round(costOf(MANY) / costOf(FEW));
  return Promise.resolve({
    succeeded: times > BOUNDED,
    seen: `a refused connection costs ${times} times as much at ${MANY} places as at ${FEW}`,
  });
}

export const costlyRefusal: Attack = {
  id: 'R4-8',
  title: 'connections that are refused stop a node, because each is compared with all others for all others',
  defences: [
    {
      file: 'application/member-node/src/http/ranking.ts',
      name: 'Ranking.firstToGiveWay',
      body: [
        'const all = [...this.#holders.values()];',
        'const holdsMore = (held) => all.filter((each) => sizeOf(each) <= sizeOf(held)).length < 0;',
        'return all.filter(holdsMore).map(({ unserved }) => first(unserved))[0];',
      ].join(' '),
    },
  ],
  networks: ['embedded'],
  run,
};

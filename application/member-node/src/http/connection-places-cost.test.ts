import { ConnectionPlaces, type PlaceLimits } from './connection-places';

/** Steps of loops over lists, sets and maps, however long each takes. */
function stepsOf(run: () => void): number {
  let steps = 0;
  const counted = [[].values(), new Set().values(), new Map().values()].map((iterator) => {
    // what `for` and spreading ask for the next value
    const prototype = Object.getPrototypeOf(iterator) as { next: () => IteratorResult<unknown> };
    const { next } = prototype;
    prototype.next = function (this: Iterator<unknown>) {
      steps += 1;
      return Reflect.apply(next, this, []);
    };
    return () => (prototype.next = next);
  });
  const methods = (['filter', 'find', 'every'] as const).map((name) => {
    const list = Array.prototype as unknown as Record<string, (...given: unknown[]) => unknown>;
    const method = list[name];
    list[name] = function (this: readonly unknown[], ...given) {
      steps += this.length;
      return method === undefined ? undefined : Reflect.apply(method, this, given);
    };
    return () => {
      if (method !== undefined) list[name] = method;
    };
  });
  try {
    run();
  } finally {
    for (const restore of [...counted, ...methods]) restore();
  }
  return steps;
}

const end = (): void => undefined;
const LIMITLESS = { all: Infinity, perSite: Infinity, perAddress: Infinity };

/** As many busy connections, of so many sites with so many addresses each. */
function busyPlaces(limits: Partial<PlaceLimits>, sites: number, addresses: number, each: number): ConnectionPlaces {
  const places = new ConnectionPlaces({ ...LIMITLESS, ...limits });
  for (let site = 0; site < sites; site += 1)
    for (let address = 0; address < addresses; address += 1)
      for (let count = 0; count < each; count += 1) {
        const place = places.enter({ site: `s${site}`, address: `s${site}.${address}`, end });
        if (place !== undefined) places.change(place, 'busy');
      }
  return places;
}

interface Crowd {
  readonly places: ConnectionPlaces;
  readonly newcomer: { readonly site: string; readonly address: string };
}

/** Each holds as much as every other, all are busy, and there is no place left among so many. */
const crowds: readonly (readonly [string, (size: number) => Crowd])[] = [
  ['of one address', (size) => ({ places: busyPlaces({ perAddress: size }, 1, 1, size), newcomer: { site: 's0', address: 's0.0' } })],
  ['of one site', (size) => ({ places: busyPlaces({ perSite: size }, 1, size, 1), newcomer: { site: 's0', address: 'another' } })],
  [
    'of one site, two by two',
    (size) => ({ places: busyPlaces({ perSite: size }, 1, size / 2, 2), newcomer: { site: 's0', address: 's0.1' } }),
  ],
  ['of all sites', (size) => ({ places: busyPlaces({ all: size }, size, 1, 1), newcomer: { site: 'another', address: 'another' } })],
  ['of four sites', (size) => ({ places: busyPlaces({ all: size }, 4, size / 4, 1), newcomer: { site: 's0', address: 'another' } })],
];

describe.each(crowds)('a connection for which there is no place among the busy ones %s', (_whose, crowdOf) => {
  const stepsFor = (size: number): number => {
    const { places, newcomer } = crowdOf(size);
    expect(places.taken).toBe(size);
    const steps = stepsOf(() => {
      for (let come = 0; come < 10; come += 1) expect(places.enter({ ...newcomer, end })).toBeUndefined();
    });
    expect(places.taken).toBe(size);
    return steps;
  };

  it('is refused at the same cost however many there are', () => {
    expect(stepsFor(2_048)).toBe(stepsFor(256));
  });
});

describe.each(['unserved', 'idle'] as const)('a connection for which an %s one gives way', (phase) => {
  it.each([
    [1, 2_048],
    [16, 128],
    [2_048, 1],
  ])('of %d sites with %d each costs no more than a look at each site', (sites, each) => {
    const places = busyPlaces({ all: sites * each }, sites, 1, each);
    for (let come = 0; come < 4; come += 1) {
      const newcomer = { site: `n${come}`, address: `n${come}`, end };
      const quiet = places.enter(newcomer);
      if (quiet !== undefined) places.change(quiet, phase);
      expect(stepsOf(() => places.enter({ ...newcomer, site: `m${come}` }))).toBeLessThan(4 * sites + 100);
    }
  });
});

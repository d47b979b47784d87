import { ConnectionPlaces, type Place } from './connection-places';

const LIMITS = { all: 12, perSite: 6, perAddress: 3 };

describe('places for connections', () => {
  let places: ConnectionPlaces;
  let ended: string[];
  let taken: number;

  /** A connection of `site`, from one of its addresses. */
  const enter = (site: string, address = `${site}.1`): Place | undefined => {
    const name = `${address}#${(taken += 1)}`;
    return places.enter({ address, site, end: () => ended.push(name) });
  };
  /** As many as one address may have. */
  const fill = (site: string, address: string): (Place | undefined)[] => Array.from({ length: 3 }, () => enter(site, address));
  const busy = (place: Place | undefined): void => {
    if (place === undefined) throw new Error('no place');
    places.change(place, 'busy');
  };

  beforeEach(() => {
    places = new ConnectionPlaces(LIMITS);
    [ended, taken] = [[], 0];
  });

  it('are taken up to the number of an address; then the oldest of it that has asked for nothing gives way', () => {
    fill('a', 'a.1');
    expect(enter('a')).toBeDefined();
    expect(ended).toEqual(['a.1#1']);
    expect(places.taken).toBe(3);
  });

  it('are taken up to the number of a site, however many addresses it has', () => {
    fill('a', 'a.1');
    fill('a', 'a.2');
    for (let address = 3; address < 100; address += 1) expect(enter('a', `a.${address}`)).toBeDefined();
    expect(places.taken).toBe(6);
    expect(ended).toHaveLength(97);
  });

  it.each([
    ['idle', ['a.1#1']],
    ['busy', []],
  ] as const)('are given up by none of an address whose three are %s, except the idle', (phase, gone) => {
    for (const place of fill('a', 'a.1')) if (place !== undefined) places.change(place, phase);
    expect(enter('a') !== undefined).toBe(gone.length > 0);
    expect(ended).toEqual(gone);
    expect(enter('a', 'a.2')).toBeDefined();
  });

  describe('when all are taken', () => {
    beforeEach(() => {
      for (const site of ['a', 'b']) for (const address of ['1', '2']) fill(site, `${site}.${address}`);
    });

    it('are given up by the site that holds most', () => {
      expect(enter('c')).toBeDefined();
      expect(enter('c')).toBeDefined();
      expect(ended).toEqual(['a.1#1', 'b.1#7']);
    });

    it('are kept by a site that holds few while others hold many', () => {
      const kept = enter('c');
      for (let site = 0; site < 40; site += 1) enter(`stranger-${site % 4}`);
      expect(kept).toBeDefined();
      expect(ended).not.toContain('c.1#13');
      expect(places.taken).toBe(12);
    });

    it('are given up by those of the largest site who have asked for nothing before those who have', () => {
      places = new ConnectionPlaces(LIMITS);
      ended = [];
      const idle = [...fill('a', 'a.1'), ...fill('b', 'b.1')];
      for (const place of idle) if (place !== undefined) places.change(place, 'idle');
      fill('a', 'a.2');
      fill('b', 'b.2');
      for (let site = 0; site < 2; site += 1) enter(`d${site}`);
      expect(ended).toEqual(['a.2#19', 'b.2#22']);
    });

    it('are given up by idle ones of a large site before those of smaller sites who have asked for nothing', () => {
      places = new ConnectionPlaces(LIMITS);
      ended = [];
      for (const place of [...fill('a', 'a.1'), ...fill('a', 'a.2')]) if (place !== undefined) places.change(place, 'idle');
      fill('b', 'b.1');
      fill('c', 'c.1');
      for (let site = 0; site < 3; site += 1) enter(`d${site}`);
      expect(ended).toEqual(['a.1#13', 'a.1#14', 'a.1#15']);
    });

    it.each(['unserved', 'idle', 'busy'] as const)(
      'by four sites whose connections are %s, are kept by an honest one past a fifth that opens many',
      (phase) => {
        places = new ConnectionPlaces({ ...LIMITS, perSite: 3 });
        ended = [];
        const strangers = ['s', 't', 'u', 'v'].flatMap((site) => fill(site, `${site}.1`));
        for (const place of strangers) if (place !== undefined) places.change(place, phase);
        expect(enter('fifth')).toBeDefined();
        const honest = enter('honest');
        expect(honest).toBeDefined();
        for (let opened = 0; opened < 100; opened += 1) enter('fifth', `fifth.${opened}`);
        expect(ended.filter((name) => name.startsWith('honest'))).toEqual([]);
        // and it is no worse off once it has been served, nor with a second connection
        if (honest !== undefined) places.change(honest, 'idle');
        expect(enter('honest')).toBeDefined();
        for (let opened = 0; opened < 100; opened += 1) enter('fifth', `fifth.${opened}`);
        expect(ended.filter((name) => name.startsWith('honest')).length).toBe(0);
        expect(places.taken).toBe(12);
      },
    );

    it.each(['idle', 'busy'] as const)(
      'of a site, by two of its addresses whose connections are %s, are kept by another past one that opens many',
      (phase) => {
        places = new ConnectionPlaces(LIMITS);
        ended = [];
        for (const place of [...fill('a', 'a.1'), ...fill('a', 'a.2')]) if (place !== undefined) places.change(place, phase);
        expect(enter('a', 'a.3')).toBeDefined();
        expect(enter('a', 'a.4')).toBeDefined();
        for (let opened = 0; opened < 50; opened += 1) enter('a', 'a.3');
        expect(ended.some((name) => name.startsWith('a.4'))).toBe(false);
        expect(places.taken).toBe(6);
      },
    );

    it('are refused to a site that would hold most while all that it has are busy', () => {
      places = new ConnectionPlaces(LIMITS);
      ended = [];
      for (const place of [...fill('a', 'a.1'), ...fill('b', 'b.1'), ...fill('c', 'c.1'), ...fill('d', 'd.1')]) busy(place);
      expect(enter('a', 'a.2')).toBeDefined();
      expect(ended).toEqual(['a.1#13']);
      expect(enter('e')).toBeDefined();
      expect(ended).toHaveLength(2);
    });

    it('are taken from the largest site even from requests under way, until sites hold the same', () => {
      places = new ConnectionPlaces(LIMITS);
      for (const site of ['a', 'b']) for (const address of ['1', '2']) fill(site, `${site}.${address}`).forEach(busy);
      let own = 0;
      for (let place = enter('c', 'c.0'); place !== undefined && own < 12; place = enter('c', `c.${own}`)) {
        busy(place);
        own += 1;
      }
      expect(own).toBe(4);
      expect(ended).toEqual(['a.1#13', 'b.1#19', 'a.1#14', 'b.1#20']);
      expect(places.taken).toBe(12);
    });
  });

  it('are free again when they are left, once for each', () => {
    const [first] = fill('a', 'a.1');
    if (first === undefined) throw new Error('no place');
    places.leave(first);
    places.leave(first);
    expect(places.taken).toBe(2);
    expect(enter('a')).toBeDefined();
    expect(ended).toEqual([]);
  });
});

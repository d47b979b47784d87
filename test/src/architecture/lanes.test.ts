import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { filesBelow } from './source-files';
import { repositoryRoot } from './workspaces';

const node = join(repositoryRoot, 'application/member-node/src');
const isProduct = (file: string): boolean => file.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(file);
/** Where places are made, and of which limits. */
const MADE = /\b(?:new (?:Lane|SharedPlaces|SignerLanes)|ReaderLanes\.of(?:Own|Any)Staff)\(([^()]*)\)/g;

/**
 * Who is counted one by one. Members are few, sites are shared by those whom nobody counts (the largest gives way), and all patients together take one
 * turn where it says so. An empty list: the lane is of more than one kind, and its parts are lines of their own.
 */
type Callers = 'own staff' | 'staff' | 'members' | 'sites' | 'patients' | 'patients in one turn' | 'addresses' | 'keys';
/** Callers of whom a member, or anybody, makes as many as they like. */
const UNBOUNDED: ReadonlySet<Callers> = new Set<Callers>(['patients', 'addresses', 'sites', 'staff']);

const lanes: Readonly<Record<string, readonly Callers[]>> = {
  'admission/shared-places.ts { ...ofMember, ...ofReader, atOnce: Number.POSITIVE_INFINITY, waiting: Number.POSITIVE_INFINITY }': [
    'patients',
  ],
  'admission/shared-places.ts { ...ofMember, hasOneForEach: true }': ['members'],
  'admission/signer-lanes.ts staff': ['own staff'],
  'admission/signer-lanes.ts patients': ['patients'],
  'admission/signer-lanes.ts sites': ['sites'],
  'admission/admission.ts QUESTIONS': [],
  'admission/admission.ts COMMANDS': [],
  'admission/admission.ts WAITS': [],
  'admission/strangers.ts lane': ['addresses'],
  'http/matching-routes.ts ASKED': ['own staff'],
  'http/matching-routes.ts ANSWERS': ['members'],
  'http/member-routes.ts READS': ['members'],
  'http/member-routes.ts DEPOSITS': ['members'],
  'http/member-routes.ts RELEASES': ['members'],
  'http/pin-routes.ts ANSWERS': ['members'],
  'http/pointer-routes.ts QUERIES': [],
  'http/pointer-routes.ts { ...QUERIES, hasOneForEach: true }': ['members'],
  'http/record-routes.ts PREPARATIONS': ['own staff'],
  'http/record-routes.ts PUBLICATIONS': ['own staff'],
  'http/record-routes.ts DOCUMENTS': [],
  'http/record-routes.ts WITNESS': [],
  'admission/admission.ts NEWS': [],
  'keys/key-service.ts RELEASES_OF_ONE_KEY': ['keys'],
  'pins/pin-finders.ts PLACES': ['sites'],
  'queries/postgresql-queries.ts AT_ONCE': ['own staff', 'members', 'patients in one turn'],
  'queries/sqlite-queries.ts AT_ONCE': ['own staff', 'members', 'patients in one turn'],
  'reader-lanes.ts OF_PATIENTS': ['patients'],
  'reader-lanes.ts FOR_PATIENTS': ['members'],
  'reader-lanes.ts limits': ['own staff'],
  'reader-lanes.ts { ...limits, atOnce: Number.POSITIVE_INFINITY }': ['own staff'],
  'reader-lanes.ts shares.ofMember': ['members'],
  'reader-lanes.ts ofCustodians': ['members'],
  'reader-lanes.ts shares': ['staff'],
  'services/event-feed.ts WAITS': ['own staff'],
};

describe('the lanes of a node', () => {
  const made = filesBelow(node)
    .filter(isProduct)
    .flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(MADE)].map(
        ([, limits = '']) => `${relative(node, file).replaceAll('\\', '/')} ${limits.trim()}`,
      ),
    );

  it('are all in the table that says who has places in them', () => {
    expect([...new Set(made)].sort()).toEqual(Object.keys(lanes).sort());
  });

  it.each(Object.entries(lanes).filter(([, callers]) => callers.includes('own staff')))(
    '%s has none beside own staff of whom there is no bounded number',
    (_lane, callers) => {
      expect(callers.filter((each) => UNBOUNDED.has(each))).toEqual([]);
    },
  );
});

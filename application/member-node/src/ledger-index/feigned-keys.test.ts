import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { hashOfKey, transactions } from '@lianyi/domain';
import { policiesOf } from '@lianyi/domain/deciding';
import { type Call } from './block-of-calls.fixture';
import {
  amended,
  asked,
  cardiologistB,
  hired,
  parameterEntry,
  parameterKey,
  person,
  recordEntry,
  recordId,
  recordKey,
  staffEntry,
  staffKey,
  ticketEntry,
  ticketIdFor,
  ticketKey,
} from './member-chain.fixture';
import {
  B,
  consent,
  consentKey,
  denial,
  type PatientChain,
  provisions,
  pseudonym,
  relationship,
  relationshipKey,
  usePatientChain,
} from './patient-chain.fixture';

const neurologistB = person('BMSP', 'neurologist', ['clinician'], ['neurology']);
const clinicianA = person('AMSP', 'clinician', ['clinician'], ['internal']);
const DEFAULT = { provisionIds: ['default'], grantVersions: [] };
const byConsent = { grantVersions: [{ grantee: B, version: 1 }] };
const theirs = { actor: { mspId: 'BMSP', actorTag: 'cardiologist', roles: ['clinician'], department: 'cardiology' } };
const openPolicies = parameterEntry(policiesOf('all-normal'));

/** What somebody has said of an entry, what others would rather have there, and whether the index takes it for said. */
interface Entry {
  /** Writes the entry as it was said. */
  readonly call: Call;
  readonly key: string;
  readonly forged: string;
  readonly isTaken: () => Promise<boolean>;
}

const entries: Readonly<Record<string, (chain: PatientChain) => Promise<Entry>>> = {
  'a prohibition': (chain) => {
    const key = consentKey(B);
    const call = chain.command(
      transactions.GrantPolicy,
      { pseudonym, grantee: B, provisions: denial },
      { [key]: consent(1, 'active', denial) },
    );
    const isTaken = async (): Promise<boolean> => (await chain.word({ grantee: B, version: 1 })) === 'given';
    return Promise.resolve({ call, key, forged: consent(1, 'active', provisions), isTaken });
  },
  'a suspended relationship': async (chain) => {
    await chain.say(chain.granted());
    const call = chain.relating('SuspendRelationship', relationship('suspended', 'patient'));
    const isTaken = async (): Promise<boolean> => (await chain.word({ grantee: B, version: 1 })) !== 'unproven';
    return { call, key: relationshipKey, forged: relationship('active'), isTaken };
  },
  'a permit': async (chain) => {
    await chain.say(chain.granted());
    await chain.add(hired(neurologistB));
    const isTaken = async (): Promise<boolean> => (await chain.wordOn(neurologistB, byConsent)) === 'given';
    const forged = ticketEntry(neurologistB, { ...theirs, ephemeralPublicKey: publicKeyOf(newPrivateKey()) });
    return { call: asked(neurologistB), key: ticketKey(ticketIdFor(neurologistB)), forged, isTaken };
  },
  'a permit that others write in a form of their own': async (chain) => {
    const entry = await entryOf('a permit', chain);
    return { ...entry, forged: `\ufeff${entry.forged}` };
  },
  'a staff entry': (chain) => {
    const { mspId, actorTag } = clinicianA;
    const isTaken = async (): Promise<boolean> => (await chain.index.staffShown(mspId, actorTag))?.isProven === true;
    const forged = staffEntry(clinicianA, { publicKeyHash: hashOfKey(publicKeyOf(newPrivateKey())) });
    return Promise.resolve({ call: hired(clinicianA), key: staffKey(mspId, actorTag), forged, isTaken });
  },
  'a record': async (chain) => {
    await chain.say(chain.granted());
    const isTaken = async (): Promise<boolean> => (await chain.wordOn(cardiologistB, byConsent)) === 'given';
    return { call: amended(2), key: recordKey(recordId), forged: recordEntry(2, { dataLevel: 1 }), isTaken };
  },
  'a default policy': async (chain) => {
    await chain.add(hired(clinicianA), asked(clinicianA, DEFAULT));
    const key = parameterKey;
    const isTaken = async (): Promise<boolean> => (await chain.wordOn(clinicianA, DEFAULT)) === 'given';
    const call = chain.forged({ [key]: parameterEntry(policiesOf('basic-normal')) });
    return { call, key, forged: openPolicies, isTaken };
  },
};

function entryOf(what: string, chain: PatientChain): Promise<Entry> {
  const make = entries[what];
  if (make === undefined) throw new Error(`there is no ${what}`);
  return make(chain);
}

/** Keys that begin or end as that of an entry does, and that the chaincode never reads. */
const feigned: readonly (readonly [string, (key: string) => string])[] = [
  ['one part more', (key) => `${key}x\u0000`],
  ['one part less', (key) => key.slice(0, key.slice(0, -1).lastIndexOf('\u0000') + 1)],
  ['an empty part more', (key) => `${key}\u0000`],
  ['no end', (key) => key.slice(0, -1)],
  ['something behind its end', (key) => `${key}x`],
  ['something before its beginning', (key) => `z${key}`],
  ['no beginning', (key) => key.slice(1)],
  ['a part that is no id', (key) => `${key.slice(0, -1)} \u0000`],
];

type Told = Pick<Call, 'writes' | 'moreWrites' | 'endorsersSaid'>;
const twice: readonly (readonly [string, (key: string, said: string, forged: string) => Told])[] = [
  ['as it was said and then otherwise', (key, said, forged) => ({ writes: { [key]: said }, moreWrites: [[key, forged]] })],
  ['otherwise and then as it was said', (key, said, forged) => ({ writes: { [key]: forged }, moreWrites: [[key, said]] })],
  ['as it was said and then deleted', (key, said) => ({ writes: { [key]: said }, moreWrites: [[key, '']] })],
  ['as it was said, twice', (key, said) => ({ writes: { [key]: said }, moreWrites: [[key, said]] })],
  ['as it was said, with two words on who endorses', (key, said) => ({ writes: { [key]: said }, endorsersSaid: { [key]: 2 } })],
];

const names = Object.keys(entries);

describe('an entry that was written', () => {
  const used = usePatientChain();
  let chain: PatientChain;
  beforeEach(() => {
    chain = used();
  });

  it.each(names)('as it was said, with one word on who endorses, is taken for said: %s', async (what) => {
    const { call, key, isTaken } = await entryOf(what, chain);
    await chain.add({ ...call, endorsersSaid: { [key]: 1 } });
    expect(await isTaken()).toBe(true);
    expect(chain.names()).toEqual([]);
  });

  describe.each(names)('otherwise than it was said, as %s', (what) => {
    it.each(feigned)('is not covered by a key with %s, before it or behind it', async (_how, feign) => {
      const { call, key, forged, isTaken } = await entryOf(what, chain);
      const { [key]: said, ...others } = call.writes ?? {};
      const more = said ?? '';
      await chain.add({ ...call, writes: { ...others, [key]: forged, [feign(key)]: more } });
      expect(await isTaken()).toBe(false);
      expect(chain.names()).toContain('key-of-no-entry');
      expect(chain.audit.report().alarms.map(({ name }) => name)).toEqual(chain.names());
    });

    it.each(feigned)('is not covered by a key with %s that comes first', async (_how, feign) => {
      const { call, key, forged, isTaken } = await entryOf(what, chain);
      const { [key]: said, ...others } = call.writes ?? {};
      await chain.add({ ...call, writes: { ...others, [feign(key)]: said ?? '', [key]: forged } });
      expect(await isTaken()).toBe(false);
    });

    it.each(twice)('does not count when one transaction writes it %s', async (_how, tell) => {
      const { call, key, forged, isTaken } = await entryOf(what, chain);
      const { [key]: said, ...others } = call.writes ?? {};
      const told = tell(key, said ?? '', forged);
      await chain.add({ ...call, ...told, writes: { ...others, ...told.writes } });
      expect(await isTaken()).toBe(false);
      expect(chain.names()).not.toEqual([]);
      expect(chain.audit.report().alarms.map(({ name }) => name)).toEqual(chain.names());
    });
  });

  // what stood there before the others were written stands there still
  describe.each(['a prohibition', 'a permit', 'a staff entry'])('as it was said, as %s', (what) => {
    it.each(feigned)('is nothing under a key with %s alone', async (_how, feign) => {
      const { call, key, isTaken } = await entryOf(what, chain);
      const { [key]: said, ...others } = call.writes ?? {};
      await chain.add({ ...call, writes: { ...others, [feign(key)]: said ?? '' } });
      expect(await isTaken()).toBe(false);
      expect(chain.names()).toContain('key-of-no-entry');
    });
  });

  it('under a key of no entry that this version knows is somebody else’s', async () => {
    await chain.add(chain.forged({ later: '{}', '\u0000laterEntry\u0000a\u0000b\u0000': '{}' }));
    expect(chain.names()).toEqual([]);
  });
});

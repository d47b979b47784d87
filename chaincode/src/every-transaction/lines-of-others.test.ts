import { canonicalJson, type TransactionName } from '@lianyi/domain';
import { A, B, C, must, type Stage } from './cast.fixture';
import { type As } from './consortium.fixture';
import { heldCopy } from './copies.fixture';
import { disputed } from './correction.fixture';
import { names, samples } from './requests.fixture';
import { useStage } from './stage.fixture';

type Json = Readonly<Record<string, unknown>>;
/** Who asks for a list, and about what. */
type Asked = { readonly input: Json; readonly as: As };
type Led = {
  readonly whose: (stage: Stage) => Promise<Asked>;
  /** Where the lines stand, and what each leads to. */
  readonly lines: string;
  readonly leadsTo: string;
  /** What is shown from where that cannot be read. */
  readonly elseFrom?: string;
  /** Of whom a line is that others write under somebody else's list, and who asks for that one. */
  readonly other: (
    stage: Stage,
    asked: Asked,
  ) => Promise<{ readonly line: (parts: readonly string[]) => readonly string[]; readonly fields: Json } & Asked>;
};

const byStaff = (stage: Stage, msp: string, role: string): Asked => ({ input: { limit: 10 }, as: stage.cast.staff(msp, role) });
const fromSample =
  (name: TransactionName) =>
  async (stage: Stage): Promise<Asked> => {
    const { input, as } = await samples[name].prepare(stage);
    return { input, as };
  };
const otherPatient = async (stage: Stage) => {
  const { pseudonym, ...other } = await stage.cast.newPatient();
  return { pseudonym, asked: { input: { pseudonym, limit: 10 }, as: { pseudonym, ...other } } };
};
/** Put in the place of one part of a key. */
const inPlace = (nth: number, part: string) => (parts: readonly string[]) => parts.with(nth, part);

/** Each list whose lines lead to an entry of its own, or beside which one stands; of every other list a line is all that is told, under its own key. */
const leading: Readonly<Record<string, Led>> = {
  ListDuplicateCases: {
    whose: fromSample('ListDuplicateCases'),
    ...{ lines: 'duplicateCaseOf', leadsTo: 'duplicateCase' },
    other: (stage) => Promise.resolve({ line: inPlace(1, B), fields: { mspId: B }, ...byStaff(stage, B, 'registrar') }),
  },
  ListEmergencies: {
    whose: fromSample('ListEmergencies'),
    ...{ lines: 'emergencyOf', leadsTo: 'emergency', elseFrom: 'access' },
    other: (stage) =>
      Promise.resolve({
        line: (parts) => parts.with(1, 'organisation').with(2, C),
        ...{ fields: { party: { kind: 'organisation', name: C } }, ...byStaff(stage, C, 'privacyOfficer') },
      }),
  },
  ListOwnEmergencies: {
    whose: fromSample('ListOwnEmergencies'),
    ...{ lines: 'emergencyOf', leadsTo: 'emergency', elseFrom: 'access' },
    other: async (stage) => {
      const { pseudonym, asked } = await otherPatient(stage);
      return {
        line: (parts) => parts.with(1, 'patient').with(2, pseudonym),
        fields: { party: { kind: 'patient', name: pseudonym } },
        ...asked,
      };
    },
  },
  ListCopies: {
    whose: async (stage) => {
      const { patient } = await heldCopy(stage);
      return { input: { pseudonym: patient.pseudonym, limit: 10 }, as: patient };
    },
    ...{ lines: 'copy', leadsTo: 'access' },
    other: async (stage) => {
      const { pseudonym, asked } = await otherPatient(stage);
      return { line: inPlace(2, pseudonym), fields: { pseudonym }, ...asked };
    },
  },
  ListCopiesHeld: {
    whose: async (stage) => {
      await heldCopy(stage);
      return byStaff(stage, A, 'privacyOfficer');
    },
    ...{ lines: 'copy', leadsTo: 'access' },
    other: async (stage) => {
      const { pseudonym } = await otherPatient(stage);
      return {
        line: (parts) => parts.with(1, C).with(2, pseudonym),
        fields: { pseudonym, holderMspId: C },
        ...byStaff(stage, C, 'privacyOfficer'),
      };
    },
  },
  ListPolicies: {
    whose: async ({ cast, patient, recordId }) => {
      const { pseudonym } = patient;
      const provisions = [cast.permit({ uses: 2 })];
      must(await cast.invoke('GrantPolicy', { pseudonym, grantee: cast.cardiologyOf(B), provisions }, patient));
      must(
        await cast.invoke('RequestAccess', cast.accessInput(patient, [recordId], cast.staff(B, 'clinician')), cast.staff(B, 'clinician')),
      );
      return { input: { pseudonym, limit: 10 }, as: patient };
    },
    ...{ lines: 'grant', leadsTo: 'grantUses' },
    other: async (stage) => {
      const { pseudonym, asked } = await otherPatient(stage);
      // the line stays the first patient's: it is written under the other's key
      return { line: inPlace(1, pseudonym), fields: {}, ...asked };
    },
  },
  ListCorrections: {
    whose: async (stage) => {
      await disputed(stage);
      return { input: { pseudonym: stage.patient.pseudonym, limit: 10 }, as: stage.patient };
    },
    ...{ lines: 'correction', leadsTo: 'correctionAnswer' },
    other: async (stage) => {
      const { pseudonym, asked } = await otherPatient(stage);
      // the line stays the first patient's: it is written under the other's key
      return { line: inPlace(1, pseudonym), fields: {}, ...asked };
    },
  },
  ListCorrectionsAsked: {
    whose: fromSample('ListCorrectionsAsked'),
    ...{ lines: 'correctionOf', leadsTo: 'correction' },
    other: (stage) => Promise.resolve({ line: inPlace(1, B), fields: { mspId: B }, ...byStaff(stage, B, 'privacyOfficer') }),
  },
  ListReferrals: {
    whose: fromSample('ListReferrals'),
    ...{ lines: 'referral', leadsTo: 'referral' },
    other: async (stage) => {
      const { pseudonym, asked } = await otherPatient(stage);
      // as above
      return { line: inPlace(1, pseudonym), fields: {}, ...asked };
    },
  },
  ListReferralsOfHospital: {
    whose: fromSample('ListReferralsOfHospital'),
    ...{ lines: 'referralOf', leadsTo: 'referral' },
    other: (stage) => Promise.resolve({ line: inPlace(1, C), fields: { mspId: C }, ...byStaff(stage, C, 'clinician') }),
  },
  ListDisagreements: {
    whose: fromSample('ListDisagreements'),
    ...{ lines: 'correctionWord', leadsTo: 'correction' },
    other: async (stage, { as }) => {
      const { pseudonym } = await otherPatient(stage);
      // as above
      return { line: inPlace(1, pseudonym), fields: {}, input: { pseudonym, recordId: stage.recordId, limit: 10 }, as };
    },
  },
};
/** What a line says is all that they tell, and it is held against its own key (`ledger/repository.test.ts`); `ListPermitted` and
 * `ListForEmergency` decide record by record, and `ListDisclosures` tells a line whatever has become of its permit (`disclosures.test.ts`). */
const alone: readonly string[] = [
  ...[
    'ListPrescriptions',
    'ListDispensings',
    'ListRecognitions',
    'ListForPatient',
    'ListPolicyVersions',
    'ListDelegations',
    'ListDevices',
    'ListGroups',
    'ListOrganisations',
    'ListEndpoints',
  ],
  ...['ListStaff', 'ListProposals', 'ListApprovals', 'ListFunctionKeys', 'ListEvaluationDays', 'ListQueryTemplates', 'ListPointers'],
  ...['ListRecords', 'ListRecoveries', 'ListSummarySlots', 'ListPermitted', 'ListForEmergency', 'ListDisclosures', 'ListOwnersActs'],
];

describe('a list beside a line that others have written', () => {
  const stage = useStage();
  const space = { kind: 'public' } as const;
  const entriesOf = (objectType: string) =>
    [...stage().cast.state.dump(space)].filter(([key]) => key.startsWith(`\u0000${objectType}\u0000`));
  const write = (key: string, value: string) => stage().cast.state.apply([{ kind: 'put', space, key, value: Buffer.from(value) }]);
  const list = async (name: TransactionName, { input, as }: Asked) => must(await stage().cast.invoke(name, { ...input }, as)).answer;

  it('is each of the catalogue', () => {
    const listing = names.filter((name) => name.startsWith('List'));
    expect([...Object.keys(leading), ...alone].sort()).toEqual([...listing].sort());
  });

  describe.each(Object.entries(leading))('%s', (found, { whose, lines, leadsTo, elseFrom, other }) => {
    const name = names.find((each) => each === found) ?? 'ListStaff';

    it('shows nothing of another party’s to which the line leads, and counts it', async () => {
      const asked = await whose(stage());
      expect(await list(name, asked)).toMatchObject({ items: [{}] });
      const [key = '', text = '{}'] = entriesOf(lines).at(0) ?? [];
      const { line, fields, ...them } = await other(stage(), asked);
      expect(await list(name, them)).toEqual({ items: [] });
      const parts = key.split('\u0000').slice(1, -1);
      await write(`\u0000${line(parts).join('\u0000')}\u0000`, canonicalJson({ ...(JSON.parse(text) as Json), ...fields }));
      expect(await list(name, them)).toEqual({ items: [], unreadable: 1 });
    });

    it.each([
      ['is torn', '{'],
      ['is of another schema', '{"schemaVersion":1}'],
    ])('closes not where the entry beside the line %s, and counts it', async (_what, value) => {
      const asked = await whose(stage());
      for (const objectType of [leadsTo, ...(elseFrom === undefined ? [] : [elseFrom])]) {
        const [[key] = ['']] = entriesOf(objectType);
        await write(key, value);
      }
      expect(await list(name, asked)).toEqual({ items: [], unreadable: 1 });
    });

    it.each([
      ['torn', '{'],
      ['gone', undefined],
    ])('closes not where anything else that it reads is %s', async (_what, value) => {
      const asked = await whose(stage());
      const { state } = stage().cast;
      const from = state.reads.length;
      await list(name, asked);
      const read = new Set(state.reads.slice(from).flatMap(({ collection, keys }) => (collection === '' ? keys : [])));
      for (const key of read) {
        const text = state.dump(space).get(key);
        if (text === undefined || [...OF_WHO_ASKS, lines].some((objectType) => key.startsWith(`\u0000${objectType}\u0000`))) continue;
        await (value === undefined ? state.apply([{ kind: 'delete', space, key }]) : write(key, value));
        const { items, unreadable = 0 } = (await list(name, asked)) as { readonly items: readonly Json[]; readonly unreadable?: number };
        expect([key, items.length + unreadable]).toEqual([key, 1]);
        await write(key, text);
      }
    });
  });
});

/** By which it is known on which network who asks: without it nobody does. */
const OF_WHO_ASKS = ['staff', 'pseudonym', 'delegation', 'organisation', 'parameter'];

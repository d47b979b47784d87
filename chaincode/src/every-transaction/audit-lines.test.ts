import { accessEventSchema, type AccessEvent, hashOfJson, type TransactionName, transactions } from '@lianyi/domain';
import { A, B, must } from './cast.fixture';
import { type Patient } from './consortium.fixture';
import { newDevice } from './device.fixture';
import { names, samples } from './requests.fixture';
import { usePrepared, useStage } from './stage.fixture';

const stage = useStage();
const LINE = '\u0000accessEvent\u0000';

/** Those that no patient's side may ask for. */
const ofHospitals = names.filter(
  (name) =>
    transactions[name].kind === 'submit' && transactions[name].callers.every(({ kind }) => kind === 'staff' || kind === 'administrator'),
);
/**
 * What its owner alone endorses can write no public line: that takes more endorsers, who are not shown what is private (ADR 0015). Its line stands beside it in
 * the hospital's private data. Each is here by name, so that no other keeps still.
 */
const inPrivate = new Set<TransactionName>([
  'LinkIdentifier',
  'PurgeEnvelopes',
  'PurgePointerQuery',
  'PutCorrectionText',
  'PutEmergencyNarrative',
  'PutEnvelope',
  'PutMatchTags',
  'PutPointerQuery',
  'UnlinkIdentifier',
]);

/** What is written: the pseudonyms that it names, and the lines of audits. */
function saidIn(before: ReadonlyMap<string, string>): { readonly about: readonly string[]; readonly lines: readonly AccessEvent[] } {
  const { state } = stage().cast;
  const written = [...state.dump({ kind: 'public' })].filter(([key, value]) => before.get(key) !== value);
  const about = written.flatMap(([, value]) => [...value.matchAll(/"pseudonym":"([^"]+)"/g)].map(([, pseudonym = '']) => pseudonym));
  const lines = written.filter(([key]) => key.startsWith(LINE)).map(([, value]) => accessEventSchema.parse(JSON.parse(value)));
  return { about: [...new Set(about)], lines };
}

async function linesOf(patient: Patient): Promise<readonly string[]> {
  const { answer } = must(await stage().cast.invoke('ListForPatient', { pseudonym: patient.pseudonym, limit: 100 }, patient));
  return (answer as { items: readonly { readonly event: string }[] }).items.map(({ event }) => event);
}

/** Runs the valid request and tells what it has written. */
function usePerformed(name: (typeof names)[number]): () => Promise<ReturnType<typeof saidIn>> {
  const prepared = usePrepared(stage, samples[name]);
  return async () => {
    const { input, as, bend } = prepared();
    const before = stage().cast.state.dump({ kind: 'public' });
    must(await stage().cast.invoke(name, input, as, bend));
    return saidIn(before);
  };
}

describe.each(ofHospitals.filter((name) => !inPrivate.has(name)))('%s, which a hospital alone asks for,', (name) => {
  const performed = usePerformed(name);
  it('writes a line for each patient that it is about', async () => {
    const { about, lines } = await performed();
    for (const pseudonym of about) expect(lines.map((line) => line.pseudonym)).toContain(pseudonym);
  });
});

describe('a device of a patient’s own', () => {
  it('is told to the patient from its attestation to its revocation; one of the house is nobody’s matter', async () => {
    const { cast, patient } = stage();
    const staff = cast.staff(A, 'orgAdmin');
    const { input, deviceId } = newDevice(cast, { pseudonym: patient.pseudonym });
    const house = newDevice(cast);
    for (const each of [house, { input, deviceId }]) {
      must(await cast.invoke('AttestDevice', each.input, staff));
      const { possession: _possession, ...confirmed } = each.input;
      must(await cast.invoke('ConfirmDevice', confirmed, await cast.colleague(A, 'orgAdmin')));
      must(await cast.invoke('RevokeDevice', { deviceId: each.deviceId, reason: 'lost' }, staff));
      cast.now += 1_000;
    }
    const lines = (await linesOf(patient)).filter((event) => event.startsWith('Device'));
    expect([...lines].sort()).toEqual(['DeviceAttested', 'DeviceConfirmed', 'DeviceRevoked']);
  });
});

describe('what only its owner endorses', () => {
  const acts = async (patient: Patient): Promise<readonly Readonly<Record<string, unknown>>[]> => {
    const asked = { pseudonym: patient.pseudonym, limit: 100 };
    const { answer } = must(await stage().cast.invoke('ListOwnersActs', asked, patient));
    return (answer as { items: readonly Readonly<Record<string, unknown>>[] }).items;
  };
  describe.each([...inPrivate].sort())('%s', (name) => {
    const prepared = usePrepared(stage, samples[name]);
    it('has one line for the patient that it is about, who reads it at that hospital and nowhere else', async () => {
      const { cast, patient } = stage();
      const before = await acts(patient);
      cast.now += 1_000;
      const { input, as, bend } = prepared();
      const { written } = must(await cast.invoke(name, input, as, bend));
      expect(written.filter((each) => each.endsWith('/ownLine'))).toHaveLength(1);
      const [newest, ...rest] = await acts(patient);
      expect(rest).toEqual(before);
      expect(newest).toMatchObject({ act: name, actor: { kind: 'staff', mspId: A } });
      expect(Object.keys(newest ?? {})).not.toContain('blind');
      expect(await acts({ ...patient, carrier: B })).toEqual([]);
      expect(await cast.invoke('ListOwnersActs', { pseudonym: patient.pseudonym, limit: 1 }, as)).toMatchObject({ code: 'NOT_PERMITTED' });
    });
  });
  it('says of a number that was linked whom it belongs to by no hash that others can try', async () => {
    const { cast } = stage();
    const { input, as, bend } = await samples.LinkIdentifier.prepare(stage());
    must(await cast.invoke('LinkIdentifier', input, as, bend));
    const [line] = [...cast.state.dump({ kind: 'private', ownerMspId: A })].filter(([key]) => key.includes('ownLine'));
    const { blind, txId, act } = JSON.parse(line?.[1] ?? '{}') as Readonly<Record<string, string>>;
    for (const known of ['', hashOfJson(input), ...Object.values(input as Record<string, string>)])
      expect(blind).not.toBe(hashOfJson(['lianyi/own-line/v1', known, txId, act]));
    expect(line?.[0]).toContain(blind);
  });
  it('is all that is named here, and nothing that others endorse', () => {
    const owned = ofHospitals.filter((name) => transactions[name].endorsement === 'owner');
    expect([...owned].sort()).toEqual([...inPrivate].sort());
  });
});

describe.each(names.filter((name) => samples[name].events.some((event) => event.startsWith('Policy'))))('%s', (name) => {
  const performed = usePerformed(name);
  it('names in its line whom the policy is for, and which version of it this is', async () => {
    const lines = (await performed()).lines.filter(({ event }) => event.startsWith('Policy'));
    expect(lines).toHaveLength(1);
    expect(lines).toMatchObject([{ grantee: { kind: expect.any(String) as string }, policyVersion: expect.any(Number) as number }]);
  });
});

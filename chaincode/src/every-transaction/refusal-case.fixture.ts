import { canonicalJson, MOST_SAYING_SO_OF_ONE, type VersionIdentity } from '@lianyi/domain';
import { type Prepared, type Valid } from './area.fixture';
import { A, C, type Cast, must, type Stage } from './cast.fixture';
import { newKey, sha256Of } from './consortium.fixture';

/** How the cases of the refusals are made from the valid request. */

type Fields = Readonly<Record<string, unknown>>;
type Bring = (stage: Stage, valid: Valid) => Promise<Prepared>;

/** The valid request with some fields changed. */
export const changed =
  (fields: Fields): Bring =>
  async (_stage, valid) => {
    const prepared = await valid.prepare();
    return { ...prepared, input: { ...prepared.input, ...fields } };
  };
/** The valid request a second time by the same actor, with some fields changed: the id is taken. */
export const taken =
  (fields: (cast: Cast, valid: Fields) => Fields): Bring =>
  async ({ cast }, valid) => {
    const prepared = await valid.prepare();
    must(await cast.invoke(valid.name, prepared.input, prepared.as, prepared.bend));
    return { ...prepared, input: { ...prepared.input, ...fields(cast, prepared.input) } };
  };
/** The valid request twice: the second finds the state that the first has left. */
export const twice: Bring = taken(() => ({}));
/** The valid request after something else has happened. */
export const after =
  (happens: (stage: Stage, prepared: Prepared) => Promise<unknown>): Bring =>
  async (stage, valid) => {
    const prepared = await valid.prepare();
    await happens(stage, prepared);
    return prepared;
  };
/** The valid request by its actor and as many colleagues as may say the same once more; and then by one more of them, or by the first again. */
const saidBy =
  (colleagues: number, more: 'another' | 'the first'): ((msp: string, role: string) => Bring) =>
  (msp, role) =>
  async ({ cast }, valid) => {
    const { input, as } = await valid.prepare();
    must(await cast.invoke(valid.name, input, as));
    for (let each = 0; each < colleagues; each += 1) must(await cast.invoke(valid.name, input, await cast.colleague(msp, role)));
    return { input, as: more === 'another' ? await cast.colleague(msp, role) : as };
  };
export const enoughOfThem = saidBy(MOST_SAYING_SO_OF_ONE - 1, 'another');
export const inTurns = saidBy(1, 'the first');
export const unknownCard = { cardId: 'nobody' };
export const unknownTag = { actorTag: 'nobody' };
export const unknownRecord = { recordId: 'nothing' };
export const suspendRelationship = async ({ cast, patient }: Stage): Promise<void> => {
  must(await cast.invoke('SuspendRelationship', { pseudonym: patient.pseudonym, mspId: A }, patient));
};
export const closePseudonym = async ({ cast, patient }: Stage): Promise<void> => {
  // no transaction of this release closes one
  const [key, text] = [...cast.state.dump({ kind: 'public' })].find(([at]) =>
    at.startsWith(`\u0000pseudonym\u0000${patient.pseudonym}`),
  ) ?? ['', '{}'];
  await cast.state.apply([
    { kind: 'put', space: { kind: 'public' }, key, value: Buffer.from(text.replace('"state":"active"', '"state":"closed"')) },
  ]);
};
/** The pseudonym's entry as it is after grants to so many grantees, so many of them by whoever acts for the patient. */
export const manyGrantees = async (cast: Cast, pseudonym: string, grantees: number, byOthers = 0): Promise<void> => {
  const [key, text] = [...cast.state.dump({ kind: 'public' })].find(([at]) => at.startsWith(`\u0000pseudonym\u0000${pseudonym}`)) ?? [
    '',
    '{}',
  ];
  const counted = canonicalJson({ ...(JSON.parse(text) as object), grantees, ...(byOthers === 0 ? {} : { granteesByOthers: byOthers }) });
  await cast.state.apply([{ kind: 'put', space: { kind: 'public' }, key, value: Buffer.from(counted) }]);
};
/** One endpoint more than a member may have. */
export const seventeenthEndpoint: Bring = async ({ cast }, valid) => {
  const prepared = await valid.prepare();
  for (let count = 2; count <= 16; count += 1)
    must(await cast.invoke('UpdateEndpoint', { ...prepared.input, endpointId: `vault-${count}` }, prepared.as));
  return { ...prepared, input: { ...prepared.input, endpointId: 'vault-17' } };
};
/** One release more than a ticket is good for. */
export const seventeenthRelease: Bring = async ({ cast }, valid) => {
  const prepared = await valid.prepare();
  for (let count = 1; count <= 16; count += 1)
    must(await cast.invoke('RecordKeyRelease', { ...prepared.input, releaseId: cast.id('rel') }, prepared.as));
  return prepared;
};
export const retract = async ({ cast, patient, recordId }: Stage): Promise<void> => {
  must(
    await cast.invoke(
      'RetractRecord',
      { pseudonym: patient.pseudonym, recordId, previousVersion: 1, reason: 'other' },
      cast.staff(A, 'recordAdmin'),
    ),
  );
};
export const retireVault = async ({ cast }: Stage): Promise<void> => {
  must(await cast.invoke('UpdateEndpoint', cast.endpointInput(C, 'retired'), cast.admin(C)));
};
export const firstReceiptMissing: Bring = async (_stage, valid) => {
  const prepared = await valid.prepare();
  const receipts = prepared.input['receipts'] as readonly unknown[];
  return { ...prepared, input: { ...prepared.input, receipts: [receipts[1], receipts[1]] } };
};
export const otherObject: Bring = changed({ cipherSha256: sha256Of('another object') });
/** Receipts that everybody finds on the ledger: they are good in themselves, and for another version of a record. */
export const receiptsFor =
  (other: (stage: Stage, valid: Fields) => VersionIdentity): Bring =>
  async (stage, valid) => {
    const prepared = await valid.prepare();
    const cipherSha256 = String(prepared.input['cipherSha256']);
    const receipts = [A, C].map((msp) => stage.cast.receipt(msp, cipherSha256, other(stage, prepared.input)));
    return { ...prepared, input: { ...prepared.input, receipts } };
  };
export const forgedReceipt: Bring = async ({ cast }, valid) => {
  const key = cast.vaultKeys.get(C) ?? newKey();
  cast.vaultKeys.set(C, newKey());
  const prepared = await valid.prepare();
  cast.vaultKeys.set(C, key);
  return prepared;
};
/** The valid request with another transient value than the one it covers. */
export const otherTransient =
  (other: (stage: Stage) => Fields): Bring =>
  async (stage, valid) => ({ ...(await valid.prepare()), bend: { transient: other(stage) } });

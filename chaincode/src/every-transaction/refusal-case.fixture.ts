import { type ErrorCode, type TransactionName } from '@lianyi/domain';
import { A, C, type Cast, must, type Stage } from './cast.fixture';
import { newKey, sha256Of } from './consortium.fixture';
import { samples } from './requests.fixture';
import { type Prepared } from './sample.fixture';

/** How the cases of the refusals are made. */

export type Case = readonly [name: TransactionName, code: ErrorCode, when: string, prepare: (stage: Stage) => Prepared | Promise<Prepared>];

export const valid = async (name: TransactionName, stage: Stage): Promise<Prepared> => samples[name].prepare(stage);
/** The valid request with some fields changed. */
export const changed =
  (name: TransactionName, fields: Readonly<Record<string, unknown>>) =>
  async (stage: Stage): Promise<Prepared> => {
    const prepared = await valid(name, stage);
    return { ...prepared, input: { ...prepared.input, ...fields } };
  };
/** The valid request a second time by the same actor, with some fields changed: the id is taken. */
export const taken =
  (name: TransactionName, fields: (cast: Cast) => Readonly<Record<string, unknown>>) =>
  async (stage: Stage): Promise<Prepared> => {
    const prepared = await valid(name, stage);
    must(await stage.cast.invoke(name, prepared.input, prepared.as, prepared.bend));
    return { ...prepared, input: { ...prepared.input, ...fields(stage.cast) } };
  };
/** The request twice: the second finds the state that the first has left. */
export const twice = (name: TransactionName): ((stage: Stage) => Promise<Prepared>) => taken(name, () => ({}));
/** The valid request after something else has happened. */
export const after =
  (name: TransactionName, happens: (stage: Stage, prepared: Prepared) => Promise<unknown>) =>
  async (stage: Stage): Promise<Prepared> => {
    const prepared = await valid(name, stage);
    await happens(stage, prepared);
    return prepared;
  };
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
export const firstReceiptMissing =
  (name: TransactionName) =>
  async (stage: Stage): Promise<Prepared> => {
    const prepared = await valid(name, stage);
    const receipts = prepared.input['receipts'] as readonly unknown[];
    return { ...prepared, input: { ...prepared.input, receipts: [receipts[1], receipts[1]] } };
  };
export const otherObject =
  (name: TransactionName) =>
  async (stage: Stage): Promise<Prepared> => {
    const prepared = await valid(name, stage);
    return { ...prepared, input: { ...prepared.input, cipherSha256: sha256Of('another object') } };
  };
export const forgedReceipt =
  (name: TransactionName) =>
  async (stage: Stage): Promise<Prepared> => {
    const { cast } = stage;
    const key = cast.vaultKeys.get(C) ?? newKey();
    cast.vaultKeys.set(C, newKey());
    const prepared = await valid(name, stage);
    cast.vaultKeys.set(C, key);
    return prepared;
  };
export const otherTransient =
  (name: TransactionName, other: (stage: Stage) => Readonly<Record<string, unknown>>) =>
  async (stage: Stage): Promise<Prepared> => ({ ...(await valid(name, stage)), bend: { transient: other(stage) } });

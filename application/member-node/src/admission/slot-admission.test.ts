import { newPrivateKey, type PrivateKey, publicKeyOf, signPatientCommand, signSlotCommand, signStaffRequest } from '@lianyi/client';
import {
  actorTagSchema,
  hashOfKey,
  instantOf,
  type Ledger,
  mspIdSchema,
  newRequest,
  type Proof,
  pseudonymSchema,
  Refused,
  sha256,
  type SignedRequest,
  type SlotId,
  slotIdOf,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { Admission } from './admission';

const mspId = mspIdSchema.parse('HospitalAMSP');
const network = { channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
const pseudonym = pseudonymSchema.parse('pseudonym-1');
const grant = { transaction: transactions.RejectRelationship, input: { pseudonym, mspId } };
const address = '192.0.2.1';
const now = instantOf(Date.now());

const commandBy = (privateKey: PrivateKey, nextPrivateKey = newPrivateKey(), of = pseudonym): Proof =>
  signPatientCommand({ network, pseudonym: of, privateKey, nextPrivateKey }, grant, now);
const staffProofBy = (privateKey: PrivateKey, tag = 'registrar-1'): Proof =>
  signStaffRequest({ network, mspId, actorTag: actorTagSchema.parse(tag), privateKey }, grant, now);

describe('the admission of', () => {
  let patientKey: PrivateKey;
  let staffKey: PrivateKey;
  /** What the ledger holds; undefined: nobody. */
  let nextKeyHash: ReturnType<typeof sha256> | undefined;
  /** What it holds of any slot; undefined: none is there. */
  let slotKeyHash: ReturnType<typeof sha256> | undefined;
  let asked: string[];
  let time: number;
  let refusal: Error | undefined;
  let admission: Admission;

  const answer = ({ entry }: SignedRequest<TransactionEntry>): Promise<unknown> => {
    asked.push(entry.name);
    const unknown = new Refused('NOT_FOUND', 'none', {});
    if (entry.name === 'GetPseudonym') return nextKeyHash === undefined ? Promise.reject(unknown) : Promise.resolve({ nextKeyHash });
    if (entry.name === 'ListSummarySlots')
      return Promise.resolve({ slots: slotKeyHash === undefined ? [] : [{ nextKeyHash: slotKeyHash }] });
    if (entry.name === 'GetStaff') return Promise.resolve({ publicKeyHash: hashOfKey(publicKeyOf(staffKey)) });
    return refusal === undefined ? Promise.resolve({ result: {} }) : Promise.reject(refusal);
  };
  const carry = (proof: Proof, ip = address): Promise<unknown> =>
    admission.carry(newRequest(transactions.RejectRelationship, grant.input, { proof }), ip);

  beforeEach(() => {
    [patientKey, staffKey] = [newPrivateKey(), newPrivateKey()];
    nextKeyHash = hashOfKey(publicKeyOf(patientKey));
    [asked, time, refusal] = [[], 0, undefined];
    slotKeyHash = undefined;
    // answers what the test says, whatever is asked
    admission = new Admission({ evaluate: answer, submit: answer } as unknown as Ledger, { perMinute: 50 }, () => time);
  });

  describe('a summary slot', () => {
    const put = transactions.PutSummarySlot;
    const input = (slotId: SlotId) => ({ slotId, version: 1, sealed: 'A'.repeat(1366) });
    /** Somebody nobody knows, with a key that makes a slot, or one that does not. */
    const written = (key = newPrivateKey(), slotId = slotIdOf(hashOfKey(publicKeyOf(key))), ip = address): Promise<unknown> => {
      const signer = { network, slotId, privateKey: key, nextPrivateKey: newPrivateKey() };
      const proof = signSlotCommand(signer, { transaction: put, input: input(slotId) }, now);
      return admission.carry(newRequest(put, input(slotId), { proof }), ip);
    };

    it('is made by whoever holds its first key', async () => {
      await written();
      expect(asked).toEqual(['ListSummarySlots', 'PutSummarySlot']);
    });

    it('is not made by another key, nor written by one that was not announced', async () => {
      const slotId = slotIdOf(hashOfKey(publicKeyOf(newPrivateKey())));
      await expect(written(newPrivateKey(), slotId)).rejects.toMatchObject({ code: 'NOT_PERMITTED', message: 'no such summary slot' });
      slotKeyHash = sha256('announced');
      await expect(written(newPrivateKey(), slotId, '192.0.2.2')).rejects.toMatchObject({ code: 'STALE_KEY' });
      expect(asked).not.toContain('PutSummarySlot');
    });

    it('is made one of few in a minute from one address, however many questions it may ask', async () => {
      // a tenth of fifty a minute, a fifth of that at once
      await written();
      await expect(written()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
      await expect(carry(commandBy(patientKey))).resolves.toBeDefined();
      time += 60_000 / 5 + 1;
      await expect(written()).resolves.toBeDefined();
    });

    /** A slot that is there, written again. */
    const rewritten = (count: number, ip = address): Promise<unknown> => {
      const key = newPrivateKey();
      slotKeyHash = hashOfKey(publicKeyOf(key));
      return written(key, slotIdOf(sha256(`slot ${count}`)), ip);
    };
    const writes = (): number => asked.filter((name) => name === 'PutSummarySlot').length;

    it('that is there is written some times in a minute from one address, whichever of many it is', async () => {
      // four tenths of fifty a minute, a fifth of that at once
      for (let count = 0; count < 4; count += 1) await rewritten(count);
      await expect(rewritten(4)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
      await expect(rewritten(0)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
      expect(writes()).toBe(4);
      await rewritten(5, '192.0.2.77');
      time += 60_000 / 20 + 1;
      await rewritten(6);
      expect(writes()).toBe(6);
    });

    it('keeps no place of a command, however many write theirs', async () => {
      let running = 0;
      let most = 0;
      const { promise: stuck, resolve: release } = Promise.withResolvers<undefined>();
      const submit = (request: SignedRequest<TransactionEntry>): Promise<unknown> => {
        if (request.entry.name !== put.name) return answer(request);
        most = Math.max(most, (running += 1));
        return stuck;
      };
      admission = new Admission({ evaluate: answer, submit } as unknown as Ledger, { perMinute: 10_000 }, () => time);
      const key = newPrivateKey();
      slotKeyHash = hashOfKey(publicKeyOf(key));
      const outcomes = Array.from({ length: 1_000 }, (_none, count) =>
        written(key, slotIdOf(sha256(`slot ${count % 9}`)), `192.0.2.${count % 100}`).catch((error: unknown) => error),
      );
      await expect(carry(commandBy(patientKey))).resolves.toBeDefined();
      await expect(carry(staffProofBy(staffKey))).resolves.toBeDefined();
      expect(most).toBe(4);
      expect(await Promise.race(outcomes)).toMatchObject({ code: expect.stringMatching(/NODE_BUSY|RATE_LIMITED/) as string });
      release(undefined);
      await Promise.all(outcomes);
    });

    it.each([transactions.RejectRelationship, transactions.GetRelationship, transactions.GetCard])(
      'opens nothing else, though its key is known: $name',
      async (entry) => {
        const key = newPrivateKey();
        await written(key);
        asked = [];
        const slotId = slotIdOf(hashOfKey(publicKeyOf(key)));
        const signer = { network, slotId, privateKey: key, nextPrivateKey: newPrivateKey() };
        const of = entry.name === 'GetCard' ? { cardId: 'card-1' } : grant.input;
        const proof = signSlotCommand(signer, { transaction: entry, input: of }, now);
        const request = newRequest<TransactionEntry>(entry, of, { proof });
        await expect(admission.carry(request, address)).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
        await expect(admission.assertKnownSigner(proof, address)).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
        expect(asked).toEqual([]);
      },
    );
  });
});

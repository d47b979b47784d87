import { newPrivateKey, publicKeyOf, signSlotCommand } from '@lianyi/client';
import {
  hashOfKey,
  type Ledger,
  newRequest,
  sha256,
  type SignedRequest,
  type SlotId,
  slotIdOf,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { Admission } from './admission';
import { address, AdmissionWorld, commandBy, grant, network, now, staffProofBy } from './admission.fixture';

describe('the admission of', () => {
  let world: AdmissionWorld;
  beforeEach(() => {
    world = new AdmissionWorld();
  });

  describe('a summary slot', () => {
    const put = transactions.PutSummarySlot;
    const input = (slotId: SlotId) => ({ slotId, version: 1, sealed: 'A'.repeat(1366) });
    /** Somebody nobody knows, with a key that makes a slot, or one that does not. */
    const written = (key = newPrivateKey(), slotId = slotIdOf(hashOfKey(publicKeyOf(key))), ip = address): Promise<unknown> => {
      const signer = { network, slotId, privateKey: key, nextPrivateKey: newPrivateKey() };
      const proof = signSlotCommand(signer, { transaction: put, input: input(slotId) }, now);
      return world.admission.carry(newRequest(put, input(slotId), { proof }), ip);
    };

    it('is made by whoever holds its first key', async () => {
      await written();
      expect(world.asked).toEqual(['ListSummarySlots', 'PutSummarySlot']);
    });

    it('is not made by another key, nor written by one that was not announced', async () => {
      const slotId = slotIdOf(hashOfKey(publicKeyOf(newPrivateKey())));
      await expect(written(newPrivateKey(), slotId)).rejects.toMatchObject({ code: 'NOT_PERMITTED', message: 'no such summary slot' });
      world.slotKeyHash = sha256('announced');
      await expect(written(newPrivateKey(), slotId, '192.0.2.2')).rejects.toMatchObject({ code: 'STALE_KEY' });
      expect(world.asked).not.toContain('PutSummarySlot');
    });

    it('is made one of few in a minute from one address, however many questions it may ask', async () => {
      // a tenth of fifty a minute, a fifth of that at once
      await written();
      await expect(written()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
      await expect(world.carry(commandBy(world.patientKey))).resolves.toBeDefined();
      world.time += 60_000 / 5 + 1;
      await expect(written()).resolves.toBeDefined();
    });

    /** A slot that is there, written again. */
    const rewritten = (count: number, ip = address): Promise<unknown> => {
      const key = newPrivateKey();
      world.slotKeyHash = hashOfKey(publicKeyOf(key));
      return written(key, slotIdOf(sha256(`slot ${count}`)), ip);
    };
    const writes = (): number => world.asked.filter((name) => name === 'PutSummarySlot').length;

    it('that is there is written some times in a minute from one address, whichever of many it is', async () => {
      // four tenths of fifty a minute, a fifth of that at once
      for (let count = 0; count < 4; count += 1) await rewritten(count);
      await expect(rewritten(4)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
      await expect(rewritten(0)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
      expect(writes()).toBe(4);
      await rewritten(5, '192.0.2.77');
      world.time += 60_000 / 20 + 1;
      await rewritten(6);
      expect(writes()).toBe(6);
    });

    it('keeps no place of a command, however many write theirs', async () => {
      let running = 0;
      let most = 0;
      const { promise: stuck, resolve: release } = Promise.withResolvers<undefined>();
      const submit = (request: SignedRequest<TransactionEntry>): Promise<unknown> => {
        if (request.entry.name !== put.name) return world.answer(request);
        most = Math.max(most, (running += 1));
        return stuck;
      };
      world.admission = new Admission({ evaluate: world.answer, submit } as unknown as Ledger, { perMinute: 10_000 }, () => world.time);
      const key = newPrivateKey();
      world.slotKeyHash = hashOfKey(publicKeyOf(key));
      const outcomes = Array.from({ length: 1_000 }, (_none, count) =>
        written(key, slotIdOf(sha256(`slot ${count % 9}`)), `192.0.2.${count % 100}`).catch((error: unknown) => error),
      );
      await expect(world.carry(commandBy(world.patientKey))).resolves.toBeDefined();
      await expect(world.carry(staffProofBy(world.staffKey))).resolves.toBeDefined();
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
        world.asked = [];
        const slotId = slotIdOf(hashOfKey(publicKeyOf(key)));
        const signer = { network, slotId, privateKey: key, nextPrivateKey: newPrivateKey() };
        const of = entry.name === 'GetCard' ? { cardId: 'card-1' } : grant.input;
        const proof = signSlotCommand(signer, { transaction: entry, input: of }, now);
        const request = newRequest<TransactionEntry>(entry, of, { proof });
        await expect(world.admission.carry(request, address)).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
        await expect(world.admission.assertKnownSigner(proof, address)).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
        expect(world.asked).toEqual([]);
      },
    );
  });
});

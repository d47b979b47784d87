import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import {
  hashOfKey,
  DomainError,
  type Ledger,
  newRequest,
  pseudonymSchema,
  Refused,
  type SignedRequest,
  type TransactionEntry,
  transactions,
  Unavailable,
} from '@lianyi/domain';
import { Admission } from './admission';
import { address, AdmissionWorld, commandBy, mspId, staffProofBy } from './admission.fixture';

describe('Admission', () => {
  let world: AdmissionWorld;
  beforeEach(() => {
    world = new AdmissionWorld();
  });

  it('carries a command by the announced key, and asks for the key only once', async () => {
    const next = newPrivateKey();
    await world.carry(commandBy(world.patientKey, next));
    await world.carry(commandBy(next));
    expect(world.asked).toEqual(['GetPseudonym', 'RejectRelationship', 'RejectRelationship']);
  });

  it('refuses a self-made key before anything is endorsed', async () => {
    await expect(world.carry(commandBy(newPrivateKey()))).rejects.toMatchObject({ code: 'STALE_KEY' });
    expect(world.asked).toEqual(['GetPseudonym']);
  });

  it('refuses a pseudonym and a staff entry that nobody has', async () => {
    world.nextKeyHash = undefined;
    await expect(world.carry(commandBy(world.patientKey))).rejects.toMatchObject({ code: 'NOT_PERMITTED', message: 'no such pseudonym' });
    expect(world.asked).toEqual(['GetPseudonym']);
  });

  it('refuses staff whose key is another than the registered one', async () => {
    await expect(world.carry(staffProofBy(newPrivateKey()))).rejects.toMatchObject({ code: 'BAD_SIGNATURE' });
    expect(world.asked).toEqual(['GetStaff']);
  });

  it('takes a key that was rolled through another node since it last looked', async () => {
    await world.carry(commandBy(world.patientKey));
    const elsewhere = newPrivateKey();
    world.nextKeyHash = hashOfKey(publicKeyOf(elsewhere));
    await world.carry(commandBy(elsewhere));
    expect(world.asked.filter((name) => name === 'RejectRelationship')).toHaveLength(2);
  });

  it('takes a key that was registered a moment after it was refused', async () => {
    world.nextKeyHash = undefined;
    await expect(world.carry(commandBy(world.patientKey))).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
    world.nextKeyHash = hashOfKey(publicKeyOf(world.patientKey));
    await expect(world.carry(commandBy(world.patientKey))).resolves.toBeDefined();
  });

  it('does not let a remembered key decide: the chaincode refuses it, and it is forgotten', async () => {
    await world.carry(staffProofBy(world.staffKey));
    world.refusal = new Refused('BAD_SIGNATURE', 'no', {});
    await expect(world.carry(staffProofBy(world.staffKey))).rejects.toBe(world.refusal);
    world.refusal = undefined;
    await world.carry(staffProofBy(world.staffKey));
    expect(world.asked).toEqual(['GetStaff', 'RejectRelationship', 'RejectRelationship', 'GetStaff', 'RejectRelationship']);
  });

  it('asks the peers no more for an address that has shown ten unknown keys, and says when to come again', async () => {
    for (let count = 0; count < 10; count += 1)
      await expect(world.carry(commandBy(newPrivateKey(), newPrivateKey(), pseudonymSchema.parse(`p-${count}`)))).rejects.toMatchObject({
        code: 'STALE_KEY',
      });
    await expect(world.carry(commandBy(newPrivateKey()))).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      details: { retryAfterSeconds: expect.any(Number) as unknown },
    });
    expect(world.asked).toHaveLength(10);
    world.time += 60_000 / 50 + 1;
    await expect(world.carry(commandBy(newPrivateKey()))).rejects.toMatchObject({ code: 'STALE_KEY' });
  });

  it('is done with an unknown key before its signature is looked at, once its address has shown ten', async () => {
    await world.carry(staffProofBy(world.staffKey));
    await exhaust(address);
    expect(() => {
      world.admission.assertWelcome(commandBy(newPrivateKey()), address);
    }).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }) as Error);
    expect(() => {
      world.admission.assertWelcome(staffProofBy(world.staffKey), address);
    }).not.toThrow();
    expect(() => {
      world.admission.assertWelcome(commandBy(newPrivateKey()), '192.0.2.2');
    }).not.toThrow();
  });

  let claimed = 0;
  /** Of ten signers: whoever claims one of them twice is made to wait. */
  const exhaust = async (ip: string): Promise<void> => {
    for (let count = 0; count < 10; count += 1) {
      claimed += 1;
      await world.carry(commandBy(newPrivateKey(), newPrivateKey(), pseudonymSchema.parse(`of-${claimed}`)), ip).catch(() => undefined);
    }
  };

  it('keeps carrying for known people behind the address of a stranger', async () => {
    await world.carry(staffProofBy(world.staffKey));
    await exhaust(address);
    await expect(world.carry(staffProofBy(world.staffKey))).resolves.toBeDefined();
  });

  it('takes one IPv6 network of 64 bits for one caller, and the next one for another', async () => {
    await exhaust('2001:db8:0:1::1');
    await expect(world.carry(commandBy(newPrivateKey()), '2001:db8:0:1:ffff::2')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await expect(world.carry(commandBy(newPrivateKey()), '2001:db8:0:2::1')).rejects.toMatchObject({ code: 'STALE_KEY' });
  });

  it('takes one IPv6 site of 48 bits for four callers, however many networks it sends from', async () => {
    for (let index = 0; index < 8; index += 1) await exhaust(`2001:db8:7:${index}::1`);
    expect(world.asked).toHaveLength(40);
    await expect(world.carry(commandBy(newPrivateKey()), '2001:db8:7:ffff::1')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await expect(world.carry(commandBy(newPrivateKey()), '2001:db8:8:1::1')).rejects.toMatchObject({ code: 'STALE_KEY' });
    await expect(world.carry(commandBy(newPrivateKey()), '192.0.2.77')).rejects.toMatchObject({ code: 'STALE_KEY' });
  });

  it('bounds what all addresses together have the peers do', async () => {
    for (let index = 0; index < 20; index += 1) await exhaust(`192.0.2.${index}`);
    expect(world.asked).toHaveLength(160);
  });

  it.each(['192.0.2.50', '192.0.2.1', '2001:db8:9:1::1'])(
    'lets in who signs, at %s, though others have used up what is left for questions without a proof',
    async (ip) => {
      const question = newRequest(transactions.GetOrganisation, { mspId });
      const askFrom = async (from: string): Promise<void> => {
        for (let count = 0; count < 12; count += 1) await world.admission.carry(question, from).catch(() => undefined);
      };
      for (const from of ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', '192.0.2.5', '2001:db8:9:1::1']) await askFrom(from);
      await expect(world.admission.carry(question, '192.0.2.99')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
      await expect(world.carry(staffProofBy(world.staffKey), ip)).resolves.toBeDefined();
      await expect(world.carry(commandBy(world.patientKey), ip)).resolves.toBeDefined();
    },
  );

  it('counts questions without a proof, and charges nobody for a ledger that is down', async () => {
    const question = newRequest(transactions.GetOrganisation, { mspId });
    world.refusal = new Unavailable('down');
    for (let count = 0; count < 20; count += 1) await expect(world.admission.carry(question, address)).rejects.toBe(world.refusal);
    world.refusal = undefined;
    for (let count = 0; count < 10; count += 1) await world.admission.carry(question, address);
    await expect(world.admission.carry(question, address)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });

  it('lets a hundred whom it has not seen yet in at once from one address, two of them at a time at the peers', async () => {
    let [running, most] = [0, 0];
    const slowly = async (request: SignedRequest<TransactionEntry>): Promise<unknown> => {
      if (request.entry.name !== 'GetStaff') return world.answer(request);
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return world.answer(request);
    };
    world.admission = new Admission({ evaluate: slowly, submit: slowly } as unknown as Ledger, { perMinute: 50 }, () => world.time);
    const shift = Array.from({ length: 100 }, (_none, index) => world.carry(staffProofBy(world.staffKey, `nurse-${index}`)));
    await expect(Promise.all(shift)).resolves.toHaveLength(100);
    expect(most).toBe(2);
  });

  it('has the peers work for no more than ten of a hundred unknown keys that come at once from one address', async () => {
    const sent = Array.from({ length: 100 }, (_none, index) =>
      world.carry(commandBy(newPrivateKey(), newPrivateKey(), pseudonymSchema.parse(`p-${index}`))).then(
        () => 'carried',
        (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
      ),
    );
    const codes = await Promise.all(sent);
    expect(codes.filter((code) => code === 'STALE_KEY')).toHaveLength(10);
    expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(90);
    expect(world.asked).toHaveLength(10);
  });

  it('keeps no place at the peers for who claims one signer over and over', async () => {
    world.admission = new Admission({ evaluate: world.answer, submit: world.answer } as unknown as Ledger, { perMinute: 50 });
    const claims = ['192.0.2.8', '192.0.2.9', '192.0.2.10'];
    await Promise.all(claims.map((ip) => world.carry(commandBy(newPrivateKey()), ip).catch(() => undefined)));
    const again = claims.map((ip) => world.carry(commandBy(newPrivateKey()), ip).catch(() => undefined));
    const before = world.asked.length;
    await world.carry(staffProofBy(world.staffKey));
    expect(world.asked.slice(before)).toEqual(['GetStaff', 'RejectRelationship']);
    await Promise.all(again);
  });

  it('lets one signer have fifty commands on their way, sixteen of them at the peers', async () => {
    let [running, most] = [0, 0];
    const slowly = async (request: SignedRequest<TransactionEntry>): Promise<unknown> => {
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return world.answer(request);
    };
    world.admission = new Admission({ evaluate: slowly, submit: slowly } as unknown as Ledger, {}, () => world.time);
    await expect(Promise.all(Array.from({ length: 50 }, () => world.carry(staffProofBy(world.staffKey))))).resolves.toHaveLength(50);
    expect(most).toBe(16);
  });

  it('lets four requests of one signer wait for a block, and others wait beside them and ask meanwhile', async () => {
    const world = new AdmissionWorld();
    const over = Promise.withResolvers<undefined>();
    const waiting = (tag: string): Promise<void> => {
      const proof = staffProofBy(world.staffKey, tag);
      return proof.kind === 'slot' ? Promise.reject(new Error(tag)) : world.admission.waiting(proof, address, () => over.promise);
    };
    const waits = ['nurse-1', 'nurse-1', 'nurse-1', 'nurse-1', 'nurse-2'].map(waiting);
    await expect(waiting('nurse-1')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await expect(world.carry(staffProofBy(world.staffKey, 'nurse-1'))).resolves.toBeDefined();
    over.resolve(undefined);
    await expect(Promise.all(waits)).resolves.toHaveLength(5);
  });

  it('reads one signer’s key once for all who wait for it', async () => {
    await world.carry(commandBy(world.patientKey));
    const stolen = (): Promise<unknown> => world.carry(commandBy(newPrivateKey())).catch(() => undefined);
    world.time += 1_000;
    await Promise.all([stolen(), stolen()]);
    expect(world.asked.filter((name) => name === 'GetPseudonym').length).toBeLessThanOrEqual(3);
  });
});

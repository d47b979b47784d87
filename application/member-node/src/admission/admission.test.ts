import { newPrivateKey, type PrivateKey, publicKeyOf, signPatientCommand, signStaffRequest } from '@lianyi/client';
import {
  actorTagSchema,
  hashOfKey,
  instantOf,
  DomainError,
  type Ledger,
  mspIdSchema,
  newRequest,
  type Proof,
  pseudonymSchema,
  Refused,
  sha256,
  type SignedRequest,
  type TransactionEntry,
  transactions,
  Unavailable,
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

describe('Admission', () => {
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

  it('carries a command by the announced key, and asks for the key only once', async () => {
    const next = newPrivateKey();
    await carry(commandBy(patientKey, next));
    await carry(commandBy(next));
    expect(asked).toEqual(['GetPseudonym', 'RejectRelationship', 'RejectRelationship']);
  });

  it('refuses a self-made key before anything is endorsed', async () => {
    await expect(carry(commandBy(newPrivateKey()))).rejects.toMatchObject({ code: 'STALE_KEY' });
    expect(asked).toEqual(['GetPseudonym']);
  });

  it('refuses a pseudonym and a staff entry that nobody has', async () => {
    nextKeyHash = undefined;
    await expect(carry(commandBy(patientKey))).rejects.toMatchObject({ code: 'NOT_PERMITTED', message: 'no such pseudonym' });
    expect(asked).toEqual(['GetPseudonym']);
  });

  it('refuses staff whose key is another than the registered one', async () => {
    await expect(carry(staffProofBy(newPrivateKey()))).rejects.toMatchObject({ code: 'BAD_SIGNATURE' });
    expect(asked).toEqual(['GetStaff']);
  });

  it('takes a key that was rolled through another node since it last looked', async () => {
    await carry(commandBy(patientKey));
    const elsewhere = newPrivateKey();
    nextKeyHash = hashOfKey(publicKeyOf(elsewhere));
    await carry(commandBy(elsewhere));
    expect(asked.filter((name) => name === 'RejectRelationship')).toHaveLength(2);
  });

  it('takes a key that was registered a moment after it was refused', async () => {
    nextKeyHash = undefined;
    await expect(carry(commandBy(patientKey))).rejects.toMatchObject({ code: 'NOT_PERMITTED' });
    nextKeyHash = hashOfKey(publicKeyOf(patientKey));
    await expect(carry(commandBy(patientKey))).resolves.toBeDefined();
  });

  it('does not let a remembered key decide: the chaincode refuses it, and it is forgotten', async () => {
    await carry(staffProofBy(staffKey));
    refusal = new Refused('BAD_SIGNATURE', 'no', {});
    await expect(carry(staffProofBy(staffKey))).rejects.toBe(refusal);
    refusal = undefined;
    await carry(staffProofBy(staffKey));
    expect(asked).toEqual(['GetStaff', 'RejectRelationship', 'RejectRelationship', 'GetStaff', 'RejectRelationship']);
  });

  it('asks the peers no more for an address that has shown ten unknown keys, and says when to come again', async () => {
    for (let count = 0; count < 10; count += 1)
      await expect(carry(commandBy(newPrivateKey(), newPrivateKey(), pseudonymSchema.parse(`p-${count}`)))).rejects.toMatchObject({
        code: 'STALE_KEY',
      });
    await expect(carry(commandBy(newPrivateKey()))).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      details: { retryAfterSeconds: expect.any(Number) as unknown },
    });
    expect(asked).toHaveLength(10);
    time += 60_000 / 50 + 1;
    await expect(carry(commandBy(newPrivateKey()))).rejects.toMatchObject({ code: 'STALE_KEY' });
  });

  it('is done with an unknown key before its signature is looked at, once its address has shown ten', async () => {
    await carry(staffProofBy(staffKey));
    await exhaust(address);
    expect(() => {
      admission.assertWelcome(commandBy(newPrivateKey()), address);
    }).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }) as Error);
    expect(() => {
      admission.assertWelcome(staffProofBy(staffKey), address);
    }).not.toThrow();
    expect(() => {
      admission.assertWelcome(commandBy(newPrivateKey()), '192.0.2.2');
    }).not.toThrow();
  });

  let claimed = 0;
  /** Of ten signers: whoever claims one of them twice is made to wait. */
  const exhaust = async (ip: string): Promise<void> => {
    for (let count = 0; count < 10; count += 1) {
      claimed += 1;
      await carry(commandBy(newPrivateKey(), newPrivateKey(), pseudonymSchema.parse(`of-${claimed}`)), ip).catch(() => undefined);
    }
  };

  it('keeps carrying for known people behind the address of a stranger', async () => {
    await carry(staffProofBy(staffKey));
    await exhaust(address);
    await expect(carry(staffProofBy(staffKey))).resolves.toBeDefined();
  });

  it('takes one IPv6 network of 64 bits for one caller, and the next one for another', async () => {
    await exhaust('2001:db8:0:1::1');
    await expect(carry(commandBy(newPrivateKey()), '2001:db8:0:1:ffff::2')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await expect(carry(commandBy(newPrivateKey()), '2001:db8:0:2::1')).rejects.toMatchObject({ code: 'STALE_KEY' });
  });

  it('takes one IPv6 site of 48 bits for four callers, however many networks it sends from', async () => {
    for (let index = 0; index < 8; index += 1) await exhaust(`2001:db8:7:${index}::1`);
    expect(asked).toHaveLength(40);
    await expect(carry(commandBy(newPrivateKey()), '2001:db8:7:ffff::1')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await expect(carry(commandBy(newPrivateKey()), '2001:db8:8:1::1')).rejects.toMatchObject({ code: 'STALE_KEY' });
    await expect(carry(commandBy(newPrivateKey()), '192.0.2.77')).rejects.toMatchObject({ code: 'STALE_KEY' });
  });

  it('bounds what all addresses together have the peers do', async () => {
    for (let index = 0; index < 20; index += 1) await exhaust(`192.0.2.${index}`);
    expect(asked).toHaveLength(160);
  });

  it.each(['192.0.2.50', '192.0.2.1', '2001:db8:9:1::1'])(
    'lets in who signs, at %s, though others have used up what is left for questions without a proof',
    async (ip) => {
      const question = newRequest(transactions.GetOrganisation, { mspId });
      const askFrom = async (from: string): Promise<void> => {
        for (let count = 0; count < 12; count += 1) await admission.carry(question, from).catch(() => undefined);
      };
      for (const from of ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', '192.0.2.5', '2001:db8:9:1::1']) await askFrom(from);
      await expect(admission.carry(question, '192.0.2.99')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
      await expect(carry(staffProofBy(staffKey), ip)).resolves.toBeDefined();
      await expect(carry(commandBy(patientKey), ip)).resolves.toBeDefined();
    },
  );

  it('counts questions without a proof, and charges nobody for a ledger that is down', async () => {
    const question = newRequest(transactions.GetOrganisation, { mspId });
    refusal = new Unavailable('down');
    for (let count = 0; count < 20; count += 1) await expect(admission.carry(question, address)).rejects.toBe(refusal);
    refusal = undefined;
    for (let count = 0; count < 10; count += 1) await admission.carry(question, address);
    await expect(admission.carry(question, address)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });

  it('lets a hundred whom it has not seen yet in at once from one address, two of them at a time at the peers', async () => {
    let [running, most] = [0, 0];
    const slowly = async (request: SignedRequest<TransactionEntry>): Promise<unknown> => {
      if (request.entry.name !== 'GetStaff') return answer(request);
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return answer(request);
    };
    admission = new Admission({ evaluate: slowly, submit: slowly } as unknown as Ledger, { perMinute: 50 }, () => time);
    const shift = Array.from({ length: 100 }, (_none, index) => carry(staffProofBy(staffKey, `nurse-${index}`)));
    await expect(Promise.all(shift)).resolves.toHaveLength(100);
    expect(most).toBe(2);
  });

  it('has the peers work for no more than ten of a hundred unknown keys that come at once from one address', async () => {
    const sent = Array.from({ length: 100 }, (_none, index) =>
      carry(commandBy(newPrivateKey(), newPrivateKey(), pseudonymSchema.parse(`p-${index}`))).then(
        () => 'carried',
        (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
      ),
    );
    const codes = await Promise.all(sent);
    expect(codes.filter((code) => code === 'STALE_KEY')).toHaveLength(10);
    expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(90);
    expect(asked).toHaveLength(10);
  });

  it('keeps no place at the peers for who claims one signer over and over', async () => {
    admission = new Admission({ evaluate: answer, submit: answer } as unknown as Ledger, { perMinute: 50 });
    const claims = ['192.0.2.8', '192.0.2.9', '192.0.2.10'];
    await Promise.all(claims.map((ip) => carry(commandBy(newPrivateKey()), ip).catch(() => undefined)));
    const again = claims.map((ip) => carry(commandBy(newPrivateKey()), ip).catch(() => undefined));
    const before = asked.length;
    await carry(staffProofBy(staffKey));
    expect(asked.slice(before)).toEqual(['GetStaff', 'RejectRelationship']);
    await Promise.all(again);
  });

  it('lets one signer have fifty commands on their way, sixteen of them at the peers', async () => {
    let [running, most] = [0, 0];
    const slowly = async (request: SignedRequest<TransactionEntry>): Promise<unknown> => {
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return answer(request);
    };
    admission = new Admission({ evaluate: slowly, submit: slowly } as unknown as Ledger, {}, () => time);
    await expect(Promise.all(Array.from({ length: 50 }, () => carry(staffProofBy(staffKey))))).resolves.toHaveLength(50);
    expect(most).toBe(16);
  });

  it('reads one signer’s key once for all who wait for it', async () => {
    await carry(commandBy(patientKey));
    const stolen = (): Promise<unknown> => carry(commandBy(newPrivateKey())).catch(() => undefined);
    time += 1_000;
    await Promise.all([stolen(), stolen()]);
    expect(asked.filter((name) => name === 'GetPseudonym').length).toBeLessThanOrEqual(3);
  });
});

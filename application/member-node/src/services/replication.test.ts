import { newPrivateKey, publicKeyOf, signText } from '@lianyi/client';
import {
  DomainError,
  type Endpoint,
  endpointIdSchema,
  endpointSchema,
  instantSchema,
  type MspId,
  mspIdSchema,
  type Receipt,
  type Sha256,
  sha256,
  statementText,
} from '@lianyi/domain';
import { newLogger } from '../http/log';
import { signReceipt } from '../vault/receipt';
import { type ObjectToKeep, type RemoteVault } from '../vault/replica-client';
import { MemberHealth } from './member-health';
import { Replication } from './replication';

const own = mspIdSchema.parse('HospitalAMSP');
const slow = mspIdSchema.parse('HospitalBMSP');
const good = mspIdSchema.parse('HospitalCMSP');
const bytes = Buffer.from('sealed bytes');
const versionHash = sha256('a version');
const receiptKey = newPrivateKey();
const receiptPublicKey = publicKeyOf(receiptKey);

const vaultsOf = (mspId: MspId, count: number): Endpoint[] =>
  Array.from({ length: count }, (_, index) =>
    endpointSchema.parse({
      ...{ schemaVersion: 1, mspId, endpointId: `vault-${index}`, kind: 'vault', host: 'v', port: 1, tlsSha256: sha256('tls') },
      ...{ receiptPublicKey, state: 'active', changedAt: '2026-03-01T10:00:00.000Z' },
    }),
  );

describe('Replication', () => {
  /** Who was asked, and what became of those who were passed over. */
  let asked: string[];
  let named: Set<Sha256>;
  let aborted: string[];
  let health: MemberHealth;
  let time: number;
  let entries: Map<MspId, Endpoint[]>;
  let answers: Map<MspId, (vault: RemoteVault, signal: AbortSignal | undefined) => Promise<Receipt>>;

  const stored = ({ mspId }: RemoteVault): Promise<Receipt> => Promise.resolve({ statement: { mspId } } as Receipt); // all that is looked at
  const mute = ({ endpointId, mspId }: RemoteVault, signal: AbortSignal | undefined): Promise<Receipt> =>
    new Promise((_, reject) => {
      signal?.addEventListener('abort', () => {
        aborted.push(`${mspId} ${endpointId}`);
        reject(new DomainError('REPLICA_UNAVAILABLE'));
      });
    });
  const refusing = (): Promise<Receipt> => Promise.reject(new DomainError('STORAGE_FULL'));
  /** As the client of replicas tells that a receipt says something else. */
  const lying = (): Promise<Receipt> => Promise.reject(new DomainError('HASH_MISMATCH'));

  const replicationOf = (copies: number): Replication => {
    const ports = {
      vault: { put: () => Promise.resolve({ sha256: sha256(bytes), sizeBytes: bytes.length }) },
      deposits: { add: () => Promise.resolve() },
      replicas: {
        put: (vault: RemoteVault, object: ObjectToKeep, signal?: AbortSignal) => {
          named.add(object.versionHash);
          asked.push(`${vault.mspId} ${vault.endpointId}`);
          return (answers.get(vault.mspId) ?? stored)(vault, signal);
        },
      },
      directory: {
        members: () => Promise.resolve([own, ...entries.keys()]),
        endpoints: (mspId: MspId) => Promise.resolve(entries.get(mspId) ?? []),
      },
      health,
      receiptKey,
      log: newLogger('silent', own),
    };
    const options = { mspId: own, vaultEndpointId: endpointIdSchema.parse('vault'), copies, patienceMillis: 400 };
    // as much of each port as storing needs
    return new Replication(options, ports as unknown as ConstructorParameters<typeof Replication>[1]);
  };
  const replicate = async (preferred: readonly MspId[] = [slow, good], copies = 1): Promise<readonly string[]> => {
    const replication = replicationOf(copies);
    const { receipts } = await replication.store(bytes, versionHash, preferred);
    expect(receipts[0]?.statement.versionHash).toBe(versionHash);
    return receipts.map(({ statement }) => statement.mspId);
  };

  beforeEach(() => {
    [asked, aborted, time] = [[], [], 0];
    named = new Set();
    health = new MemberHealth(() => time);
    entries = new Map([
      [slow, vaultsOf(slow, 100)],
      [good, vaultsOf(good, 1)],
    ]);
    answers = new Map();
  });

  it('asks one vault of a member, and no second of one that has stored it', async () => {
    expect(await replicate([slow, good], 2)).toEqual([own, slow, good]);
    expect([...named]).toEqual([versionHash]);
    expect(asked).toEqual([`${slow} vault-0`, `${good} vault-0`]);
  });

  it('asks another member beside a silent one, which never answers, and gives the silent one up', async () => {
    answers.set(slow, mute);
    expect(await replicate()).toEqual([own, good]);
    expect(asked).toEqual([`${slow} vault-0`, `${good} vault-0`]);
    expect(aborted).toEqual([`${slow} vault-0`]);
  });

  it('remembers who was silent, whatever vault they name next', async () => {
    answers.set(slow, mute);
    await replicate();
    asked.length = 0;
    await replicate();
    expect(asked).toEqual([`${good} vault-0`]);
  });

  it('asks a member again a minute after it failed, and after two the next time', async () => {
    answers.set(slow, refusing);
    await replicate();
    time += 60_000;
    expect(health.hasFailed(slow)).toBe(false);
    await replicate();
    time += 60_000;
    expect(health.hasFailed(slow)).toBe(true);
    time += 60_000;
    answers.delete(slow);
    await replicate();
    expect(health.hasFailed(slow)).toBe(false);
  });

  it('asks a member that was overtaken again a minute later, however often it was', async () => {
    answers.set(slow, mute);
    for (let round = 0; round < 5; round += 1) {
      await replicate();
      expect(health.hasFailed(slow)).toBe(true);
      time += 60_000;
      expect(health.hasFailed(slow)).toBe(false);
    }
    answers.delete(slow);
    expect(await replicate()).toEqual([own, slow]);
  });

  it('asks a member that failed no sooner because it was overtaken, and after that failure no later', () => {
    health.failed(slow);
    health.failed(slow);
    health.overtaken(slow);
    time += 119_000;
    expect(health.hasFailed(slow)).toBe(true);
    time += 1_000;
    expect(health.hasFailed(slow)).toBe(false);
    health.overtaken(good);
    health.failed(good);
    time += 60_000;
    expect(health.hasFailed(good)).toBe(false);
  });

  it('goes on to the next member at once when one refuses', async () => {
    answers.set(slow, refusing);
    expect(await replicate()).toEqual([own, good]);
  });

  it('takes a receipt that says something else for a failure of its member, and asks another', async () => {
    answers.set(slow, lying);
    expect(await replicate()).toEqual([own, good]);
    expect(health.hasFailed(slow)).toBe(true);
    asked.length = 0;
    await replicate();
    expect(asked).toEqual([`${good} vault-0`]);
  });

  it('tries a second vault of a member when nobody else is left, and no third', async () => {
    entries.delete(good);
    answers.set(slow, refusing);
    await expect(replicate()).rejects.toMatchObject({ code: 'REPLICA_UNAVAILABLE', details: { stored: 0, wanted: 1 } });
    expect(asked).toEqual([`${slow} vault-0`, `${slow} vault-1`]);
  });

  it('still asks a member that failed of late when it is the only one', async () => {
    entries.delete(good);
    health.failed(slow);
    expect(await replicate()).toEqual([own, slow]);
  });

  it('fails with what is no failure of a vault', async () => {
    answers.set(slow, () => Promise.reject(new TypeError('a fault of ours')));
    await expect(replicate()).rejects.toThrow('a fault of ours');
  });

  describe('receipts that were kept', () => {
    const object = { objectSha256: sha256(bytes), versionHash, sizeBytes: bytes.length };
    const vault = { mspId: good, endpointId: endpointIdSchema.parse('vault-0') };
    const storedAt = instantSchema.parse('2026-03-01T10:00:00.000Z');
    const signed = ({ objectSha256, ...more } = object): Receipt =>
      signReceipt(vault, receiptKey, { sha256: objectSha256, ...more }, storedAt);
    const silent = (): Receipt => {
      const { sizeBytes: _size, ...statement } = signed().statement;
      return { statement, signature: signText(receiptKey, statementText(statement)) };
    };

    it.each([
      ['say the object’s size', signed],
      ['say no size', silent],
    ])('are current if they %s', async (_what, receipt) => {
      expect(await replicationOf(1).areCurrent(object, [receipt()])).toBe(true);
    });

    it('are not current while the ledger has refused another of that member of late, whatever it answers meanwhile', async () => {
      const replication = replicationOf(1);
      replication.learn([own, good], 'unkept');
      health.worked(good);
      expect(await replication.areCurrent(object, [signed()])).toBe(false);
      expect(await replicate(['vault-of-nobody' as never, good].slice(1), 1)).toEqual([own, slow]);
      replication.learn([own, good], 'kept');
      expect(await replication.areCurrent(object, [signed()])).toBe(true);
    });

    it('are current a minute after that, and after two the next time', async () => {
      const replication = replicationOf(1);
      for (const minutes of [1, 2]) {
        replication.learn([good], 'unkept');
        time += minutes * 60_000 - 1;
        expect(await replication.areCurrent(object, [signed()])).toBe(false);
        time += 1;
        expect(await replication.areCurrent(object, [signed()])).toBe(true);
      }
    });

    it('come from whoever has been refused less often, where all have been', async () => {
      const replication = replicationOf(1);
      replication.learn([slow, good], 'unkept');
      expect(await replicate()).toEqual([own, slow]);
      replication.learn([slow], 'unkept');
      expect(await replicate()).toEqual([own, good]);
    });

    it.each<readonly [string, () => Receipt]>([
      ['a smaller size', () => signed({ ...object, sizeBytes: 1 })],
      ['a larger size', () => signed({ ...object, sizeBytes: bytes.length + 1 })],
      ['another object', () => signed({ ...object, objectSha256: sha256('other') })],
      ['another version', () => signed({ ...object, versionHash: sha256('another version') })],
      ['a vault that is gone', () => signReceipt({ ...vault, mspId: own }, receiptKey, { sha256: sha256(bytes), ...object }, storedAt)],
      [
        'a key that is no longer the vault’s',
        () => ({ ...signed(), signature: signText(newPrivateKey(), statementText(signed().statement)) }),
      ],
    ])('are not current if one of them is of %s', async (_what, receipt) => {
      expect(await replicationOf(1).areCurrent(object, [signed(), receipt()])).toBe(false);
    });
  });
});

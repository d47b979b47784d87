import { newPrivateKey } from '@lianyi/client';
import { signPinCommand } from '@lianyi/client/pins';
import { DomainError, hashOfKey, instantOf, mspIdSchema, pinIdOf, pseudonymSchema, sha256 } from '@lianyi/domain';
import { publicKeyOf } from '@lianyi/client';
import { type FollowedPin } from '../ledger-index/pin-index';
import { PinFinders, type PinFinderServices } from './pin-finders';

const network = { channel: 'records', chaincode: 'emr', genesis: sha256('genesis') };
const NOW = instantOf(1_770_000_000_000);
const operation = { contract: 'MemberNode', name: 'CollectPinGuess' };
const finderKey = newPrivateKey();
const idOf = (key: typeof finderKey) => pinIdOf(hashOfKey(publicKeyOf(key)));
const pin: FollowedPin = {
  ...{ pseudonym: pseudonymSchema.parse('p-1'), isRemoved: false, openKeyHash: sha256('open'), termsSha256: sha256('terms') },
  ...{ attempts: 2, confirmed: 0, guess: { blinded: sha256('blinded') as never, at: NOW } },
};

interface Asked {
  readonly attempt?: number;
  readonly key?: typeof finderKey;
  readonly pinId?: ReturnType<typeof idOf>;
  readonly signedFor?: Partial<typeof network>;
  readonly signedInput?: object;
  readonly ip?: string;
  readonly operation?: typeof operation;
}

/** A node whose blocks have one PIN. */
function node(services: Partial<PinFinderServices> = {}, followed: FollowedPin | undefined = pin) {
  const asked: string[] = [];
  const finders = new PinFinders({
    identity: { ...network, mspId: mspIdSchema.parse('AMSP') },
    admission: { assertWelcome: () => undefined, assertKnownSigner: () => Promise.resolve() },
    followed: (pinId) => Promise.resolve(pinId === idOf(finderKey) ? followed : undefined),
    collect: ({ attempt }) => {
      asked.push(String(attempt));
      return Promise.resolve({ answers: [], silent: [] });
    },
    waitFor: (look) => look(),
    now: () => NOW,
    ...services,
  });
  const collect = ({ attempt = 2, key = finderKey, signedFor, ip = '192.0.2.1', ...of }: Asked = {}) => {
    const input = { pinId: of.pinId ?? idOf(finderKey), attempt };
    const signer = { network: { ...network, ...signedFor }, pinId: input.pinId, privateKey: key };
    const signed = { transaction: of.operation ?? operation, input: of.signedInput ?? input };
    return finders.collect({ operation, input, signedInput: input, proof: signPinCommand(signer, signed, NOW), ip });
  };
  return { asked, collect };
}

const codeOf = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'answered',
    (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
  );

describe('a node that is asked for the answers to a guess', () => {
  it('collects them for who has the code, as often as they ask', async () => {
    const { asked, collect } = node();
    for (let round = 0; round < 2; round += 1) expect(await codeOf(collect())).toBe('answered');
    expect(asked).toEqual(['2', '2']);
  });

  it.each<[string, Asked, string]>([
    ['with another key', { key: newPrivateKey() }, 'NOT_AUTHENTICATED'],
    ['with a key of their own, about a PIN that is none', { key: finderKey, pinId: pinIdOf(sha256('none')) }, 'NOT_AUTHENTICATED'],
    ['for another network', { signedFor: { genesis: sha256('other') } }, 'PROOF_MISMATCH'],
    ['for a guess that is counted', { operation: { contract: 'PinContract', name: 'TryPin' } }, 'PROOF_MISMATCH'],
    ['for another guess', { signedInput: { attempt: 1 } }, 'PROOF_MISMATCH'],
    ['about one before the last', { attempt: 1 }, 'VERSION_CONFLICT'],
    ['about one that was not made', { attempt: 3 }, 'NOT_FOUND'],
    ['about one that nobody could have made yet', { attempt: 9 }, 'NOT_FOUND'],
  ])('asks no other hospital for who signs %s', async (_what, of, code) => {
    const { asked, collect } = node();
    expect(await codeOf(collect(of))).toBe(code);
    expect(asked).toEqual([]);
  });

  it('knows strangers without a look at the ledger, or at a signature', async () => {
    const stranger = newPrivateKey();
    const services = {
      admission: {
        assertWelcome: () => {
          throw new Error('asked');
        },
        assertKnownSigner: () => Promise.reject(new Error('asked')),
      },
    };
    expect(await codeOf(node(services).collect({ key: stranger, pinId: idOf(stranger) }))).toBe('NOT_FOUND');
  });

  it('asks nobody about a PIN that was removed, nor about a guess that is over', async () => {
    expect(await codeOf(node({}, { ...pin, isRemoved: true }).collect())).toBe('NOT_FOUND');
    expect(
      await codeOf(
        node(
          { now: () => instantOf(1_770_000_000_000 + 300_000) },
          { ...pin, guess: { blinded: sha256('b') as never, at: instantOf(1_770_000_000_000 - 300_000) } },
        ).collect(),
      ),
    ).toBe('EVALUATION_OVER');
  });

  it('waits for the block of the guess after the last, and takes no place meanwhile', async () => {
    let looks = 0;
    const followed = () => Promise.resolve((looks += 1) > 2 ? pin : { ...pin, attempts: 1 });
    const waitFor: PinFinderServices['waitFor'] = async (look) => (await look()) ?? (await look());
    expect(await codeOf(node({ followed, waitFor }).collect())).toBe('answered');
  });

  it('has one place for a guess, whoever asks for it and how often', async () => {
    const { promise, resolve } = Promise.withResolvers<{ answers: []; silent: [] }>();
    let begun = 0;
    const { collect } = node({ collect: () => ((begun += 1), promise) });
    const many = Array.from({ length: 100 }, (_none, index) => collect({ ip: `192.0.2.${index}` }));
    await new Promise((done) => setTimeout(done, 50));
    resolve({ answers: [], silent: [] });
    expect([await Promise.all(many), begun]).toEqual([Array(100).fill({ answers: [], silent: [] }), 1]);
  });
});

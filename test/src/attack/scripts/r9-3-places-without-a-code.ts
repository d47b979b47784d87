import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { signPinCommand } from '@lianyi/client/pins';
import { hashOfKey, instantOf, pinIdOf, pseudonymSchema, sha256, sha256Schema } from '@lianyi/domain';
import { PinFinders } from '@lianyi/member-node/testing';
import { type Attack, type AttackOutcome } from '../attack';
import { hospitalA, network } from '../member-in-memory';
import { refusedWith } from '../staff';

const SITES = 64;
const OF_EACH = 10;
const PATIENCE_MILLIS = 2_000;
const operation = { contract: 'MemberNode', name: 'CollectPinGuess' };

/** Strangers at many sites, each with keys of its own, ask for guesses that nobody has made. Then somebody comes back by a PIN. */
async function run(): Promise<AttackOutcome> {
  const finderKey = newPrivateKey();
  const pinId = pinIdOf(hashOfKey(publicKeyOf(finderKey)));
  const guess = { blinded: sha256Schema.parse(sha256('blinded')) as never, at: instantOf(Date.now()) };
  const of = { pseudonym: pseudonymSchema.parse('p-1'), isRemoved: false, openKeyHash: sha256('open'), termsSha256: sha256('terms') };
  const answered = { answers: [], silent: [] };
  const finders = new PinFinders({
    identity: { ...network, mspId: hospitalA },
    admission: { assertWelcome: () => undefined, assertKnownSigner: () => Promise.resolve() },
    followed: (named) => Promise.resolve(named === pinId ? { ...of, attempts: 1, confirmed: 0, guess } : undefined),
    // what is not committed is waited for at the other members
    collect: (named) => (named.pinId === pinId ? Promise.resolve(answered) : new Promise(() => undefined)),
    waitFor: (look) => look(),
    now: () => instantOf(Date.now()),
  });
  const ask = (privateKey: typeof finderKey, ip: string): Promise<unknown> => {
    const input = { pinId: pinIdOf(hashOfKey(publicKeyOf(privateKey))), attempt: 1 };
    const proof = signPinCommand({ network, pinId: input.pinId, privateKey }, { transaction: operation, input }, instantOf(Date.now()));
    return finders.collect({ operation, input, signedInput: input, proof, ip });
  };
  let refusedStrangers = 0;
  for (let site = 0; site < SITES; site += 1)
    for (let each = 0; each < OF_EACH; each += 1)
      void ask(newPrivateKey(), `198.51.${site}.${each + 1}`).catch(() => {
        refusedStrangers += 1;
      });
  const late = new Promise((resolve) =>
    setTimeout(() => {
      resolve('no place');
    }, PATIENCE_MILLIS),
  );
  const seen = await Promise.race([refusedWith(ask(finderKey, '192.0.2.1')), late]);
  return { succeeded: seen !== undefined, seen: `${typeof seen === 'string' ? seen : 'answered'}; strangers refused: ${refusedStrangers}` };
}

export const placesWithoutACode: Attack = {
  id: 'R9-3',
  title: 'strangers at many sites hold all places of a node for coming back by a PIN, and whoever has a PIN finds none',
  defences: [{ file: 'application/member-node/src/pins/pin-finders.ts', name: 'PinFinders.#assertMayAsk', body: '' }],
  networks: ['embedded'],
  run,
};

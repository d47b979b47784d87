import { type Attack, type AttackOutcome } from '../attack';
import { FunctionKeyInMemory } from '../function-key-in-memory';
import { hospitals } from '../registrar-in-memory';
import { refusedWith } from '../staff';

const [A, B, C] = hospitals;

/** A's people have agreed that shares are dealt anew to all three. B and C write under the same id that the new holders are they alone. */
async function run(): Promise<AttackOutcome> {
  const world = new FunctionKeyInMemory();
  await world.ready();
  const keyId = world.reshared();
  world.keys.set(keyId, { ...world.key(keyId), holders: [B, C] });
  const refused = await refusedWith(world.node(A).takePart(keyId));
  const isDealt = world.dealOf(A, keyId) !== undefined;
  return { succeeded: isDealt, seen: isDealt ? 'A has dealt its share on to B and C alone' : `A deals nothing: ${refused ?? 'nothing'}` };
}

export const holdersNobodyAgreedTo: Attack = {
  id: 'F3',
  title: 'two hospitals write other holders of a function key that is dealt anew, and the third one deals its share on to them',
  defences: [
    {
      file: 'application/member-node/src/matching/function-shares.ts',
      name: 'FunctionShares.#polynomialOf',
      body: [
        'const { mspId } = this.options;',
        'const of = reshares === undefined ? {} : { reshares };',
        "const info = canonicalJson({ t: 'lianyi/function-deal/v1', ...this.#channel(), keyId, mspId, holders, threshold, ...of });",
        "const seed = new Uint8Array(hkdfSync('sha256', this.privateKey.scalar(), new Uint8Array(), info, 32));",
        'const polynomial = polynomialFrom(seed, threshold);',
        'if (reshares === undefined) return polynomial;',
        'const former = await this.dealtKey(reshares.keyId);',
        'return resharedPolynomial(polynomial, await this.#ownShare(former), resharingBy(former, reshares.dealers, mspId));',
      ].join(' '),
    },
  ],
  networks: ['embedded'],
  run,
};

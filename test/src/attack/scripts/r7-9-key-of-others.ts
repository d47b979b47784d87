import { pairTag } from '@lianyi/client/matching';
import { canonicalJson } from '@lianyi/domain';
import { blindInput, finishEvaluation } from '@lianyi/domain/oblivious';
import { type Attack, type AttackOutcome } from '../attack';
import { refusedWith } from '../staff';
import { hospitals, identifier, keyInMemory, RegistrarInMemory } from '../registrar-in-memory';

const [A, B, C] = hospitals;
/** The numbers that B holds possible; who knows a whole key tries them without a trace. */
const candidates = ['110101199003070054', identifier.value];

/** B and C write a newer key, all of whose shares they have made themselves, A's too. A's own node takes no part in it. */
async function run(): Promise<AttackOutcome> {
  const now = Date.now();
  const [real, forged] = [keyInMemory('f-real', 1, now - 60_000), keyInMemory('f-forged', 101, now)];
  const registrar = new RegistrarInMemory({
    keys: [real, forged],
    answering: (keyId) => (keyId === 'f-forged' ? [B, C] : hospitals),
    showing: () => undefined,
  });
  const refused = await refusedWith(registrar.look());
  const asked = registrar.questions.find(({ mspId }) => mspId === B)?.tag;
  const isOf = (value: string): boolean => {
    const input = new TextEncoder().encode(canonicalJson(['lianyi/match/v1', identifier.system, value]));
    const blinded = blindInput(input);
    const parts = [B, C].map((mspId) => {
      const [evaluated = blinded.blinded] = forged.answer(mspId, [blinded.blinded]).part.evaluated;
      return { place: hospitals.indexOf(mspId) + 1, evaluated };
    });
    return pairTag(finishEvaluation(input, blinded, parts), A, B) === asked;
  };
  const isFound = asked !== undefined && candidates.some(isOf);
  const seen = isFound ? 'B has found the national ID by trying' : `B tries in vain; the look: ${refused ?? 'by the key of all'}`;
  return { succeeded: isFound, seen };
}

export const keyOfOthers: Attack = {
  id: 'R7-9',
  title: 'two hospitals make a key for matching that they know whole, and the third one’s registrar evaluates by it',
  defences: [{ file: 'application/client/src/matching/find-duplicates.ts', name: 'assertOwnPart', body: '' }],
  networks: ['embedded'],
  run,
};

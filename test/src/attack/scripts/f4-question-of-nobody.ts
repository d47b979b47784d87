import { canonicalJson, instantOf } from '@lianyi/domain';
import { blindInput, isPartOf } from '@lianyi/domain/oblivious';
import { publicShareOfHolder } from '@lianyi/client/matching';
import { EvaluationAnswers } from '@lianyi/member-node/testing';
import { type Attack, type AttackOutcome } from '../attack';
import { FunctionKeyInMemory, sharedKeyId } from '../function-key-in-memory';
import { hospitals } from '../registrar-in-memory';
import { refusedWith } from '../staff';

const [A, B] = hospitals;

/** B's node asks A's for the function of a number, and nothing of that stands on the ledger, where everybody would see it and it would be counted. */
async function run(): Promise<AttackOutcome> {
  const world = new FunctionKeyInMemory();
  await world.ready();
  const shares = world.node(A);
  const answers = new EvaluationAnswers({
    ...{ shares, dealtKey: (keyId) => shares.dealtKey(keyId), evaluation: () => Promise.resolve(undefined) },
    ...{ waitFor: (look) => look(), now: () => instantOf(Date.now()) },
  });
  const { blinded } = blindInput(new TextEncoder().encode('a number'));
  const refusals: string[] = [];
  for (const named of ['e-1', canonicalJson({ keyId: sharedKeyId, blinded: [blinded] })]) {
    const answering = answers.answer(named, B);
    const code = await refusedWith(answering);
    if (code !== undefined) refusals.push(code);
    else if (isPartOf(await answering, publicShareOfHolder(await shares.dealtKey(sharedKeyId), A), [blinded]))
      return { succeeded: true, seen: 'A has evaluated what nobody has asked in sight' };
  }
  return { succeeded: false, seen: `A evaluates nothing: ${refusals.join()}` };
}

export const questionOfNobody: Attack = {
  id: 'F4',
  title: 'a hospital has another one evaluate a number without a committed question, uncounted',
  defences: [
    {
      file: 'application/member-node/src/matching/evaluation-answers.ts',
      name: 'EvaluationAnswers.answer',
      body: [
        "const { keyId, blinded } = named.startsWith('{') ? JSON.parse(named) : { blinded: [] };",
        "if (keyId === undefined) throw new DomainError('NOT_FOUND');",
        'return this.services.shares.partOf(await this.services.dealtKey(keyId), blinded);',
      ].join(' '),
    },
  ],
  networks: ['embedded'],
  run,
};

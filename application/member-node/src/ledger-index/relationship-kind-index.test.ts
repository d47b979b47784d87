import { transactions } from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { A, pseudonym } from './member-chain.fixture';
import { B, PatientChain, relationship, relationshipKey } from './patient-chain.fixture';

/** A patient who has answered a proposal of a kind, by its name or without one. */
async function chainOf(written: string, accepted?: string): Promise<PatientChain> {
  // before the chain, which keeps the clock that it finds
  const clock = jest.spyOn(Date, 'now');
  const chain = new PatientChain();
  clock.mockImplementation(() => chain.now);
  const input = { pseudonym, mspId: A, ...(accepted === undefined ? {} : { type: accepted }) };
  const writes = { [relationshipKey]: relationship('active', undefined, written) };
  await chain.begin(() => chain.command(transactions.AcceptRelationship, input, writes));
  await chain.say(chain.granted());
  return chain;
}

describe('whether the kind of a relationship is the one that the patient has accepted', () => {
  let chain: PatientChain;
  afterEach(async () => {
    await chain.index.close();
    jest.restoreAllMocks();
  });
  const word = (): Promise<string> => chain.word({ grantee: B, version: 1 });
  const forged = (type: string): Call => chain.forged({ [relationshipKey]: relationship('active', undefined, type) });

  it.each<readonly [string, string | undefined]>([
    ['care', 'care'],
    ['care', undefined],
    ['laboratory', 'laboratory'],
    ['device', 'device'],
  ])('is told of %s, accepted as %s', async (written, accepted) => {
    chain = await chainOf(written, accepted);
    expect([await word(), chain.names()]).toEqual(['given', []]);
  });

  it.each<readonly [string, string | undefined]>([
    ['care', 'laboratory'],
    ['laboratory', 'care'],
    ['device', undefined],
    ['caregiver', 'insurer'],
  ])('is not told of %s where the patient has accepted %s', async (written, accepted) => {
    chain = await chainOf(written, accepted);
    expect([await word(), chain.names()]).toEqual(['unproven', ['relationship-not-as-commanded']]);
  });

  it('is not told any more once others write another kind over it, and is again when it stands as it was', async () => {
    chain = await chainOf('laboratory', 'laboratory');
    await chain.add(forged('care'));
    expect([await word(), chain.names()]).toEqual(['unproven', ['relationship-without-command']]);
    await chain.add(forged('laboratory'));
    expect(await word()).toBe('given');
  });
});

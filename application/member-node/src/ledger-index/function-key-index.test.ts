import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { functionKeyIdOf, groupElementSchema, hashOfKey, mspIdSchema, resharedKeyIdOf, sha256, transactions } from '@lianyi/domain';
import { hashOfDeals } from '@lianyi/domain/deciding';
import { blockOfCalls, type Call } from './block-of-calls.fixture';
import { LedgerIndex } from './ledger-index';
import {
  A,
  administered,
  genesis,
  hired,
  issueCertificates,
  nonce,
  person,
  type Person,
  registered,
  signedBy,
} from './member-chain.fixture';

const B = mspIdSchema.parse('BMSP');
const keyServiceA = person('AMSP', 'keys', ['keyService']);
const keyServiceB = person('BMSP', 'keys-b', ['keyService']);
const orgAdminA = person('AMSP', 'org', ['orgAdmin']);
const holders = [A, B];
const keyId = functionKeyIdOf({ mspId: A, nonce });
const reshared = { nonce, formerKeyId: keyId, dealers: holders, holders, threshold: 2 };
const resharedId = resharedKeyIdOf({ mspId: A, ...reshared });
const keyWrites = (id: string = keyId) => ({ [`\u0000functionKey\u0000${id}\u0000`]: '{}' });
const dealWrites = (mspId: string, id: string = keyId) => ({
  ...keyWrites(id),
  [`\u0000functionDeal\u0000${id}\u0000${mspId}\u0000`]: '{}',
});
const element = (text: string) => groupElementSchema.parse(sha256(text));
const dealt = (text: string) => ({
  commitments: [element(`${text} 0`), element(`${text} 1`)],
  possession: { evaluated: element(text), proof: Buffer.alloc(64, 3).toString('base64url') },
  shares: holders.map((mspId) => ({ mspId, organisationKeyEpoch: 1, sealed: Buffer.alloc(114, 7).toString('base64url') })),
});
const opening = { keyId, nonce, holders, threshold: 2 };
const opened = (by: Person = orgAdminA, input: object = opening): Call => signedBy(by, transactions.OpenFunctionKey, input, keyWrites());
const deal = (by: Person, text: string, writes: Record<string, string> = dealWrites(by.mspId)): Call =>
  signedBy(by, transactions.DealFunctionShares, { keyId, ...dealt(text) }, writes);
const accepted = (by: Person, text = 'deals'): Call =>
  signedBy(by, transactions.AcceptFunctionShares, { keyId, dealsSha256: sha256(text) }, keyWrites());
/** As it is carried by a client of another organisation, which is whose transaction it then is. */
const carriedBy = (creatorMspId: string, call: Call): Call => ({ ...call, creatorMspId });

/** An index that has followed these, each in a block of its own, after everybody was hired. */
async function after(...calls: readonly Call[]): Promise<LedgerIndex> {
  const index = new LedgerIndex(':memory:', 'emr', 'AMSP');
  const sink = index.sinkOf('AMSP');
  const people = [keyServiceA, keyServiceB, orgAdminA].map((who) => hired(who));
  for (const [number, call] of [undefined, ...people, ...calls].entries())
    // of old blocks: when they arrived, nobody knows
    await sink.apply(blockOfCalls(number, call === undefined ? [] : [call]), false);
  return index;
}

beforeAll(issueCertificates);

describe('a key that hospitals hold together, as the blocks have it', () => {
  it('is what its opener, its dealers and who accepts have signed', async () => {
    const index = await after(opened(), deal(keyServiceA, 'a'), deal(keyServiceB, 'b'), accepted(keyServiceA));
    const key = await index.functionKey(keyId);
    expect(key?.said).toEqual({ keyId, mspId: A, holders, threshold: 2 });
    const dealSha256 = hashOfDeals([{ mspId: B, ...dealt('b') }]);
    expect([...(key?.deals.keys() ?? [])].toSorted()).toEqual([A, B]);
    expect(key?.deals.get(B)).toEqual({ commitments: dealt('b').commitments, dealSha256 });
    expect([...(key?.acceptances ?? [])]).toEqual([[A, sha256('deals')]]);
    expect(await index.functionKeysAccepted()).toEqual([keyId]);
    await index.close();
  });

  it('has the one whose shares are dealt anew in its id', async () => {
    const reshare = (input: object): Call =>
      administered('AMSP', transactions.ReshareFunctionKey, { keyId: resharedId, ...reshared, ...input }, keyWrites(resharedId));
    const index = await after(reshare({ threshold: 2 }));
    expect((await index.functionKey(resharedId))?.said).toMatchObject({ reshares: { keyId, dealers: holders, nonce } });
    await index.close();
    const others = await after(reshare({ dealers: [B, A] }));
    expect(await others.functionKey(resharedId)).toBeUndefined();
    await others.close();
  });

  it.each<[string, () => readonly Call[]]>([
    ['a deal in another hospital’s name', () => [deal(keyServiceA, 'forged', dealWrites('BMSP'))]],
    ['a deal that another hospital’s client carries', () => [carriedBy('BMSP', deal(keyServiceA, 'forged'))]],
    ['a deal that is written for another key', () => [deal(keyServiceB, 'forged', dealWrites('BMSP', 'f-other'))]],
    ['a deal by who is no key service', () => [deal(orgAdminA, 'forged')]],
    ['a deal by whom nobody has hired', () => [deal(person('BMSP', 'nobody', ['keyService']), 'forged')]],
    ['an invalid transaction', () => [{ ...deal(keyServiceB, 'forged'), validationCode: 11 }]],
    [
      'a deal that is taken away',
      () => [{ ...deal(keyServiceB, 'forged'), writes: { ...keyWrites(), [`\u0000functionDeal\u0000${keyId}\u0000BMSP\u0000`]: null } }],
    ],
    ['a write that nobody has signed', () => [{ ...opened(), argument: '{}', writes: dealWrites('BMSP') }]],
    ['an acceptance by another’s client', () => [carriedBy('BMSP', accepted(keyServiceA))]],
  ])('has nothing of %s', async (_what, calls) => {
    const index = await after(opened(), ...calls());
    const key = await index.functionKey(keyId);
    expect((await index.staffShown(A, keyServiceA.actorTag))?.isProven).toBe(true);
    expect([key?.deals.size, key?.acceptances.size]).toEqual([0, 0]);
    await index.close();
  });

  it('stays as it was said first', async () => {
    const again = deal(keyServiceA, 'again');
    const index = await after(
      opened(),
      deal(keyServiceA, 'a'),
      again,
      opened(orgAdminA, { ...opening, holders: [B, A] }),
      accepted(keyServiceA),
      accepted(keyServiceA, 'others'),
    );
    const key = await index.functionKey(keyId);
    expect(key?.deals.get(A)?.commitments).toEqual(dealt('a').commitments);
    expect([key?.said.holders, key?.acceptances.get(A)]).toEqual([holders, sha256('deals')]);
    await index.close();
  });

  it('is none where its id is not that of who opens it', async () => {
    const index = await after(
      opened(person('AMSP', 'nobody', ['orgAdmin'])),
      signedBy(orgAdminA, transactions.OpenFunctionKey, { ...opening, keyId: 'f-other' }, keyWrites('f-other')),
    );
    expect([await index.functionKey(keyId), await index.functionKey(resharedId)]).toEqual([undefined, undefined]);
    await index.close();
  });
});

describe('the encapsulation keys of an organisation', () => {
  it('are those of the registration by its own administrator, and of no other', async () => {
    const own = registered('BMSP');
    const theirs = [{ epoch: 1, publicKey: publicKeyOf(newPrivateKey()) }];
    const input = { kinds: ['hospital'], genesis, encapsulationKeys: theirs };
    const by = (mspId: string): Call =>
      administered(mspId, transactions.RegisterOrganisation, input, { ['\u0000organisation\u0000BMSP\u0000']: JSON.stringify(input) });
    const before = await after(by('CMSP'));
    expect(await before.encapsulationKeys(B)).toBeUndefined();
    await before.close();
    const index = await after(by('CMSP'), own, by('BMSP'));
    const [found] = (await index.encapsulationKeys(B)) ?? [];
    expect(found?.publicKey === undefined ? undefined : hashOfKey(found.publicKey)).not.toBe(
      hashOfKey(theirs[0]?.publicKey ?? publicKeyOf(newPrivateKey())),
    );
    expect(await index.everyEncapsulationKey()).toEqual([{ mspId: B, encapsulationKeys: [found] }]);
    await index.close();
  });
});

import { newFacade, PlayedStaff, type PlayedFacade } from './facade.fixture';
import { newClient, tokenFor } from './played-client.fixture';

type Answer = Awaited<ReturnType<PlayedFacade['get']>>;

describe('the budget of an application', () => {
  const metadata = (facade: PlayedFacade, remoteAddress = '192.0.2.7'): Promise<Answer> =>
    facade.server.inject({ method: 'GET', url: '/fhir/metadata', remoteAddress });
  const statuses = (answers: readonly Answer[]): readonly number[] => answers.map(({ statusCode }) => statusCode);
  const times = async (count: number, ask: () => Promise<Answer>): Promise<readonly number[]> => {
    const answers: Answer[] = [];
    for (let each = 0; each < count; each += 1) answers.push(await ask());
    return statuses(answers);
  };

  it('is used up by no stranger of the same address, nor by another application', async () => {
    const other = { client: await newClient({ clientId: 'portal' }), staff: new PlayedStaff() };
    const facade = await newFacade({}, { others: [other], limits: { requestsPerMinute: 3, strangersPerMinute: 4 } });
    const portal = { authorization: `Bearer ${await tokenFor(facade.server, other.client)}` };
    expect(await times(6, () => metadata(facade))).toEqual([200, 200, 200, 200, 429, 429]);
    expect(await times(4, () => facade.get('/metadata', portal))).toEqual([200, 200, 200, 429]);
    expect(await times(4, () => facade.get('/metadata'))).toEqual([200, 200, 200, 429]);
    expect(await times(1, () => metadata(facade, '192.0.2.8'))).toEqual([200]);
    await facade.server.close();
  });

  it('is not asked for without a token: strangers are counted before they are refused, and for tokens by themselves', async () => {
    const facade = await newFacade({}, { limits: { strangersPerMinute: 3 } });
    const wrong = { authorization: `Bearer ${'A'.repeat(43)}` };
    expect(await times(5, () => facade.get('/Patient?_id=x', wrong))).toEqual([401, 401, 401, 429, 429]);
    // one token was given at the start
    const isGiven: boolean[] = [];
    for (let each = 0; each < 3; each += 1) isGiven.push(/^[\w-]{43}$/.test(await facade.token()));
    expect(isGiven).toEqual([true, true, false]);
    await facade.server.close();
  });

  it('is for so many requests at a time', async () => {
    const facade = await newFacade();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const { ledger } = facade.staff;
    Object.assign(ledger, { evaluate: () => promise.then(() => ({ items: [] })) });
    const asked = Array.from({ length: 70 }, () => facade.get('/DocumentReference?patient=pONE.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'));
    const early = await Promise.race(asked);
    expect(early.statusCode).toBe(429);
    resolve(undefined);
    const answered = statuses(await Promise.all(asked));
    expect([answered.filter((status) => status === 200).length, answered.filter((status) => status === 429).length]).toEqual([64, 6]);
    expect((await facade.get('/DocumentReference?patient=pONE.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')).statusCode).toBe(200);
    await facade.server.close();
  });
});

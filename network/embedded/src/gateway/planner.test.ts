import { peer } from '@lianyi/fabric-protocol';
import { type ProposalAnswer } from '../peer/endorser';
import { type EmbeddedChannel } from '../ledger/embedded-channel';
import { Planner } from './planner';
import { type EndorserClient } from './registry';

type Answer = () => ProposalAnswer;

/** What a gateway reads of a proposal for chaincode `cc` on channel `emr`. */
function proposal(hasTransient = false): Parameters<InstanceType<typeof Planner>['planFromFirst']>[0] {
  // planning looks at nothing else
  return {
    channelId: 'emr',
    chaincodeName: 'cc',
    hasTransient,
    signed: { proposalBytes: Buffer.alloc(0), signature: Buffer.alloc(0) },
  } as never;
}

const succeeded: Answer = () => {
  const response = new peer.Response();
  response.setStatus(200);
  const endorsement = new peer.Endorsement();
  endorsement.setEndorser(Buffer.from('somebody'));
  return { kind: 'response', response: { response, payload: Buffer.from('result'), endorsement, interest: [] } };
};
const unavailable =
  (message: string): Answer =>
  () => ({ kind: 'unavailable', message });

interface Given {
  readonly height?: number;
  readonly runs?: boolean;
  readonly answer?: Answer;
}

function endorser(name: string, { height = 5, runs = true, answer = succeeded }: Given = {}): EndorserClient {
  // MSP id is the letter of the name
  const client = { mspId: name.slice(0, 1), address: name, height, runs: () => runs, process: () => Promise.resolve(answer()) };
  return client; // what discovery asks of it is no matter here
}

const channel = {
  name: 'emr',
  definitions: { get: () => ({ endorsementPolicy: { kind: 'channel', path: 'any' } }) },
  policies: { minimalOrganizationSets: () => [['A'], ['B']] },
} as unknown as EmbeddedChannel; // only what planning looks at

const planner = (...endorsers: readonly EndorserClient[]): InstanceType<typeof Planner> => new Planner('emr', channel, 'A', endorsers);
const addresses = (endorsers: readonly EndorserClient[]): string[] => endorsers.map(({ address }) => address);

describe('who evaluates', () => {
  it('is the own peer first, then the others of the organisation, then the rest', () => {
    const asked = planner(endorser('A0'), endorser('B0'), endorser('A1')).evaluators('cc', []);
    expect(addresses(asked)).toEqual(['A0', 'A1', 'B0']);
  });

  it('is the highest of a group, also before the own peer', () => {
    const asked = planner(
      endorser('A0', { height: 3 }),
      endorser('A1', { height: 4 }),
      endorser('B0', { height: 2 }),
      endorser('B1', { height: 9 }),
    );
    expect(addresses(asked.evaluators('cc', []))).toEqual(['A1', 'A0', 'B1', 'B0']);
  });

  it('is nobody else when organisations are named, and nobody without the chaincode', () => {
    const asked = planner(endorser('A0'), endorser('B0', { runs: false }), endorser('B1'));
    expect(addresses(asked.evaluators('cc', ['B']))).toEqual(['B1']);
  });
});

describe('the first endorsement', () => {
  it("falls over to the organisation's other peer", async () => {
    const asked = planner(endorser('A0', { answer: unavailable('gone') }), endorser('A1'), endorser('B0'));
    expect((await asked.planFromFirst(proposal())).result?.payload.toString()).toBe('result');
  });

  it('fails with what each of them said, and never goes to another organisation', async () => {
    const asked = planner(endorser('A0', { answer: unavailable('gone') }), endorser('A1', { answer: unavailable('too') }), endorser('B0'));
    await expect(asked.planFromFirst(proposal())).rejects.toMatchObject({
      code: 10,
      message: 'failed to endorse transaction, see attached details for more info',
      failures: [
        { address: 'A0', mspId: 'A', message: 'gone' },
        { address: 'A1', mspId: 'A', message: 'too' },
      ],
    });
  });

  it('is somebody else’s when no own peer runs the chaincode, but not with transient data', async () => {
    const asked = planner(endorser('A0', { runs: false }), endorser('B0'));
    expect((await asked.planFromFirst(proposal())).result).toBeDefined();
    await expect(asked.planFromFirst(proposal(true))).rejects.toMatchObject({
      message: "no endorsers found in the gateway's organization; retry specifying endorsing organization(s) to protect transient data",
    });
  });

  it('is refused on a channel that the peer has not joined', async () => {
    const outsider = new Planner('nochan', undefined, 'A', []);
    await expect(outsider.planFromFirst(proposal())).rejects.toMatchObject({
      code: 9,
      message:
        'no combination of peers can be derived which satisfy the endorsement policy: No metadata was found for chaincode cc in channel nochan',
    });
  });
});

describe('a plan for named organisations', () => {
  it('asks the highest peer of each, and the next one when it fails', () => {
    const plan = planner(endorser('A0'), endorser('B0', { height: 1 }), endorser('B1')).planFor('cc', ['A', 'B']);
    const asked = plan.endorsers();
    expect(addresses(asked)).toEqual(['A0', 'B1']);
    const b1 = asked.find(({ address }) => address === 'B1');
    expect(b1 && plan.nextPeerInGroup(b1)?.address).toBe('B0');
  });

  it('names those of whom nobody is up', () => {
    expect(() => planner(endorser('A0')).planFor('cc', ['A', 'B', 'C'])).toThrow('failed to find any endorsing peers for org(s): B, C');
  });
});

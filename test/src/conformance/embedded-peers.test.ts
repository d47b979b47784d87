import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type Proposal } from '@hyperledger/fabric-gateway';
import { startEmbeddedNetwork } from '@lianyi/embedded-network';
import { common, gateway, peer } from '@lianyi/fabric-protocol';
import { runNetworkCli } from '@lianyi/network-cli';
import { parseConsortium, type RunningNetwork, serveControl } from '@lianyi/network-model';
import { commit } from './conformance-network';
import { attempt, type Outcome } from './outcome';
import { Party } from './party';

const chaincode = resolve(__dirname, '../../fixtures/chaincode-conformance');
const [A, B, C] = ['HospitalAMSP', 'HospitalBMSP', 'HospitalCMSP'] as const;
const both = [A, B];
const organization = (letter: string, peers: number): object => ({
  mspId: `Hospital${letter}MSP`,
  name: `hospital-${letter.toLowerCase()}`,
  domain: `hospital-${letter.toLowerCase()}.example`,
  roles: ['peer', 'orderer'],
  peers,
});
const consortium = parseConsortium({
  name: 'peers',
  channel: { name: 'emr' },
  channels: [{ name: 'research', organizations: both }],
  organizations: [organization('A', 2), organization('B', 1), organization('C', 1)],
  chaincodes: [
    {
      name: 't',
      version: '1.0',
      endorsementPolicy: `OR('${A}.peer','${B}.peer','${C}.peer')`,
      collections: [
        { name: 'c12', members: both },
        { name: 'kept', members: both, maxPeerCount: 0 },
        { name: 'req1', members: [B, C], requiredPeerCount: 1 },
      ],
    },
    // a collection's members must be on every channel of its chaincode, so another one runs on the second channel
    { name: 'u', version: '1.0', channels: ['research'], endorsementPolicy: `OR('${A}.peer','${B}.peer')` },
    { name: 'i', version: '1.0', channels: ['research'], initRequired: true, endorsementPolicy: `OR('${A}.peer','${B}.peer')` },
  ],
});

const names = {
  a0: 'peer0.hospital-a.example',
  a1: 'peer1.hospital-a.example',
  b0: 'peer0.hospital-b.example',
  c0: 'peer0.hospital-c.example',
};
const ownerOf: Readonly<Record<string, string>> = { [names.a0]: A, [names.a1]: A, [names.b0]: B, [names.c0]: C };

/** A proposal with the mark that the gateway client cannot set. */
function asInit(party: Party, name: string, args: readonly string[]): Proposal {
  const proposed = gateway.ProposedTransaction.deserializeBinary(
    party
      .contract()
      .newProposal(name, { arguments: [...args] })
      .getBytes(),
  );
  const signed = proposed.getProposal() ?? new peer.SignedProposal();
  const proposal = peer.Proposal.deserializeBinary(signed.getProposalBytes_asU8());
  const payload = peer.ChaincodeProposalPayload.deserializeBinary(proposal.getPayload_asU8());
  const invocation = peer.ChaincodeInvocationSpec.deserializeBinary(payload.getInput_asU8());
  invocation.getChaincodeSpec()?.getInput()?.setIsInit(true);
  payload.setInput(invocation.serializeBinary());
  proposal.setPayload(payload.serializeBinary());
  signed.setProposalBytes(proposal.serializeBinary());
  return party.newSignedProposal(proposed.serializeBinary());
}

describe('several channels and peers of one process', () => {
  const dir = mkdtempSync(join(tmpdir(), 'lianyi-peers-'));
  let network: RunningNetwork;
  let parties: Party[] = [];
  let keys = 0;

  async function start(lag: ReadonlyMap<string, number> = new Map()): Promise<void> {
    const chaincodes = new Map(['t', 'u', 'i'].map((name) => [name, chaincode]));
    network = await startEmbeddedNetwork({ consortium, chaincodes, dir, lag });
  }

  async function stop(): Promise<void> {
    for (const party of parties) party.close();
    parties = [];
    await network.stop();
  }

  const profileOf = (mspId: string): string => network.organizations.find((each) => each.mspId === mspId)?.profile ?? '';
  const at = (peer: string, channel = 'emr', chaincodeName = 't'): Party => {
    const mspId = ownerOf[peer] ?? '';
    const party = Party.open({ mspId, user: 'User1', peerMspId: mspId, peer }, profileOf(mspId), { channel, chaincode: chaincodeName });
    parties.push(party);
    return party;
  };
  const createChannel = async (name: string, ...members: readonly string[]): Promise<{ exitCode: number; sentence: string }> => {
    const control = await serveControl(network);
    const lines: string[] = [];
    const verb = ['createChannel', name, '--organizations', members.join(','), '--dir', dir];
    const exitCode = await runNetworkCli(['node', 'lianyi-network', 'embedded', ...verb], {
      out: () => undefined,
      err: (line) => lines.push(line),
    });
    control.close();
    return { exitCode, sentence: lines.at(-1) ?? '' };
  };
  const key = (): string => `k${(keys += 1)}`;
  const heightAt = async (peer: string): Promise<number> => {
    const bytes = await at(peer).contract('qscc').evaluateTransaction('GetChainInfo', 'emr');
    return common.BlockchainInfo.deserializeBinary(bytes).getHeight();
  };

  beforeAll(() => start());
  afterAll(async () => {
    await stop();
    rmSync(dir, { recursive: true, force: true });
  });

  describe('a channel', () => {
    it('has a chain and a state of its own', async () => {
      const name = key();
      await at(names.a0, 'research', 'u').submit('put', [name, 'secret plan']);
      expect(await at(names.b0, 'research', 'u').evaluate('get', [name])).toBe('secret plan');
      expect(await at(names.b0, 'emr').evaluate('get', [name])).toBe('');
    });

    it.each([
      [
        'evaluate',
        (party: Party) => party.evaluate('get', ['k']),
        14,
        'failed to get config for channel [research]: could not get last config for channel research',
      ],
      [
        'submit',
        (party: Party) => party.submit('put', ['k', 'v']),
        9,
        'no combination of peers can be derived which satisfy the endorsement policy: No metadata was found for chaincode u in channel research',
      ],
      [
        'block events',
        async (party: Party) => {
          for await (const block of await party.channel.getBlockEvents()) return block;
          return undefined;
        },
        undefined,
        'Unexpected status response: 404',
      ],
    ] as const)('is unknown to a peer outside it: %s', async (_what, call, grpcCode, message) => {
      const outcome: Outcome = await attempt(() => call(at(names.c0, 'research', 'u')));
      expect(outcome).toMatchObject({ ...(grpcCode !== undefined && { grpcCode }), message: expect.stringContaining(message) as string });
    });

    it('answers another channel’s chaincode, but takes nothing of what it wrote', async () => {
      const name = key();
      await at(names.a0, 'research', 'u').submit('put', [name, 'there']);
      expect(await at(names.a0).submit('callch', ['u', JSON.stringify(['get', name]), 'research'])).toBe('200  there');
      expect(await at(names.a0).submit('callch', ['u', JSON.stringify(['put', name, 'changed']), 'research'])).toBe('200  changed');
      expect(await at(names.b0, 'research', 'u').evaluate('get', [name])).toBe('there');
      expect(await at(names.b0).evaluate('get', [name])).toBe('');
    });

    it('is made while the network runs, and is there again at the next start', async () => {
      expect(await createChannel('registry', B, C)).toMatchObject({ exitCode: 0 });
      const height = async (peer: string): Promise<Outcome> =>
        attempt(async () => {
          const bytes = await at(peer).contract('qscc').evaluateTransaction('GetChainInfo', 'registry');
          return common.BlockchainInfo.deserializeBinary(bytes).getHeight();
        });
      expect(await height(names.c0)).toMatchObject({ result: 1 });
      expect((await height(names.a0)).message).toContain('Invalid chain ID, registry');
      expect(await createChannel('registry', B)).toMatchObject({ exitCode: 1, sentence: expect.stringContaining('registry') as string });
      await stop();
      await start();
      expect(await height(names.b0)).toMatchObject({ result: 1 });
      expect((await height(names.a0)).message).toContain('Invalid chain ID, registry');
    });
  });

  describe('chaincode that requires Init', () => {
    const refused = (outcome: Outcome): string | undefined => outcome.details?.[0]?.message;

    it('is initialised exactly once, by a call marked so', async () => {
      const party = at(names.a0, 'research', 'i');
      const put = async (): Promise<Outcome> => attempt(() => party.submit('put', ['k', 'v']));
      const init = async (): Promise<Outcome> => attempt(async () => commit(await asInit(party, 'put', ['k', 'first']).endorse()));
      expect(refused(await put())).toBe(
        "error in simulation: failed to execute transaction <txid>: invalid invocation: chaincode 'i' has not been initialized for this version, must call as init first",
      );
      expect(await init()).toMatchObject({ result: { validationCode: 0 } });
      expect(await party.evaluate('get', ['k'])).toBe('first');
      expect(refused(await init())).toBe(
        "error in simulation: failed to execute transaction <txid>: invalid invocation: chaincode 'i' is already initialized but called as init",
      );
      expect(await put()).toMatchObject({ result: 'v' });
    });
  });

  describe('peers of one organisation', () => {
    it('stand for each other: a stopped one is missed by nobody but its own clients', async () => {
      const name = key();
      await network.act('stop', names.a0);
      await at(names.a1).submit('put', [name, 'by the second']);
      expect((await attempt(() => at(names.a0).evaluate('get', [name]))).grpcCode).toBe(14);
      expect(await at(names.b0).submit('put', [name, 'pinned'], { organizations: [A, B] })).toBe('pinned');
      await network.act('start', names.a0);
      expect(await at(names.a0).evaluate('get', [name])).toBe('pinned');
      expect(await heightAt(names.a0)).toBe(await heightAt(names.a1));
    });

    it('endorse under certificates of their own', async () => {
      const transaction = Buffer.from((await at(names.a1).endorse('put', [key(), 'v'], { organizations: [A] })).getBytes());
      const endorsed = (peer: string): boolean => {
        const certificates = join(dirname(profileOf(A)), 'peers', peer, 'msp/signcerts');
        return transaction.includes(readFileSync(join(certificates, `${peer}-cert.pem`)));
      };
      expect([endorsed(names.a0), endorsed(names.a1)]).toEqual([false, true]);
    });
  });

  describe('private data', () => {
    it('is refused when too few peers are up to take it', async () => {
      await network.act('stop', names.c0);
      const outcome = await attempt(() => at(names.b0).submit('pput', ['req1', key()], { organizations: [B] }));
      await network.act('start', names.c0);
      expect(outcome.details?.[0]?.message).toBe(
        'error in simulation: failed to distribute private collection, txID <txid>, channel emr: could not build private data dissemination plan for chaincode t and collection req1: required to disseminate to at least 1 peers, but know of only 0 eligible peers',
      );
      await at(names.b0).submit('pput', ['req1', key()], { organizations: [B] });
    });

    it('reaches a peer that was down when it is started again', async () => {
      const name = key();
      await network.act('stop', names.b0);
      await at(names.a0).submit('pput', ['c12', name], { transient: { value: 'missed' }, organizations: [A] });
      await network.act('start', names.b0);
      expect(await at(names.b0).evaluate('pget', ['c12', name], { organizations: [B] })).toBe('missed');
    });

    it('cannot be read before somebody who has it is up', async () => {
      const name = key();
      await network.act('stop', names.b0);
      await network.act('stop', names.a1);
      await at(names.a0).submit('pput', ['kept', name], { transient: { value: 'only here' }, organizations: [A] });
      await network.act('stop', names.a0);
      await network.act('start', names.b0);
      const early = await attempt(() => at(names.b0).evaluate('pget', ['kept', name], { organizations: [B] }));
      expect(early.message).toContain(
        'private data matching public hash version is not available. Public hash version = {BlockNum: <n>, TxNum: <n>}, Private data version = <nil>',
      );
      await network.act('start', names.a0);
      await network.act('start', names.a1);
      expect(await at(names.b0).evaluate('pget', ['kept', name], { organizations: [B] })).toBe('only here');
      expect(await at(names.a1).evaluate('pget', ['kept', name], { organizations: [A] })).toBe('only here');
    });
  });

  describe('a peer that lags', () => {
    const lagMillis = 1_500;
    beforeAll(async () => {
      await stop();
      await start(new Map([[names.b0, lagMillis]]));
    });

    it('stands behind the others in height, state and private data, and comes after them', async () => {
      const name = key();
      await at(names.a0).submit('put', [name, 'new'], { organizations: [A] });
      await at(names.a0).submit('pput', ['c12', name], { transient: { value: 'new' }, organizations: [A] });
      expect(await heightAt(names.b0)).toBeLessThan(await heightAt(names.a0));
      expect(await at(names.b0).evaluate('get', [name], { organizations: [B] })).toBe('');
      expect(await at(names.b0).evaluate('pget', ['c12', name], { organizations: [B] })).toBe('');
      const transaction = await at(names.b0).endorse('put', [key(), 'later'], { organizations: [B] });
      await commit(transaction); // answered by B's peer when it has come so far itself
      expect(await at(names.b0).evaluate('get', [name], { organizations: [B] })).toBe('new');
      expect(await at(names.b0).evaluate('pget', ['c12', name], { organizations: [B] })).toBe('new');
    });

    it('endorses another result than the others', async () => {
      const name = key();
      await at(names.a0).submit('rmw', [name], { organizations: [A] });
      const outcome = await attempt(() => at(names.a0).submit('rmw', [name], { organizations: [A, B] }));
      expect(outcome.grpcCode).toBe(10);
      // whoever answers second differs, and so does the other peer of its organisation, if it has one
      expect(new Set(outcome.details?.map(({ message }) => message))).toEqual(new Set(['ProposalResponsePayloads do not match']));
    });

    it('reads stale values that make a transaction invalid', async () => {
      const name = key();
      await at(names.a0).submit('rmw', [name], { organizations: [A] });
      expect((await attempt(() => at(names.b0).submit('rmw', [name], { organizations: [B] }))).validationCode).toBe(11);
    });

    it('catches up when it is started again, also without the lag', async () => {
      const name = key();
      await network.act('stop', names.b0);
      await at(names.a0).submit('pput', ['c12', name], { transient: { value: 'missed' }, organizations: [A] });
      await network.act('start', names.b0);
      await commit(await at(names.b0).endorse('put', [key(), 'v'], { organizations: [B] }));
      expect(await at(names.b0).evaluate('pget', ['c12', name], { organizations: [B] })).toBe('missed');
      await stop();
      await start();
      expect(await at(names.b0).evaluate('pget', ['c12', name], { organizations: [B] })).toBe('missed');
      expect(await heightAt(names.b0)).toBe(await heightAt(names.a0));
    });
  });
});

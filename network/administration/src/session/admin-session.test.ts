import { type Server } from 'node:http';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Amendments,
  type NetworkDefinition,
  NO_AMENDMENTS,
  OperatorError,
  type RunningNetwork,
  serveControl,
  writeOrganizations,
  verbatim,
} from '@lianyi/network-model';
import { consortiumOf } from '@lianyi/test/support/consortium-fixture';
import { temporaryDir } from '@lianyi/test/support/ledger-fixture';
import { type PeerClient } from '../peer-client';
import { AdminSession } from './admin-session';

const consortium = consortiumOf({ channels: [{ name: 'pair', organizations: ['AMSP', 'BMSP'] }] });

/** The process that runs a network, as the control socket shows it; only what is recorded changes. */
class StandInNetwork {
  recorded: Amendments = NO_AMENDMENTS;
  asked = 0;
  /** Called before an amendment is judged, as another verb would come in between. */
  beforeAmend: () => void = () => undefined;

  /** Port of the first peer. */
  port = 7000;

  constructor(readonly dir: string) {}

  definition(): NetworkDefinition {
    const peers = consortium.organizations
      .filter(({ roles }) => roles.includes('peer'))
      .map(({ mspId, domain }, index) => ({ name: `peer0.${domain}`, organization: mspId, port: this.port + index, index: 0 }));
    const layout = { peers, orderers: [], services: ['emr.a.example'], authorities: ['ca.a.example'], genesisBlocks: {} };
    return { consortium, chaincodes: [], amendments: this.recorded, layout };
  }

  amend({ amendments, madeFrom }: { readonly amendments: Amendments; readonly madeFrom: Amendments }): Promise<void> {
    this.asked++;
    this.beforeAmend();
    if (JSON.stringify(madeFrom) !== JSON.stringify(this.recorded))
      return Promise.reject(new OperatorError('CHANGED_MEANWHILE', verbatim('another verb changed the network meanwhile; run it again')));
    this.recorded = amendments;
    return Promise.resolve();
  }
}

describe("the administrators' session on a running network", () => {
  const scratch = temporaryDir();
  let network: StandInNetwork;
  let server: Server;
  let session: AdminSession;
  const left = (mspId: string) => (recorded: Amendments) => ({ ...recorded, left: [...recorded.left, mspId] });
  const leftMeanwhile = (mspId: string): void => {
    network.beforeAmend = () => {
      network.recorded = left(mspId)(network.recorded);
    };
  };

  beforeEach(async () => {
    const dir = join(scratch.dir, String(process.hrtime.bigint()));
    mkdirSync(dir, { mode: 0o700 });
    network = new StandInNetwork(dir);
    // of a running network, the socket asks a session's verbs for no more than this
    server = await serveControl(network as unknown as RunningNetwork);
    session = await AdminSession.open(dir);
  });
  afterEach(() => {
    session.close();
    server.close();
  });
  afterAll(() => {
    scratch.remove();
  });

  it('knows what it has amended without being opened again, and so do the channels it handed out', async () => {
    const channel = session.channel('pair');
    await session.amend(left('CMSP'));
    expect(session.network.amendments.left).toEqual(['CMSP']);
    expect(channel.session.network).toBe(session.network);
    await session.amend(left('RMSP'));
    expect(network.recorded.left).toEqual(['CMSP', 'RMSP']);
  });

  it('is refused an amendment of what another verb has changed since it looked, and changes nothing', async () => {
    network.recorded = left('CMSP')(NO_AMENDMENTS);
    await expect(session.amend(left('BMSP'))).rejects.toMatchObject({ code: 'CHANGED_MEANWHILE' });
    expect(network.recorded.left).toEqual(['CMSP']);
    expect(session.network.amendments).toEqual(NO_AMENDMENTS);
  });

  it('records what has happened on top of what other verbs changed, however late they come', async () => {
    network.recorded = left('CMSP')(NO_AMENDMENTS);
    network.beforeAmend = () => {
      if (network.asked < 3) network.recorded = left(`other-${network.asked}`)(network.recorded);
    };
    await session.record(left('BMSP'));
    expect(network.recorded.left).toEqual(['CMSP', 'other-1', 'other-2', 'BMSP']);
    expect(session.network.amendments).toEqual(network.recorded);
  });

  it('gives up recording where others never stop changing', async () => {
    leftMeanwhile('CMSP');
    await expect(session.record(left('BMSP'))).rejects.toMatchObject({ code: 'CHANGED_MEANWHILE' });
    expect(network.asked).toBe(10);
    expect(network.recorded.left).not.toContain('BMSP');
  });

  describe('and its connections', () => {
    const portAndClient = (): { port: number; client: PeerClient } => {
      const client = session.peer('peer0.a.example');
      return { port: client.node.port, client };
    };
    beforeEach(async () => {
      await writeOrganizations(network.dir, consortium);
    });

    it('stay while nothing changes', () => {
      const { client } = portAndClient();
      expect(portAndClient().client).toBe(client);
    });

    it.each(['amend', 'record'] as const)('are made to the nodes as they are after %s', async (verb) => {
      expect(portAndClient().port).toBe(7000);
      network.port = 9000;
      await session[verb](left('CMSP'));
      expect(portAndClient().port).toBe(9000);
    });

    it('are made to the nodes as another verb left them, also when recording is given up', async () => {
      expect(portAndClient().port).toBe(7000);
      network.port = 9000;
      leftMeanwhile('CMSP');
      await expect(session.record(left('BMSP'))).rejects.toMatchObject({ code: 'CHANGED_MEANWHILE' });
      expect(portAndClient().port).toBe(9000);
    });

    it('are all closed with the session, also those made before an amendment', async () => {
      const { client } = portAndClient();
      await session.amend(left('CMSP'));
      const close = jest.spyOn(client, 'close');
      session.close();
      expect(close).toHaveBeenCalledTimes(1);
    });
  });

  it('passes on what the network refuses an amendment for, also while it records', async () => {
    network.amend = () => Promise.reject(new OperatorError('UNKNOWN_NAME', verbatim('no such member')));
    await expect(session.record(left('XMSP'))).rejects.toMatchObject({ code: 'UNKNOWN_NAME', message: 'no such member' });
  });

  it('finds channels, members and nodes, and names those there are', () => {
    expect(session.channels.map(({ name, isOwn }) => [name, isOwn])).toEqual([
      ['emr', true],
      ['pair', false],
    ]);
    expect(session.channel().name).toBe('emr');
    expect(() => session.channel('other')).toThrow('there is no channel other; there are emr, pair');
    expect(session.channel('pair').organization('b.example').mspId).toBe('BMSP');
    expect(() => session.channel('pair').organization('CMSP')).toThrow('there is no organisation CMSP on pair; there are AMSP, BMSP');
    expect(() => session.ordererOf(session.organization('AMSP'))).toThrow('AMSP runs no orderer');
    expect(session.nodeNames).toEqual(['ca.a.example', ...network.definition().layout.peers.map(({ name }) => name), 'emr.a.example']);
  });

  it('does not open where nothing runs', async () => {
    await expect(AdminSession.open(join(scratch.dir, 'nowhere'))).rejects.toMatchObject({ code: 'NOT_RUNNING' });
  });
});

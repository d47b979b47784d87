import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AdminSession, type ChannelHandle } from '@lianyi/network-administration';
import { startEmbeddedNetwork } from '@lianyi/embedded-network';
import { common } from '@lianyi/fabric-protocol';
import { runNetworkCli } from '@lianyi/network-cli';
import { loadConsortium, type RunningNetwork, serveControl } from '@lianyi/network-model';

const [A, C, D, E] = ['HospitalAMSP', 'HospitalCMSP', 'HospitalDMSP', 'HospitalEMSP'] as const;
const peerOf = (letter: string): string => `peer0.hospital-${letter}.example`;
const namesOf = (letter: string): readonly string[] => [
  ...['--msp-id', `Hospital${letter.toUpperCase()}MSP`, '--name', `hospital-${letter}`],
  ...['--domain', `hospital-${letter}.example`],
];
const root = resolve(__dirname, '../../..');

interface Answer {
  readonly exitCode: number;
  readonly result: Readonly<Record<string, unknown>>;
  readonly sentence: string;
  readonly progress: string;
}

describe('a change of the channel while a node is down, or another administrator is at work', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lianyi-changes-'));
  const dir = join(folder, 'n');
  let network: RunningNetwork;
  let control: Server;

  const verb = async (...args: readonly string[]): Promise<Answer> => {
    const [out, err]: [string[], string[]] = [[], []];
    const argv = ['node', 'lianyi-network', 'embedded', ...args, '--dir', dir, '--json'];
    const exitCode = await runNetworkCli(argv, { out: (line) => out.push(line), err: (line) => err.push(line) });
    const result = JSON.parse(out.at(-1) ?? '{}') as Record<string, unknown>;
    return { exitCode, result, sentence: err.at(-1) ?? '', progress: err.join('\n') };
  };
  const node = async (action: 'start' | 'stop', name: string): Promise<void> => {
    expect((await verb('node', action, name)).exitCode).toBe(0);
  };
  const write = async (key: string): Promise<number> => (await verb('cc', 'invoke', 'emr', 'Put', key, 'x')).exitCode;
  const members = async (): Promise<readonly string[]> => {
    const session = await AdminSession.open(dir);
    try {
      const application = (await session.ownChannel.config()).getGroupsMap().get('Application');
      return (application?.getGroupsMap().toArray() ?? []).map(([mspId]) => mspId);
    } finally {
      session.close();
    }
  };

  beforeAll(async () => {
    const chaincodes = new Map([['emr', resolve(root, 'test/fixtures/chaincode-fabric-smoke')]]);
    network = await startEmbeddedNetwork({ consortium: loadConsortium(join(root, 'consortium.yaml')), chaincodes, dir });
    control = await serveControl(network);
  });
  afterAll(async () => {
    control.close();
    control.closeAllConnections();
    await network.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is refused before anything is sent where the working members could not endorse any more', async () => {
    await node('stop', peerOf('c'));
    const refused = await verb('addOrg', ...namesOf('d'));
    expect(refused).toMatchObject({ exitCode: 1, result: { code: 'ENDORSEMENT_AT_RISK' } });
    expect(refused.sentence).toMatch(
      /only HospitalAMSP, HospitalBMSP could endorse afterwards, .* peer0\.hospital-c\.example does not answer; .*nothing was sent$/,
    );
    expect(await members()).not.toContain(D);
    expect(existsSync(join(dir, 'organizations/peerOrganizations/hospital-d.example'))).toBe(false);
    expect(await write('still')).toBe(0);
    expect(await verb('removeOrg', '--organization', A)).toMatchObject({ exitCode: 1, result: { code: 'ENDORSEMENT_AT_RISK' } });
    expect(await members()).toContain(A);
  });

  it("counts a chaincode service that stands still as its organisation's peer", async () => {
    await node('start', peerOf('c'));
    const [, , service = ''] = network.definition().layout.services;
    await node('stop', service);
    const refused = await verb('addOrg', ...namesOf('d'));
    expect(refused).toMatchObject({ exitCode: 1, result: { code: 'ENDORSEMENT_AT_RISK' } });
    expect(refused.sentence).toContain(service);
    await node('start', service);
  });

  it('goes through where it is asked for all the same, says what it means, and names who is behind', async () => {
    await node('stop', peerOf('c'));
    const joined = await verb('addOrg', ...namesOf('d'), '--despite-lost-endorsement');
    expect(joined).toMatchObject({ exitCode: 0, result: { result: 'joined', update: { behind: [peerOf('c')] } } });
    expect(joined.progress).toContain('writes may fail from now on');
    expect(joined.progress).toContain(`${peerOf('c')} does not answer and commits it when it runs again`);
    expect(await write('by A, B and D')).toBe(0);
    await node('start', peerOf('c'));
    expect(await verb('cc', 'query', 'emr', 'Get', 'by A, B and D', '--as', C)).toMatchObject({ exitCode: 0 });
  });

  it('goes through without a word more where enough of the others work', async () => {
    await node('stop', peerOf('d'));
    expect(await verb('addOrg', ...namesOf('e'))).toMatchObject({ exitCode: 0, result: { result: 'joined' } });
    expect(await verb('removeOrg', '--organization', E)).toMatchObject({ exitCode: 0, result: { result: 'left' } });
    await node('start', peerOf('d'));
  });

  it('says where the channel stands if it ends half-way, and the command it names completes it', async () => {
    const act = network.amend.bind(network);
    // the newcomer's peer falls as soon as it runs
    const amend = jest.spyOn(network, 'amend').mockImplementation(async (change) => {
      await act(change);
      await network.act('stop', peerOf('e'));
    });
    const failed = await verb('addOrg', ...namesOf('e'));
    amend.mockRestore();
    expect(failed).toMatchObject({ exitCode: 1, result: { code: 'NOT_RUNNING' } });
    expect(failed.sentence).toMatch(
      /emr: configuration \d+ has HospitalEMSP as a member, its peer does not answer; the same addOrg completes it, 'removeOrg --organization HospitalEMSP' takes it back$/,
    );
    expect(await members()).toContain(E);
    await node('start', peerOf('e'));
    expect(await verb('addOrg', ...namesOf('e'))).toMatchObject({ exitCode: 0 });
    expect(await verb('cc', 'query', 'emr', 'Get', 'still', '--as', E)).toMatchObject({ exitCode: 0 });
    expect(await verb('removeOrg', '--organization', E)).toMatchObject({ exitCode: 0, result: { result: 'left' } });
  });

  describe('of two administrators', () => {
    const withTwo = async (work: (one: ChannelHandle, other: ChannelHandle) => Promise<void>): Promise<void> => {
      const [first, second] = [await AdminSession.open(dir), await AdminSession.open(dir)];
      try {
        await work(first.ownChannel, second.ownChannel);
      } finally {
        first.close();
        second.close();
      }
    };
    const quiet = (): void => undefined;
    /** A policy of its own under a name nobody reads: harmless, and a change of just one group. */
    const policyIn = (section: 'Application' | 'Orderer', name: string) => (group: common.ConfigGroup) => {
      const copy = common.ConfigGroup.deserializeBinary(group.serializeBinary());
      const policies = copy.getGroupsMap().get(section)?.getPoliciesMap();
      const readers = policies?.get('Readers');
      if (readers) policies?.set(name, readers);
      return copy;
    };

    it.each(['Application', 'Orderer'] as const)('the later is told that it has changed nothing: the same part, %s', (section) =>
      withTwo(async (one, other) => {
        const edit = await one.edit({ signers: one.organizations }, policyIn(section, `One${section}`));
        await other.change({ signers: other.organizations }, policyIn(section, `Other${section}`), quiet);
        await expect(edit?.submit(quiet)).rejects.toMatchObject({ code: 'CHANGED_MEANWHILE' });
        const policies = (await one.config()).getGroupsMap().get(section)?.getPoliciesMap();
        expect([policies?.has(`One${section}`), policies?.has(`Other${section}`)]).toEqual([false, true]);
      }),
    );

    it.each([
      ['Application', 'Orderer'],
      ['Orderer', 'Application'],
    ] as const)('both go through where they change other parts: %s, then %s, each with its own sequence', (mine, theirs) =>
      withTwo(async (one, other) => {
        const edit = await one.edit({ signers: one.organizations }, policyIn(mine, `Mine${mine}`));
        const before = (await other.change({ signers: other.organizations }, policyIn(theirs, `Theirs${theirs}`), quiet))?.sequence ?? 0;
        expect(await edit?.submit(quiet)).toMatchObject({ sequence: before + 1 });
        const groups = (await one.config()).getGroupsMap();
        expect(groups.get(mine)?.getPoliciesMap().has(`Mine${mine}`)).toBe(true);
      }),
    );
  });
});

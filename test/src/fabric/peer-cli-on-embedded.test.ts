import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startEmbeddedNetwork } from '@lianyi/embedded-network';
import { common, computeConfigUpdate, orderer } from '@lianyi/fabric-protocol';
import { chooseFreePorts, loadConsortium, type RunningNetwork } from '@lianyi/network-model';
import { heightOfNetwork } from '../support/running-network';
import { consortiumFile, smokeChaincode } from './fabric-command';
import { describeWith, fabricProgram, type OrganizationAddresses, PeerCli, runProgram, servicePackage } from './peer-cli';
import { waitUntil } from '../wait-until';

const server = resolve(__dirname, '../../../node_modules/.bin/fabric-chaincode-node');
const DEFINITION = ['-C', 'emr', '-n', 'outside', '-v', '1', '--sequence', '1'];

describeWith('peer', "Fabric's own peer command on the embedded network", (program) => {
  const folder = mkdtempSync(join(tmpdir(), 'lianyi-peer-cli-'));
  const dir = join(folder, 'network');
  let network: RunningNetwork;
  let service: ChildProcess | undefined;
  let [a, b, c]: PeerCli[] = [];
  let packageId = '';
  let packageFile = '';

  const cliOf = (mspId: string): PeerCli => {
    const { consortium, layout } = network.definition();
    const own = ({ organization }: { organization: string }): boolean => organization === mspId;
    const address = (node: { port: number } | undefined): string => `localhost:${String(node?.port)}`;
    const organization = consortium.organizations.find((each) => each.mspId === mspId);
    const addresses: OrganizationAddresses = {
      mspId,
      domain: organization?.domain ?? '',
      peer: address(layout.peers.find(own)),
      orderer: address(layout.orderers.find(own)),
    };
    return new PeerCli(program, dir, join(folder, mspId), addresses);
  };
  const cli = (which: PeerCli | undefined): PeerCli => {
    if (which === undefined) throw new Error('the network is not up');
    return which;
  };

  beforeAll(async () => {
    const consortium = loadConsortium(consortiumFile);
    network = await startEmbeddedNetwork({ consortium, chaincodes: new Map([['emr', smokeChaincode]]), dir });
    [a, b, c] = ['HospitalAMSP', 'HospitalBMSP', 'HospitalCMSP'].map(cliOf);
    const [port = 0] = await chooseFreePorts(1);
    packageFile = join(folder, 'outside.tgz');
    writeFileSync(packageFile, servicePackage('outside_1', `127.0.0.1:${String(port)}`));
    packageId = await cli(a).must('lifecycle', 'chaincode', 'calculatepackageid', packageFile);
    service = spawn(process.execPath, [server, 'server', '--chaincode-address', `127.0.0.1:${String(port)}`, '--chaincode-id', packageId], {
      cwd: smokeChaincode,
      env: { ...process.env, CORE_CHAINCODE_LOGGING_LEVEL: 'error' },
      stdio: 'ignore',
    });
  });

  afterAll(async () => {
    service?.kill();
    await network.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('lists channels, tells the height and fetches blocks of peer and orderer', async () => {
    expect(await cli(a).must('channel', 'list')).toBe('Channels peers has joined: \nemr');
    expect(await cli(a).must('channel', 'getinfo', '-c', 'emr')).toContain(
      `{"height":${String(await heightOfNetwork(network))},"currentBlockHash":"`,
    );
    await cli(a).must('channel', 'fetch', 'newest', 'peer.block', '-c', 'emr');
    await cli(a).must('channel', 'fetch', 'newest', 'orderer.block', '-c', 'emr', ...cli(a).ordering);
    const [ofPeer, ofOrderer] = ['peer', 'orderer'].map((name) => readFileSync(join(folder, 'HospitalAMSP', `${name}.block`)));
    expect(ofPeer).toEqual(ofOrderer);
    expect(
      common.Block.deserializeBinary(ofPeer ?? Buffer.alloc(0))
        .getHeader()
        ?.getNumber(),
    ).toBe((await heightOfNetwork(network)) - 1);
    const unknown = await cli(a).run('channel', 'fetch', 'newest', '-c', 'nochan', ...cli(a).ordering);
    expect(unknown).toMatchObject({ status: 1, text: expect.stringContaining("can't read the block: &{NOT_FOUND}") as string });
  });

  it('reads what runs: installed, approved and committed', async () => {
    expect(await cli(a).must('lifecycle', 'chaincode', 'queryinstalled')).toMatch(/Package ID: emr_1\.0:[0-9a-f]{64}, Label: emr_1\.0/);
    const committed = 'Name: emr, Version: 1.0, Sequence: 1, Endorsement Plugin: escc, Validation Plugin: vscc';
    expect(await cli(a).must('lifecycle', 'chaincode', 'querycommitted', '-C', 'emr')).toContain(committed);
    expect(await cli(b).must('lifecycle', 'chaincode', 'queryapproved', '-C', 'emr', '-n', 'emr')).toMatch(
      /package-id: emr_1\.0:[0-9a-f]{64}/,
    );
    const unknown = await cli(a).run('lifecycle', 'chaincode', 'querycommitted', '-C', 'emr', '-n', 'nope');
    expect(unknown).toEqual({ status: 1, text: 'Error: query failed with status: 404 - namespace nope is not defined' });
  });

  it('lets only administrators of the own organisation install, and each package once', async () => {
    const install = ['lifecycle', 'chaincode', 'install', packageFile];
    const denied = await cli(a)
      .as('User1')
      .run(...install);
    expect(denied.text).toContain(
      "chaincode install failed with status: 500 - Failed to authorize invocation due to failed ACL check: Failed verifying that proposal's creator satisfies local MSP principal during channelless check policy with policy [Admins]: [The identity is not an admin under this MSP [HospitalAMSP]",
    );
    for (const each of [a, b]) await cli(each).must(...install);
    expect((await cli(a).run(...install)).text).toContain(`chaincode already successfully installed (package ID '${packageId}')`);
    await cli(a).must('lifecycle', 'chaincode', 'getinstalledpackage', '--package-id', packageId, '--output-directory', folder);
    expect(readFileSync(join(folder, `${packageId}.tar.gz`))).toEqual(readFileSync(packageFile));
    writeFileSync(join(folder, 'broken.tgz'), 'no archive');
    const broken = await cli(a).run('lifecycle', 'chaincode', 'install', join(folder, 'broken.tgz'));
    expect(broken.text).toContain('could not parse as a chaincode install package: error reading as gzip stream: gzip: invalid header');
  });

  it('approves, checks and commits a definition step by step', async () => {
    const approve = ['lifecycle', 'chaincode', 'approveformyorg', ...DEFINITION, '--package-id', packageId];
    const commit = ['lifecycle', 'chaincode', 'commit', ...DEFINITION, ...cli(a).ordering];
    await cli(a).must(...approve, ...cli(a).ordering);
    expect((await cli(a).run(...approve, ...cli(a).ordering)).text).toContain(
      'attempted to redefine uncommitted sequence (1) for namespace outside with unchanged content',
    );
    const readiness = await cli(a).must('lifecycle', 'chaincode', 'checkcommitreadiness', ...DEFINITION);
    expect(readiness).toContain('HospitalAMSP: true\nHospitalBMSP: false\nHospitalCMSP: false');
    expect((await cli(a).run(...commit, ...cli(a).endorser, ...cli(b).endorser)).text).toContain(
      "failed to invoke backing implementation of 'CommitChaincodeDefinition': chaincode definition not agreed to by this org (HospitalBMSP)",
    );
    await cli(b).must(...approve, ...cli(b).ordering);
    await cli(a).must(...commit, ...cli(a).endorser, ...cli(b).endorser);
    expect(await cli(c).must('lifecycle', 'chaincode', 'querycommitted', '-C', 'emr', '-n', 'outside')).toContain(
      'Approvals: [HealthAuthorityMSP: false, HospitalAMSP: true, HospitalBMSP: true, HospitalCMSP: false]',
    );
    const skipped = await cli(a).run('lifecycle', 'chaincode', 'approveformyorg', ...DEFINITION.slice(0, -1), '9', ...cli(a).ordering);
    expect(skipped.text).toContain('requested sequence 9 is larger than the next available sequence number 2');
  });

  it("invokes and queries chaincode that runs as somebody else's service", async () => {
    const call = ['-C', 'emr', '-n', 'outside'];
    const put = ['chaincode', 'invoke', ...call, '-c', '{"Args":["Put","k","outside"]}', '--waitForEvent', ...cli(a).ordering];
    await cli(a).must(...put, ...cli(a).endorser, ...cli(b).endorser);
    const get = ['chaincode', 'query', ...call, '-c', '{"Args":["Get","k"]}'];
    expect(await cli(b).must(...get)).toBe('outside');
    expect((await cli(c).run(...get)).text).toContain(
      "chaincode definition for 'outside' at sequence 1 on channel 'emr' has not yet been approved by this org",
    );
    const tooFew = await cli(a).run(...put, ...cli(a).endorser);
    expect(tooFew.text).toContain('transaction invalidated with status (ENDORSEMENT_POLICY_FAILURE)');
  });

  it('changes the channel with the signatures of a majority, and refuses fewer', async () => {
    await cli(a).must('channel', 'fetch', 'config', 'config.block', '-c', 'emr', ...cli(a).ordering);
    const update = updateOfBatch(readFileSync(join(folder, 'HospitalAMSP', 'config.block')));
    const file = join(folder, 'update.tx');
    writeFileSync(file, update);
    const send = ['channel', 'update', '-c', 'emr', '-f', file, ...cli(a).ordering];
    expect((await cli(a).run(...send)).text).toContain('got unexpected status: BAD_REQUEST -- error applying config update');
    for (const each of [b, c]) await cli(each).must('channel', 'signconfigtx', '-f', file);
    const height = await heightOfNetwork(network);
    await cli(a).must(...send);
    await waitUntil('the update is in a block', async () => (await heightOfNetwork(network)) > height);
    await cli(a).must('channel', 'fetch', 'config', 'changed.block', '-c', 'emr');
    expect(batchCount(groupOf(readFileSync(join(folder, 'HospitalAMSP', 'changed.block'))))).toBe(77);
  });

  it('is found by the discover command, and says by name what it has not', async () => {
    const discover = fabricProgram('discover');
    if (discover !== undefined) {
      const { domain } = network.definition().consortium.organizations[0] ?? { domain: '' };
      const root = join(dir, 'organizations', 'peerOrganizations', domain);
      const { peer } = network.organizations[0] ?? {};
      const keys = join(root, 'users', `User1@${domain}`, 'msp');
      const found = await runProgram(
        discover,
        [
          ...['--peerTLSCA', join(root, 'tlsca', `tlsca.${domain}-cert.pem`), '--userKey', join(keys, 'keystore', 'priv_sk')],
          ...['--userCert', join(keys, 'signcerts', `User1@${domain}-cert.pem`), '--MSP', 'HospitalAMSP'],
          ...['endorsers', '--channel', 'emr', '--chaincode', 'outside', '--server', peer?.address ?? ''],
        ],
        { FABRIC_LOGGING_SPEC: 'FATAL' },
        folder,
      );
      const [descriptor] = JSON.parse(found.text) as { Layouts: object[]; EndorsersByGroups: Record<string, { MSPID: string }[]> }[];
      expect(Object.values(descriptor?.EndorsersByGroups ?? {}).flatMap((peers) => peers.map(({ MSPID }) => MSPID))).toEqual([
        'HospitalAMSP',
        'HospitalBMSP',
      ]);
    }
    const joined = await cli(a).run('channel', 'join', '-b', join(dir, 'channel', 'genesis.block'));
    expect(joined.text).toContain('cannot create ledger from genesis block: ledger [emr] already exists with state [ACTIVE]');
    const { endorser } = cli(a);
    const [, peerAddress = '', , tlsRoot = ''] = endorser;
    const snapshots = await cli(a).run('snapshot', 'listpending', '-c', 'emr', '--peerAddress', peerAddress, '--tlsRootCertFile', tlsRoot);
    expect(snapshots.text).toContain('the embedded network does not implement ledger snapshots (protos.Snapshot)');
  });
});

function groupOf(block: Buffer): InstanceType<typeof common.ConfigGroup> {
  const [bytes = Buffer.alloc(0)] = common.Block.deserializeBinary(block).getData()?.getDataList_asU8() ?? [];
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(bytes).getPayload_asU8());
  const group = common.ConfigEnvelope.deserializeBinary(payload.getData_asU8()).getConfig()?.getChannelGroup();
  if (group === undefined) throw new Error('the block holds no configuration');
  return group;
}

function batchCount(group: InstanceType<typeof common.ConfigGroup>): number {
  const value = group.getGroupsMap().get('Orderer')?.getValuesMap().get('BatchSize')?.getValue_asU8();
  return orderer.BatchSize.deserializeBinary(value ?? Buffer.alloc(0)).getMaxMessageCount();
}

/** The envelope of an update that makes blocks end after 77 transactions. */
function updateOfBatch(block: Buffer): Uint8Array {
  const before = groupOf(block);
  const after = common.ConfigGroup.deserializeBinary(before.serializeBinary());
  const value = after.getGroupsMap().get('Orderer')?.getValuesMap().get('BatchSize');
  const size = orderer.BatchSize.deserializeBinary(value?.getValue_asU8() ?? Buffer.alloc(0));
  size.setMaxMessageCount(77);
  value?.setValue(size.serializeBinary());
  const update = computeConfigUpdate('emr', before, after);
  if (update === undefined) throw new Error('nothing would change');
  const content = new common.ConfigUpdateEnvelope();
  content.setConfigUpdate(update.serializeBinary());
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.CONFIG_UPDATE);
  channelHeader.setChannelId('emr');
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(content.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  return envelope.serializeBinary();
}

import { bytesOf, common, createRevocationList, marshal, msp, outOf, signaturePolicy, type Signer } from '@lianyi/fabric-protocol';
import { configOf, envelopeOf as signedBy, type Group, groupAt, raiseLimit, revoke, updateOf } from '@lianyi/test/support/config-fixture';
import {
  BATCH,
  buildTransaction,
  CHANNEL,
  type Consortium,
  definitionWrites,
  newConsortium,
  newMember,
  temporaryDir,
} from '@lianyi/test/support/ledger-fixture';
import { openChannel } from '../channel';
import { type EmbeddedChannel } from '../ledger/embedded-channel';

const envelopeOf = (update: Buffer, signers: readonly Signer[], creator = consortium.a.admin): Buffer => signedBy(update, signers, creator);

let consortium: Consortium;
let scratch: ReturnType<typeof temporaryDir>;
let channel: EmbeddedChannel;

beforeAll(async () => {
  consortium = await newConsortium();
});
beforeEach(async () => {
  scratch = temporaryDir();
  channel = await open();
});
afterEach(async () => {
  await channel.close();
  scratch.remove();
});

function open(): Promise<EmbeddedChannel> {
  return openChannel({
    dir: scratch.dir,
    name: CHANNEL,
    genesisBlock: consortium.genesis,
    batch: BATCH,
    ordererSigner: consortium.a.orderer,
  });
}

const genesisConfig = (): ReturnType<typeof configOf> => configOf(consortium.genesis);

async function commit(envelope: Buffer): Promise<readonly number[]> {
  const committed = new Promise<readonly number[]>((resolve) => {
    const stop = channel.onBlock((_, __, codes) => {
      stop();
      resolve(codes);
    });
  });
  const result = await channel.broadcast(envelope);
  if (result.status !== 200) throw new Error(result.info);
  return committed;
}

const definition = (creator: Signer): Buffer =>
  buildTransaction({
    creator,
    endorsers: [consortium.a.peer, consortium.b.peer],
    chaincode: '_lifecycle',
    version: 'syscc',
    rwSet: { _lifecycle: { writes: definitionWrites('cc', 1) } },
  }).envelope;

describe('an update of the channel configuration', () => {
  it('revokes a certificate: refused from the next block on, the colleague is not, and a restart does not forget', async () => {
    const crl = await createRevocationList(consortium.a.ca, [consortium.a.client.certificatePem]);
    const update = updateOf(genesisConfig(), (root) => {
      revoke(root, 'AMSP', crl);
    });
    expect(await commit(envelopeOf(update, [consortium.a.admin]))).toEqual([0]);
    await channel.close();
    channel = await open();
    expect((await channel.broadcast(definition(consortium.a.client))).status).toBe(403);
    const revoked = channel.msps.deserialize(consortium.a.client.serializedIdentity);
    expect(revoked && channel.msps.invalidReason(revoked)).toMatch(/has been revoked/);
    expect(await commit(definition(consortium.a.admin))).toEqual([0]);
  });

  it('stands alone in its block, carries the update, and later blocks point to it', async () => {
    const update = envelopeOf(
      updateOf(genesisConfig(), (root) => {
        raiseLimit(root, 2_000_000);
      }),
      [consortium.a.admin, consortium.b.admin, consortium.c.admin],
    );
    const sizes: number[] = [];
    channel.onBlock((_, __, codes) => sizes.push(codes.length));
    await Promise.all([
      channel.broadcast(definition(consortium.a.client)),
      channel.broadcast(update),
      channel.broadcast(definition(consortium.b.client)),
    ]);
    await channel.close();
    channel = await open();
    expect(sizes).toEqual([1, 1, 1]);
    expect(configOf(channel.blocks.getBlock(2) ?? Buffer.alloc(0)).getSequence()).toBe(1);
    const last = common.Block.deserializeBinary(channel.blocks.getBlock(3) ?? Buffer.alloc(0))
      .getMetadata()
      ?.getMetadataList_asU8()[1];
    const value = common.Metadata.deserializeBinary(last ?? new Uint8Array()).getValue_asU8();
    expect(common.LastConfig.deserializeBinary(bytesOf(value)).getIndex()).toBe(2);
  });

  it('adds an organisation with a majority of administrators, which may then write', async () => {
    const newcomer = await newMember('NewMSP');
    const update = updateOf(genesisConfig(), (root) => {
      const application = groupAt(root, 'Application');
      const group = common.ConfigGroup.deserializeBinary(groupAt(application, 'BMSP').serializeBinary());
      const config = msp.FabricMSPConfig.deserializeBinary(
        msp.MSPConfig.deserializeBinary(group.getValuesMap().get('MSP')?.getValue_asU8() ?? new Uint8Array()).getConfig_asU8(),
      );
      config.setName('NewMSP');
      config.setRootCertsList([Buffer.from(newcomer.ca.certificatePem)]);
      config.clearFabricNodeOus();
      const wrapped = new msp.MSPConfig();
      wrapped.setConfig(marshal(config));
      group.getValuesMap().get('MSP')?.setValue(marshal(wrapped));
      group
        .getPoliciesMap()
        .get('Writers')
        ?.setPolicy(signaturePolicy(outOf(1, [{ mspId: 'NewMSP', role: 'member' }])));
      application.getGroupsMap().set('NewMSP', group);
      application.setVersion(application.getVersion() + 1);
    });
    const { a, b, c } = consortium;
    expect((await channel.broadcast(envelopeOf(update, [a.admin, b.admin]))).info).toContain(
      'policy for [Group]  /Channel/Application not satisfied',
    );
    expect(channel.msps.mspIds).not.toContain('NewMSP');
    expect(await commit(envelopeOf(update, [a.admin, b.admin, c.admin]))).toEqual([0]);
    expect(channel.msps.mspIds).toContain('NewMSP');
    expect(await commit(definition(newcomer.client))).toEqual([0]);
  });

  it('is made again when another one came between, and falls when that made it stale', async () => {
    const { a, b, c } = consortium;
    const admins = [a.admin, b.admin, c.admin];
    const limit = (bytes: number): Buffer =>
      envelopeOf(
        updateOf(genesisConfig(), (root) => {
          raiseLimit(root, bytes);
        }),
        admins,
      );
    const release = await channel.acquireReadLock();
    const results = [await channel.broadcast(limit(2_000_000)), await channel.broadcast(limit(3_000_000))];
    release();
    await channel.close();
    channel = await open();
    expect(results.map(({ status }) => status)).toEqual([200, 200]);
    expect(channel.state.height).toBe(2);
    expect(configOf(channel.blocks.getBlock(1) ?? Buffer.alloc(0)).getSequence()).toBe(1);
  });

  const refusals: readonly [
    string,
    (c: Consortium) => { update?: (root: Group) => void; signers: readonly Signer[]; raw?: Buffer; creator?: Signer },
    RegExp,
  ][] = [
    [
      'signed by nobody',
      () => ({
        update: (root) => {
          raiseLimit(root, 5);
        },
        signers: [],
      }),
      /policy for \[Value\] {2}\/Channel\/Orderer\/BatchSize not satisfied: implicit policy evaluation failed - 0 sub-policies/,
    ],
    [
      'signed by clients',
      ({ a, b, c }) => ({
        update: (root) => {
          raiseLimit(root, 5);
        },
        signers: [a.client, b.client, c.client],
      }),
      /0 sub-policies were satisfied/,
    ],
    [
      'signed by two of four',
      ({ a, b }) => ({
        update: (root) => {
          raiseLimit(root, 5);
        },
        signers: [a.admin, b.admin],
      }),
      /2 sub-policies were satisfied, but this policy requires 3/,
    ],
    [
      "of another organisation's MSP",
      ({ b }) => ({
        update: (root) => {
          revoke(root, 'AMSP', 'x');
        },
        signers: [b.admin],
      }),
      /policy for \[Value\] {2}\/Channel\/\w+\/AMSP\/MSP not satisfied/,
    ],
    [
      'that changes nothing',
      ({ a }) => ({ update: () => undefined, signers: [a.admin] }),
      /delta set was empty -- update would have no effect/,
    ],
    [
      'that skips a version',
      ({ a, b, c }) => ({
        update: (root) => {
          const group = groupAt(root, 'Application');
          group.setVersion(5);
        },
        signers: [a.admin, b.admin, c.admin],
      }),
      /attempt to set key \[Group\] {2}\/Channel\/Application to version 5, but key is at version 0/,
    ],
    [
      'with a list that is none',
      ({ a }) => ({
        update: (root) => {
          revoke(root, 'AMSP', 'x');
        },
        signers: [a.admin],
      }),
      /could not parse RevocationList/,
    ],
    ['that is unreadable', () => ({ raw: Buffer.from('ffff', 'hex'), signers: [] }), /error/],
    [
      'brought by a peer',
      ({ a }) => ({
        update: (root) => {
          raiseLimit(root, 5);
        },
        signers: [],
        creator: a.peer,
      }),
      /^config update for existing channel did not pass initial checks: implicit policy/,
    ],
  ];

  it.each(refusals)('%s is refused and changes nothing', async (_, build, info) => {
    const { update, signers, raw, creator } = build(consortium);
    const bytes = raw ?? updateOf(genesisConfig(), update ?? (() => undefined));
    const result = await channel.broadcast(envelopeOf(bytes, signers, creator));
    expect(result.status).not.toBe(200);
    expect(result.info).toMatch(info);
    await channel.close();
    channel = await open();
    expect(channel.state.height).toBe(1);
  });

  it('with two definitions of one MSP is refused', async () => {
    const crl = await createRevocationList(consortium.a.ca, [consortium.a.client.certificatePem]);
    const update = updateOf(genesisConfig(), (root) => {
      revoke(root, 'AMSP', crl, ['Application']);
    });
    expect((await channel.broadcast(envelopeOf(update, [consortium.a.admin]))).info).toContain('two different versions of MSP: AMSP');
  });
});

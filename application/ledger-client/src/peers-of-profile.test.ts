import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { gateway, peer } from '@hyperledger/fabric-protos';
import { newAuthority, type TestAuthority } from '@lianyi/test/support/test-certificates';
import { OrganisationPeers, type PeerAddress, signingIdentity } from './index';

const mspId = 'HospitalAMSP';
const call = { name: 'RecordContract:GetRecord', argument: '{}' };

const evaluation = {
  evaluate: {
    path: '/gateway.Gateway/Evaluate',
    requestStream: false,
    responseStream: false,
    requestSerialize: (bytes: Buffer) => bytes,
    requestDeserialize: (bytes: Buffer) => bytes,
    responseSerialize: (bytes: Buffer) => bytes,
    responseDeserialize: (bytes: Buffer) => bytes,
  },
} as const;

/** A peer's gateway behind TLS that answers every question with its name. */
class NamedPeer {
  readonly #server = new Server();
  #port = 0;

  /** @param below - certificates that the peer sends after its own, as one below an intermediate has to */
  async start(name: string, authority: TestAuthority, below: readonly string[] = []): Promise<this> {
    const { cert, key } = await authority.issue(name);
    this.#server.addService(evaluation, {
      evaluate: (_call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
        const [result, response] = [new peer.Response(), new gateway.EvaluateResponse()];
        result.setStatus(200);
        result.setPayload(Buffer.from(name));
        response.setResult(result);
        answer(null, Buffer.from(response.serializeBinary()));
      },
    });
    const chain = Buffer.from([cert, ...below].join('\n'));
    const credentials = ServerCredentials.createSsl(null, [{ cert_chain: chain, private_key: Buffer.from(key) }]);
    this.#port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync('127.0.0.1:0', credentials, (error, bound) => {
        if (error === null) resolve(bound);
        else reject(error);
      });
    });
    return this;
  }

  address(name: string, tlsCaPem: string, of = mspId): PeerAddress {
    return { mspId: of, name, endpoint: `127.0.0.1:${this.#port}`, tlsCaPem, serverName: undefined };
  }

  stop(): void {
    this.#server.forceShutdown();
  }
}

let authority: TestAuthority;
let signing: ReturnType<typeof signingIdentity>;
const started: NamedPeer[] = [];
const opened: OrganisationPeers[] = [];
const start = async (name: string, by = authority, below?: readonly string[]): Promise<NamedPeer> => {
  const made = await new NamedPeer().start(name, by, below);
  started.push(made);
  return made;
};
const peersAt = (...addresses: readonly PeerAddress[]): OrganisationPeers => {
  const made = new OrganisationPeers(mspId, addresses, signing, { channel: 'emr', chaincode: 'emr' });
  opened.push(made);
  return made;
};
const answerOf = async (peers: OrganisationPeers): Promise<string> => Buffer.from(await peers.evaluate(call)).toString();

beforeAll(async () => {
  authority = await newAuthority('tlsca');
  const { cert, key } = await authority.issue('node');
  signing = signingIdentity(mspId, cert, key);
});
afterEach(() => {
  for (const peers of opened.splice(0)) peers.close();
  for (const server of started.splice(0)) server.stop();
});

describe('the peers of an organisation, when the connection profile changes', () => {
  it('are asked at their new places from then on', async () => {
    const [former, present] = [await start('former'), await start('present')];
    const peers = peersAt(former.address('peer0', authority.pem));
    expect(await answerOf(peers)).toBe('former');
    peers.move([present.address('peer0', authority.pem)]);
    expect(await answerOf(peers)).toBe('present');
    expect(peers.count).toBe(1);
  });

  it('are as many as it names of the organisation', async () => {
    const [first, second] = [await start('first'), await start('second')];
    const peers = peersAt(first.address('peer0', authority.pem));
    peers.move([
      second.address('peer1', authority.pem),
      first.address('peer0', authority.pem),
      first.address('peer0', authority.pem, 'HospitalBMSP'),
    ]);
    expect(peers.count).toBe(2);
    expect(await answerOf(peers)).toBe('second');
  });

  it('are known by the authority that it names now, at the same address', async () => {
    const other = await newAuthority('tlsca');
    const renewed = await start('renewed', other);
    const peers = peersAt(renewed.address('peer0', authority.pem));
    await expect(peers.evaluate(call)).rejects.toMatchObject({ name: 'Unavailable' });
    peers.move([renewed.address('peer0', other.pem)]);
    expect(await answerOf(peers)).toBe('renewed');
  });

  it.each<readonly [string, (at: NamedPeer) => readonly PeerAddress[]]>([
    ['none', () => []],
    ['another organisation’s alone', (at) => [at.address('peer0', authority.pem, 'HospitalBMSP')]],
    ['one of the same name in other letters', (at) => [at.address('peer0', authority.pem, 'hospitalamsp')]],
  ])('stay as they were while it names %s', async (_what, becomes) => {
    const server = await start('former');
    const peers = peersAt(server.address('peer0', authority.pem));
    expect(() => {
      peers.move(becomes(server));
    }).toThrow('names no peer of HospitalAMSP');
    expect(await answerOf(peers)).toBe('former');
  });

  it('are passed over for the next while one of them does not answer', async () => {
    const [gone, second] = [await start('gone'), await start('second')];
    const peers = peersAt(second.address('peer1', authority.pem));
    gone.stop();
    peers.move([gone.address('peer0', authority.pem), second.address('peer1', authority.pem)]);
    expect(await answerOf(peers)).toBe('second');
  });
});

describe('the authorities of a connection profile', () => {
  it.each<readonly [string, (own: TestAuthority, other: TestAuthority) => string]>([
    ['one', (own) => own.pem],
    ['a bundle with the peer’s last', (own, other) => `${other.pem}\n${own.pem}`],
    ['a bundle with the peer’s first', (own, other) => `${own.pem}\n${other.pem}`],
    ['the same one twice', (own) => `${own.pem}\n${own.pem}`],
    ['a bundle with words between, as tools write them', (own, other) => `issuer=other\n${other.pem}\n\nissuer=own\n${own.pem}\n`],
  ])('are read whole: %s', async (_what, bundle) => {
    const [own, other] = [await newAuthority('own'), await newAuthority('other')];
    const server = await start('known', own);
    expect(await answerOf(peersAt(server.address('peer0', bundle(own, other))))).toBe('known');
  });

  it('may stand above an intermediate that the peer sends, or name it beside their own', async () => {
    const intermediate = await authority.intermediate('intermediate');
    const sending = await start('sending', intermediate, [intermediate.pem]);
    expect(await answerOf(peersAt(sending.address('peer0', authority.pem)))).toBe('sending');
    const silent = await start('silent', intermediate);
    expect(await answerOf(peersAt(silent.address('peer0', `${intermediate.pem}\n${authority.pem}`)))).toBe('silent');
  });

  it.each<readonly [string, (other: TestAuthority) => string]>([
    ['another one', (other) => other.pem],
    ['two others', (other) => `${other.pem}\n${other.pem}`],
    ['the root of an intermediate that nobody sends', () => authority.pem],
  ])('do not know a peer that they have not issued: %s', async (_what, bundle) => {
    const server = await start('unknown', await authority.intermediate('intermediate'));
    const peers = peersAt(server.address('peer0', bundle(await newAuthority('other'))));
    await expect(peers.evaluate(call)).rejects.toMatchObject({ name: 'Unavailable' });
  });
});

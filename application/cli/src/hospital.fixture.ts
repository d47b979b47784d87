import { writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type AddressInfo } from 'node:net';
import { newPrivateKey, type ToldEvent, toldEventSchema } from '@lianyi/client';
import { createKeyFile, profileFile, saveProfile } from '@lianyi/client/node';
import {
  DomainError,
  type Ledger,
  mspIdSchema,
  type Relationship,
  sha256,
  type SignedRequest,
  staffProofSchema,
  type TransactionEntry,
} from '@lianyi/domain';
import { MemberCertificates, newLogger } from '@lianyi/member-node';
import {
  addEventRoutes,
  addHealthRoutes,
  addListingRoutes,
  addTransactionRoutes,
  admitEverybody,
  buildServer,
  Introductions,
  type NodeServer,
  type PeerHeight,
  PreparationSeal,
} from '@lianyi/member-node/testing';
import { newAuthority } from '@lianyi/test/support/test-certificates';

export const passphrase = 'a passphrase nobody prints';
export const genesis = sha256('block 0');

type Answer = { result: unknown; transactionId?: string; blockNumber?: bigint };

/** The real routes of a member node, over TLS, before a ledger that answers as the test says. */
export interface Hospital {
  readonly dataDir: string;
  readonly carried: { readonly name: string; readonly argument: Omit<SignedRequest<TransactionEntry>, 'entry'> }[];
  answer: (name: string) => Promise<Answer>;
  /** How many blocks it has of each member's peer. */
  heights: () => Readonly<Record<string, number>>;
  /** What it says of the peers. */
  peers: readonly PeerHeight[];
  untilSeen: (block: bigint) => Promise<void>;
  newsOf: (pseudonym: string, after: bigint) => Promise<bigint | undefined>;
  /** Whether its staff may follow events: it tells one of each submission. */
  mayFollow: boolean;
  /** Cuts every connection, as a node does that ends. */
  cutOff(): void;
  close(): Promise<void>;
}

/** Starts the node of a member and writes the profiles `clinician`, `registrar` and `patient`. */
export async function openHospital(dataDir: string, member = 'HospitalBMSP'): Promise<Hospital> {
  const authority = await newAuthority('tlsca.hospital-b');
  const pair = await authority.issue('node');
  const mspId = mspIdSchema.parse(member);
  const server: NodeServer = await buildServer({
    tls: { cert: Buffer.from(pair.cert), key: Buffer.from(pair.key) },
    members: new MemberCertificates([{ mspId, caPem: authority.pem }]),
    requestsPerMinute: 100_000,
    logger: newLogger('silent', mspId),
  });
  const hospital: Hospital = {
    dataDir,
    carried: [],
    answer: () => Promise.reject(new Error('no answer was set')),
    heights: () => ({}),
    peers: [{ mspId, newestBlock: '41' }],
    untilSeen: () => Promise.resolve(),
    newsOf: () => Promise.resolve(undefined),
    mayFollow: true,
    cutOff: () => {
      server.server.closeAllConnections();
    },
    close: () => server.close(),
  };
  const submit = ({ entry, ...argument }: SignedRequest<TransactionEntry>): Promise<Answer> => {
    hospital.carried.push({ name: entry.name, argument });
    return hospital.answer(entry.name);
  };
  const evaluate = async (request: SignedRequest<TransactionEntry>): Promise<unknown> => (await submit(request)).result;
  const identity = { mspId, channel: 'emr', chaincode: 'emr', genesis };
  addTransactionRoutes(server, {
    identity,
    heights: { untilSeen: (block) => hospital.untilSeen(block) },
    news: { newsOf: (pseudonym, after) => hospital.newsOf(pseudonym, after) },
    admission: admitEverybody({ evaluate, submit } as Ledger),
  }); // answers what the test says, whatever is asked
  const introductions = new Introductions(':memory:', new PreparationSeal(newPrivateKey()));
  addListingRoutes(server, {
    staff: { assertStaff: (_operation, _input, proof) => Promise.resolve(staffProofSchema.parse(proof)) },
    heights: { all: () => Promise.resolve(hospital.peers) },
    identity,
    introductions,
    reader: { relationship: () => Promise.resolve({ state: 'active' } as Relationship) }, // all that is looked at
    admission: admitEverybody({ evaluate } as Ledger),
  });
  addEventRoutes(server, {
    staff: {
      assertStaff: (_operation, _input, proof) =>
        hospital.mayFollow ? Promise.resolve(staffProofSchema.parse(proof)) : Promise.reject(new DomainError('NOT_PERMITTED')),
    },
    feed: { next: () => Promise.resolve({ events: hospital.carried.flatMap(toldOf), height: 9n }), close: () => undefined },
  });
  addHealthRoutes(server, {
    identity,
    index: {
      heights: () => Promise.resolve(hospital.heights()),
      alarms: () => Promise.resolve([]),
      unreadableBlock: () => Promise.resolve(undefined),
      ownNameTaken: () => Promise.resolve(undefined),
    },
    faults: () => [],
    warnings: () => [],
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as AddressInfo; // a TCP server's address is no string
  const tlsCaFile = join(dataDir, 'tls-ca.pem');
  writeFileSync(tlsCaFile, authority.pem);
  await writeProfiles(dataDir, { mspId, nodeUrl: `https://127.0.0.1:${port}`, tlsCaFile, channel: 'emr', chaincode: 'emr', genesis });
  return hospital;
}

/** The event of a denied question. */
function toldOf({ name, argument: { input } }: Hospital['carried'][number]): readonly ToldEvent[] {
  if (name !== 'RequestAccess') return [];
  const { ticketId } = input as { ticketId: string }; // as the catalogue's schema has parsed it
  const event = { name: 'AccessDenied', ticketId };
  const actor = { kind: 'staff', mspId: 'HospitalBMSP', actorTag: 'registrar-1' };
  return [toldEventSchema.parse({ cursor: '9-0-0', transactionId: 'tx', at: '2026-01-01T08:00:00.000Z', event, actor })];
}

interface Place {
  readonly mspId: string;
  readonly nodeUrl: string;
  readonly tlsCaFile: string;
  readonly channel: string;
  readonly chaincode: string;
  readonly genesis: string;
}

async function writeProfiles(dataDir: string, place: Place): Promise<void> {
  for (const name of ['clinician', 'registrar']) {
    const keyFile = join(dataDir, `${name}.pem`);
    await createKeyFile(keyFile);
    saveProfile(profileFile(name, dataDir), { ...place, name, kind: 'staff', keyFile, actorTag: `${name}-1`, department: 'cardiology' });
  }
  mkdirSync(join(dataDir, 'wallets'));
  saveProfile(profileFile('patient', dataDir), {
    ...place,
    name: 'patient',
    kind: 'patient',
    walletFile: join(dataDir, 'wallets', 'patient.json'),
  });
}

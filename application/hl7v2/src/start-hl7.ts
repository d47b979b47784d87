import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadProfile, networkOf, openStaff, type StaffProfile, type StaffSession } from '@lianyi/client/node';
import { DomainError } from '@lianyi/domain';
import { type Hl7Config } from './config';
import { type ConnectionOptions } from './connection';
import { Journal } from './journal/journal';
import { forgetMergesBefore } from './journal/merges';
import { senderOf } from './message/header';
import { type Hl7Server, listenForMllp, type ServerBounds } from './server';
import { type OwnHospital } from './work/hospital';
import { hospitalAt } from './work/member-node-hospital';
import { Worker, type WorkerOptions } from './work/worker';

const ROOM_BYTES = 268_435_456;
/** Senders of a hospital are some dozens, of which an interface engine's have one address. */
const PLACES = { places: 256, placesOfOne: 64 };
const MILLIS = { handshakeMillis: 10_000, frameMillis: 60_000, muteMillis: 600_000, idleMillis: 86_400_000 };
const DAY_MILLIS = 86_400_000;
/** How often it is looked what is to be forgotten. */
const TIDY_MILLIS = 3_600_000;

export interface Hl7Interface {
  readonly port: number;
  stop(): Promise<void>;
}

/** Who is told of what is in the way. */
export type Hl7Listeners = Pick<WorkerOptions, 'onFault' | 'onRefused'> & Pick<ConnectionOptions, 'onGivenWay'>;

/** Takes HL7 v2 over MLLP for a hospital, as `hl7.json` says. @throws as {@link openStaff}; the operating system's errors */
export async function startHl7(config: Hl7Config, listeners: Hl7Listeners): Promise<Hl7Interface> {
  const [registrar, publisher] = [await openActor(config.registrarProfile), await openActor(config.publisherProfile)];
  const { profile } = publisher;
  const hospital = hospitalAt({
    network: networkOf(profile),
    mspId: profile.mspId,
    registrar: registrar.session,
    publisher: publisher.session,
    actorTag: profile.actorTag,
    ...(config.replicas === undefined ? {} : { replicaMspIds: config.replicas }),
  });
  try {
    const started = await startAt(config, hospital, listeners);
    return {
      port: started.port,
      stop: async () => {
        await started.stop();
        for (const { session } of [registrar, publisher]) session.close();
      },
    };
  } catch (error) {
    for (const { session } of [registrar, publisher]) session.close();
    throw error;
  }
}

/** What connections may hold, and for how long. */
export type Hl7Bounds = ServerBounds & Pick<ConnectionOptions, 'frameMillis' | 'muteMillis' | 'idleMillis'>;

function boundsOf({ maxMessageBytes }: Hl7Config): Hl7Bounds {
  // whoever may send at all may send two of the longest at a time
  const roomBytesOfOne = Math.max(ROOM_BYTES / 4, 2 * maxMessageBytes);
  return { ...PLACES, ...MILLIS, roomBytes: Math.max(ROOM_BYTES, 2 * roomBytesOfOne), roomBytesOfOne };
}

/** The same before any hospital. */
export async function startAt(
  config: Hl7Config,
  hospital: OwnHospital,
  { onFault, onRefused, onGivenWay }: Hl7Listeners,
  bounds: Partial<Hl7Bounds> = {},
): Promise<Hl7Interface> {
  const journal = openJournal(config);
  const tidy = (): void => {
    journal.giveUpBefore(Date.now() - config.unlinkedDays * DAY_MILLIS);
    journal.forgetBefore(Date.now() - config.controlIdDays * DAY_MILLIS);
    forgetMergesBefore(journal, Date.now() - config.controlIdDays * DAY_MILLIS);
  };
  tidy();
  const tidying = setInterval(tidy, TIDY_MILLIS);
  tidying.unref();
  const { numbers, classes, tellsCareMonths } = config;
  const conventions = { numbers, classes, tellsCareMonths };
  const worker = new Worker({ journal, hospital, conventions, charset: config.defaultCharset, onFault, onRefused });
  const held = { ...boundsOf(config), ...bounds };
  const options = connectionOptions(config, held, { journal, worker, conventions, onFault, onGivenWay });
  const server = await listenForMllp(config, held, options).catch((error: unknown) => {
    clearInterval(tidying);
    journal.close();
    throw error;
  });
  worker.start();
  const stopped = (): Promise<void> => {
    clearInterval(tidying);
    return stop(server, worker, journal);
  };
  return { port: server.port, stop: stopped };
}

async function stop(server: Hl7Server, worker: Worker, journal: Journal): Promise<void> {
  await server.close();
  await worker.stop();
  journal.close();
}

/** The journal of an interface; it may be running. */
export function openJournal({ directory }: Pick<Hl7Config, 'directory'>): Journal {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return new Journal(join(directory, 'journal.sqlite'));
}

function connectionOptions(
  { defaultCharset, maxMessageBytes, maxBacklog, maxBacklogBytes, patienceMillis, senders }: Hl7Config,
  { frameMillis, muteMillis, idleMillis }: Hl7Bounds,
  parts: Pick<ConnectionOptions, 'journal' | 'worker' | 'conventions' | 'onFault' | 'onGivenWay'>,
): ConnectionOptions {
  const known = senders?.map(({ application, facility }) => senderOf(application, facility));
  return {
    ...parts,
    ...{ charset: defaultCharset, maxMessageBytes, patienceMillis, room: { messages: maxBacklog, bytes: maxBacklogBytes } },
    ...{ frameMillis, muteMillis, idleMillis, senders: known === undefined ? undefined : new Set(known) },
  };
}

async function openActor(file: string): Promise<{ readonly profile: StaffProfile; readonly session: StaffSession }> {
  const { profile } = loadProfile(file);
  if (profile.kind !== 'staff') throw new DomainError('INVALID_REQUEST', 'no staff profile', { path: file });
  return { profile, session: await openStaff(profile) };
}

import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { mspIdSchema, nameSchema, recordClassSchema } from '@lianyi/domain';

const filePath = z.string().min(1).max(4096);
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

/** What `hl7.json` says; files are relative to its own folder. */
export const hl7ConfigSchema = z
  .strictObject({
    /** Profiles of the interface's own staff entries: who finds whose number it is, and who publishes. */
    registrarProfile: filePath,
    publisherProfile: filePath,
    /** Folder of the journal; holds messages until they are published. */
    directory: filePath,
    listen: z.strictObject({ host: z.string().min(1).default('127.0.0.1'), port: z.int().min(0).max(65_535).default(2575) }).prefault({}),
    /** MLLP over TLS; `caFile` given: whoever connects shows a certificate of it. */
    tls: z.strictObject({ certFile: filePath, keyFile: filePath, caFile: filePath.optional() }).optional(),
    /** Says that the wire is watched over otherwise: without TLS nothing but the own machine is listened to. */
    plain: z.literal('anybody on this network may read and send').optional(),
    /** The character set of messages whose MSH-18 is empty; HL7 says ASCII. */
    defaultCharset: z.enum(['ascii', 'utf-8', 'gb18030']).default('ascii'),
    /** MSH-3 and MSH-4 of who may send; left out: whoever reaches the port. */
    senders: z
      .array(z.strictObject({ application: z.string(), facility: z.string() }))
      .max(1_000)
      .optional(),
    /** Which identifiers of PID-3 are which numbers of the hospital. */
    numbers: z
      .array(z.strictObject({ authority: z.string().min(1).optional(), type: z.string().min(1), system: nameSchema }))
      .min(1)
      .max(64),
    classes: z.record(z.string(), recordClassSchema).default({}),
    /** Whether the ledger is told in which months the care was (OBR-7): every member reads it, and a consent for a time of care needs it. */
    tellsCareMonths: z.boolean().default(false),
    replicas: z.array(mspIdSchema).max(8).optional(),
    maxMessageBytes: z.int().min(1_024).max(67_108_864).default(16_777_216),
    /** Messages that are not done. */
    maxBacklog: z.int().min(1).default(100_000),
    /** Bytes of all messages whose content is kept, refused ones included. */
    maxBacklogBytes: z.int().min(1_048_576).default(4_294_967_296),
    patienceMillis: z.int().min(100).default(20_000),
    /** So many days after a message was done or refused its sender may use its control id again, and what is left of its content goes. */
    controlIdDays: z.int().min(1).max(3_650).default(30),
    /** After so many days a message that waits for people is refused; if nobody has linked its number, its content goes. */
    unlinkedDays: z.int().min(1).max(3_650).default(30),
  })
  .refine(({ maxMessageBytes, maxBacklogBytes }) => maxBacklogBytes >= 2 * maxMessageBytes, {
    path: ['maxBacklogBytes'],
    error: 'holds two of the longest messages at least',
  })
  .refine(({ tls, plain, listen }) => tls !== undefined || plain !== undefined || LOOPBACK.has(listen.host), {
    path: ['tls'],
    error: 'outside of the own machine MLLP needs TLS',
  });
export type Hl7Config = z.output<typeof hl7ConfigSchema>;

/** @throws ZodError; SyntaxError; the operating system's errors */
export async function loadHl7Config(file: string): Promise<Hl7Config> {
  const config = hl7ConfigSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const path = (name: string): string => resolve(dirname(file), name);
  const { registrarProfile, publisherProfile, directory, tls, ...others } = config;
  return {
    ...others,
    ...{ registrarProfile: path(registrarProfile), publisherProfile: path(publisherProfile), directory: path(directory) },
    ...(tls === undefined
      ? {}
      : {
          tls: {
            certFile: path(tls.certFile),
            keyFile: path(tls.keyFile),
            ...(tls.caFile === undefined ? {} : { caFile: path(tls.caFile) }),
          },
        }),
  };
}

import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { consentPurposeSchema, nameSchema } from '@lianyi/domain';
import { isScope } from './smart/registered-client';

const filePath = z.string().min(1).max(4_096);

/**
 * An application of the hospital, and in whose name it acts. Two applications that must be told apart in a patient's audit have two staff entries.
 */
const clientSchema = z.strictObject({
  clientId: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'letters, digits, ".", "_" and "-" (at most 64)'),
  /** The profile of one staff entry, as `lianyi profile add` writes it: its key signs what this application asks for. */
  profile: filePath,
  /** The application's public keys (RFC 7517). It keeps the private ones. */
  jwksFile: filePath,
  scopes: z.array(z.string().refine(isScope, 'system/TYPE.cruds')).min(1).max(32),
  /** For which it may ask to read. With one of them, that is what it asks for; with several, its assertion says which. */
  purposes: z.array(consentPurposeSchema).max(7).default([]),
  /** Whether the application keeps what it reads. One that only shows it may be given what a patient lets be viewed and not kept. */
  keeps: z.boolean().default(true),
});

/** `fhir.json`. Names files, holds no secret. Relative paths count from the file's own directory. */
export const facadeConfigSchema = z.strictObject({
  listen: z.strictObject({ host: z.string().min(1), port: z.int().min(0).max(65_535) }),
  /** As applications reach it, behind whatever proxy; ends in `/fhir`. Left out: what it listens on. */
  baseUrl: z
    .url({ protocol: /^https$/, error: 'an https address' })
    .regex(/\/fhir$/, 'ends in /fhir')
    .exactOptional(),
  tls: z.strictObject({ certFile: filePath, keyFile: filePath }),
  /** 32 random bytes, base64url, for their owner alone; made at the first start. Whoever loses it publishes again what is submitted again. */
  namesKeyFile: filePath,
  clients: z
    .array(clientSchema)
    .min(1)
    .max(256)
    .refine((clients) => new Set(clients.map(({ clientId }) => clientId)).size === clients.length, 'a clientId twice'),
  /** The hospital's own systems of numbers, by the names under which `lianyi identifier link` keeps them: `{ "urn:oid:…": "mrn" }`. */
  identifierSystems: z.record(z.string().min(1).max(256), nameSchema).default({}),
  limits: z
    .strictObject({
      /** Of one application. */
      requestsPerMinute: z.int().min(1).default(1_200),
      /** Of one address without a token; as many requests for a token besides. Behind a proxy all have one address. */
      strangersPerMinute: z.int().min(1).default(300),
      bodyBytes: z
        .int()
        .min(1_024)
        .max(64 * 1024 * 1024)
        .default(12 * 1024 * 1024),
    })
    .default({ requestsPerMinute: 1_200, strangersPerMinute: 300, bodyBytes: 12 * 1024 * 1024 }),
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
});

export type FacadeConfig = z.output<typeof facadeConfigSchema>;
export type FacadeConfigInput = z.input<typeof facadeConfigSchema>;

/** Reads `fhir.json` and makes its paths absolute. */
export async function loadFacadeConfig(file: string): Promise<FacadeConfig> {
  const config = facadeConfigSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const at = (path: string): string => resolve(dirname(file), path);
  return {
    ...config,
    tls: { certFile: at(config.tls.certFile), keyFile: at(config.tls.keyFile) },
    namesKeyFile: at(config.namesKeyFile),
    clients: config.clients.map((client) => ({ ...client, profile: at(client.profile), jwksFile: at(client.jwksFile) })),
  };
}

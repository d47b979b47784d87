import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { DomainError, parseStrictJson } from '@lianyi/domain';
import { type Cause, certificatesInPem, fileCauseOf, pemCauseOf } from '@lianyi/domain/errors';

const pemHolder = z.object(
  { pem: z.string('text').optional(), path: z.string('text').min(1, 'a path').optional() },
  '{ "pem": "-----BEGIN CERTIFICATE-----…" } | { "path": "ca.pem" }',
);

/** The part of Fabric's common connection profile that a gateway client needs. Unknown fields are other tools' business. */
const connectionProfileSchema = z.object(
  {
    organizations: z.record(
      z.string(),
      z.object(
        { mspid: z.string('Org1MSP').min(1, 'Org1MSP'), peers: z.array(z.string('peer0.example'), '["peer0.example"]').default([]) },
        '{ "mspid": "Org1MSP", "peers": ["peer0.example"] }',
      ),
      '{ "Org1": { "mspid": "Org1MSP", "peers": ["peer0.example"] } }',
    ),
    peers: z.record(
      z.string(),
      z.object(
        {
          // peers are reached over TLS only
          url: z.string('grpcs://host:port').refine(isPeerUrl, 'grpcs://host:port'),
          tlsCACerts: pemHolder,
          grpcOptions: z.record(z.string(), z.unknown(), '{ "ssl-target-name-override": "peer0.example" }').default({}),
        },
        '{ "url": "grpcs://host:port", "tlsCACerts": { "pem": "…" } }',
      ),
      '{ "peer0.example": { "url": "grpcs://host:port", "tlsCACerts": { "pem": "…" } } }',
    ),
  },
  '{ "organizations": …, "peers": … }',
);
const JSON_LIMITS = { maxBytes: 4 * 1024 * 1024, maxDepth: 32 };
export type ConnectionProfile = z.infer<typeof connectionProfileSchema>;

/** Where a peer listens and by which certificate authority it is recognised. */
export interface PeerAddress {
  readonly mspId: string;
  readonly name: string;
  /** host:port */
  readonly endpoint: string;
  readonly tlsCaPem: string;
  readonly serverName: string | undefined;
}

/**
 * Reads a connection profile, JSON or YAML, and the certificate files it points to; their relative paths count from its own folder.
 * @throws {@link DomainError} `CONNECTION_PROFILE_UNUSABLE`; `CERTIFICATE_UNUSABLE` — details: file, field, cause, and what was expected
 */
export async function loadConnectionProfile(file: string): Promise<readonly PeerAddress[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw unusable(file, '', { cause: fileCauseOf(error) }, error);
  });
  const value = await valueOf(text, file);
  const parsed = connectionProfileSchema.safeParse(value);
  if (!parsed.success) throw misfit(file, value, parsed.error);
  const { organizations } = parsed.data;
  const owners = Object.entries(organizations).flatMap(([organisation, { mspid, peers }]) =>
    peers.map((name, at) => ({ name, mspId: mspid, field: `organizations.${organisation}.peers.${at}` })),
  );
  return Promise.all(owners.map((owner) => readPeer(parsed.data, owner, file)));
}

function isPeerUrl(text: string): boolean {
  if (!text.startsWith('grpcs://')) return false;
  const spelled = text.replace(/^grpcs:/, 'https:');
  // without a port the peer would be looked for at the one of websites
  return URL.canParse(spelled) && /:\d{1,5}\/?$/.test(text) && new URL(spelled).hostname !== '';
}

/** Every profile that is JSON is YAML as well; most are, and a parser of 72 modules is loaded only for the others. */
async function valueOf(text: string, file: string): Promise<unknown> {
  try {
    return parseStrictJson(text, JSON_LIMITS);
  } catch {
    return yamlOf(text, file);
  }
}

async function yamlOf(text: string, file: string): Promise<unknown> {
  const { parse } = await import('yaml');
  try {
    return parse(text) as unknown;
  } catch {
    // the parser's message quotes the file, which may hold a key by mistake
    throw unusable(file, '', { cause: 'not-json-or-yaml' });
  }
}

/** The first field that does not fit: what follows from it is no news. */
function misfit(file: string, value: unknown, error: z.ZodError): DomainError {
  const [issue] = error.issues;
  const path = issue?.path ?? [];
  const found = path.reduce<unknown>((holder, key) => (isHolder(holder) ? holder[String(key)] : undefined), value);
  const cause: Cause = found === undefined ? 'field-missing' : 'field-wrong';
  return unusable(file, path.join('.'), { cause, expected: issue?.message ?? '', ...seenOf(found) });
}

function isHolder(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** A short text as it stands, of anything else its kind: a long one may be a key. */
function seenOf(found: unknown): { readonly seen?: string } {
  if (found === undefined) return {};
  if (typeof found === 'string') return { seen: found.length <= 80 && !found.includes('\n') ? found : 'text' };
  if (found === null) return { seen: 'null' };
  return { seen: Array.isArray(found) ? 'list' : typeof found };
}

async function readPeer(
  profile: ConnectionProfile,
  { name, mspId, field }: { readonly name: string; readonly mspId: string; readonly field: string },
  file: string,
): Promise<PeerAddress> {
  const peer = profile.peers[name];
  if (peer === undefined)
    throw unusable(file, field, { cause: 'field-wrong', expected: Object.keys(profile.peers).join(' | '), seen: name });
  const serverName = peer.grpcOptions['ssl-target-name-override'] ?? peer.grpcOptions['hostnameOverride'];
  return {
    mspId,
    name,
    endpoint: new URL(peer.url.replace(/^grpcs:/, 'https:')).host,
    tlsCaPem: await authorityOf(peer.tlsCACerts, file, `peers.${name}.tlsCACerts`),
    serverName: typeof serverName === 'string' ? serverName : undefined,
  };
}

async function authorityOf({ pem, path }: z.infer<typeof pemHolder>, profile: string, field: string): Promise<string> {
  if (pem !== undefined) return authorityIn(pem, profile, `${field}.pem`);
  if (path === undefined) throw unusable(profile, field, { cause: 'field-missing', expected: 'pem | path' });
  const file = resolve(dirname(profile), path);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw damaged(file, `${field}.path`, fileCauseOf(error), error);
  });
  return authorityIn(text, file, `${field}.path`);
}

/** The PEM of an authority, if every certificate in it is one. @throws {@link DomainError} `CERTIFICATE_UNUSABLE` */
export function authorityIn(text: string, file: string, field: string): string {
  const fault = pemCauseOf(text, 'certificate');
  if (fault !== undefined) throw damaged(file, field, fault.cause);
  try {
    for (const certificate of certificatesInPem(text)) new X509Certificate(certificate);
    return text;
  } catch {
    throw damaged(file, field, 'certificate-damaged');
  }
}

interface Fault {
  readonly cause: Cause;
  readonly expected?: string;
  readonly seen?: string;
}

function unusable(file: string, field: string, fault: Fault, error?: unknown): DomainError {
  const details = { file, ...(field === '' ? {} : { field }), ...fault };
  return new DomainError('CONNECTION_PROFILE_UNUSABLE', undefined, details, { cause: error });
}

function damaged(file: string, field: string, cause: Cause, error?: unknown): DomainError {
  return new DomainError('CERTIFICATE_UNUSABLE', undefined, { file, field, cause }, { cause: error });
}

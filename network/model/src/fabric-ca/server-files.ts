import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { type Organization } from '../consortium/consortium';
import { authorityName, nodesFolder } from '../organizations/layout';
import { newSecret } from './registrar';
import { type Credentials, serverConfig } from './server-config';

/** Where an organisation's CA server keeps what. */
interface AuthorityPaths {
  readonly folder: string;
  /** Keys and databases of both CAs; without them there is no such CA any more. */
  readonly data: string;
  readonly ca: string;
  /** Also the server's own home. */
  readonly tlsCa: string;
  readonly listenerCertificate: string;
  /** Port and registrar: what a client of this machine needs. Readable by its owner only. */
  readonly access: string;
}

/** Fabric CA's own name of its configuration and of a CA's certificate (cmd/fabric-ca-server/config.go, lib/ca.go). */
const CONFIG_FILE = 'fabric-ca-server-config.yaml';
const CERTIFICATE_FILE = 'ca-cert.pem';
/** TLS certificate of the server's own listener, in its data folder. */
export const LISTENER_CERTIFICATE = 'listener-cert.pem';

export function authorityPaths(dataDir: string, organization: Organization): AuthorityPaths {
  const folder = join(nodesFolder(dataDir), authorityName(organization));
  const data = join(folder, 'data');
  return {
    folder,
    data,
    ca: join(data, 'ca'),
    tlsCa: join(data, 'tlsca'),
    listenerCertificate: join(data, LISTENER_CERTIFICATE),
    access: join(folder, 'access.json'),
  };
}

const accessSchema = z.strictObject({ port: z.int(), registrar: z.strictObject({ name: z.string(), secret: z.string() }) });
interface AuthorityAccess {
  readonly port: number;
  readonly registrar: Credentials;
}

/** `undefined`: the organisation has no CA server here. */
export function readAccess({ access }: AuthorityPaths): AuthorityAccess | undefined {
  return existsSync(access) ? accessSchema.parse(JSON.parse(readFileSync(access, 'utf8'))) : undefined;
}

/** Certificates of both CAs, as the server made them at its first start; `undefined` before. */
export function readCaCertificates({ ca, tlsCa }: AuthorityPaths): { readonly caPem: string; readonly tlsCaPem: string } | undefined {
  const [caFile, tlsCaFile] = [join(ca, CERTIFICATE_FILE), join(tlsCa, CERTIFICATE_FILE)];
  if (!existsSync(caFile) || !existsSync(tlsCaFile)) return undefined;
  return { caPem: readFileSync(caFile, 'utf8'), tlsCaPem: readFileSync(tlsCaFile, 'utf8') };
}

/** Written beside and renamed. JSON is YAML, too. */
function writeSecretJson(file: string, value: object): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Writes the server's configuration; the registrar's secret stays the same from the first time on. */
export function writeServerFiles(dataDir: string, organization: Organization, port: number): void {
  const { domain } = organization;
  const paths = authorityPaths(dataDir, organization);
  for (const folder of [paths.ca, paths.tlsCa]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const registrar = readAccess(paths)?.registrar ?? { name: 'registrar', secret: newSecret() };
  writeSecretJson(paths.access, { port, registrar });
  const hosts = [authorityName(organization), 'localhost', '127.0.0.1'];
  const caConfigFile = join(paths.ca, CONFIG_FILE);
  const configs = serverConfig(
    {
      ca: { name: `ca.${domain}`, domain, hosts, home: paths.ca, issuesTls: false },
      tlsCa: { name: `tlsca.${domain}`, domain, hosts, home: paths.tlsCa, issuesTls: true },
      caConfigFile,
      listenerCertificate: paths.listenerCertificate,
      port,
    },
    registrar,
  );
  writeSecretJson(caConfigFile, configs.ca);
  writeSecretJson(join(paths.tlsCa, CONFIG_FILE), configs.server);
  dropEndingListenerCertificate(paths);
}

const RENEWED_BEFORE_MILLIS = 30 * 24 * 3_600_000;

/** The server makes itself another one when it starts without. */
function dropEndingListenerCertificate({ listenerCertificate }: AuthorityPaths): void {
  if (!existsSync(listenerCertificate)) return;
  const end = Date.parse(new X509Certificate(readFileSync(listenerCertificate)).validTo);
  if (end - Date.now() < RENEWED_BEFORE_MILLIS) rmSync(listenerCertificate);
}

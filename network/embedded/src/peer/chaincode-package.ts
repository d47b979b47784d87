import { z } from 'zod';
import { sha256OfBytes } from '@lianyi/fabric-protocol';
import { NotAnArchive, unpackArchive } from '@lianyi/network-model';

const metadataFile = z.object({ type: z.string().default(''), path: z.string().default(''), label: z.string().default('') });

/** A chaincode package as somebody wants to install it. */
export interface ReceivedPackage {
  readonly packageId: string;
  readonly label: string;
  readonly type: string;
  readonly bytes: Buffer;
  /** The inner archive, code.tar.gz. */
  readonly code: Buffer;
}

const LABEL = /^[A-Za-z0-9][A-Za-z0-9_.+-]*$/;

/** Reads a package. Throws Fabric's text. @remarks Source: core/chaincode/persistence/chaincode_package.go ParseChaincodePackage. */
export function parsePackage(bytes: Buffer): ReceivedPackage {
  const files = new Map(unpackArchive(bytes).map(({ name, content }) => [name, content]));
  const code = files.get('code.tar.gz');
  const metadata = files.get('metadata.json');
  if (code === undefined) throw new Error('did not find a code package inside the package');
  if (metadata === undefined) throw new Error('did not find any package metadata (missing metadata.json)');
  const { type, label } = readMetadata(metadata);
  if (!LABEL.test(label)) {
    throw new Error(
      `invalid label '${label}'. Label must be non-empty, can only consist of alphanumerics, symbols from '.+-_', and can only begin with alphanumerics`,
    );
  }
  return { packageId: packageIdOf(label, bytes), label, type, bytes, code };
}

/** @remarks Source: core/chaincode/persistence/persistence.go PackageID. */
function packageIdOf(label: string, bytes: Buffer): string {
  return `${label}:${sha256OfBytes(bytes).toString('hex')}`;
}

function readMetadata(content: Buffer): z.infer<typeof metadataFile> {
  try {
    return metadataFile.parse(JSON.parse(content.toString('utf8')));
  } catch (cause) {
    throw new Error(`could not unmarshal metadata.json as json: ${cause instanceof Error ? cause.message : 'it is none'}`, { cause });
  }
}

const seconds = z
  .string()
  .regex(/^\d+(\.\d+)?s$/)
  .transform((text) => Math.round(Number(text.slice(0, -1)) * 1000));

const connectionFile = z.object({
  address: z.string().min(1),
  dial_timeout: seconds.default(10_000),
  tls_required: z.boolean().default(false),
  client_auth_required: z.boolean().default(false),
  root_cert: z.string().default(''),
  client_cert: z.string().default(''),
  client_key: z.string().default(''),
});
/** Where a chaincode runs as a service. @remarks Source: ccaas_builder/cmd/release, externalbuilder ccserver.go. */
export type ServiceConnection = z.infer<typeof connectionFile>;

/** What the inner archive of a package of type `ccaas` says. Throws with one sentence. */
export function connectionOf(chaincodePackage: Pick<ReceivedPackage, 'code'>): ServiceConnection {
  const found = filesOf(chaincodePackage.code).find(({ name }) => name === 'connection.json' || name === './connection.json');
  if (found === undefined) throw new Error('connection.json not found');
  try {
    return connectionFile.parse(JSON.parse(found.content.toString('utf8')));
  } catch (cause) {
    throw new Error('connection.json is not what a chaincode service is reached by', { cause });
  }
}

function filesOf(code: Buffer): ReturnType<typeof unpackArchive> {
  try {
    return unpackArchive(code, { withFolders: true });
  } catch (error) {
    if (error instanceof NotAnArchive) throw new Error(`failed to untar source package: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Our own packages name no address: whoever runs the peer knows where its organisation's service is. */
export function isPlaceholder({ address }: ServiceConnection): boolean {
  return address.startsWith('{{') && address.endsWith('}}');
}

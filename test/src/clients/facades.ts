import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Facade, type FacadeConfigInput } from '@lianyi/fhir';
import { organizationDir, tlsCaFile } from '@lianyi/workbench';
import { served } from '../scenario/fhir-application';
import { type Scenario, type StaffMember } from '../scenario/scenario';

/** An application as a client program has to know it: where its hospital's facade is, and the key that it proves itself by. */
export interface Registered {
  readonly clientId: string;
  readonly baseUrl: string;
  readonly keyFile: string;
  readonly caFile: string;
}

/** The systems of numbers of the hospital, as its own programs call them. */
export const NUMBER_SYSTEM = 'urn:oid:2.16.840.1.113883.2.23.1';

/**
 * Starts a hospital's facade by its command for several applications, each with a staff entry of its own.
 * @returns the running facade, and each application under the name that it was given
 */
export async function facadeFor<Name extends string>(
  { consortium }: Scenario,
  applications: Readonly<Record<Name, StaffMember>>,
): Promise<{ readonly facade: Facade; readonly registered: Readonly<Record<Name, Registered>> }> {
  const entries = Object.entries(applications) as [Name, StaffMember][];
  const member = entries[0]?.[1].hospital.member;
  if (member === undefined) throw new Error('a facade has at least one application');
  const folder = join(consortium.data.root, `clients-${member.mspId}`);
  mkdirSync(folder, { recursive: true });
  const tls = join(organizationDir(consortium.context, member), 'users', `node@${member.domain}`, 'tls');
  const config: FacadeConfigInput = {
    listen: { host: '127.0.0.1', port: 0 },
    tls: { certFile: join(tls, 'server.crt'), keyFile: join(tls, 'server.key') },
    namesKeyFile: join(folder, 'names.key'),
    clients: entries.map(([name, staff]) => clientOf(name, folder, join(consortium.data.root, 'profiles', `${staff.profile}.json`))),
    identifierSystems: { [NUMBER_SYSTEM]: 'mrn' },
    logLevel: 'silent',
  };
  const facade = await served(consortium, folder, config);
  const caFile = tlsCaFile(consortium.context, member);
  const made = (clientId: string): Registered => ({ clientId, baseUrl: facade.baseUrl, keyFile: join(folder, `${clientId}.pem`), caFile });
  // the names that came, and no others
  const registered = Object.fromEntries(entries.map(([name]) => [name, made(name)])) as Partial<Record<Name, Registered>>;
  return { facade, registered: registered as Record<Name, Registered> };
}

/** Makes the application's key, of which the facade gets the public half. */
function clientOf(clientId: string, folder: string, profile: string): FacadeConfigInput['clients'][number] {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const jwksFile = join(folder, `${clientId}.jwks.json`);
  writeFileSync(jwksFile, JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1' }] }));
  writeFileSync(join(folder, `${clientId}.pem`), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  return { clientId, jwksFile, profile, scopes: ['system/*.cruds'], purposes: ['TREAT'] };
}

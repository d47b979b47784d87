import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Answer, exchange } from '@lianyi/client/node';
import { type Facade, type FacadeConfigInput, facadeConfigSchema, startFhirFacade } from '@lianyi/fhir';
import { organizationDir, tlsCaFile } from '@lianyi/workbench';
import { repositoryRoot, type Scenario, type StaffMember } from './scenario';

type Asked = { readonly accept?: string; readonly body?: string; readonly contentType?: string };

type Consortium = Scenario['consortium'];

/** In this process. */
function started(_consortium: Consortium, _folder: string, config: FacadeConfigInput): Promise<Facade> {
  return startFhirFacade(facadeConfigSchema.parse(config));
}

/** By its command, as a hospital starts it. */
export async function served(consortium: Consortium, folder: string, config: FacadeConfigInput): Promise<Facade> {
  const file = join(folder, 'fhir.json');
  writeFileSync(file, JSON.stringify(config));
  const process = await consortium.context.processes.start({
    name: 'lianyi fhir serve',
    args: [join(repositoryRoot, 'application/cli/dist/main.js'), '--json', 'fhir', 'serve', '--config', file, '--exit-with-parent'],
    cwd: folder,
    logFile: join(consortium.data.logs, 'fhir.log'),
    timeoutMillis: 60_000,
    parseReady: (line) => z.object({ baseUrl: z.string() }).parse(line),
  });
  return { baseUrl: process.ready.baseUrl, stop: () => process.stop() };
}

/** An application of a hospital at the hospital's facade, as one member of its staff; what it speaks is HTTP and nothing of this house. */
export class FhirApplication {
  #token = '';

  private constructor(
    private readonly facade: Facade,
    private readonly ca: string,
    private readonly assertion: (audience: string) => string,
  ) {}

  /** Registers an application and starts the hospital's facade for it. */
  static async of(
    { consortium }: Scenario,
    staff: StaffMember,
    { purposes = ['TREAT'], start = started }: { readonly purposes?: readonly 'TREAT'[]; readonly start?: typeof started } = {},
  ): Promise<FhirApplication> {
    const { member } = staff.hospital;
    const folder = mkdtempSync(join(consortium.data.root, 'fhir-'));
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const jwksFile = join(folder, 'his.jwks.json');
    writeFileSync(jwksFile, JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1' }] }));
    const tls = join(organizationDir(consortium.context, member), 'users', `node@${member.domain}`, 'tls');
    const config: FacadeConfigInput = {
      listen: { host: '127.0.0.1', port: 0 },
      tls: { certFile: join(tls, 'server.crt'), keyFile: join(tls, 'server.key') },
      namesKeyFile: join(folder, 'names.key'),
      clients: [
        {
          ...{ clientId: 'his', jwksFile, scopes: ['system/*.cruds'], purposes: [...purposes] },
          profile: join(consortium.data.root, 'profiles', `${staff.profile}.json`),
        },
      ],
      logLevel: 'silent',
    };
    const facade = await start(consortium, folder, config);
    const assertion = (aud: string): string => {
      const claims = { iss: 'his', sub: 'his', aud, exp: Math.floor(Date.now() / 1000) + 120, jti: randomUUID() };
      const [head, body] = [{ alg: 'ES384', kid: 'k1' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
      const signature = sign('sha384', Buffer.from(`${head ?? ''}.${body ?? ''}`), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      return `${head ?? ''}.${body ?? ''}.${signature.toString('base64url')}`;
    };
    return new FhirApplication(facade, readFileSync(tlsCaFile(consortium.context, member), 'utf8'), assertion);
  }

  get baseUrl(): string {
    return this.facade.baseUrl;
  }

  get(path: string, asked: Asked = {}): Promise<Answer> {
    return this.#ask('GET', path, asked);
  }

  post(path: string, body: string, asked: Asked = {}): Promise<Answer> {
    return this.#ask('POST', path, { ...asked, body });
  }

  stop(): Promise<void> {
    return this.facade.stop();
  }

  async #ask(method: 'GET' | 'POST', path: string, { body, accept, contentType = 'application/fhir+json' }: Asked): Promise<Answer> {
    if (this.#token === '') this.#token = await this.#newToken();
    const headers = { authorization: `Bearer ${this.#token}`, ...(accept === undefined ? {} : { accept }) };
    return this.#send(method, path, body === undefined ? { headers } : { headers: { ...headers, 'content-type': contentType }, body });
  }

  async #newToken(): Promise<string> {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'system/*.cruds',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: this.assertion(`${this.baseUrl}/token`),
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await this.#send('POST', '/token', { headers, body: form.toString() });
    return (JSON.parse(answer.body.toString()) as { readonly access_token: string }).access_token;
  }

  #send(method: 'GET' | 'POST', path: string, sent: { readonly headers: Record<string, string>; readonly body?: string }): Promise<Answer> {
    const { hostname, port, pathname } = new URL(this.baseUrl);
    const patience = { totalMillis: 60_000 };
    return exchange({
      host: hostname,
      port: Number(port),
      method,
      path: `${pathname}${path}`,
      ...sent,
      tls: { ca: [this.ca] },
      patience,
      maxBytes: 1 << 26,
    });
  }
}

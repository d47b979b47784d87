import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exchange } from '@lianyi/client/node';
import { type Registered } from './facades';
import { type ClientTask } from './hospital';

type Name = 'laboratory' | 'registrar' | 'his';
export interface AskedAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** What the client programs do not ask for is asked for here, so that each kind of answer is there to be validated. */
export class FacadeAsker {
  readonly #tokens = new Map<Name, string>();

  constructor(
    private readonly task: ClientTask,
    private readonly folder: string,
  ) {
    mkdirSync(folder, { recursive: true });
  }

  /** Keeps an answer of FHIR for the validator, to the byte. */
  keep(name: string, { type, body }: AskedAnswer): void {
    if (type.includes('fhir+json')) writeFileSync(join(this.folder, `${name}.json`), body);
    if (type.includes('fhir+xml')) writeFileSync(join(this.folder, `${name}.xml`), body);
  }

  async ask(
    name: Name,
    method: 'GET' | 'POST',
    path: string,
    {
      body,
      headers = {},
      contentType = 'application/fhir+json',
    }: { readonly body?: string; readonly headers?: Record<string, string>; readonly contentType?: string } = {},
  ): Promise<AskedAnswer> {
    const token = this.#tokens.get(name) ?? (await this.#newToken(name));
    const all = { authorization: `Bearer ${token}`, ...headers, ...(body === undefined ? {} : { 'content-type': contentType }) };
    return send(this.task[name], method, path, all, body);
  }

  async #newToken(name: Name): Promise<string> {
    const registered = this.task[name];
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'system/*.cruds',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertionOf(registered),
    });
    const answer = await send(registered, 'POST', '/token', { 'content-type': 'application/x-www-form-urlencoded' }, form.toString());
    const { access_token: token } = JSON.parse(answer.body) as { readonly access_token: string };
    this.#tokens.set(name, token);
    // before it ends: it is good for five minutes
    setTimeout(() => this.#tokens.delete(name), 240_000).unref();
    return token;
  }
}

function assertionOf({ clientId, keyFile, baseUrl }: Registered): string {
  const claims = { iss: clientId, sub: clientId, aud: `${baseUrl}/token`, exp: Math.floor(Date.now() / 1000) + 120, jti: randomUUID() };
  const text = [{ alg: 'ES384', kid: 'k1' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const key = createPrivateKey(readFileSync(keyFile));
  return `${text}.${sign('sha384', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

async function send(
  { baseUrl, caFile }: Registered,
  method: 'GET' | 'POST',
  path: string,
  headers: Record<string, string>,
  body?: string,
): Promise<AskedAnswer> {
  const { hostname, port, pathname } = new URL(baseUrl);
  const answer = await exchange({
    ...{ host: hostname, port: Number(port), method, path: `${pathname}${path}`, headers },
    ...(body === undefined ? {} : { body }),
    tls: { ca: [readFileSync(caFile, 'utf8')] },
    ...{ patience: { totalMillis: 120_000 }, maxBytes: 1 << 26 },
  });
  return { status: answer.status, type: answer.headers['content-type'] ?? '', body: answer.body.toString() };
}

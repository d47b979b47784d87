import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type FacadeServer } from './http/facade-server';
import { type RegisteredClient } from './smart/registered-client';

export const BASE = 'https://fhir.hospital.example/fhir';

/** A client's key and what it signs with it. */
export interface PlayedClient {
  readonly registered: RegisteredClient;
  assertion(claims?: Readonly<Record<string, unknown>>): Promise<string>;
}

/** Made once: a key of P-384 costs more than everything that is asked with it. */
let keys: ReturnType<typeof generateKeyPair> | undefined;

export async function newClient(twist: Partial<RegisteredClient> = {}): Promise<PlayedClient> {
  const { publicKey, privateKey } = await (keys ??= generateKeyPair('ES384', { extractable: true }));
  const clientId = twist.clientId ?? 'his';
  const scopes = ['system/*.cruds'];
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES384' }] };
  return {
    registered: { clientId, jwks, scopes, purposes: ['TREAT'], keeps: true, ...twist },
    assertion: (claims = {}) => {
      const seconds = Math.floor(Date.now() / 1000);
      const usual = { iss: clientId, sub: clientId, aud: `${BASE}/token`, exp: seconds + 200, jti: randomUUID() };
      return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg: 'ES384', kid: 'k1', typ: 'JWT' }).sign(privateKey);
    },
  };
}

/** A token, by default for everything that is registered; the answer's text where none is given. */
export async function tokenFor(
  server: Pick<FacadeServer, 'inject'>,
  client: PlayedClient,
  scope = client.registered.scopes.join(' '),
  claims: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const form = {
    ...{ grant_type: 'client_credentials', scope, client_assertion: await client.assertion(claims) },
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  };
  const answer = await server.inject({
    ...{ method: 'POST', url: '/fhir/token', payload: new URLSearchParams(form).toString() },
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  return answer.json<{ access_token?: string }>().access_token ?? answer.body;
}

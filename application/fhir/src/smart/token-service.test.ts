import { createHmac, randomUUID } from 'node:crypto';
import { BASE, newClient, type PlayedClient } from '../played-client.fixture';
import { type RegisteredClient } from './registered-client';
import { TokenRefused, TokenService } from './token-service';

const TOKEN_URL = `${BASE}/token`;
const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const START = Date.now();

describe('the token service', () => {
  let client: PlayedClient;
  let tokens: TokenService;
  let now: number;
  beforeEach(async () => {
    client = await newClient({ scopes: ['system/DocumentReference.rs', 'system/Binary.r'], purposes: ['TREAT', 'PUBHLTH'] });
    now = START;
    tokens = new TokenService(new Map([['his', client.registered]]), () => now);
  });
  const form = (client_assertion: string, twist: object = {}): object => ({
    ...{ grant_type: 'client_credentials', scope: 'system/Binary.r', client_assertion_type: TYPE, client_assertion },
    ...twist,
  });
  const refusal = async (given: object): Promise<string> => {
    const error: unknown = await tokens.give(TOKEN_URL, given).catch((thrown: unknown) => thrown);
    return error instanceof TokenRefused ? error.error : 'none';
  };

  it('gives one for five minutes, with what is registered of what is asked for', async () => {
    const answer = await tokens.give(
      TOKEN_URL,
      form(await client.assertion(), { scope: 'system/Binary.r system/Patient.r system/DocumentReference.cruds' }),
    );
    expect(answer).toMatchObject({ expires_in: 300, scope: 'system/Binary.r' });
    const bearer = `Bearer ${answer.access_token}`;
    expect(tokens.sessionOf(bearer)).toMatchObject({ scopes: ['system/Binary.r'], purpose: undefined });
    now = START + 300_000;
    expect(tokens.sessionOf(bearer)).toBeUndefined();
  });

  it('gives none for an assertion that was used', async () => {
    const assertion = await client.assertion();
    await tokens.give(TOKEN_URL, form(assertion));
    expect(await refusal(form(assertion))).toBe('invalid_client');
  });

  const seconds = Math.floor(START / 1000);
  it.each<[string, object]>([
    ['for another address', { aud: 'https://elsewhere.example/token' }],
    ['that is over', { exp: seconds - 60 }],
    ['that lives too long', { exp: seconds + 3_600 }],
    ['that never ends', { exp: undefined }],
    ['without a name of its own', { jti: undefined }],
    ['of another issuer', { iss: 'other', sub: 'other' }],
    ['about somebody else', { sub: 'other' }],
    ['that is not yet', { nbf: seconds + 600 }],
  ])('gives none for an assertion %s', async (_what, claims) => {
    expect(await refusal(form(await client.assertion(claims as Readonly<Record<string, unknown>>)))).toBe('invalid_client');
  });

  it.each<[string, (jwks: RegisteredClient['jwks']) => { readonly alg: string; readonly sign: (text: string) => string }]>([
    ['no algorithm', () => ({ alg: 'none', sign: () => '' })],
    [
      'the public key as a secret',
      (jwks) => ({ alg: 'HS256', sign: (text) => createHmac('sha256', JSON.stringify(jwks.keys[0])).update(text).digest('base64url') }),
    ],
    ['no signature', () => ({ alg: 'ES384', sign: () => '' })],
    ['another signature', () => ({ alg: 'ES384', sign: () => Buffer.alloc(96, 1).toString('base64url') })],
  ])('gives none for an assertion with %s', async (_what, made) => {
    const { alg, sign } = made(client.registered.jwks);
    const claims = { iss: 'his', sub: 'his', aud: TOKEN_URL, exp: seconds + 100, jti: randomUUID() };
    const text = [{ alg, kid: 'k1', typ: 'JWT' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    expect(await refusal(form(`${text}.${sign(text)}`))).toBe('invalid_client');
  });

  it.each<[string, object, string]>([
    ['another grant', { grant_type: 'authorization_code' }, 'unsupported_grant_type'],
    ['another kind of assertion', { client_assertion_type: 'urn:x' }, 'invalid_request'],
    ['a field that is none', { client_id: 'his' }, 'invalid_request'],
    ['no scope that is registered', { scope: 'system/Patient.r' }, 'invalid_scope'],
    ['a scope of a person', { scope: 'patient/Binary.r' }, 'invalid_scope'],
    ['a scope without letters', { scope: 'system/Binary.' }, 'invalid_scope'],
    ['letters out of order', { scope: 'system/Binary.sr' }, 'invalid_scope'],
  ])('gives none for %s', async (_what, twist, error) => {
    expect(await refusal(form(await client.assertion(), twist))).toBe(error);
  });

  it.each<[string, object[], string]>([
    ['that is not registered', [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'HRESCH' }], 'invalid_scope'],
    ['that no consent opens', [{ system: 'urn:lianyi:purpose', code: 'EMPLOYMENT' }], 'invalid_scope'],
    ['of another system', [{ system: 'urn:x', code: 'TREAT' }], 'invalid_scope'],
    ['beside another', Array(2).fill({ system: 'urn:lianyi:purpose', code: 'TREAT' }), 'invalid_request'],
  ])('gives none for a purpose of use %s', async (_what, purpose_of_use, error) => {
    expect(await refusal(form(await client.assertion({ extensions: { ihe_iua: { purpose_of_use } } })))).toBe(error);
  });
});
